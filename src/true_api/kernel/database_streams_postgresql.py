"""PostgreSQL, piece by piece: COPY for lines of JSON, a cursor of the server's for rows."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
from sqlalchemy import Row, Select, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from true_api.kernel.errors import Unavailable
from true_api.kernel.streams import AT_A_TIME, Stream

AN_HOUR = 3_600
PIECES_AHEAD = 8
# Two characters that JSON never holds as they are: CSV then quotes nothing and doubles nothing, which the text format
# would do to every backslash.
QUOTE, DELIMITER = "\x01", "\x02"
# To write a row as JSON costs more than to find it. The planner does not know, and would have one process do it all.
BY_SEVERAL = text("SET LOCAL parallel_tuple_cost = 0")


async def lines(connection: AsyncConnection, source: Stream) -> AsyncGenerator[bytes, None]:
    """Each row as a JSON object on a line of its own, in pieces as they come from the server; within a transaction."""
    await connection.execute(BY_SEVERAL)
    driver: Any = (await connection.get_raw_connection()).driver_connection
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(PIECES_AHEAD)
    copying = asyncio.create_task(_copy(driver, _written(source.select), pieces))
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
        await copying
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise Unavailable from None
    finally:
        if not copying.done():
            copying.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await copying
            # What the server still sends is for nobody.
            await connection.invalidate()


async def _copy(driver: Any, query: str, pieces: asyncio.Queue[bytes | None]) -> None:
    try:
        await driver.copy_from_query(
            query, output=pieces.put, format="csv", quote=QUOTE, delimiter=DELIMITER, timeout=AN_HOUR
        )
    finally:
        await pieces.put(None)


def _written(select: Select[Any]) -> str:
    """The select with its values in it: COPY takes no parameters. They are ids, days and terms of our own."""
    dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
    inner = select.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return f"SELECT row_to_json(one) FROM ({inner}) AS one"


async def batches(connection: AsyncConnection, source: Stream) -> AsyncGenerator[Sequence[Row[Any]], None]:
    """The rows, some thousands at a time."""
    try:
        found = await connection.stream(source.select, execution_options={"yield_per": AT_A_TIME})
        async for rows in found.partitions(AT_A_TIME):
            yield rows
    except (OSError, TimeoutError, DBAPIError):
        raise Unavailable from None
