"""What only PostgreSQL asks of a backup: scratch schemas, privileges, tables and columns made by hand."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from tests.engines import PostgresServer
from tests.world import NOON
from true_api.kernel.backup_manifest import BackupRefused
from true_api.kernel.database_backup import make_backup, restore_backup
from true_api.kernel.database_backup_postgresql import ONE_AT_A_TIME, SCRATCH
from true_api.kernel.settings import Settings

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

LEFT = f"SELECT count(*) FROM pg_namespace WHERE nspname LIKE '{SCRATCH}%'"


def ask(settings: Settings, *statements: str) -> object:
    """Run statements in the database itself; the first value of the last one's answer."""
    return asyncio.run(_ask(settings, statements))


async def _ask(settings: Settings, statements: Sequence[str]) -> object:
    connection = await connected(settings)
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()


async def connected(settings: Settings) -> asyncpg.Connection:
    url = make_url(settings.effective_database_url).set(drivername="postgresql")
    return await asyncpg.connect(url.render_as_string(hide_password=False))


def as_user(settings: Settings, name: str) -> Settings:
    url = make_url(settings.effective_database_url).set(drivername="postgresql", username=name)
    return settings.model_copy(update={"database_url": SecretStr(url.render_as_string(hide_password=False))})


@contextmanager
def user(server: PostgresServer, name: str) -> Iterator[str]:
    server.ask(f"CREATE ROLE {name} LOGIN")
    try:
        yield name
    finally:
        server.ask(f"DROP ROLE {name}")


def test_the_scratch_schema_is_gone_afterwards_and_so_is_an_interrupted_ones(here: Settings) -> None:
    ask(here, f"CREATE SCHEMA {SCRATCH}0123", f"CREATE TABLE {SCRATCH}0123.encounters (id int)")
    make_backup(here, NOON)
    assert ask(here, LEFT) == 0


def test_the_scratch_schema_is_gone_when_the_backup_is_refused(here: Settings) -> None:
    ask(here, "ALTER TABLE encounters ADD COLUMN by_hand int")
    with pytest.raises(BackupRefused, match="The table encounters does not have the columns"):
        make_backup(here, NOON)
    assert ask(here, LEFT) == 0
    assert not list((here.data_dir / "backups").glob("*.tar*"))


def test_a_missing_table_is_named_as_what_it_is(here: Settings) -> None:
    ask(here, "DROP TABLE sealed_cells CASCADE")
    with pytest.raises(BackupRefused, match="A table is missing"):
        make_backup(here, NOON)


def test_a_table_made_by_hand_is_left_out_aloud(here: Settings) -> None:
    ask(here, 'CREATE TABLE "My List" (id int)')
    backup = make_backup(here, NOON)
    assert backup.left_out == ("My List",)
    assert "My List" not in {table.name for table in backup.manifest.tables}


def test_rows_that_a_policy_hides_are_not_left_out_in_silence(here: Settings, postgres: PostgresServer) -> None:
    with user(postgres, "half_sighted") as name:
        ask(
            here,
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT CREATE ON DATABASE {make_url(here.effective_database_url).database} TO {name}",
            "ALTER TABLE encounters ENABLE ROW LEVEL SECURITY",
        )
        with pytest.raises(BackupRefused, match="may not do all that a backup needs"):
            make_backup(as_user(here, name), NOON)
        ask(here, f"DROP OWNED BY {name}")


def test_a_user_without_room_for_a_scratch_schema_is_told_what_to_grant(
    here: Settings, postgres: PostgresServer
) -> None:
    with user(postgres, "reader_only") as name:
        ask(here, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        with pytest.raises(BackupRefused, match="GRANT CREATE ON DATABASE"):
            make_backup(as_user(here, name), NOON)
        ask(here, f"DROP OWNED BY {name}")


def test_a_server_that_does_not_answer_is_named_without_its_address(here: Settings) -> None:
    gone = SecretStr("postgresql://somebody:a-password@127.0.0.1:1/none")
    with pytest.raises(BackupRefused, match="could not be reached") as refused:
        make_backup(here.model_copy(update={"database_url": gone}), NOON)
    assert "a-password" not in str(refused.value)
    assert "127.0.0.1" not in str(refused.value)


async def test_a_backup_from_another_machine_at_the_same_time_is_refused(here: Settings) -> None:
    other = await connected(here)
    try:
        await other.execute(f"SELECT pg_advisory_lock({ONE_AT_A_TIME})")
        with pytest.raises(BackupRefused, match="Another backup of this database"):
            await asyncio.to_thread(make_backup, here, NOON)
    finally:
        await other.close()


def test_no_number_is_given_by_the_database_so_none_has_to_be_restored(here: Settings) -> None:
    assert ask(here, "SELECT count(*) FROM pg_class WHERE relkind = 'S'") == 0


def test_a_database_with_anything_in_it_is_not_restored_into(here: Settings, elsewhere: Settings) -> None:
    backup = make_backup(here, NOON)
    ask(elsewhere, "CREATE VIEW of_somebody AS SELECT 1")
    with pytest.raises(BackupRefused, match="This database is not empty"):
        restore_backup(elsewhere, NOON, backup.file)
    assert ask(elsewhere, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
