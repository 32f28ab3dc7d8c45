"""Exports and the people in them: who asks to be forgotten is in none, whenever they ask; and a kill leaves no half."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.journeys.leaving import ASKED
from tests.outlets.exporting import approves, asks, deputy_of, exported, fetched, lines, made
from tests.world import House, house_settings, ok, open_house, refused
from true_api.kernel.clock import HeldClock
from true_api.kernel.database import open_database
from true_api.kernel.rows import table_of
from true_api.outlets.exports.jobs import do_exports
from true_api.outlets.exports.making import EXPORT_RUN, make_export
from true_api.outlets.exports.shelf import Shelf
from true_api.outlets.exports.tables import ExportSubject
from true_api.outlets.exports.tidying import tidy_exports
from true_api.privacy.keyring import open_keyring
from true_api.security.errands import run_errands
from true_api.security.installation import Installation
from true_api.security.tokens import open_tokens
from true_api.security.trail import TrailEntry, TrailSubject

FILES = 9
"""An operational export has so many files, and each ends in a piece of its own."""


@pytest.fixture
async def apart(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A house that makes no exports by itself, so that a test says when."""
    async with open_house(house_settings(tmp_path, database_url, TRUE_WORKER="apart")) as opened:
        yield opened


async def _met(house: House) -> str:
    code = await house.peer.enrolls()
    await house.peer.records(code, acts=[{"act": "naloxone_given", "quantity": 1}])
    return code


async def _run(house: House, after_each: Callable[[], Awaitable[None]] | None = None) -> int:
    return await run_errands(house.installation, {EXPORT_RUN: partial(make_export, after_each=after_each)})


