"""Backing up PostgreSQL: one snapshot of every table, put back into a scratch schema, compared and dropped."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import gaierror
from typing import Any, Literal

from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy.exc import DBAPIError

from true_api.kernel.backup_archive import Archive
from true_api.kernel.backup_manifest import BackupRefused, Copied, TableContent
from true_api.kernel.database_copy_postgresql import (
    A_DAY,
    HISTORY,
    connected,
    copy_out,
    load,
    revision_of,
    see_every_row,
    tables_of,
)
from true_api.kernel.database_schema import is_known, migrate
from true_api.kernel.private_files import private_file
from true_api.kernel.stores import Store

SCRATCH = "true_api_backup_proof_"
ONE_AT_A_TIME = 0x74727565_62616B75
"""The advisory lock of whoever makes a backup of this database; it ends with the connection."""

NOT_MIGRATED = "This database holds no schema of TRUE API. Run `true-api setup`."
NOT_KNOWN = "A newer version of TRUE API made this database. Back it up with that version."
BUSY = "Another backup of this database is running. Wait until it is done."
MOVED_ON = "The schema was migrated while it was being backed up. Run the backup again."
NO_SCHEMA = "The schema that this database user's search_path names does not exist. Create it, or name another."
TAKEN = (
    "This database is not empty, and nothing was touched. Create a new, empty one (CREATE DATABASE ...),"
    " name it in TRUE_DATABASE_URL (the keyring's: TRUE_KEYRING_URL), and restore again. A PostgreSQL database is never"
    " replaced in place."
)
HALF_DONE = " The database may hold empty tables now: drop it, create a new one, and restore again."


class PostgresqlBackup:
    """Copies out of, and puts back into, one PostgreSQL database."""

    name: Literal["postgresql"] = "postgresql"

    def __init__(self, url: str, store: Store = Store.MAIN) -> None:
        self._url, self._store = url, store

    async def size(self) -> int:
        """Bytes that a copy takes at most, roughly."""
        async with _plainly(), connected(self._url) as live:
            sized = "SELECT sum(pg_table_size(quote_ident(name)::regclass))::bigint FROM unnest($1::text[]) AS name"
            return int(await live.fetchval(sized, list(await tables_of(live))) or 0)

    @asynccontextmanager
    async def proving_ground(self, work: Path) -> AsyncIterator["PostgresqlGround"]:
        """A scratch schema at the live schema's revision; it is gone when the `with` ends."""
        async with _plainly(), connected(self._url) as keeper:
            if not await keeper.fetchval("SELECT pg_try_advisory_lock($1)", ONE_AT_A_TIME):
                raise BackupRefused(BUSY)
            await _drop_scratch(keeper)
            revision = await _known_revision(keeper, self._store)
            schema = f"{SCRATCH}{secrets.token_hex(6)}"
            await keeper.execute(f"CREATE SCHEMA {schema}")
            try:
                await asyncio.to_thread(migrate, self._url, revision, schema, self._store)
                yield PostgresqlGround(self._url, work, schema)
            finally:
                await _drop_scratch(keeper)

    async def refuse_unless_free(self, replace: bool) -> None:
        """Refuse to restore into a database that holds anything; `replace` makes no difference here."""
        async with _plainly(), connected(self._url) as target:
            if await target.fetchval("SELECT current_schema()") is None:
                raise BackupRefused(NO_SCHEMA)
            if await target.fetchval(_HOLDS_ANYTHING):
                raise BackupRefused(TAKEN)

    async def put_back(self, archive: Archive, _stamp: str) -> Path | None:
        """Restore, at the archive's revision."""
        try:
            async with _plainly():
                await asyncio.to_thread(migrate, self._url, archive.manifest.revision, None, self._store)
                async with connected(self._url) as target:
                    await load(target, archive)
        except BackupRefused as refused:
            raise type(refused)(f"{refused}{HALF_DONE}") from None
        return None


