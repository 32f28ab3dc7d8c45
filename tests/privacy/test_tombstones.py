"""Tombstones: marks that outlive the stores, in a file that only its owner reads and that survives a torn line."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.world import House
from true_api.privacy.keyring_tables import data_keys
from true_api.privacy.tombstones import FILE, NOBODY, OtherTombstoneKey, Tombstones

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DAY = date(2026, 11, 2)
MARK, OTHER = "a" * 64, "b" * 64

pytestmark = ON_SQLITE


@pytest.fixture
async def tombstones(house: House, tmp_path: Path) -> Tombstones:
    """The tombstones of a house, with nothing in the file yet."""
    return Tombstones(house.installation.keyring, tmp_path)


async def test_a_mark_is_noted_once_and_only_its_owner_reads_it(tombstones: Tombstones) -> None:
    assert tombstones.noted() == {}
    tombstones.note({MARK: DAY})
    tombstones.note({MARK: date(2027, 1, 1), OTHER: DAY})
    assert tombstones.noted() == {MARK: DAY, OTHER: DAY}
    assert tombstones.file.stat().st_mode & 0o777 == 0o600
    assert len(tombstones.file.read_text().splitlines()) == 2


async def test_a_line_that_a_crash_cut_short_is_no_mark_and_costs_none(tombstones: Tombstones) -> None:
    tombstones.note({MARK: DAY})
    for length in range(1, 75):
        with tombstones.file.open("a") as file:
            file.write(f"{OTHER} {DAY}"[:length])
        assert tombstones.noted() == {MARK: DAY}
        tombstones.note({"c" * 64: DAY})
        assert tombstones.noted() == {MARK: DAY, "c" * 64: DAY}
        tombstones.file.write_text(f"{MARK} {DAY}\n")
    tombstones.note({OTHER: DAY})
    assert tombstones.noted() == {MARK: DAY, OTHER: DAY}


async def test_many_who_write_at_once_lose_nothing(tombstones: Tombstones) -> None:
    marks = [f"{number:064x}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda mark: tombstones.note({mark: DAY}), marks))
    assert tombstones.noted() == dict.fromkeys(marks, DAY)


async def test_a_mark_is_the_same_every_time_and_another_for_everybody(tombstones: Tombstones) -> None:
    people = [uuid4() for _ in range(50)]
    marks = await tombstones.marks_of(people)
    assert marks == await tombstones.marks_of(people)
    assert len(set(marks.values())) == 50
    assert not any(hashlib.sha256(person.bytes).hexdigest() == mark for person, mark in marks.items())


async def test_marks_of_another_key_are_told_from_ones_own(tombstones: Tombstones) -> None:
    await tombstones.require_key_of([])
    own = (await tombstones.marks_of([NOBODY]))[NOBODY]
    await tombstones.require_key_of([MARK, own])
    with pytest.raises(OtherTombstoneKey):
        await tombstones.require_key_of([MARK])


async def test_the_key_is_there_before_anybody_asks_to_be_forgotten(house: House) -> None:
    """So that every backup of the keyring holds it, however early."""
    assert not (house.settings.data_dir / FILE).exists()
    for _ in range(100):
        if any(row.id.version == 5 for row in await own_keys(house)):
            return
        await asyncio.sleep(0.05)
    pytest.fail("no key was made")


async def own_keys(house: House) -> list[Any]:
    from_keyring = await house.installation.keyring.database.read(data_keys.select())
    return list(from_keyring[0])
