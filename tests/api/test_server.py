"""The server where no proxy stands: what drips is closed, what cannot be read is refused, and no answer is cut off."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request

from true_api.api.server import LARGEST_HEAD, Patience, listen, server_for

SHORT = Patience(head=0.3, linger=0.3, notice=0.0, drain=2)
WHOLE = b"GET /quick HTTP/1.1\r\nHost: house\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: house\r\n\r\n"
SAID = b"marigold"


class Place:
    """A served application with a quick answer, and a slow one that waits until it is let go."""

    def __init__(self, port: int, begun: asyncio.Event, let_go: asyncio.Event) -> None:
        self._port, self.begun, self.let_go = port, begun, let_go

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection of one's own."""
        return await asyncio.open_connection("127.0.0.1", self._port)


@asynccontextmanager
async def served(patience: Patience = SHORT) -> AsyncIterator[Place]:
    app, begun, let_go = FastAPI(), asyncio.Event(), asyncio.Event()

    @app.get("/quick")
    async def quick() -> str:
        return "quick"

    @app.get("/slow")
    async def slow() -> str:
        begun.set()
        await let_go.wait()
        return "slow"

    @app.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    listening = listen("127.0.0.1", 0)
    server = server_for(app, patience)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield Place(listening.getsockname()[1], begun, let_go)
    finally:
        let_go.set()
        server.should_exit = True
        await task


async def one_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next answer of a connection that stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    return int(head.split(" ")[1]), await reader.readexactly(length)


async def drip(writer: asyncio.StreamWriter, head: bytes) -> None:
    """Send a head one byte at a time, and never its end."""
    with suppress(ConnectionError):
        for byte in head:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.01)


def as_problem(answer: bytes) -> dict[str, Any]:
    """The problem that a connection was closed with, well formed and without anything that was sent."""
    head, _, content = answer.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    problem: dict[str, Any] = json.loads(content)
    assert {"content-type: application/problem+json", "connection: close", "cache-control: no-store"} <= set(lines)
    assert f"x-request-id: {problem['request_id']}" in lines
    assert lines[0].startswith(f"http/1.1 {problem['status']} ")
    assert SAID not in answer
    return problem


async def test_a_connection_on_which_nothing_is_sent_is_closed() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        assert await reader.read() == b""
        writer.close()


async def test_a_connection_on_which_nothing_follows_an_answer_is_closed() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        writer.write(WHOLE)
        assert await one_answer(reader) == (200, b'"quick"')
        assert await reader.read() == b""
        writer.close()


async def test_a_head_that_drips_is_refused_and_its_connection_closed() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        dripping = asyncio.create_task(drip(writer, b"GET /quick HTTP/1.1\r\nX-Said: " + SAID * 1_000))
        problem = as_problem(await reader.read())
        assert (problem["status"], problem["code"]) == (408, "request_timeout")
        dripping.cancel()
        writer.close()


async def test_a_head_that_drips_after_an_answered_request_is_refused_too() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        writer.write(WHOLE)
        assert (await one_answer(reader))[0] == 200
        lines = b"".join(b"X-%d: %b\r\n" % (number, SAID) for number in range(200))
        dripping = asyncio.create_task(drip(writer, b"GET /quick HTTP/1.1\r\n" + lines))
        assert as_problem(await reader.read())["code"] == "request_timeout"
        dripping.cancel()
        writer.close()


async def test_a_request_that_takes_longer_than_its_head_may_is_answered() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        writer.write(SLOW)
        await place.begun.wait()
        idle_reader, idle_writer = await place.connect()
        assert await idle_reader.read() == b""
        place.let_go.set()
        assert await one_answer(reader) == (200, b'"slow"')
        idle_writer.close()
        writer.close()


async def test_requests_sent_ahead_are_answered_in_their_order() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        writer.write(SLOW + WHOLE)
        await place.begun.wait()
        place.let_go.set()
        assert [await one_answer(reader), await one_answer(reader)] == [(200, b'"slow"'), (200, b'"quick"')]
        writer.close()


async def test_an_endless_head_is_refused_long_before_it_fills_the_memory() -> None:
    async with served(Patience(notice=0.0)) as place:
        reader, writer = await place.connect()
        writer.write(b"GET /quick HTTP/1.1\r\nX-Said: ")
        with suppress(ConnectionError):
            for _ in range(LARGEST_HEAD // len(SAID)):
                writer.write(SAID * 4)
                await writer.drain()
        problem = as_problem(await reader.read())
        assert (problem["status"], problem["code"]) == (431, "headers_too_large")
        writer.close()


async def test_what_is_not_http_is_refused_like_everything_else() -> None:
    unreadable = [
        SAID + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"\xff" + SAID + b" HTTP/1.1\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: house\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Name: " + SAID + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-Said: " + SAID + b"\x00\r\n\r\n",
        b"POST /body HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /body HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /body HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmarigold\r\n",
        b"POST /quick HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmarigold\r\n",
    ]
    async with served(Patience(notice=0.0)) as place:
        for said in unreadable:
            reader, writer = await place.connect()
            writer.write(said)
            problem = as_problem(await reader.read())
            assert (problem["status"], problem["code"]) == (400, "malformed_http"), said
            writer.close()


async def test_noise_behind_a_request_is_never_taken_for_its_answer() -> None:
    async with served(Patience(notice=0.0)) as place:
        reader, writer = await place.connect()
        writer.write(SLOW)
        await place.begun.wait()
        writer.write(SAID + b"\r\n\r\n")
        assert await reader.read() == b""
        writer.close()


async def test_an_upgrade_that_nobody_offers_is_an_ordinary_request() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        writer.write(b"GET /quick HTTP/1.1\r\nHost: house\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert (await one_answer(reader))[0] == 200
        writer.close()


async def test_the_server_says_nothing_of_itself() -> None:
    async with served() as place:
        reader, writer = await place.connect()
        writer.write(WHOLE)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"server:" not in head.lower()
        writer.close()
