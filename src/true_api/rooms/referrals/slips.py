"""What somebody carries to an agency: its own code, and what was arranged. Nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.privacy.terms import PartOfDay
from true_api.rooms.referrals.arranging import words_of
from true_api.rooms.referrals.moving import ON_ITS_WAY
from true_api.rooms.referrals.service import by_id
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.referrals.vocabulary import ReferralMode, ThingToBring
from true_api.security.accounts import Organization
from true_api.security.permits import RecordPermit


class SlipNeedsConsent(Conflict):
    """A slip carries the agency's code for the person, which it may have only while their consent names it."""

    code = "slip_needs_consent"


class NothingToCarry(Conflict):
    """A slip is for a referral on its way: not for a draft, and not for one that has ended."""

    code = "nothing_to_carry"


@dataclass(frozen=True)
class ToCarry:
    """What a slip says. `code` is the agency's own for the person; who goes alone carries none."""

    code: str | None
    agency: str
    location: str | None
    ask_for_desk: str | None
    on: date | None
    part_of_day: PartOfDay | None
    held_until: date | None
    bring: Sequence[ThingToBring]


async def to_carry(permit: RecordPermit) -> ToCarry:
    """What the person of the admitted referral carries.

    Who goes alone is expected by nobody: their slip says where and when, and no code, for it would lead to no record.
    Raises `NothingToCarry`, and `SlipNeedsConsent` where the agency has no code for the person.
    """
    referral = await by_id(permit, permit.record.id)
    if referral.state not in ON_ITS_WAY:
        raise NothingToCarry
    if referral.agency_code is None and referral.mode is not ReferralMode.GOES_ALONE:
        raise SlipNeedsConsent
    organizations = table_of(Organization)
    named = select(organizations.c.name).where(organizations.c.id == referral.organization_id)
    words = await permit.texts.read(Referral, referral.id, *words_of(None))
    return ToCarry(
        code=referral.agency_code,
        agency=(await permit.database.read(named))[0][0].name,
        location=words.get("location"),
        ask_for_desk=words.get("ask_for_desk"),
        on=referral.arranged_on,
        part_of_day=referral.arranged_part_of_day,
        held_until=referral.held_until,
        bring=[ThingToBring(thing) for thing in referral.bring],
    )
