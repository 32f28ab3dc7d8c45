"""Referrals: what each side may say next, what an agency may see at all, and that nothing is a dead end."""

import asyncio
from collections import deque
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.stories.steps import absent, agrees, every_item, facts, items, moves, referred_with_consent, refers
from tests.world import Caller, House, ok, refused
from true_api.rooms.referrals.vocabulary import DecidedBy, Need, Reason, ReferralOutcome

ERROR = "entered_in_error"
AGENCY = {
    "requested": {"accepted", "no_place_offered", "on_hold"},
    "accepted": {"in_progress", "completed", "not_completed", "on_hold"},
    "in_progress": {"completed", "not_completed", "on_hold"},
    "on_hold": {"accepted", "in_progress", "no_place_offered", "not_completed"},
    "no_place_offered": set(),
    "completed": set(),
    "not_completed": set(),
    "cancelled": set(),
}
PROGRAM = {
    "draft": {"requested", ERROR},
    "requested": {*AGENCY["requested"], "completed", "not_completed", "cancelled", ERROR},
    "accepted": {*AGENCY["accepted"], "cancelled", ERROR},
    "in_progress": {*AGENCY["in_progress"], "cancelled", ERROR},
    "on_hold": {*AGENCY["on_hold"], "requested", "cancelled", ERROR},
    "no_place_offered": {"requested", "cancelled", ERROR},
    "completed": {ERROR},
    "not_completed": {"requested", ERROR},
    "cancelled": {"requested", ERROR},
    ERROR: set(),
}
ENDS = {"completed", ERROR}
"""A service received stays received; only a slip of the keyboard is taken back, and that for good."""


def why(state: str) -> dict[str, Any]:
    """What has to be said with a move into this state."""
    if state == "completed":
        return {"outcomes": ["service_received"]}
    if state in ("no_place_offered", "not_completed", "on_hold", "cancelled"):
        return {"reason": "waitlist", "decided_by": "provider"}
    return {}


def way_from(state: str, to: set[str]) -> list[str] | None:
    """The shortest way for the program from one state into one of several; None where there is none."""
    ways = deque([[state]])
    seen = {state}
    while ways:
        way = ways.popleft()
        if way[-1] in to:
            return way[1:]
        for following in sorted(PROGRAM[way[-1]] - seen):
            seen.add(following)
            ways.append([*way, following])
    return None


def test_from_everywhere_somebody_can_be_asked_again_but_after_an_end() -> None:
    for state in set(PROGRAM) - ENDS - {"requested"}:
        assert way_from(state, {"requested"}) is not None, state
    assert set(PROGRAM) == {"draft", *AGENCY, ERROR}


async def refuses_all_others(house: House, referral: dict[str, Any]) -> None:
    """The program is refused whatever is no move from here, and the agency what only the program may do."""
    state = referral["state"]
    sides = [(house.peer, referral["id"], PROGRAM[state], set(PROGRAM))]
    if state in AGENCY:
        sides.append((house.agency, referral["reference"], AGENCY[state], PROGRAM[state] | {state, "draft"}))
    for caller, name, allowed, tempting in sides:
        for to in tempting - allowed:
            answer = await caller.post(f"/v1/referrals/{name}/transitions", {"to": to, **why(to)})
            assert refused(answer, 409, "move_not_allowed")["allowed"] == sorted(allowed)


async def test_each_side_can_make_the_moves_that_it_is_offered_and_no_others(house: House) -> None:
    """Walks the whole machine, and begins anew only where nothing else is left to try."""
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    untried = {(True, state, to) for state in PROGRAM for to in PROGRAM[state]}
    untried |= {(False, state, to) for state in AGENCY for to in AGENCY[state]}
    unseen = set(PROGRAM)
    while untried:
        referral = await refers(house.peer, code, house.organizations["harbor"], draft=True)
        while (way := way_from(referral["state"], {state for _, state, _ in untried})) is not None:
            for step in way:
                referral = await moves(house.peer, referral["id"], step, **why(step))
            here = sorted((to in ENDS, by, to) for by, state, to in untried if state == referral["state"])
            _, by_program, to = here[0]
            untried.discard((by_program, referral["state"], to))
            caller, name = (house.peer, "id") if by_program else (house.agency, "reference")
            moved = await moves(caller, referral[name], to, **why(to))
            said = {"state": to, "reason": None, "decided_by": None, "outcomes": [], **why(to)}
            assert {field: moved[field] for field in said} == said
            assert moved["moves"] == sorted((PROGRAM if by_program else AGENCY)[to])
            referral = {**referral, "state": to}
            if to in unseen:
                unseen.remove(to)
                await refuses_all_others(house, referral)
    assert unseen == {"draft"}


