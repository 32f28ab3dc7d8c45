"""Pieces: the bytes of a file as they come, and how many rows end in them."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from true_api.outlets.formats import Columns, Format, write

CHUNK = 1 << 20
"""How many bytes are written at a time."""

Rows = AsyncGenerator[Sequence[Mapping[str, Any]], None]
"""Rows as the writers of formats take them, some at a time."""


@dataclass(frozen=True)
class Piece:
    """Some bytes of a file, and how many rows end in them."""

    content: bytes
    rows: int


Pieces = AsyncGenerator[Piece, None]


async def of_lines(lines: AsyncGenerator[bytes, None]) -> Pieces:
    """Of lines that are written already."""
    async with aclosing(lines):
        async for line in lines:
            yield Piece(line, line.count(b"\n"))


async def of_rows(rows: Rows, columns: Columns, form: Format) -> Pieces:
    """Of rows that are yet to be written in a format."""
    taken = 0

    async def one_by_one() -> AsyncIterator[Mapping[str, Any]]:
        nonlocal taken
        async for some in rows:
            for row in some:
                taken += 1
                yield row

    told = 0
    async with aclosing(rows):
        async for content in write(one_by_one(), columns, form):
            yield Piece(content, taken - told)
            told = taken


async def of_few(rows: Iterable[Mapping[str, Any]], columns: Columns, form: Format) -> Pieces:
    """Of rows that are in memory."""

    async def once() -> Rows:
        yield list(rows)

    async with aclosing(of_rows(once(), columns, form)) as pieces:
        async for piece in pieces:
            yield piece


async def in_chunks(pieces: Pieces) -> Pieces:
    """The same in larger pieces; the last may be smaller, and there is always one."""
    held, rows = bytearray(), 0
    async with aclosing(pieces):
        async for piece in pieces:
            held += piece.content
            rows += piece.rows
            if len(held) >= CHUNK:
                yield Piece(bytes(held), rows)
                held, rows = bytearray(), 0
    yield Piece(bytes(held), rows)
