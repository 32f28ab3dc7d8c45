"""Promises: for a day from today on, in the caller's own name, settled once, and never with a finger pointed."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.rooms.test_participants import shows_their_code
from tests.stories.steps import items, refers
from tests.world import Caller, House, ok, refused
from true_api.privacy.terms import PartOfDay
from true_api.rooms.promises.vocabulary import NotThisTime, PromiseKind, Released

CHECK_IN = {"kind": "check_in", "on": "2026-11-05"}
ENDS: tuple[tuple[str, Any, str], ...] = (
    ("kept", None, "kept"),
    ("not-this-time", {"reason": "no_transport"}, "not_this_time"),
    ("release", {"reason": "person_asked"}, "released"),
)


async def promises(caller: Caller, code: str, **over: Any) -> dict[str, Any]:
    """A promise for Thursday."""
    return ok(await caller.post(f"/v1/participants/{code}/promises", {**CHECK_IN, **over}))


@given(kind=st.sampled_from(PromiseKind), part_of_day=st.none() | st.sampled_from(PartOfDay), day=st.integers(2, 30))
@exploring
async def test_a_promise_reads_as_it_was_made(
    house: House, kind: PromiseKind, part_of_day: PartOfDay | None, day: int
) -> None:
    code = await house.peer.enrolls()
    made = await promises(house.peer, code, kind=kind, part_of_day=part_of_day, on=f"2026-11-{day:02}")
    assert made == {
        "id": made["id"],
        "code": code,
        "kind": kind,
        "due_on": f"2026-11-{day:02}",
        "part_of_day": part_of_day,
        "referral_id": None,
        "state": "open",
        "not_this_time": None,
        "released": None,
        "made_on": "2026-11-02",
        "settled_on": None,
    }
    assert await items(house.peer, f"/v1/participants/{code}/promises") == [made]


@pytest.mark.parametrize(("end", "why", "state"), ENDS)
async def test_a_promise_is_settled_once_and_nothing_of_it_moves_then(
    house: House, end: str, why: Any, state: str
) -> None:
    code = await house.peer.enrolls()
    made = await promises(house.peer, code)
    house.clock.set(house.clock.now().replace(day=5))
    path = f"/v1/promises/{made['id']}"
    settled = ok(await house.peer.post(f"{path}/{end}", why))
    reasons = {"not_this_time": "no_transport", "released": "person_asked"}
    told = {name: reason if name == state else None for name, reason in reasons.items()}
    assert settled == {**made, "state": state, "settled_on": "2026-11-05", **told}
    for again, reason, _ in (*ENDS, ("day", {"on": "2026-11-09"}, "")):
        refused(await house.peer.post(f"{path}/{again}", reason), 409, "promise_settled")
    assert (await promises(house.peer, code, on="2026-11-09"))["state"] == "open", "another one can be made"


async def test_every_reason_can_be_said(house: House) -> None:
    code = await house.peer.enrolls()
    for end, reasons, name in (
        ("not-this-time", NotThisTime, "not_this_time"),
        ("release", Released, "released"),
    ):
        for reason in reasons:
            made = await promises(house.peer, code)
            assert ok(await house.peer.post(f"/v1/promises/{made['id']}/{end}", {"reason": reason}))[name] == reason
            refused(await house.peer.post(f"/v1/promises/{made['id']}/{end}", {}), 422, "invalid_shape")


async def test_a_promise_can_be_put_off_but_not_to_a_day_that_is_over(house: House) -> None:
    code = await house.peer.enrolls()
    made = await promises(house.peer, code, part_of_day="morning")
    path = f"/v1/promises/{made['id']}/day"
    later = ok(await house.peer.post(path, {"on": "2026-11-06", "part_of_day": "evening"}))
    assert later == {**made, "due_on": "2026-11-06", "part_of_day": "evening"}
    refused(await house.peer.post(path, {"on": "2026-11-01"}), 409, "promise_day_is_over")
    over = await house.peer.post(f"/v1/participants/{code}/promises", {**CHECK_IN, "on": "2026-11-01"})
    refused(over, 409, "promise_day_is_over")
    assert ok(await house.peer.post(path, {"on": "2026-11-02"}))["due_on"] == "2026-11-02", "today is a day to come"


async def test_a_promise_goes_with_a_referral_of_the_same_person_and_of_no_other(house: House) -> None:
    code, other, harbor = await house.peer.enrolls(), await house.peer.enrolls(), house.organizations["harbor"]
    own, others = [(await refers(house.peer, whose, harbor))["id"] for whose in (code, other)]
    assert (await promises(house.peer, code, referral_id=own))["referral_id"] == own
    for wrong in (others, str(house.peer.id)):
        path = f"/v1/participants/{code}/promises"
        refused(await house.peer.post(path, {**CHECK_IN, "referral_id": wrong}), 409, "no_such_referral")


async def test_who_works_with_a_person_sees_what_was_promised_and_nobody_else(house: House) -> None:
    code = await house.peer.enrolls()
    made = await promises(house.peer, code)
    for caller in (house.peer, house.supervisor):
        assert await items(caller, "/v1/promises?state=open") == [made]
        assert await items(caller, "/v1/promises?state=kept") == []
    for caller in (house.stranger, house.colleague, house.other_supervisor):
        assert await items(caller, "/v1/promises") == []
        refused(await caller.post(f"/v1/promises/{made['id']}/kept"), 404, "not_found")
        refused(await caller.get(f"/v1/participants/{code}/promises"), 404, "not_found")
    for caller in (house.agency, house.integrator, house.admin):
        refused(await caller.get("/v1/promises"), 403, "not_permitted")
        refused(await caller.post(f"/v1/promises/{made['id']}/kept"), 403, "not_permitted")
    await shows_their_code(house.stranger, code)
    own = await promises(house.stranger, code)
    assert await items(house.stranger, "/v1/promises") == [own], "a shown code opens new records, not what was before"


async def test_lists_show_the_latest_day_first(house: House) -> None:
    code = await house.peer.enrolls()
    for day in (9, 3, 6):
        await promises(house.peer, code, on=f"2026-11-{day:02}")
    for path in (f"/v1/participants/{code}/promises", "/v1/promises"):
        assert [item["due_on"][-2:] for item in await items(house.peer, path)] == ["09", "06", "03"]


async def test_of_those_who_settle_a_promise_at_the_same_moment_one_does(house: House) -> None:
    made = await promises(house.peer, await house.peer.enrolls())
    path = f"/v1/promises/{made['id']}"
    answers = await asyncio.gather(*(house.peer.post(f"{path}/{end}", why) for end, why, _ in ENDS * 2))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"promise_settled"}


async def test_a_promise_made_twice_with_one_key_is_one_promise(house: House) -> None:
    code = await house.peer.enrolls()
    path, key = f"/v1/participants/{code}/promises", {"Idempotency-Key": "from-the-van-3"}
    once = [ok(await house.peer.post(path, CHECK_IN, headers=key)) for _ in range(2)]
    assert once[0] == once[1]
    assert len(await items(house.peer, path)) == 1
