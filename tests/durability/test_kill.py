"""kill -9 in the middle of 500 writes: what was acknowledged is there once, and retries double nothing."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.cli.conftest import PROGRAM, Operator
from tests.engines import NAMED, PostgresServer, postgres_server
from tests.world import ROOMY, encounter
from true_api.kernel.database import open_database
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position, advance_all
from true_api.rooms.encounters.tables import Encounter
from true_api.security.idempotency import IdempotentRequest
from true_api.security.trail import TrailEntry

WRITES, BEFORE_THE_KILL, ROUNDS, SECONDS_TO_START = 500, 120, 10, 60
LONG_AGO = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()


@dataclass
class Writer:
    """A caller who wants a number of contacts on record, and knows for which of them there was a receipt."""

    port: int
    token: str
    receipts: dict[str, str] = field(default_factory=dict)
    replayed: set[str] = field(default_factory=set)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, key: str) -> bool:
        """Ask to record one contact; keep the receipt, and say whether one came."""
        body = encounter(occurred_on=LONG_AGO)
        answer = await self._asked(key, str(body).replace("'", '"').encode())
        head, _, record = answer.partition(b"\r\n\r\n")
        if not record.endswith(b"}") or head.startswith(b"HTTP/1.1 503 "):
            return False
        assert head.startswith(b"HTTP/1.1 201 "), head
        found = record.partition(b'"id":"')[2][:36].decode()
        # A receipt given once holds for good: the same key never stands for another record.
        assert self.receipts.setdefault(key, found) == found
        if b"idempotent-replayed: true" in head.lower():
            self.replayed.add(key)
        if len(self.receipts) == BEFORE_THE_KILL:
            self.enough.set()
        return True

    async def _asked(self, key: str, body: bytes) -> bytes:
        lines = (
            "POST /v1/encounters HTTP/1.1",
            "Host: house",
            "Connection: close",
            f"Authorization: Bearer {self.token}",
            f"Idempotency-Key: {key}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            answer = await reader.read()
            writer.close()
        except OSError:
            return b""
        return answer

    async def write_all(self, keys: list[str]) -> list[str]:
        """All at the same time; those for which no receipt came."""
        came = await asyncio.gather(*(self.write(key) for key in keys))
        return [key for key, receipt in zip(keys, came, strict=True) if not receipt]


@dataclass(frozen=True)
class Place:
    """An installation whose engine keeps what it acknowledged."""

    operator: Operator
    token: str
    engine: PostgresServer | None


@pytest.fixture
def place(engine: str, tmp_path: Path) -> Iterator[Place]:
    """A program with a peer, on SQLite, or on a PostgreSQL that is as durable as in production."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        environment = {"TRUE_DATA_DIR": str(tmp_path), "TRUE_PORT": str(free.getsockname()[1]), **ROOMY}
    if engine == "sqlite":
        yield founded(environment, None)
        return
    with postgres_server(durable=True) as server:
        server.drop("killed")
        yield founded({**environment, "TRUE_DATABASE_URL": server.create("killed")}, server)


def founded(environment: dict[str, str], engine: PostgresServer | None) -> Place:
    """An installation whose program has a team and a peer, with the peer's token."""
    operator = Operator(environment)
    operator.does("setup", *PROGRAM)
    operator.does("people", "teams", "add", "--name", "Night van")
    operator.does("people", "members", "add", "--role", "peer", "--label", "peer-01", "--team", "Night van")
    return Place(operator, operator.does("token", "--member", "peer-01").strip(), engine)


@contextmanager
def serving(operator: Operator) -> Iterator[subprocess.Popen[bytes]]:
    """The server as it runs in production, until somebody kills it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUE_")}
    command = [sys.executable, "-m", "true_api", "serve", "--notice", "0"]
    with subprocess.Popen(command, env=environment | operator.environment, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + SECONDS_TO_START
            while not _is_ready(operator.settings.port):
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.02)
            yield server
        finally:
            server.kill()


def _is_ready(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as asked:
        asked.sendall(b"GET /health/ready HTTP/1.1\r\nHost: house\r\nConnection: close\r\n\r\n")
        return asked.recv(64).startswith(b"HTTP/1.1 200 ")
    return False


def crash(engine: PostgresServer) -> None:
    """Kill -9 one process of our own PostgreSQL, which makes it start anew from its log; wait until it has."""
    started = engine.ask("SELECT pg_postmaster_start_time()")
    os.kill(engine.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"), signal.SIGKILL)
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        with suppress(OSError, asyncpg.PostgresError):
            if engine.ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'checkpointer'"):
                assert engine.ask("SELECT pg_postmaster_start_time()") == started
                return
        time.sleep(0.02)
    pytest.fail("PostgreSQL did not come back")


async def kept(operator: Operator) -> tuple[list[Any], list[Any], list[Any], list[int]]:
    """What is on disk, read without the server: encounters, keys, entries of the door, and all positions."""
    database = open_database(operator.settings)
    try:
        await advance_all(database)
        tables = (Encounter, IdempotentRequest, TrailEntry, Position)
        encounters, keys, trail, positions = await database.read(*(table_of(kind).select() for kind in tables))
    finally:
        await database.stop()
    of_door = [entry for entry in trail if entry.door == "POST /v1/encounters"]
    assert len(trail) == len(positions)
    return list(encounters), list(keys), of_door, sorted(row.position for row in positions)


async def test_what_was_acknowledged_outlives_kill_9_and_a_retry_doubles_nothing(place: Place) -> None:
    operator, keys = place.operator, [f"contact-number-{number}" for number in range(WRITES)]
    writer = Writer(operator.settings.port, place.token)
    with serving(operator) as server:
        writing = asyncio.create_task(writer.write_all(keys))
        await writer.enough.wait()
        server.kill()
        await writing
    if place.engine is not None and NAMED not in os.environ:
        crash(place.engine)
    acknowledged = dict(writer.receipts)
    assert BEFORE_THE_KILL <= len(acknowledged) < WRITES

    encounters, requests, trail, _ = await kept(operator)
    assert {str(row.id) for row in encounters} >= set(acknowledged.values())
    # Fact, key and trace are one commit: none is there without the others.
    assert {row.id for row in encounters} == {row.resource_id for row in requests}
    assert {row.id for row in encounters} == {entry.record_id for entry in trail}
    assert len(encounters) == len(requests) == len(trail) < WRITES

    with serving(operator):
        missing = keys
        for _ in range(ROUNDS):
            missing = await writer.write_all(missing)
    assert missing == []
    assert writer.receipts.items() >= acknowledged.items()
    assert writer.replayed >= set(acknowledged)

    encounters, requests, trail, positions = await kept(operator)
    assert {str(row.id) for row in encounters} == set(writer.receipts.values())
    assert len(encounters) == len(requests) == WRITES
    assert sum(row.replays for row in requests) == len(trail) - WRITES
    assert positions == list(range(1, len(positions) + 1))
