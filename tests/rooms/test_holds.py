"""Legal holds: two people, a time that ends by itself, and nothing of it that a peer could notice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.leaving import ASKED, links
from tests.security.test_epochs import at_the_gate, sealed
from tests.world import Caller, House, ok, refused
from true_api.kernel.errors import WriteCollided
from true_api.rooms.holds import service
from true_api.rooms.holds.schemas import HoldState

HOLDS = "/v1/legal-holds"
SOON, TOMORROW = "2027-05-01", "2026-11-03"


async def known_to_both(house: House) -> str:
    """Somebody on the peer's caseload whose card the drop-in was shown too, so that two supervisors reach them."""
    code = await house.peer.enrolls()
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    return code


async def asks(caller: Caller, code: str, expires_on: str = SOON) -> dict[str, Any]:
    return ok(await caller.post(HOLDS, {"code": code, "expires_on": expires_on}))


async def held(house: House, code: str, expires_on: str = SOON) -> dict[str, Any]:
    """A hold that one supervisor asked for and the other approved."""
    asked = await asks(house.supervisor, code, expires_on)
    return ok(await house.other_supervisor.post(f"{HOLDS}/{asked['id']}/approval"))


async def forgets(house: House, code: str) -> Any:
    return await house.supervisor.post(f"/v1/participants/{code}/forget", ASKED)


async def states(caller: Caller) -> list[str]:
    return [item["state"] for item in ok(await caller.get(HOLDS))["items"]]


async def test_one_asks_and_another_approves(house: House) -> None:
    code = await known_to_both(house)
    asked = await asks(house.supervisor, code)
    today = "2026-11-02"
    assert asked == {
        "id": asked["id"],
        "code": code,
        "state": "asked",
        "asked_by": str(house.supervisor.id),
        "asked_on": today,
        "approved_by": None,
        "approved_on": None,
        "expires_on": SOON,
        "lifted_on": None,
    }
    approval = f"{HOLDS}/{asked['id']}/approval"
    refused(await house.supervisor.post(approval), 409, "two_people_hold")
    approved = asked | {"state": "holding", "approved_by": str(house.other_supervisor.id), "approved_on": today}
    assert ok(await house.other_supervisor.post(approval)) == approved
    refused(await house.other_supervisor.post(approval), 409, "hold_already_approved")
    for supervisor in (house.supervisor, house.other_supervisor):
        assert ok(await supervisor.get(HOLDS))["items"] == [approved]
    lifted = approved | {"state": "lifted", "lifted_on": today}
    assert ok(await house.supervisor.post(f"{HOLDS}/{asked['id']}/lift")) == lifted
    for what in ("lift", "approval"):
        refused(await house.other_supervisor.post(f"{HOLDS}/{asked['id']}/{what}"), 409, "hold_is_over")


async def test_what_is_held_is_not_forgotten_and_what_was_only_asked_for_is(house: House) -> None:
    code = await known_to_both(house)
    hold = await held(house, code)
    problem = refused(await forgets(house, code), 409, "not_forgotten_now")
    assert "hold" not in problem["title"]
    ok(await house.peer.get(f"/v1/participants/{code}"))
    ok(await house.other_supervisor.post(f"{HOLDS}/{hold['id']}/lift"))
    await asks(house.supervisor, code)
    ok(await forgets(house, code))
    assert await states(house.supervisor) == []


async def test_a_hold_ends_by_itself_after_its_last_day(house: House) -> None:
    code = await known_to_both(house)
    await held(house, code, TOMORROW)
    house.clock.move(timedelta(days=1))
    refused(await forgets(house, code), 409, "not_forgotten_now")
    house.clock.move(timedelta(days=1))
    assert await states(house.supervisor) == ["expired"]
    ok(await forgets(house, code))


