"""Endings: every reminder and every clock of a person falls silent, and undone, each speaks again where it stood."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rooms.planning import safety_plan
from tests.stories.steps import absent, agrees, items, moves, refers
from tests.world import Caller, House, ok, refused
from true_api.journeys.jobs import do_jobs
from true_api.privacy.endings import EndingKind

PERSONAL = ("promises", "plans", "absent")
OVERDUE, OPEN = "/v1/referrals?answer=overdue", "/v1/promises?state=open"


async def ends(caller: Caller, code: str, kind: str = "moved", **over: Any) -> dict[str, Any]:
    """The way with a person ends."""
    known = {"kind": kind, "known_from": "2026-11-01", "confirmed": True, **over}
    return ok(await caller.post(f"/v1/participants/{code}/ending", known))


async def undoes(caller: Caller, code: str) -> dict[str, Any]:
    """It was not so, or they are back."""
    return ok(await caller.post(f"/v1/participants/{code}/ending/undo"))


async def passes(house: House, days: int) -> None:
    """Days go by, and what became due is done."""
    house.clock.set(house.clock.now() + timedelta(days=days))
    await do_jobs(house.installation)


async def reminders(house: House, code: str) -> dict[str, list[Any]]:
    """Whatever reminds anybody of the person, wherever it is told."""
    told: dict[str, list[Any]] = {}
    for whose, caller in (("", house.peer), ("?team=true", house.supervisor)):
        day = ok(await caller.get(f"/v1/today{whose}"))
        told |= {f"{name}{whose}": [_standing(item) for item in day[name]["items"]] for name in PERSONAL}
    told["open promises"] = await items(house.peer, OPEN)
    told["overdue"] = [one["id"] for one in await items(house.supervisor, OVERDUE)]
    told["offers"] = [one["reference"] for one in await items(house.agency, "/v1/offers")]
    assert all(item["code"] == code for kind in PERSONAL for item in told[kind])
    return told


def _standing(item: dict[str, Any]) -> dict[str, Any]:
    """Without what moves with the calendar alone."""
    return {name: value for name, value in item.items() if name != "overdue"}


async def with_everything(house: House) -> tuple[str, dict[str, Any]]:
    """Somebody with a reminder of every kind: their code, and the referral that nobody has answered."""
    code = await house.peer.enrolls()
    person = f"/v1/participants/{code}"
    ok(await house.peer.post(f"{person}/promises", {"kind": "check_in", "on": "2026-11-05"}))
    ok(await house.peer.post(f"{person}/safety-plans", safety_plan(review_on="2026-11-10")))
    contact = {"okay_to_check_in": "yes", "kept_until": "2027-01-30"}
    ok(await house.peer.call("PUT", f"{person}/safe-contact", contact))
    await agrees(house.peer, code, house.organizations["harbor"])
    asked = await refers(house.peer, code, house.organizations["harbor"])
    await passes(house, 15)
    ok(await house.peer.post(f"{person}/offers", {"need": "wound-care", "days": 14}))
    return code, asked


async def test_an_ending_silences_every_reminder_and_clock_of_that_person_and_undoing_it_restores_them(
    house: House,
) -> None:
    code, asked = await with_everything(house)
    before = await reminders(house, code)
    assert all(before.values()), "each kind reminds"
    assert len(before["promises"]) == 2, "of the one that was made, and of the answer that never came"
    seen = ok(await house.agency.get(f"/v1/referrals/{asked['reference']}"))
    made = await ends(house.supervisor, code, "died")
    assert made == {
        "id": made["id"],
        "code": code,
        "kind": "died",
        "known_from": "2026-11-01",
        "confirmed": True,
        "recorded_on": "2026-11-17",
        "undone_on": None,
    }
    assert not any((await reminders(house, code)).values())
    await passes(house, 5)
    assert not any((await reminders(house, code)).values())
    closed = ok(await house.peer.get(f"/v1/referrals/{asked['id']}"))
    assert (closed["state"], closed["reason"], closed["decided_by"]) == ("cancelled", "other", "program")
    assert (await undoes(house.peer, code)) == {**made, "undone_on": "2026-11-22"}
    assert await reminders(house, code) == before, "nothing was lost, and nothing came on top"
    assert ok(await house.agency.get(f"/v1/referrals/{asked['reference']}")) == seen
    assert await items(house.peer, f"/v1/participants/{code}/ending") == [{**made, "undone_on": "2026-11-22"}]


async def test_the_clock_of_a_referral_stands_still_while_an_ending_does(house: House) -> None:
    """Thirty days without an answer let it rest: ten before, none of the forty between, and twenty after."""
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    asked = await refers(house.peer, code, house.organizations["harbor"])
    await passes(house, 3)
    await passes(house, 7)
    await ends(house.peer, code)
    await passes(house, 40)
    await undoes(house.peer, code)
    for days, state in ((19, "requested"), (1, "not_completed")):
        await passes(house, days)
        assert ok(await house.peer.get(f"/v1/referrals/{asked['id']}"))["state"] == state


async def test_what_stood_elsewhere_is_taken_up_where_it_stood_but_for_what_somebody_moved(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    held, taken, moved, over = [await refers(house.peer, code, harbor) for _ in range(4)]
    await moves(house.agency, held["reference"], "on_hold", reason="waitlist", decided_by="provider")
    await moves(house.agency, taken["reference"], "accepted")
    await moves(house.peer, over["id"], "cancelled", reason="not_now", decided_by="person")
    waiting = ok(await house.peer.get(f"/v1/referrals/{held['id']}"))
    await ends(house.peer, code)
    await passes(house, 2)
    await moves(house.peer, moved["id"], "requested")
    await undoes(house.peer, code)
    states = {one["id"]: one for one in await items(house.peer, "/v1/referrals")}
    assert {name: states[held["id"]][name] for name in ("state", "reason", "decided_by")} == {
        name: waiting[name] for name in ("state", "reason", "decided_by")
    }
    assert [states[one["id"]]["state"] for one in (taken, moved, over)] == ["accepted", "requested", "cancelled"]
    assert states[over["id"]]["reason"] == "not_now"


async def test_an_agency_cannot_tell_one_ending_from_another_nor_from_what_the_program_takes_back(
    house: House,
) -> None:
    harbor, told = house.organizations["harbor"], []
    for kind in (*EndingKind, None):
        code = await house.peer.enrolls()
        await agrees(house.peer, code, harbor)
        asked = await refers(house.peer, code, harbor)
        if kind is None:
            await moves(house.peer, asked["id"], "cancelled", reason="other", decided_by="program")
        else:
            await ends(house.peer, code, kind)
        seen = ok(await house.agency.get(f"/v1/referrals/{asked['reference']}"))
        assert seen["state"] == "cancelled"
        told.append({name: value for name, value in seen.items() if name not in ("reference", "code", "disclosure")})
    assert all(one == told[0] for one in told)


async def test_who_is_referred_after_an_ending_is_waited_for_only_once_it_is_undone(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    await ends(house.peer, code, confirmed=False)
    await refers(house.peer, code, house.organizations["harbor"])
    for _ in range(3):
        await passes(house, 4)
        assert (await items(house.peer, OVERDUE), await items(house.peer, OPEN)) == ([], [])
    await undoes(house.peer, code)
    await passes(house, 1)
    assert (len(await items(house.peer, OVERDUE)), len(await items(house.peer, OPEN))) == (1, 1)


async def test_an_ending_holds_for_the_linked_record_too(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    ok(await house.peer.post(f"/v1/participants/{other}/promises", {"kind": "check_in", "on": "2026-11-02"}))
    ok(await house.supervisor.post(f"/v1/participants/{code}/links", {"code": other}))
    await ends(house.peer, code)
    assert ok(await house.peer.get("/v1/today"))["promises"]["items"] == []
    again = {"kind": "moved", "known_from": "2026-11-01", "confirmed": True}
    refused(await house.peer.post(f"/v1/participants/{other}/ending", again), 409, "already_ended")
    await undoes(house.peer, other)
    assert len(ok(await house.peer.get("/v1/today"))["promises"]["items"]) == 1


async def test_an_ending_is_known_by_now_stands_once_and_is_undone_once(house: House) -> None:
    code = await house.peer.enrolls()
    path, known = f"/v1/participants/{code}/ending", {"kind": "moved", "known_from": "2026-11-02", "confirmed": False}
    refused(await house.peer.post(path, {**known, "known_from": "2026-11-03"}), 409, "ending_not_yet_known")
    refused(await house.peer.post(path, {**known, "kind": "left"}), 422, "invalid_shape")
    refused(await house.peer.post(f"{path}/undo"), 409, "no_ending_to_undo")
    ok(await house.peer.post(path, known))
    refused(await house.supervisor.post(path, known), 409, "already_ended")
    await undoes(house.peer, code)
    refused(await house.peer.post(f"{path}/undo"), 409, "no_ending_to_undo")
    later = await ends(house.peer, code, "asked_to_end", known_from="2026-11-02")
    assert [one["kind"] for one in await items(house.supervisor, path)] == ["asked_to_end", "moved"]
    assert later["undone_on"] is None
    for caller in (house.stranger, house.colleague):
        refused(await caller.post(path, known), 404, "not_found")
        await absent(caller, path)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    refused(await house.stranger.get(path), 409, "history_closed")
    refused(await house.stranger.post(path, known), 409, "history_closed")


async def test_after_a_death_recent_peers_are_offered_a_debrief_that_they_alone_see(house: House) -> None:
    code, path = await house.peer.enrolls(), "/v1/debriefs"
    handle = ok(await house.peer.get(f"/v1/participants/{code}"))["handle"]
    for member in (house.colleague, house.supervisor):
        ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(member.id)}))
    ok(await house.supervisor.post(f"/v1/participants/{code}/exclusions", {"member_id": str(house.colleague.id)}))
    await ends(house.supervisor, code, "died")
    (own,) = await items(house.peer, path)
    assert own == {"id": own["id"], "handle": handle, "offered_on": "2026-11-02", "answer": None, "answered_on": None}
    (others,) = await items(house.supervisor, path)
    assert others["id"] != own["id"]
    for caller in (house.colleague, house.stranger):
        assert await items(caller, path) == [], "who is kept apart from the person is not told"
    for caller in (house.supervisor, house.colleague):
        refused(await caller.post(f"{path}/{own['id']}/answer", {"answer": "accepted"}), 404, "not_found")
    assert ok(await house.peer.get("/v1/today"))["debriefs"]["items"] == [own]
    assert ok(await house.supervisor.get("/v1/today?team=true"))["debriefs"]["items"] == [others]
    for answer in ("not_now", "accepted"):
        said = ok(await house.peer.post(f"{path}/{own['id']}/answer", {"answer": answer}))
        assert said == {**own, "answer": answer, "answered_on": "2026-11-02"}
    assert ok(await house.peer.get("/v1/today"))["debriefs"]["items"] == []
    await undoes(house.supervisor, code)
    assert (await items(house.peer, path), await items(house.supervisor, path)) == ([], [])


@pytest.mark.parametrize(("days", "offered"), [(90, 1), (91, 0)])
async def test_who_worked_with_the_person_within_ninety_days_is_recent(house: House, days: int, offered: int) -> None:
    code = await house.peer.enrolls()
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(house.colleague.id)}))
    ok(await house.colleague.call("DELETE", f"/v1/caseload/{code}"))
    house.clock.set(house.clock.now() + timedelta(days=days))
    await ends(house.peer, code, "died")
    assert len(await items(house.colleague, "/v1/debriefs")) == offered
    assert len(await items(house.peer, "/v1/debriefs")) == 1


async def test_who_moved_or_asked_to_end_leaves_nobody_with_a_debrief(house: House) -> None:
    for kind in ("moved", "asked_to_end"):
        await ends(house.peer, await house.peer.enrolls(), kind)
    assert await items(house.peer, "/v1/debriefs") == []


async def test_who_asked_to_end_may_still_ask_to_be_forgotten(house: House) -> None:
    code, _ = await with_everything(house)
    await ends(house.supervisor, code, "died")
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    assert await items(house.peer, "/v1/debriefs") == []
