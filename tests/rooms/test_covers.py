"""Covers: while somebody is away another one sees and works their caseload, as far as they could, and then no more."""

from datetime import timedelta
from typing import Any

from tests.rooms.test_participants import shows_their_code
from tests.stories.steps import absent, items
from tests.world import Caller, House, ok, refused

WEEK = {"since": "2026-11-02", "until": "2026-11-08"}


async def covers(house: House, away: Caller, covering: Caller, **over: Any) -> dict[str, Any]:
    """A supervisor has somebody stand in, for this week."""
    between = {"away_id": str(away.id), "covering_id": str(covering.id)}
    return ok(await house.supervisor.post("/v1/covers", {**between, **WEEK, **over}))


def passes(house: House, days: int) -> None:
    """Days go by."""
    house.clock.set(house.clock.now() + timedelta(days=days))


async def test_who_stands_in_sees_and_works_the_caseload_and_it_ends_by_itself(house: House) -> None:
    code, own = await house.peer.enrolls(), await house.colleague.enrolls()
    promised = ok(await house.peer.post(f"/v1/participants/{code}/promises", {"kind": "check_in", "on": "2026-11-10"}))
    await absent(house.colleague, f"/v1/participants/{code}")
    await covers(house, house.peer, house.colleague, since="2026-11-03")
    await absent(house.colleague, f"/v1/participants/{code}")
    passes(house, 1)
    seen = ok(await house.colleague.get(f"/v1/participants/{code}"))
    assert (seen["handle"], seen["history_open"]) == (None, True), "the two words stay with whose they are"
    assert {one["code"] for one in await items(house.colleague, "/v1/participants")} == {code, own}
    await house.colleague.records(code)
    assert len(await items(house.colleague, f"/v1/participants/{code}/timeline")) == 1
    ok(await house.colleague.post(f"/v1/promises/{promised['id']}/kept"))
    await absent(house.peer, f"/v1/participants/{own}")
    passes(house, 5)
    ok(await house.colleague.get(f"/v1/participants/{code}"))
    passes(house, 1)
    await absent(house.colleague, f"/v1/participants/{code}")
    assert [one["code"] for one in await items(house.colleague, "/v1/participants")] == [own]
    assert len(await items(house.peer, f"/v1/participants/{code}/encounters")) == 1, "what was done stays"


async def test_who_stands_in_for_somebody_sees_no_more_than_they_could(house: House) -> None:
    code = await house.stranger.enrolls()
    await house.stranger.records(code)
    await shows_their_code(house.peer, code)
    await covers(house, house.peer, house.colleague)
    seen = ok(await house.colleague.get(f"/v1/participants/{code}"))
    assert (seen["history_open"], seen["age_band"]) == (False, None)
    assert await items(house.colleague, f"/v1/participants/{code}/encounters") == []
    refused(await house.colleague.get(f"/v1/participants/{code}/safe-contact"), 409, "history_closed")
    refused(await house.colleague.call("DELETE", f"/v1/caseload/{code}"), 404, "not_found")


async def test_whoever_works_with_the_person_too_keeps_their_own_words_for_them(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(house.colleague.id)}))
    own = ok(await house.colleague.get(f"/v1/participants/{code}"))
    await covers(house, house.peer, house.colleague)
    assert ok(await house.colleague.get(f"/v1/participants/{code}")) == own


async def test_a_cover_does_not_go_on_to_whom_somebody_stands_in_for(house: House) -> None:
    code = await house.supervisor.enrolls()
    await covers(house, house.supervisor, house.peer)
    await covers(house, house.peer, house.colleague)
    ok(await house.peer.get(f"/v1/participants/{code}"))
    await absent(house.colleague, f"/v1/participants/{code}")


async def test_a_cover_ends_before_its_time_when_somebody_is_back(house: House) -> None:
    code = await house.peer.enrolls()
    made = await covers(house, house.peer, house.colleague)
    assert made == {**made, **WEEK, "ended_on": None}
    for caller in (house.supervisor, house.peer, house.colleague):
        assert await items(caller, "/v1/covers") == [made]
    for caller in (house.stranger, house.other_supervisor):
        assert await items(caller, "/v1/covers") == []
    path = f"/v1/covers/{made['id']}/end"
    refused(await house.peer.post(path), 403, "not_permitted")
    refused(await house.other_supervisor.post(path), 404, "not_found")
    assert ok(await house.supervisor.post(path)) == {**made, "ended_on": "2026-11-02"}
    refused(await house.supervisor.post(path), 409, "cover_over")
    await absent(house.colleague, f"/v1/participants/{code}")


async def test_a_cover_is_between_two_of_the_own_team_from_today_on_and_for_a_year_at_most(house: House) -> None:
    asked = {"away_id": str(house.peer.id), "covering_id": str(house.colleague.id), **WEEK}
    for wrong in ({"covering_id": str(house.peer.id)}, {"until": "2026-11-01"}, {"until": "soon"}):
        refused(await house.supervisor.post("/v1/covers", {**asked, **wrong}), 422, "invalid_shape")
    for other in ("stranger", "agency"):
        outside = {**asked, "covering_id": str(house.people[other].id)}
        refused(await house.supervisor.post("/v1/covers", outside), 404, "not_found")
    refused(await house.supervisor.post("/v1/covers", {**asked, "since": "2026-11-01"}), 409, "cover_day_is_over")
    refused(await house.supervisor.post("/v1/covers", {**asked, "until": "2027-11-03"}), 409, "cover_too_long")
    refused(await house.peer.post("/v1/covers", asked), 403, "not_permitted")
    past = await covers(house, house.peer, house.colleague)
    passes(house, 7)
    refused(await house.supervisor.post(f"/v1/covers/{past['id']}/end"), 409, "cover_over")


async def test_a_cover_ends_when_one_of_the_two_goes_to_another_team(house: House) -> None:
    code = await house.peer.enrolls()
    await covers(house, house.peer, house.colleague)
    path = f"/v1/members/{house.colleague.id}"
    etag = (await house.admin.get(path)).headers["etag"]
    ok(await house.admin.patch(path, {"team_id": str(house.teams["drop-in"])}, etag))
    await absent(house.colleague, f"/v1/participants/{code}")
    assert [one["ended_on"] for one in await items(house.peer, "/v1/covers")] == ["2026-11-02"]