async def test_a_reason_or_an_outcome_stands_where_it_must_and_nowhere_else(house: House) -> None:
    referral = await refers(house.peer, await house.peer.enrolls(), house.organizations["harbor"])
    reason, reasoned, outcome = {"reason": "cost"}, why("on_hold"), why("completed")
    wrong: list[tuple[str, list[dict[str, Any]]]] = [
        (to, [{}, reason, {"decided_by": "person"}, {**reasoned, **outcome}, {**reasoned, "reason": "unmotivated"}])
        for to in ("no_place_offered", "not_completed", "on_hold", "cancelled")
    ]
    for to, said in [*wrong, ("completed", [{}, {"outcomes": []}, reasoned]), ("accepted", [reasoned, outcome])]:
        for words in said:
            moved = await house.peer.post(f"/v1/referrals/{referral['id']}/transitions", {"to": to, **words})
            refused(moved, 422, "invalid_shape")


@given(reason=st.sampled_from(Reason), decided_by=st.sampled_from(DecidedBy), outcome=st.sampled_from(ReferralOutcome))
@exploring
async def test_every_reason_and_every_outcome_has_a_word(
    house: House, reason: str, decided_by: str, outcome: str
) -> None:
    referral = await refers(house.peer, await house.peer.enrolls(), house.organizations["harbor"])
    held = await moves(house.peer, referral["id"], "on_hold", reason=reason, decided_by=decided_by)
    assert (held["reason"], held["decided_by"]) == (reason, decided_by)
    await moves(house.peer, referral["id"], "requested")
    assert (await moves(house.peer, referral["id"], "completed", outcomes=[outcome]))["outcomes"] == [outcome]


async def test_without_consent_a_referral_is_absent_for_the_agency(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["bridge"])
    referral = await refers(house.peer, code, house.organizations["harbor"])
    for caller in (house.agency, house.agency_worker, house.other_agency):
        path = f"/v1/referrals/{referral['reference']}"
        await absent(caller, path)
        refused(await caller.post(f"{path}/transitions", {"to": "accepted"}), 404, "not_found")
        assert await items(caller, "/v1/referrals") == []
    await agrees(house.peer, code, house.organizations["harbor"])
    assert len(await items(house.agency_worker, "/v1/referrals")) == 1
    assert await items(house.other_agency, "/v1/referrals") == []


