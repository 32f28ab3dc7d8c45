"""The sequencer: one order without gaps, each entry once, and readers who follow it never miss any."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.world import house_settings
from true_api.kernel.database import Database, open_database
from true_api.kernel.effects import Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.ids import new_id
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import LARGEST_STEP, Pending, Position, advance, advance_all
from true_api.kernel.settings import Settings

WRITERS, ENTRIES_EACH, SECONDS_TO_GIVE_UP = 16, 15, 60
STREAM = "proof"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Where the database is that several processes share."""
    return house_settings(tmp_path, database_url)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database as one process has it."""
    database = open_database(settings)
    try:
        yield database
    finally:
        await database.stop()


async def write(database: Database, entries: list[UUID]) -> None:
    """One unit with these entries."""
    unit = Unit()
    for entry in entries:
        unit.keep(Pending(entry_id=entry, stream=STREAM))
    await database.commit(unit)


async def after(database: Database, position: int) -> list[tuple[int, UUID]]:
    """What a reader sees who has read as far as a position."""
    table = table_of(Position)
    statement = select(table).where(table.c.position > position).order_by(table.c.position)
    return [(row.position, row.entry_id) for row in (await database.read(statement))[0]]


async def waiting(database: Database) -> int:
    """How many entries have no position yet."""
    return len((await database.read(table_of(Pending).select()))[0])


async def test_many_writers_and_two_sequencers_leave_no_gap_and_a_reader_misses_nothing(settings: Settings) -> None:
    async with opened(settings) as here, opened(settings) as there:
        await advance_all(here)
        start = max((position for position, _ in await after(here, 0)), default=0)
        written: list[UUID] = []
        followed: list[tuple[int, UUID]] = []
        everybody_is_done = asyncio.Event()

        async def writes(database: Database) -> None:
            for _ in range(ENTRIES_EACH):
                entries = [new_id(), new_id()]
                await write(database, entries)
                written.extend(entries)

        async def sequences(database: Database) -> None:
            while not everybody_is_done.is_set() or await waiting(database):
                await advance(database)

        async def follows(database: Database) -> None:
            while not everybody_is_done.is_set() or len(followed) < len(written):
                last = followed[-1][0] if followed else start
                followed.extend(await after(database, last))

        meanwhile = [asyncio.create_task(work) for work in (sequences(here), sequences(there), follows(here))]
        await asyncio.gather(*(writes((here, there)[number % 2]) for number in range(WRITERS)))
        everybody_is_done.set()
        async with asyncio.timeout(SECONDS_TO_GIVE_UP):
            await asyncio.gather(*meanwhile)

        total = WRITERS * ENTRIES_EACH * 2
        assert [position for position, _ in followed] == list(range(start + 1, start + 1 + total))
        assert sorted(entry for _, entry in followed) == sorted(written)
        assert await after(there, start) == followed
        assert await waiting(here) == 0


async def test_of_two_holders_at_the_same_moment_one_moves_each_entry(settings: Settings) -> None:
    async with opened(settings) as here, opened(settings) as there:
        await advance_all(here)
        start = len(await after(here, 0))
        entries = [new_id() for _ in range(40)]
        for entry in entries:
            await write(here, [entry])
        moved = await asyncio.gather(*(advance(database) for database in (here, there) * 4))
        await advance_all(here)
        assert sum(moved) == 40
        assert [position for position, _ in await after(here, start)] == list(range(start + 1, start + 41))


async def test_a_long_queue_is_moved_in_steps(settings: Settings) -> None:
    async with opened(settings) as database:
        await advance_all(database)
        entries = [new_id() for _ in range(LARGEST_STEP + 1)]
        await write(database, entries)
        start = len(await after(database, 0))
        assert await advance(database) == LARGEST_STEP
        assert await waiting(database) == 1
        assert await advance_all(database) == 1
        assert await advance_all(database) == 0
        assert [entry for _, entry in await after(database, start)] == sorted(entries)


async def test_what_is_not_committed_has_no_position(settings: Settings) -> None:
    async with opened(settings) as database:
        await advance_all(database)
        start, twice = len(await after(database, 0)), new_id()
        await write(database, [twice])
        with pytest.raises(WriteCollided):
            await write(database, [new_id(), twice])
        assert await advance_all(database) == 1
        assert [entry for _, entry in await after(database, start)] == [twice]
