"""kill -9 in the middle of a batch: what stands is told on the next try, the rest is kept then, and nothing twice."""

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import pytest

from tests.durability.test_kill import LONG_AGO, Place, place, serving
from tests.world import encounter
from true_api.kernel.database import open_database
from true_api.kernel.rows import Row, table_of
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.sync.tables import SyncedItem

__all__ = ["place"]

ITEMS, BEFORE_THE_KILL, SECONDS = 200, 40, 60


async def uploaded(place: Place, batch: list[Any]) -> list[dict[str, Any]]:
    """Sends a batch; its results, or none where no answer came."""
    body = json.dumps({"items": batch}).encode()
    lines = (
        "POST /v1/sync HTTP/1.1",
        "Host: house",
        "Connection: close",
        f"Authorization: Bearer {place.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", place.operator.settings.port)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = await reader.read()
        writer.close()
    except OSError:
        return []
    head, _, told = answer.partition(b"\r\n\r\n")
    return list(json.loads(told)["results"]) if head.startswith(b"HTTP/1.1 200 ") else []


async def rows(place: Place, kind: type[Row]) -> list[Any]:
    """What is on disk, whether the server runs or not."""
    database = open_database(place.operator.settings)
    try:
        return list((await database.read(table_of(kind).select()))[0])
    finally:
        await database.stop()


async def half_done(place: Place) -> None:
    """Wait until some of a batch stands, and not all."""
    until = time.monotonic() + SECONDS
    while len(await rows(place, SyncedItem)) < BEFORE_THE_KILL:
        assert time.monotonic() < until
        await asyncio.sleep(0.005)


@pytest.mark.proof
async def test_a_batch_outlives_kill_9_and_counts_once(place: Place) -> None:
    met = encounter(occurred_on=LONG_AGO, acts=[{"act": "listening"}])
    batch = [{"client_id": str(uuid4()), "kind": "encounter", "body": met} for _ in range(ITEMS)]
    with serving(place.operator) as server:
        sending = asyncio.create_task(uploaded(place, batch))
        await half_done(place)
        server.kill()
        assert await sending == []
    stood = await rows(place, SyncedItem)
    assert BEFORE_THE_KILL <= len(stood) < ITEMS
    # Fact and mark are one commit: none is there without the other.
    assert {row.resource_id for row in stood} == {row.id for row in await rows(place, Encounter)}

    with serving(place.operator):
        results = await uploaded(place, batch)
    outcomes = [result["outcome"] for result in results]
    assert outcomes == ["duplicate"] * len(stood) + ["created"] * (ITEMS - len(stood))
    assert {result["became"]["id"] for result in results} == {str(row.id) for row in await rows(place, Encounter)}
    assert len(await rows(place, Encounter)) == ITEMS
