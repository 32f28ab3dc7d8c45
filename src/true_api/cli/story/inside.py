"""Calls from inside the process: real HTTP requests to the whole application, without a socket.

A client library (httpx2 over its ASGITransport) does the same for half a millisecond more per request, seconds in all
while somebody waits; so the demo speaks ASGI by itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.types import Message

from true_api.security.installation import Installation
from true_api.security.tokens import Grant

MET_BY_CHANCE = frozenset({"already_on_caseload", "code_taken", "write_collided"})
"""Refusals that two writes at the same moment may meet; whoever tries again gets through."""

TRIES = 5
HOURS_12 = 12 * 3600


class StoryBroke(Exception):
    """A door answered something that the story does not foresee; the message names status and code, never a value."""


@dataclass(frozen=True)
class Answer:
    """What a door answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass
class _Exchange:
    """One request as ASGI sees it."""

    sent: bytes
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self.sent, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            self.parts.append(message.get("body", b""))


class Inside:
    """An application that is called in its own process."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.installation: Installation = app.state.installation

    async def ask(self, method: str, target: str, headers: Mapping[str, str], draft: object = None) -> Answer:
        """One request; `target` is path and query."""
        body = b"" if draft is None else json.dumps(draft).encode()
        path, _, query = target.partition("?")
        lines = {"host": "127.0.0.1", "content-length": str(len(body)), **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in lines.items()],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", self.installation.settings.port),
        }
        exchange = _Exchange(body)
        await self._app(scope, exchange.receive, exchange.send)
        return Answer(exchange.status, exchange.headers, b"".join(exchange.parts))


class Caller:
    """Somebody at the front door, with a token of the day."""

    def __init__(self, inside: Inside, grant: Grant) -> None:
        self.grant, self._inside = grant, inside
        self._issued_at: object = None
        self._token = ""

    @property
    def id(self) -> str:
        """The id of the member or client."""
        return str(self.grant.subject)

    def _bearer(self) -> str:
        installation, now = self._inside.installation, self._inside.installation.clock.now()
        if now != self._issued_at:
            self._token, self._issued_at = installation.tokens.issue(self.grant, now, HOURS_12), now
        return f"Bearer {self._token}"

    async def call(self, method: str, target: str, draft: object = None, **headers: str) -> Answer:
        """One request, again where two writes met by chance. Raises `StoryBroke` when it is refused."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = {"authorization": self._bearer(), "content-type": "application/json", **named}
        for _ in range(TRIES):
            answer = await self._inside.ask(method, target, lines, draft)
            if answer.status < 400:
                return answer
            if (code := answer.json().get("code")) not in MET_BY_CHANCE:
                break
        raise StoryBroke(f"{answer.status} {code}")

    async def get(self, path: str, **query: object) -> Any:
        """What a door shows."""
        return (await self.call("GET", f"{path}?{urlencode(query)}" if query else path)).json()

    async def post(self, path: str, draft: object = None, **headers: str) -> Any:
        """What a door recorded."""
        return (await self.call("POST", path, draft, **headers)).json()

    async def change(self, path: str, change: object) -> Any:
        """What a record has become, changed from its present version."""
        etag = (await self.call("GET", path)).headers["etag"]
        return (await self.call("PATCH", path, change, if_match=etag)).json()
