"""From a claim to a referral: the program's yes to the agency that holds an offer, once consent names it."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from true_api.journeys import disclosure, referring
from true_api.kernel.errors import Conflict
from true_api.kernel.schemas import examples
from true_api.privacy.consents import Asked, Category, agreed
from true_api.privacy.purposes import PERMITTING, ConsentPurpose
from true_api.privacy.terms import Wish
from true_api.rooms.consents.schemas import ConsentDraft
from true_api.rooms.consents.standing import Turn
from true_api.rooms.offers import service as offers
from true_api.rooms.offers.schemas import AGENCY, Answered
from true_api.rooms.referrals import service as referrals
from true_api.rooms.referrals.drafts import ReferralDraft
from true_api.security.permits import CasePermit

FOR_CARE = frozenset[ConsentPurpose]().union(*PERMITTING.values())
"""What a consent may be given for so that an agency sees a referral by it at all."""


class NoConsentNamesIt(Conflict):
    """No live consent of the person lets this agency have a referral; one can be sent along with this answer."""

    code = "no_consent_names_it"


class Acceptance(Answered):
    """A yes to the agency that holds the offer, with the person's consent to it where none stands yet."""

    model_config = examples({"organization_id": AGENCY, "consent": {"preset": "referral_loop"}})

    consent: ConsentDraft | None = Field(
        None, description="What the person has just agreed to; it names this agency, whether or not it says so."
    )


async def accept(permit: CasePermit, need_id: UUID, draft: Acceptance) -> offers.Known:
    """Refer the person to the agency that holds the offer; it learns whose need it was with this commit, not before."""
    known, offer = await offers.claimed_by(permit, need_id, draft.organization_id)
    if not await _agreed(permit, draft):
        raise NoConsentNamesIt
    asked = ReferralDraft(
        organization_id=draft.organization_id,
        need=offer.need,
        urgency=offer.urgency,
        wishes=tuple(Wish(wish) for wish in offer.wishes),
    )
    referral, _ = await referrals.refer(permit, asked)
    return offers.refer(permit, known, offer, referral.id)


async def _agreed(permit: CasePermit, draft: Acceptance) -> bool:
    """Whether the agency may have a referral of this person: by what they agreed to before, or with this answer."""
    if draft.consent is None:
        asked = Asked(permit.participant, draft.organization_id, Category.REFERRAL, permit.today, FOR_CARE)
        return bool((await permit.database.read(select(agreed(asked).label("agreed"))))[0][0].agreed)
    ground = disclosure.Ground(permit.database, permit.unit, permit.participant, permit.today)
    before = await disclosure.known(ground)
    given = await referring.agree(permit, draft.organization_id, draft.consent)
    ended = frozenset(filter(None, [given.consent.supersedes_id]))
    # A no that stands beside the new yes still counts over it, so what all of them amount to is what is asked.
    after = Turn(before, permit.today, ended, given.standing()).after()
    return given.consent.purpose in FOR_CARE and (draft.organization_id, Category.REFERRAL) in after
