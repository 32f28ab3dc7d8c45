"""Copying tables out of PostgreSQL and into it, in the text format of COPY, with nothing but the driver."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from graphlib import TopologicalSorter
from typing import Any

from true_api.kernel.backup_archive import Archive, Part
from true_api.kernel.backup_manifest import BackupRefused, NotProven, TableContent, Tally
from true_api.kernel.database_postgresql import postgresql_engine

Tables = Mapping[str, Sequence[str]]
"""Columns by table."""

A_DAY = 86_400
HISTORY = "alembic_version"
# Pinned, so that the same rows are the same bytes wherever they are read. Without row_security=off a policy would
# leave rows out without a word; with it, PostgreSQL refuses.
SESSION = {
    "application_name": "true-api backup",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "row_security": "off",
    "statement_timeout": "0",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
}

DIFFERS = "What was restored differs from what the backup says it holds."
OTHER_TABLES = "The tables of this backup are not those that its schema revision makes in this version of TRUE API."

# Tables that an extension brought belong to the extension.
_TABLES = """
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND NOT a.attisdropped AND a.attgenerated = ''
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
GROUP BY c.relname ORDER BY c.relname
"""
_REFERENCES = """
SELECT child.relname AS child, parent.relname AS parent
FROM pg_constraint k JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND child.oid <> parent.oid
"""


# The second wall is forced on the owner too, who is let through by a policy of their own. Where that is all that stands
# between this user and every row, nothing is left out.
_HIDES_ROWS = """
SELECT EXISTS (
  SELECT FROM pg_class c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity AND row_security_active(c.oid)
    AND (EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive)
      OR NOT EXISTS (
        SELECT FROM pg_policy p, unnest(p.polroles) AS role
        WHERE p.polrelid = c.oid AND p.polcmd IN ('*', 'r') AND pg_get_expr(p.polqual, p.polrelid) = 'true'
          AND CASE WHEN role = 0 THEN true ELSE pg_has_role(role, 'USAGE') END)))
"""
_FORCED = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relforcerowsecurity ORDER BY c.relname
"""


@asynccontextmanager
async def connected(url: str, schema: str | None = None) -> AsyncIterator[Any]:
    """A connection of the driver itself, which alone speaks COPY; `schema` instead of the user's own."""
    session = SESSION | ({"search_path": schema} if schema else {})
    engine = postgresql_engine(url, pool_size=1, session=session)
    try:
        async with engine.connect() as connection:
            yield (await connection.get_raw_connection()).driver_connection
    finally:
        await engine.dispose()


async def tables_of(connection: Any) -> Tables:
    """The columns of each table in the schema, without the schema's history."""
    return {row["name"]: row["columns"] for row in await connection.fetch(_TABLES) if row["name"] != HISTORY}


async def revision_of(connection: Any) -> str | None:
    """The revision at which the schema stands; None when it has no history."""
    if not await connection.fetchval("SELECT to_regclass(quote_ident(current_schema()) || '.alembic_version')"):
        return None
    revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    return None if revision is None else str(revision)


async def copy_out(
    connection: Any, table: str, columns: Sequence[str], keep: Callable[[bytes], object]
) -> TableContent:
    """Every row of a table, handed piece by piece to `keep`."""
    tally = Tally()

    async def take(chunk: bytes) -> None:
        keep(chunk)
        tally.add_lines(chunk)

    # A query rather than a table: it also reads partitioned tables.
    query = f"SELECT {_listed(columns)} FROM {_quoted(table)}"
    await connection.copy_from_query(query, output=take, format="text", timeout=A_DAY)
    return tally.content(table, columns)


async def see_every_row(connection: Any) -> None:
    """Within this transaction, read in spite of policies that hide nothing; of others PostgreSQL refuses to read."""
    if not await connection.fetchval(_HIDES_ROWS):
        await connection.execute("SET LOCAL row_security = on")


@asynccontextmanager
async def _not_forced(connection: Any) -> AsyncIterator[None]:
    """Nothing is copied into a table whose policies hold for its owner too: for this transaction they do not."""
    forced = [_quoted(row["relname"]) for row in await connection.fetch(_FORCED)]
    for name in forced:
        await connection.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
    yield
    for name in forced:
        await connection.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


async def load(connection: Any, archive: Archive) -> None:
    """Fill freshly migrated tables from an archive, in one transaction, and compare. Raises `NotProven`."""
    content = {table.name: table for table in archive.manifest.tables}
    async with connection.transaction(), _not_forced(connection):
        present = await tables_of(connection)
        await _triggers(connection, present, "DISABLE")
        if {name: set(present[name]) for name in present} != {name: set(content[name].columns) for name in content}:
            raise BackupRefused(OTHER_TABLES)
        order = await _parents_first(connection, present)
        await _clear(connection, reversed(order))
        for name in order:
            source, columns = _Source(archive.parts[f"{name}.copy"]), list(content[name].columns)
            await connection.copy_to_table(name, source=source, columns=columns, format="text", timeout=A_DAY)
        await _triggers(connection, present, "ENABLE")
        for name in order:
            if await copy_out(connection, name, content[name].columns, len) != content[name]:
                raise NotProven(DIFFERS)


async def _triggers(connection: Any, names: Iterable[str], switched: str) -> None:
    """Rows that come back are no news: what triggers once wrote of them comes back with them."""
    for name in names:
        await connection.execute(f"ALTER TABLE {_quoted(name)} {switched} TRIGGER USER")


async def _parents_first(connection: Any, tables: Tables) -> list[str]:
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(tables, ()))
    for row in await connection.fetch(_REFERENCES):
        order.add(row["child"], row["parent"])
    return list(order.static_order())


async def _clear(connection: Any, names: Iterable[str]) -> None:
    """Remove what migrations put there; tables that hold nothing are left alone, for some refuse every DELETE."""
    for name in names:
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {_quoted(name)})"):
            await connection.execute(f"DELETE FROM {_quoted(name)}", timeout=A_DAY)


class _Source:
    """What the driver reads from."""

    def __init__(self, part: Part) -> None:
        self._chunks = part.chunks()

    def read(self, _size: int) -> bytes:
        """The next piece; nothing at the end."""
        return next(self._chunks, b"")


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
