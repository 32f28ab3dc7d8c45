"""What the database holds, for tests that look (or reach) behind the command line."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from true_api.kernel.database import open_database
from true_api.kernel.effects import Unit
from true_api.kernel.rows import Row, table_of
from true_api.kernel.settings import Settings
from true_api.security.accounts import Member
from true_api.security.trail import TrailEntry


def rows(settings: Settings, statement: Any) -> Sequence[Any]:
    """The rows of a select."""

    async def read() -> Sequence[Any]:
        database = open_database(settings)
        try:
            return (await database.read(statement))[0]
        finally:
            await database.stop()

    return asyncio.run(read())


def keep(settings: Settings, kept: Iterable[Row]) -> None:
    """Put rows where the command line will find them."""

    async def commit() -> None:
        database, unit = open_database(settings), Unit()
        for row in kept:
            unit.keep(row)
        try:
            await database.commit(unit)
        finally:
            await database.stop()

    asyncio.run(commit())


def trail(settings: Settings) -> Sequence[Any]:
    """The trail, oldest entry first."""
    entries = table_of(TrailEntry)
    return rows(settings, select(entries).order_by(entries.c.id))


def member(settings: Settings, label: str) -> Any:
    """The member with this label."""
    members = table_of(Member)
    return rows(settings, select(members).where(members.c.label == label))[0]
