"""Sign-off is optional and drawn: nobody picks, whoever has the seed can draw again, and no encounter changes."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import House, encounter, ok, refused
from true_api.rooms.supervision.drawing import commitment, is_drawn, seed_of
from true_api.rooms.supervision.practice import percent_on
from true_api.rooms.supervision.tables import SamplingShare

PRACTICE = "/v1/supervision-practice"

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What no engine decides."""


async def sampling(house: House, percent: int) -> None:
    """The night van draws a share from tomorrow on, and tomorrow comes."""
    ok(await house.supervisor.call("PUT", PRACTICE, {"sampled_percent": percent}))
    house.clock.move(timedelta(days=1))


async def recorded(house: House, **over: Any) -> str:
    """A contact of the peer's of the present day, with nobody known."""
    day = house.clock.now().date()
    return str(ok(await house.peer.post("/v1/encounters", encounter(occurred_on=str(day), **over)))["id"])


@ON_SQLITE
async def test_sign_off_is_off_until_a_team_wants_it_and_reaches_no_encounter_before(house: House) -> None:
    before = await recorded(house)
    refused(await house.supervisor.post(f"/v1/encounters/{before}/sign-off"), 409, "not_drawn")
    await sampling(house, 100)
    refused(await house.supervisor.post(f"/v1/encounters/{before}/sign-off"), 409, "not_drawn")
    after = await recorded(house)
    seen = ok(await house.peer.get(f"/v1/encounters/{after}"))
    signed = ok(await house.supervisor.post(f"/v1/encounters/{after}/sign-off"))
    assert signed == {"encounter_id": after, "signed_by": str(house.supervisor.id), "signed_on": "2026-11-03"}
    assert ok(await house.peer.get(f"/v1/encounters/{after}")) == seen
    refused(await house.supervisor.post(f"/v1/encounters/{after}/sign-off"), 409, "signed_before")
    refused(await house.other_supervisor.post(f"/v1/encounters/{after}/sign-off"), 404, "not_found")
    drawn = ok(await house.peer.get("/v1/sign-offs?month=2026-11"))["items"]
    assert [(one["encounter_id"], one["signed_by"]) for one in drawn] == [(after, str(house.supervisor.id))]


async def test_of_a_batch_each_encounter_gets_an_outcome_of_its_own(house: House) -> None:
    before = await recorded(house)
    await sampling(house, 100)
    first, second = await recorded(house), await recorded(house)
    voided = await recorded(house)
    ok(await house.peer.post(f"/v1/encounters/{voided}/void", {"reason": "recorded_twice"}))
    own = ok(await house.supervisor.post("/v1/encounters", encounter(occurred_on="2026-11-03")))["id"]
    nothing = str(uuid4())
    wanted = [first, before, second, own, voided, nothing]
    told = ok(await house.supervisor.post("/v1/sign-offs", {"encounter_ids": wanted}))["items"]
    outcomes = ["signed", "not_drawn", "signed", "own_encounter", "no_longer_current", "not_found"]
    assert [(line["encounter_id"], line["outcome"]) for line in told] == list(zip(wanted, outcomes, strict=True))
    again = ok(await house.supervisor.post("/v1/sign-offs", {"encounter_ids": [first, second]}))["items"]
    assert [line["outcome"] for line in again] == ["signed_before", "signed_before"]
    refused(await house.supervisor.post(f"/v1/encounters/{own}/sign-off"), 409, "own_encounter")
    refused(await house.supervisor.post(f"/v1/encounters/{voided}/sign-off"), 409, "encounter_already_revised")
    strangers = ok(await house.other_supervisor.post("/v1/sign-offs", {"encounter_ids": [first]}))["items"]
    assert strangers == [{"encounter_id": first, "outcome": "not_found"}]


async def test_a_draw_is_told_beforehand_and_can_be_done_again_once_the_month_is_over(house: House) -> None:
    await sampling(house, 40)
    ids = [await recorded(house) for _ in range(8)]
    amended = {
        ok(await house.peer.post(f"/v1/encounters/{one}/amendments", encounter(outcome="brief")))["id"]: one
        for one in ids
    }
    during = ok(await house.supervisor.get("/v1/sign-offs?month=2026-11"))
    assert during["seed"] is None
    house.clock.set(datetime(2026, 12, 1, 17, tzinfo=UTC))
    over = ok(await house.supervisor.get("/v1/sign-offs?month=2026-11"))
    assert over["commitment"] == during["commitment"] == hashlib.sha256(over["seed"].encode()).hexdigest()
    assert over["items"] == during["items"]
    # Whoever amends a record, its day too, does not draw anew: it keeps the chance of the first.
    assert {one["drawn_by"] for one in over["items"]} == {one for one in ids if is_drawn(over["seed"], UUID(one), 40)}
    assert all(amended[one["encounter_id"]] == one["drawn_by"] for one in over["items"])
    assert ok(await house.supervisor.get("/v1/sign-offs?month=2026-10"))["items"] == []


SEED = seed_of(b"k" * 32, UUID(int=7), date(2026, 11, 1))


@given(st.uuids(), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_share_draws_whatever_a_smaller_one_does(one: UUID, percent: int, more: int) -> None:
    small, large = sorted((percent, more))
    assert is_drawn(SEED, one, large) or not is_drawn(SEED, one, small)
    assert is_drawn(SEED, one, 100)
    assert not is_drawn(SEED, one, 0)


def test_a_share_of_five_in_a_hundred_draws_about_that_many_and_others_in_every_month() -> None:
    ids = [UUID(int=number) for number in range(20_000)]
    other = seed_of(b"k" * 32, UUID(int=7), date(2026, 12, 1))
    drawn = [{one for one in ids if is_drawn(seed, one, 5)} for seed in (SEED, other)]
    assert all(850 < len(some) < 1_150 for some in drawn)
    assert len(drawn[0] & drawn[1]) < 120
    assert commitment(SEED) != commitment(other)


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 100)), unique_by=lambda it: it[0])
)
def test_the_share_of_a_day_is_the_last_that_was_set_until_then(changes: list[tuple[date, int]]) -> None:
    known = [SamplingShare(team_id=uuid4(), from_on=day, percent=percent) for day, percent in changes]
    day = date(2026, 7, 1)
    until = sorted(change for change in changes if change[0] <= day)
    assert percent_on(known, day) == (until[-1][1] if until else 0)
