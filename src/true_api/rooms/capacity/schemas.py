"""What callers say and see of places; no draft here has room for a person, nor for another agency's name."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, Strict, model_validator

from true_api.kernel.schemas import Draft, Flag, Several, View, examples
from true_api.privacy.terms import Need
from true_api.rooms.capacity.vocabulary import CapacityAnswerKind

AGENCY = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"

Places = Annotated[int, Strict(), Field(ge=1, le=1_000)]
"""How many places an agency says are free."""


class CapacityQuestionDraft(Draft):
    """Whether there is a place for a need: nothing is said of anybody who might take it."""

    model_config = examples({"need": "withdrawal-management", "tonight": True, "organization_ids": [AGENCY]})

    need: Need
    tonight: Flag = Field(False, description="True asks about this night; the answer is of use until tomorrow.")
    organization_ids: Several[UUID] = Field(min_length=1, description="The partner agencies that are asked.")


class CapacityAnswerDraft(Draft):
    """What an agency says of its places; it may answer again as long as the question is open."""

    model_config = examples({"answer": "capacity", "places": 2})

    answer: CapacityAnswerKind
    places: Places | None = Field(None, description="How many, if that can be said; only with `capacity`.")

    @model_validator(mode="after")
    def _places_are_there(self) -> Self:
        if self.places is not None and self.answer is not CapacityAnswerKind.CAPACITY:
            raise ValueError("a number of places comes with `capacity` alone")
        return self


ASKED: dict[str, Any] = {"need": "withdrawal-management", "tonight": True}
SAID: dict[str, Any] = {"answer": "capacity", "places": 2, "minutes_old": 12}


class AgencyAnswer(View):
    """What one agency said, and how old that is."""

    organization_id: UUID
    answer: CapacityAnswerKind | None = Field(description="Null until it answers.")
    places: int | None
    minutes_old: int | None


class CapacityQuestionView(View):
    """A question with the answers to it, as the program sees it."""

    model_config = examples(
        {
            "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
            **ASKED,
            "asked_on": "2026-11-02",
            "closes_on": "2026-11-03",
            "answers": [{"organization_id": AGENCY, **SAID}],
        }
    )

    id: UUID
    need: Need
    tonight: bool
    asked_on: date
    closes_on: date = Field(description="The last day on which an answer is taken.")
    answers: list[AgencyAnswer]


class AskedOfAgency(View):
    """A question as the agency that is asked sees it, under a reference of its own."""

    model_config = examples({"reference": REFERENCE, **ASKED, **SAID})

    reference: UUID
    need: Need
    tonight: bool
    answer: CapacityAnswerKind | None
    places: int | None
    minutes_old: int | None


class TonightDraft(Draft):
    """Whether an agency takes people tonight. It speaks for itself alone, and for no longer than a day."""

    model_config = examples(
        {"takes_people_tonight": True, "needs": ["recovery-housing"], "places": 3, "holds_for_hours": 8}
    )

    takes_people_tonight: Flag
    needs: Several[Need] = Field((), description="For which needs; left out, for whatever it does.")
    places: Places | None = Field(None, description="How many are free, if that can be said.")
    holds_for_hours: Annotated[int, Strict()] = Field(
        12, ge=1, le=24, description="For how long this may be relied on."
    )

    @model_validator(mode="after")
    def _places_are_there(self) -> Self:
        if self.places is not None and not self.takes_people_tonight:
            raise ValueError("a number of places comes with a yes alone")
        return self


TONIGHT: dict[str, Any] = {
    "takes_people_tonight": True,
    "needs": ["recovery-housing"],
    "places": 3,
    "minutes_old": 45,
    "minutes_left": 435,
}


class TonightView(View):
    """What an agency says of tonight; once that is too old to rely on, only its age is told."""

    model_config = examples(TONIGHT)

    takes_people_tonight: bool | None = Field(description="Null once nobody may rely on it any more.")
    needs: list[Need]
    places: int | None
    minutes_old: int
    minutes_left: int = Field(description="For how long it may still be relied on; 0 once it is too old.")


class AgencyTonightView(TonightView):
    """The same, as the program sees it of every agency that ever said so."""

    model_config = examples({"organization_id": AGENCY, **TONIGHT})

    organization_id: UUID
