"""What supervisors say and see of a legal hold."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Day, Draft, View, examples


class HoldState(StrEnum):
    """Where a hold stands today."""

    ASKED = "asked"
    HOLDING = "holding"
    LIFTED = "lifted"
    EXPIRED = "expired"


class HoldDraft(Draft):
    """Whose records are to be kept, and until when at most."""

    model_config = examples({"code": "K7QP-2M9X-4TRD", "expires_on": "2027-05-01"})

    code: str = Field(max_length=64)
    expires_on: Day = Field(description="The last day that it holds, at most 365 days from today.")


class HoldView(View):
    """A legal hold, and by whom it was asked for, approved and ended."""

    model_config = examples(
        {
            "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
            "code": "K7QP-2M9X-4TRD",
            "state": "holding",
            "asked_by": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3b",
            "asked_on": "2026-11-02",
            "approved_by": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3c",
            "approved_on": "2026-11-03",
            "expires_on": "2027-05-01",
            "lifted_on": None,
        }
    )

    id: UUID
    code: str
    state: HoldState
    asked_by: UUID
    asked_on: date
    approved_by: UUID | None
    approved_on: date | None
    expires_on: date
    lifted_on: date | None
