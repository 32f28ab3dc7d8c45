"""What the tests of migrations share: asking a database directly, filling it, and other histories than our own."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from tests.house.building import ROOT
from true_api.kernel.database_postgresql import postgresql_engine
from true_api.kernel.database_schema import HISTORIES
from true_api.kernel.database_sqlite import sqlite_engine
from true_api.kernel.stores import Store

MIGRATIONS = ROOT / "migrations"
T = TypeVar("T")

MENDED = """\"\"\"A later migration.\"\"\"

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {revision!r}, {after!r}, None, None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    pass
"""


def ask(url: str, question: Callable[[Connection], T]) -> T:
    """The answer of a database, in one transaction that is kept."""
    if url.startswith("sqlite"):
        engine = sqlite_engine(url)
        try:
            with engine.begin() as connection:
                return question(connection)
        finally:
            engine.dispose()
    return asyncio.run(_ask_postgresql(url, question))


async def _ask_postgresql(url: str, question: Callable[[Connection], T]) -> T:
    engine = postgresql_engine(url, pool_size=1)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()


def scripts(store: Store = Store.MAIN) -> ScriptDirectory:
    """Our own history."""
    return ScriptDirectory(str(MIGRATIONS), version_locations=[str(MIGRATIONS / HISTORIES[store])])


def revisions(store: Store = Store.MAIN) -> list[str]:
    """Our own history, oldest first."""
    return [script.revision for script in reversed(list(scripts(store).walk_revisions()))]


def with_another(folder: Path, upgrade: str) -> Path:
    """A copy of our history, with one migration more at its end."""
    history = folder / "history"
    if not history.exists():
        shutil.copytree(MIGRATIONS, history, ignore=shutil.ignore_patterns("__pycache__"))
    newest = revisions()[-1]
    later = MENDED.format(revision="9999", after=newest, upgrade=upgrade)
    (history / "versions" / "9999_later.py").write_text(later)
    return history


def migrate_along(history: Path, url: str) -> None:
    """Move a database to the end of a history that is not our own."""
    config = Config()
    config.set_main_option("script_location", str(history))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    command.upgrade(config, "head")


def populate(connection: Connection) -> dict[str, int]:
    """One row in every table that has none, whatever the tables are at this revision; how many rows each holds then."""
    tables = sa.MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if table.name != "alembic_version" and not _count(connection, table):
            connection.execute(
                table.insert().values({column.name: _value(connection, column) for column in table.columns})
            )
    return counts(connection)


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    names = inspect(connection).get_table_names()
    return {name: _count(connection, sa.table(name)) for name in names}


def _count(connection: Connection, table: sa.FromClause) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _value(connection: Connection, column: sa.Column[Any]) -> Any:
    """Something that the column accepts: what it refers to, or the plainest value of its type."""
    for key in column.foreign_keys:
        return connection.execute(sa.select(key.column).limit(1)).scalar()
    match column.type:
        case sa.Uuid():
            return UUID(int=7)
        case sa.CHAR(length=32):
            return UUID(int=7).hex
        case sa.Boolean():
            return True
        case sa.Integer():
            return 1
        case sa.DateTime():
            return datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
        case sa.Date():
            return date(2026, 11, 2)
        case sa.JSON():
            return ["not_asked"]
        case sa.String():
            return "kept"
        case sa.LargeBinary():
            return b"kept"
    raise AssertionError(f"teach this test what to keep in {column}: {column.type}")
