"""Rotation: every key is wrapped anew while everybody reads, writes and forgets, and nobody notices."""

import asyncio
import time
from collections.abc import Sequence
from uuid import uuid4

import pytest

from tests.privacy.keyrings import reopened, rewrite, rows_of, subjects
from tests.world import NOON, Caller, House, ok
from true_api.kernel.effects import Keep
from true_api.kernel.settings import Settings
from true_api.privacy.keyring import Keyring, _bound
from true_api.privacy.keyring_tables import data_keys
from true_api.privacy.master_key import HeldKeys
from true_api.privacy.master_key_custody import add_master_key, current_key, look_over, retire_master_keys
from true_api.privacy.master_key_file import SECONDS_BETWEEN_CHECKS
from true_api.privacy.sealing import Place, RecordUnreadable

TODAY, MARK = NOON.date(), "f" * 64
WRITERS = 16


async def test_after_a_rotation_every_key_is_wrapped_by_the_new_master_key_and_is_the_same_key(
    keyring: Keyring, place: Settings
) -> None:
    people = subjects(40)
    made = await keyring.keys_made(people)
    own = await keyring.own_key("recall-1")
    old, new = await keyring.masters.current(), await add_master_key(place, TODAY)
    assert await keyring.rows_by_master_key() == {old: 41}
    rotating = reopened(place)
    assert (await rotating.rotate(), await rotating.rotate()) == (41, 0)
    assert await rotating.rows_by_master_key() == {new: 41}
    await rotating.stop()
    assert await retire_master_keys(place) == [old]
    late = reopened(place)
    assert await late.keys(people) == made
    assert await late.own_key("recall-1") == own
    await late.stop()


async def test_rotation_goes_on_past_a_row_that_was_altered(keyring: Keyring, place: Settings) -> None:
    people = subjects(30)
    await keyring.keys_made(people)
    broken, strange, *_ = (await rows_of(keyring)).values()
    await rewrite(keyring, broken, wrapped=b"\0" * len(broken.wrapped))
    await rewrite(keyring, strange, master_key="a-key-that-nobody-has")
    await add_master_key(place, TODAY)
    rotating = reopened(place)
    assert await rotating.rotate() == 28
    assert await rotating.rows_on_old_keys() == 2
    with pytest.raises(RecordUnreadable):
        await rotating.keys({broken.id: 1})
    await rotating.stop()


async def test_a_key_that_is_destroyed_while_it_is_wrapped_anew_stays_destroyed(
    keyring: Keyring, another: Keyring, place: Settings
) -> None:
    gone, stays = subjects(10), subjects(10)
    await keyring.keys_made(gone | stays)
    await add_master_key(place, TODAY)
    rotating = reopened(place)
    rows = await rotating._on_old(await rotating.masters.current(), None)
    await another.destroy(gone, MARK, TODAY)
    await rotating._rewrap(rows)
    assert (await rows_of(another)).keys() == stays.keys()
    assert await rotating.rows_on_old_keys() == 0
    await rotating.stop()


async def test_of_two_rotations_at_once_the_first_counts_for_each_key(keyring: Keyring, place: Settings) -> None:
    await keyring.keys_made(subjects(10))
    await add_master_key(place, TODAY)
    one, other = reopened(place), reopened(place)
    seen = await other._on_old(await other.masters.current(), None)
    assert await one.rotate() == 10
    first = await rows_of(keyring)
    await other._rewrap(seen)
    assert await rows_of(keyring) == first
    await one.stop()
    await other.stop()


async def test_sixteen_writers_notice_nothing_of_a_rotation(place: Settings) -> None:
    await _rotate_under(place, keys_before=300, rounds=1, rings=2)


@pytest.mark.proof
async def test_proof_sixteen_writers_notice_nothing_of_a_rotation_of_many_keys(place: Settings) -> None:
    await _rotate_under(place, keys_before=50_000, rounds=4, rings=4)


