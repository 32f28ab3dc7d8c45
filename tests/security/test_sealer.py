"""The sealer: whatever has its place gets a leaf, once, and every head goes outside in order."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.house.histories import ask
from tests.security.trails import Place, fill, settle
from tests.world import NOON, House, Templates, house_settings, ok, open_house
from true_api.kernel.clock import HeldClock
from true_api.kernel.database_schema import migrate, migrate_back
from true_api.kernel.merkle import Frontier
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position
from true_api.kernel.settings import Settings
from true_api.security.key_files import UnsafeKeys
from true_api.security.sealer import LARGEST_BATCH, TrailBroken, seal_all, seal_batch
from true_api.security.trail import TrailEntry, TrailHead, TrailLeaf, TrailNode
from true_api.security.trail_heads import read_head, read_keys
from true_api.security.trail_keys import known_trail_keys, rotate_trail_key, trail_keys
from true_api.security.trail_publishing import HEADS_FILE, KEYS_FILE, publish

BEFORE_THE_SEALER = "0008"


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Settings:
    """A settled installation that nobody has started."""
    return house_settings(tmp_path, database_url)


def outside(settings: Settings) -> list[dict[str, Any]]:
    """The heads in the file outside."""
    return [json.loads(line) for line in (settings.heads_place / HEADS_FILE).read_text().splitlines()]


async def kept(house: House) -> tuple[list[Any], list[Any]]:
    """Leaves by number and heads by size, as the database holds them."""
    leaves, heads = table_of(TrailLeaf), table_of(TrailHead)
    found = await house.rows(leaves.select().order_by(leaves.c.number), heads.select().order_by(heads.c.size))
    return list(found[0]), list(found[1])


async def test_every_place_gets_one_leaf_however_many_sealers_are_at_work(here: Settings) -> None:
    async with open_house(here) as one, open_house(here) as other:
        code = await one.peer.enrolls()
        await asyncio.gather(
            *(one.peer.records(code) for _ in range(20)),
            *(seal_all(house.installation) for house in (one, other) * 10),
        )
        await settle(one)
        leaves, heads = await kept(one)
        positions = (await one.rows(table_of(Position).select()))[0]
    assert [leaf.number for leaf in leaves] == list(range(len(leaves)))
    assert [leaf.position for leaf in leaves] == sorted(position.position for position in positions)
    tree = Frontier()
    roots = {}
    for leaf in leaves:
        tree.grow(leaf.leaf)
        roots[tree.size] = tree.root
    assert {head.size: head.root for head in heads}.items() <= roots.items()
    assert heads[-1].size == len(leaves)
    assert len({leaf.salt for leaf in leaves}) == len(leaves)


async def test_heads_go_outside_in_order_and_once_from_every_process(here: Settings, tmp_path: Path) -> None:
    other_place = tmp_path / "another-machine"
    apart = here.model_copy(update={"heads_dir": str(other_place)})
    async with open_house(here) as one, open_house(here) as two, open_house(apart) as three:
        for _ in range(4):
            ok(await one.peer.get("/v1/me"))
            await settle(one)
            await asyncio.gather(*(publish(house.installation) for house in (one, two, three) * 3))
        sizes = [head.size for head in (await kept(one))[1]]
    assert [head["size"] for head in outside(here)] == [head["size"] for head in outside(apart)] == sizes
    keys = read_keys((here.heads_place / KEYS_FILE).read_bytes())
    assert all(read_head(json.dumps(head)).is_signed_by_one_of(keys) for head in outside(here))


async def test_a_file_outside_that_was_torn_or_taken_away_is_written_on(house: House) -> None:
    file = house.settings.heads_place / HEADS_FILE
    await settle(house)
    before = len(outside(house.settings))
    file.write_bytes(file.read_bytes() + b'{"size": 12')
    ok(await house.peer.get("/v1/me"))
    await settle(house)
    lines = file.read_text().splitlines()
    assert (lines[before], len(lines) > before + 1) == ('{"size": 12', True)
    sizes = [head.size for head in (await kept(house))[1]]
    assert [json.loads(line)["size"] for line in [*lines[:before], *lines[before + 1 :]]] == sizes
    file.unlink()
    await publish(house.installation)
    assert [head["size"] for head in outside(house.settings)] == sizes


async def test_another_key_signs_on_and_the_old_one_is_gone_but_for_verifying(house: House) -> None:
    await settle(house)
    settings = house.settings
    old = known_trail_keys(settings.keys_dir, demo=False).kid
    new = rotate_trail_key(settings.keys_dir, house.clock.now())
    ok(await house.peer.get("/v1/me"))
    await settle(house)
    assert {head["kid"] for head in outside(settings)} == {old, new}
    assert outside(settings)[-1]["kid"] == new
    assert not (settings.keys_dir / "trail" / f"{old}.pem").exists()
    assert read_keys((settings.heads_place / KEYS_FILE).read_bytes()).keys() == {old, new}
    assert await asyncio.to_thread(Place(settings).found) == []


def test_a_demo_key_signs_no_head_of_a_program(tmp_path: Path) -> None:
    trail_keys(tmp_path, NOON, demo=True)
    with pytest.raises(UnsafeKeys, match="demo"):
        trail_keys(tmp_path, NOON, demo=False)


def test_a_trail_of_before_is_taken_along_in_steps(here: Settings) -> None:
    """An upgrade brings no leaves: the sealer makes them of everything that has its place, from the first one on."""
    entries = LARGEST_BATCH + 40
    url = here.database_url.get_secret_value()
    asyncio.run(_grow(here, entries))
    migrate_back(url, BEFORE_THE_SEALER)
    for place in (here.heads_place, here.keys_dir / "trail"):
        shutil.rmtree(place)
    migrate(url)
    asyncio.run(_settle_again(here))
    said = Place(here).verify()
    assert (said["whole"], said["sealed"], said["waiting"]) == (True, entries, 0)
    assert said["sealed_since"] == "2026-11-05T17:00:00+00:00"


async def _grow(settings: Settings, entries: int) -> None:
    async with open_house(settings) as house:
        await fill(house, entries, LARGEST_BATCH)


async def _settle_again(settings: Settings) -> None:
    clock = HeldClock(NOON + timedelta(days=3))
    async with open_house(settings, clock) as house:
        await settle(house)
        assert len((await kept(house))[1]) >= 2


async def test_a_sealer_that_misses_leaves_says_so_and_signs_nothing(house: House) -> None:
    await settle(house)
    leaves, heads = await kept(house)
    await asyncio.to_thread(Place(house.settings).change, lambda superuser: superuser.drop(TrailLeaf, number=0))
    ok(await house.peer.get("/v1/me"))
    with pytest.raises(TrailBroken):
        await settle(house)
    assert (await kept(house)) == (leaves[1:], heads)


async def test_a_batch_of_nothing_signs_no_head(house: House) -> None:
    await settle(house)
    before = (await kept(house))[1]
    assert await seal_batch(house.installation) == 0
    assert (await kept(house))[1] == before


def test_the_engine_refuses_to_replace_what_it_refuses_to_change(here: Settings) -> None:
    """INSERT OR REPLACE deletes, and no trigger of DELETE hears of it; what PostgreSQL has instead is an UPDATE."""
    url = here.database_url.get_secret_value()
    asyncio.run(_grow(here, 300))
    for kind in (TrailEntry, Position, TrailLeaf, TrailNode, TrailHead):
        table = table_of(kind)
        keys = [str(column.name) for column in table.primary_key]
        if url.startswith("sqlite"):
            replacing = f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name} LIMIT 1"
        else:
            replacing = (
                f"INSERT INTO {table.name} SELECT * FROM {table.name} LIMIT 1"
                f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {keys[0]} = excluded.{keys[0]}"
            )
        with pytest.raises(DBAPIError, match="the trail only grows"):
            ask(url, lambda connection, replacing=replacing: connection.exec_driver_sql(replacing))


def test_a_connection_of_somebody_elses_cannot_replace_either(tmp_path: Path, templates: Templates) -> None:
    """The refusal is the table's own: no setting of a connection goes past it."""
    if templates.name != "sqlite":
        pytest.skip("PostgreSQL has no such statement")
    with templates.copy(tmp_path), closing(sqlite3.connect(tmp_path / "true.db")) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        with pytest.raises(sqlite3.IntegrityError, match="the trail only grows"):
            connection.execute("INSERT OR REPLACE INTO trail_entries SELECT * FROM trail_entries")
