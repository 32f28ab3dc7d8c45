"""Formats: rows with named, typed columns as JSON, CSV, NDJSON or Parquet, in constant memory; none looks at its rows.

The columns are said beforehand, so that an answer without rows has the same header and the same types as one with rows.
Texts are given as `str`, days as `date`; a value that is not there is None, which CSV writes as an empty field.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from pydantic_core import to_json

from true_api.kernel.errors import NotAcceptable

try:
    import pyarrow
    from pyarrow import parquet
except ImportError:
    pyarrow = parquet = None

BATCH = 2_000
ROW_GROUP = 65_536
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BREAKS_A_CELL = ("\t", "\r", "\n")
UNSEEN = " \u00a0\u200b\ufeff"

Row = Mapping[str, Any]


class ParquetNotInstalled(NotAcceptable):
    """This server writes no Parquet: its operator installs the extra `parquet`; CSV, NDJSON and JSON work."""

    code = "parquet_not_installed"


class Format(StrEnum):
    """In what rows leave the house."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


MEDIA_TYPES: dict[Format, str] = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.NDJSON: "application/x-ndjson",
    Format.PARQUET: "application/vnd.apache.parquet",
}
"""How Accept asks for each; where it names none of them in particular, the first."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FLAG = "flag"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A column: its name, and what it holds in every row that does not leave it out."""

    name: str
    kind: Kind = Kind.TEXT


Columns = tuple[Column, ...]


class Writer(Protocol):
    """Turns rows into bytes: what comes before them all, some of them at a time, and what comes after."""

    def opening(self) -> bytes:
        """What comes before all rows."""

    def some(self, rows: Sequence[Row]) -> bytes:
        """The next rows; what is not full yet may be held back."""

    def closing(self) -> bytes:
        """What was held back, and what comes after all rows."""


async def write(rows: AsyncIterable[Row] | Iterable[Row], columns: Columns, form: Format) -> AsyncIterator[bytes]:
    """The rows as bytes, piece by piece, never more than some of them in memory. Raises `ParquetNotInstalled`."""
    writer = writer_of(columns, form)
    yield writer.opening()
    async for batch in _batches(rows):
        if piece := await asyncio.to_thread(writer.some, batch):
            yield piece
    yield await asyncio.to_thread(writer.closing)


def whole(rows: Sequence[Row], columns: Columns, form: Format) -> bytes:
    """A few rows as bytes at once. Raises `ParquetNotInstalled`."""
    writer = writer_of(columns, form)
    return writer.opening() + writer.some(rows) + writer.closing()


def available() -> list[Format]:
    """The formats that this server writes, the usual one first."""
    return [form for form in Format if form is not Format.PARQUET or parquet is not None]


def writer_of(columns: Columns, form: Format) -> Writer:
    """What writes these columns in this format. Raises `ParquetNotInstalled`."""
    if form is Format.PARQUET and parquet is None:
        raise ParquetNotInstalled
    writer: Writer = WRITERS[form](columns)
    return writer


async def _batches(rows: AsyncIterable[Row] | Iterable[Row]) -> AsyncIterator[list[Row]]:
    batch: list[Row] = []
    async for row in rows if isinstance(rows, AsyncIterable) else _one_by_one(rows):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _one_by_one(rows: Iterable[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row


class _Json:
    """One object with one flat array: `{"rows": [...]}`."""

    def __init__(self, columns: Columns) -> None:
        self._names = [column.name for column in columns]
        self._between = b""

    def opening(self) -> bytes:
        return b'{"rows":['

    def some(self, rows: Sequence[Row]) -> bytes:
        if not rows:
            return b""
        listed = to_json([{name: row[name] for name in self._names} for row in rows])
        piece, self._between = self._between + listed[1:-1], b","
        return piece

    def closing(self) -> bytes:
        return b"]}"


class _Lines:
    """One JSON object to a line."""

    def __init__(self, columns: Columns) -> None:
        self._names = [column.name for column in columns]

    def opening(self) -> bytes:
        return b""

    def some(self, rows: Sequence[Row]) -> bytes:
        return b"".join(to_json({name: row[name] for name in self._names}) + b"\n" for row in rows)

    def closing(self) -> bytes:
        return b""


class _Sheet:
    """A header and lines that end in CRLF (RFC 4180), in UTF-8."""

    def __init__(self, columns: Columns) -> None:
        self._names = [column.name for column in columns]

    def opening(self) -> bytes:
        return _lines([self._names])

    def some(self, rows: Sequence[Row]) -> bytes:
        return _lines([cell(row[name]) for name in self._names] for row in rows)

    def closing(self) -> bytes:
        return b""


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerows(rows)
    return sheet.getvalue().encode()


def cell(value: object) -> str:
    """A value as a spreadsheet takes it for a text or a number, and never for a formula (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    text = str(value)
    risky = text.startswith(BREAKS_A_CELL) or text.lstrip(UNSEEN).startswith(BEGINS_A_FORMULA)
    return f"'{text}" if risky else text


class _Pipe(io.RawIOBase):
    """Takes what the Parquet writer writes, until somebody asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._passed = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        written = bytes(piece)
        self._held += written
        self._passed += len(written)
        return len(written)

    def tell(self) -> int:
        return self._passed

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._held)
        self._held.clear()
        return piece


class _Parquet:
    """Row groups of a fixed size, so that the same rows are always the same bytes with one release of the library."""

    def __init__(self, columns: Columns) -> None:
        self._schema = pyarrow.schema([(column.name, _arrow(column.kind)) for column in columns])
        self._pipe, self._rows = _Pipe(), 0
        self._waiting: list[Any] = []
        self._writer = parquet.ParquetWriter(self._pipe, self._schema)

    def opening(self) -> bytes:
        return self._pipe.taken()

    def some(self, rows: Sequence[Row]) -> bytes:
        if rows:
            self._waiting.append(pyarrow.RecordBatch.from_pylist([dict(row) for row in rows], schema=self._schema))
            self._rows += len(rows)
        if self._rows >= ROW_GROUP:
            self._write()
        return self._pipe.taken()

    def closing(self) -> bytes:
        if self._waiting:
            self._write()
        self._writer.close()
        return self._pipe.taken()

    def _write(self) -> None:
        self._writer.write_table(pyarrow.Table.from_batches(self._waiting, self._schema), row_group_size=self._rows)
        self._waiting, self._rows = [], 0


def _arrow(kind: Kind) -> Any:
    kinds = {
        Kind.TEXT: pyarrow.string(),
        Kind.WHOLE: pyarrow.int64(),
        Kind.DECIMAL: pyarrow.float64(),
        Kind.FLAG: pyarrow.bool_(),
        Kind.DAY: pyarrow.date32(),
    }
    return kinds[kind]


WRITERS: dict[Format, type[Any]] = {
    Format.JSON: _Json,
    Format.CSV: _Sheet,
    Format.NDJSON: _Lines,
    Format.PARQUET: _Parquet,
}
