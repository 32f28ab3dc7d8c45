"""The schema `reporting`: a login that reads what was sealed, through views, and nothing else."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from tests.elsewhere import empty_place
from tests.engines import PostgresServer
from tests.integrators.logins import ask, plain, reader_of, refusal
from tests.integrators.pages import of_language, run
from tests.integrators.sealed import EMPTY, MONTHS, PERIODS, REVISED, seal_some
from tests.security.test_second_wall_users import plain_owner
from tests.system import missing
from tests.world import NOON, House, house_settings
from true_api.kernel.database_backup import make_backup, restore_backup
from true_api.kernel.database_schema import MigrationRefused, migrate, migrate_back
from true_api.kernel.rows import metadata
from true_api.outlets.statistics.grid import GRID

ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

NO_PRIVILEGE, READ_ONLY, CANNOT_BE_WRITTEN = "42501", "25006", "55000"
RELATIONS = """
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND has_schema_privilege(n.oid, 'USAGE')
   AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE')
       ELSE has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') END
"""
FUNCTIONS = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prorettype <> 'trigger'::regtype
   AND has_function_privilege(p.oid, 'EXECUTE')
"""
SEALED = "SELECT count(*) FROM sealed_cells"


@pytest.fixture
async def url(house: House, database_url: str) -> str:
    """A database with sealed numbers, and a person."""
    await seal_some(house)
    await house.peer.records(await house.peer.enrolls())
    return database_url


@pytest.fixture
def reader(url: str) -> Iterator[str]:
    """How the page's login reaches it."""
    with reader_of(url) as reached:
        yield reached


@ON_POSTGRESQL
def test_a_reader_sees_every_sealed_number_once_with_what_was_kept_back(url: str, reader: str) -> None:
    every, latest = (ask(reader, f"SELECT * FROM reporting.{view}") for view in ("releases", "latest"))
    assert len(every) == ask(url, SEALED)[0][0]
    assert {row["period"] for row in latest} == set(PERIODS)
    assert {row["revision"] for row in latest if row["period"] == REVISED} == {1}
    assert {row["revision"] for row in every if row["period"] == REVISED} == {0, 1}
    assert all((row["value"] is None) == row["suppressed"] for row in every)
    assert {row["suppressed"] for row in latest if row["period"] == EMPTY} == {True}
    for name, table in GRID.items():
        of_table = [row for row in latest if (row["period"], row["table"]) == (EMPTY, name)]
        cells = [tuple(filter(None, (row["category"], row["other_category"]))) for row in of_table]
        assert set(cells) == set(table.cells)
        named = {tuple(filter(None, (row["dimension"], row["other_dimension"]))) for row in of_table}
        assert named == {tuple(dimension.name for dimension in table.dimensions)}


@ON_POSTGRESQL
def test_the_first_question_of_the_page_is_answered(reader: str) -> None:
    rows = ask(reader, of_language("metabase.md", "sql")[1])
    assert [row["setting"] for row in rows] == list(GRID["people-by-setting"].dimensions[0].categories) * len(MONTHS)


@ON_POSTGRESQL
def test_a_reader_is_refused_every_table_and_everything_that_tells_of_rows(url: str, reader: str) -> None:
    ask(url, "ANALYZE")
    assert {(row["schema"], row["name"]) for row in ask(reader, RELATIONS)} == {
        ("reporting", "latest"),
        ("reporting", "releases"),
    }
    assert ask(reader, FUNCTIONS) == []
    for table in (*metadata.tables, "alembic_version"):
        assert refusal(reader, f"SELECT FROM public.{table}") == NO_PRIVILEGE, table
    for statement in (
        "SELECT FROM pg_catalog.pg_statistic",
        "SELECT FROM pg_catalog.pg_authid",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT public.agency_agreed(gen_random_uuid(), 'referral')",
        "SET ROLE postgres",
        "SET ROLE postgres_agency",
    ):
        assert refusal(reader, statement) == NO_PRIVILEGE, statement
    assert ask(url, "SELECT FROM pg_stats WHERE schemaname = 'public'")
    for told in ("pg_stats", "pg_stats_ext"):
        assert ask(reader, f"SELECT FROM {told} WHERE schemaname = 'public'") == [], told
    assert ask(reader, "SELECT FROM information_schema.columns WHERE table_schema = 'public'") == []
    running = "SELECT query FROM pg_stat_activity WHERE usename <> current_user AND query <> '<insufficient privilege>'"
    assert ask(reader, running) == []