class PostgresqlGround:
    """Where one backup is made and proven."""

    def __init__(self, url: str, work: Path, schema: str) -> None:
        self._url, self._work, self._schema = url, work, schema

    async def copy(self) -> Copied:
        """Every table as it stands at one instant, while others read and write."""
        async with connected(self._url, self._schema) as scratch:
            expected, revision = await tables_of(scratch), await revision_of(scratch)
        async with connected(self._url) as live, live.transaction(isolation="repeatable_read", readonly=True):
            # Locked before the snapshot is taken: no migration can come between the two.
            names = ", ".join(f'"{name}"' for name in (*expected, HISTORY))
            await live.execute(f"LOCK TABLE {names} IN ACCESS SHARE MODE")
            if await revision_of(live) != revision:
                raise BackupRefused(MOVED_ON)
            await see_every_row(live)
            present = await tables_of(live)
            for name, columns in expected.items():
                _require_same_columns(name, set(columns), set(present.get(name, ())))
            tables = [await self._copy_table(live, name, list(columns)) for name, columns in expected.items()]
        files = tuple(self._file(name) for name in expected)
        return Copied(str(revision), tuple(tables), files, tuple(sorted(present.keys() - expected)))

    async def _copy_table(self, live: Any, name: str, columns: list[str]) -> TableContent:
        with private_file(self._file(name)) as out:
            return await copy_out(live, name, columns, out.write)

    def _file(self, table: str) -> Path:
        return self._work / f"{table}.copy"

    async def restore(self, archive: Archive) -> None:
        """Restore into the scratch schema, and compare. Raises `NotProven`."""
        async with connected(self._url, self._schema) as scratch:
            await load(scratch, archive)


_HOLDS_ANYTHING = """
SELECT EXISTS (
  SELECT FROM pg_class c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
"""


async def _known_revision(connection: Any, store: Store) -> str:
    revision = await revision_of(connection)
    if revision is None:
        raise BackupRefused(NOT_MIGRATED)
    if not is_known(revision, store):
        raise BackupRefused(NOT_KNOWN)
    return revision


async def _drop_scratch(connection: Any) -> None:
    """Drop scratch schemas: this backup's own, and any that an interrupted one left behind."""
    pattern = SCRATCH.replace("_", r"\_") + "%"
    for row in await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname LIKE $1", pattern):
        await connection.execute(f'DROP SCHEMA "{row["nspname"]}" CASCADE', timeout=A_DAY)


def _require_same_columns(table: str, expected: set[str], present: set[str]) -> None:
    if expected != present:
        raise BackupRefused(
            f"The table {table} does not have the columns that its schema revision makes, so a restore would lose"
            " something. Undo what was changed by hand, or make it a migration."
        )


@asynccontextmanager
async def _plainly() -> AsyncIterator[None]:
    """Failures of PostgreSQL in words that hold no value: its own messages quote rows."""
    try:
        yield
    except (PostgresError, InterfaceError, DBAPIError, OSError) as error:
        if isinstance(error, OSError) and not _is_of_network(error):
            raise
        state = str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")
        raise BackupRefused(_words(state, type(error).__name__)) from None


def _is_of_network(error: OSError) -> bool:
    # Where a host has several addresses, asyncio sums their failures up in one error without a number.
    return isinstance(error, ConnectionError | TimeoutError | gaierror) or error.errno is None


def _words(state: str, kind: str) -> str:
    if state == "42501":
        return (
            "This database user may not do all that a backup needs: reading every table, and a scratch schema to"
            " prove the backup in (GRANT CREATE ON DATABASE ... TO ...)."
        )
    if state == "42P01":
        return "A table is missing that this schema revision makes. Something was dropped by hand."
    if state == "55P03":
        return "Another session holds a lock on the tables, perhaps a migration. Wait until it is done."
    if state.startswith("53"):
        return "The database server has run out of disk, memory or connections."
    return (
        f"The database server refused or could not be reached ({state or kind})."
        " Look at its log and at TRUE_DATABASE_URL."
    )
