"""Tombstones: keyed marks of forgotten people in three places, so that no restore brings anybody back unnoticed.

A mark is made before the first key is destroyed, and stands in a file beside the stores, in the keyring, and at last in
the main store. Whichever of them comes back from a backup, the others still know.
"""

import fcntl
import hashlib
import hmac
import os
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from true_api.kernel.errors import Unavailable
from true_api.kernel.private_files import settle
from true_api.privacy.keyring import Keyring

FILE = "forgotten.list"
KEY = "tombstones"
NOBODY = UUID(int=0)
"""Its mark stands beside the first real one, and says whether the key at hand is the one that marks were made with."""

LINE = re.compile(r"([0-9a-f]{64}) (\d{4}-\d{2}-\d{2})")


class OtherTombstoneKey(Unavailable):
    """A store came back from a backup, and this keyring cannot tell who was forgotten since: restore a newer one."""

    code = "other_tombstone_key"


async def make_tombstone_key(keyring: Keyring) -> None:
    """Make the key of the marks while nobody has asked to be forgotten, so that every backup of the keyring holds it.

    A keyring from before its first day could not tell who was forgotten since. Without a master key nothing is made.
    """
    if await keyring.masters.known():
        await keyring.own_key(KEY)


class Tombstones:
    """The marks of one installation: how they are made, and the file that outlives a restore of both stores."""

    def __init__(self, keyring: Keyring, folder: Path) -> None:
        self._keyring = keyring
        self.file = folder / FILE

    async def marks_of(self, subjects: Collection[UUID]) -> dict[UUID, str]:
        """The mark of each sealing subject: HMAC-SHA-256 of its id under a key that only the keyring holds.

        Raises `SealedUnavailable` (503) where this process holds no master key.
        """
        key = await self._keyring.own_key(KEY)
        return {subject: hmac.new(key, subject.bytes, hashlib.sha256).hexdigest() for subject in subjects}

    def noted(self) -> dict[str, date]:
        """The marks in the file, each with its day. A line that was cut short by a crash is not one.

        Raises `Unavailable` for a file that is there and cannot be read.
        """
        try:
            lines = self.file.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return {}
        except OSError:
            raise Unavailable from None
        found = (LINE.fullmatch(line) for line in lines)
        return {line[1]: date.fromisoformat(line[2]) for line in found if line}

    def note(self, marks: Mapping[str, date]) -> None:
        """Add to the file those marks that it does not hold; they are on disk when this returns.

        Raises `Unavailable` where they cannot be written.
        """
        try:
            self._append(marks)
        except OSError:
            raise Unavailable from None

    def _append(self, marks: Mapping[str, date]) -> None:
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.fchmod(descriptor, 0o600)
            known = self.noted()
            lines = [f"{mark} {on}\n" for mark, on in sorted(marks.items()) if mark not in known]
            if lines:
                # After a line that was cut short, a new one begins on a line of its own.
                file.write(("\n" * _torn(file.read()) + "".join(lines)).encode())
                file.flush()
                os.fsync(descriptor)
        settle(self.file.parent)

    async def require_key_of(self, marks: Iterable[str]) -> None:
        """Raises `OtherTombstoneKey` unless these marks were made with the key at hand."""
        present = set(marks)
        if present and (await self.marks_of([NOBODY]))[NOBODY] not in present:
            raise OtherTombstoneKey


def _torn(content: bytes) -> bool:
    return bool(content) and not content.endswith(b"\n")
