"""A name posted where no name belongs is found nowhere afterwards: not in an answer, not in a log, not in a database.

It comes in through every door and every part of a request. The one free text that is accepted, what organizations,
teams, members and clients are called, is left out of the search, and proves at the end that the search would find it.
"""

import io
import json
import logging
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import structlog
from sqlalchemy import text

from tests.house.building import operations
from tests.house.scenes import set_scene
from tests.house.visits import VISITS, Visit
from tests.world import Caller, House, ok
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.kernel.logs import configure_logs
from true_api.kernel.rows import metadata
from true_api.security.gates import Gate, OpenGate
from true_api.security.roles import POLICY

CANARY = "Zxqvanya"
"""A name that nobody has and no word list holds."""
TRACES = [CANARY.lower(), CANARY.encode().hex(), b64encode(f"{CANARY}:{CANARY}".encode()).decode().lower()[:10]]
ACCEPTED = {"name", "label"}
"""What an organization, a team or an account is called: an admin's words, never about a participant (columns.toml)."""
CARRIED_ALONG = {
    "User-Agent": CANARY,
    "Referer": f"https://{CANARY}.example/{CANARY}",
    "Origin": f"https://{CANARY}.example",
    "Cookie": f"name={CANARY}",
    "X-Request-Id": CANARY,
    "X-Forwarded-For": CANARY,
    "Traceparent": CANARY,
    "If-None-Match": f'"{CANARY}"',
    "Accept-Language": CANARY,
}
"""Headers that every request brings: none of them is any of our business."""
OWNERS = ("peer", "supervisor", "agency", "integrator", "admin")

