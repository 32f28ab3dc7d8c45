"""The end of a disclosure: with the last consent go the agency's code and every reference by which it could go on."""

from uuid import UUID

from true_api.rooms.consents import service as consents
from true_api.rooms.referrals import service as referrals
from true_api.security.permits import CasePermit


async def revoke(permit: CasePermit, consent_id: UUID) -> consents.Given:
    """Take a consent back.

    Where it was the last that names the agency, referrals get other references too: the same one under the code of
    a later consent would tell the agency that both codes are of one person (privacy.md 3).
    """
    ending = await consents.ending(permit, consent_id)
    if not ending.is_last:
        return await consents.revoke(permit, ending)
    person, agency = ending.consent.participant_id, ending.consent.organization_id
    # Referrals before the person, as whoever moves one writes them; what was asked for meanwhile is noticed after.
    renamed = await referrals.rename(permit, person, agency)
    revoked = await consents.revoke(permit, ending)
    referrals.require_these(permit, person, agency, renamed)
    return revoked
