"""Backups of either engine: made while the server runs, and called backups only after they have been restored.

What is restored for the proof is the very file that is kept, by the very code that a restore runs. Signing keys, master
keys and the server's secret are never part of a backup: whoever holds one holds no keys. The keyring is a backup of
its own, which is kept for a week: in an older one forgotten people could be found again.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from true_api import __version__
from true_api.kernel.backup_archive import Archive, open_archive, write_archive
from true_api.kernel.backup_manifest import BackupRefused, Copied, Manifest, UnfitArchive
from true_api.kernel.database_backup_postgresql import PostgresqlBackup
from true_api.kernel.database_backup_sqlite import SqliteBackup
from true_api.kernel.database_schema import is_known
from true_api.kernel.private_files import move_into_place, only_one, private_file, private_folder
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store

PROOF, LOCK, WORK, PART = "last-restore-proof.json", "backup.lock", "making-", ".part"
STAMP = "%Y%m%dT%H%M%SZ"
NUMBERS = ("", *(f"-{number}" for number in range(2, 1_000)))
PROOFS = {Store.MAIN: PROOF, Store.KEYRING: "last-keyring-restore-proof.json"}
NAMES = {Store.MAIN: "true", Store.KEYRING: "keyring"}
KEYRING_KEPT = timedelta(days=7)
"""How long archives of the keyring are kept: in an older one forgotten people could be found again (privacy.md 6)."""
# The copy and the archive that it goes into; then the archive and what is restored from it.
COPIES, MARGIN = 2, 32 * 1024 * 1024

BUSY = "Another backup is being made in this data directory. Wait until it is done."
NAME_TAKEN = "There is a file of this name already. Name another; a backup never overwrites one."
NOT_KNOWN = "A newer version of TRUE API made this {what}. Use that version. Nothing was touched."
OTHER_ENGINE = (
    "This backup was made from {theirs}, and this installation runs on {ours}. A backup is restored on the engine that"
    " it was made from; moving to the other engine is not offered. Nothing was touched."
)
SPELLED = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Ground(Protocol):
    """Where one backup is made and proven."""

    async def copy(self) -> Copied:
        """Everything the database holds, at one instant."""

    async def restore(self, archive: Archive) -> None:
        """Restore beside the live database, and compare. Raises `NotProven`."""


class Engine(Protocol):
    """What a backup asks of an engine."""

    @property
    def name(self) -> Literal["sqlite", "postgresql"]:
        """Which engine it is."""

    async def size(self) -> int:
        """Bytes that a copy takes, roughly."""

    def proving_ground(self, work: Path) -> AbstractAsyncContextManager[Ground]:
        """Ground for one backup; nothing is left of it afterwards."""

    async def refuse_unless_free(self, replace: bool) -> None:
        """Refuse to restore where something would be lost."""

    async def put_back(self, archive: Archive, stamp: str) -> Path | None:
        """Restore at the archive's revision; where what stood there was moved to."""


class RestoreProof(BaseModel):
    """The last time that a backup was restored and found to be what was backed up."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    at: AwareDatetime
    file: str
    engine: Literal["sqlite", "postgresql"]
    revision: str
    rows: int


@dataclass(frozen=True)
class Backup:
    """A proven backup."""

    file: Path
    manifest: Manifest
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What a restore put back, and where what stood in its place was moved to."""

    manifest: Manifest
    moved_aside: Path | None


def make_backup(settings: Settings, at: datetime, to: Path | None = None, store: Store = Store.MAIN) -> Backup:
    """Back up a store, prove the backup by restoring it, and only then give it its name.

    Raises `BackupRefused` in plain words. Not to be called inside an event loop.
    """
    with _in_plain_words():
        folder = private_folder(backups_dir(settings))
        file = _named(folder, f"{NAMES[store]}-{_stamp(at)}", to)
        with only_one(folder / LOCK) as alone:
            if not alone:
                raise BackupRefused(BUSY)
            _sweep(folder)
            try:
                with TemporaryDirectory(prefix=WORK, dir=folder) as work:
                    backup = asyncio.run(_make(_engine(settings, store), store, at, file, Path(work)))
            except BaseException:
                # Not proven, so not a backup: nobody shall take it for one.
                _part(file).unlink(missing_ok=True)
                raise
            move_into_place(_part(file), file)
            _write_proof(settings, at, file, backup.manifest)
        return backup


