"""Forgetting that is cut short: wherever a process ends, the person stays absent and somebody finishes the work."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from tests.journeys.leaving import ASKED, Life, comes_once, left_in_files, whatever_is_left
from tests.journeys.test_forgetting import after_the_mark, rows_of
from tests.world import NOON, House, ok, open_house, refused
from true_api.journeys.forgetting import destroy_keys, resume, take_out
from true_api.journeys.unlinking import Traces, traces_of
from true_api.kernel.errors import WriteCollided
from true_api.privacy.cases import Participant
from true_api.privacy.tombstones import FILE, NOBODY, Tombstones


async def traces(house: House, life: Life) -> Traces:
    (identity,) = life.person_ids
    found = await traces_of(house.installation.database, UUID(identity))
    assert found is not None
    return found


async def after_the_file(house: House, life: Life) -> None:
    """... right after the mark is in the file."""
    await after_the_mark(house, life)
    tombstones = Tombstones(house.installation.keyring, house.settings.data_dir)
    subjects = (await traces(house, life)).sealing_subjects
    marks = await tombstones.marks_of([NOBODY, *subjects])
    tombstones.note(dict.fromkeys(marks.values(), NOON.date()))


async def after_one_key(house: House, life: Life) -> None:
    """... after the first of several keys is gone."""
    await after_the_file(house, life)
    tombstones = Tombstones(house.installation.keyring, house.settings.data_dir)
    (participant,) = map(UUID, life.person_ids)
    mark = (await tombstones.marks_of([participant]))[participant]
    await house.installation.keyring.destroy([participant], mark, NOON.date())


async def after_the_keys(house: House, life: Life) -> None:
    """... after all of them are gone."""
    await after_the_mark(house, life)
    await destroy_keys(house.installation, await traces(house, life))


async def by_asking_again(house: House, life: Life) -> None:
    """The supervisor's front-end tries once more; it meets a 404 only where the house itself was quicker."""
    answer = await house.supervisor.post(f"{life.path}/forget", ASKED)
    if answer.status_code == 404:
        assert (await rows_of(house, Participant))[0] == []
    else:
        assert ok(answer) == {"forgotten": True}


async def by_housekeeping(house: House, life: Life) -> None:
    """Any process that is running comes by, this one or, a moment before it, the house's own."""
    assert await resume(house.installation) in (0, 1)
    assert await resume(house.installation) == 0


async def by_starting(house: House, life: Life) -> None:
    """A server starts, in which nobody has asked for anything."""
    async with open_house(house.settings, house.clock) as started:
        for _ in range(100):
            if not (await rows_of(started, Participant))[0]:
                return
            await asyncio.sleep(0.05)
    pytest.fail("the work was not taken up")


Cut = Callable[[House, Life], Awaitable[None]]


@pytest.mark.parametrize(
    ("ends", "finishes"),
    [
        (after_the_mark, by_starting),
        (after_the_file, by_asking_again),
        (after_one_key, by_housekeeping),
        (after_the_keys, by_asking_again),
    ],
)
async def test_wherever_it_is_cut_the_person_is_absent_and_the_work_is_finished(
    ends: Cut, finishes: Cut, house: House, tmp_path: Path
) -> None:
    life = await comes_once(house)
    await ends(house, life)
    refused(await house.peer.get(life.path), 404, "not_found")
    await finishes(house, life)
    assert await whatever_is_left(house, life) == []
    assert left_in_files(tmp_path, life) == []


async def test_of_two_who_finish_the_same_work_one_comes_first(house: House) -> None:
    life = await comes_once(house)
    await after_the_mark(house, life)
    seen = await traces(house, life)
    marks = await destroy_keys(house.installation, seen)
    with suppress(WriteCollided):  # the house's own housekeeping may be the first of them
        await take_out(house.installation, seen, marks)
    with pytest.raises(WriteCollided):
        await take_out(house.installation, seen, marks)
    assert await whatever_is_left(house, life) == []


async def test_where_the_marks_cannot_be_written_no_key_is_destroyed_and_the_person_stays_absent(house: House) -> None:
    life = await comes_once(house)
    in_the_way = house.settings.data_dir / FILE
    in_the_way.mkdir()
    keys = await house.installation.keyring.subjects()
    refused(await house.supervisor.post(f"{life.path}/forget", ASKED), 503, "unavailable")
    refused(await house.peer.get(life.path), 404, "not_found")
    assert await house.installation.keyring.subjects() == keys
    in_the_way.rmdir()
    await by_asking_again(house, life)
    assert await whatever_is_left(house, life) == []