def _at(number: int, what: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Something that happens once, after so many pieces."""
    pieces = iter(range(1, 1_000))

    async def after_each() -> None:
        if next(pieces) == number:
            await what()

    return after_each


async def test_who_asks_to_be_forgotten_while_it_runs_is_in_no_file(apart: House) -> None:
    stays = (await _met(apart)).replace("-", "")
    for number in (1, 2, 5, FILES):
        leaver = await _met(apart)
        path = await asks(apart)
        await approves(apart, path)
        forget = partial(apart.supervisor.post, f"/v1/participants/{leaver}/forget", ASKED)
        assert await _run(apart, _at(number, forget)) == 1
        export = ok(await apart.supervisor.get(path))
        assert (export["state"], export["people"]) == ("done", 1)
        assert export["rows_done"] == sum(file["rows"] for file in export["files"])
        for table in ("participants", "encounters", "encounter_acts"):
            rows = await lines(apart, path, table)
            assert {row["participant"] for row in rows} - {None} == {stays}, (number, table)


async def test_who_is_forgotten_afterwards_takes_the_files_along(house: House) -> None:
    await _met(house)
    leaver = await _met(house)
    path = await exported(house)
    shelf, reference = Shelf.of(house.installation), path.rpartition("/")[2]
    assert len(shelf.kept()) == 1
    ok(await house.supervisor.post(f"/v1/participants/{leaver}/forget", ASKED))
    refused(await fetched(house, path, "encounters.ndjson"), 410, "export_gone")
    assert ok(await house.supervisor.get(path))["state"] == "stale"
    await tidy_exports(house.installation)
    assert shelf.kept() == []
    assert await house.rows(select(table_of(ExportSubject))) == [[]]
    stale = ok(await house.supervisor.get(path))
    assert (stale["reference"], stale["state"]) == (reference, "stale")
    refused(await house.supervisor.call("DELETE", path), 409, "export_over")


async def test_what_ran_out_is_taken_away(house: House) -> None:
    await _met(house)
    path, waiting = await exported(house, tables=["encounters"]), await asks(house)
    house.clock.move(timedelta(days=8))
    refused(await fetched(house, path, "encounters.ndjson"), 410, "export_gone")
    await tidy_exports(house.installation)
    for over in (path, waiting):
        assert ok(await house.supervisor.get(over))["state"] == "expired"
    assert Shelf.of(house.installation).kept() == []


async def test_called_off_it_stops_at_the_next_piece(apart: House) -> None:
    await _met(apart)
    path = await asks(apart)
    await approves(apart, path)
    seen: list[None] = []

    async def call_off() -> None:
        seen.append(None)
        if len(seen) == 2:
            ok(await apart.supervisor.call("DELETE", path))

    assert await _run(apart, call_off) == 1
    assert (ok(await apart.supervisor.get(path))["state"], len(seen)) == ("cancelled", 2)
    assert Shelf.of(apart.installation).kept() == []
    refused(await fetched(apart, path, "encounters.ndjson"), 410, "export_gone")


async def test_who_is_no_supervisor_of_the_team_any_more_gets_nothing(apart: House) -> None:
    await _met(apart)
    deputy = await deputy_of(apart)
    body = {"kind": "operational", "format": "csv", "from": "2026-01", "to": "2026-12"}
    path = (await deputy.post("/v1/exports", body)).headers["location"]
    ok(await apart.supervisor.post(f"{path}/approval", {"decision": "approve"}))
    account = await apart.admin.get(f"/v1/members/{deputy.id}")
    ok(await apart.admin.patch(f"/v1/members/{deputy.id}", {"active": False}, account.headers["etag"]))
    assert await _run(apart) == 1
    export = ok(await apart.supervisor.get(path))
    assert (export["state"], export["not_made_because"], export["people"]) == ("not_made", "no_longer_allowed", None)


async def test_files_lie_sealed_on_disk_and_the_trail_names_everybody_in_them(house: House) -> None:
    codes = [(await _met(house)).replace("-", "") for _ in range(2)]
    path = await exported(house, form="csv")
    folder = house.settings.data_dir / "exports"
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) == FILES
    for file in files:
        content = file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
        assert not any(code.encode() in content or b"occurred_on" in content for code in codes)
    ok_answer = await fetched(house, path, "encounters.csv")
    assert all(code in ok_answer.text for code in codes)
    entries, subjects = await house.rows(select(table_of(TrailEntry)), select(table_of(TrailSubject)))
    read = [entry for entry in entries if entry.door == "job export_run" and entry.actor_id == house.supervisor.id]
    assert len(read) == 1
    assert len([subject for subject in subjects if subject.entry_id == read[0].id]) == 2
    downloads = [entry for entry in entries if entry.door == "GET /v1/exports/{reference}/files/{name}"]
    assert {entry.record_id for entry in downloads} == {read[0].record_id}
    assert "occurred_on" in downloads[0].fields


async def test_killed_in_the_middle_it_is_made_from_the_beginning(apart: House) -> None:
    code = (await _met(apart)).replace("-", "")
    path = await asks(apart)
    await approves(apart, path)
    assert await asyncio.to_thread(_killed_after, apart, 3) == signal.SIGKILL
    cut_short = ok(await apart.supervisor.get(path))
    assert cut_short["state"] == "running"
    assert all(file["sha256"] is None for file in cut_short["files"])
    refused(await fetched(apart, path, "participants.ndjson"), 409, "export_not_done")
    assert (await made(apart, path))["state"] == "done"
    assert [row["participant"] for row in await lines(apart, path, "encounters")] == [code]
    left = [file for file in (apart.settings.data_dir / "exports").rglob("*") if file.is_file()]
    assert len(left) == FILES
    assert await do_exports(apart.installation) == 0


def _killed_after(house: House, pieces: int) -> int:
    """What ended a process of its own that made the export, and was killed after so many pieces."""
    if (child := os.fork()) == 0:
        try:
            asyncio.run(_die(house, pieces))
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) * -1


async def _die(house: House, pieces: int) -> None:
    settings, clock = house.settings, HeldClock(house.clock.now())
    keyring = open_keyring(settings, clock)
    installation = Installation(settings, clock, open_database(settings), keyring, open_tokens(settings))

    async def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    await run_errands(installation, {EXPORT_RUN: partial(make_export, after_each=_at(pieces, kill))})
