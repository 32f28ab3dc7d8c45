"""From an intake request to a participant, with the consent question in the same commit, and onward from there."""

from dataclasses import replace
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import select

from true_api.journeys import disclosure
from true_api.kernel.errors import Conflict, InvalidShape
from true_api.kernel.schemas import Draft, examples
from true_api.privacy.cases import live_code
from true_api.privacy.consents import Decision
from true_api.rooms.consents.schemas import ConsentDraft
from true_api.rooms.consents.service import Giver
from true_api.rooms.intake import service as intake
from true_api.rooms.intake.tables import IntakeOnward
from true_api.rooms.intake.vocabulary import ConsentAsked, IntakeSource, IntakeState
from true_api.rooms.matching import service as matching
from true_api.rooms.participants import service as participants
from true_api.rooms.participants.schemas import Enrollment
from true_api.rooms.referrals import service as referrals
from true_api.rooms.referrals.drafts import ReferralDraft
from true_api.rooms.referrals.tables import Referral
from true_api.security.permits import HistoryClosed, RecordPermit
from true_api.security.roles import Permission


class NotConnected(Conflict):
    """Somebody is referred onward from a request once it is connected to them, and while they have not withdrawn."""

    code = "intake_not_connected"


class Connection(Draft):
    """Who it turned out to be: a participant's code, or nothing to enroll somebody new; and what they agreed to."""

    model_config = examples(
        {"code": "K7QP-2M9X-4TRD", "consent": {"preset": "referral_loop"}}, {"consent_asked": "said_no"}
    )

    code: str | None = Field(None, max_length=64)
    consent: ConsentDraft | None = Field(
        None, description="What the person signed; it names the agency that posted, where it names none."
    )
    consent_asked: Literal[ConsentAsked.SAID_NO, ConsentAsked.NOT_ASKED] | None = Field(
        None, description="Where there is no consent: whether the person was asked. Without it, they were not."
    )

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if self.consent is not None and self.consent_asked is not None:
            raise ValueError("consent_asked is said only where there is no consent")
        return self

    @property
    def answer(self) -> ConsentAsked:
        """What the person said to the question."""
        if self.consent is None:
            return self.consent_asked or ConsentAsked.NOT_ASKED
        return ConsentAsked.SAID_NO if self.consent.decision is Decision.DENY else ConsentAsked.AGREED


async def connect(permit: RecordPermit, draft: Connection) -> intake.Known:
    """Connect the admitted request to the person whose code was presented, or to somebody new, as far as they agreed.

    All of it is one commit. Raises what enrolling and consenting do alone.
    """
    if draft.consent is not None:
        permit.need(Permission.CONSENT_WRITE)
    giver, code = await _somebody(permit, with_history=draft.consent is not None)
    connected = await intake.connect(permit, giver.id, draft.answer)
    await matching.hand_on(permit, giver.id)
    if draft.consent is not None:
        await _agree(permit, giver, draft.consent)
    permit.unit.resource = permit.record.id
    return connected._replace(request={**intake.as_values(connected), "code": code})


async def _somebody(permit: RecordPermit, with_history: bool) -> tuple[Giver, str]:
    """Who it is, as somebody who can agree to something, and their code in the program."""
    person = permit.person
    if person is None:
        code, _, participant = await participants.enroll(permit, Enrollment())
        return Giver(participant.id), code.code
    if with_history and not person.history_open:
        # A consent discloses what others recorded too, so it takes more than a code that was shown.
        raise HistoryClosed
    return Giver(person.id, person.age_band), str(person.code)


async def _agree(permit: RecordPermit, giver: Giver, draft: ConsentDraft) -> None:
    if draft.organization_id is None and permit.record.source is IntakeSource.PARTNER_AGENCY:
        draft = draft.model_copy(update={"organization_id": permit.record.organization_id})
    try:
        await disclosure.give_for(permit, giver, draft)
    except InvalidShape as refusal:
        raise InvalidShape(*(replace(fault, pointer=f"/consent{fault.pointer}") for fault in refusal.faults)) from None


async def refer_onward(permit: RecordPermit, draft: ReferralDraft) -> tuple[Referral, dict[str, str | None]]:
    """Ask another agency, as what the request led to; the referral, and the person's codes beside it.

    The agency that posted is told of it as far as the person agreed, and never whom was asked.
    """
    request = permit.record
    if request.state is not IntakeState.CONNECTED or request.withdrawn_on is not None:
        raise NotConnected
    referral, agency_code = await referrals.refer(permit, draft)
    permit.keep(IntakeOnward(intake_request_id=request.id, referral_id=referral.id))
    permit.unit.resource = referral.id
    return referral, {"program_code": await _code_of(permit, request.participant_id), "agency_code": agency_code}


async def _code_of(permit: RecordPermit, participant: UUID) -> Any:
    asked = select(live_code(permit.program_id, participant).label("code"))
    return (await permit.database.read(asked))[0][0].code
