"""What numbers cost: insights, sealing, releases and exports over very many encounters, each beside a yardstick."""

import asyncio
import sqlite3
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from sqlalchemy import make_url

from benchmarks.load import Load
from benchmarks.many_encounters import Many, Placed, load
from benchmarks.memory import Peak
from benchmarks.processes import Server, free_port, serving
from benchmarks.report import Goal
from benchmarks.rounds import Round, Target, interleaved, ratio
from tests.outlets.exporting import deputy_of
from tests.world import ROOMY, Caller, House, house_settings, ok, open_house, prepare
from true_api.kernel.clock import HeldClock
from true_api.outlets.statistics.periods import Month

MONTHS, TIMES, SEALS = 24, 15, 3
CONNECTIONS = 8
SECONDS_TO_SETTLE, SECONDS_TO_EXPORT, SECONDS_BETWEEN_LOOKS = 1_200, 1_200, 0.25
HELLO, RELEASE = "hello, the same app", "release of a month"
SERVE = ["benchmarks.beside_hello"]
MONTH = "to_char(e.occurred_on, 'YYYY-MM')"
SPAN = "e.occurred_on >= $1 AND e.occurred_on < $2"
# As plain as they can be: neither amended and voided contacts nor linked records are looked at.
YARDSTICKS = {
    "months": f"SELECT {MONTH} AS month, count(*), count(DISTINCT e.participant_id)"
    f" FROM encounters e WHERE {SPAN} GROUP BY 1",
    "tables/people-by-setting": f"SELECT {MONTH} AS month, e.setting, count(DISTINCT e.participant_id)"
    f" FROM encounters e WHERE {SPAN} GROUP BY 1, 2",
}


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


def measured(folder: Path, urls: dict[str, str], asked: Any) -> tuple[dict[str, list[Round]], list[Goal]]:
    """Everything, on fresh databases of both engines."""
    found: dict[str, list[Round]] = {}
    reached: list[Goal] = []
    for engine, url in urls.items():
        ground, seconds = _ground(folder / engine, url, asked.rows)
        reached.append(_sealing(engine, asked.rows, seconds))
        with _served(ground) as server:
            if engine == "PostgreSQL":
                reached += _insights(ground)
                found = interleaved(_targets(ground, server), asked.rounds, asked.seconds)
                reached.append(_release(found))
            reached += _exports(engine, ground, server)
    return found, reached


def say(what: str) -> None:
    """Where we are, for whoever waits."""
    print(what, file=sys.stderr, flush=True)


def _ground(folder: Path, url: str, rows: int) -> tuple[Ground, list[float]]:
    """Prepared, filled, and some months sealed; how long each seal took."""
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


def _sealing(engine: str, rows: int, seconds: list[float]) -> Goal:
    each = ", ".join(f"{one:.2f}" for one in seconds)
    return Goal(
        f"sealing a month of {MONTHS} over {rows:,} encounters, {engine}",
        statistics.median(seconds),
        5.0,
        False,
        "s",
        f"each: {each}",
    )


@contextmanager
def _served(ground: Ground) -> Iterator[Server]:
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
    connection = await asyncpg.connect(_plain(url))
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


def _insights(ground: Ground) -> list[Goal]:
    return [asyncio.run(_beside_yardstick(ground, what, plain)) for what, plain in YARDSTICKS.items()]


