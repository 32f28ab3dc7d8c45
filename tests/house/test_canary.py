"""A name posted anywhere is found nowhere afterwards: not in an answer, not in a log, not in a database or a backup.

It comes in through every door and every part of a request, and with a number and an address through every text. What
may be kept of that is sealed: it comes back at the doors of single records, in the fields that the document marks.
What organizations, teams, members and clients are called is left out, and proves that the search would find it.
"""

import asyncio
import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from sqlalchemy import text

from tests.house.building import operations
from tests.house.canary import CANARY, NAMED, PHONE, content, sent_through, trace, without
from tests.house.scenes import Said, Scene, set_scene
from tests.house.visits import VISITS, knock
from tests.house.wording import words_shown
from tests.world import NOON, Caller, House, ok
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.kernel.database_backup import make_backup
from true_api.kernel.logs import configure_logs
from true_api.kernel.rows import metadata
from true_api.kernel.stores import Store
from true_api.security.gates import Gate
from true_api.security.roles import POLICY

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
SHOWN = words_shown()

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


def _owners(house: House, door: Door) -> Sequence[Caller | None]:
    """Everybody whose role this door lets in; an open one lets in whoever comes without a token."""
    if not isinstance(door.gate, Gate):
        return [None]
    permission = door.gate.permission
    return [house.people[name] for name in OWNERS if permission in POLICY[house.people[name].role]]


def _parameters(house: House) -> dict[str, list[str]]:
    """The query parameters that each door takes, by the document."""
    return {
        f"{method.upper()} {path}": [
            given["name"] for given in operation.get("parameters", []) if given["in"] == "query"
        ]
        for method, path, operation in operations(house.app.openapi())
    }


async def _answers(house: House) -> AsyncIterator[tuple[str, httpx2.Response]]:
    """The canary through every door, in every part of a request; at last as a key that is accepted."""
    scene, taken = await set_scene(house), _parameters(house)
    for door in every_door():
        # The first owner, so that the canary gets as far as it can.
        caller = next(iter(_owners(house, door)), None)
        visit = VISITS[door.name](house, scene, caller.role if caller else None)
        for path, sent in sent_through(door, visit, taken[door.name]):
            yield door.name, await _knock(house, door, caller, path, sent)
        yield door.name, await _knock(house, door, caller, visit.path, content(visit))


async def _knock(house: House, door: Door, caller: Caller | None, path: str, sent: dict[str, Any]) -> httpx2.Response:
    headers = {**CARRIED_ALONG}
    if caller is not None:
        headers["Authorization"] = f"Bearer {caller.token()}"
    if door.method == "POST":
        headers["Idempotency-Key"] = f"{CANARY}-{next(_numbers)}"
    return await house.http.request(door.method, path, **{**sent, "headers": {**headers, **sent["headers"]}})


def _untold(door: str, answer: httpx2.Response) -> str:
    """What an answer says beside the words that this door is there to show."""
    shown = SHOWN.get(door) if answer.status_code == 200 else None
    return (without(answer.text, shown) if shown else answer.text) + str(answer.headers)


def _files(folder: Path) -> dict[str, str]:
    """What stands in the files of SQLite, write-ahead logs included."""
    return {file.name: file.read_bytes().decode("latin-1") for file in sorted(folder.glob("*.db*"))}


async def _kept(house: House, folder: Path) -> str:
    """All that is kept: the files as they lie on disk, and of PostgreSQL every row as text."""
    kept = _files(folder)
    assert "keyring.db" in kept
    files = "".join(kept.values())
    if "true.db" in kept:
        return files
    tables = await house.rows(*(text(f'SELECT whole::text AS row FROM "{name}" AS whole') for name in metadata.tables))
    return files + "\n".join(row.row for rows in tables for row in rows)


async def test_a_name_posted_anywhere_is_found_nowhere(house: House, logged: io.StringIO, tmp_path: Path) -> None:
    leaks, seen = [], 0
    async for door, answer in _answers(house):
        seen += 1
        assert answer.status_code < 500, (door, answer.text)
        if trace(_untold(door, answer)):
            leaks.append((door, answer.status_code, answer.text))
    assert leaks == []
    assert seen > 8 * len(every_door())
    lines = logged.getvalue()
    assert lines.count('"event": "request"') >= seen
    assert trace(lines) == []
    assert trace(await _kept(house, tmp_path)) == []


async def test_words_that_are_kept_come_back_at_the_doors_of_their_records_and_nowhere_else(
    house: House, logged: io.StringIO, tmp_path: Path
) -> None:
    scene = await set_scene(house, Said(note=NAMED, exempt=f"{CANARY} {PHONE}"))
    moved = {"to": "accepted", "note": NAMED, "names_confirmed": True}
    ok(await house.agency.post(f"/v1/referrals/{scene.names['referral_reference']}/transitions", moved))
    came_back, leaks = set(), []
    async for door, answer in _everything_that_can_be_read(house, scene):
        if trace(_untold(door, answer)):
            leaks.append((door, answer.text))
        if trace(answer.text):
            came_back.add(door)
    assert leaks == []
    assert came_back == set(SHOWN)
    assert trace(logged.getvalue()) == []
    assert trace(await _kept(house, tmp_path)) == []
    for store in Store:
        backup = await asyncio.to_thread(make_backup, house.settings, NOON, tmp_path / f"{store}.tar", store)
        assert trace(backup.file.read_bytes().decode("latin-1")) == []


async def _everything_that_can_be_read(house: House, scene: Scene) -> AsyncIterator[tuple[str, httpx2.Response]]:
    for door in every_door():
        for caller in _owners(house, door) if door.method == "GET" else ():
            visit = VISITS[door.name](house, scene, caller.role if caller else None)
            yield door.name, await knock(house, door.method, visit, caller)


async def test_the_search_would_find_it(house: House, logged: io.StringIO, tmp_path: Path) -> None:
    """The same name, where an admin may write one: what an organization is called."""
    made = await house.admin.post("/v1/organizations", {"kind": "partner_agency", "name": CANARY})
    assert ok(made)["name"] == CANARY
    assert trace(made.text)
    assert trace(await _kept(house, tmp_path))
    backup = await asyncio.to_thread(make_backup, house.settings, NOON, tmp_path / "main.tar")
    assert trace(backup.file.read_bytes().decode("latin-1"))
    assert trace(logged.getvalue()) == []


async def test_a_log_holds_one_line_per_request_with_the_fields_that_are_allowed(
    house: House, logged: io.StringIO
) -> None:
    await house.peer.get("/v1/me")
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "request"]
    assert set(line) == {"event", "level", "timestamp", "request_id", "door", "permission", "status", "ms"}
    assert (line["door"], line["permission"], line["status"]) == ("GET /v1/me", "me:read", 200)
