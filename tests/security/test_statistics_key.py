"""The statistics key: made once, looked over at every start, and nowhere but in its file."""

import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from tests.outlets.many_people import fill
from tests.world import NOON, House, ok
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_backup import make_backup
from true_api.kernel.stores import Store
from true_api.security.key_files import UnsafeKeys
from true_api.security.signing_keys import make_first_keys
from true_api.security.statistics_key import STATISTICS_KEY, make_statistics_key, statistics_key

SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda key: key.unlink(), "statistics.key is missing"),
    "short": (lambda key: key.write_bytes(os.urandom(31)), "32 random bytes"),
    "long": (lambda key: key.write_bytes(os.urandom(33)), "32 random bytes"),
    "zeros": (lambda key: key.write_bytes(bytes(32)), "32 random bytes"),
    "readable by a group": (lambda key: key.chmod(0o640), "Other users"),
    "readable by all": (lambda key: key.chmod(0o604), "Other users"),
}


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    make_first_keys(tmp_path / "keys", NOON, demo=False)
    return tmp_path / "keys"


def test_it_is_made_with_the_first_keys_and_stays(keys_dir: Path) -> None:
    key = statistics_key(keys_dir)
    assert len(key) == 32
    assert not make_statistics_key(keys_dir)
    make_first_keys(keys_dir, SystemClock().now(), demo=False)
    assert statistics_key(keys_dir) == key
    assert (keys_dir / STATISTICS_KEY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("how", SPOILED)
def test_an_unsafe_one_is_refused_and_never_quoted(keys_dir: Path, how: str) -> None:
    spoil, words = SPOILED[how]
    spoil(keys_dir / STATISTICS_KEY)
    with pytest.raises(UnsafeKeys, match=words):
        statistics_key(keys_dir)


async def test_it_is_in_no_database_no_log_and_no_backup(house: House, tmp_path: Path) -> None:
    key = statistics_key(house.settings.keys_dir)
    await fill(house, people=40, months=1)
    with structlog.testing.capture_logs() as log:
        ok(await house.admin.post("/v1/releases", {"period": "2026-10"}))
    forms = {key, key.hex().encode(), key.hex().upper().encode(), repr(key).encode()}
    assert not any(form in repr(log).encode() for form in forms)
    for place in house.settings.data_dir.iterdir():
        if place.is_file():
            assert not any(form in place.read_bytes() for form in forms), place.name
    for name, content in await _dumped(house, tmp_path):
        assert not any(form in content for form in forms), name


async def _dumped(house: House, tmp_path: Path) -> list[tuple[str, bytes]]:
    """What the backups of both stores hold, file by file."""
    raise NotImplementedError
