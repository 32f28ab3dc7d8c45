"""Signed heads go outside: to a file that whoever changes the database cannot change with it (privacy.md 8).

TRUE_HEADS_DIR/
├── trail-heads.jsonl   a head in each line, oldest first
├── trail-keys.json     the public keys that signed them, as a JWK set
└── trail-heads.lock    held by whoever writes
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from sqlalchemy import select

from true_api.kernel.private_files import move_into_place, private_file, settle
from true_api.kernel.rows import table_of
from true_api.security.installation import Installation
from true_api.security.trail import TrailHead
from true_api.security.trail_heads import Head, head_of, read_head, read_keys
from true_api.security.trail_keys import PublicKeys, jwks_of, known_trail_keys

HEADS_FILE, KEYS_FILE, LOCK = "trail-heads.jsonl", "trail-keys.json", "trail-heads.lock"
LARGEST_STEP, LONGEST_END = 1_000, 4_096

log = structlog.get_logger()


async def publish(installation: Installation) -> int:
    """Write the heads that are not outside yet to the file outside, in order and durably; their number.

    Every process does this for its own place, whoever signed; of those with the same place one goes ahead at a time.
    """
    settings = installation.settings
    place = settings.heads_place
    last = await asyncio.to_thread(last_head_in, place / HEADS_FILE)
    fresh = await _fresh(installation, last)
    if not fresh:
        return 0
    keys = known_trail_keys(settings.keys_dir, settings.demo)
    return await asyncio.to_thread(_append, place, last, fresh, keys.public)


async def _fresh(installation: Installation, last: Head | None) -> list[Head]:
    heads, read = table_of(TrailHead), installation.database.read
    asked = select(heads).order_by(heads.c.size).limit(LARGEST_STEP)
    found = list((await read(asked if last is None else asked.where(heads.c.size >= last.size)))[0])
    if last is not None:
        if found and (found[0].size, found[0].root) == (last.size, last.root):
            found = found[1:]
        else:
            # What is outside was never here, or is here no more: `audit verify` tells which. New heads still go out.
            log.error("heads_outside_differ")
            found = list((await read(asked.where(heads.c.at > last.at)))[0])
    return [head_of((await installation.standing()).program_id, row) for row in found]


def _append(place: Path, last: Head | None, fresh: Sequence[Head], keys: PublicKeys) -> int:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(place / LOCK):
        file = place / HEADS_FILE
        if last_head_in(file) != last:
            # Another process went ahead; the next round goes on from there.
            return 0
        _keep_keys(place / KEYS_FILE, keys)
        lines = "".join(f"{json.dumps(head.told(), sort_keys=True)}\n" for head in fresh)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
        with os.fdopen(descriptor, "a+b") as opened:
            end = _end_of(descriptor)
            opened.write((b"\n" if end and not end.endswith(b"\n") else b"") + lines.encode())
            opened.flush()
            os.fsync(descriptor)
        settle(place)
    return len(fresh)


def last_head_in(file: Path) -> Head | None:
    """The last head that can be read; a line that was torn by a crash is passed over."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        lines = _end_of(descriptor).splitlines()
    finally:
        os.close(descriptor)
    for line in reversed(lines):
        with suppress(ValueError):
            return read_head(line)
    return None


def _end_of(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, LONGEST_END, max(0, size - LONGEST_END))


def _keep_keys(file: Path, keys: PublicKeys) -> None:
    """Have these among the public keys that are outside, beside those that are there."""
    there: PublicKeys = {}
    with suppress(FileNotFoundError, ValueError):
        there = read_keys(file.read_bytes())
    if keys.keys() <= there.keys():
        return
    fresh = file.with_name(f"{file.name}.new")
    with private_file(fresh) as out:
        out.write(json.dumps(jwks_of({**there, **keys}), indent=2).encode())
    move_into_place(fresh, file)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
