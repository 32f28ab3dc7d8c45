"""Sealed files: what lies on disk for a while and is about people, in frames that open one by one (privacy.md 6).

Each frame is AES-256-GCM under a key of this file alone, with its own number as the nonce, so that any part of a file
can be read without the rest. What says how long the file is, and what it hashes to, is kept elsewhere: a file that was
cut, put together anew or exchanged does not open, or is not what was promised.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from true_api.kernel.private_files import private_file
from true_api.privacy.sealing import NONCE, RecordUnreadable

FRAME = 65_536
TAG = 16
SALT = 32


def key_of_file(secret: bytes, salt: bytes, place: bytes) -> bytes:
    """The key of one file, from the program's own secret, what was drawn for the file, and where it stands."""
    return hmac.new(secret, b"true-api file\0" + salt + place, hashlib.sha256).digest()


class SealedWriter:
    """Takes bytes in any pieces; `size` and `digest` are of what was taken, `close` writes the last frame."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._cipher, self._number, self._held = AESGCM(key), 0, bytearray()
        self._place: AbstractContextManager[BinaryIO] = private_file(path)
        self._sum = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> "SealedWriter":
        self._file = self._place.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._held:
            self._seal(bytes(self._held))
        self._place.__exit__(kind, error, trace)

    def take(self, piece: bytes) -> None:
        """Seal as many whole frames as there are by now."""
        self._sum.update(piece)
        self.size += len(piece)
        self._held += piece
        whole = len(self._held) - len(self._held) % FRAME
        for start in range(0, whole, FRAME):
            self._seal(bytes(self._held[start : start + FRAME]))
        del self._held[:whole]

    @property
    def digest(self) -> str:
        """The SHA-256 of everything that was taken, in hexadecimal."""
        return self._sum.hexdigest()

    def _seal(self, frame: bytes) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number), frame, None))
        self._number += 1


def opened(path: Path, key: bytes, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to `end`, frame by frame. Raises `RecordUnreadable` for what was altered."""
    cipher = AESGCM(key)
    with path.open("rb") as file:
        for number in range(start // FRAME, -(-end // FRAME)):
            file.seek(number * (FRAME + TAG))
            try:
                frame = cipher.decrypt(_nonce(number), file.read(FRAME + TAG), None)
            except InvalidTag:
                raise RecordUnreadable from None
            first = number * FRAME
            yield frame[max(0, start - first) : end - first]


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE, "big")
