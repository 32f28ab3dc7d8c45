"""SQLite: WAL, FULL, a few reading threads and one writing thread that commits waiting units as a group."""

import asyncio
import platform
import sqlite3
import time
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread, local
from types import ModuleType
from typing import Any

import structlog
from sqlalchemy import Connection, Row, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from true_api.kernel.database_streams_sqlite import lines_after, pieces, rows_after
from true_api.kernel.effects import Effect, Question, Unit, asked
from true_api.kernel.errors import Unavailable
from true_api.kernel.seal import carry_out
from true_api.kernel.streams import Stream

try:
    from pysqlite3 import dbapi2 as newer_sqlite
except ImportError:
    newer_sqlite = sqlite3

# Before 3.51.3 the write-ahead log can be corrupted when it is reset under two writers (reliability.md).
SAFE_LOG_VERSION = (3, 51, 3)
LARGEST_GROUP = 200
PAUSE_BETWEEN_GROUPS = 0.001
READERS = 3
LOCK_WAIT_MS = 5_000
FOLDING_TRIES = 12

log = structlog.get_logger()
_Work = tuple[Sequence[Effect], "Future[None]"]


def driver() -> ModuleType:
    """The newest SQLite at hand: the pinned wheel where there is one, else the standard library's."""
    return newer_sqlite  # type: ignore[no-any-return]


def log_is_safe() -> bool:
    """Whether this SQLite may keep a write-ahead log."""
    return bool(driver().sqlite_version_info >= SAFE_LOG_VERSION)


