"""What supervisors say and see of submissions, and what those see who read them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Draft, View, Wrong, examples
from true_api.outlets.submissions.vocabulary import REASONS, SubmissionReason, SubmissionState, SubmissionVerdict

MonthOrQuarter = Annotated[
    str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2]|Q[1-4])$", examples=["2026-10"], description="2026-10 or 2026-Q4.")
]
TOTALS: Mapping[str, Any] = {"visits": 1043, "kits": 412, "doses": 824, "reversals": 9}


class SubmissionDraft(Draft):
    """The month or quarter to add up."""

    model_config = examples({"period": "2026-10"})

    period: MonthOrQuarter


class SubmissionReview(Draft):
    """How a second person decides, and why."""

    model_config = examples({"verdict": "approve", "reason": "nobody_recognizable"})

    verdict: SubmissionVerdict
    reason: SubmissionReason

    @model_validator(mode="after")
    def _reason_of_this_verdict(self) -> Self:
        if self.reason not in REASONS[self.verdict]:
            near = sorted(REASONS[self.verdict])
            raise Wrong("reason_of_other_verdict", "this is no reason for this verdict", near)
        return self


class SubmittedTotals(View):
    """Exact totals over the whole program, by which a funder pays."""

    visits: int = Field(description="Contacts in which somebody was reached.")
    kits: int = Field(description="Kits of naloxone given in contacts.")
    doses: int = Field(description="Doses in these kits: two in each, where its lot does not say otherwise.")
    reversals: int = Field(description="Overdoses that were told of as reversed.")


class SubmissionView(View):
    """A submission as the program sees it, with who prepared it and who answers for its disclosure."""

    model_config = examples(
        {
            "id": "019a4a52-7f1e-7c11-9a55-0c6a5a3c9b11",
            "label": "submission",
            "period": "2026-10",
            "attempt": 1,
            "state": "approved",
            "totals": TOTALS,
            "prepared_by": "019a4a50-11aa-7b02-8c01-5f0f3c528f0e",
            "prepared_on": "2026-11-02",
            "reviewed_by": "019a4a50-22bb-7b02-8c01-5f0f3c528f0e",
            "reviewed_on": "2026-11-03",
            "review_reason": "nobody_recognizable",
        }
    )

    id: UUID
    label: str = "submission"
    period: str
    attempt: int = Field(description="How often totals of this period were prepared.")
    state: SubmissionState
    totals: SubmittedTotals
    prepared_by: UUID
    prepared_on: date
    reviewed_by: UUID | None = None
    reviewed_on: date | None = None
    review_reason: SubmissionReason | None = None


APPROVED = {
    "label": "submission",
    "period": "2026-10",
    "totals": TOTALS,
    "prepared_on": "2026-11-02",
    "reviewed_on": "2026-11-03",
}


class ApprovedSubmission(View):
    """A submission as its readers see it: exact, frozen when it was prepared, and looked over by a second person."""

    model_config = examples(APPROVED)

    label: str = "submission"
    period: str
    totals: SubmittedTotals
    prepared_on: date
    reviewed_on: date


class SubmissionList(View):
    """Submissions, the latest period first: for the program all of them, for others those that were approved."""

    model_config = examples({"items": [APPROVED]})

    items: list[SubmissionView | ApprovedSubmission]
