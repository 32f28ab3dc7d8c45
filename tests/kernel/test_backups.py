"""The restore drill: what was backed up under load is restored elsewhere, and answers as before."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Executable, func, select

from tests.world import NOON, Caller, House, encounter, intake, ok, open_house
from true_api.kernel.backup_archive import open_archive, write_archive
from true_api.kernel.backup_manifest import BackupRefused, NotProven
from true_api.kernel.database import open_database
from true_api.kernel.database_backup import (
    LOCK,
    PROOF,
    backups_dir,
    make_backup,
    read_restore_proof,
    restore_backup,
)
from true_api.kernel.database_schema import row_counts
from true_api.kernel.private_files import only_one
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Pending, Position, advance_all
from true_api.kernel.settings import Settings
from true_api.rooms.encounters.tables import Encounter
from true_api.security.accounts import Program
from true_api.security.trail import TrailEntry

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def moved(house: House, elsewhere: Settings) -> None:
    """Back a running house up, and restore it elsewhere."""
    backup = await asyncio.to_thread(make_backup, house.settings, NOON)
    await asyncio.to_thread(restore_backup, elsewhere, NOON, backup.file)


async def rows(settings: Settings, *statements: Executable) -> list[Any]:
    """What a database holds that nobody has started."""
    database = open_database(settings)
    try:
        return await database.read(*statements)
    finally:
        await database.stop()


def programs(settings: Settings) -> int:
    return asyncio.run(row_counts(settings.effective_database_url)).get(str(table_of(Program).name), 0)


async def timeline(caller: Caller, code: str) -> Any:
    return ok(await caller.get(f"/v1/participants/{code}/timeline"))["items"]


async def test_a_restored_house_answers_as_the_one_that_was_backed_up(house: House, elsewhere: Settings) -> None:
    code, key = await house.peer.enrolls(), {"Idempotency-Key": uuid4().hex}
    await house.peer.records(code)
    note = {"occurred_on": "2026-11-01", "importance": 8, "next_step": "carry_naloxone"}
    ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", note))
    posted = ok(await house.agency.post("/v1/intake-requests", intake(), headers=key))
    before = await timeline(house.peer, code)
    assert len(before) == 2

    await moved(house, elsewhere)
    async with open_house(elsewhere) as again:
        assert await timeline(again.peer, code) == before
        assert ok(await again.agency.post("/v1/intake-requests", intake(), headers=key)) == posted
        assert len(ok(await again.agency.get("/v1/intake-requests"))["items"]) == 1


async def test_the_order_of_the_trail_goes_on_where_it_stood(house: House, elsewhere: Settings) -> None:
    for _ in range(3):
        await house.peer.enrolls()
    await advance_all(house.installation.database)
    await house.peer.enrolls()
    await moved(house, elsewhere)
    async with open_house(elsewhere) as again:
        await again.peer.enrolls()
        await advance_all(again.installation.database)
    positions, entries = table_of(Position), table_of(TrailEntry)
    given, counted = await rows(
        elsewhere,
        select(positions.c.position).order_by(positions.c.position),
        select(func.count()).select_from(entries),
    )
    assert [row.position for row in given] == list(range(1, counted[0][0] + 1))
    assert len(given) >= 5


async def test_a_backup_made_while_everybody_writes_is_one_instant(house: House, elsewhere: Settings) -> None:
    written = [ok(await house.peer.post("/v1/encounters", encounter())) for _ in range(3)]
    done = asyncio.Event()

    async def write_on(caller: Caller) -> int:
        count = 0
        while not done.is_set():
            ok(await caller.post("/v1/encounters", encounter(acts=[{"act": "listening"}])))
            count += 1
        return count

    writers = [asyncio.create_task(write_on(caller)) for caller in (house.peer, house.colleague, house.stranger)]
    await moved(house, elsewhere)
    done.set()
    assert all([await writer for writer in writers])
    tables = [table_of(kind) for kind in (Encounter, TrailEntry, Pending, Position)]
    encounters, trail, pending, given = await rows(elsewhere, *(select(table) for table in tables))
    assert {item["id"] for item in written} <= {str(row.id) for row in encounters}
    recorded = {row.record_id for row in trail if row.door.startswith("POST ")}
    assert recorded == {row.id for row in encounters}
    places = [row.entry_id for row in (*pending, *given)]
    assert len(places) == len(set(places))
    assert set(places) == {row.id for row in trail}


def test_a_database_that_holds_something_is_not_restored_over(here: Settings, engine: str) -> None:
    backup = make_backup(here, NOON)
    with pytest.raises(BackupRefused, match="nothing was touched"):
        restore_backup(here, NOON, backup.file)
    if engine == "postgresql":
        with pytest.raises(BackupRefused, match="Create a new, empty one"):
            restore_backup(here, NOON, backup.file, True)
    assert programs(here) == 1


@on_sqlite
async def test_replacing_moves_the_file_aside_and_deletes_nothing(house: House, elsewhere: Settings) -> None:
    backup = await asyncio.to_thread(make_backup, house.settings, NOON)
    await asyncio.to_thread(restore_backup, elsewhere, NOON, backup.file)
    async with open_house(elsewhere) as again:
        code = await again.peer.enrolls()
    aside = (await asyncio.to_thread(restore_backup, elsewhere, NOON, backup.file, True)).moved_aside
    assert aside is not None
    assert code.replace("-", "").encode() in aside.read_bytes()
    async with open_house(elsewhere) as again:
        assert (await again.peer.get(f"/v1/participants/{code}")).status_code == 404


@on_sqlite
async def test_a_file_that_a_server_has_open_is_not_moved_from_under_it(house: House) -> None:
    backup, code = await asyncio.to_thread(make_backup, house.settings, NOON), await house.peer.enrolls()
    with pytest.raises(BackupRefused, match="Stop the server"):
        await asyncio.to_thread(restore_backup, house.settings, NOON, backup.file, True)
    await house.peer.records(code)
    assert len(await timeline(house.peer, code)) == 1


@on_sqlite
def test_a_log_without_its_file_is_never_played_into_what_is_restored(here: Settings, elsewhere: Settings) -> None:
    log = elsewhere.data_dir / "true.db-wal"
    log.write_bytes(b"what an earlier database left behind")
    backup = make_backup(here, NOON)
    with pytest.raises(BackupRefused, match="nothing was touched"):
        restore_backup(elsewhere, NOON, backup.file)
    aside = restore_backup(elsewhere, NOON, backup.file, True).moved_aside
    assert aside is not None
    assert not log.exists()
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"what an earlier database left behind"


@on_sqlite
def test_a_damaged_database_is_no_longer_backed_up_and_can_be_replaced(here: Settings) -> None:
    backup, file = make_backup(here, NOON), here.data_dir / "true.db"
    file.write_bytes(b"no longer a database" * 500)
    with pytest.raises(BackupRefused, match="damaged"):
        make_backup(here, NOON, here.data_dir / "second.tar")
    aside = restore_backup(here, NOON, backup.file, True).moved_aside
    assert aside is not None
    assert aside.read_bytes() == b"no longer a database" * 500
    assert programs(here) == 1


def test_what_differs_after_restoring_is_no_backup(here: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    backup = make_backup(here, NOON)
    first, *others = (table for table in backup.manifest.tables if table.rows)
    lying = first.model_copy(update={"checksum": others[0].checksum})
    tables = tuple(lying if table is first else table for table in backup.manifest.tables)
    with open_archive(backup.file) as archive:
        files = [tmp_path / name for name in archive.parts]
        for file in files:
            file.write_bytes(b"".join(archive.parts[file.name].chunks()))
    forged = tmp_path / "forged.tar"
    write_archive(forged, backup.manifest.model_copy(update={"tables": tables}), files)
    with pytest.raises(NotProven):
        restore_backup(elsewhere, NOON, forged)
    assert programs(elsewhere) == 0


def test_a_backup_leaves_a_proof_and_nothing_else_and_holds_no_key(here: Settings) -> None:
    folder = backups_dir(here)
    (folder / "making-abc").mkdir(parents=True)
    (folder / "making-abc" / "true.db").write_bytes(b"the copy that an interrupted backup left behind")
    (folder / "true-20260101T000000Z.tar.part").write_bytes(b"half a backup")
    backup = make_backup(here, NOON)
    assert {file.name for file in folder.iterdir()} == {backup.file.name, PROOF, LOCK}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    proof = read_restore_proof(here)
    assert proof is not None
    assert (proof.at, proof.file, proof.rows) == (NOON, str(backup.file), backup.manifest.rows)
    keys = [file.read_bytes() for file in here.keys_dir.iterdir() if file.suffix != ".lock"]
    assert len(keys) > 3
    assert not any(key in backup.file.read_bytes() for key in keys)


@on_sqlite
def test_two_backups_at_once_are_one_too_many(here: Settings) -> None:
    backups_dir(here).mkdir()
    with only_one(backups_dir(here) / LOCK) as alone:
        assert alone
        with pytest.raises(BackupRefused, match="Another backup"):
            make_backup(here, NOON)
