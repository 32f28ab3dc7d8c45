"""A house behind a real socket, and a caller that says exactly the bytes it is given."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.world import House
from true_api.api.server import Patience, listen, server_for


@dataclass(frozen=True)
class Loopback:
    """Where a house answers."""

    house: House
    port: int

    async def say(self, *parts: bytes) -> httpx2.Response:
        """Send these bytes on a connection of their own; the answer, once the server has closed it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for part in parts:
            writer.write(part)
        answer = await reader.read()
        writer.close()
        return _read(answer)

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """One ordinary request, byte by byte as given."""
        lines = {"Content-Length": str(len(body)), **(headers or {})} if body else dict(headers or {})
        return await self.say(head(method, path, lines), body)


def head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    """The head of a request after which the connection closes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: house", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _read(answer: bytes) -> httpx2.Response:
    start, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = start.decode("latin-1").split("\r\n")
    headers: list[Any] = [tuple(line.split(": ", 1)) for line in lines]
    return httpx2.Response(int(first.split(" ")[1]), headers=headers, content=body)


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[Loopback]:
    """The house's application behind the server that the command line starts."""
    listening = listen("127.0.0.1", 0)
    server = server_for(house.app, Patience(notice=0.0, drain=2))
    # The house of a test has opened and will close by itself.
    server.config.lifespan = "off"
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.002)
    try:
        yield Loopback(house, listening.getsockname()[1])
    finally:
        server.should_exit = True
        await task
