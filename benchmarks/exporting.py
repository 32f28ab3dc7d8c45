"""Exports: the memory that the server takes for one over very many encounters, and its speed beside COPY's."""

import asyncio
import time

import asyncpg
import httpx2

from benchmarks.filled import Ground, plain, say
from benchmarks.memory import Peak
from benchmarks.processes import Server
from benchmarks.report import Goal
from tests.world import ok

SECONDS_TO_EXPORT, SECONDS_BETWEEN_LOOKS = 1_200, 0.25


def exports(engine: str, ground: Ground, server: Server) -> list[Goal]:
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
    months = {"from": str(ground.many.months[0]), "to": str(ground.many.months[-1].following)}
    draft = {"kind": "operational", "format": "ndjson", "tables": ["encounters"], **months}
    keyed = {"Idempotency-Key": f"bench-{time.monotonic_ns()}"}
    asked = ground.call("supervisor", "POST", "/v1/exports", json=draft, headers=keyed)
    ok(asked)
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
    connection = await asyncpg.connect(plain(url))

    async def let_go(_piece: bytes) -> None:
        pass

    began = time.perf_counter()
    try:
        await connection.copy_from_table("encounters", output=let_go, timeout=600)
        return time.perf_counter() - began
    finally:
        await connection.close()
