"""The database: one interface, two engines that are equals; readers read, and the seal commits units."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Row

from true_api.kernel.database_postgresql import PostgresqlDatabase
from true_api.kernel.database_sqlite import SqliteDatabase
from true_api.kernel.database_wall import SecondWall
from true_api.kernel.effects import Effect, Question, Unit
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.kernel.streams import Stream

T = TypeVar("T")
ONE_WALL = "SQLite knows no roles: the gate alone keeps agencies to their own rows."


class Database(Protocol):
    """All that the floors above may ask of an engine."""

    async def read(self, *selects: Question) -> list[Sequence[Row[Any]]]:
        """The rows of each select, in one hop."""

    async def commit(self, unit: Unit | Sequence[Effect]) -> None:
        """Carry out a unit in one durable transaction; returns after the commit.

        Raises the conflict that an effect met, or `Unavailable` (503) when the outcome is not known to be kept.
        """

    def lines(self, source: Stream) -> AsyncGenerator[bytes, None]:
        """Each row of a stream as a JSON object on a line of its own, in pieces of whole lines. Close it when done.

        Raises `Unavailable` where the engine does not answer.
        """

    def batches(self, source: Stream) -> AsyncGenerator[Sequence[Row[Any]], None]:
        """The rows of a stream, some thousands at a time. Close it when done. Raises `Unavailable` like `lines`."""

    async def about(self) -> tuple[str, str, str, tuple[str, ...]]:
        """Name, version, journal and warnings of the engine."""

    async def scrub(self) -> None:
        """Take what was deleted out of the files, as far as the engine can. Raises `Unavailable` when it cannot now."""

    async def stop(self) -> None:
        """Let running units finish, then close every connection."""


def open_database(settings: Settings, store: Store = Store.MAIN) -> Database:
    """The database that the settings name for a store; in a file, what is deleted is overwritten (privacy.md 6)."""
    url = settings.url_of(store)
    if url.startswith("sqlite"):
        return SqliteDatabase(url, overwrites=True)
    return PostgresqlDatabase(url, settings.pool_size, settings.prepared_statements)


def open_second_wall(settings: Settings) -> SecondWall | None:
    """A second way into the main store, for callers from outside; None on SQLite, which knows no roles."""
    url = settings.url_behind_the_wall
    if url.startswith("sqlite"):
        return None
    return SecondWall(url, settings.agency_pool_size, settings.prepared_statements)


async def shielded(work: Awaitable[T]) -> T:
    """Wait for a commit that a caller's hanging up must not tear in two."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
