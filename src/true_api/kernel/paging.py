"""Keyset pages: newest first, from the place that a cursor stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, tuple_


@dataclass(frozen=True)
class PageRequest:
    """What the caller asked for: how many, and from where."""

    limit: int = 50
    cursor: str | None = None


class ReadsCursors(Protocol):
    """Whoever can tell what place of a list a cursor stands for."""

    def read(self, cursor: str, kinds: Sequence[type]) -> list[object]:
        """The sort values in a cursor. Raises `InvalidCursor` for anything that was not issued here."""


def keyset(
    statement: Select[Any], by: Sequence[ColumnElement[Any]], request: PageRequest, cursors: ReadsCursors
) -> Select[Any]:
    """The statement narrowed to one page and one row more, in descending order of `by` (all NOT NULL, last unique)."""
    if request.cursor is not None:
        after = cursors.read(request.cursor, [column.type.python_type for column in by])
        statement = statement.where(tuple_(*by) < tuple_(*after, types=[column.type for column in by]))
    return statement.order_by(*(column.desc() for column in by)).limit(request.limit + 1)
