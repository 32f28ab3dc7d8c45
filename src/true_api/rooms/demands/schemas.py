"""What supervisors say and see of legal demands."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Draft, Several, View, examples
from true_api.rooms.demands.vocabulary import (
    DISCLOSING,
    Authority,
    Counsel,
    DemandKind,
    DemandState,
    OrderSection,
    RecordsShown,
)

CAME: dict[str, Any] = {
    "kind": "subpoena",
    "asked_by": "attorney",
    "received_on": "2026-11-02",
    "due_on": "2026-11-16",
}


class DemandDraft(Draft):
    """What came in. It need not name a participant: nobody has to look whether the person is known here."""

    model_config = examples(CAME)

    kind: DemandKind
    asked_by: Authority
    received_on: Day
    due_on: Day | None = Field(None, description="The day by which it asks for an answer.")
    code: str | None = Field(None, max_length=64, description="Whom it is about, where that is known and matters.")

    @model_validator(mode="after")
    def _due_after_it_came(self) -> Self:
        if self.due_on is not None and self.due_on < self.received_on:
            raise ValueError("it is due on the day it came, or later")
        return self


class DemandMove(Draft):
    """Where a demand goes next, and what that needs."""

    model_config = examples(
        {"to": "with_counsel", "counsel": "outside_counsel"},
        {
            "to": "disclosed_under_order",
            "order_section": "noncriminal_2_64",
            "records": ["encounters"],
            "code": "K7QP-2M9X-4TRD",
        },
    )

    to: DemandState
    counsel: Counsel | None = Field(None, description="Whose lawyer looks at it; with `with_counsel` alone.")
    order_section: OrderSection | None = Field(
        None, description="The rule of 42 CFR part 2 that the court order names; with `disclosed_under_order` alone."
    )
    organization_id: UUID | None = Field(
        None, description="The recipient that the person's consent names; with `disclosed_by_consent` alone."
    )
    records: Several[RecordsShown] = Field((), description="What was shown; with the two states that disclose.")
    code: str | None = Field(None, max_length=64, description="Whose records were shown, if the demand named nobody.")

    @model_validator(mode="after")
    def _what_each_needs(self) -> Self:
        if (self.to is DemandState.WITH_COUNSEL) is not (self.counsel is not None):
            raise ValueError("counsel is named with with_counsel, and with it alone")
        if (self.to is DemandState.DISCLOSED_BY_CONSENT) is not (self.organization_id is not None):
            raise ValueError("the recipient is named with disclosed_by_consent, and with it alone")
        if self.order_section is not None and self.to is not DemandState.DISCLOSED_UNDER_ORDER:
            raise ValueError("a court order's section comes with disclosed_under_order")
        if (self.to in DISCLOSING) is not bool(self.records):
            raise ValueError("what was shown is listed where something was")
        if self.code is not None and self.to not in DISCLOSING:
            raise ValueError("whose records were shown is said where some were")
        return self


SEEN: dict[str, Any] = {
    "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    "reference": "7d0c2f61-3c52-4d8e-9d43-54b7f4a0a5f1",
    **CAME,
    "code": None,
    "state": "with_counsel",
    "moves": ["answered_without_confirming", "disclosed_by_consent", "disclosed_under_order", "entered_in_error"],
    "counsel": "outside_counsel",
    "order_section": None,
    "changed_on": "2026-11-03",
}


class DemandView(View):
    """A legal demand, and where it stands."""

    model_config = examples(SEEN)

    id: UUID
    reference: UUID = Field(description="To be written on the paper that came.")
    kind: DemandKind
    asked_by: Authority
    received_on: date
    due_on: date | None
    code: str | None
    state: DemandState
    moves: list[DemandState] = Field(description="Where it may go from here.")
    counsel: Counsel | None
    order_section: OrderSection | None
    changed_on: date


class DemandStep(View):
    """One move of a demand."""

    from_state: DemandState
    to_state: DemandState
    moved_on: date
    member_id: UUID


class DemandRecord(DemandView):
    """One legal demand with every step that it took."""

    model_config = examples(
        {
            **SEEN,
            "steps": [
                {
                    "from_state": "received",
                    "to_state": "with_counsel",
                    "moved_on": "2026-11-03",
                    "member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3b",
                }
            ],
        }
    )

    steps: list[DemandStep]
