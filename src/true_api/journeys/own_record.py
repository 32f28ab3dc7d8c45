"""The person's own record: everything that is kept of somebody, and who inside looked (privacy.md 2)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from true_api.journeys.timeline import DAY_OF, Item, Kind, timeline
from true_api.kernel.clock import local_day
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.disclosures import LOOKS_BACK
from true_api.security.accounts import Member, Organization, OrganizationKind
from true_api.security.permits import CasePermit
from true_api.security.trail import TrailEntry, TrailSubject

AT_ONCE = 200
OWN_COPY = frozenset({Kind.PLAN})
"""Kinds whose words the person has on a copy of its own."""

Words = dict[UUID, dict[str, str]]


@dataclass(frozen=True)
class Look:
    """On one day one member of the program opened this person's records through doors of one kind, so many times."""

    on: date
    member: str | None
    role: str
    permission: str
    times: int


async def everything(permit: CasePermit) -> list[Item]:
    """All that stands in the person's timeline, newest first. Raises `HistoryClosed` after a shown code alone."""
    permit.need_history()
    found, cursor, more = list[Item](), None, True
    while more:
        items, cursor = await timeline(permit, PageRequest(AT_ONCE, cursor))
        found += items
        more = cursor is not None
    return found


async def words(permit: CasePermit, items: Sequence[Item]) -> Words:
    """What was written in these records, by record and field; a plan's own words stand on its own copy."""
    found: Words = {}
    for kind in Kind:
        ids = [item.record_id for item in items if item.kind is kind]
        if ids and kind not in OWN_COPY:
            found |= await permit.texts.read_each(DAY_OF[kind][0], ids)
    return found


async def names(permit: CasePermit) -> dict[UUID, str]:
    """What partner agencies are called, by id: a person knows them by that."""
    organizations = table_of(Organization)
    named = select(organizations.c.id, organizations.c.name).where(
        organizations.c.kind == OrganizationKind.PARTNER_AGENCY
    )
    return {row.id: row.name for row in (await permit.database.read(named))[0]}


async def looks(permit: CasePermit) -> list[Look]:
    """Who inside looked in the last three years, from the trail, the latest day first.

    Partner agencies stand in the accounting of disclosures instead, and who was refused saw nothing.
    """
    permit.need_history()
    trail, subjects, people, members = (table_of(kind) for kind in (TrailEntry, TrailSubject, Participant, Member))
    names = select(people.c.trail_id).where(people.c.id.in_(permit.people))
    about = select(subjects.c.entry_id).where(subjects.c.trail_id.in_(names))
    found = (
        select(trail.c.at, trail.c.role, trail.c.permission, members.c.label)
        .outerjoin(members, members.c.id == trail.c.actor_id)
        .where(
            trail.c.id.in_(about),
            trail.c.organization_id == permit.program_id,
            trail.c.actor_is_client.is_(False),
            trail.c.outcome < 400,
            trail.c.at >= permit.now - timedelta(days=LOOKS_BACK),
        )
    )
    rows = (await permit.database.read(found))[0]
    alike = Counter((local_day(row.at, permit.time_zone), row.label, row.role, row.permission) for row in rows)
    told = [Look(*look, times) for look, times in alike.items()]
    return sorted(told, key=lambda look: (-look.on.toordinal(), look.member or "", look.permission))