_numbers = count(1)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, as an operator has it."""
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", stream)
    configure_logs()
    yield stream
    structlog.configure(**before)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def _owner(house: House, door: Door) -> Caller | None:
    """Somebody whom this door lets in, so that the canary gets as far as it can."""
    if not isinstance(door.gate, Gate):
        return None
    permission = door.gate.permission
    return next(house.people[name] for name in OWNERS if permission in POLICY[house.people[name].role])


def _parameters(house: House) -> dict[str, list[str]]:
    """The query parameters that each door takes, by the document."""
    return {
        f"{method.upper()} {path}": [
            given["name"] for given in operation.get("parameters", []) if given["in"] == "query"
        ]
        for method, path, operation in operations(house.app.openapi())
    }


Sent = tuple[str, dict[str, Any]]
"""A path, and what httpx2 is told to send there."""


def _in_the_path(door: Door, visit: Visit) -> Iterator[Sent]:
    place = visit.path.partition("?")[0]
    pattern = door.path.split("/")
    for at, part in enumerate(pattern):
        if part.startswith("{"):
            steps = place.split("/")
            steps[at] = CANARY
            yield "/".join(steps), _content(visit)
    yield f"{place}/{CANARY}", _content(visit)
    yield f"{place.rstrip('/')}%20{CANARY}", _content(visit)


def _in_the_query(visit: Visit, taken: list[str]) -> Iterator[Sent]:
    """As a parameter that nobody knows, and as each that the door takes."""
    place = visit.path.partition("?")[0]
    for name in [CANARY, *taken]:
        yield f"{place}?{urlencode({name: CANARY})}", _content(visit)


def _in_a_header(door: Door, visit: Visit) -> Iterator[Sent]:
    yield visit.path, _content(visit, {"Authorization": f"Bearer {CANARY}"})
    if isinstance(door.gate, OpenGate):
        pair = b64encode(f"{CANARY}:{CANARY}".encode()).decode()
        yield visit.path, _content(visit, {"Authorization": f"Basic {pair}"})
    if door.needs_if_match:
        yield visit.path, _content(visit, {"If-Match": f'"1.{CANARY}"'})
    if door.method == "POST":
        yield visit.path, _content(visit, {"Idempotency-Key": f"{CANARY} {CANARY}"})
    if visit.json is not None or visit.form is not None:
        yield visit.path, _content(visit, {"Content-Type": f"text/{CANARY}"})


def _in_the_body(visit: Visit) -> Iterator[Sent]:
    if visit.form is not None:
        for name in [*visit.form, "scope", "purpose_of_use", CANARY]:
            yield visit.path, _content(replace(visit, form={**visit.form, name: CANARY}))
    if visit.json is None:
        return
    for body in [CANARY, [CANARY], {CANARY: CANARY}, {**visit.json, CANARY: CANARY}, *_spoiled(visit.json)]:
        yield visit.path, _content(replace(visit, json=body))
    for raw in (
        f'{{"{CANARY}',
        f'{{"{CANARY}":1,"{CANARY}":2}}',
        f'"{CANARY}\\u0000"',
        f"{CANARY}=1",
        f"[1e999,'{CANARY}']",
    ):
        headers = {**visit.headers, "Content-Type": "application/json"}
        yield visit.path, {"content": raw.encode(), "headers": headers}


def _spoiled(body: Any) -> Iterator[Any]:
    """The body with the canary in place of one value, or beside the values of one object inside it."""
    match body:
        case dict():
            for name, value in body.items():
                if name not in ACCEPTED:
                    yield from ({**body, name: spoiled} for spoiled in _spoiled(value))
                    yield {**{other: kept for other, kept in body.items() if other != name}, CANARY: value}
        case list():
            yield CANARY
            yield [*body, CANARY]
            yield from ([spoiled, *body[1:]] for spoiled in _spoiled(body[0]) if body)
        case _:
            yield CANARY
            yield [CANARY]
            yield {CANARY: CANARY}


def _content(visit: Visit, headers: dict[str, str] | None = None) -> dict[str, Any]:
    sent: dict[str, Any] = {"headers": {**visit.headers, **(headers or {})}}
    if visit.form is not None:
        sent["data"] = dict(visit.form)
    elif visit.json is not None:
        sent["json"] = visit.json
    return sent


async def _answers(house: House) -> AsyncIterator[tuple[str, httpx2.Response]]:
    """The canary through every door, in every part of a request; at last as a key that is accepted."""
    scene, taken = await set_scene(house), _parameters(house)
    for door in every_door():
        caller = _owner(house, door)
        visit = VISITS[door.name](house, scene, caller.role if caller else None)
        for path, sent in chain(
            _in_the_path(door, visit),
            _in_the_query(visit, taken[door.name]),
            _in_a_header(door, visit),
            _in_the_body(visit),
        ):
            yield door.name, await _knock(house, door, caller, path, sent)
        yield door.name, await _knock(house, door, caller, visit.path, _content(visit))


async def _knock(house: House, door: Door, caller: Caller | None, path: str, sent: dict[str, Any]) -> httpx2.Response:
    headers = {**CARRIED_ALONG}
    if caller is not None:
        headers["Authorization"] = f"Bearer {caller.token()}"
    if door.method == "POST":
        headers["Idempotency-Key"] = f"{CANARY}-{next(_numbers)}"
    return await house.http.request(door.method, path, **{**sent, "headers": {**headers, **sent["headers"]}})


def _trace(said: str) -> list[str]:
    return [trace for trace in TRACES if trace in said.lower()]


def _files(folder: Path) -> str:
    """What stands in the files of SQLite, the write-ahead log included; nothing for PostgreSQL."""
    return "".join(file.read_bytes().decode("latin-1") for file in sorted(folder.glob("true.db*")))


async def _kept(house: House, folder: Path) -> str:
    """All that the database holds: the files as they lie on disk, or every row as text."""
    if files := _files(folder):
        return files
    tables = await house.rows(*(text(f'SELECT whole::text AS row FROM "{name}" AS whole') for name in metadata.tables))
    return "\n".join(row.row for rows in tables for row in rows)


async def test_a_name_posted_anywhere_is_found_nowhere(house: House, logged: io.StringIO, tmp_path: Path) -> None:
    leaks, seen = [], 0
    async for door, answer in _answers(house):
        seen += 1
        assert answer.status_code < 500, (door, answer.text)
        if _trace(answer.text) or _trace(str(answer.headers)):
            leaks.append((door, answer.status_code, answer.text))
    assert leaks == []
    assert seen > 8 * len(every_door())
    lines = logged.getvalue()
    assert lines.count('"event": "request"') >= seen
    assert _trace(lines) == []
    assert _trace(await _kept(house, tmp_path)) == []


async def test_the_search_would_find_it(house: House, logged: io.StringIO, tmp_path: Path) -> None:
    """The same name, where an admin may write one: what an organization is called."""
    made = await house.admin.post("/v1/organizations", {"kind": "partner_agency", "name": CANARY})
    assert ok(made)["name"] == CANARY
    assert _trace(made.text)
    assert _trace(await _kept(house, tmp_path))
    assert _trace(logged.getvalue()) == []


async def test_a_log_holds_one_line_per_request_with_the_fields_that_are_allowed(
    house: House, logged: io.StringIO
) -> None:
    await house.peer.get("/v1/me")
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "request"]
    assert set(line) == {"event", "level", "timestamp", "request_id", "door", "permission", "status", "ms"}
    assert (line["door"], line["permission"], line["status"]) == ("GET /v1/me", "me:read", 200)
