"""Taken back: an agency that was shown a referral hears in the change feed that its reference leads nowhere."""

from typing import Any

from sqlalchemy import select

from true_api.kernel.effects import Announce
from true_api.kernel.rows import table_of
from true_api.privacy.announcing import ChangedKind
from true_api.privacy.cases import live_code
from true_api.privacy.consents import Category
from true_api.privacy.disclosures import Disclosure
from true_api.rooms.referrals.tables import NEVER_SENT
from true_api.rooms.referrals.vocabulary import ReferralMode
from true_api.security.permits import Permit


async def tell_agency(permit: Permit, referral: Any) -> None:
    """Announce the end, where the agency was told of the person since it was asked, and may know of them until now."""
    if referral.state in NEVER_SENT or referral.mode is ReferralMode.GOES_ALONE:
        return
    told = table_of(Disclosure)
    shown = select(told.c.categories).where(
        told.c.participant_id == referral.participant_id,
        told.c.organization_id == referral.organization_id,
        told.c.disclosed_on >= referral.requested_on,
        live_code(referral.organization_id, referral.participant_id).is_not(None),
    )
    if any(Category.REFERRAL in row.categories for row in (await permit.database.read(shown))[0]):
        ended = Announce(ChangedKind.REFERRAL, str(referral.reference), referral.organization_id)
        permit.unit.effects.append(ended)
