"""What each table declares: what becomes of its rows when a person is forgotten, and how long they are kept.

Declared on the table, `__forgotten__` beside `__subject__` and `__kept_for__` beside the days that it counts from;
forgetting and the retention sweep walk these, so that a new table cannot be left out of either (privacy.md 6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Table, and_

from true_api.kernel.feed import FeedDay, FeedEntry
from true_api.kernel.outbox import Job
from true_api.kernel.rows import Row, table_of


@dataclass(frozen=True)
class Deleted:
    """The rows go, with their parts and words."""


@dataclass(frozen=True)
class Unlinked:
    """The fact stays for the counts, about nobody: under a new id, its `days` coarsened to the first of their month.

    The columns in `redrawn` are random references, and get new ones. Parts declare their own days, and come along.
    `own_key` says that words may have been sealed under the row's own id, before it was known whose it is.
    """

    days: tuple[str, ...] = ()
    redrawn: tuple[str, ...] = ()
    own_key: bool = False


@dataclass(frozen=True)
class KeptApart:
    """The rows go; what the law of accounting requires stays in another table, under a reference alone."""

    days: tuple[str, ...] = ()


Fate = Deleted | Unlinked | KeptApart


class Goes(StrEnum):
    """What goes when the time is over."""

    ROW = "row"
    WORDS = "words"


@dataclass(frozen=True)
class Kept:
    """Kept for `days` after the day in the column `after`, and why so long; then the row goes, or only its words.

    A row in which that column is empty stays. `only` narrows the rule to some rows of the table, `text` a rule about
    words to the text of one column.
    """

    after: str
    days: int
    because: str
    goes: Goes = Goes.ROW
    only: Callable[[Table], ColumnElement[bool]] | None = None
    text: str | None = None

    def over(self, kind: type[Row], now: datetime, today: date) -> ColumnElement[bool]:
        """Whether a row's time is over."""
        column: ColumnElement[Any] = table_of(kind).c[self.after]
        present = today if isinstance(column.type, Date) else now
        late = column < present - timedelta(days=self.days)
        return late if self.only is None else and_(late, self.only(table_of(kind)))


@dataclass(frozen=True)
class Stays:
    """Not swept by age, and why not."""

    because: str


Rules = tuple[Kept | Stays, ...]
"""How long a table's rows are kept: all of its rules, each of which may end a row's time."""


def _given_up(table: Table) -> ColumnElement[bool]:
    return table.c.given_up_on.is_not(None)


OF_THE_KERNEL: dict[type[Row], Rules] = {
    Job: (Kept("due_at", 90, "done, it goes at once; given up, an operator has seen it by then", only=_given_up),),
    FeedEntry: (Stays("for 30 days, counted by their place in the order (outlets/feed/keeping.py)"),),
    FeedDay: (Stays("as long as the entries of that day, and one day longer"),),
}
"""The kernel, which knows nothing of people, declares nothing of how long it keeps what names their records."""


def fate_of(kind: type[Row]) -> Fate:
    """What becomes of this table's rows when their person is forgotten. Raises `LookupError` where it is not said."""
    fate = kind.__dict__.get("__forgotten__")
    if not isinstance(fate, Deleted | Unlinked | KeptApart):
        raise LookupError(f"{kind.__name__} does not declare what becomes of it when a person is forgotten")
    return fate


def retention_of(kind: type[Row]) -> Rules:
    """How long this table's rows are kept; nothing where the table does not say."""
    declared: Rules = kind.__dict__.get("__kept_for__", OF_THE_KERNEL.get(kind, ()))
    return declared


def every_kind() -> list[type[Row]]:
    """Every table class that is declared, by the name of its table."""
    return sorted(Row.__subclasses__(), key=lambda kind: str(table_of(kind).name))


def parts_of(kind: type[Row]) -> dict[type[Row], str]:
    """The kinds whose rows are parts of this one's, and the column by which each names its whole."""
    own = table_of(kind)
    parts = {part: getattr(part, "__parent__", None) for part in every_kind()}
    return {
        part: column
        for part, column in parts.items()
        if column is not None and any(key.column.table is own for key in table_of(part).c[column].foreign_keys)
    }


def whole_of(kind: type[Row]) -> tuple[type[Row], str] | None:
    """The kind that this one's rows are parts of, and the column that names the whole; None where it is no part."""
    return next(((whole, parts[kind]) for whole in every_kind() if kind in (parts := parts_of(whole))), None)


def month_of(day: date) -> date:
    """The first of the month that a day lies in."""
    return day.replace(day=1)
