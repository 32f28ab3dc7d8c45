"""The keyring is backed up on its own: proven like every backup, opened by the master key alone, kept for a week."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.engines import PostgresServer
from tests.privacy.keyrings import keyring_settings, reopened, rows_of, subjects
from tests.world import NOON
from true_api.kernel.backup_archive import open_archive
from true_api.kernel.backup_manifest import BackupRefused
from true_api.kernel.database_backup import (
    KEYRING_KEPT,
    backups_dir,
    drop_outlived_keyrings,
    make_backup,
    read_restore_proof,
    restore_backup,
)
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import Keyring
from true_api.privacy.master_key_custody import current_key

TODAY = NOON.date()


def backed_up(settings: Settings) -> Path:
    """A proven archive of the keyring."""
    return make_backup(settings, NOON, store=Store.KEYRING).file


@pytest.fixture
def elsewhere(engine: str, place: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Another machine with the same master key, and nothing in its keyring."""
    master = {"TRUE_MASTER_KEY_FILE": str(place.keys_dir / "master.keys")}
    if engine == "sqlite":
        return keyring_settings(tmp_path / "elsewhere", **master)
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create(f"elsewhere_{uuid4().hex[:12]}")
    return keyring_settings(tmp_path / "elsewhere", TRUE_KEYRING_URL=url, **master)


async def test_a_restored_keyring_opens_everything_also_what_was_destroyed_since(
    keyring: Keyring, place: Settings, elsewhere: Settings
) -> None:
    """Why archives of the keyring are kept so briefly, and why forgetting is replayed after a restore."""
    people = subjects(20)
    made = await keyring.keys_made(people)
    await keyring.destroy(subjects(1), "e" * 64, TODAY)
    file = await asyncio.to_thread(backed_up, place)
    await keyring.destroy(people, "f" * 64, TODAY)
    restored = await asyncio.to_thread(restore_backup, elsewhere, NOON, file)
    assert (restored.manifest.store, restored.manifest.rows) == (Store.KEYRING, 21)
    again = reopened(elsewhere)
    assert await again.keys(people) == made
    assert [row.mark for row in await again.marks()] == ["e" * 64]
    await again.stop()


async def test_an_archive_holds_wrapped_keys_and_nothing_that_opens_them(keyring: Keyring, place: Settings) -> None:
    made = await keyring.keys_made(subjects(20))
    wrapped = [row.wrapped for row in (await rows_of(keyring)).values()]
    archive = await asyncio.to_thread(lambda: backed_up(place).read_bytes())
    assert not any(key.key in archive or key.key.hex().encode() in archive for key in made.values())
    assert all(key in archive or key.hex().encode() in archive for key in wrapped), "the search itself works"
    assert current_key(place).key not in archive
    assert current_key(place).key.hex().encode() not in archive


def test_each_store_has_a_proof_of_its_own(place: Settings, engine: str) -> None:
    file = backed_up(place)
    proof = read_restore_proof(place, Store.KEYRING)
    assert proof is not None
    assert (proof.file, proof.at, proof.engine) == (str(file), NOON, engine)
    assert read_restore_proof(place) is None
    with open_archive(file) as archive:
        assert {table.name for table in archive.manifest.tables} == {"data_keys", "forgotten"}
        assert archive.manifest.store is Store.KEYRING


async def test_a_keyring_that_holds_keys_is_not_restored_over(keyring: Keyring, place: Settings) -> None:
    people = subjects(2)
    await keyring.keys_made(people)
    file = await asyncio.to_thread(backed_up, place)
    with pytest.raises(BackupRefused, match="nothing was touched"):
        await asyncio.to_thread(restore_backup, place, NOON, file)
    assert (await keyring.keys(people)).keys() == people.keys()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_archives_are_dropped_after_a_week_and_by_their_own_names_alone(place: Settings) -> None:
    folder = backups_dir(place)
    first, second = backed_up(place), backed_up(place)
    assert first != second
    for name in ("keyring-by-hand.tar", "keyring-20200101T000000Z.txt", "true-20200101T000000Z.tar"):
        (folder / name).write_bytes(b"not ours to delete")
    assert drop_outlived_keyrings(folder, NOON + KEYRING_KEPT) == []
    assert drop_outlived_keyrings(folder, NOON + KEYRING_KEPT + timedelta(seconds=1)) == [second, first]
    assert len(list(folder.glob("*-*.t*"))) == 3


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_there_is_no_keyring_there_is_nothing_to_back_up(tmp_path: Path, engine: str) -> None:
    assert engine
    with pytest.raises(BackupRefused, match="There is no keyring yet"):
        backed_up(keyring_settings(tmp_path))
