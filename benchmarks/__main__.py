"""`make bench`: starts everything, measures in turn, prints what came of it, and ends what it started."""

import argparse
import asyncio
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from benchmarks import numbers, privacy, trail
from benchmarks.baselines.bare_fastapi import DATABASE_URL
from benchmarks.house import ACTS, Place, contact, quiet, running_house
from benchmarks.load import Load
from benchmarks.processes import Server, free_port, parent_of, resident_megabytes, serving
from benchmarks.report import (
    CREATE_BARE,
    CREATE_PG,
    CREATE_SQLITE,
    HELLO,
    LIST_BARE,
    NOT_MEASURED,
    RAW_SQLITE,
    TIMELINE_PG,
    TIMELINE_SQLITE,
    Goal,
    Starts,
    as_json,
    goals,
    lines,
)
from benchmarks.rounds import Round, Target, interleaved
from tests.engines import PostgresServer, postgres_server
from tests.world import ROOMY, prepare

STARTS, SECONDS_IDLE = 3, 2.0
UVICORN = ["--host", "127.0.0.1", "--no-access-log", "--log-level", "warning"]
Found = dict[str, list[Round]]
CHECKPOINTER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"


def main() -> None:
    """Measure, and print."""
    asked = _asked()
    # So that servers and their folders end with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    quiet()
    ground = {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "load average": _load_average(),
        "cores": os.cpu_count(),
        "Python": platform.python_version(),
    }
    apart = {"privacy": _of_privacy, "trail": _of_trail, "numbers": _of_numbers}
    of_what = next((measure for name, measure in apart.items() if getattr(asked, name)), _of_speed)
    found, reached = of_what(asked)
    ground["load average after"] = _load_average()
    said = lines(ground, found, reached, NOT_MEASURED if of_what is _of_speed else ())
    print(json.dumps(as_json(ground, found, reached)) if asked.json else "\n".join(said))


def _of_speed(asked: Any) -> tuple[Found, list[Goal]]:
    """What the design asks of speed."""
    with tempfile.TemporaryDirectory(prefix="true-api-bench-") as folder:
        starts = _started(Path(folder))
        with _all_targets(Path(folder)) as targets:
            found = interleaved(targets, asked.rounds, asked.seconds)
    return found, goals(found, starts)


def _of_privacy(asked: Any) -> tuple[Found, list[Goal]]:
    """What sealing and guard cost."""
    return _with_and_without(asked, privacy.with_and_without, privacy.goals)


def _of_trail(asked: Any) -> tuple[Found, list[Goal]]:
    """What the trail costs."""
    return _with_and_without(asked, trail.with_and_without, trail.goals)


def _of_numbers(asked: Any) -> tuple[Found, list[Goal]]:
    """What insights, releases, sealing and exports cost."""
    with tempfile.TemporaryDirectory(prefix="true-api-bench-") as folder, ExitStack() as opened:
        postgres = opened.enter_context(postgres_server(durable=True))
        urls = {
            "PostgreSQL": opened.enter_context(_database(postgres, "numbers")),
            "SQLite": f"sqlite:///{Path(folder, 'SQLite', 'true.db')}",
        }
        return numbers.measured(Path(folder), urls, asked)


def _with_and_without(asked: Any, started: Any, goals_of: Any) -> tuple[Found, list[Goal]]:
    """The whole program beside one that lacks something, each on both engines and on stores of its own."""
    with tempfile.TemporaryDirectory(prefix="true-api-bench-") as folder, ExitStack() as opened:
        postgres = opened.enter_context(postgres_server(durable=True))
        urls = {
            "SQLite": [f"sqlite:///{Path(folder, f'SQLite-{number}', 'true.db')}" for number in range(2)],
            "PostgreSQL": [opened.enter_context(_database(postgres, f"house_{number}")) for number in range(2)],
        }
        database = parent_of(postgres.ask(CHECKPOINTER))
        targets = opened.enter_context(started(Path(folder), urls, database))
        found = interleaved(targets, asked.rounds, asked.seconds)
    return found, goals_of(found)


def _load_average() -> str:
    return " ".join(f"{load:.2f}" for load in os.getloadavg())


