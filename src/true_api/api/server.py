"""The server: uvicorn with nothing of its own to say, a deadline for every request's head, and an orderly end.

Where a proxy stands in front (docs/deploy) it closes what drips. Where none stands, `GuardedConnection` does,
for heads; bodies have their deadline in edge.py.
"""

import asyncio
import signal
import socket
import time
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType
from typing import Any, cast
from uuid import uuid4

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from true_api.api.edge import SECURITY_HEADERS
from true_api.api.problems import render
from true_api.kernel.errors import HeadersTooLarge, MalformedHttp, Problem, RequestTimeout

LARGEST_HEAD = 65_536
WAITING_CONNECTIONS = 2_048

log = structlog.get_logger()


@dataclass(frozen=True)
class Patience:
    """How many seconds the server waits, and for what."""

    head: float = 15.0
    """For a whole request head, from the connection's start or from the answer before."""
    linger: float = 60.0
    """For a caller to take the last answer in, once the connection is being closed."""
    farewell: float = 1.0
    """For a caller who is still sending to notice a refusal."""
    notice: float = 5.0
    """Between saying "not ready" and leaving: two looks of the proxy in docs/deploy."""
    drain: int = 20
    """For requests under way when leaving."""


class GuardedConfig(uvicorn.Config):
    """The one way uvicorn runs here."""

    def __init__(self, app: FastAPI, patience: Patience) -> None:
        super().__init__(
            app,
            http=GuardedConnection,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            # Our own deadline closes idle connections; uvicorn's would only say the same again.
            timeout_keep_alive=int(patience.head) + 1,
            timeout_graceful_shutdown=patience.drain,
        )
        self.house, self.patience = app, patience


class GuardedConnection(HttpToolsProtocol):
    """A connection that is closed when a request's head does not arrive whole, in time and of a sane size."""

    def __init__(
        self,
        config: GuardedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = config.patience
        self._deadline: asyncio.TimerHandle | None = None
        self._head_begun, self._head_size, self._refused = False, 0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._wait_until(self._patience.head, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, while the head has a size that any request needs."""
        if self._refused:
            return
        self._head_size += len(data)
        super().data_received(data)
        if self._head_begun and self._head_size > LARGEST_HEAD:
            self._refuse(HeadersTooLarge())

    def on_message_begin(self) -> None:
        """The first byte of a head is here."""
        super().on_message_begin()
        self._head_begun, self._head_size = True, 0

    def on_headers_complete(self) -> None:
        """The head is here; what follows is for the edge to watch."""
        self._head_begun = False
        self._wait_no_longer()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, unless it is here already."""
        next_is_here = bool(self.pipeline)
        super().on_response_complete()
        if not next_is_here:
            self._wait_until(self._patience.head, self._head_is_late)

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read, refused like everything else."""
        self._refuse(MalformedHttp())

    def _wait_until(self, seconds: float, then: Any) -> None:
        self._wait_no_longer()
        self._deadline = self.loop.call_later(seconds, then)

    def _wait_no_longer(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _head_is_late(self) -> None:
        if self._head_begun:
            self._refuse(RequestTimeout())
        else:
            self._close()

    def _close(self) -> None:
        self.transport.close()
        # Closing waits until the caller has taken everything in, and a caller may never do so.
        self._wait_until(self._patience.linger, self.transport.abort)

    def _refuse(self, problem: Problem) -> None:
        """Answer before there is a request, and close; silently where another request's answer is still due."""
        if self.transport.is_closing() or self._answer_is_due():
            self._close()
            return
        request_id, self._refused = uuid4().hex, True
        log.info("refused_unread", request_id=request_id, status=problem.status)
        self.transport.write(_as_bytes(problem, request_id, self.server_state.default_headers))
        if self.cycle is not None:
            # Nobody waits for this request's own answer any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        # Closing at once would reset a connection that is still sending, and the refusal would never be read.
        self.transport.write_eof()
        self._wait_until(self._patience.farewell, self.transport.abort)

    def _answer_is_due(self) -> bool:
        cycle = self.cycle
        if cycle is None or (cycle.response_complete and not self.pipeline):
            return False
        return bool(self.pipeline) or cycle.response_started or not cycle.more_body


def _as_bytes(problem: Problem, request_id: str, default_headers: list[tuple[bytes, bytes]]) -> bytes:
    response = render(problem, request_id)
    more = {**SECURITY_HEADERS, "X-Request-Id": request_id, "Connection": "close"}
    named = [(name.encode(), value.encode()) for name, value in more.items()]
    lines = [name + b": " + value for name, value in [*default_headers, *response.raw_headers, *named]]
    first = b"HTTP/1.1 %d %s" % (problem.status, HTTPStatus(problem.status).phrase.encode())
    return b"\r\n".join([first, *lines, b"", bytes(response.body)])


class OrderlyServer(uvicorn.Server):
    """Leaves in order: not ready, then no new connections, then nothing under way."""

    config: GuardedConfig

    def __init__(self, config: GuardedConfig) -> None:
        super().__init__(config)
        self._notice, self._leaving_since = config.patience.notice, 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say where."""
        await super().startup(sockets)
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            log.info("listening", host=host, port=port)

    async def on_tick(self, counter: int) -> bool:
        """Stay a moment after saying "not ready", so that a balancer sends nobody to a closed door."""
        if not await super().on_tick(counter):
            return False
        if not self._leaving_since:
            self._leaving_since = time.monotonic()
            self.config.house.state.ready = False
            log.info("leaving", seconds=self._notice)
        return time.monotonic() - self._leaving_since >= self._notice

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A person at the keyboard (SIGINT) waits for no balancer."""
        if sig == signal.SIGINT:
            self._notice = 0.0
        super().handle_exit(sig, frame)


def server_for(app: FastAPI, patience: Patience = Patience()) -> OrderlyServer:
    """The server for an application; `run(sockets=[listen(...)])` starts it."""
    return OrderlyServer(GuardedConfig(app, patience))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `OSError` when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host.strip("[]"), port), family=family, backlog=WAITING_CONNECTIONS)
