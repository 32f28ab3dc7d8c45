"""What a try of recall costs, how often it is made, and that hit and miss cannot be told apart by it."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from tests.rooms.recalling import TRY, leaves, other, rows_of, tries
from tests.security.traces import entries
from tests.world import NOON, Caller, House, ok, recall, refused
from true_api.kernel.effects import Keep
from true_api.privacy.keyring import open_keyring
from true_api.privacy.master_keys import master_key_file
from true_api.privacy.recall import MOST_CANDIDATES, QUESTIONS, SLOTS, Cost, SlowHash
from true_api.privacy.recall_tables import RecallTry
from true_api.rooms.recall.tries import OF_A_MEMBER, OF_A_TEAM, Limit, hour_of


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that reach any engine meanwhile: what each does, and to which table."""
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(" ".join(re.findall(r"^UPDATE \w+|^\w+|(?:FROM|INTO|JOIN) \w+", statement)))

    event.listen(Engine, "before_cursor_execute", note)
    yield heard
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def at_rest(house: House) -> House:
    """A house that does nothing by itself, so that every statement belongs to a request."""
    for task in asyncio.all_tasks():
        if getattr(task.get_coro(), "__name__", "") == "_keep_house":
            task.cancel()
            await asyncio.wait([task])
            return house
    raise LookupError("nobody keeps house")


async def work(house: House, **over: Any) -> tuple[int, list[str]]:
    """The hashes and the statements of one try."""
    before = house.installation.slow_hash.done
    with statements() as heard:
        assert (await tries(house.stranger, **over))["found"] is False
    return house.installation.slow_hash.done - before, sorted(heard)


async def test_hit_and_miss_do_equal_work(at_rest: House, peer: Caller) -> None:
    house = at_rest
    await leaves(peer, await peer.enrolls())
    twins = [f"twin {place}" for place in range(9)]
    for _ in range(2):
        await leaves(peer, await peer.enrolls(), answers=twins, word="compass")
    await tries(house.stranger)  # the keys are at hand from now on
    miss = await work(house, answers=[f"nobody {place}" for place in range(9)])
    assert miss[0] == SLOTS + MOST_CANDIDATES
    assert miss[1].count("UPDATE confirmation_words") == MOST_CANDIDATES
    assert len(miss[1]) > 8
    for over in (
        {"word": "compass"},
        {"answers": other(3)},
        {"answers": other(3), "word": "compass"},
        {"answers": other(3, 4)},
        {"answers": twins},
        {"answers": twins, "word": "compass"},
        {"answers": other(3, told=twins), "word": "tent"},
    ):
        assert await work(house, **over) == miss, over


async def test_a_word_that_is_wrong_and_one_that_was_never_set_are_equal_work(at_rest: House, peer: Caller) -> None:
    house, costs = at_rest, []
    for has_word in (True, False):
        code = await peer.enrolls()
        if has_word:
            ok(await peer.call("PUT", f"/v1/participants/{code}/confirmation-word", {"word": "lantern"}))
        before = house.installation.slow_hash.done
        with statements() as heard:
            ok(await house.stranger.post("/v1/caseload", {"code": code, "word": "compass"}))
        costs.append((house.installation.slow_hash.done - before, sorted(heard)))
    assert costs[0] == costs[1]
    assert costs[0][0] == 1


async def tried_before(house: House, caller: Caller, hours_ago: int, times: int) -> None:
    """A caller of the drop-in has tried so many times, some hours ago."""
    earlier = {
        "member_id": caller.id,
        "team_id": house.teams["drop-in"],
        "hour": hour_of(house.clock.now()) - hours_ago,
        "tried_on": house.clock.now().date(),
    }
    kept = [Keep.row(RecallTry(number=number + 1, **earlier)) for number in range(times)]
    await house.installation.database.commit(kept)


async def too_many(caller: Caller) -> int:
    """Recall is refused; in how many seconds it is free again."""
    answer = await caller.post(TRY, recall())
    refused(answer, 429, "too_many_recall_tries")
    return int(answer.headers["retry-after"])


async def test_one_peer_tries_twenty_times_an_hour(house: House, stranger: Caller) -> None:
    assert OF_A_MEMBER.an_hour == 20
    house.clock.move(timedelta(minutes=10))
    for _ in range(20):
        await tries(stranger)
    hashes = house.installation.slow_hash.done
    assert await too_many(stranger) == 50 * 60
    assert house.installation.slow_hash.done == hashes, "nothing is looked up any more"
    noted = [entry for entry in (await entries(house)).values() if entry.problem == "too_many_recall_tries"]
    assert [(entry.outcome, entry.actor_id) for entry in noted] == [(429, stranger.id)]
    await tries(house.other_supervisor)
    house.clock.move(timedelta(minutes=50))
    await tries(stranger)


