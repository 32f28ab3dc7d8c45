"""What partner agencies and the program say and see of an intake request; never a name."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Draft, Flag, Several, View, examples
from true_api.privacy.narrative import AgencyNarrative, OwnReference, SealedWords, Worded, WordsKept
from true_api.privacy.profile import Language
from true_api.privacy.safe_contact import CONTACT, ContactDraft, ContactView
from true_api.rooms.intake.vocabulary import (
    NEEDS_REASON,
    AttemptResult,
    IntakeNeed,
    IntakeReason,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    NeutralStatus,
    PersonKnows,
    Wish,
)

SUBMISSION: dict[str, Any] = {
    "needs": ["peer-support", "naloxone"],
    "urgency": "routine",
    "person_knows": "agreed",
    "meets_at": "at_the_agency",
    "language": "es",
    "wishes": ["harm_reduction_friendly"],
    "contacting_prohibited": False,
}
WORDS: dict[str, Any] = {
    "note": "Comes to the front desk on most mornings, and would rather not wait inside.",
    "safe_contact": CONTACT,
}
OWN_REFERENCE = "desk 4, intake 118"
REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"


class IntakeDraft(Worded):
    """A request that a peer meet somebody: what is needed, and no more."""

    model_config = examples({**SUBMISSION, **WORDS, "own_reference": OWN_REFERENCE})

    needs: Several[IntakeNeed] = Field(min_length=1)
    urgency: IntakeUrgency = IntakeUrgency.ROUTINE
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language = Language.NOT_ASKED
    wishes: Several[Wish] = ()
    contacting_prohibited: Flag = Field(False, description="True: nobody may call or write; the person is only met.")
    safe_contact: ContactDraft | None = Field(None, description="How the person wants to be reached at first.")
    note: AgencyNarrative | None = Field(None, description="What the codes do not say. Never a name or a number.")
    own_reference: OwnReference | None = Field(
        None, description="What the agency calls this request; sealed, and shown to that agency alone."
    )

    @model_validator(mode="after")
    def _contact_is_welcome(self) -> Self:
        if self.contacting_prohibited and self.safe_contact is not None:
            raise ValueError("a safe contact is given only where contacting is not prohibited")
        return self


class AttemptDraft(Draft):
    """An attempt to meet the person."""

    model_config = examples({"attempted_on": "2026-11-03", "result": "not_there"})

    attempted_on: Day
    result: AttemptResult


class IntakeMove(Draft):
    """The next state in the queue; connecting has its own door."""

    model_config = examples({"to": "declined_by_person", "reason": "not_now"})

    to: IntakeState
    reason: IntakeReason | None = None

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if (self.to in NEEDS_REASON) != (self.reason is not None):
            raise ValueError(
                "a reason is given for declined_by_person, unable_to_reach, referred_elsewhere, and only then"
            )
        return self


class Connection(Draft):
    """Who it turned out to be: a participant's code, or nothing to enroll somebody new."""

    model_config = examples({"code": "K7QP-2M9X-4TRD"})

    code: str | None = Field(None, max_length=64)


SEEN_BY_AGENCY = {"reference": REFERENCE, "status": "received", "posted_on": "2026-11-02", **SUBMISSION}
SEEN_BY_PROGRAM = {
    "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
    "reference": REFERENCE,
    "organization_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    "state": "new",
    "reason": None,
    "code": None,
    "attempts": 0,
    "moves": ["contacting", "declined_by_person"],
    "posted_on": "2026-11-02",
    **SUBMISSION,
}


class AgencyIntakeView(View):
    """An agency's own request with the neutral status, which moves with the calendar alone."""

    model_config = examples(SEEN_BY_AGENCY)

    reference: UUID
    status: NeutralStatus
    posted_on: date
    needs: list[IntakeNeed]
    urgency: IntakeUrgency
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language
    wishes: list[Wish]
    contacting_prohibited: bool


class AgencyIntakeKept(AgencyIntakeView, WordsKept):
    """A request just taken in, and which of its words were kept."""

    model_config = examples({**SEEN_BY_AGENCY, "words_kept": ["note", "own_reference"], "returned": None})


class AgencyIntakeRecord(AgencyIntakeView):
    """An agency's own request with all that it said."""

    model_config = examples({**SEEN_BY_AGENCY, **WORDS, "own_reference": OWN_REFERENCE})

    safe_contact: ContactView | None = Field(description="Null once the request is closed.")
    note: SealedWords | None
    own_reference: SealedWords | None


class IntakeView(View):
    """A request as the program's queue sees it; its words stand in no list."""

    model_config = examples(SEEN_BY_PROGRAM)

    id: UUID
    reference: UUID
    organization_id: UUID
    state: IntakeState
    reason: IntakeReason | None
    code: str | None = Field(description="The participant's code in the program, once connected.")
    attempts: int
    moves: list[IntakeState]
    posted_on: date
    needs: list[IntakeNeed]
    urgency: IntakeUrgency
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language
    wishes: list[Wish]
    contacting_prohibited: bool = Field(description="True: nobody may call or write; the person is only met.")


class IntakeRecord(IntakeView):
    """One request with what the agency says to the program; what the agency calls it stays with the agency."""

    model_config = examples({**SEEN_BY_PROGRAM, **WORDS})

    safe_contact: ContactView | None = Field(description="Null once the request is closed for its agency.")
    note: SealedWords | None
