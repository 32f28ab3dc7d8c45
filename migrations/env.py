"""How migrations run: one linear history per store for both engines, each migration in one transaction."""

import asyncio
import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, event
from sqlalchemy import types as sa_types
from sqlmodel.sql.sqltypes import AutoString

import true_api.api.all_doors
import true_api.privacy.forgotten
import true_api.privacy.holds
import true_api.privacy.recall_tables
import true_api.privacy.words
import true_api.rooms.safe_contacts.tables  # noqa: F401  (declares every table)
from true_api.kernel.database_postgresql import postgresql_engine
from true_api.kernel.database_sqlite import sqlite_engine
from true_api.kernel.rows import metadata
from true_api.kernel.settings import read_settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring_tables import keyring_metadata

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write plain SQLAlchemy types into history, so that it does not depend on what sqlmodel calls them."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, sa_types.Enum):
        return f"sa.String(length={item.length})"
    if type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, inspected_type: Any, declared_type: Any) -> bool | None:
    """Vocabularies are VARCHAR(40) on both engines; the rest is compared as usual."""
    if isinstance(declared_type, sa_types.Enum):
        return not (isinstance(inspected_type, sa_types.String) and inspected_type.length == declared_type.length)
    return None


def configure(connection: Connection) -> None:
    """Run what is asked for on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=declared,
        render_as_batch=True,
        transactional_ddl=True,
        transaction_per_migration=True,
        render_item=render_item,
        compare_type=compare_type,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def do_not_wait_long(connection: Connection) -> None:
    """Every migration has a transaction of its own, so the setting is made anew in each."""
    connection.exec_driver_sql(LOCK_TIMEOUT)


async def on_postgresql(url: str, schema: str | None) -> None:
    """Migrate PostgreSQL; a named schema is where a backup is tried out."""
    engine = postgresql_engine(url, pool_size=1, session={"search_path": schema} if schema else None)
    event.listen(engine.sync_engine, "begin", do_not_wait_long)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(configure)
            await connection.commit()
    finally:
        await engine.dispose()


def on_sqlite(url: str) -> None:
    """Migrate SQLite; foreign keys are off, because a batch rebuilds tables, and so is the look at other triggers.

    A table that is rebuilt loses its own triggers: its migration makes them again.
    """
    engine = sqlite_engine(url, foreign_keys=False, overwrites=store is Store.KEYRING)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA legacy_alter_table=ON"))
    try:
        with engine.connect() as connection:
            configure(connection)
    finally:
        engine.dispose()


def offline(url: str) -> None:
    """Print the SQL instead."""
    context.configure(
        url=url,
        target_metadata=declared,
        literal_binds=True,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# By hand the keyring is named as a section of alembic.ini: `alembic -n keyring upgrade head`.
named = context.config.config_ini_section if context.config.config_ini_section in set(Store) else Store.MAIN
store = Store(context.config.attributes.get("store") or named)
declared = keyring_metadata if store is Store.KEYRING else metadata
url: str = context.config.attributes.get("url") or read_settings(os.environ).url_of(store)
if context.is_offline_mode():
    offline(url)
elif url.startswith("sqlite"):
    on_sqlite(url)
else:
    asyncio.run(on_postgresql(url, context.config.attributes.get("schema")))
