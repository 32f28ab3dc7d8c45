"""What callers say and see of a referral; an agency sees less, and never the program's code."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Flag, Month, View, examples
from true_api.privacy.narrative import AgencyNarrative, Narrative, SealedWords, Worded, WordsKept
from true_api.rooms.referrals.vocabulary import (
    NEEDS_REASON,
    DecidedBy,
    Need,
    Reason,
    ReferralOutcome,
    ReferralState,
    Urgency,
)

AGENCY = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"
SHARED = {
    "reference": REFERENCE,
    "need": "recovery-housing",
    "urgency": "routine",
    "state": "requested",
    "reason": None,
    "decided_by": None,
    "outcome": None,
}
NOTE = "Would rather have a place where a dog may stay. Has been there before and left on good terms."
SAID = "A place is free from Monday. Ask for the day desk."


class ReferralDraft(Worded):
    """A request to one partner agency."""

    model_config = examples({"organization_id": AGENCY, "need": "recovery-housing", "urgency": "routine", "note": NOTE})

    organization_id: UUID = Field(description="The partner agency that is asked.")
    need: Need
    urgency: Urgency = Urgency.ROUTINE
    draft: Flag = Field(False, description="True keeps it back until it is moved to `requested`.")
    note: Narrative | None = Field(None, description="The program's own words; the agency never sees them.")


class ReferralMove(Worded):
    """The next state, with the reason or outcome that it needs."""

    model_config = examples({"to": "accepted", "note": SAID})

    to: ReferralState
    reason: Reason | None = Field(None, description="Required for no_place_offered, not_completed, on_hold, cancelled.")
    decided_by: DecidedBy | None = Field(None, description="Required with a reason.")
    outcome: ReferralOutcome | None = Field(None, description="Required for completed.")
    note: AgencyNarrative | None = Field(None, description="Words to this step; an agency reads its own alone.")

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if (self.to in NEEDS_REASON) != (self.reason is not None):
            raise ValueError(
                "a reason is given for no_place_offered, not_completed, on_hold and cancelled, and only then"
            )
        if (self.reason is None) != (self.decided_by is None):
            raise ValueError("a reason comes with decided_by")
        if (self.to is ReferralState.COMPLETED) != (self.outcome is not None):
            raise ValueError("an outcome is given for completed, and only then")
        return self


SEEN_BY_PROGRAM = {
    "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
    "code": "K7QP-2M9X-4TRD",
    "organization_id": AGENCY,
    "agency_code": "3NWC-8Y0H-6JPV",
    **SHARED,
    "requested_on": "2026-11-02",
    "changed_on": "2026-11-02",
    "moves": ["accepted", "cancelled", "no_place_offered"],
}
SEEN_BY_AGENCY = {
    **SHARED,
    "code": "3NWC-8Y0H-6JPV",
    "requested_in": "2026-11",
    "changed_in": "2026-11",
    "moves": ["accepted", "no_place_offered", "on_hold"],
}


class ReferralView(View):
    """A referral as the program sees it; its words stand in no list."""

    model_config = examples(SEEN_BY_PROGRAM)

    id: UUID
    reference: UUID = Field(description="What the agency knows this referral by.")
    code: str
    organization_id: UUID
    agency_code: str | None = Field(description="The agency's own code for the person; null without live consent.")
    need: Need
    urgency: Urgency
    state: ReferralState
    reason: Reason | None
    decided_by: DecidedBy | None
    outcome: ReferralOutcome | None
    requested_on: date
    changed_on: date
    moves: list[ReferralState] = Field(description="The states that the caller may move it to.")


class AgencyReferralView(View):
    """A referral as the agency addressed sees it, while the person's consent holds.

    It tells months: by the days alone, two agencies who were asked on one visit could tell who is who (privacy.md 3).
    """

    model_config = examples(SEEN_BY_AGENCY)

    reference: UUID
    code: str = Field(description="The agency's own code for the person; it means nothing anywhere else.")
    need: Need
    urgency: Urgency
    state: ReferralState
    reason: Reason | None
    decided_by: DecidedBy | None
    outcome: ReferralOutcome | None
    requested_in: Month
    changed_in: Month
    moves: list[ReferralState]


class ReferralKept(ReferralView, WordsKept):
    """A referral just asked for or moved, and whether the words that came along were kept."""

    model_config = examples({**SEEN_BY_PROGRAM, "words_kept": ["note"], "returned": None})


class AgencyReferralKept(AgencyReferralView, WordsKept):
    """A referral just moved by the agency, and whether the words that came along were kept."""

    model_config = examples({**SEEN_BY_AGENCY, "words_kept": ["note"], "returned": None})


class StepNote(View):
    """What was said with one step."""

    to: ReferralState
    moved_on: date
    by_agency: bool
    note: SealedWords


class ReferralRecord(ReferralView):
    """One referral with the program's words, and those of every step, oldest first."""

    model_config = examples(
        {
            **SEEN_BY_PROGRAM,
            "state": "accepted",
            "note": NOTE,
            "step_notes": [{"to": "accepted", "moved_on": "2026-11-02", "by_agency": True, "note": SAID}],
        }
    )

    note: SealedWords | None
    step_notes: list[StepNote]


class OwnStepNote(View):
    """What the agency said with one of its own steps."""

    to: ReferralState
    note: SealedWords


class AgencyReferralRecord(AgencyReferralView):
    """One referral with what the agency itself said of it, oldest first; the program's words are never in it."""

    model_config = examples(
        {
            **SEEN_BY_AGENCY,
            "state": "accepted",
            "step_notes": [{"to": "accepted", "note": SAID}],
        }
    )

    step_notes: list[OwnStepNote]