async def test_one_peer_tries_a_hundred_times_a_day(house: House, stranger: Caller) -> None:
    assert OF_A_MEMBER.a_day == 100
    for hours_ago in (23, 10, 9, 8):
        await tried_before(house, stranger, hours_ago, 20)
    await tried_before(house, stranger, 1, 19)
    await tries(stranger)
    assert await too_many(stranger) == 3600
    await tried_before(house, stranger, 24, 20)
    house.clock.move(timedelta(hours=1))
    await tries(stranger)


async def test_a_team_together_tries_sixty_times_an_hour_and_three_hundred_times_a_day(
    house: House, stranger: Caller
) -> None:
    assert (OF_A_TEAM.an_hour, OF_A_TEAM.a_day) == (60, 300)
    await tried_before(house, house.other_supervisor, 0, 59)
    await tries(stranger)
    assert await too_many(stranger) == 3600
    await tries(house.colleague)
    house.clock.move(timedelta(hours=1))
    await tried_before(house, house.other_supervisor, 5, 239)
    await tries(stranger)
    assert await too_many(stranger) == 19 * 3600


@given(
    st.builds(Limit, st.integers(1, 5), st.integers(5, 30)),
    st.dictionaries(st.integers(-23, 0), st.integers(1, 6)),
    st.integers(0, 3599),
)
def test_retry_after_is_the_first_moment_that_is_within_the_limit(
    limit: Limit, tried: dict[int, int], second: int
) -> None:
    now = NOON.replace(minute=0) + timedelta(seconds=second)
    counts = {hour_of(now) + hours: count for hours, count in tried.items()}

    def left(later: datetime) -> dict[int, int]:
        return {hour: count for hour, count in counts.items() if hour > hour_of(later) - 24}

    wait = limit.wait(counts, now)
    free = now + timedelta(seconds=wait)
    assert limit.wait(left(free), free) == 0
    assert counts.get(hour_of(free), 0) < limit.an_hour
    assert sum(left(free).values()) < limit.a_day
    if wait:
        before = free - timedelta(seconds=1)
        assert limit.wait(left(before), before) == 1


async def test_tries_at_the_same_moment_are_never_the_same_number(house: House, stranger: Caller) -> None:
    answers = await asyncio.gather(*(stranger.post(TRY, recall()) for _ in range(12)))
    kept = await rows_of(house, RecallTry)
    taken = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409, 429}
    assert sorted(row.number for row in kept) == list(range(1, len(taken) + 1))
    assert taken


async def test_a_process_without_the_master_key_opens_what_needs_none(house: House, peer: Caller) -> None:
    code = await peer.enrolls()
    await leaves(peer, code)
    person = f"/v1/participants/{code}"
    await _lose_the_master_key(house)
    for answer in (
        await peer.call("PUT", f"{person}/recall", recall()),
        await peer.call("PUT", f"{person}/confirmation-word", {"word": "lantern"}),
        await peer.post(TRY, recall()),
        await house.stranger.post("/v1/caseload", {"code": code, "word": "lantern"}),
    ):
        refused(answer, 503, "sealed_unavailable")
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    assert len(ok(await peer.get("/v1/recall-questions"))["questions"]) == QUESTIONS
    assert ok(await peer.call("DELETE", f"{person}/recall"))["recall"] is False


async def _lose_the_master_key(house: House) -> None:
    await house.installation.keyring.stop()
    master_key_file(house.settings).unlink()
    house.installation.keyring = open_keyring(house.settings, house.clock)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_at_its_true_cost_the_loop_goes_on_meanwhile(house: House, peer: Caller) -> None:
    house.installation.slow_hash = SlowHash()
    assert house.installation.slow_hash.cost == Cost(19_456, 2)
    code, turns = await peer.enrolls(), 0
    waiting = asyncio.ensure_future(leaves(peer, code))
    while not waiting.done():
        turns += 1
        await asyncio.sleep(0.001)
    assert (await waiting)["recall"] is True
    assert turns > SLOTS, "a loop that was held up would have turned once for each hash at most"
    assert (await tries(house.stranger))["code"] == code