def _asked() -> Any:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed beside small baselines.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each target is measured (5)")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each time (4)")
    parser.add_argument("--json", action="store_true", help="print JSON with every round")
    parser.add_argument("--privacy", action="store_true", help="measure what sealing and guard cost, and nothing else")
    parser.add_argument("--trail", action="store_true", help="measure what the trail costs, and nothing else")
    parser.add_argument("--numbers", action="store_true", help="measure insights, releases and exports, nothing else")
    parser.add_argument("--rows", type=int, default=1_000_000, help="with --numbers: how many encounters (1,000,000)")
    return parser.parse_args()


def _started(folder: Path) -> Starts:
    """Start the server on SQLite a few times, look how much memory it holds, and end it."""
    home, seconds, megabytes = folder / "starts", [], []
    home.mkdir()
    url = f"sqlite:///{home / 'true.db'}"
    prepare(home, url)
    for _ in range(STARTS):
        port = free_port()
        chosen = {"TRUE_DATA_DIR": str(home), "TRUE_DATABASE_URL": url, "TRUE_PORT": str(port), **ROOMY}
        with serving(["true_api", "serve", "--notice", "0"], port, "/health/ready", chosen) as server:
            time.sleep(SECONDS_IDLE)
            seconds.append(server.seconds_to_first_answer)
            megabytes.append(resident_megabytes(server.pid))
    return Starts(statistics.median(seconds), statistics.median(megabytes))


@contextmanager
def _all_targets(folder: Path) -> Iterator[list[Target]]:
    """Every server started, in the order in which they are measured: ours, then the baseline beside it."""
    with ExitStack() as opened:
        postgres = opened.enter_context(postgres_server(durable=True))
        postmaster = parent_of(postgres.ask(CHECKPOINTER))
        hello = opened.enter_context(_baseline("hello", "/", {}))
        bare_url = opened.enter_context(_database(postgres, "bare")).replace("+asyncpg", "")
        bare = opened.enter_context(_baseline("bare_fastapi", "/openapi.json", {DATABASE_URL: bare_url}))
        asyncio.run(_fill(bare_url))
        embedded = opened.enter_context(_house(folder / "sqlite", f"sqlite:///{folder / 'sqlite' / 'true.db'}"))
        url = opened.enter_context(_database(postgres, "house"))
        house = opened.enter_context(_house(folder / "postgresql", url))
        (folder / "raw").mkdir()
        yield [
            Target(HELLO, lambda: Load(hello.port, "GET", ["/"], 200), hello.pid),
            Target(CREATE_PG, house.create, house.server.pid, postmaster),
            Target(CREATE_BARE, lambda: _create(bare), bare.pid, postmaster),
            Target(CREATE_SQLITE, embedded.create, embedded.server.pid),
            Target(RAW_SQLITE, folder / "raw"),
            Target(TIMELINE_PG, house.timeline, house.server.pid, postmaster),
            Target(LIST_BARE, lambda: _list(bare), bare.pid, postmaster),
            Target(TIMELINE_SQLITE, embedded.timeline, embedded.server.pid),
        ]


def _create(bare: Server) -> Load:
    paths = [f"/participants/written-{number}/encounters" for number in range(64)]
    return Load(bare.port, "POST", paths, 201, body=contact())


def _list(bare: Server) -> Load:
    return Load(bare.port, "GET", [f"/participants/read-{number}/encounters" for number in range(8)], 200)


async def _fill(url: str) -> None:
    """As long a history for the bare list as participants of ours have."""
    fill = """INSERT INTO encounters SELECT gen_random_uuid(), 'read-' || person, 'street', 'engaged',
        current_date - day, 'night', $1 FROM generate_series(0, 7) person, generate_series(1, 60) day"""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(fill, json.dumps(ACTS))
    finally:
        await connection.close()


def _baseline(name: str, ready: str, more: dict[str, str]) -> Any:
    port = free_port()
    command = ["uvicorn", f"benchmarks.baselines.{name}:app", "--port", str(port), *UVICORN]
    return serving(command, port, ready, more)


@contextmanager
def _house(folder: Path, url: str) -> Iterator[Place]:
    folder.mkdir()
    with running_house(folder, url) as place:
        yield place


@contextmanager
def _database(postgres: PostgresServer, name: str) -> Iterator[str]:
    name = f"bench_{name}_{uuid4().hex[:8]}"
    try:
        yield postgres.create(name)
    finally:
        postgres.drop(name)


if __name__ == "__main__":
    main()