@ON_POSTGRESQL
def test_a_reader_writes_nothing_even_after_it_has_said_that_it_will(reader: str) -> None:
    for writing in (
        "INSERT INTO reporting.releases (value) VALUES (1)",
        "UPDATE reporting.latest SET value = 1",
        "DELETE FROM public.sealed_cells",
        "CREATE TABLE public.own (id int)",
        "CREATE TABLE reporting.own (id int)",
        "CREATE VIEW reporting.own AS SELECT 1 AS one",
    ):
        assert refusal(reader, writing) in (READ_ONLY, NO_PRIVILEGE, CANNOT_BE_WRITTEN), writing
        insisting = "SET default_transaction_read_only = off"
        assert refusal(reader, insisting, writing) in (NO_PRIVILEGE, CANNOT_BE_WRITTEN), writing


@ON_POSTGRESQL
def test_how_many_rows_tables_have_is_told_to_every_login_as_the_page_says(url: str, reader: str) -> None:
    """PostgreSQL tells it to everybody, so the page says whom the login is for, and what to do for anybody else."""
    ask(url, "ANALYZE participants")
    asked = "SELECT reltuples FROM pg_class WHERE relname = 'participants' AND relkind = 'r'"
    assert ask(reader, asked)[0][0] == 1


@ON_POSTGRESQL
def test_numbers_in_a_database_of_their_own_are_all_that_can_be_counted_there(
    reader: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    if shutil.which("psql") is None:
        missing("postgresql-client", "the page fills another database with psql")
    name = f"numbers_{uuid4().hex[:12]}"
    try:
        numbers = plain(postgres.create(name))
        once, nightly = of_language("metabase.md", "sh")
        for block in (once, nightly, nightly):
            run("sh", block, tmp_path, {"SEALED": reader, "NUMBERS": numbers})
        columns = 'period, "table", place, value, suppressed'
        of_both = (f"SELECT {columns} FROM {view} ORDER BY 1, 2, 3" for view in ("reporting.latest", "latest"))
        here, there = (ask(place, asked) for place, asked in zip((reader, numbers), of_both, strict=True))
        assert here == there != []
        relations = ask(numbers, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert [row[0] for row in relations] == ["latest"]
    finally:
        postgres.drop(name)


@ON_POSTGRESQL
def test_the_views_are_there_after_a_restore_and_hold_the_same(
    url: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    backup = make_backup(house_settings(tmp_path, url), NOON)
    assert ask(url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%reporting'") == [("reporting",)]
    with empty_place(tmp_path / "elsewhere", tmp_path / "keys", postgres) as elsewhere:
        restore_backup(elsewhere, NOON, backup.file)
        asked = 'SELECT * FROM reporting.releases ORDER BY period, "table", revision, place'
        assert ask(elsewhere.effective_database_url, asked) == ask(url, asked) != []


def test_an_owner_who_may_make_no_schema_is_told_what_to_run_and_readers_pass_the_owners_own_wall(
    postgres: PostgresServer,
) -> None:
    with plain_owner(postgres) as (here, _):
        migrate(here, "0023")
        owner, superuser = str(make_url(here).username), plain(here, "postgres")
        ask(superuser, f"REVOKE CREATE ON DATABASE {make_url(here).database} FROM {owner}")
        with pytest.raises(MigrationRefused, match="CREATE SCHEMA") as refused:
            migrate(here)
        ask(superuser, str(refused.value).partition("once: ")[2].partition(";")[0])
        migrate(here)
        _sealed_by(here)
        with reader_of(superuser) as reader:
            assert ask(reader, "SELECT value FROM reporting.latest") == [(44,), (None,)]
        migrate_back(here, "0023")
        assert ask(here, "SELECT FROM pg_class WHERE relnamespace = 'reporting'::regnamespace") == []
        ask(here, "CREATE TABLE reporting.releases (id int)")
        with pytest.raises(MigrationRefused, match="not ours"):
            migrate(here)


def _sealed_by(url: str) -> None:
    release = "'01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a'"
    ask(
        url,
        "INSERT INTO sealed_releases VALUES"
        f" ({release}, 1, '2026-10', 'month', '2026-10-01', 'people', '', 'people', 0, true, 'any', '2026-11-10')",
        f"INSERT INTO sealed_cells VALUES ({release}, 0, '', '', 44), ({release}, 1, '', '', NULL)",
    )
