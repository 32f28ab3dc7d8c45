"""What only PostgreSQL asks of a backup: scratch schemas, privileges, tables and columns made by hand."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from tests.engines import PostgresServer
from tests.world import NOON, House
from true_api.kernel.backup_manifest import BackupRefused
from true_api.kernel.database_backup import Backup, make_backup, restore_backup
from true_api.kernel.database_backup_postgresql import ONE_AT_A_TIME, SCRATCH
from true_api.kernel.settings import Settings

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

LEFT = f"SELECT count(*) FROM pg_namespace WHERE nspname LIKE '{SCRATCH}%'"


async def backed_up(settings: Settings) -> Backup:
    return await asyncio.to_thread(make_backup, settings, NOON)


async def ask(settings: Settings, *statements: str) -> object:
    """Run statements in the house's own database; the first value of the last one's answer."""
    url = make_url(settings.effective_database_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()


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


async def test_the_scratch_schema_is_gone_afterwards_and_so_is_an_interrupted_ones(house: House) -> None:
    await ask(house.settings, f"CREATE SCHEMA {SCRATCH}0123", f"CREATE TABLE {SCRATCH}0123.encounters (id int)")
    await backed_up(house.settings)
    assert await ask(house.settings, LEFT) == 0


async def test_the_scratch_schema_is_gone_when_the_backup_is_refused(house: House) -> None:
    await ask(house.settings, "ALTER TABLE encounters ADD COLUMN by_hand int")
    with pytest.raises(BackupRefused, match="The table encounters does not have the columns"):
        await backed_up(house.settings)
    assert await ask(house.settings, LEFT) == 0
    assert not list((house.settings.data_dir / "backups").glob("*.tar*"))


async def test_a_missing_table_is_named_as_what_it_is(house: House) -> None:
    await ask(house.settings, "DROP TABLE release_cells")
    with pytest.raises(BackupRefused, match="A table is missing"):
        await backed_up(house.settings)


async def test_a_table_made_by_hand_is_left_out_aloud(house: House) -> None:
    await ask(house.settings, 'CREATE TABLE "My List" (id int)')
    backup = await backed_up(house.settings)
    assert backup.left_out == ("My List",)
    assert "My List" not in {table.name for table in backup.manifest.tables}


async def test_rows_that_a_policy_hides_are_not_left_out_in_silence(house: House, postgres: PostgresServer) -> None:
    with user(postgres, "half_sighted") as name:
        await ask(
            house.settings,
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT CREATE ON DATABASE {make_url(house.settings.effective_database_url).database} TO {name}",
            "ALTER TABLE encounters ENABLE ROW LEVEL SECURITY",
        )
        with pytest.raises(BackupRefused, match="may not do all that a backup needs"):
            await backed_up(as_user(house.settings, name))
        await ask(house.settings, f"DROP OWNED BY {name}")


async def test_a_user_without_room_for_a_scratch_schema_is_told_what_to_grant(
    house: House, postgres: PostgresServer
) -> None:
    with user(postgres, "reader_only") as name:
        await ask(house.settings, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        with pytest.raises(BackupRefused, match="GRANT CREATE ON DATABASE"):
            await backed_up(as_user(house.settings, name))
        await ask(house.settings, f"DROP OWNED BY {name}")


async def test_a_server_that_does_not_answer_is_named_without_its_address(house: House) -> None:
    gone = SecretStr("postgresql://somebody:a-password@127.0.0.1:1/none")
    with pytest.raises(BackupRefused, match="could not be reached") as refused:
        await backed_up(house.settings.model_copy(update={"database_url": gone}))
    assert "a-password" not in str(refused.value)
    assert "127.0.0.1" not in str(refused.value)


async def test_a_backup_from_another_machine_at_the_same_time_is_refused(house: House) -> None:
    url = make_url(house.settings.effective_database_url).set(drivername="postgresql")
    other = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await other.execute(f"SELECT pg_advisory_lock({ONE_AT_A_TIME})")
        with pytest.raises(BackupRefused, match="Another backup of this database"):
            await backed_up(house.settings)
    finally:
        await other.close()


async def test_numbers_that_the_database_gives_go_on_after_the_restore(house: House, elsewhere: Settings) -> None:
    next_number = "INSERT INTO positions (entry_id, stream) SELECT gen_random_uuid(), 'trail' RETURNING position"
    await ask(house.settings, "SELECT setval(pg_get_serial_sequence('positions', 'position'), 4711)", next_number)
    backup = await backed_up(house.settings)
    await asyncio.to_thread(restore_backup, elsewhere, NOON, backup.file)
    assert await ask(elsewhere, next_number) == 4713


async def test_a_database_with_anything_in_it_is_not_restored_into(house: House, elsewhere: Settings) -> None:
    backup = await backed_up(house.settings)
    await ask(elsewhere, "CREATE VIEW of_somebody AS SELECT 1")
    with pytest.raises(BackupRefused, match="This database is not empty"):
        await asyncio.to_thread(restore_backup, elsewhere, NOON, backup.file)
    assert await ask(elsewhere, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
