"""What callers say and see of a referral; an agency sees less, and never the program's code."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Draft, Flag, View, examples
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
    "requested_on": "2026-11-02",
    "changed_on": "2026-11-02",
}


class ReferralDraft(Draft):
    """A request to one partner agency."""

    model_config = examples({"organization_id": AGENCY, "need": "recovery-housing", "urgency": "routine"})

    organization_id: UUID = Field(description="The partner agency that is asked.")
    need: Need
    urgency: Urgency = Urgency.ROUTINE
    draft: Flag = Field(False, description="True keeps it back until it is moved to `requested`.")


class ReferralMove(Draft):
    """The next state, with the reason or outcome that it needs."""

    model_config = examples({"to": "accepted"})

    to: ReferralState
    reason: Reason | None = Field(None, description="Required for no_place_offered, not_completed, on_hold, cancelled.")
    decided_by: DecidedBy | None = Field(None, description="Required with a reason.")
    outcome: ReferralOutcome | None = Field(None, description="Required for completed.")

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


class ReferralView(View):
    """A referral as the program sees it."""

    model_config = examples(
        {
            "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
            "code": "K7QP-2M9X-4TRD",
            "organization_id": AGENCY,
            "agency_code": "3NWC-8Y0H-6JPV",
            **SHARED,
            "moves": ["accepted", "cancelled", "no_place_offered"],
        }
    )

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
    """A referral as the agency addressed sees it, while the person's consent holds."""

    model_config = examples({**SHARED, "code": "3NWC-8Y0H-6JPV", "moves": ["accepted", "no_place_offered", "on_hold"]})

    reference: UUID
    code: str = Field(description="The agency's own code for the person; it means nothing anywhere else.")
    need: Need
    urgency: Urgency
    state: ReferralState
    reason: Reason | None
    decided_by: DecidedBy | None
    outcome: ReferralOutcome | None
    requested_on: date
    changed_on: date
    moves: list[ReferralState]
