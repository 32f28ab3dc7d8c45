"""The statistics key: made once, looked over at every start, and nowhere but in its file."""

import asyncio
import base64
import os
from collections.abc import Callable
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


async def test_it_is_in_no_database_no_log_and_no_backup(house: House) -> None:
    key = statistics_key(house.settings.keys_dir)
    await fill(house, people=40, months=1)
    with structlog.testing.capture_logs() as log:
        ok(await house.admin.post("/v1/releases", {"period": "2026-10"}))
    for store in Store:
        await asyncio.to_thread(make_backup, house.settings, NOON, None, store)
    kept = [repr(log).encode()]
    kept += [place.read_bytes() for place in house.settings.data_dir.rglob("*") if _may_hold_it(place)]
    forms = (key, key.hex().encode(), base64.b64encode(key), repr(key).encode())
    # An archive is a plain tar file: of PostgreSQL with every row as text, of SQLite with the database itself.
    assert sum(content.startswith(b"SHA256SUMS") for content in kept) == len(Store)
    assert not [form for form in forms for content in kept if form in content]


def _may_hold_it(place: Path) -> bool:
    return place.is_file() and place.name != STATISTICS_KEY
