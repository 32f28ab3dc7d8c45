"""For interchange: beside each referral that the program reads, the consent that lets the agency see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.privacy.consents import Asked, Category, Consent, ConsentCategory, permitting
from true_api.rooms.referrals.tables import Referral
from true_api.security.permits import Permit


@dataclass(frozen=True)
class Behind:
    """A consent, and what it covers."""

    consent: Any
    categories: Sequence[Category]


async def consents_behind(permit: Permit, referrals: Sequence[UUID]) -> dict[UUID, Behind]:
    """For the program's own people: the consents behind referrals that were read, by referral; those within reach."""
    asked = table_of(Referral)
    wanted = Asked(asked.c.participant_id, asked.c.organization_id, Category.REFERRAL, permit.today)
    beside = permitting(wanted).limit(1).scalar_subquery().label("consent_id")
    found = (await permit.database.read(select(asked.c.id, beside).where(asked.c.id.in_(referrals))))[0]
    resting = {row.id: row.consent_id for row in found if row.consent_id is not None}
    consents = table_of(Consent)
    rows = await permit.rows(Consent, permit.own(Consent).where(consents.c.id.in_(set(resting.values()))))
    covered = await permit.parts(ConsentCategory, rows)
    known = {row.id: Behind(row, [part.category for part in covered[row.id]]) for row in rows}
    return {referral: known[consent] for referral, consent in resting.items() if consent in known}
