"""The trail of a program that moves to another PostgreSQL cluster goes on there, without loss and without repeat."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.cli.conftest import Operator
from tests.elsewhere import empty_place
from tests.engines import PostgresServer, started
from tests.local_postgres import installations
from tests.security.trails import Place, fill, settle
from tests.world import house_settings, ok, open_house
from true_api.kernel.database import Database, open_database
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position
from true_api.kernel.settings import Settings
from true_api.security.trail import TrailEntry, TrailHead, TrailLeaf
from true_api.security.trail_publishing import HEADS_FILE

ENTRIES, MORE = 60, 5
KINDS = (Position, TrailEntry, TrailLeaf, TrailHead)

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def another_cluster() -> Iterator[PostgresServer]:
    """A second server with data of its own, whose transaction ids begin anew."""
    with started(next(installations())) as server:
        yield server


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Settings:
    """A program with a sealed trail, some of which waits for its place."""
    settings = house_settings(tmp_path, database_url)
    asyncio.run(_live(settings))
    return settings


async def _live(settings: Settings) -> None:
    async with open_house(settings) as house:
        await fill(house, ENTRIES)
        for _ in range(MORE):
            ok(await house.peer.get("/v1/me"))


async def held(database: Database) -> list[list[tuple[object, ...]]]:
    """Everything that the trail is made of."""
    tables = [table_of(kind) for kind in KINDS]
    found = await database.read(*(table.select().order_by(*table.primary_key) for table in tables))
    return [[tuple(row) for row in rows] for rows in found]


async def held_by_nobody(settings: Settings) -> list[list[tuple[object, ...]]]:
    """The same of an installation that nobody runs."""
    database = open_database(settings)
    try:
        return await held(database)
    finally:
        await database.stop()


def moved_by_us(here: Settings, there: Settings) -> None:
    """By this program's own backup and restore."""
    operators = [Operator(_environment(settings)) for settings in (here, there)]
    archive = here.data_dir / "moving.tar"
    operators[0].does("backup", "--to", str(archive))
    operators[1].does("restore", str(archive))
    (keyring,) = (here.data_dir / "backups").glob("keyring-*.tar")
    operators[1].does("restore", str(keyring), "--replace")


def moved_by_pg_dump(here: Settings, there: Settings) -> None:
    """By PostgreSQL's own programs; the keyring is an embedded file beside it, and is copied."""
    programs = next(installations())
    if not (programs / "pg_dump").exists():
        pytest.skip("this PostgreSQL comes without pg_dump")
    dumped = subprocess.run(
        [programs / "pg_dump", "--no-owner", _address(here)], check=True, capture_output=True, text=True
    )
    subprocess.run(
        [programs / "psql", "-v", "ON_ERROR_STOP=1", "-q", _address(there)],
        check=True,
        input=dumped.stdout,
        capture_output=True,
        text=True,
    )
    (there.data_dir / "keyring.db").write_bytes((here.data_dir / "keyring.db").read_bytes())


def _address(settings: Settings) -> str:
    url = make_url(settings.effective_database_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _environment(settings: Settings) -> dict[str, str]:
    return {"TRUE_DATA_DIR": str(settings.data_dir), "TRUE_DATABASE_URL": settings.database_url.get_secret_value()}


@pytest.mark.parametrize("move", [moved_by_us, moved_by_pg_dump])
def test_the_trail_goes_on_in_another_cluster(
    here: Settings, another_cluster: PostgresServer, tmp_path: Path, move: Callable[[Settings, Settings], None]
) -> None:
    before = asyncio.run(held_by_nobody(here))
    with empty_place(tmp_path / "there", here.keys_dir, another_cluster) as there:
        move(here, there)
        assert asyncio.run(held_by_nobody(there)) == before
        apart = there.model_copy(update={"heads_dir": str(here.heads_place)})
        assert Place(apart).found("--head", str(here.heads_place / HEADS_FILE)) == []
        asyncio.run(_goes_on(apart, before))
        said = Place(apart).verify("--head", str(here.heads_place / HEADS_FILE))
        assert (said["whole"], said["waiting"], said["heads"]) == (True, 0, said["heads_outside"])


async def _goes_on(there: Settings, before: list[list[tuple[object, ...]]]) -> None:
    """What is there stays, what waited for its place gets it, and what comes has the places that follow."""
    async with open_house(there) as house:
        ok(await house.peer.get("/v1/me"))
        await settle(house)
        positions, entries, leaves, heads = now = await held(house.installation.database)
    assert [rows[: len(then)] for rows, then in zip(now, before, strict=True)] == before
    assert [row[0] for row in positions] == list(range(1, len(positions) + 1))
    assert len({row[1] for row in positions}) == len(entries) == len(leaves) == ENTRIES + MORE + 1
    assert heads[-1][0] == len(leaves)
