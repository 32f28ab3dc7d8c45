"""Effects: what a request wants to write, collected first and carried out in one commit by the seal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Select, Table

from true_api.kernel.errors import Problem, WriteCollided
from true_api.kernel.rows import Row, table_of, values_of

Refusal = type[Problem] | Problem

Question = Executable | tuple[Executable, Mapping[str, Any]]
"""A select, or a select that is built once and the parameters of this time."""


def asked(question: Question) -> tuple[Executable, Mapping[str, Any]]:
    """The statement and its parameters, as a connection takes them."""
    return question if isinstance(question, tuple) else (question, {})


class FeedEvent(StrEnum):
    """What happened to something that is announced (kernel/feed.py)."""

    KEPT = "kept"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Keep:
    """Insert these values, one for each column; `or_else` is what a broken UNIQUE or CHECK means here.

    `announced` is false for what is no news: a fact that stays about nobody must not stand in the feed beside others.
    """

    table: Table
    values: Mapping[str, Any]
    or_else: Refusal = WriteCollided
    announced: bool = True

    @classmethod
    def row(cls, row: Row, or_else: Refusal = WriteCollided) -> "Keep":
        """Insert a row."""
        return cls(table_of(type(row)), values_of(row), or_else)


@dataclass(frozen=True)
class KeepSelected:
    """Insert what a select gives at the moment of the commit; its columns are named as the table's."""

    table: Table
    select: Select[Any]
    parameters: Mapping[str, Any]
    or_else: Refusal = WriteCollided


@dataclass(frozen=True)
class Change:
    """Compare-and-set: new values for the row with this id, if it still has this version; the version grows by one."""

    table: Table
    id: UUID
    version: int
    new: Mapping[str, Any]
    or_else: Refusal = WriteCollided


@dataclass(frozen=True)
class ChangeEach:
    """Compare-and-set on many rows, each with its `id`, its `version` and the same new columns.

    A row that was changed or removed meanwhile is left as it is, so this meets no conflict.
    """

    table: Table
    rows: Sequence[Mapping[str, Any]]
    or_else: Refusal = WriteCollided


@dataclass(frozen=True)
class Adjust:
    """Add to numeric columns of a row (a stock, a counter); a CHECK that breaks means `or_else`.

    What is added may be reckoned from the row as it is in the commit. Adding 0 locks it for the effects that follow.
    """

    table: Table
    id: UUID
    delta: Mapping[str, int | ColumnElement[int]]
    or_else: Refusal = WriteCollided


@dataclass(frozen=True)
class Require:
    """A precondition asserted again, under lock, in the commit: the select gives exactly these rows, in any order.

    The select locks what it reads (`with_for_update(read=True)`), which SQLite ignores: it has one writer.
    """

    select: Select[Any]
    rows: frozenset[tuple[Any, ...]]
    or_else: Refusal = WriteCollided
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Remove:
    """Delete the rows whose `column` holds one of these ids."""

    table: Table
    column: str
    ids: tuple[UUID, ...] | tuple[str, ...]
    or_else: Refusal = WriteCollided


@dataclass(frozen=True)
class Announce:
    """Tell an audience in the feed of what no row of an announced table says: that a name it knew leads nowhere."""

    kind: str
    name: str
    audience: UUID
    event: FeedEvent = FeedEvent.GONE
    or_else: Refusal = WriteCollided


Effect = Keep | KeepSelected | Change | ChangeEach | Adjust | Require | Remove | Announce


@dataclass
class Unit:
    """The effects of one request. All of them happen, in order, or none."""

    effects: list[Effect] = field(default_factory=list)
    resource: UUID | None = None
    """The record that this request is about: the first row a room keeps or changes."""
    part: UUID | None = None
    """The part of that record that this very request made, where a replay is answered from the part."""

    def keep(self, row: Row, or_else: Refusal = WriteCollided) -> None:
        """Collect an insert."""
        self.effects.append(Keep.row(row, or_else))
        self.resource = self.resource or getattr(row, "id", None)

    def change(self, kind: type[Row], row: Any, new: Mapping[str, Any], or_else: Refusal = WriteCollided) -> None:
        """Collect a compare-and-set on the version of `row` as it was read."""
        self.effects.append(Change(table_of(kind), row.id, row.version, new, or_else))
        self.resource = self.resource or row.id

    def remove(self, kind: type[Row], *ids: UUID) -> None:
        """Collect a deletion by id."""
        self.effects.append(Remove(table_of(kind), "id", ids))

    def adjust(self, kind: type[Row], row: Any, delta: Mapping[str, int], or_else: Refusal = WriteCollided) -> None:
        """Collect an addition to numeric columns."""
        self.effects.append(Adjust(table_of(kind), row.id, delta, or_else))

    def require(self, select: Select[Any], rows: frozenset[tuple[Any, ...]], or_else: Refusal = WriteCollided) -> None:
        """Collect a precondition to be asserted in the commit."""
        self.effects.append(Require(select.with_for_update(read=True), rows, or_else))
