"""Backing up SQLite: the engine itself copies the running file, and the copy is put back and compared."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import make_url

from true_api.kernel.backup_archive import Archive
from true_api.kernel.backup_manifest import FILES, BackupRefused, Copied, NotProven, TableContent, Tally
from true_api.kernel.database_sqlite import driver
from true_api.kernel.private_files import move_into_place, private_file, settle
from true_api.kernel.stores import Store

BESIDE = ("", "-wal", "-shm", "-journal")
"""A database is this set of files: a log that outlives its file would be played into the next one of that name."""

NOTHING_HERE = {
    Store.MAIN: "There is no database yet, so there is nothing to back up. Run `true-api setup`.",
    Store.KEYRING: "There is no keyring yet, so there is nothing to back up. Run `true-api upgrade`.",
}
NOT_OURS = "This file is no database of TRUE API."
UNSOUND = "SQLite finds the database damaged or inconsistent. Restore the last good backup, and keep this file."
IN_USE = "The database is in use. Stop the server, then run this again."
TAKEN = (
    "There is a database in this place already, and nothing was touched."
    " `--replace` moves it aside first, without deleting it."
)
DIFFERS = "What was restored differs from what the backup says it holds."


class SqliteBackup:
    """Copies out of, and puts back into, one SQLite file."""

    name: Literal["sqlite"] = "sqlite"

    def __init__(self, url: str, store: Store = Store.MAIN) -> None:
        self._file, self._store = Path(make_url(url).database or ""), store

    async def size(self) -> int:
        """Bytes that a copy takes at most."""
        if not self._file.is_file():
            raise BackupRefused(NOTHING_HERE[self._store])
        return sum(file.stat().st_size for file in self._present())

    @asynccontextmanager
    async def proving_ground(self, work: Path) -> AsyncIterator["SqliteGround"]:
        """A folder to copy into and to restore in."""
        with _plainly():
            yield SqliteGround(self._file, work, FILES[self._store])

    async def refuse_unless_free(self, replace: bool) -> None:
        """Refuse to restore over a database that holds something, or that somebody still uses."""
        if not self._present():
            return
        if not replace and not _is_empty(self._file):
            raise BackupRefused(TAKEN)
        _fold_log(self._file)

    async def put_back(self, archive: Archive, stamp: str) -> Path | None:
        """Restore, at the archive's revision; where the database that stood here was moved to, if one did."""
        with _plainly():
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = self._file.with_name(f"{self._file.name}.restoring")
            try:
                lay_down(archive, fresh)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
            aside = self._move_aside(stamp)
            move_into_place(fresh, self._file)
            return aside

    def _present(self) -> list[Path]:
        places = (self._file.with_name(self._file.name + suffix) for suffix in BESIDE)
        return [place for place in places if place.exists()]

    def _move_aside(self, stamp: str) -> Path | None:
        present, aside = self._present(), self._file.with_name(f"{self._file.name}.replaced-{stamp}")
        # The log first: a file without its log is old but whole, a log without its file would be played into the next.
        for place in reversed(present):
            place.rename(aside.with_name(aside.name + place.name.removeprefix(self._file.name)))
        settle(self._file.parent)
        return aside if present else None


class SqliteGround:
    """Where one backup is made and proven."""

    def __init__(self, live: Path, work: Path, name: str) -> None:
        self._live, self._work, self._name = live, work, name

    async def copy(self) -> Copied:
        """The database as it stands at this instant, while others read and write it."""
        file = self._work / self._name
        with private_file(file), closing(_connect(self._live, "rw")) as live:
            live.execute("VACUUM INTO ?", [str(file)])
        revision, tables = examine(file)
        return Copied(revision, tables, (file,))

    async def restore(self, archive: Archive) -> None:
        """Restore into a file of its own, and compare. Raises `NotProven`."""
        lay_down(archive, self._work / "proof.db")


def lay_down(archive: Archive, file: Path) -> None:
    """Write the archive's database to a file and compare it with the manifest. Raises `NotProven`."""
    with private_file(file) as out:
        for chunk in archive.parts[FILES[archive.manifest.store]].chunks():
            out.write(chunk)
    if examine(file) != (archive.manifest.revision, archive.manifest.tables):
        raise NotProven(DIFFERS)


def examine(file: Path) -> tuple[str, tuple[TableContent, ...]]:
    """Revision and content of a database at rest. Raises `BackupRefused` when SQLite finds anything wrong with it."""
    # Immutable: nothing is written beside the file, and the file itself is not touched.
    with _plainly(), closing(_connect(file, "ro&immutable=1")) as found:
        if found.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BackupRefused(UNSOUND)
        if found.execute("PRAGMA foreign_key_check").fetchall():
            raise BackupRefused(UNSOUND)
        names = _tables(found)
        if "alembic_version" not in names:
            raise BackupRefused(NOT_OURS)
        revisions = found.execute("SELECT version_num FROM alembic_version").fetchall()
        if len(revisions) != 1:
            raise BackupRefused(NOT_OURS)
        tables = (_content(found, name) for name in names if name != "alembic_version")
        return str(revisions[0][0]), tuple(tables)


def _tables(connection: Any) -> list[str]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    return [name for (name,) in connection.execute(named)]


def _content(connection: Any, table: str) -> TableContent:
    rows, tally = connection.execute(f'SELECT * FROM "{table}"'), Tally()
    columns = [column[0] for column in rows.description]
    for row in rows:
        # JSON spells a value the same under every Python; only bytes have no spelling of their own.
        tally.add(json.dumps(row, default=bytes.hex).encode())
    return tally.content(table, columns)


def _is_empty(file: Path) -> bool:
    """Whether a file holds no table at all; one that cannot be read holds something."""
    try:
        with closing(_connect(file, "rw")) as found:
            return not _tables(found)
    except driver().Error:
        return False


def _fold_log(file: Path) -> None:
    """Fold the write-ahead log into its file, which SQLite allows only while nobody else has the database open."""
    try:
        with closing(_connect(file, "rw")) as present:
            present.execute("PRAGMA journal_mode=DELETE")
            present.execute("BEGIN EXCLUSIVE")
            present.execute("ROLLBACK")
    except driver().Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise BackupRefused(IN_USE) from None
        # Too damaged to be folded, or not a database: it is moved aside as it is, log and all.


def _connect(file: Path, mode: str) -> Any:
    """A connection to a file that is there; none is made."""
    return driver().connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=1)


@contextmanager
def _plainly() -> Iterator[None]:
    """Failures of SQLite in words that hold no value."""
    try:
        yield
    except driver().Error as error:
        raise BackupRefused(f"SQLite could not do this ({type(error).__name__}). {_advice(error)}") from None


def _advice(error: Exception) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
        return UNSOUND
    if name == "SQLITE_FULL":
        return "The disk is full."
    if name.startswith("SQLITE_BUSY"):
        return IN_USE
    return "Look at the file's owner and mode, and at the disk."
