"""One history for both engines: forward, back and forward again, on data, to the same schema."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

import true_api.api.all_doors  # noqa: F401  (declares every table)
from tests.engines import PostgresServer
from tests.house.histories import MIGRATIONS, ask, counts, migrate_along, populate, revisions, scripts, with_another
from true_api.kernel.database_schema import HISTORIES, check_schema, migrate, migrate_back, newest_revision
from true_api.kernel.rows import metadata
from true_api.kernel.sequencer import ONLY_TURN
from true_api.kernel.stores import Store
from true_api.privacy.keyring_tables import keyring_metadata

DECLARED = {Store.MAIN: metadata, Store.KEYRING: keyring_metadata}
ONLY_GROW = ("trail_entries", "trail_subjects", "positions", "trail_leaves", "trail_nodes", "trail_heads")
MENDED = """
    with op.batch_alter_table("teams") as batch_op:
        batch_op.create_check_constraint("name_is_long", "length(name) > 2")
"""
CUT_SHORT = """
    op.create_table("_alembic_tmp_teams", sa.Column("id", sa.Uuid(), primary_key=True))
    op.execute("INSERT INTO teams (name) VALUES (NULL)")
"""
"""What a batch leaves behind when it ends half-way: with that table there, no batch on `teams` ever runs again."""


@pytest.fixture
def blank(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    with _blank_postgresql(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(params=Store)
def store(request: pytest.FixtureRequest) -> Store:
    """Each store has a history of its own, and each is held to the same."""
    return Store(request.param)


def test_history_is_one_line_with_one_end(store: Store) -> None:
    line = revisions(store)
    assert scripts(store).get_heads() == [newest_revision(store)]
    assert [scripts(store).get_revision(revision).down_revision for revision in line] == [None, *line[:-1]]


def test_migrations_are_numbered_and_named_for_what_they_do(store: Store) -> None:
    files = sorted(file.name for file in (MIGRATIONS / HISTORIES[store]).glob("*.py"))
    line = [f"{n:04}" for n in range(1, len(files) + 1)]
    assert [file.partition("_")[0] for file in files] == revisions(store) == line
    assert [file for file in files if not re.fullmatch(r"\d{4}(_[a-z]+)+\.py", file)] == []


def test_history_goes_forward_and_back_and_forward_again(blank: str, store: Store) -> None:
    migrate(blank, store=store)
    check_schema(blank, store)
    first = ask(blank, _schema)
    migrate_back(blank, "base", store)
    assert ask(blank, lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    migrate(blank, store=store)
    check_schema(blank, store)
    assert ask(blank, _schema) == first


def test_every_migration_runs_on_data_and_loses_none(blank: str, store: Store) -> None:
    before: dict[str, int] = {}
    for revision in revisions(store):
        migrate(blank, revision, store=store)
        after = ask(blank, counts)
        assert {name for name in before.keys() & after.keys() if after[name] < before[name]} == set(), revision
        before = ask(blank, populate)
        assert all(before.values()), revision
    for revision in [*reversed(revisions(store)[:-1]), "base"]:
        migrate_back(blank, revision, store)
    migrate(blank, store=store)


def test_the_one_turn_of_the_sequencer_is_there_from_the_start(database_url: str) -> None:
    turns = metadata.tables["turns"]
    assert [row.id for row in ask(database_url, lambda connection: connection.execute(sa.select(turns)).all())] == [
        ONLY_TURN
    ]


def test_both_engines_have_the_same_schema(tmp_path: Path, postgres: PostgresServer, store: Store) -> None:
    embedded = f"sqlite:///{tmp_path / 'true.db'}"
    with _blank_postgresql(postgres) as served:
        migrate(embedded, store=store)
        migrate(served, store=store)
        of_sqlite, of_postgresql = ask(embedded, _schema), ask(served, _schema)
    assert set(of_sqlite) == set(of_postgresql) == {*DECLARED[store].tables, "alembic_version"}
    for table in of_sqlite:
        assert of_sqlite[table] == of_postgresql[table], table


def test_the_engine_itself_refuses_to_change_what_only_grows(database_url: str) -> None:
    ask(database_url, populate)
    for table in ONLY_GROW:
        column = metadata.tables[table].columns.keys()[-1]
        attempts = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        attempts += [] if database_url.startswith("sqlite") else [f"TRUNCATE {table} CASCADE"]
        for attempt in attempts:
            with pytest.raises(DBAPIError, match="the trail only grows"):
                ask(database_url, _saying(attempt))
        assert ask(database_url, counts)[table] == 1


def test_a_migration_that_fails_leaves_nothing_behind_and_can_be_tried_again(database_url: str, tmp_path: Path) -> None:
    before = ask(database_url, _schema), ask(database_url, counts)
    migrate_back(database_url, revisions()[-2])
    with pytest.raises(DBAPIError):
        migrate_along(with_another(tmp_path, CUT_SHORT), database_url)
    assert ask(database_url, _revision) == revisions()[-1], "the migration before it is whole, and kept"
    assert (ask(database_url, _schema), ask(database_url, counts)) == before
    migrate_along(with_another(tmp_path, MENDED), database_url)
    assert ask(database_url, counts)["teams"] == before[1]["teams"] > 0


def test_no_migration_waits_long_for_a_lock(tmp_path: Path, postgres: PostgresServer) -> None:
    """Every migration has a transaction of its own, and in each of them PostgreSQL is told not to wait."""
    told = 'assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == "5s"'
    with _blank_postgresql(postgres) as url:
        migrate_along(with_another(tmp_path, told), url)


@contextmanager
def _blank_postgresql(server: PostgresServer) -> Iterator[str]:
    name = f"blank_{uuid4().hex[:12]}"
    try:
        yield server.create(name)
    finally:
        server.drop(name)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _saying(statement: str) -> Callable[[Connection], None]:
    def say(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return say


def _schema(connection: Connection) -> dict[str, Any]:
    """What an engine says of every table, in words that both engines share."""
    inspector = inspect(connection)
    return {name: _table(inspector, name) for name in sorted(inspector.get_table_names())}


def _table(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    columns = {
        column["name"]: (_kind(column["type"]), column["nullable"], column["default"])
        for column in inspector.get_columns(name)
    }
    keys = {
        (key["name"], tuple(key["constrained_columns"]), key["referred_table"], tuple(key["referred_columns"]))
        for key in inspector.get_foreign_keys(name)
    }
    uniques = {(unique["name"], tuple(unique["column_names"])) for unique in inspector.get_unique_constraints(name)}
    indexes = {
        (index["name"], tuple(index["column_names"]), bool(index["unique"]), _partial(index))
        for index in inspector.get_indexes(name)
        if not index.get("duplicates_constraint") and index["name"] not in {unique for unique, _ in uniques}
    }
    primary = inspector.get_pk_constraint(name)
    checks = {check["name"] for check in inspector.get_check_constraints(name)}
    return {
        "columns": columns,
        "primary key": (primary["name"], tuple(primary["constrained_columns"])),
        "foreign keys": keys,
        "uniques": uniques,
        "indexes": indexes,
        "checks": checks,
    }


def _kind(kind: sa.types.TypeEngine[Any]) -> str:
    match kind:
        case sa.Uuid() | sa.CHAR(length=32):
            return "uuid"
        case sa.DateTime():
            return "moment"
        case sa.Boolean():
            return "boolean"
        case sa.BigInteger():
            return "large integer"
        case sa.Integer():
            return "integer"
        case sa.JSON():
            return "json"
        case sa.String(length=length):
            return f"text of {length}"
        case sa.Date():
            return "day"
        case sa.LargeBinary():
            return "bytes"
    raise AssertionError(f"teach this test what {kind!r} is on the other engine")


def _partial(index: Any) -> str:
    """The condition of a partial index, without an engine's own brackets and quotes."""
    conditions = [str(value) for key, value in index.get("dialect_options", {}).items() if key.endswith("_where")]
    return " ".join(re.sub(r"[()\"]", "", condition) for condition in conditions).lower()
