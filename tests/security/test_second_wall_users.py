"""Who signs in to PostgreSQL: a plain owner, another user for agencies, one who may not make the role."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.cli.conftest import PROGRAM, Operator
from tests.engines import PostgresServer
from tests.security.walls import within
from tests.stories.steps import items, referred_with_consent
from tests.world import NOON, House, house_settings, intake, ok, open_house, prepare
from true_api.kernel.database_backup import make_backup, restore_backup
from true_api.kernel.database_schema import MigrationRefused, migrate, migrate_back, newest_revision
from true_api.kernel.stores import Store

ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@contextmanager
def plain_owner(server: PostgresServer, rights: str = "CREATEROLE") -> Iterator[tuple[str, str]]:
    """A user who is no superuser and owns two empty databases; the URLs."""
    name = f"owner_{uuid4().hex[:12]}"
    server.ask(f"CREATE ROLE {name} LOGIN {rights}")
    places = [f"{name}_{place}" for place in ("here", "there")]
    try:
        for place in places:
            server.create(place)
            server.ask(f"ALTER DATABASE {place} OWNER TO {name}")
        yield tuple(_as(server.url(place), name) for place in places)  # type: ignore[misc]
    finally:
        for place in places:
            server.drop(place)
        server.ask(f"DROP ROLE IF EXISTS {name}_agency")
        server.ask(f"DROP ROLE {name}")


def _as(url: str, name: str) -> str:
    return make_url(url).set(username=name).render_as_string(hide_password=False)


async def lives(house: House) -> None:
    """Somebody is referred with consent, the agency hears of it, and of nobody else; a request comes in."""
    await referred_with_consent(house)
    (referral,) = await items(house.agency, "/v1/referrals")
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    asked = ok(await house.agency.post("/v1/intake-requests", intake(note="Has a dog.")))
    assert ok(await house.agency.get(f"/v1/intake-requests/{asked['reference']}"))["note"] == "Has a dog."
    assert len(await items(house.peer, "/v1/intake-requests")) == 1
    assert await items(house.other_agency, "/v1/referrals") == []


def test_policies_hold_for_an_owner_who_is_no_superuser_and_shut_the_program_out_of_nothing(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with plain_owner(postgres) as (here, there):
        prepare(tmp_path, here)
        settings, elsewhere = house_settings(tmp_path, here), house_settings(tmp_path, there)

        async def live() -> None:
            async with open_house(settings) as house:
                await lives(house)
                active = sa.text("SELECT row_security_active('referrals'::regclass) AS policies, current_user AS name")
                row = (await house.rows(active))[0][0]
                assert (row.policies, row.name) == (True, make_url(here).username)

        asyncio.run(live())
        backup = make_backup(settings, NOON)
        assert {table.name: table.rows for table in backup.manifest.tables}["referrals"] == 1
        restore_backup(elsewhere, NOON, backup.file)

        async def look() -> None:
            async with open_house(elsewhere) as house:
                assert len(await items(house.agency, "/v1/referrals")) == 1
                assert await items(house.other_agency, "/v1/referrals") == []

        asyncio.run(look())
        migrate_back(there, "0009")
        migrate(there)


@ON_POSTGRESQL
async def test_agencies_may_come_as_a_user_of_their_own(
    postgres: PostgresServer, database_url: str, tmp_path: Path
) -> None:
    """Then not even a statement of their own choosing leads back to the program's rights."""
    name = f"agencies_{uuid4().hex[:12]}"
    postgres.ask(f"CREATE ROLE {name} LOGIN")
    try:
        postgres.ask(f"GRANT postgres_agency TO {name}")
        settings = house_settings(tmp_path, database_url, TRUE_AGENCY_DATABASE_URL=_as(database_url, name))
        async with open_house(settings) as house:
            await lives(house)
            for way_back in ("RESET ROLE", "SET ROLE postgres", "SET LOCAL row_security = off"):
                async with within(house, house.agency)._to_write() as connection:  # type: ignore[attr-defined]
                    with pytest.raises(DBAPIError, match="permission denied|affected by row-level security"):
                        await _look_behind(connection, way_back)
    finally:
        postgres.ask(f"DROP ROLE {name}")


async def _look_behind(connection: AsyncConnection, way_back: str) -> None:
    for statement in (way_back, "SELECT id FROM referrals", "SELECT gender FROM participants"):
        await connection.exec_driver_sql(statement)


@ON_POSTGRESQL
async def test_a_user_who_may_not_take_the_role_on_serves_no_agency(
    postgres: PostgresServer, database_url: str, tmp_path: Path
) -> None:
    name = f"agencies_{uuid4().hex[:12]}"
    postgres.ask(f"CREATE ROLE {name} LOGIN")
    try:
        settings = house_settings(tmp_path, database_url, TRUE_AGENCY_DATABASE_URL=_as(database_url, name))
        async with open_house(settings) as house:
            assert (await house.agency.get("/v1/referrals")).status_code == 503
            assert (await house.peer.get("/v1/referrals")).status_code == 200
            wall = house.installation.second_wall
            assert wall is not None
            stands, words = await wall.standing()
            assert not stands
            assert "GRANT postgres_agency TO" in words
    finally:
        postgres.ask(f"DROP ROLE {name}")


def test_who_may_not_make_the_role_is_told_what_a_superuser_has_to_run_once(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with plain_owner(postgres, rights="") as (here, _):
        with pytest.raises(MigrationRefused, match="CREATE ROLE") as refused:
            migrate(here)
        operator = Operator({"TRUE_DATA_DIR": str(tmp_path), "TRUE_DATABASE_URL": here})
        assert "Ask a superuser to run, once: CREATE ROLE" in operator.is_refused("migrate")
        said = str(refused.value).partition("once: ")[2].partition(" and migrate")[0]
        for statement in filter(None, said.split("; ")):
            postgres.ask(statement.strip())
        migrate(here)
        assert operator.run("setup", *PROGRAM).exit_code == 0
        assert "Requests of agencies take on the role" in operator.run("doctor").stdout


def test_two_databases_of_one_cluster_are_migrated_at_the_same_moment(postgres: PostgresServer, tmp_path: Path) -> None:
    with plain_owner(postgres) as places:
        started = []
        for number, place in enumerate(places):
            environment = {**os.environ, "TRUE_DATA_DIR": str(tmp_path / str(number)), "TRUE_DATABASE_URL": place}
            command = [sys.executable, "-m", "true_api", "migrate"]
            started.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE))
        # All of them are waited for before any is judged, so that none is left to a later test.
        said = [process.communicate(timeout=60)[1] for process in started]
        assert [process.returncode for process in started] == [0] * len(started), said


@ON_POSTGRESQL
def test_the_doctor_says_what_keeps_agencies_to_their_own(database_url: str, tmp_path: Path) -> None:
    operator = Operator({"TRUE_DATA_DIR": str(tmp_path), "TRUE_DATABASE_URL": database_url})
    assert "Requests of agencies take on the role postgres_agency" in operator.run("doctor").stdout
    migrate_back(database_url, "0009", Store.MAIN)
    assert newest_revision() in operator.run("doctor").stdout
