"""The edge: request id, sizes, deadline, per-address limit, security headers, one access line, errors rendered once."""

import asyncio
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from uuid import uuid4

import structlog
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from true_api.api.door import Leaving
from true_api.api.problems import problem_of
from true_api.api.refusal_pages import answer as refused
from true_api.kernel.errors import (
    ContentTooLarge,
    HeadersTooLarge,
    InternalError,
    NotFound,
    RequestTimeout,
    TooManyRequests,
)
from true_api.kernel.settings import Settings

LARGEST_HEADERS, MOST_HEADERS = 16_384, 64
BATCHES, AS_MANY_BODIES = "/v1/sync", 16
"""Where a phone sends many requests in one piece, and how many of the largest it may hold; none before it is known."""

PACKAGES = "/v1/directory/imports"
"""Where whole packages come in, of which nothing is read before the caller is known."""
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}

log = structlog.get_logger()


@dataclass(frozen=True)
class Window:
    """What is left of a limit: `left` requests of `quota`, for `seconds` of a window of `span` seconds."""

    policy: str
    quota: int
    span: int
    left: int
    seconds: int


class Limiter:
    """Counts what one key may do in a window; in memory, per process. `policy` is what callers know it by."""

    def __init__(self, rate: str, policy: str) -> None:
        self._item, self._policy = parse(rate), policy
        self._strategy = FixedWindowRateLimiter(MemoryStorage())

    async def within(self, key: str, told: list[Window]) -> None:
        """Count one request, and tell what is left. Raises `TooManyRequests` with Retry-After for a full window."""
        fits = await self._strategy.hit(self._item, key)
        window = await self._strategy.get_window_stats(self._item, key)
        # The limiter counts on the machine's clock, not on the one that is passed in.
        seconds = max(1, int(window.reset_time - time.time()) + 1)  # noqa: TID251
        told.append(Window(self._policy, self._item.amount, self._item.get_expiry(), max(0, window.remaining), seconds))
        if not fits:
            raise TooManyRequests(headers={"Retry-After": str(seconds)})


class Edge:
    """Pure ASGI, outermost: nothing passes or leaves without it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._limiter = Limiter(settings.rate_per_address, "address")
        self._proxies = [ip_network(proxy.strip()) for proxy in settings.trusted_proxies.split(",") if proxy.strip()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, began = uuid4().hex, time.perf_counter()
        windows: list[Window] = []
        state = scope["state"] = {**scope.get("state", {}), "request_id": request_id, "windows": windows}
        state["head_only"] = scope["method"] == "HEAD"
        answer = _Answer(send, state, head_only=scope["method"] == "HEAD")
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        try:
            self._judge_sizes(scope)
            await self._limiter.within(address_of(scope, self._proxies), windows)
            _judge_path(scope["path"])
            await self._app(scope, _Body(receive, self._settings, self._limit(scope)).receive, answer.send)
        except ClientDisconnect:
            answer.status = 499
        except Exception as error:
            problem = problem_of(error)
            if isinstance(problem, InternalError):
                log.error("unforeseen", request_id=request_id, kind=type(error).__name__, at=frames(error))
            if answer.started:
                raise RuntimeError("a response broke off") from None
            await refused(problem, scope)(scope, receive, answer.send)
        finally:
            _access_line(scope, request_id, answer.status, began)

    def _judge_sizes(self, scope: Scope) -> None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
            raise HeadersTooLarge
        declared = dict(headers).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared[:20]) > self._limit(scope):
            raise ContentTooLarge

    def _limit(self, scope: Scope) -> int:
        if scope["path"] == PACKAGES:
            return self._settings.import_limit
        return self._settings.body_limit * (AS_MANY_BODIES if scope["path"] == BATCHES else 1)


def _judge_path(path: str) -> None:
    # Routes match a path that ends in a line feed, and PostgreSQL keeps no NUL: no door has either in its name.
    if any(letter < " " or letter == "\x7f" for letter in path):
        raise NotFound


class _Body:
    """Hands the body on, no further than the limit and no later than the deadline."""

    def __init__(self, receive: Receive, settings: Settings, limit: int) -> None:
        self._receive, self._left, self._seconds = receive, limit, settings.body_seconds
        self._until, self._complete = time.monotonic() + settings.body_seconds, False

    async def receive(self) -> Message:
        """The next part of the body. Raises `ContentTooLarge` or `RequestTimeout`."""
        if self._complete:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            raise RequestTimeout(headers={"Connection": "close"}) from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise ContentTooLarge(headers={"Connection": "close"})
        self._complete = not message.get("more_body", False)
        return message


class _Answer:
    """Adds the headers that every answer carries, and keeps a HEAD's body back."""

    def __init__(self, send: Send, state: dict[str, Any], head_only: bool) -> None:
        self._send, self._state, self._head_only = send, state, head_only
        self.status, self.started = 500, False

    async def send(self, message: Message) -> None:
        """Pass one ASGI message on."""
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            present = {name.lower() for name, _ in message["headers"]}
            more = {**SECURITY_HEADERS, "X-Request-Id": self._state["request_id"], **_limits(self._state["windows"])}
            leaving: Leaving | None = self._state.get("leaving")
            added = () if leaving is None else _written(leaving.headers().items())
            message["headers"] = [*message["headers"], *_missing(more.items(), present), *added]
        elif message["type"] == "http.response.body" and self._head_only:
            message = {**message, "body": b""}
        await self._send(message)


def _limits(windows: Sequence[Window]) -> dict[str, str]:
    """What the limits are and what is left of them (draft-ietf-httpapi-ratelimit-headers)."""
    if not windows:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{one.policy}";q={one.quota};w={one.span}' for one in windows),
        "RateLimit": ", ".join(f'"{one.policy}";r={one.left};t={one.seconds}' for one in windows),
    }


def _missing(headers: Iterable[tuple[str, str]], present: set[bytes]) -> list[tuple[bytes, bytes]]:
    return [header for header in _written(headers) if header[0].lower() not in present]


def _written(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]


def address_of(scope: Scope, proxies: list[IPv4Network | IPv6Network]) -> str:
    """The caller's address; X-Forwarded-For is believed only from a named proxy, and only its last stranger."""
    host = (scope.get("client") or ("unknown", 0))[0]
    if not _among(host, proxies):
        return str(host)
    forwarded = Request(scope).headers.getlist("x-forwarded-for")
    for hop in reversed([hop.strip() for line in forwarded for hop in line.split(",")]):
        if not _among(hop, proxies):
            return hop[:45]
    return str(host)


def _among(host: str, proxies: list[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in proxy for proxy in proxies)


def frames(error: Exception) -> str:
    """Where it happened: files and lines only, because a message may hold a value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))


def _access_line(scope: Scope, request_id: str, status: int, began: float) -> None:
    if scope.get("state", {}).get("unlogged"):
        return
    log.info(
        "request",
        request_id=request_id,
        door=scope.get("state", {}).get("door", "-"),
        permission=scope.get("state", {}).get("permission", "-"),
        status=status,
        ms=round((time.perf_counter() - began) * 1000, 1),
    )
