"""Schemas: what callers send (`Draft`, `Change`), what they get (`View`, `Page`), and the strict field types."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from sqlalchemy import Row as ResultRow

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def _iso_text(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a day is written as YYYY-MM-DD")
    return value


def _within_reason(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError("this day is outside the years that the program records")
    return value


Day = Annotated[date, BeforeValidator(_iso_text, json_schema_input_type=date), AfterValidator(_within_reason)]
"""A calendar day of the program, `YYYY-MM-DD`, between 2000 and 2100."""


def _month_of(value: object) -> object:
    return f"{value:%Y-%m}" if isinstance(value, date) else value


Month = Annotated[str, BeforeValidator(_month_of), Field(pattern=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$")]
"""A calendar month, `YYYY-MM`: what is told in the place of a day."""

Count = Annotated[int, Strict(), Field(ge=1, le=10_000)]
"""How many: a JSON integer from 1 to 10,000, never text, never true."""

Ruler = Annotated[int, Strict(), Field(ge=0, le=10)]
"""A ruler of motivational interviewing (Miller and Rollnick): 0 to 10."""

Flag = Annotated[bool, Strict()]
"""Yes or no: a JSON boolean."""

Label = Annotated[str, Field(pattern=r"^[\w][\w .,&'()/-]{0,79}$", min_length=1, max_length=80)]
"""What an organization, a team or an account is called. Never anything about a participant."""


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) != len(values):
        raise ValueError("each term is listed once")
    return values


T = TypeVar("T")
Several = Annotated[tuple[T, ...], Field(max_length=30), AfterValidator(_distinct)]
"""Up to 30 different terms of a vocabulary."""


def examples(*shown: dict[str, Any]) -> ConfigDict:
    """The examples of a schema; the document writes the first of them beside every operation that uses it."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})


class Wrong(ValueError):
    """What a draft holds does not go together; `code` is stable, `near` names the terms that would."""

    def __init__(self, code: str, sentence: str, near: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.code, self.near = code, tuple(near)


class Draft(BaseModel):
    """What a caller sends to record something new; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Change(Draft):
    """What a caller sends to change a record; a field left out stays as it is."""

    def news(self) -> Mapping[str, Any]:
        """Only the fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class View(BaseModel):
    """What a caller gets. Fields are named one by one: no column becomes public by accident."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="ignore")

    @classmethod
    def of(cls, row: object, **more: Any) -> Self:
        """The view of a row or of named values; `more` wins, and names what the row itself does not hold."""
        held = row if isinstance(row, Mapping) else row._asdict() if isinstance(row, ResultRow) else vars(row)
        named = {name: held[name] for name in cls.model_fields if name in held}
        return cls(**{**named, **more})

    def tagged(self) -> "View":
        """What an ETag is made of beside the version: this view, or what all views of one record have in common."""
        return self


V = TypeVar("V")


class Page(View, Generic[V]):
    """One page of a list, newest first."""

    items: list[V]
    next_cursor: str | None = Field(description="Give it as `cursor` to read on; null on the last page.")
