"""The files of the key directory: who may read them, and how they are replaced.

keys_dir/            mode 0700, every file in it 0600
├── keys.json        the manifest, oldest key first: which kid signs, which only verify, which are for demo
├── <kid>.pem        one EC P-256 private key each; a kid is the key's RFC 7638 thumbprint
├── server.secret    32 random bytes, from which every keyed hash of the server derives its own key
├── statistics.key   32 random bytes, from which the noise of releases is drawn (statistics_key.py)
└── keys.lock        held by whoever writes
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MANIFEST = "keys.json"
LARGEST_FILE = 65_536


class UnsafeKeys(Exception):
    """The key directory is not fit to sign or verify with; the message tells an operator why."""


class KeyEntry(BaseModel):
    """What the manifest says of one key."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    created_at: AwareDatetime
    state: Literal["signing", "verifying"]
    demo: bool


_MANIFEST_SHAPE = TypeAdapter(list[KeyEntry])


def read_manifest(keys_dir: Path) -> list[KeyEntry]:
    """The entries of a manifest, at least one; raises UnsafeKeys."""
    if manifest_stamp(keys_dir) is None:
        raise UnsafeKeys("There are no signing keys; make them with setup.")
    if keys_dir.stat().st_mode & 0o077:
        raise UnsafeKeys("Other users can enter the key directory; set its mode to 0700.")
    try:
        entries = _MANIFEST_SHAPE.validate_json(read_file(keys_dir / MANIFEST))
    except ValidationError:
        raise UnsafeKeys(f"{MANIFEST} is not a manifest of keys.") from None
    if not entries:
        raise UnsafeKeys(f"{MANIFEST} names no key.")
    return entries


def write_manifest(keys_dir: Path, entries: list[KeyEntry]) -> None:
    """Replaces the manifest."""
    write_file(keys_dir / MANIFEST, _MANIFEST_SHAPE.dump_json(entries, indent=2))


def read_file(path: Path) -> bytes:
    """The content of a file that nobody but its owner can read; raises UnsafeKeys."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(LARGEST_FILE)
    except OSError:
        raise UnsafeKeys(f"{path.name} is missing or cannot be read.") from None
    if mode & 0o077:
        raise UnsafeKeys(f"Other users can read or change {path.name}; set its mode to 0600.")
    return content


def write_file(path: Path, content: bytes) -> None:
    """Replaces a file at once and durably: after a crash there is the old one or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def locked(keys_dir: Path) -> Iterator[None]:
    """One writer at a time, across processes; the lock goes with its file descriptor."""
    try:
        descriptor = os.open(keys_dir / "keys.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise UnsafeKeys("The key directory cannot be written.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def manifest_stamp(keys_dir: Path) -> tuple[int, int, int] | None:
    """What changes whenever the manifest is replaced."""
    try:
        status = (keys_dir / MANIFEST).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
