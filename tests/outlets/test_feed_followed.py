"""Following the feed while everybody writes, across two servers, and across a restore."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elsewhere import empty_place
from tests.outlets.following import Follower, Heard, placed
from tests.stories.steps import agrees, refers
from tests.world import NOON, House, encounter, intake, ok, open_house, refused
from true_api.kernel.database_backup import make_backup, restore_backup
from true_api.kernel.sequencer import advance_all
from true_api.kernel.settings import Settings

WRITERS, EACH = 16, 3


@pytest.fixture
def elsewhere(engine: str, tmp_path: Path, database_url: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another data directory with the same keys, on the same engine, with an empty database."""
    assert database_url
    server = request.getfixturevalue("postgres") if engine == "postgresql" else None
    with empty_place(tmp_path / "elsewhere", tmp_path / "keys", server) as settings:
        yield settings


async def test_of_many_writers_on_two_servers_a_follower_misses_nothing_and_hears_nothing_twice(house: House) -> None:
    async with open_house(house.settings) as beside:
        houses, written, done = (house, beside), list[str](), asyncio.Event()

        async def writes(number: int) -> None:
            for turn in range(EACH):
                there = houses[(number + turn) % 2]
                written.append(ok(await there.peer.post("/v1/encounters", encounter()))["id"])

        async def follows() -> list[Heard]:
            heard, turn, follower = list[Heard](), 0, Follower(house.supervisor)
            while not done.is_set() or len(heard) < len(written):
                turn += 1
                # The same cursor on either server.
                follower.caller = houses[turn % 2].supervisor
                heard += await follower.hears(limit=7)
            return heard

        following = [asyncio.create_task(follows()) for _ in range(2)]
        await asyncio.gather(*(writes(number) for number in range(WRITERS)))
        done.set()
        async with asyncio.timeout(60):
            heard = await asyncio.gather(*following)
        anew = await Follower(beside.supervisor).hears(limit=200)
    assert sorted(name for _, _, name in anew) == sorted(written)
    assert heard == [anew, anew]


async def test_the_feed_survives_dump_and_restore_and_knows_a_place_that_is_another_one_by_now(
    house: House, elsewhere: Settings
) -> None:
    harbor, ahead = Follower(house.agency), Follower(house.agency)
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    first = await refers(house.peer, code, house.organizations["harbor"])
    assert await harbor.hears() == [("referral", "changed", first["reference"])]
    second = await refers(house.peer, code, house.organizations["harbor"], need="wound-care")
    backup = await asyncio.to_thread(make_backup, house.settings, NOON)
    # What comes after the backup is lost with it, and its places are given to others.
    posted = ok(await house.agency.post("/v1/intake-requests", intake()))
    assert ("intake_request", "changed", posted["reference"]) in await ahead.hears()
    await asyncio.to_thread(restore_backup, elsewhere, NOON, backup.file)
    async with open_house(elsewhere) as again:
        await advance_all(again.installation.database)
        harbor.caller = again.agency
        assert await harbor.hears() == [("referral", "changed", second["reference"])]
        for _ in range(9):
            await again.peer.enrolls()
        third = ok(await again.agency.post("/v1/intake-requests", intake()))
        await placed(again)
        refused(await again.agency.get("/v1/changes", params={"after": ahead.after}), 410, "feed_too_old")
        assert await harbor.hears() == [("intake_request", "changed", third["reference"])]
