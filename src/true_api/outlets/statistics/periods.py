"""Periods that numbers are told for: months, quarters of the calendar year, and fiscal years."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from true_api.kernel.errors import Fault, InvalidShape

MOST_MONTHS = 36
FISCAL_YEAR_STARTS = 7


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month of the program, written `2026-10`."""

    kind: ClassVar[PeriodKind] = PeriodKind.MONTH

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month that a text in the form `YYYY-MM` names."""
        year, number = text.split("-")
        return cls(int(year), int(number))

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.following.first_day

    @property
    def months(self) -> tuple["Month", ...]:
        """Itself."""
        return (self,)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return self.later(1)

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return self.later(-1)

    def later(self, months: int) -> "Month":
        """The month that comes so many months after it."""
        since = self.year * 12 + self.number - 1 + months
        return Month(since // 12, since % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


class _OfMonths:
    """A period that is a run of months."""

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months, in order."""
        raise NotImplementedError

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self.months[0].first_day

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.months[-1].end


@dataclass(frozen=True, order=True)
class Quarter(_OfMonths):
    """A quarter of the calendar year, written `2026-Q4`."""

    kind: ClassVar[PeriodKind] = PeriodKind.QUARTER

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its three months."""
        return _run_of(Month(self.year, self.number * 3 - 2), 3)

    @property
    def following(self) -> "Quarter":
        """The quarter after it."""
        return Quarter.of(self.end)

    @property
    def previous(self) -> "Quarter":
        """The quarter before it."""
        return Quarter.of(self.months[0].previous.first_day)

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"


@dataclass(frozen=True, order=True)
class FiscalYear(_OfMonths):
    """A fiscal year, written `FY2027` for the year in which it ends; `starts` is the month with which it begins."""

    kind: ClassVar[PeriodKind] = PeriodKind.FISCAL_YEAR

    year: int
    starts: int = FISCAL_YEAR_STARTS

    @classmethod
    def of(cls, day: date, starts: int = FISCAL_YEAR_STARTS) -> "FiscalYear":
        """The fiscal year that a day lies in."""
        return cls(day.year + (starts > 1 and day.month >= starts), starts)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its twelve months."""
        return _run_of(Month(self.year - (self.starts > 1), self.starts), 12)

    @property
    def following(self) -> "FiscalYear":
        """The fiscal year after it."""
        return FiscalYear(self.year + 1, self.starts)

    @property
    def previous(self) -> "FiscalYear":
        """The fiscal year before it."""
        return FiscalYear(self.year - 1, self.starts)

    def __str__(self) -> str:
        return f"FY{self.year:04}"


Period = Month | Quarter | FiscalYear

_MONTH = re.compile(r"(2[01][0-9]{2})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(2[01][0-9]{2})-Q([1-4])")
_FISCAL_YEAR = re.compile(r"FY(2[01][0-9]{2})")


def read_period(text: str, fiscal_year_starts: int = FISCAL_YEAR_STARTS) -> Period:
    """The period that a text names: `2026-10`, `2026-Q4` or `FY2027`. Raises `ValueError` for any other."""
    if month := _MONTH.fullmatch(text):
        return Month(int(month[1]), int(month[2]))
    if quarter := _QUARTER.fullmatch(text):
        return Quarter(int(quarter[1]), int(quarter[2]))
    if year := _FISCAL_YEAR.fullmatch(text):
        return FiscalYear(int(year[1]), fiscal_year_starts)
    raise ValueError("a period is written 2026-10, 2026-Q4 or FY2027")


@dataclass(frozen=True)
class Span:
    """A half-open span of months."""

    start: Month
    end: Month

    def months(self) -> list[Month]:
        """Its months in order. Raises `InvalidShape` for an empty or a very long span."""
        months: list[Month] = []
        month = self.start
        while month < self.end and len(months) <= MOST_MONTHS:
            months.append(month)
            month = month.following
        if not months or len(months) > MOST_MONTHS:
            raise InvalidShape(Fault("?to", "span", "A span holds 1 to 36 months; `to` is the month after the last."))
        return months


def _run_of(first: Month, many: int) -> tuple[Month, ...]:
    return tuple(first.later(months) for months in range(many))
