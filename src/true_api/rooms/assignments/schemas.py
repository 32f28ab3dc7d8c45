"""What callers say and see of covers, hand-overs, exclusions and the end of working together."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from true_api.kernel.schemas import Day, Draft, View, Wrong, examples
from true_api.rooms.assignments.vocabulary import HandedOverAs

MEMBER, OTHER = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", "01936f1e-3a6b-7d4f-9b62-1b7a5e2d3c4b"
COVER = {
    "id": "01936f24-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "away_id": MEMBER,
    "covering_id": OTHER,
    "since": "2026-11-09",
    "until": "2026-11-20",
    "ended_on": None,
}
EXCLUSION = {
    "id": "01936f25-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "member_id": MEMBER,
    "since": "2026-11-02",
    "lifted_on": None,
}
MOST_PEOPLE = 200
"""How many people are handed over in one call."""


def _each_once(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) != len(codes):
        raise ValueError("each code is listed once")
    return codes


Codes = Annotated[
    tuple[Annotated[str, Field(max_length=64)], ...],
    Field(min_length=1, max_length=MOST_PEOPLE),
    AfterValidator(_each_once),
]


class CoverDraft(Draft):
    """Who is away, who stands in for them, and from which day to which."""

    model_config = examples({name: COVER[name] for name in ("away_id", "covering_id", "since", "until")})

    away_id: UUID
    covering_id: UUID
    since: Day = Field(description="Today or a day to come: the first on which it holds.")
    until: Day = Field(description="The last day on which it holds; after it, it is over by itself.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.since:
            raise Wrong("ends_before_it_begins", "A cover does not end before it begins.")
        if self.away_id == self.covering_id:
            raise Wrong("cover_of_oneself", "A cover is of somebody else.")
        return self


class CoverView(View):
    """One member stands in for another: they see and work the other's caseload beside their own."""

    model_config = examples(COVER)

    id: UUID
    away_id: UUID
    covering_id: UUID
    since: date
    until: date
    ended_on: date | None = Field(description="The day it was ended before its time.")


class ExclusionDraft(Draft):
    """Which member is not to work with the person. Why is not asked."""

    model_config = examples({"member_id": MEMBER}, {})

    member_id: UUID | None = Field(None, description="Left out: you yourself. Somebody else is named by a supervisor.")


class ExclusionView(View):
    """A member who reaches nothing of this person, whatever they might come by."""

    model_config = examples(EXCLUSION)

    id: UUID
    member_id: UUID
    since: date
    lifted_on: date | None


class HandOverDraft(Draft):
    """From whom to whom a caseload goes over: all of it, or the people named."""

    model_config = examples(
        {"from_id": MEMBER, "to_id": OTHER}, {"from_id": MEMBER, "to_id": OTHER, "codes": ["K7QP-2M9X-4TRD"]}
    )

    from_id: UUID
    to_id: UUID
    codes: Codes | None = Field(
        None, description="The codes of those who go over; left out, all whom the first member works with."
    )

    @model_validator(mode="after")
    def _between_two(self) -> Self:
        if self.from_id == self.to_id:
            raise Wrong("handed_over_to_oneself", "A caseload goes over to somebody else.")
        return self


class HandedOver(View):
    """What became of one person of a hand-over."""

    model_config = examples({"code": "K7QP-2M9X-4TRD", "outcome": "handed_over"})

    code: str
    outcome: HandedOverAs


class HandOverView(View):
    """A hand-over, with one outcome for each person."""

    model_config = examples(
        {
            "id": "01936f26-0b1c-7d2e-9f3a-4b5c6d7e8f90",
            "from_id": MEMBER,
            "to_id": OTHER,
            "handed_on": "2026-11-02",
            "people": [{"code": "K7QP-2M9X-4TRD", "outcome": "handed_over"}],
            "more": False,
        }
    )

    id: UUID
    from_id: UUID
    to_id: UUID
    handed_on: date
    people: list[HandedOver]
    more: bool = Field(description="True where the first member works with more people than one call hands over.")


class WorkEnded(View):
    """The caller works with the person no longer."""

    model_config = examples({"code": "K7QP-2M9X-4TRD", "ended_on": "2026-11-02"})

    code: str
    ended_on: date
