"""Made-up programs: who was met in which month, and where in the tables of the grid they count. Drawn from a seed.

The tables are the real grid's; people are counted here, in memory, so that the lab can look at thousands at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from true_api.outlets.measures.releases import SHARES
from true_api.outlets.statistics.grid import GRID, Dimension, Table, Unit

Members = np.ndarray[Any, np.dtype[np.bool_]]

LASTING = ("zone", "age_band", "gender", "race_ethnicity")
SECOND_WORD = 0.06
"""How often somebody names another category where several may be named."""
COMMON = 0.75


ZONES = ("canal", "harbor", "market", "north_end", "riverbend", "south_side")
PEOPLE_TABLES = [table.with_own(ZONES) for table in GRID.values() if table.unit is Unit.PEOPLE]
"""Every table of the grid in which people are counted; those of events have noise that is five times as wide."""


@dataclass(frozen=True)
class Span:
    """A period: its months by number."""

    name: str
    kind: str
    months: tuple[int, ...]


def spans(months: int) -> list[Span]:
    """All months, and the quarters and years that they fill."""
    found = [Span(f"m{month:02}", "month", (month,)) for month in range(months)]
    for kind, long in (("quarter", 3), ("fiscal_year", 12)):
        starts = range(0, months - long + 1, long)
        found += [Span(f"{kind}-{start // long}", kind, tuple(range(start, start + long))) for start in starts]
    return found


@dataclass(frozen=True)
class Cell:
    """One cell of one table in one period: how many people, and the sum of their record keys."""

    table: Table
    span: Span
    words: tuple[str, ...]
    value: int
    key: int


@dataclass
class Program:
    """Everybody of one program over some months."""

    seed: int
    people: int
    months: int
    tables: Sequence[Table]
    _chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng(self.seed)
        self.keys = self._chance.integers(0, 2**32, self.people, dtype=np.uint64)
        self._axes = {axis.name: axis for table in self.tables for axis in table.dimensions}
        often = self._chance.beta(0.8, 2.0, self.people)
        self.met: Members = self._chance.random((self.people, self.months)) < often[:, None]
        self._lasting = {name: self._drawn(axis) for name, axis in self._axes.items() if name in LASTING}
        self._monthly = {
            name: [self._drawn(axis) for _ in range(self.months)]
            for name, axis in self._axes.items()
            if name in {"setting", "act"}
        }
        asked = self._chance.random((self.people, self.months))
        self._referred = [asked < 0.12, asked < 0.05]

    def _drawn(self, axis: Dimension) -> Members:
        """In which categories everybody stands: one, or sometimes another one beside it."""
        shares = np.zeros(len(axis.categories))
        common = SHARES[axis.name][: len(shares)]
        shares[: len(common)] = common
        shares = shares * self._chance.gamma(6.0, 1 / 6, len(shares))
        first = self._chance.choice(len(shares), self.people, p=shares / shares.sum())
        members = np.zeros((self.people, len(shares)), dtype=bool)
        members[np.arange(self.people), first] = True
        if axis.several:
            members |= self._chance.random(members.shape) < SECOND_WORD * COMMON * shares / shares.max()
        return members

    def _return(self, span: Span) -> Members:
        """Seen for the first time, seen in the span before too, or back after longer."""
        start, before = span.months[0], max(span.months[0] - len(span.months), 0)
        here = self.met[:, list(span.months)].any(axis=1)
        lately = self.met[:, before:start].any(axis=1)
        ever = self.met[:, :start].any(axis=1)
        return np.stack([here & ~ever, here & lately, here & ever & ~lately], axis=1)

    def members(self, name: str, span: Span) -> Members:
        """Who counts under which category of a dimension in a span."""
        months = list(span.months)
        here = self.met[:, months].any(axis=1)
        if name in self._lasting:
            return self._lasting[name] & here[:, None]
        if name == "return":
            return self._return(span)
        if name == "connection":
            steps = [(self.met & asked)[:, months].any(axis=1) for asked in self._referred]
            return np.stack([here, *steps], axis=1)
        drawn = [self._monthly[name][month] & self.met[:, month, None] for month in months]
        return np.logical_or.reduce(drawn)

    def cells(self, table: Table, span: Span) -> list[Cell]:
        """Every cell of a table in a span, in the order of the grid."""
        here = self.met[:, list(span.months)].any(axis=1)
        members = here[:, None]
        for axis in table.dimensions:
            theirs = self.members(axis.name, span)
            members = (members[:, :, None] & theirs[:, None, :]).reshape(self.people, -1)
        values = members.sum(axis=0)
        # A sum of 64-bit numbers goes around at 2^64, which 2^32 divides.
        keys = (members * self.keys[:, None]).sum(axis=0, dtype=np.uint64) % 2**32
        return [
            Cell(table, span, words, int(value), int(key))
            for words, value, key in zip(table.cells, values, keys, strict=True)
        ]

    @cached_property
    def everything(self) -> list[Cell]:
        """Every cell of every table in every period."""
        return [cell for span in spans(self.months) for table in self.tables for cell in self.cells(table, span)]