async def _rotate_under(place: Settings, *, keys_before: int, rounds: int, rings: int) -> None:
    """Rotate and retire several times while sixteen writers seal, read back and forget; nobody meets an error."""
    processes = [reopened(place) for _ in range(rings)]
    await _fill(processes[0], keys_before, current_key(place).key)
    done = asyncio.Event()
    writers = [asyncio.create_task(_write_on(processes[n % rings], done)) for n in range(WRITERS)]
    for _ in range(rounds):
        before = (await look_over(place)).ids
        current = await add_master_key(place, TODAY)
        await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
        started, rotated = time.perf_counter(), await processes[-1].rotate()
        while await processes[-1].rows_on_old_keys():
            rotated += await processes[-1].rotate()
        print(f"{rotated:,} keys wrapped anew in {time.perf_counter() - started:.2f} s under {WRITERS} writers")
        assert rotated >= keys_before
        assert (await look_over(place)).ids == (current, *before)
        assert await retire_master_keys(place) == list(reversed(before))
    done.set()
    written = [await writer for writer in writers]
    assert min(written) > 0
    assert (await processes[0].rows_by_master_key()).keys() == {current}
    for process in processes:
        await process.stop()


async def _fill(keyring: Keyring, count: int, master: bytes) -> None:
    held, fixed = HeldKeys([master]), {"version": 1, "made_on": TODAY, "unneeded_since": None}
    for _ in range(0, count, 5_000):
        people: Sequence[object] = [uuid4() for _ in range(min(count, 5_000))]
        wrapped = [(person, held.wrap(bytes(range(32)), _bound(person))) for person in people]  # type: ignore[arg-type]
        rows = [{"id": one, "master_key": two.key_id, "wrapped": two.content, **fixed} for one, two in wrapped]
        await keyring.database.commit([Keep(data_keys, row) for row in rows])


async def _write_on(keyring: Keyring, done: asyncio.Event) -> int:
    """Seal a text for somebody new, read it back in the next epoch, forget every fifth of them; how many were kept."""
    count = 0
    while not done.is_set():
        person, where = uuid4(), Place("encounters", "note", uuid4())
        sealed = (await keyring.keys_made({person: 1}))[person].seal(b"said", where)
        assert (await keyring.keys({person: 2}))[person].open(sealed, where) == b"said"
        if count % 5 == 4:
            await keyring.destroy([person], uuid4().hex * 2, TODAY)
            assert await keyring.keys({person: 3}) == {}
        count += 1
        await asyncio.sleep(0.02)
    return count


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_notes_are_written_and_read_through_the_front_door_while_keys_rotate(house: House) -> None:
    await _rotate_under_requests(house, rounds=1, writers=4)


@pytest.mark.proof
async def test_proof_sixteen_peers_at_the_front_door_notice_nothing_of_a_rotation(house: House) -> None:
    await _rotate_under_requests(house, rounds=8, writers=WRITERS)


async def _rotate_under_requests(house: House, *, rounds: int, writers: int) -> None:
    """Enroll, record with a note and read the note back, while a process beside the server rotates and retires."""
    done = asyncio.Event()
    # The first note of a process waits for what the guard reads from disk.
    await house.peer.records(await house.peer.enrolls(), note=_said(0))
    peers = [asyncio.create_task(_record_on(house.peer, done)) for _ in range(writers)]
    for _ in range(rounds):
        before = (await look_over(house.settings)).ids
        current = await add_master_key(house.settings, TODAY)
        rotating = reopened(house.settings)
        await rotating.rotate()
        # A server may wrap with the old master key until it looks at the file again.
        await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
        await rotating.rotate()
        await asyncio.sleep(SECONDS_BETWEEN_CHECKS / 2)
        assert (await rotating.rotate(), await rotating.rows_on_old_keys()) == (0, 0)
        await rotating.stop()
        assert await retire_master_keys(house.settings) == list(reversed(before))
    done.set()
    notes = [note for written in [await peer for peer in peers] for note in written]
    print(f"{len(notes):,} notes through the front door over {rounds} rotations, none refused")
    assert len(notes) >= writers
    house.installation.keyring._cache.let_all_go()
    for number, encounter_id in notes[-50:]:
        assert ok(await house.peer.get(f"/v1/encounters/{encounter_id}"))["note"] == _said(number)
    assert (await house.installation.keyring.rows_by_master_key()).keys() == {current}


def _said(number: int) -> str:
    return f"Talked by the water, and laughed {number} times."


async def _record_on(peer: Caller, done: asyncio.Event) -> list[tuple[int, str]]:
    written: list[tuple[int, str]] = []
    while not done.is_set():
        number = len(written)
        met = await peer.records(await peer.enrolls(), note=_said(number))
        assert met["words_kept"] == ["note"]
        assert ok(await peer.get(f"/v1/encounters/{met['id']}"))["note"] == _said(number)
        written.append((number, met["id"]))
    return written
