"""Who works with whom: hand-overs in one call, exclusions that hold by whatever way one comes, and leaving."""

from typing import Any

import pytest

from tests.rooms.test_participants import shows_their_code
from tests.stories.steps import absent, items
from tests.world import Caller, House, ok, recall, refused


async def excludes(house: House, code: str, member: Caller, by: Caller | None = None) -> dict[str, Any]:
    """A member is kept apart from a person; a supervisor records it, or they themselves."""
    named = {} if by is member else {"member_id": str(member.id)}
    return ok(await (by or house.supervisor).post(f"/v1/participants/{code}/exclusions", named))


async def hands_over(house: House, to: Caller, *codes: str, **options: Any) -> dict[str, Any]:
    """What the peer works with goes over to somebody: all, or those named."""
    named = {"codes": list(codes)} if codes else {}
    asked = {"from_id": str(house.peer.id), "to_id": str(to.id), **named}
    return ok(await house.supervisor.post("/v1/hand-overs", asked, **options))


async def test_a_caseload_goes_over_in_one_call_with_an_outcome_for_each_person(house: House) -> None:
    open_one, both, apart = [await house.peer.enrolls() for _ in range(3)]
    shown_one = await house.stranger.enrolls()
    await shows_their_code(house.peer, shown_one)
    ok(await house.supervisor.post(f"/v1/participants/{both}/assignments", {"member_id": str(house.colleague.id)}))
    await excludes(house, apart, house.colleague)
    before = ok(await house.colleague.get(f"/v1/participants/{both}"))
    keyed = {"headers": {"Idempotency-Key": "hand-over-1"}}
    said = await hands_over(house, house.colleague, **keyed)
    outcomes = {person["code"]: person["outcome"] for person in said["people"]}
    taken = dict.fromkeys((open_one, shown_one), "handed_over")
    assert outcomes == {**taken, both: "already_theirs", apart: "not_this_peer"}
    assert (said["handed_on"], said["more"]) == ("2026-11-02", False)
    assert await hands_over(house, house.colleague, **keyed) == said, "the answer again"
    for code in (open_one, shown_one, both):
        await absent(house.peer, f"/v1/participants/{code}")
    for code, opened in ((open_one, True), (shown_one, False)):
        seen = ok(await house.colleague.get(f"/v1/participants/{code}"))
        assert (seen["history_open"], seen["basis"]) == (opened, "assigned" if opened else "shown_code")
    assert ok(await house.colleague.get(f"/v1/participants/{both}")) == before, "their own words stay theirs"
    ok(await house.peer.get(f"/v1/participants/{apart}"))
    await absent(house.colleague, f"/v1/participants/{apart}")
    handles = [one["handle"] for one in await items(house.colleague, "/v1/participants")]
    assert len(set(handles)) == 3


async def test_some_people_go_over_by_their_codes_and_come_back(house: House) -> None:
    gone, kept, others = await house.peer.enrolls(), await house.peer.enrolls(), await house.stranger.enrolls()
    nobodys = "0000-0000-0000"
    said = await hands_over(house, house.colleague, gone.lower(), others, nobodys)
    told = {person["code"]: person["outcome"] for person in said["people"]}
    assert told == {gone: "handed_over", others: "not_found", nobodys: "not_found"}
    ok(await house.peer.get(f"/v1/participants/{kept}"))
    back = {"from_id": str(house.colleague.id), "to_id": str(house.peer.id)}
    assert ok(await house.supervisor.post("/v1/hand-overs", back))["people"][0]["outcome"] == "handed_over"
    assert ok(await house.peer.get(f"/v1/participants/{gone}"))["basis"] == "assigned"
    await absent(house.colleague, f"/v1/participants/{gone}")


async def test_people_are_handed_over_within_the_own_team_alone(house: House) -> None:
    code = await house.peer.enrolls()
    asked = {"from_id": str(house.peer.id), "to_id": str(house.colleague.id), "codes": [code]}
    refused(await house.peer.post("/v1/hand-overs", asked), 403, "not_permitted")
    for wrong in ({"to_id": str(house.stranger.id)}, {"from_id": str(house.stranger.id)}):
        refused(await house.supervisor.post("/v1/hand-overs", {**asked, **wrong}), 404, "not_found")
    refused(await house.other_supervisor.post("/v1/hand-overs", asked), 404, "not_found")
    own = {**asked, "to_id": str(house.peer.id)}
    refused(await house.supervisor.post("/v1/hand-overs", own), 422, "invalid_shape")
    mistyped = {**asked, "codes": [code[:-1] + ("0" if code[-1] != "0" else "1")]}
    refused(await house.supervisor.post("/v1/hand-overs", mistyped), 422, "code_mistyped")
    too_many = {**asked, "codes": [f"{number}" for number in range(201)]}
    refused(await house.supervisor.post("/v1/hand-overs", too_many), 422, "invalid_shape")