async def test_an_agency_never_sees_a_draft_and_learns_the_month_it_was_sent(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    kept, dropped = [await refers(house.peer, code, house.organizations["harbor"], draft=True) for _ in range(2)]
    assert (kept["state"], kept["moves"]) == ("draft", sorted(PROGRAM["draft"]))
    await refuses_all_others(house, kept)
    assert await items(house.agency, "/v1/referrals") == []
    await absent(house.agency, f"/v1/referrals/{kept['reference']}")
    house.clock.set(house.clock.now().replace(month=12, day=5))
    sent = await moves(house.peer, kept["id"], "requested")
    await moves(house.peer, dropped["id"], ERROR)
    (seen,) = await items(house.agency, "/v1/referrals")
    assert (seen["reference"], seen["requested_in"], seen["changed_in"]) == (kept["reference"], "2026-12", "2026-12")
    assert sent["requested_on"] == "2026-12-05"


async def test_not_even_the_order_of_an_agencys_list_tells_a_day(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    for day in (2, 5, 9, 16, 23, 30):
        house.clock.set(house.clock.now().replace(day=day))
        await refers(house.peer, code, harbor)
    house.clock.set(house.clock.now().replace(month=12, day=1))
    latest = await refers(house.peer, code, harbor)
    for limit in (1, 3, 50):
        listed = await every_item(house.agency, "/v1/referrals", limit)
        assert listed[0]["reference"] == latest["reference"]
        assert [item["requested_in"] for item in listed] == ["2026-12", *["2026-11"] * 6]
        references = [item["reference"] for item in listed[1:]]
        assert references == sorted(references, reverse=True), "within a month by what is random"
    days = [item["requested_on"] for item in await items(house.peer, f"/v1/participants/{code}/referrals")]
    assert days == sorted(days, reverse=True)


async def test_what_was_entered_in_error_is_gone_for_the_agency(house: House) -> None:
    _, referral = await referred_with_consent(house)
    await moves(house.peer, referral["id"], ERROR)
    await absent(house.agency, f"/v1/referrals/{referral['reference']}")
    assert await items(house.agency, "/v1/referrals") == []
    assert ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["state"] == ERROR


async def test_the_program_knows_a_referral_by_its_id_and_the_agency_by_its_reference(house: House) -> None:
    _, referral = await referred_with_consent(house)
    assert UUID(referral["reference"]).version == 4
    for caller, opens, leads_nowhere in ((house.peer, "id", "reference"), (house.agency, "reference", "id")):
        ok(await caller.get(f"/v1/referrals/{referral[opens]}"))
        await absent(caller, f"/v1/referrals/{referral[leads_nowhere]}")
        moved = await caller.post(f"/v1/referrals/{referral[leads_nowhere]}/transitions", {"to": "accepted"})
        refused(moved, 404, "not_found")


async def test_an_agency_sees_what_it_needs_and_nothing_more(house: House) -> None:
    _, referral = await referred_with_consent(house)
    seen = ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    assert "referral" in seen["disclosure"]["scope"]["categories"]
    assert {name: value for name, value in seen.items() if name != "disclosure"} == {
        "reference": referral["reference"],
        "code": referral["agency_code"],
        "need": "recovery-housing",
        "urgency": "routine",
        "state": "requested",
        "reason": None,
        "decided_by": None,
        "outcomes": [],
        "mode": "sent",
        "wishes": [],
        "arrangement": {
            "on": None,
            "part_of_day": None,
            "held_until": None,
            "bring": [],
            "location": None,
            "ask_for_desk": None,
        },
        "hand_offs": [],
        "requested_in": "2026-11",
        "changed_in": "2026-11",
        "moves": sorted(AGENCY["requested"]),
        "step_notes": [],
    }
    assert await items(house.agency, "/v1/referrals") == [facts(seen)]


async def test_of_moves_made_at_the_same_moment_one_happens(house: House) -> None:
    _, referral = await referred_with_consent(house)
    asked: list[tuple[Caller, str]] = [(house.peer, "id"), (house.supervisor, "id"), (house.agency, "reference")] * 2
    answers = await asyncio.gather(
        *(caller.post(f"/v1/referrals/{referral[name]}/transitions", {"to": "accepted"}) for caller, name in asked)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes <= {"moved_meanwhile", "move_not_allowed"}


async def test_a_referral_opens_again_as_if_it_were_new(house: House) -> None:
    _, referral = await referred_with_consent(house)
    path = f"/v1/referrals/{referral['reference']}"
    await moves(house.agency, referral["reference"], "no_place_offered", reason="no_capacity", decided_by="provider")
    again = await moves(house.peer, referral["id"], "requested")
    assert (again["state"], again["reason"], again["decided_by"]) == ("requested", None, None)
    assert ok(await house.agency.get(path))["moves"] == sorted(AGENCY["requested"])


async def test_every_need_can_be_asked_of_a_partner_agency_and_of_nobody_else(house: House) -> None:
    code = await house.peer.enrolls()
    for need in Need:
        assert (await refers(house.peer, code, house.organizations["harbor"], need=need, urgency="urgent"))[
            "need"
        ] == need
    for nobody in (house.organizations["program"], house.organizations["county"], house.peer.id):
        asked = {"organization_id": str(nobody), "need": "mutual-aid"}
        refused(await house.peer.post(f"/v1/participants/{code}/referrals", asked), 409, "no_such_partner")


async def test_a_referral_sent_twice_with_one_key_is_one_referral(house: House) -> None:
    path = f"/v1/participants/{await house.peer.enrolls()}/referrals"
    asked: dict[str, Any] = {"organization_id": str(house.organizations["harbor"]), "need": "mutual-aid"}
    once = [await house.peer.post(path, asked, headers={"Idempotency-Key": "from-the-van-1"}) for _ in range(2)]
    assert ok(once[0]) == ok(once[1])
    assert len(await items(house.peer, path)) == 1
    other = await house.peer.post(path, {**asked, "need": "legal-aid"}, headers={"Idempotency-Key": "from-the-van-1"})
    refused(other, 422, "idempotency_key_reused")
    refused(await house.peer.call("POST", path, asked), 400, "idempotency_key_required")
