"""Master keys in a file that only its owner can read, or in the environment.

The file holds a line for each key, oldest first: the day it was made, its id, `own` or `demo`, and the key in base64.
The last one wraps, all of them unwrap. It is never part of a backup.
"""

import base64
import binascii
import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from true_api.kernel.private_files import move_into_place, private_file, private_folder
from true_api.privacy.master_key import LENGTH, HeldKeys, UnsafeMasterKeys, Wrapped, key_id, require_strong
from true_api.privacy.sealing import SealedUnavailable

ENVIRONMENT = "TRUE_MASTER_KEY"
LARGEST_FILE = 65_536
SECONDS_BETWEEN_CHECKS = 1.0
HEAD = "# Master keys of TRUE API, oldest first; the last one wraps. Never put this file into a backup or an archive.\n"


@dataclass(frozen=True)
class FileKey:
    """One line of the file."""

    made_on: date
    demo: bool
    key: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """What the key is called."""
        return key_id(self.key)

    def line(self) -> str:
        """The line that holds it."""
        kind = "demo" if self.demo else "own"
        return f"{self.made_on.isoformat()} {self.id} {kind} {base64.b64encode(self.key).decode()}\n"


def new_key(made_on: date, demo: bool) -> FileKey:
    """A fresh random key."""
    return FileKey(made_on, demo, secrets.token_bytes(LENGTH))


def read_key_file(file: Path) -> list[FileKey] | None:
    """The keys in a file, oldest first; None when there is no file. Raises `UnsafeMasterKeys`."""
    try:
        with file.open("rb") as content:
            mode, text = os.fstat(content.fileno()).st_mode, content.read(LARGEST_FILE)
    except FileNotFoundError:
        return None
    except OSError:
        raise UnsafeMasterKeys(f"{file.name}, the file of master keys, cannot be read.") from None
    if mode & 0o077:
        raise UnsafeMasterKeys(f"Others can read or change {file.name}; set its mode to 0600.")
    lines = [line for line in text.decode("ascii", "replace").splitlines() if line and not line.startswith("#")]
    keys = [_read_line(line, file.name) for line in lines]
    if not keys:
        raise UnsafeMasterKeys(f"{file.name} holds no master key.")
    require_strong([key.key for key in keys], file.name)
    return keys


def _read_line(line: str, name: str) -> FileKey:
    try:
        made_on, named, kind, text = line.split()
        found = FileKey(date.fromisoformat(made_on), {"demo": True, "own": False}[kind], decoded(text))
    except (ValueError, KeyError):
        raise UnsafeMasterKeys(f"A line of {name} is not a day, an id, `own` or `demo`, and a key in base64.") from None
    if found.id != named:
        raise UnsafeMasterKeys(f"A line of {name} holds another key than its id says; it was mistyped or cut short.")
    return found


def write_key_file(file: Path, keys: Sequence[FileKey]) -> None:
    """Replace the file, mode 0600; after a crash there is the old one or the new one."""
    require_strong([key.key for key in keys], file.name)
    if not file.parent.exists():
        private_folder(file.parent)
    fresh = file.with_name(f"{file.name}.new")
    with private_file(fresh) as out:
        out.write((HEAD + "".join(key.line() for key in keys)).encode())
    move_into_place(fresh, file)


def decoded(text: str) -> bytes:
    """A key from base64, or its URL-safe form. Raises `ValueError`."""
    try:
        return base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


def keys_of_environment(given: str) -> HeldKeys:
    """The keys of TRUE_MASTER_KEY, the current one first. Raises `UnsafeMasterKeys`."""
    try:
        keys = [decoded(text) for text in given.split(",")]
    except ValueError:
        raise UnsafeMasterKeys(f"{ENVIRONMENT} is not one or more keys in base64, comma-separated.") from None
    require_strong(keys, ENVIRONMENT)
    return HeldKeys(keys)


def require_kind(keys: Sequence[FileKey], demo: bool, name: str) -> None:
    """Refuse a demo key outside demo mode, and a program's own key within it. Raises `UnsafeMasterKeys`."""
    if not demo and any(key.demo for key in keys):
        raise UnsafeMasterKeys(f"{name} holds a demo key, which never seals outside demo mode; make keys with setup.")
    if demo and not all(key.demo for key in keys):
        raise UnsafeMasterKeys(f"{name} holds a program's own key, which never seals in demo mode.")


class EnvironmentKeys:
    """Master keys that stand in the environment, for as long as this process lives."""

    def __init__(self, given: str) -> None:
        self._held = keys_of_environment(given)

    async def known(self) -> tuple[str, ...]:
        """All ids, the current one first."""
        return self._held.ids

    async def current(self) -> str:
        """The id of the first key."""
        return self._held.ids[0]

    async def wrap(self, plain: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Wrap with the first key."""
        return [self._held.wrap(key, bound) for key, bound in plain]

    async def unwrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """Unwrap with whichever key it takes."""
        return [self._held.unwrap(one) for one in wrapped]

    async def stop(self) -> None:
        """Nothing is held open."""


class FileKeys:
    """Master keys in a file, read again within a second of its change. Without the file there are none."""

    def __init__(self, file: Path, demo: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._file, self._demo, self._monotonic = file, demo, monotonic
        self._stamp = _stamp(file)
        self._held = self._read()
        self._checked = monotonic()

    async def known(self) -> tuple[str, ...]:
        """All ids, the current one first; none without the file."""
        with suppress(SealedUnavailable):
            return self._keys().ids
        return ()

    async def current(self) -> str:
        """The id of the newest key."""
        return self._keys().ids[0]

    async def wrap(self, plain: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Wrap with the newest key."""
        held = self._keys()
        return [held.wrap(key, bound) for key, bound in plain]

    async def unwrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """Unwrap with whichever key it takes; a key that is not known yet may have just been written."""
        held = self._keys()
        if any(one.key_id not in held.ids for one in wrapped):
            held = self._keys(at_once=True)
        return [held.unwrap(one) for one in wrapped]

    async def stop(self) -> None:
        """Nothing is held open."""

    def _keys(self, at_once: bool = False) -> HeldKeys:
        reading = self._monotonic()
        if at_once or reading - self._checked >= SECONDS_BETWEEN_CHECKS:
            if (stamp := _stamp(self._file)) != self._stamp:
                try:
                    self._held = self._read()
                except UnsafeMasterKeys as unsafe:
                    # Nobody vouches for the keys of before.
                    raise SealedUnavailable from unsafe
                self._stamp = stamp
            self._checked = reading
        if self._held is None:
            raise SealedUnavailable
        return self._held

    def _read(self) -> HeldKeys | None:
        keys = read_key_file(self._file)
        if keys is None:
            return None
        require_kind(keys, self._demo, self._file.name)
        return HeldKeys([key.key for key in reversed(keys)])


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """What changes whenever the file is replaced."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
