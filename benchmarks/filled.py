"""A settled installation with very many encounters in it and some months sealed, and its server."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from sqlalchemy import make_url

from benchmarks.many_encounters import Many, Placed, load
from benchmarks.processes import Server, free_port, serving
from tests.outlets.exporting import deputy_of
from tests.world import ROOMY, Caller, House, house_settings, ok, open_house, prepare
from true_api.kernel.clock import HeldClock
from true_api.outlets.statistics.periods import Month

MONTHS, SEALS = 24, 3
SECONDS_TO_SETTLE = 1_200
SERVE = ["benchmarks.beside_hello"]


@dataclass(frozen=True)
class Ground:
    """A settled and filled installation, and who calls it. Its house is closed; its keys are the server's."""

    folder: Path
    url: str
    many: Many
    port: int
    people: dict[str, Caller]

    def header(self, persona: str) -> dict[str, str]:
        """What a caller sends; a token lives ten minutes from this moment."""
        caller = self.people[persona]
        caller.house.clock = HeldClock(datetime.now(UTC))
        return {"Authorization": f"Bearer {caller.token()}"}

    @property
    def span(self) -> str:
        """The months, as a query."""
        return f"from={self.many.months[0]}&to={self.many.months[-1].following}"

    def call(self, persona: str, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request on a connection of its own."""
        headers = {**self.header(persona), **more.pop("headers", {})}
        return httpx2.request(method, f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=60, **more)


def say(what: str) -> None:
    """Where we are, for whoever waits."""
    print(what, file=sys.stderr, flush=True)


def prepared(folder: Path, url: str, rows: int) -> tuple[Ground, list[float]]:
    """An installation that is filled, with some months sealed; how long each seal took."""
    folder.mkdir()
    prepare(folder, url)
    return asyncio.run(_filled(folder, url, Many(rows, _months_before_now())))


def _months_before_now() -> tuple[Month, ...]:
    this = Month.of(datetime.now(UTC).date())
    return tuple(this.later(-before) for before in range(MONTHS, 0, -1))


async def _filled(folder: Path, url: str, many: Many) -> tuple[Ground, list[float]]:
    port, clock = free_port(), HeldClock(datetime.now(UTC))
    settings = house_settings(folder, url, TRUE_PORT=str(port))
    async with open_house(settings, clock) as house:
        await deputy_of(house)
        placed = Placed.of(house)
    say(f"putting {many.encounters:,} encounters into {url.partition(':')[0]}")
    await asyncio.to_thread(load, url, many, placed)
    clock = HeldClock(datetime.now(UTC))
    async with open_house(settings, clock) as again:
        again.people |= {"deputy": house.people["deputy"]}
        # The newest first: what lies between the earliest that was sealed and now, the house then seals by itself.
        seconds = [await _sealed(again, month) for month in reversed(many.months[-SEALS:])]
        return Ground(folder, url, many, port, again.people), seconds


async def _sealed(house: House, month: Month) -> float:
    say(f"sealing {month}")
    began = time.perf_counter()
    sealed = ok(await house.admin.post("/v1/releases", {"period": str(month)}))
    assert len(sealed["tables"]) >= 10, "the goal speaks of ten tables"
    return time.perf_counter() - began


@contextmanager
def served(ground: Ground) -> Iterator[Server]:
    """The server, once all that was loaded has been counted and nothing is due to be sealed."""
    chosen = {"TRUE_DATA_DIR": str(ground.folder), "TRUE_DATABASE_URL": ground.url, "TRUE_PORT": str(ground.port)}
    with serving(SERVE, ground.port, "/health/ready", {**chosen, **ROOMY}) as server:
        say("waiting until everything is counted")
        _wait(lambda: _settled(ground), SECONDS_TO_SETTLE)
        yield server


def _settled(ground: Ground) -> bool:
    calendar = ok(ground.call("integrator", "GET", "/v1/releases/calendar"))
    (periods,) = (rows for rows in calendar.values() if isinstance(rows, list))
    touched = asyncio.run(_asked(ground.url, "SELECT count(*) FROM touched_months"))
    return touched == 0 and all(period["state"] != "due" for period in periods)


async def _asked(url: str, question: str) -> int:
    if url.startswith("sqlite"):
        return await asyncio.to_thread(_asked_embedded, url.removeprefix("sqlite:///"), question)
    connection = await asyncpg.connect(plain(url))
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()


def _asked_embedded(file: str, question: str) -> int:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return int(connection.execute(question).fetchone()[0])
    finally:
        connection.close()


def _wait(until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise RuntimeError("The house was not done in time.")
        time.sleep(1)


def plain(url: str) -> str:
    """A database of PostgreSQL as its driver names it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