async def _beside_yardstick(ground: Ground, what: str, plain: str) -> Goal:
    """The door and the plain statement in turn, each on one warm connection."""
    say(f"insights: {what}")
    first, end = ground.many.months[0].first_day, ground.many.months[-1].end
    ours, theirs = [], []
    connection = await asyncpg.connect(_plain(ground.url))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{ground.port}", timeout=60) as http:
        header, path = ground.header("supervisor"), f"/v1/insights/{what}?{ground.span}"
        for number in range(TIMES + 1):
            took = [
                await _timed(lambda: http.get(path, headers=header)),
                await _timed(lambda: connection.fetch(plain, first, end)),
            ]
            if number:
                ours.append(took[0])
                theirs.append(took[1])
        ok(await http.get(path, headers=header))
    await connection.close()
    middle, other = statistics.median(ours), statistics.median(theirs)
    share = statistics.median(one / two for one, two in zip(theirs, ours, strict=True))
    beside = f"{other * 1000:.1f} ms beside {middle * 1000:.1f} ms"
    return Goal(f"plain GROUP BY, of insights/{what}", share, 50.0, True, "x", beside)


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _targets(ground: Ground, server: Server) -> list[Target]:
    path = f"/v1/releases/{ground.many.months[-1]}/people-by-setting"
    return [
        Target(HELLO, lambda: Load(ground.port, "GET", ["/hello"], 200, connections=CONNECTIONS), server.pid),
        Target(
            RELEASE,
            lambda: Load(ground.port, "GET", [path], 200, ground.header("integrator"), connections=CONNECTIONS),
            server.pid,
        ),
    ]


def _release(found: dict[str, list[Round]]) -> Goal:
    cost = ratio(found[RELEASE], found[HELLO], "cpu_us")
    return Goal("a release, of a hello route of the same app, by CPU", cost, 1.3, False, "x")


def _exports(engine: str, ground: Ground, server: Server) -> list[Goal]:
    """All encounters as lines of JSON, made and fetched; on PostgreSQL beside COPY of the same table."""
    say(f"exporting from {engine}")
    peak, began = Peak(server.pid), time.perf_counter()
    place = _approved(ground)
    _wait_for(ground, place)
    took = time.perf_counter() - began
    (file,) = ok(ground.call("supervisor", "GET", place))["files"]
    assert file["rows"] == ground.many.encounters
    fetched = _fetched(ground, f"{place}/files/{file['name']}")
    assert fetched == file["bytes"]
    rate = file["rows"] / took
    said = f"{rate:,.0f} rows/s, {fetched / 2**20:.0f} MB, idle {peak.idle:.0f} MB"
    reached = [
        Goal(f"memory above idle, export of {file['rows']:,} rows, {engine}", peak.above_idle, 150.0, False, "MB", said)
    ]
    if engine == "PostgreSQL":
        copied = file["rows"] / asyncio.run(_copied(ground.url))
        beside = f"{rate:,.0f} beside {copied:,.0f} rows/s"
        reached.append(Goal("rows/s of the export, of COPY TO STDOUT", rate / copied, 0.3, True, "x", beside))
    return reached


def _approved(ground: Ground) -> str:
    """Asked for by one supervisor, approved by another; where to follow it."""
    first, last = ground.many.months[0], ground.many.months[-1].following
    draft = {"kind": "operational", "format": "ndjson", "tables": ["encounters"], "from": str(first), "to": str(last)}
    keyed = {"Idempotency-Key": f"bench-{time.monotonic_ns()}"}
    asked = ground.call("supervisor", "POST", "/v1/exports", json=draft, headers=keyed)
    place = str(asked.headers["location"])
    ok(ground.call("deputy", "POST", f"{place}/approval", json={"decision": "approve"}, headers=keyed))
    return place


def _wait_for(ground: Ground, place: str) -> None:
    end = time.monotonic() + SECONDS_TO_EXPORT
    while (state := ok(ground.call("supervisor", "GET", place))["state"]) != "done":
        if state not in ("queued", "running") or time.monotonic() > end:
            raise RuntimeError(f"The export came to nothing; it is {state}.")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _fetched(ground: Ground, path: str) -> int:
    """How many bytes a file has, read as they come."""
    url, headers = f"http://127.0.0.1:{ground.port}{path}", ground.header("supervisor")
    with httpx2.stream("GET", url, headers=headers, timeout=60) as answer:
        return sum(len(piece) for piece in answer.iter_bytes())


async def _copied(url: str) -> float:
    """Seconds for the whole table as PostgreSQL itself hands it out."""
    say("COPY TO STDOUT")
    connection = await asyncpg.connect(_plain(url))

    async def let_go(_piece: bytes) -> None:
        pass

    try:
        return await _timed(lambda: connection.copy_from_table("encounters", output=let_go, timeout=600))
    finally:
        await connection.close()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