def restore_backup(settings: Settings, at: datetime, file: Path, replace: bool = False) -> Restored:
    """Restore a backup into an empty place, at the revision that it was made at. Not to be called inside an event loop.

    With `replace` an embedded database that stands there is moved aside first; nothing is ever deleted. Raises
    `BackupRefused` in plain words, before anything is touched wherever that can be known.
    """
    with _in_plain_words(), open_archive(file) as archive:
        private_folder(backups_dir(settings))
        moved_aside = asyncio.run(_restore(settings, archive, _stamp(at), replace))
        _write_proof(settings, at, file, archive.manifest)
        return Restored(archive.manifest, moved_aside)


def read_restore_proof(settings: Settings, store: Store = Store.MAIN) -> RestoreProof | None:
    """The last proven restore of a store; None when there is none, or what is written of it is unreadable."""
    try:
        return RestoreProof.model_validate_json((backups_dir(settings) / PROOFS[store]).read_bytes())
    except (OSError, ValidationError):
        return None


def drop_outlived_keyrings(folder: Path, at: datetime) -> list[Path]:
    """Delete the archives of the keyring in a folder that are older than a week, by the time in their names."""
    outlived = []
    for file in sorted(folder.glob(f"{NAMES[Store.KEYRING]}-*.tar")):
        with suppress(ValueError):
            made_at = datetime.strptime(file.stem.split("-")[1], STAMP).replace(tzinfo=UTC)
            if at - made_at > KEYRING_KEPT:
                file.unlink()
                outlived.append(file)
    return outlived


def backups_dir(settings: Settings) -> Path:
    """Where backups are kept unless another place is named."""
    return settings.data_dir / "backups"


def _engine(settings: Settings, store: Store) -> Engine:
    url = settings.url_of(store)
    return SqliteBackup(url, store) if url.startswith("sqlite") else PostgresqlBackup(url, store)


async def _make(engine: Engine, store: Store, at: datetime, file: Path, work: Path) -> Backup:
    _require_room(work, file, await engine.size())
    async with engine.proving_ground(work) as ground:
        copied = await ground.copy()
        if not is_known(copied.revision, store):
            raise BackupRefused(NOT_KNOWN.format(what="database"))
        manifest = Manifest(
            store=store,
            engine=engine.name,
            revision=copied.revision,
            made_at=at,
            made_by=__version__,
            tables=copied.tables,
        )
        write_archive(_part(file), manifest, copied.files)
        for copy in copied.files:
            copy.unlink()
        with open_archive(_part(file)) as archive:
            await ground.restore(archive)
    return Backup(file, manifest, copied.left_out)


async def _restore(settings: Settings, archive: Archive, stamp: str, replace: bool) -> Path | None:
    manifest = archive.manifest
    engine = _engine(settings, manifest.store)
    if manifest.engine != engine.name:
        names = {"theirs": SPELLED[manifest.engine], "ours": SPELLED[engine.name]}
        raise UnfitArchive(OTHER_ENGINE.format(**names))
    if not is_known(manifest.revision, manifest.store):
        raise UnfitArchive(NOT_KNOWN.format(what="backup"))
    await engine.refuse_unless_free(replace)
    return await engine.put_back(archive, stamp)


def _named(folder: Path, name: str, to: Path | None) -> Path:
    """The file that was named, or one of our own naming, which gives way to any that is there."""
    if to is not None and not to.is_dir():
        if to.exists():
            raise BackupRefused(NAME_TAKEN)
        return to
    place = to or folder
    return next(file for file in (place / f"{name}{more}.tar" for more in NUMBERS) if not file.exists())


def _part(file: Path) -> Path:
    return file.with_name(f"{file.name}{PART}")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(STAMP)


def _sweep(folder: Path) -> None:
    """Remove what a backup that was interrupted left behind: it holds a copy of everything."""
    for leftover in folder.glob(f"{WORK}*"):
        shutil.rmtree(leftover)
    for leftover in folder.glob(f"*{PART}"):
        leftover.unlink()


def _require_room(work: Path, file: Path, size: int) -> None:
    for place in {work, file.parent}:
        free, needed = shutil.disk_usage(place).free, COPIES * size + MARGIN
        if free < needed:
            raise BackupRefused(
                f"Too little room on the disk: about {needed >> 20} MiB are needed and {free >> 20} MiB are free."
            )


def _write_proof(settings: Settings, at: datetime, file: Path, manifest: Manifest) -> None:
    proof = RestoreProof(
        at=at,
        file=os.fspath(file.absolute()),
        engine=manifest.engine,
        revision=manifest.revision,
        rows=manifest.rows,
    )
    place = backups_dir(settings) / PROOFS[manifest.store]
    with private_file(_part(place)) as out:
        out.write(proof.model_dump_json(indent=2).encode())
    move_into_place(_part(place), place)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = Path(error.filename).name if isinstance(error.filename, str) else "a file"
        raise BackupRefused(f"The system refused to work on {place}: {error.strerror}.") from None
