"""The shelf: where files of exports lie, sealed, each attempt under a name of its own, until they are cleared away."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from true_api.kernel.private_files import private_folder, settle
from true_api.privacy.keyring import Keyring
from true_api.privacy.sealed_files import SALT, SealedWriter, key_of_file, opened
from true_api.security.installation import Installation

FOLDER, SECRET = "exports", "exports"
FRAMES_AT_ONCE = 16


@dataclass(frozen=True)
class Shelf:
    """The files of one installation."""

    folder: Path
    keyring: Keyring

    @classmethod
    def of(cls, installation: Installation) -> "Shelf":
        """That of an installation."""
        return cls(installation.settings.data_dir / FOLDER, installation.keyring)

    async def begin(self, export: UUID, place: int) -> tuple[bytes, SealedWriter]:
        """A new file, and the salt by which it can be found and opened again.

        Raises `SealedUnavailable` where there is no master key, `OSError` where nothing can be written.
        """
        salt = secrets.token_bytes(SALT)
        private_folder(self.folder)
        path = private_folder(self.folder / str(export)) / _called(salt)
        return salt, SealedWriter(path, await self._key(export, place, salt))

    def finished(self, export: UUID) -> None:
        """Wait until the names of an export's files are on disk."""
        settle(self.folder / str(export))

    def holds(self, file: Any) -> bool:
        """Whether a finished file is here."""
        return self._path(file).is_file()

    async def read(self, file: Any, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes of a finished file, in pieces. Raises `RecordUnreadable` for what was altered."""
        key = await self._key(file.export_id, file.place, file.salt)
        frames = opened(self._path(file), key, start, end)
        while piece := await asyncio.to_thread(_some, frames):
            yield piece

    def kept(self) -> list[UUID]:
        """The exports of which anything lies here."""
        if not self.folder.is_dir():
            return []
        return [UUID(place.name) for place in self.folder.iterdir() if place.is_dir()]

    def clear(self, export: UUID, keep: frozenset[bytes] = frozenset()) -> None:
        """Take away what lies here of an export, but for the files with these salts."""
        folder = self.folder / str(export)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
            return
        names = {_called(salt) for salt in keep}
        for path in folder.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _path(self, file: Any) -> Path:
        return self.folder / str(file.export_id) / _called(file.salt)

    async def _key(self, export: UUID, place: int, salt: bytes) -> bytes:
        return key_of_file(await self.keyring.own_key(SECRET), salt, export.bytes + place.to_bytes(2, "big"))


def _called(salt: bytes) -> str:
    """The first half of the salt names the file; to open it takes the other half too."""
    return salt[: SALT // 2].hex()


def _some(frames: Any) -> bytes:
    return b"".join(islice(frames, FRAMES_AT_ONCE))
