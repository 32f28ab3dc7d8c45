"""Quarters of the calendar year, written `2026-Q4`."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

QuarterText = Annotated[str, Field(pattern=r"^2[01][0-9]{2}-Q[1-4]$", examples=["2026-Q4"])]
"""A quarter as it is written."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter":
        """The quarter that a text in the form `2026-Q4` names."""
        year, number = text.split("-Q")
        return cls(int(year), int(number))

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.following.first_day - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"
