"""What numbers cost: insights, sealing, releases and exports over very many encounters, each beside a yardstick."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx2

from benchmarks.exporting import exports
from benchmarks.filled import MONTHS, Ground, plain, prepared, say, served
from benchmarks.load import Load
from benchmarks.processes import Server
from benchmarks.report import Goal
from benchmarks.rounds import Round, Target, interleaved, ratio
from tests.world import ok

TIMES, CONNECTIONS = 15, 8
HELLO, RELEASE = "hello, the same app", "release of a month"
MONTH = "to_char(e.occurred_on, 'YYYY-MM')"
SPAN = "e.occurred_on >= $1 AND e.occurred_on < $2"
# As plain as they can be: neither amended and voided contacts nor linked records are looked at.
YARDSTICKS = {
    "months": f"SELECT {MONTH} AS month, count(*), count(DISTINCT e.participant_id)"
    f" FROM encounters e WHERE {SPAN} GROUP BY 1",
    "tables/people-by-setting": f"SELECT {MONTH} AS month, e.setting, count(DISTINCT e.participant_id)"
    f" FROM encounters e WHERE {SPAN} GROUP BY 1, 2",
}


def measured(folder: Path, urls: dict[str, str], asked: Any) -> tuple[dict[str, list[Round]], list[Goal]]:
    """Everything, on fresh databases of both engines."""
    found: dict[str, list[Round]] = {}
    reached: list[Goal] = []
    for engine, url in urls.items():
        ground, seconds = prepared(folder / engine, url, asked.rows)
        reached.append(_sealing(engine, asked.rows, seconds))
        with served(ground) as server:
            if engine == "PostgreSQL":
                reached += _insights(ground)
                found = interleaved(_targets(ground, server), asked.rounds, asked.seconds)
                reached.append(_release(found))
            reached += exports(engine, ground, server)
    return found, reached


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


def _insights(ground: Ground) -> list[Goal]:
    return [asyncio.run(_beside_yardstick(ground, what, plain)) for what, plain in YARDSTICKS.items()]


async def _beside_yardstick(ground: Ground, what: str, statement: str) -> Goal:
    """The door and the plain statement in turn, each on one warm connection."""
    say(f"insights: {what}")
    first, end = ground.many.months[0].first_day, ground.many.months[-1].end
    ours, theirs = [], []
    connection = await asyncpg.connect(plain(ground.url))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{ground.port}", timeout=60) as http:
        header, path = ground.header("supervisor"), f"/v1/insights/{what}?{ground.span}"
        for number in range(TIMES + 1):
            took = [
                await _timed(lambda: http.get(path, headers=header)),
                await _timed(lambda: connection.fetch(statement, first, end)),
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