async def test_one_that_is_over_is_neither_approved_nor_lifted(house: House) -> None:
    code = await known_to_both(house)
    asked = await asks(house.supervisor, code, TOMORROW)
    house.clock.move(timedelta(days=2))
    for what in ("approval", "lift"):
        refused(await house.other_supervisor.post(f"{HOLDS}/{asked['id']}/{what}"), 409, "hold_is_over")


async def test_it_lasts_at_most_a_year_and_begins_no_earlier_than_today(supervisor: Caller, house: House) -> None:
    code = await house.peer.enrolls()
    for day in ("2026-11-01", "2027-11-03"):
        refused(await supervisor.post(HOLDS, {"code": code, "expires_on": day}), 409, "hold_outside_its_time")
    for day in ("2026-11-02", "2027-11-02"):
        await asks(supervisor, code, day)


async def test_a_hold_on_one_record_keeps_the_linked_ones_too(house: House) -> None:
    code, other = await known_to_both(house), await house.peer.enrolls()
    await held(house, code)
    await links(house, code, other)
    refused(await forgets(house, other), 409, "not_forgotten_now")


async def test_a_hold_that_is_approved_while_somebody_forgets_is_seen_or_fails(house: House) -> None:
    code = await known_to_both(house)
    asked = await asks(house.supervisor, code)
    approving = await at_the_gate(house.other_supervisor, f"POST {HOLDS}/{{id}}/approval", id=asked["id"])
    await service.approve(approving.permit)
    ok(await forgets(house, code))
    with pytest.raises(WriteCollided):
        await sealed(house.other_supervisor, approving)


async def test_only_supervisors_who_reach_the_person_know_of_it(house: House) -> None:
    code = await house.peer.enrolls()
    asked = await asks(house.supervisor, code)
    for caller in (house.peer, house.colleague, house.stranger, house.agency, house.integrator, house.admin):
        for answer in (
            await caller.get(HOLDS),
            await caller.post(HOLDS, {"code": code, "expires_on": SOON}),
            await caller.post(f"{HOLDS}/{asked['id']}/approval"),
            await caller.post(f"{HOLDS}/{asked['id']}/lift"),
        ):
            refused(answer, 403, "not_permitted")
    assert await states(house.other_supervisor) == []
    for identity in (asked["id"], str(uuid4())):
        refused(await house.other_supervisor.post(f"{HOLDS}/{identity}/approval"), 404, "not_found")
    refused(await house.other_supervisor.post(HOLDS, {"code": code, "expires_on": SOON}), 404, "not_found")
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    refused(await house.supervisor.post(HOLDS, {"code": mistyped, "expires_on": SOON}), 422, "code_mistyped")
    refused(await house.supervisor.post(HOLDS, {"expires_on": SOON}), 422, "invalid_shape")


async def test_nothing_that_a_peer_sees_changes_by_a_hold(house: House) -> None:
    code = await known_to_both(house)
    met = await house.peer.records(code)
    person = f"/v1/participants/{code}"
    places = ("/v1/participants", person, f"{person}/timeline", f"{person}/consents", f"/v1/encounters/{met['id']}")

    async def seen() -> list[tuple[Any, str | None]]:
        answers = [await caller.get(place) for caller in (house.peer, house.stranger) for place in places]
        return [(answer.json() | {"request_id": ""}, answer.headers.get("etag")) for answer in answers]

    before = await seen()
    hold = await held(house, code)
    assert await seen() == before
    ok(await house.supervisor.post(f"{HOLDS}/{hold['id']}/lift"))
    assert await seen() == before
    etag = (await house.peer.get(person)).headers["etag"]
    ok(await house.peer.patch(person, {"age_band": "45_54"}, etag))


async def test_a_retry_is_answered_again(supervisor: Caller, house: House) -> None:
    code, key = await known_to_both(house), {"Idempotency-Key": uuid4().hex}
    draft = {"code": code, "expires_on": SOON}
    first, again = [ok(await supervisor.post(HOLDS, draft, headers=key)) for _ in range(2)]
    assert first == again
    assert await states(supervisor) == [HoldState.ASKED]
