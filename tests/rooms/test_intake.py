"""Intake: an agency asks and learns nothing but the calendar; the program's queue does the rest."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.rooms.exploring import exploring
from tests.stories.steps import absent, every_item, facts, items
from tests.world import Caller, House, intake, ok, refused
from true_api.kernel.codes import new_code
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.profile import Language
from true_api.rooms.intake.vocabulary import AttemptResult, IntakeNeed, IntakeReason, IntakeUrgency, MeetsAt, Wish

BACK = {"contacting"}
MOVES = {
    "new": {"contacting", "declined_by_person", "unable_to_reach", "referred_elsewhere", "withdrawn"},
    "contacting": {"declined_by_person", "unable_to_reach", "referred_elsewhere", "withdrawn"},
    "declined_by_person": BACK,
    "unable_to_reach": {*BACK, "withdrawn"},
    "referred_elsewhere": BACK,
    "withdrawn": set(),
    "connected": set(),
}
ENDS = ("withdrawn", "connected")
REASONED = ("declined_by_person", "unable_to_reach", "referred_elsewhere")
submissions = st.fixed_dictionaries(
    {
        "needs": st.lists(st.sampled_from(IntakeNeed), min_size=1, unique=True),
        "person_knows": st.sampled_from(["asked", "agreed"]),
        "meets_at": st.sampled_from(MeetsAt),
    },
    optional={
        "urgency": st.sampled_from(IntakeUrgency),
        "language": st.sampled_from(Language),
        "wishes": st.lists(st.sampled_from(Wish), unique=True),
    },
)


def leaving(state: str) -> dict[str, str]:
    """What has to be said with a move into this state."""
    return {"to": state, **({"reason": "not_now"} if state in REASONED else {})}


async def posted(house: House, **over: Any) -> tuple[str, str]:
    """A request: the reference for the agency, and the id for the program."""
    reference = ok(await house.agency.post("/v1/intake-requests", intake(**over)))["reference"]
    queue = await every_item(house.peer, "/v1/intake-requests", 200)
    return reference, next(request["id"] for request in queue if request["reference"] == reference)


async def worked(caller: Caller, request: str, door: str, **said: Any) -> dict[str, Any]:
    return ok(await caller.post(f"/v1/intake-requests/{request}/{door}", said))


@given(said=submissions)
@exploring
async def test_a_request_reads_as_it_was_posted(house: House, said: dict[str, Any]) -> None:
    left_out = {"urgency": "routine", "language": "not_asked", "wishes": [], "contacting_prohibited": False}
    seen = ok(await house.agency.post("/v1/intake-requests", said))
    untold = {"progress": None, "onward": None, "status": "received"}
    expected = {**left_out, **said, **untold, "reference": seen["reference"], "posted_on": "2026-11-02"}
    assert facts(seen) == expected
    assert facts(ok(await house.agency.get(f"/v1/intake-requests/{seen['reference']}"))) == expected
    assert UUID(seen["reference"]).version == 4


async def test_a_request_says_what_the_person_knows_and_never_who_they_or_the_agency_are(house: House) -> None:
    unasked = intake()
    del unasked["person_knows"]
    refused(await house.agency.post("/v1/intake-requests", unasked), 422, "invalid_shape")
    for more in (
        {"person_knows": "no"},
        {"organization_id": str(house.organizations["bridge"])},
        {"organization": "bridge"},
        {"name": "Somebody Synthetic"},
    ):
        refused(await house.agency.post("/v1/intake-requests", intake(**more)), 422, "invalid_shape")
    assert await items(house.peer, "/v1/intake-requests") == []


async def test_to_its_agency_every_request_looks_the_same_whatever_became_of_it(house: House) -> None:
    requests = [await posted(house) for _ in range(5)]
    (_, met), (_, declined), (_, sought), (_, withdrawn), _ = requests
    known = [(await house.agency.get(f"/v1/intake-requests/{name}")).headers["etag"] for name, _ in requests]

    await worked(house.peer, met, "attempts", attempted_on="2026-11-02", result="met")
    await worked(house.peer, met, "connection")
    await worked(house.peer, declined, "transitions", to="declined_by_person", reason="asked_to_stop")
    await worked(house.peer, sought, "attempts", attempted_on="2026-11-02", result="not_there")
    await worked(house.peer, sought, "transitions", to="unable_to_reach", reason="not_there")
    await worked(house.peer, withdrawn, "transitions", to="withdrawn")

    last_moment = datetime(2026, 12, 2, 4, 59, 59, tzinfo=UTC)
    for moment, status in (
        (house.clock.now(), "received"),
        (last_moment, "received"),
        (last_moment + timedelta(seconds=1), "closed"),
    ):
        house.clock.set(moment)
        seen = await items(house.agency, "/v1/intake-requests")
        assert {request.pop("reference") for request in seen} == {reference for reference, _ in requests}
        assert seen == [{**seen[0], "status": status}] * len(requests)
        for (reference, _), etag in zip(requests, known, strict=True):
            again = await house.agency.get(f"/v1/intake-requests/{reference}", headers={"If-None-Match": etag})
            assert again.status_code == (304 if status == "received" else 200)


async def test_requests_of_one_day_close_on_one_day(house: House) -> None:
    morning, _ = await posted(house)
    house.clock.set(datetime(2026, 11, 3, 4, 30, tzinfo=UTC))
    evening, _ = await posted(house)
    house.clock.move(timedelta(hours=1))
    next_day, _ = await posted(house)
    for at, status in (
        (datetime(2026, 12, 2, 5, tzinfo=UTC), "received"),
        (datetime(2026, 12, 3, 5, tzinfo=UTC), "closed"),
    ):
        house.clock.set(at)
        seen = {request["reference"]: request["status"] for request in await items(house.agency, "/v1/intake-requests")}
        assert seen == {morning: "closed", evening: "closed", next_day: status}


async def test_another_agency_sees_nothing_and_no_agency_works_the_queue(house: House) -> None:
    reference, request = await posted(house)
    assert ok(await house.agency_worker.get(f"/v1/intake-requests/{reference}"))["reference"] == reference
    await absent(house.other_agency, f"/v1/intake-requests/{reference}")
    await absent(house.agency, f"/v1/intake-requests/{request}")
    await absent(house.peer, f"/v1/intake-requests/{reference}")
    assert await items(house.other_agency, "/v1/intake-requests") == []
    for door in ("attempts", "transitions", "connection"):
        refused(await house.agency.post(f"/v1/intake-requests/{reference}/{door}", {}), 403, "not_permitted")


async def test_the_queue_is_read_by_state_and_only_by_the_program(house: House) -> None:
    (reference, left), (_, taken_up) = await posted(house), await posted(house)
    await worked(house.peer, taken_up, "transitions", to="contacting")
    for caller in (house.peer, house.stranger, house.supervisor):
        for state, found in (("new", [left]), ("contacting", [taken_up]), ("withdrawn", [])):
            listed = await items(caller, f"/v1/intake-requests?state={state}")
            assert [request["id"] for request in listed] == found
        assert len(await every_item(caller, "/v1/intake-requests", 1)) == 2
    refused(await house.peer.get("/v1/intake-requests?state=lost"), 422, "invalid_shape")
    for caller in (house.agency, house.agency_worker):
        refused(await caller.get("/v1/intake-requests?state=new"), 422, "invalid_shape")
        assert reference in {request["reference"] for request in await every_item(caller, "/v1/intake-requests", 1)}


async def test_each_state_offers_exactly_its_moves(house: House) -> None:
    for state, allowed in MOVES.items():
        _, request = await posted(house)
        if state == "connected":
            await worked(house.peer, request, "connection")
        elif state != "new":
            await worked(house.peer, request, "transitions", **leaving(state))
        assert ok(await house.peer.get(f"/v1/intake-requests/{request}"))["moves"] == sorted(allowed)
        for to in set(MOVES) - allowed:
            answer = await house.peer.post(f"/v1/intake-requests/{request}/transitions", leaving(to))
            assert refused(answer, 409, "intake_move_not_allowed")["allowed"] == sorted(allowed)
        if state in ENDS:
            connected = await house.peer.post(f"/v1/intake-requests/{request}/connection", {})
            refused(connected, 409, "intake_move_not_allowed")


async def test_who_declined_was_not_met_or_went_elsewhere_may_come_back(house: House) -> None:
    for state, reason in zip(REASONED * 3, IntakeReason, strict=False):
        _, request = await posted(house)
        left = await worked(house.peer, request, "transitions", to=state, reason=reason)
        assert (left["state"], left["reason"]) == (state, reason)
        back = await worked(house.peer, request, "transitions", to="contacting")
        assert (back["state"], back["reason"]) == ("contacting", None)
    for wrong in ({"to": "unable_to_reach"}, {"to": "withdrawn", "reason": "other"}, {"to": "lost"}, {}):
        refused(await house.peer.post(f"/v1/intake-requests/{request}/transitions", wrong), 422, "invalid_shape")
    _, request = await posted(house)
    await worked(house.peer, request, "transitions", **leaving("declined_by_person"))
    assert (await worked(house.peer, request, "connection"))["state"] == "connected"


async def test_attempts_are_counted_and_lie_in_the_past(house: House) -> None:
    _, request = await posted(house)
    for count, result in enumerate(AttemptResult, start=1):
        seen = await worked(house.peer, request, "attempts", attempted_on="2026-11-02", result=result)
        assert (seen["state"], seen["attempts"]) == ("contacting", count)
    tomorrow = {"attempted_on": "2026-11-03", "result": "met"}
    refused(await house.peer.post(f"/v1/intake-requests/{request}/attempts", tomorrow), 409, "attempt_not_yet_made")
    tried = {"attempted_on": "2026-11-02", "result": "met"}
    answers = await asyncio.gather(
        *(caller.post(f"/v1/intake-requests/{request}/attempts", tried) for caller in (house.peer, house.stranger))
    )
    kept = sum(answer.status_code == 201 for answer in answers)
    assert ok(await house.peer.get(f"/v1/intake-requests/{request}"))["attempts"] == len(AttemptResult) + kept
    await worked(house.peer, request, "transitions", **leaving("declined_by_person"))
    refused(await house.peer.post(f"/v1/intake-requests/{request}/attempts", tried), 409, "intake_move_not_allowed")


async def test_a_request_is_connected_to_somebody_on_the_caseload_who_shows_their_code(house: House) -> None:
    _, request = await posted(house)
    path, code = f"/v1/intake-requests/{request}/connection", await house.peer.enrolls()
    for caller, shown_code in ((house.stranger, code), (house.peer, new_code())):
        refused(await caller.post(path, {"code": shown_code}), 404, "not_found")
    refused(await house.peer.post(path, {"code": code[:-1] + ("2" if code[-1] != "2" else "3")}), 422, "code_mistyped")
    connected = ok(await house.peer.post(path, {"code": code}))
    assert (connected["state"], connected["code"], connected["moves"]) == ("connected", code, [])
    assert len(await items(house.peer, "/v1/participants")) == 1


async def test_connecting_without_a_code_enrolls_somebody_in_the_same_step(house: House) -> None:
    _, request = await posted(house)
    code = (await worked(house.peer, request, "connection"))["code"]
    assert [entry["code"] for entry in await items(house.peer, "/v1/participants")] == [code]
    for caller in (house.peer, house.supervisor):
        assert ok(await caller.get(f"/v1/intake-requests/{request}"))["code"] == code
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        await absent(caller, f"/v1/intake-requests/{request}")
        assert await items(caller, "/v1/intake-requests") == []


async def test_of_two_peers_who_connect_one_request_one_enrolls_somebody(house: House) -> None:
    _, request = await posted(house)
    path = f"/v1/intake-requests/{request}/connection"
    answers = await asyncio.gather(*(caller.post(path, {}) for caller in (house.peer, house.colleague, house.stranger)))
    assert sorted(answer.status_code == 201 for answer in answers) == [False, False, True]
    codes = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert codes <= {"intake_worked_meanwhile", "intake_move_not_allowed", "not_found"}
    assert len((await house.rows(select(table_of(Participant))))[0]) == 1


async def test_a_request_posted_many_times_at_once_with_one_key_is_one_request(house: House) -> None:
    key = {"Idempotency-Key": "bed-4-tonight"}
    answers = await asyncio.gather(*(house.agency.post("/v1/intake-requests", intake(), headers=key) for _ in range(3)))
    assert len({ok(answer)["reference"] for answer in answers}) == 1
    assert len(await items(house.peer, "/v1/intake-requests")) == 1
    other = await house.agency.post("/v1/intake-requests", intake(urgency="urgent"), headers=key)
    refused(other, 422, "idempotency_key_reused")
    refused(await house.agency.call("POST", "/v1/intake-requests", intake()), 400, "idempotency_key_required")
    ok(await house.other_agency.post("/v1/intake-requests", intake(), headers=key))
    assert len(await items(house.peer, "/v1/intake-requests")) == 2