async def test_who_is_excluded_reaches_nothing_of_the_person_by_any_way(house: House) -> None:
    """Caseload, shown code, recall, cover, hand-over, assignment, and a link: the same 404 as for a code of nobody."""
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    made = ok(await house.peer.post(f"/v1/participants/{code}/promises", {"kind": "check_in", "on": "2026-11-05"}))
    met = await house.peer.records(code)
    ok(await house.peer.call("PUT", f"/v1/participants/{code}/recall", recall()))
    member = {"member_id": str(house.colleague.id)}
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", member))
    ok(await house.colleague.get(f"/v1/participants/{code}"))
    told = await excludes(house, code, house.colleague)
    assert told == {"id": told["id"], **member, "since": "2026-11-02", "lifted_on": None}
    week = {"away_id": str(house.peer.id), "covering_id": str(house.colleague.id)}
    ok(await house.supervisor.post("/v1/covers", {**week, "since": "2026-11-02", "until": "2026-11-09"}))
    linked = ok(await house.supervisor.post(f"/v1/participants/{code}/links", {"code": other}))
    assert linked["undone_on"] is None
    nobody = refused(await house.colleague.get("/v1/participants/0000-0000-0000"), 404, "not_found")
    for path in (f"/v1/participants/{code}", f"/v1/participants/{other}", f"/v1/encounters/{met['id']}"):
        problem = refused(await house.colleague.get(path), 404, "not_found")
        assert {**problem, "request_id": ""} == {**nobody, "request_id": ""}
    refused(await house.colleague.post(f"/v1/promises/{made['id']}/kept"), 404, "not_found")
    for shown in (code, other):
        refused(await house.colleague.post("/v1/caseload", {"code": shown}), 404, "not_found")
    assert "code" not in ok(await house.colleague.post("/v1/participants/recall", recall())), "as for a miss"
    refused(await house.supervisor.post(f"/v1/participants/{code}/assignments", member), 409, "not_this_peer")
    said = await hands_over(house, house.colleague, code, other)
    assert {person["outcome"] for person in said["people"]} == {"not_this_peer"}
    for path in ("/v1/participants", "/v1/promises", "/v1/encounters"):
        assert await items(house.colleague, path) == []
    ok(await house.peer.get(f"/v1/participants/{code}"))


async def test_a_supervisor_who_knows_somebody_privately_is_kept_apart_like_everybody(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    await excludes(house, code, house.supervisor, by=house.supervisor)
    await absent(house.supervisor, f"/v1/participants/{code}")
    assert [one["code"] for one in await items(house.supervisor, "/v1/participants")] == [other]
    await absent(house.supervisor, f"/v1/participants/{code}/exclusions")
    said = await hands_over(house, house.colleague)
    assert [person["code"] for person in said["people"]] == [other], "and hands nobody on whom they do not see"
    ok(await house.peer.get(f"/v1/participants/{code}"))


async def test_a_peer_keeps_themselves_apart_and_nobody_else(house: House) -> None:
    code = await house.peer.enrolls()
    path = f"/v1/participants/{code}/exclusions"
    refused(await house.peer.post(path, {"member_id": str(house.colleague.id)}), 403, "not_permitted")
    refused(await house.supervisor.post(path, {"member_id": str(house.agency.id)}), 404, "not_found")
    refused(await house.supervisor.post(path, {"member_id": str(house.peer.id), "why": "family"}), 422, "invalid_shape")
    await excludes(house, code, house.peer, by=house.peer)
    await absent(house.peer, f"/v1/participants/{code}")
    refused(await house.peer.post(path, {}), 404, "not_found")
    same = {"member_id": str(house.peer.id)}
    again = await house.supervisor.post(path, same)
    assert again.status_code == 404, "who worked with the person was one peer, and they are gone for the team too"


async def test_an_exclusion_is_lifted_and_gives_nothing_back_by_itself(house: House) -> None:
    code = await house.peer.enrolls()
    member = {"member_id": str(house.colleague.id)}
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", member))
    path, made = f"/v1/participants/{code}/exclusions", await excludes(house, code, house.colleague)
    refused(await house.supervisor.post(path, member), 409, "already_excluded")
    refused(await house.peer.get(path), 403, "not_permitted")
    assert await items(house.supervisor, path) == [made]
    refused(await house.supervisor.post(f"{path}/{code}/lift"), 404, "not_found")
    lifted = ok(await house.supervisor.post(f"{path}/{made['id']}/lift"))
    assert lifted == {**made, "lifted_on": "2026-11-02"}
    refused(await house.supervisor.post(f"{path}/{made['id']}/lift"), 409, "exclusion_lifted")
    await absent(house.colleague, f"/v1/participants/{code}")
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", member))
    ok(await house.colleague.get(f"/v1/participants/{code}"))
    assert (await excludes(house, code, house.colleague))["id"] != made["id"], "and may be said again"


async def test_who_leaves_a_person_leaves_no_open_promise_behind(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(house.colleague.id)}))
    made = ok(await house.peer.post(f"/v1/participants/{code}/promises", {"kind": "check_in", "on": "2026-11-05"}))
    refused(await house.peer.call("DELETE", f"/v1/caseload/{code}"), 409, "promises_still_open")
    ok(await house.peer.post(f"/v1/promises/{made['id']}/release", {"reason": "somebody_else_does"}))
    left = ok(await house.peer.call("DELETE", f"/v1/caseload/{code}"))
    assert left == {"code": code, "ended_on": "2026-11-02"}
    refused(await house.peer.call("DELETE", f"/v1/caseload/{code}"), 404, "not_found")
    await absent(house.peer, f"/v1/participants/{code}")
    ok(await house.colleague.get(f"/v1/participants/{code}"))
    await shows_their_code(house.peer, code)
    assert ok(await house.peer.get(f"/v1/participants/{code}"))["history_open"] is False, "it begins anew"


@pytest.mark.parametrize("caller", ["agency", "integrator", "admin"])
async def test_who_works_with_whom_is_for_the_program(house: House, caller: str) -> None:
    for method, path in (("GET", "/v1/covers"), ("GET", "/v1/debriefs"), ("GET", "/v1/today")):
        refused(await house.people[caller].call(method, path), 403, "not_permitted")
