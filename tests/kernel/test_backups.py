"""The restore drill: what was backed up under load is restored elsewhere, and answers as before."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.world import NOON, Caller, House, encounter, intake, ok, open_house
from true_api.kernel.backup_archive import open_archive, write_archive
from true_api.kernel.backup_manifest import BackupRefused, NotProven, UnfitArchive
from true_api.kernel.database_backup import (
    LOCK,
    Backup,
    Restored,
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
from true_api.security.trail import TrailEntry


async def backed_up(settings: Settings) -> Backup:
    return await asyncio.to_thread(make_backup, settings, NOON)


async def restored(settings: Settings, backup: Backup, replace: bool = False) -> Restored:
    return await asyncio.to_thread(restore_backup, settings, NOON, backup.file, replace)


async def timeline(caller: Caller, code: str) -> Any:
    return ok(await caller.get(f"/v1/participants/{code}/timeline"))["items"]


async def positions(house: House) -> list[int]:
    given = table_of(Position)
    return [row.position for row in (await house.rows(select(given.c.position).order_by(given.c.position)))[0]]


async def test_a_restored_house_answers_as_the_one_that_was_backed_up(house: House, elsewhere: Settings) -> None:
    code = await house.peer.enrolls()
    await house.peer.records(code)
    ok(
        await house.peer.post(
            f"/v1/participants/{code}/readiness-notes", {"occurred_on": "2026-11-01", "importance": 8}
        )
    )
    before = await timeline(house.peer, code)
    assert len(before) == 2

    await restored(elsewhere, await backed_up(house.settings))
    async with open_house(elsewhere) as again:
        assert await timeline(again.peer, code) == before


async def test_a_retry_after_the_restore_still_counts_once(house: House, elsewhere: Settings) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    first = ok(await house.agency.post("/v1/intake-requests", intake(), headers=key))
    await restored(elsewhere, await backed_up(house.settings))
    async with open_house(elsewhere) as again:
        assert ok(await again.agency.post("/v1/intake-requests", intake(), headers=key)) == first
        assert len(ok(await again.agency.get("/v1/intake-requests"))["items"]) == 1


async def test_the_order_of_the_trail_goes_on_where_it_stood(house: House, elsewhere: Settings) -> None:
    for _ in range(3):
        await house.peer.enrolls()
    await advance_all(house.installation.database)
    await house.peer.enrolls()
    backup = await backed_up(house.settings)
    await restored(elsewhere, backup)
    async with open_house(elsewhere) as again:
        await again.peer.enrolls()
        await advance_all(again.installation.database)
        given = await positions(again)
        (entries,) = (await again.rows(select(func.count()).select_from(table_of(TrailEntry))))[0][0]
    assert given == list(range(1, entries + 1))
    assert entries > sum(table.rows for table in backup.manifest.tables if table.name == "trail_entries")


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
    backup = await backed_up(house.settings)
    done.set()
    assert all([await writer for writer in writers])
    await restored(elsewhere, backup)
    async with open_house(elsewhere) as again:
        tables = [table_of(kind) for kind in (Encounter, TrailEntry, Pending, Position)]
        encounters, trail, pending, given = await again.rows(*(select(table) for table in tables))
    assert {item["id"] for item in written} <= {str(row.id) for row in encounters}
    assert {row.record_id for row in trail if row.door.startswith("POST")} == {row.id for row in encounters}
    places = [row.entry_id for row in (*pending, *given)]
    assert len(places) == len(set(places))
    assert set(places) == {row.id for row in trail}


async def test_a_database_that_holds_something_is_not_restored_over(house: House, elsewhere: Settings) -> None:
    backup = await backed_up(house.settings)
    await restored(elsewhere, backup)
    before = await row_counts(elsewhere.effective_database_url)
    with pytest.raises(BackupRefused, match="nothing was touched"):
        await restored(elsewhere, backup)
    assert await row_counts(elsewhere.effective_database_url) == before


async def test_replacing_moves_a_file_aside_and_never_a_server_database(
    engine: str, house: House, elsewhere: Settings
) -> None:
    backup = await backed_up(house.settings)
    await restored(elsewhere, backup)
    async with open_house(elsewhere) as again:
        code = await again.peer.enrolls()
    if engine == "postgresql":
        with pytest.raises(BackupRefused, match="Create a new, empty one"):
            await restored(elsewhere, backup, replace=True)
        return
    aside = (await restored(elsewhere, backup, replace=True)).moved_aside
    assert aside is not None
    assert code.replace("-", "").encode() in aside.read_bytes()
    async with open_house(elsewhere) as again:
        assert (await again.peer.get(f"/v1/participants/{code}")).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_file_that_a_server_has_open_is_not_moved_from_under_it(house: House) -> None:
    backup, code = await backed_up(house.settings), await house.peer.enrolls()
    with pytest.raises(BackupRefused, match="Stop the server"):
        await restored(house.settings, backup, replace=True)
    await house.peer.records(code)
    assert len(await timeline(house.peer, code)) == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_log_without_its_file_is_never_played_into_what_is_restored(house: House, elsewhere: Settings) -> None:
    log = elsewhere.data_dir / "true.db-wal"
    log.write_bytes(b"what an earlier database left behind")
    backup = await backed_up(house.settings)
    with pytest.raises(BackupRefused, match="nothing was touched"):
        await restored(elsewhere, backup)
    aside = (await restored(elsewhere, backup, replace=True)).moved_aside
    assert aside is not None
    assert not log.exists()
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"what an earlier database left behind"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_damaged_database_file_can_be_replaced(house: House, elsewhere: Settings) -> None:
    (elsewhere.data_dir / "true.db").write_bytes(b"no longer a database" * 500)
    await restored(elsewhere, await backed_up(house.settings), replace=True)
    assert (await row_counts(elsewhere.effective_database_url))["programs"] == 1


async def test_what_differs_after_restoring_is_no_backup(house: House, elsewhere: Settings, tmp_path: Path) -> None:
    backup = await backed_up(house.settings)
    first, *others = (table for table in backup.manifest.tables if table.rows)
    lying = first.model_copy(update={"checksum": others[0].checksum})
    tables = tuple(lying if table is first else table for table in backup.manifest.tables)
    forged = tmp_path / "forged.tar"
    with open_archive(backup.file) as archive:
        files = [tmp_path / name for name in archive.parts]
        for file in files:
            file.write_bytes(b"".join(archive.parts[file.name].chunks()))
    write_archive(forged, backup.manifest.model_copy(update={"tables": tables}), files)
    with pytest.raises(NotProven):
        await asyncio.to_thread(restore_backup, elsewhere, NOON, forged)
    assert (await row_counts(elsewhere.effective_database_url)).get("programs", 0) == 0


async def test_a_backup_goes_back_onto_its_own_engine_only(house: House, tmp_path: Path, engine: str) -> None:
    other = {"sqlite": "postgresql://127.0.0.1:1/none", "postgresql": f"sqlite:///{tmp_path / 'other.db'}"}[engine]
    settings = house.settings.model_copy(update={"database_url": type(house.settings.database_url)(other)})
    backup = await backed_up(house.settings)
    with pytest.raises(UnfitArchive, match="moving to the other engine is not offered"):
        await restored(settings, backup)
    assert not (tmp_path / "other.db").exists()


async def test_a_backup_leaves_a_proof_and_nothing_else(house: House) -> None:
    backup = await backed_up(house.settings)
    folder = backups_dir(house.settings)
    assert {file.name for file in folder.iterdir()} == {backup.file.name, "last-restore-proof.json", LOCK}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    proof = read_restore_proof(house.settings)
    assert proof is not None
    assert (proof.at, proof.file, proof.rows) == (NOON, str(backup.file), backup.manifest.rows)
    assert json.loads((folder / "last-restore-proof.json").read_text())["engine"] == backup.manifest.engine


async def test_a_backup_holds_no_key(house: House) -> None:
    backup = await backed_up(house.settings)
    content = backup.file.read_bytes()
    for key in house.settings.keys_dir.iterdir():
        assert key.name == "keys.lock" or key.read_bytes() not in content


async def test_what_an_interrupted_backup_left_behind_is_swept(house: House) -> None:
    folder = backups_dir(house.settings)
    (folder / "making-abc").mkdir(parents=True)
    (folder / "making-abc" / "true.db").write_bytes(b"a copy of everything")
    (folder / "true-20260101T000000Z.tar.part").write_bytes(b"half a backup")
    backup = await backed_up(house.settings)
    assert {file.name for file in folder.iterdir()} == {backup.file.name, "last-restore-proof.json", LOCK}


async def test_two_backups_at_once_are_one_too_many(house: House) -> None:
    backups_dir(house.settings).mkdir()
    with only_one(backups_dir(house.settings) / LOCK) as alone:
        assert alone
        with pytest.raises(BackupRefused, match="Another backup"):
            await backed_up(house.settings)
