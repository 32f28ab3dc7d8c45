"""The keyring: a key per sealing subject, made once, found by every process, and gone for good when destroyed."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tests.privacy.keyrings import files_of, put_in, reopened, rewrite, rows_of, subjects
from tests.world import NOON
from true_api.kernel.settings import Settings
from true_api.privacy.keyring import Keyring, own_subject
from true_api.privacy.master_keys import master_key_file
from true_api.privacy.sealing import RecordUnreadable, SealedUnavailable

MARK, TODAY = "f" * 64, NOON.date()
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_key_is_made_once_and_found_by_every_process(keyring: Keyring, another: Keyring) -> None:
    people = subjects(3)
    assert await keyring.keys(people) == {}
    assert await another.keys(people) == {}
    made = await keyring.keys_made(people)
    assert made.keys() == people.keys()
    assert len({key.key for key in made.values()}) == 3
    assert await another.keys(people) == await keyring.keys(people) == await another.keys_made(people) == made


async def test_only_what_is_missing_is_made(keyring: Keyring) -> None:
    first, second = subjects(2), subjects(2)
    made = await keyring.keys_made(first)
    both = await keyring.keys_made(first | second)
    assert {person: both[person] for person in first} == made
    assert both.keys() == {*first, *second}
    assert {row.made_on for row in (await rows_of(keyring)).values()} == {TODAY}


async def test_processes_that_make_the_same_keys_at_once_get_the_same(keyring: Keyring, another: Keyring) -> None:
    people = list(subjects(12))
    circles = [dict.fromkeys(people[first : first + 6], 1) for first in range(7)]
    made = await asyncio.gather(*(ring.keys_made(circle) for circle in circles for ring in (keyring, another)))
    known = await another.keys(dict.fromkeys(people, 2))
    assert known.keys() == set(people)
    for keys in made:
        assert keys == {person: known[person] for person in keys}


async def test_keys_swapped_between_people_are_refused(keyring: Keyring, another: Keyring) -> None:
    one, other = subjects(2)
    await keyring.keys_made({one: 1, other: 1})
    rows = await rows_of(keyring)
    await rewrite(keyring, rows[one], wrapped=rows[other].wrapped)
    with pytest.raises(RecordUnreadable):
        await another.keys({one: 1})
    assert (await another.keys({other: 1})).keys() == {other}


async def test_no_byte_of_a_kept_key_can_be_altered(keyring: Keyring, another: Keyring) -> None:
    people = subjects(60)
    await keyring.keys_made(people)
    for place, row in enumerate((await rows_of(keyring)).values()):
        altered = bytearray(row.wrapped)
        altered[place] ^= 0x40
        await rewrite(keyring, row, wrapped=bytes(altered))
        with pytest.raises(RecordUnreadable):
            await another.keys({row.id: 1})


async def test_a_new_epoch_asks_the_keyring_again(keyring: Keyring, another: Keyring) -> None:
    (person,) = subjects(1)
    await keyring.keys_made({person: 1})
    await another.keys({person: 1})
    await keyring.destroy([person], MARK, TODAY)
    assert await another.keys({person: 2}) == {}
    assert await another.keys({person: 1}) == {}


async def test_a_destroyed_key_is_gone_and_its_mark_is_kept(keyring: Keyring, another: Keyring) -> None:
    gone, stays = subjects(1), subjects(1)
    made = await keyring.keys_made(gone | stays)
    await keyring.destroy(gone, MARK, TODAY)
    assert await keyring.keys(gone) == await another.keys(gone) == {}
    assert (await another.keys(stays)).items() <= made.items()
    assert [tuple(row) for row in await another.marks()] == [(MARK, TODAY)]


async def test_destroying_again_is_harmless_whoever_does_it(keyring: Keyring, another: Keyring) -> None:
    people = subjects(2)
    await keyring.keys_made(people)
    await asyncio.gather(*(ring.destroy(people, MARK, TODAY) for ring in (keyring, another, keyring, another)))
    await keyring.destroy(people, MARK, TODAY + timedelta(days=9))
    await keyring.destroy([], "e" * 64, TODAY)
    assert [(row.mark, row.forgotten_on) for row in await keyring.marks()] == [("e" * 64, TODAY), (MARK, TODAY)]


@ON_SQLITE
async def test_no_file_of_the_keyring_holds_a_byte_of_a_destroyed_key(
    keyring: Keyring, another: Keyring, place: Settings
) -> None:
    gone, stays = subjects(20), subjects(20)
    await keyring.keys_made(gone | stays)
    await another.keys(gone | stays)
    rows = await rows_of(keyring)
    before = b"".join(files_of(place).values())
    assert all(rows[person].wrapped in before for person in gone)
    await keyring.destroy(gone, MARK, TODAY)
    files = files_of(place)
    for name, content in files.items():
        for person in gone:
            assert rows[person].wrapped not in content, name
            assert rows[person].wrapped[12:44] not in content, name
            assert person.hex.encode() not in content, name
    assert all(rows[person].wrapped in b"".join(files.values()) for person in stays), "the search itself works"


async def test_a_process_without_a_master_key_does_what_needs_none(keyring: Keyring, place: Settings) -> None:
    known, unknown = subjects(1), subjects(1)
    await keyring.keys_made(known)
    await keyring.stop()
    file = master_key_file(place)
    file.rename(file.with_name("somewhere-else"))
    alone = reopened(place)
    try:
        assert await alone.keys(unknown) == {}
        assert await alone.masters.known() == ()
        for refused in (alone.keys(known), alone.keys_made(unknown), alone.own_key("recall-1"), alone.rotate()):
            with pytest.raises(SealedUnavailable):
                await refused
        await alone.destroy(known, MARK, TODAY)
        assert await alone.keys(known) == {}
        assert len(await alone.marks()) == 1
    finally:
        await alone.stop()


async def test_the_programs_own_secrets_are_made_once_and_are_nobodys(keyring: Keyring, another: Keyring) -> None:
    people = subjects(3)
    await keyring.keys_made(people)
    recall, stones = await keyring.own_key("recall-1"), await keyring.own_key("tombstones")
    assert (await another.own_key("recall-1"), await another.own_key("tombstones")) == (recall, stones)
    assert recall != stones
    assert len(recall) == len(stones) == 32
    assert own_subject("recall-1") in await rows_of(keyring)
    assert await keyring.subjects() == [(person, TODAY) for person in sorted(people)]


async def test_subjects_are_listed_page_by_page(keyring: Keyring) -> None:
    people = sorted(subjects(7))
    await keyring.keys_made(dict.fromkeys(people, 1))
    for name in ("one", "two", "three"):
        await keyring.own_key(name)
    listed: list[UUID] = []
    while page := await keyring.subjects(listed[-1] if listed else None, 2):
        assert len(page) <= 2
        listed += [subject for subject, _ in page]
    assert listed == people


async def test_a_key_without_a_text_goes_two_days_after_it_was_first_noticed(keyring: Keyring) -> None:
    people = subjects(2)
    await keyring.keys_made(people)
    assert await keyring.drop(people, TODAY) == 0
    assert await keyring.drop(people, TODAY + timedelta(days=1)) == 0
    assert (await rows_of(keyring)).keys() == people.keys()
    assert await keyring.drop(people, TODAY + timedelta(days=2)) == 2
    assert await rows_of(keyring) == {}
    assert await keyring.drop([uuid4()], TODAY) == 0


@pytest.mark.parametrize("used", ["keys", "keys_made"])
async def test_a_key_that_is_used_again_is_not_dropped(keyring: Keyring, another: Keyring, used: str) -> None:
    people = subjects(2)
    await keyring.keys_made(people)
    await keyring.drop(people, TODAY)
    person, unused = people
    await getattr(another, used)({person: 1})
    assert await keyring.drop(people, TODAY + timedelta(days=9)) == 1
    assert (await rows_of(keyring)).keys() == {person}
    assert unused not in await another.keys(people)


async def test_a_restored_row_opens_like_before(keyring: Keyring, another: Keyring) -> None:
    """What a restore of an older archive does: it is why forgetting is replayed after one."""
    (person,) = subjects(1)
    made = await keyring.keys_made({person: 1})
    row = (await rows_of(keyring))[person]
    await keyring.destroy([person], MARK, TODAY)
    await put_in(keyring, row)
    assert await another.keys({person: 1}) == made
    await keyring.destroy([person], MARK, date.max)
    assert await another.keys({person: 2}) == {}
