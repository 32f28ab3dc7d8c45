"""SQLite, piece by piece: each piece is a short read of its own, so that the log can be folded in between."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Row,
    Select,
    String,
    Uuid,
    case,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)

from true_api.kernel.streams import AT_A_TIME, Stream

KEY = "key_of_stream_"
Read = Callable[[Select[Any]], Awaitable[Sequence[Row[Any]]]]
Piece = Callable[[Stream, Sequence[Any]], Select[Any]]


async def pieces(source: Stream, piece: Piece, read: Read) -> AsyncIterator[Sequence[Row[Any]]]:
    """The rows from key to key."""
    after: Sequence[Any] = ()
    while rows := await read(piece(source, after)):
        yield rows
        if len(rows) < AT_A_TIME:
            break
        after = [rows[-1]._mapping[f"{KEY}{place}"] for place in range(len(source.key))]


def rows_after(source: Stream, after: Sequence[Any]) -> Select[Any]:
    """The next rows, each with its key."""
    named = [column.label(f"{KEY}{place}") for place, column in enumerate(source.key)]
    found = source.select.add_columns(*named).order_by(*source.key).limit(AT_A_TIME)
    if not after:
        return found
    return found.where(tuple_(*source.key) > tuple_(*after, types=[column.type for column in source.key]))


def lines_after(source: Stream, after: Sequence[Any]) -> Select[Any]:
    """The same, each row as one JSON object."""
    rows = rows_after(source, after).subquery()
    keys = [column for column in rows.c if column.key.startswith(KEY)]
    parts = [part for column in rows.c if column not in set(keys) for part in (literal(column.key), _in_json(column))]
    return select(func.json_object(*parts).label("line"), *keys).order_by(*keys)


def _in_json(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value as JSON writes it: this engine keeps ids without hyphens, yes and no as numbers, lists as texts."""
    if isinstance(column.type, Uuid):
        return _hyphened(column)
    if isinstance(column.type, Boolean):
        return func.json(case((column.is_(True), "true"), (column.is_(False), "false")))
    return func.json(type_coerce(column, String)) if isinstance(column.type, JSON) else column


def _hyphened(kept: ColumnElement[Any]) -> ColumnElement[Any]:
    text = type_coerce(kept, String)
    starts, lengths = (1, 9, 13, 17, 21), (8, 4, 4, 4, 12)
    parts = [func.substr(text, start, length, type_=String) for start, length in zip(starts, lengths, strict=True)]
    written: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        written = written.concat("-").concat(part)
    return written
