"""What partner agencies and the program say and see of an intake request; never a name."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Draft, Flag, Month, Several, View, examples
from true_api.privacy.narrative import AgencyNarrative, OwnReference, SealedWords, Worded, WordsKept
from true_api.privacy.profile import Language
from true_api.privacy.safe_contact import CONTACT, ContactDraft, ContactView
from true_api.privacy.scopes import DISCLOSURE, DisclosureView
from true_api.privacy.terms import Need, ReferralState
from true_api.rooms.intake.vocabulary import (
    NEEDS_REASON,
    AttemptResult,
    ConsentAsked,
    IntakeNeed,
    IntakeReason,
    IntakeSource,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    NeutralStatus,
    PersonKnows,
    Wish,
    WithdrawnThrough,
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

    model_config = examples(
        {**SUBMISSION, **WORDS, "own_reference": OWN_REFERENCE}, {**SUBMISSION, "source": "walk_in"}
    )

    source: IntakeSource | None = Field(
        None, description="By whom it came: said by the program's own people alone, who say it always."
    )
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
    def _agencies_post_themselves(self) -> Self:
        if self.source is IntakeSource.PARTNER_AGENCY:
            raise ValueError("a partner agency posts with its own credential, and never says so")
        return self

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


PROGRESS: dict[str, Any] = {"state": "connected", "changed_in": "2026-11", "disclosure": DISCLOSURE}
WENT_ON: dict[str, Any] = {"referrals": [{"need": "recovery-housing", "state": "accepted"}], "disclosure": DISCLOSURE}
SEEN_BY_AGENCY = {
    "reference": REFERENCE,
    "status": "received",
    "progress": None,
    "onward": None,
    "posted_on": "2026-11-02",
    **SUBMISSION,
}
SEEN_BY_PROGRAM = {
    "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
    "reference": REFERENCE,
    "organization_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    "source": "partner_agency",
    "state": "new",
    "reason": None,
    "code": None,
    "consent_asked": None,
    "attempts": 0,
    "first_contact_due": "2026-11-03T17:00:00Z",
    "overdue": False,
    "escalation": 0,
    "escalated_on": None,
    "withdrawn_on": None,
    "withdrawn_through": None,
    "moves": ["contacting", "declined_by_person"],
    "posted_on": "2026-11-02",
    **SUBMISSION,
}


IF_IT_CANNOT_WAIT = (
    "If somebody may die or be hurt right now, call 911."
    " To talk with somebody at any hour of any day, call or text 988."
)
RECEIPT: dict[str, Any] = {"next_staffed_at": "2026-11-02T09:00-05:00", "if_it_cannot_wait": IF_IT_CANNOT_WAIT}


class ReceiptView(WordsKept):
    """What whoever posts a request is told of when somebody can look at it; of the program's hours alone."""

    next_staffed_at: str | None = Field(
        description="When somebody of the program is there next, in the program's own time: now, if somebody is; null"
        " if nobody has said when they are there."
    )
    if_it_cannot_wait: str | None = Field(description="Whom to call, where the request is urgent.")


class ProgressView(View):
    """Where a request stands in the queue, by the person's consent."""

    model_config = examples(PROGRESS)

    state: IntakeState
    changed_in: Month | None = Field(description="The month in which the state last changed.")
    disclosure: DisclosureView


class OnwardReferralView(View):
    """What somebody was asked for after a request, and where that stands; never who was asked."""

    need: Need
    state: ReferralState


class OnwardView(View):
    """What a request led to, by the person's consent."""

    model_config = examples(WENT_ON)

    referrals: list[OnwardReferralView]
    disclosure: DisclosureView


class AgencyIntakeView(View):
    """An agency's own request with the neutral status, which moves with the calendar alone.

    What became of it is told as far as the person agreed: `progress` by a consent that covers `intake_status`,
    `onward` by one that covers `onward_status`. Both are null without.
    """

    model_config = examples(SEEN_BY_AGENCY)

    reference: UUID
    status: NeutralStatus
    progress: ProgressView | None
    onward: OnwardView | None
    posted_on: date
    needs: list[IntakeNeed]
    urgency: IntakeUrgency
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language
    wishes: list[Wish]
    contacting_prohibited: bool


class AgencyIntakeKept(AgencyIntakeView, ReceiptView):
    """A request just taken in, which of its words were kept, and when somebody can look at it."""

    model_config = examples({**SEEN_BY_AGENCY, **RECEIPT, "words_kept": ["note", "own_reference"], "returned": None})


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
    source: IntakeSource
    state: IntakeState
    reason: IntakeReason | None
    code: str | None = Field(description="The participant's code in the program, once connected.")
    consent_asked: ConsentAsked | None = Field(description="What the person said to the consent question, once met.")
    attempts: int
    first_contact_due: datetime | None = Field(
        description="Until when somebody should have tried; null once somebody has, or once that time ran out."
    )
    overdue: bool = Field(description="Whether that time ran out and nobody has tried.")
    escalation: int = Field(description="How often it ran out: an urgent request is escalated twice.")
    escalated_on: date | None
    withdrawn_on: date | None = Field(description="When the person withdrew, also once they were connected.")
    withdrawn_through: WithdrawnThrough | None
    moves: list[IntakeState]
    posted_on: date
    needs: list[IntakeNeed]
    urgency: IntakeUrgency
    person_knows: PersonKnows
    meets_at: MeetsAt
    language: Language
    wishes: list[Wish]
    contacting_prohibited: bool = Field(description="True: nobody may call or write; the person is only met.")


class IntakeKept(IntakeView, ReceiptView):
    """A request that the program itself took in."""

    model_config = examples({**SEEN_BY_PROGRAM, "source": "walk_in", **RECEIPT, "words_kept": [], "returned": None})


class IntakeRecord(IntakeView):
    """One request with what the agency says to the program; what the agency calls it stays with the agency."""

    model_config = examples({**SEEN_BY_PROGRAM, **WORDS})

    safe_contact: ContactView | None = Field(description="Null once the request is closed for its agency.")
    note: SealedWords | None