def sqlite_engine(
    url: str,
    *,
    begin: str | None = "BEGIN IMMEDIATE",
    reads_only: bool = False,
    foreign_keys: bool = True,
    overwrites: bool = False,
) -> Engine:
    """An engine whose transactions begin as told, so that two writers queue instead of failing.

    `overwrites` puts zeros where something is deleted, so that it cannot be read from the file afterwards.
    """
    enforced = "ON" if foreign_keys else "OFF"
    engine = create_engine(
        url,
        module=driver(),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": LOCK_WAIT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        journal = "WAL" if log_is_safe() else "DELETE"
        pragmas = [
            f"journal_mode={journal}",
            "synchronous=FULL",
            f"foreign_keys={enforced}",
            "cache_size=-4000",
        ]
        asked = [*(["query_only=ON"] if reads_only else []), *(["secure_delete=ON"] if overwrites else [])]
        for pragma in [*pragmas, *asked]:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if begin:
            connection.exec_driver_sql(begin)

    return engine


class SqliteDatabase:
    """The embedded default."""

    def __init__(self, url: str, overwrites: bool = False) -> None:
        self._writing = sqlite_engine(url, overwrites=overwrites)
        self._reading = sqlite_engine(url, begin=None, reads_only=True)
        self._folding = sqlite_engine(url, begin=None)
        self._readers = ThreadPoolExecutor(READERS, "sqlite-reader")
        self._folder = ThreadPoolExecutor(1, "sqlite-folder")
        self._at_hand = local()
        self._opened: list[Connection] = []
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._writer = Thread(target=self._write_on, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def read(self, *selects: Question) -> list[Sequence[Row[Any]]]:
        """The rows of each select, in one hop to a reading thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, selects)

    def _read(self, selects: Sequence[Question]) -> list[Sequence[Row[Any]]]:
        connection = getattr(self._at_hand, "connection", None)
        try:
            if connection is None:
                connection = self._at_hand.connection = self._reading.connect()
                self._opened.append(connection)
            return [connection.execute(*asked(select)).all() for select in selects]
        except OperationalError as error:
            log.warning("database_read_failed", kind=type(error.orig).__name__)
            raise Unavailable from None
        finally:
            if connection is not None:
                connection.rollback()

    async def lines(self, source: Stream) -> AsyncGenerator[bytes, None]:
        """The rows of a stream as lines of JSON."""
        async for rows in pieces(source, lines_after, self._read_one):
            yield await asyncio.to_thread(_joined, rows)

    async def batches(self, source: Stream) -> AsyncGenerator[Sequence[Row[Any]], None]:
        """The rows of a stream, each with its key beside it."""
        async for rows in pieces(source, rows_after, self._read_one):
            yield rows

    async def _read_one(self, select: Question) -> Sequence[Row[Any]]:
        return (await self.read(select))[0]

    async def commit(self, unit: Unit | Sequence[Effect]) -> None:
        """Queue a unit for the writing thread and wait until its group is on disk."""
        done: Future[None] = Future()
        self._queue.put((unit.effects if isinstance(unit, Unit) else unit, done))
        await asyncio.wrap_future(done)

    def _write_on(self) -> None:
        connection: Connection | None = None
        while (first := self._queue.get()) is not None:
            group = [first]
            while len(group) < LARGEST_GROUP and not self._queue.empty():
                if (following := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                group.append(following)
            try:
                connection = connection or self._writing.connect()
                self._commit_group(connection, group)
            except Exception as error:
                log.error("database_commit_failed", kind=type(getattr(error, "orig", error)).__name__)
                if connection is not None:
                    connection.close()
                    connection = None
                for _, done in group:
                    if not done.done():
                        done.set_exception(Unavailable())
            # Without a pause a second process waited 2.1 s for the lock, with it 55 ms (house.md).
            time.sleep(PAUSE_BETWEEN_GROUPS)
        if connection is not None:
            connection.close()

    def _commit_group(self, connection: Connection, group: list[_Work]) -> None:
        outcomes: list[tuple[Future[None], Exception | None]] = []
        with connection.begin():
            for effects, done in group:
                try:
                    with connection.begin_nested():
                        carry_out(connection, effects)
                    outcomes.append((done, None))
                except OperationalError:
                    raise
                except Exception as refusal:
                    # Answered after the commit too: what it collided with may be in this very group.
                    outcomes.append((done, refusal))
        for done, refused in outcomes:
            _settle(done, refused)

    async def scrub(self) -> None:
        """Fold the write-ahead log into the file and empty it, so that no deleted page is left in the log."""
        for attempt in range(FOLDING_TRIES):
            if await asyncio.get_running_loop().run_in_executor(self._folder, self._fold_log):
                return
            # Whoever else folds it just now makes this one busy at once, without waiting for the lock.
            await asyncio.sleep(0.01 * 2 ** min(attempt, 6))
        raise Unavailable

    def _fold_log(self) -> bool:
        connection = self._folding.connect()
        try:
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        except OperationalError:
            return False
        finally:
            connection.close()

    async def about(self) -> tuple[str, str, str, tuple[str, ...]]:
        """Name, version, journal and warnings of this SQLite."""
        version = driver().sqlite_version
        if log_is_safe():
            return "SQLite", version, "WAL, FULL", ()
        place = platform.machine()
        warning = (
            f"SQLite {version} on {place} is older than 3.51.3, whose write-ahead log can be corrupted under two"
            " writers; the slower rollback journal is used. Install Python with a newer SQLite, or use PostgreSQL."
        )
        return "SQLite", version, "rollback journal, FULL", (warning,)

    async def stop(self) -> None:
        """Finish the queue, then close every connection."""
        self._queue.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._writer.join)
        self._readers.shutdown(wait=True)
        self._folder.shutdown(wait=True)
        for connection in self._opened:
            connection.close()
        self._writing.dispose()
        self._reading.dispose()
        self._folding.dispose()


def _settle(done: "Future[None]", refusal: Exception | None = None) -> None:
    """Answer a waiting request, unless it was cancelled meanwhile: its unit is kept all the same."""
    if done.cancelled() or not done.set_running_or_notify_cancel():
        return
    if refusal is None:
        done.set_result(None)
    else:
        done.set_exception(refusal)


def _joined(rows: Sequence[Row[Any]]) -> bytes:
    return ("\n".join(row.line for row in rows) + "\n").encode()
