"""Sealed rows as the dashboard looks them up: by period and cell; what is kept back is never mistaken for zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from true_api.outlets.statistics.grid import Table
from true_api.outlets.statistics.periods import read_period

KEPT_BACK, NOT_SEALED = "kept back", "not sealed"
WHY_KEPT_BACK = "kept back: fewer than 11, or too near to it"


@dataclass(frozen=True)
class Number:
    """A number of a sealed table; None where it is kept back, or where nothing is sealed."""

    value: int | None
    kept_back: bool = False

    @property
    def text(self) -> str:
        """As a person reads it."""
        if self.value is not None:
            return f"{self.value:,}"
        return KEPT_BACK if self.kept_back else NOT_SEALED


NOTHING_SEALED = Number(None)


@dataclass(frozen=True)
class Sealing:
    """Which revision of a period is shown, and when it was sealed."""

    revision: int
    sealed_on: date


@dataclass(frozen=True)
class SealedTable:
    """The latest revision of a table over all periods that are sealed, in order of time."""

    table: Table
    numbers: Mapping[tuple[str, ...], Number]
    sealings: Mapping[str, Sealing]

    @classmethod
    def of(cls, table: Table, rows: Iterable[Mapping[str, Any]], releases: Iterable[Any]) -> Self:
        """From flat rows as they are published, and the latest releases; rows of earlier revisions are left out."""
        names = [dimension.name for dimension in table.dimensions]
        numbers = {
            (row["period"], *(row[name] for name in names)): Number(row["value"], row["suppressed"])
            for row in rows
            if row["is_latest"]
        }
        sealings = {release.period: Sealing(release.revision, release.sealed_on) for release in releases}
        return cls(table, numbers, {period: sealings[period] for period in in_order(sealings)})

    def periods(self, kind: str) -> list[str]:
        """The sealed periods of a kind, in order of time."""
        return [period for period in self.sealings if kind_of(period) == kind]

    def cells(self, period: str | None = None) -> tuple[tuple[str, ...], ...]:
        """The cells of a period, or of all, as they were sealed: the program's own terms may have grown since."""
        return tuple(dict.fromkeys(key[1:] for key in self.numbers if period in (None, key[0])))

    def at(self, period: str, *cell: str) -> Number:
        """The number of a cell."""
        return self.numbers.get((period, *cell), NOTHING_SEALED)


def kind_of(period: str) -> str:
    """`month`, `quarter` or `fiscal_year`."""
    return str(read_period(period).kind)


def in_order(periods: Iterable[str]) -> Sequence[str]:
    """Periods in order of time, the shorter before the longer that begins on the same day."""
    return sorted(periods, key=lambda period: (read_period(period).first_day, read_period(period).end))
