"""What partner agencies and the program say and see of an intake request; never a name."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Draft, Several, View, examples
from true_api.privacy.profile import Language
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
}
REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"


class IntakeDraft(Draft):
    """A request that a peer meet somebody: what is needed, and no more."""

    model_config = examples(SUBMISSION)

    needs: Several[IntakeNeed] = Field(min_length=1)
    urgency: IntakeUrgency = IntakeUrgency.ROUTINE
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language = Language.NOT_ASKED
    wishes: Several[Wish] = ()


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


class AgencyIntakeView(View):
    """An agency's own request with the neutral status, which moves with the calendar alone."""

    model_config = examples({"reference": REFERENCE, "status": "received", "posted_on": "2026-11-02", **SUBMISSION})

    reference: UUID
    status: NeutralStatus
    posted_on: date
    needs: list[IntakeNeed]
    urgency: IntakeUrgency
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language
    wishes: list[Wish]


class IntakeView(View):
    """A request as the program's queue sees it."""

    model_config = examples(
        {
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
    )

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
