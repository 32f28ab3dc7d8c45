"""What callers say and see of an overdose event: codes and a day, no words, and nobody's code in any answer."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, Strict, model_validator

from true_api.kernel.schemas import Day, Draft, Flag, Several, View, examples
from true_api.privacy.profile import TermKey
from true_api.privacy.terms import NaloxoneProduct, PartOfDay, Substance
from true_api.rooms.overdoses.vocabulary import (
    EventRevised,
    EventVoidReason,
    GivenBy,
    OverdoseKind,
    OverdosePlace,
    YesNoUnknown,
)

Doses = Annotated[int, Strict(), Field(ge=0, le=20)]
"""How many doses of naloxone: a JSON integer from 0 to 20."""

EVENT: dict[str, Any] = {
    "kind": "reversal",
    "occurred_on": "2026-11-02",
    "part_of_day": "night",
    "substances": ["fentanyl", "xylazine"],
    "naloxone_used": "yes",
    "product": "nasal_4_mg",
    "doses": 2,
    "given_by": "bystander",
    "ems_called": "yes",
    "hospitalized": "no",
    "survived": "yes",
    "place": "street_or_outdoors",
    "zone": None,
}
CODE = "K7QP-2M9X-4TRD"


class OverdoseAmendment(Draft):
    """An overdose event told anew. Only `kind` and `occurred_on` are asked for; what is left out is not known."""

    model_config = examples(EVENT)

    kind: OverdoseKind
    occurred_on: Day
    part_of_day: PartOfDay | None = None
    substances: Several[Substance] = Field((), description="What is believed to have been involved.")
    naloxone_used: YesNoUnknown | None = Field(None, description="Left out, it follows from the doses.")
    product: NaloxoneProduct | None = None
    doses: Doses | None = None
    given_by: GivenBy | None = None
    ems_called: YesNoUnknown = Field(YesNoUnknown.UNKNOWN, description="Whether emergency services were called.")
    hospitalized: YesNoUnknown = YesNoUnknown.UNKNOWN
    survived: YesNoUnknown | None = Field(None, description="Left out, it follows from the kind.")
    place: OverdosePlace | None = Field(None, description="What kind of place, never which one.")
    zone: TermKey | None = Field(None, description="The key of one of the program's zones.")


class OverdoseDraft(OverdoseAmendment):
    """An overdose event that has already happened, about nobody unless the person asked for the link."""

    model_config = examples(
        {"kind": "reversal", "occurred_on": "2026-11-02"},
        EVENT,
        {**EVENT, "link_to_person": True, "code": CODE},
    )

    link_to_person: Flag = Field(
        False, description="True where the person asked that it be kept with their own record. Never of a fatal one."
    )
    code: str | None = Field(None, max_length=64, description="The person's code, with `link_to_person` alone.")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if self.link_to_person != (self.code is not None):
            raise ValueError("a code is given where the person asked for the link, and only there")
        return self


class OverdoseVoidDraft(Draft):
    """Why this overdose event should not count."""

    model_config = examples({"reason": "recorded_twice"})

    reason: EventVoidReason


class OverdoseView(View):
    """An overdose event as it was recorded, and what became of the record."""

    model_config = examples(
        {
            "id": "01936f22-3c4d-7e5f-8a6b-7c8d9e0f1a2b",
            **EVENT,
            "linked_to_person": False,
            "revised": None,
            "amended_by": None,
        }
    )

    id: UUID
    kind: OverdoseKind
    occurred_on: date
    part_of_day: PartOfDay | None
    substances: list[Substance]
    naloxone_used: YesNoUnknown
    product: NaloxoneProduct | None
    doses: int | None
    given_by: GivenBy | None
    ems_called: YesNoUnknown
    hospitalized: YesNoUnknown
    survived: YesNoUnknown
    place: OverdosePlace | None
    zone: str | None
    linked_to_person: bool = Field(description="Whether a person asked that it be kept with their own record.")
    revised: EventRevised | None = Field(None, description="Null while the event counts.")
    amended_by: UUID | None = Field(None, description="The event that stands in its place.")
