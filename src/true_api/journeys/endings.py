"""What an agency is told when its access ends: a reference that it knew, and nothing else (privacy.md 7)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.consents import Category
from true_api.privacy.disclosures import Disclosure
from true_api.privacy.minors import newest_rule
from true_api.privacy.profile import AgeBand
from true_api.privacy.retention import month_of
from true_api.rooms.consents.standing import Turn, counting
from true_api.rooms.consents.tables import AccessEnding
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.referrals.tables import Referral, was_sent

Shown = Mapping[tuple[UUID, Category], date]
"""The last day on which an organization was shown a category of somebody's information."""


async def endings_of(database: Database, participant: UUID, turn: Turn) -> list[AccessEnding]:
    """What each agency is told of a change: of what it was shown itself, and may see no longer."""
    if not turn.lost():
        return []
    people, told = table_of(Participant), table_of(Disclosure)
    age = select(people.c.age_band).where(people.c.id == participant)
    disclosed = select(told.c.organization_id, told.c.categories, told.c.disclosed_on).where(
        told.c.participant_id == participant, told.c.organization_id.is_not(None)
    )
    found, rules, rows = await database.read(age, newest_rule(), disclosed)
    under_18 = bool(found) and found[0].age_band is AgeBand.UNDER_18
    only = counting(under_18, rules[0].rule if rules else None)
    lost = turn.lost(only)
    shown = {what: day for what, day in _shown(rows).items() if what in lost}
    return [
        AccessEnding(organization_id=organization, reference=reference, ended_in=month_of(turn.today))
        for organization, reference in sorted(await _references(database, participant, shown))
    ]


def _shown(rows: Iterable[Any]) -> dict[tuple[UUID, Category], date]:
    shown: dict[tuple[UUID, Category], date] = {}
    for row in rows:
        for named in row.categories:
            what = (row.organization_id, Category(named))
            shown[what] = max(row.disclosed_on, shown.get(what, row.disclosed_on))
    return shown


async def _references(database: Database, participant: UUID, shown: Shown) -> set[tuple[UUID, UUID]]:
    """The references of what there was to see: referrals that were sent by then, and the agency's own requests."""
    referrals, requests = table_of(Referral), table_of(IntakeRequest)
    references: set[tuple[UUID, UUID]] = set()
    for (organization, category), day in shown.items():
        if category is Category.REFERRAL:
            here = (was_sent(referrals), referrals.c.requested_on <= day)
            references |= await _named(database, referrals, participant, organization, *here)
        elif category is Category.INTAKE_STATUS:
            references |= await _named(database, requests, participant, organization)
    return references


async def _named(
    database: Database, table: Any, participant: UUID, organization: UUID, *where: ColumnElement[bool]
) -> set[tuple[UUID, UUID]]:
    theirs = (table.c.participant_id == participant, table.c.organization_id == organization)
    found = (await database.read(select(table.c.reference).where(*theirs, *where)))[0]
    return {(organization, row.reference) for row in found}
