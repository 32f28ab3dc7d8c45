"""The form of a backup: one tar file whose every byte is vouched for, so that damage is found first.

SHA256SUMS      a line for each file below, as `sha256sum -c` reads it
manifest.json   store, engine, schema revision, time, and of each table its columns, rows and checksum
true.db         from SQLite: the database (of the keyring: keyring.db); or
<table>.copy    from PostgreSQL: one file per table, in the text format of COPY

The sums find damage, not forgery: whoever can write a backup can also write its sums.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from true_api.kernel.backup_manifest import FILES, BackupRefused, Manifest, UnfitArchive
from true_api.kernel.private_files import private_file
from true_api.kernel.stores import Store

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
VERSION = 2
LARGEST_TEXT = 1_048_576
CHUNK = 1_048_576

FOREIGN = "This file is not a backup that TRUE API made, or it is damaged from its first bytes. Nothing was touched."
DAMAGED = "This backup is damaged or incomplete: its checksums do not hold. Nothing was touched; use another backup."
NEWER = "This backup was made by a newer version of TRUE API. Nothing was touched; restore it with that version."


@dataclass(frozen=True)
class Part:
    """The bytes of one file inside an archive."""

    descriptor: int
    start: int
    size: int

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        for done in range(0, self.size, CHUNK):
            yield os.pread(self.descriptor, min(CHUNK, self.size - done), self.start + done)


@dataclass(frozen=True)
class Archive:
    """A backup whose every byte has been checked."""

    manifest: Manifest
    parts: Mapping[str, Part]


def write_archive(path: Path, manifest: Manifest, files: Sequence[Path]) -> None:
    """Write a backup; it is on disk when this returns."""
    described = manifest.model_dump_json(indent=2).encode()
    digests = {MANIFEST: hashlib.sha256(described).hexdigest()}
    for file in files:
        with file.open("rb") as content:
            digests[file.name] = hashlib.file_digest(content, "sha256").hexdigest()
    with private_file(path) as out:
        for name, text in ((SUMS, _sums(digests)), (MANIFEST, described)):
            _append(out, name, io.BytesIO(text), len(text))
        for file in files:
            with file.open("rb") as content:
                _append(out, file.name, content, file.stat().st_size)
        out.write(_ending(out.tell()))


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """A backup to read from. Raises `UnfitArchive` when a single byte is not as it was written."""
    try:
        file = path.open("rb")
    except OSError:
        raise UnfitArchive("There is no backup of this name, or it cannot be read.") from None
    with file:
        yield _checked(file)


def store_named_in(path: Path) -> Store:
    """Of which store a backup says it is, before a byte of it is checked; whatever is no backup says main."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file) as tar:
            text = tar.extractfile(MANIFEST)
            return Store(json.loads(text.read(LARGEST_TEXT))["store"]) if text else Store.MAIN
    except (OSError, ValueError, LookupError, TypeError, RecursionError, tarfile.TarError):
        return Store.MAIN


def _checked(file: BinaryIO) -> Archive:
    parts, digests = _walk(file)
    if list(parts)[:2] != [SUMS, MANIFEST]:
        raise UnfitArchive(FOREIGN)
    if any(parts[name].size > LARGEST_TEXT for name in (SUMS, MANIFEST)):
        raise UnfitArchive(FOREIGN)
    del digests[SUMS]
    if b"".join(parts[SUMS].chunks()) != _sums(digests):
        raise UnfitArchive(DAMAGED)
    manifest = _manifest_from(b"".join(parts[MANIFEST].chunks()))
    kept = {name: part for name, part in parts.items() if name not in (SUMS, MANIFEST)}
    copies = {f"{table.name}.copy" for table in manifest.tables}
    if set(kept) != ({FILES[manifest.store]} if manifest.engine == "sqlite" else copies):
        raise UnfitArchive(FOREIGN)
    return Archive(manifest, kept)


def _manifest_from(text: bytes) -> Manifest:
    try:
        loose: Any = json.loads(text)
        if loose["format"] == "true-api-backup" and loose["version"] > VERSION:
            raise UnfitArchive(NEWER)
        return Manifest.model_validate_json(text)
    except (ValueError, ValidationError, LookupError, TypeError, RecursionError):
        raise UnfitArchive(FOREIGN) from None


def _walk(file: BinaryIO) -> tuple[dict[str, Part], dict[str, str]]:
    """Where each file begins and what its SHA-256 is; headers, padding and ending are exactly as we write them."""
    parts: dict[str, Part] = {}
    digests: dict[str, str] = {}
    unfit = FOREIGN
    while (block := file.read(tarfile.BLOCKSIZE)) != bytes(tarfile.BLOCKSIZE):
        name, size = _header_from(block, unfit)
        # What begins like one of ours and does not go on like one is damaged rather than foreign.
        unfit = DAMAGED
        if name in parts:
            raise UnfitArchive(unfit)
        parts[name] = Part(file.fileno(), file.tell(), size)
        digests[name] = _digest(file, size)
        padding = -size % tarfile.BLOCKSIZE
        if file.read(padding) != bytes(padding):
            raise UnfitArchive(unfit)
    written = file.tell() - len(block)
    if block + file.read(2 * tarfile.RECORDSIZE) != _ending(written):
        raise UnfitArchive(unfit)
    return parts, digests


def _header_from(block: bytes, unfit: str) -> tuple[str, int]:
    try:
        found = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        as_written = found.size >= 0 and block == _header(found.name, found.size)
    except (tarfile.HeaderError, ValueError):
        as_written = False
    if not as_written:
        raise UnfitArchive(unfit)
    return found.name, found.size


def _header(name: str, size: int) -> bytes:
    described = tarfile.TarInfo(name)
    described.size, described.mode = size, 0o600
    return described.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _append(out: BinaryIO, name: str, content: BinaryIO, size: int) -> None:
    out.write(_header(name, size))
    left = size
    while left and (chunk := content.read(min(CHUNK, left))):
        out.write(chunk)
        left -= len(chunk)
    if left:
        raise BackupRefused("A file became shorter while it was written into the backup. Run it again.")
    out.write(bytes(-size % tarfile.BLOCKSIZE))


def _ending(written: int) -> bytes:
    """Two empty blocks, and as many more as fill a record."""
    two = 2 * tarfile.BLOCKSIZE
    return bytes(two + -(written + two) % tarfile.RECORDSIZE)


def _digest(file: BinaryIO, size: int) -> str:
    digest, left = hashlib.sha256(), size
    while left and (chunk := file.read(min(CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    if left:
        raise UnfitArchive(DAMAGED)
    return digest.hexdigest()


def _sums(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()
