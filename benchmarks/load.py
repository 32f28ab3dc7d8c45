"""The load generator, a process of its own: keep-alive connections that each ask again as soon as they are answered.

Reads one `Load` as JSON from standard input, prints what came of it as one line of JSON.
"""

import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import cast
from uuid import uuid4

import uvloop

SECONDS_OF_PATIENCE = 30
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What to ask, how often and for how long. Paths are asked in turn; a keyed request gets a new Idempotency-Key."""

    port: int
    method: str
    paths: list[str]
    expected: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    keyed: bool = False
    connections: int = 32
    seconds: float = 4.0

    def requests(self) -> Iterator[bytes]:
        """Requests as bytes, without end."""
        body = self.body.encode()
        lines = ["Host: 127.0.0.1", *(f"{name}: {value}" for name, value in self.headers.items())]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        rest = "\r\n".join([*lines, "", ""]).encode() + body
        firsts = itertools.cycle([f"{self.method} {path} HTTP/1.1\r\n".encode() for path in self.paths])
        run = uuid4().hex
        for number, first in enumerate(firsts):
            yield first + (f"Idempotency-Key: {run}-{number}\r\n".encode() if self.keyed else b"") + rest


@dataclass(frozen=True)
class Outcome:
    """How long each answer took, how long all of it, and how many answers were not the expected ones."""

    took: list[float]
    elapsed: float
    failed: int = 0
    cpu: float | None = None
    """Of a program that measures itself."""


class Connection(asyncio.Protocol):
    """One caller, with one question at a time."""

    def __init__(self, requests: Iterator[bytes], expected: int, until: float) -> None:
        self.took: list[float] = []
        self.failed = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests, self._expected, self._until = requests, expected, until
        self._received, self._asked_at, self._waits = b"", 0.0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer; ask again once it is whole."""
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        length = LENGTH.search(head)
        if length is None or len(body) < int(length[1]):
            return
        self.took.append(time.perf_counter() - self._asked_at)
        self.failed += int(head[9:12]) != self._expected
        self._received, self._waits = b"", False
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over; an answer that is still due will not come."""
        self.failed += self._waits
        if not self.over.done():
            self.over.set_result(None)

    def _ask(self) -> None:
        self._asked_at = time.perf_counter()
        if self._asked_at >= self._until:
            self._transport.close()
            return
        self._waits = True
        self._transport.write(next(self._requests))


async def press(load: Load) -> Outcome:
    """Ask for as long as told."""
    loop, requests, began = asyncio.get_running_loop(), load.requests(), time.perf_counter()

    def caller() -> Connection:
        return Connection(requests, load.expected, began + load.seconds)

    callers = [(await loop.create_connection(caller, "127.0.0.1", load.port))[1] for _ in range(load.connections)]
    await asyncio.wait_for(asyncio.gather(*(one.over for one in callers)), load.seconds + SECONDS_OF_PATIENCE)
    elapsed = time.perf_counter() - began
    took = [moment for one in callers for moment in one.took]
    return Outcome(took, elapsed, sum(one.failed for one in callers))


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(press(Load(**json.load(sys.stdin)))))))
