"""kill -9 of both servers under 16 writers and two followers: nothing is missed, nothing is heard twice."""

import asyncio
import os
import signal
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from subprocess import Popen

import httpx2
import pytest

from tests.cli.conftest import Operator
from tests.durability.test_kill import LONG_AGO, Place, crash, place, serving
from tests.durability.test_kill_trail import CALLERS, beside
from tests.engines import NAMED
from tests.world import encounter
from true_api.cli.grounds import opened
from true_api.kernel.rows import table_of
from true_api.rooms.encounters.tables import Encounter

__all__ = ["beside", "place"]

SECONDS_TO_CATCH_UP = 120


@dataclass
class Writers:
    """Sixteen who record contacts until nobody answers, each taking one back now and then."""

    port: int
    token: str
    enough: int
    receipts: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """All of them at the same time."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30) as http:
            await asyncio.gather(*(self._one(http) for _ in range(CALLERS)))

    async def _one(self, http: httpx2.AsyncClient) -> None:
        turn = 0
        try:
            while True:
                answer = await http.post("/v1/encounters", json=encounter(occurred_on=LONG_AGO))
                if answer.status_code == 503:
                    continue
                assert answer.status_code == 201, answer.text
                self.receipts.append(answer.json()["id"])
                turn += 1
                if turn % 4 == 0:
                    await http.post(f"/v1/encounters/{self.receipts[-1]}/void", json={"reason": "recorded_twice"})
                if len(self.receipts) >= self.enough:
                    self.reached.set()
        except httpx2.TransportError:
            # Killed.
            return


@dataclass
class Follower:
    """A supervisor's system that reads on from its last page, on whichever server answers."""

    ports: tuple[int, ...]
    token: str
    after: str | None = None
    heard: list[str] = field(default_factory=list)

    async def page(self, turn: int) -> bool:
        """Read the next page; whether there was nothing new in it."""
        asked = {"kinds": "encounter", "limit": 200, **({"after": self.after} if self.after else {})}
        headers = {"Authorization": f"Bearer {self.token}"}
        base = f"http://127.0.0.1:{self.ports[turn % len(self.ports)]}"
        async with httpx2.AsyncClient(base_url=base, headers=headers, timeout=30) as http:
            answer = await http.get("/v1/changes", params=asked)
        if answer.status_code == 503:
            return False
        assert answer.status_code == 200, answer.text
        page = answer.json()
        self.after = page["next"]
        self.heard += [item["reference"] for item in page["items"]]
        return not page["items"]

    async def follow(self) -> None:
        """Go on until it is told to stop."""
        turn = 0
        while True:
            turn += 1
            try:
                await self.page(turn)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)

    async def catch_up(self, expected: set[str]) -> None:
        """Read on until everything was heard of, and nothing is new."""
        async with asyncio.timeout(SECONDS_TO_CATCH_UP):
            while True:
                nothing_new = await self.page(0)
                if nothing_new and expected <= set(self.heard):
                    return
                await asyncio.sleep(0.2)


def _kill(server: Popen[bytes]) -> None:
    os.kill(server.pid, signal.SIGKILL)
    server.wait()


async def token_of(operator: Operator, member: str) -> str:
    """A fresh token; the command has an event loop of its own."""
    return (await asyncio.to_thread(operator.does, "token", "--member", member)).strip()


async def _stood(operator: Operator) -> set[str]:
    async with opened(operator.settings) as installation:
        (found,) = await installation.database.read(table_of(Encounter).select())
    return {str(row.id) for row in found}


async def followed(place: Place, beside: Operator, rounds: int, acknowledged: int) -> None:
    lead = ("--role", "supervisor", "--label", "lead", "--team", "Night van")
    await asyncio.to_thread(place.operator.does, "people", "members", "add", *lead)
    ports = (place.operator.settings.port, beside.settings.port)
    receipts: list[str] = []
    followers = [Follower(ports, ""), Follower(ports[::-1], "")]
    for number in range(rounds):
        token = await token_of(place.operator, "lead")
        writers = Writers(ports[0], await token_of(place.operator, "peer-01"), acknowledged)
        with ExitStack() as running:
            servers = [running.enter_context(serving(operator)) for operator in (place.operator, beside)]
            for follower in followers:
                follower.token = token
            following = [asyncio.create_task(follower.follow()) for follower in followers]
            working = asyncio.create_task(writers.work())
            await writers.reached.wait()
            _kill(servers[number % 2])
            await asyncio.sleep(0.05)
            _kill(servers[1 - number % 2])
            await working
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
        receipts += writers.receipts
        if place.engine is not None and NAMED not in os.environ:
            crash(place.engine)
    stood = await _stood(place.operator)
    assert set(receipts) <= stood
    with serving(place.operator):
        anew = Follower(ports[:1], await token_of(place.operator, "lead"))
        for follower in (*followers, anew):
            follower.ports, follower.token = ports[:1], anew.token
            await follower.catch_up(stood)
    for follower in (*followers, anew):
        assert set(follower.heard) == stood
        # Recorded, and taken back: no commit is heard of twice, and one page tells of a record once.
        assert max(Counter(follower.heard).values()) <= 2
    last = [list(dict.fromkeys(reversed(follower.heard))) for follower in (*followers, anew)]
    assert last[0] == last[1] == last[2]


@pytest.mark.proof
async def test_a_follower_misses_nothing_and_hears_nothing_twice(place: Place, beside: Operator) -> None:
    """The small version of it, in one process, is in tests/outlets/test_feed_followed.py."""
    await followed(place, beside, rounds=8, acknowledged=800)
