"""PostgreSQL: asyncpg behind SQLAlchemy's pool; a transaction per unit, retried whole where that is safe."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Any

import structlog
from sqlalchemy import Row, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from true_api.kernel.database_streams_postgresql import batches, lines
from true_api.kernel.effects import Effect, Question, Unit, asked
from true_api.kernel.errors import Unavailable
from true_api.kernel.seal import carry_out
from true_api.kernel.streams import Stream

TRIES = 4
# A caller hears 503 within ten seconds instead of waiting behind a lock (reliability.md).
SECONDS_PER_STATEMENT = 8
# Serialization failure, deadlock: the transaction is surely not kept, so it is safe to run it again (reliability.md).
RETRY_WHOLE = ("40001", "40P01")
# Read-only after a failover, shutdown, lost connection, no room: safe to run again only before COMMIT was sent.
CONNECTION_GONE = ("25006", "57P0", "08", "53")
# The server's notice that a COMMIT stopped waiting for its standby: the write may be lost in a failover.
NOT_REPLICATED = "canceling wait for synchronous replication"

log = structlog.get_logger()


def postgresql_engine(
    url: str,
    pool_size: int = 8,
    prepared_statements: bool = True,
    session: Mapping[str, str] | None = None,
    patience: float | None = None,
) -> AsyncEngine:
    """An engine that writes to a primary only and never logs a value.

    `patience` is how many seconds one statement may take; None waits as long as a migration needs.
    """
    arguments: dict[str, Any] = {"timeout": 2, "command_timeout": patience, "target_session_attrs": "read-write"}
    if session:
        arguments["server_settings"] = dict(session)
    if not prepared_statements:
        arguments |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=8,
        # A ping costs three round trips; where a lost connection is met by another try, none is needed.
        pool_pre_ping=patience is None,
        hide_parameters=True,
        connect_args=arguments,
    )
    event.listen(engine.sync_engine, "connect", _without_compiling)
    return engine


def _without_compiling(connection: Any, _record: Any) -> None:
    """Compiling a plan costs 40 ms where running it costs 10: what a predicate over many rows may look like to it.

    Said on the connection itself, because a pooler in between refuses what it does not know at the start.
    """
    connection.run_async(lambda driver: driver.execute("SET jit = off"))


class PostgresqlDatabase:
    """The engine for those who outgrow the embedded one."""

    def __init__(self, url: str, pool_size: int, prepared_statements: bool) -> None:
        self._engine = postgresql_engine(url, pool_size, prepared_statements, patience=SECONDS_PER_STATEMENT)
        self._plain = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    def _to_read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection on which every statement stands for itself."""
        return self._plain.connect()

    def _to_write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection in a transaction of its own; what is not committed is rolled back."""
        return self._engine.connect()

    async def read(self, *selects: Question) -> list[Sequence[Row[Any]]]:
        """The rows of each select, on one connection."""
        for attempt in range(TRIES):
            try:
                async with self._to_read() as connection:
                    return [(await connection.execute(*asked(select))).all() for select in selects]
            except (DBAPIError, PoolTimeout, OSError) as error:
                await _pause_or_give_up(error, attempt)
        raise Unavailable

    async def commit(self, unit: Unit | Sequence[Effect]) -> None:
        """Carry out a unit in its own transaction; retried whole when it is known not to be kept."""
        effects = unit.effects if isinstance(unit, Unit) else unit
        for attempt in range(TRIES):
            try:
                async with self._to_write() as connection:
                    await connection.run_sync(carry_out, effects)
                    async with _known_to_be_kept(connection):
                        await connection.commit()
                    return
            except (DBAPIError, PoolTimeout, OSError) as error:
                await _pause_or_give_up(error, attempt)
        raise Unavailable

    async def lines(self, source: Stream) -> AsyncGenerator[bytes, None]:
        """The rows of a stream as lines of JSON, by COPY."""
        async with self._to_write() as connection, aclosing(lines(connection, source)) as found:
            async for piece in found:
                yield piece

    async def batches(self, source: Stream) -> AsyncGenerator[Sequence[Row[Any]], None]:
        """The rows of a stream, by a cursor."""
        async with self._to_write() as connection, aclosing(batches(connection, source)) as found:
            async for rows in found:
                yield rows

    async def about(self) -> tuple[str, str, str, tuple[str, ...]]:
        """Name, version, journal and warnings of this PostgreSQL."""
        asked = "SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS commit"
        row = (await self.read(text(asked)))[0][0]
        warnings = () if row.commit != "off" else ("synchronous_commit is off: acknowledged writes can be lost.",)
        return "PostgreSQL", str(row.version).split()[0], f"synchronous_commit {row.commit}", warnings

    async def scrub(self) -> None:
        """Nothing: PostgreSQL reuses the place of deleted rows in its own time (docs/operations.md)."""

    async def stop(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def state_of(error: BaseException) -> str:
    """The SQLSTATE of what PostgreSQL refused; empty where it said nothing."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


async def _pause_or_give_up(error: BaseException, attempt: int) -> None:
    """Wait a moment before the next try, or raise: `Unavailable` for what may pass, the error itself otherwise."""
    state = state_of(error)
    lost = not isinstance(error, DBAPIError) or error.connection_invalidated
    if not lost and not state.startswith((*RETRY_WHOLE, *CONNECTION_GONE)):
        raise error
    log.warning("database_retry", state=state, kind=type(error).__name__, attempt=attempt)
    if isinstance(error, PoolTimeout | TimeoutError) or attempt + 1 == TRIES:
        raise Unavailable from None
    await asyncio.sleep(0.02 * 2**attempt * (1 + random.random()))


@asynccontextmanager
async def _known_to_be_kept(connection: AsyncConnection) -> AsyncIterator[None]:
    """A COMMIT without an answer, or one that stopped waiting for its standby, may or may not be kept.

    Either is said with 503 and the connection is dropped; it is never run again by ourselves, because the
    caller's retry with the same Idempotency-Key finds out which it was.
    """
    notices: list[str] = []

    def listen(_connection: Any, notice: Any) -> None:
        notices.append(str(notice.message))

    driver: Any = (await connection.get_raw_connection()).driver_connection
    driver.add_log_listener(listen)
    try:
        yield
    except (DBAPIError, OSError) as error:
        if state_of(error).startswith(RETRY_WHOLE):
            raise
        await _drop(connection, state_of(error))
    finally:
        driver.remove_log_listener(listen)
    if any(NOT_REPLICATED in notice for notice in notices):
        await _drop(connection, "not_replicated")


async def _drop(connection: AsyncConnection, state: str) -> None:
    log.error("database_commit_unknown", state=state)
    await connection.invalidate()
    raise Unavailable from None
