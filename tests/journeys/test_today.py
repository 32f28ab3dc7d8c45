"""Today: everything to look after in one call, each section capped, and as few reads for many people as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.house.scenes import SAMPLE
from tests.rooms.planning import safety_plan
from tests.stories.steps import items
from tests.world import Caller, House, intake, ok, refused
from true_api.journeys import today as journey
from true_api.kernel.database import Database

MOST_READS = 16
"""One to pass the gate, and one or two for each section, however many people there are."""


async def day_of(caller: Caller, query: str = "") -> dict[str, Any]:
    """Somebody's day."""
    return ok(await caller.get(f"/v1/today{query}"))


async def promises(caller: Caller, code: str, on: str) -> dict[str, Any]:
    """A check-in is promised."""
    return ok(await caller.post(f"/v1/participants/{code}/promises", {"kind": "check_in", "on": on}))


def passes(house: House, days: int) -> None:
    """Days go by."""
    house.clock.set(house.clock.now() + timedelta(days=days))


async def test_promises_for_today_and_overdue_ones_stand_first_in_time_with_the_peers_own_words(house: House) -> None:
    code = await house.peer.enrolls()
    handle = ok(await house.peer.get(f"/v1/participants/{code}"))["handle"]
    late, due = await promises(house.peer, code, "2026-11-03"), await promises(house.peer, code, "2026-11-04")
    await promises(house.peer, code, "2026-11-05")
    passes(house, 2)
    told = {"kind": "check_in", "part_of_day": None, "member_id": str(house.peer.id), "code": code}
    expected = [
        {**told, "id": one["id"], "due_on": one["due_on"], "overdue": overdue, "handle": handle}
        for one, overdue in ((late, True), (due, False))
    ]
    day = await day_of(house.peer)
    assert (day["day"], day["team"]) == ("2026-11-04", False)
    assert day["promises"] == {"items": expected, "more": False}
    team = await day_of(house.supervisor, "?team=true")
    assert team["promises"]["items"] == [{**one, "handle": None} for one in expected], "nobody's words are a team's"
    assert (await day_of(house.supervisor))["promises"]["items"] == [], "their own day holds what is theirs"
    ok(await house.peer.post(f"/v1/promises/{late['id']}/kept"))
    assert [one["id"] for one in (await day_of(house.peer))["promises"]["items"]] == [due["id"]]


async def test_the_day_of_who_stands_in_or_takes_over_holds_what_was_promised_before(house: House) -> None:
    covered, handed = await house.peer.enrolls(), await house.peer.enrolls()
    both = await house.peer.enrolls()
    ok(await house.supervisor.post(f"/v1/participants/{both}/assignments", {"member_id": str(house.colleague.id)}))
    for code in (covered, handed, both):
        await promises(house.peer, code, "2026-11-02")
    assert (await day_of(house.colleague))["promises"]["items"] == [], "each keeps their own promises"
    over = {"from_id": str(house.peer.id), "to_id": str(house.colleague.id), "codes": [handed]}
    ok(await house.supervisor.post("/v1/hand-overs", over))
    assert [one["code"] for one in (await day_of(house.colleague))["promises"]["items"]] == [handed]
    week = {"away_id": str(house.peer.id), "covering_id": str(house.colleague.id)}
    ok(await house.supervisor.post("/v1/covers", {**week, "since": "2026-11-02", "until": "2026-11-03"}))
    told = (await day_of(house.colleague))["promises"]["items"]
    assert {one["code"] for one in told} == {covered, handed, both}
    assert {one["code"] for one in told if one["handle"]} == {handed, both}
    passes(house, 2)
    assert [one["code"] for one in (await day_of(house.colleague))["promises"]["items"]] == [handed]


async def test_requests_to_call_stand_by_urgency_with_their_clocks_until_somebody_met_the_person(house: House) -> None:
    calm = ok(await house.agency.post("/v1/intake-requests", intake()))["reference"]
    urgent = ok(await house.agency.post("/v1/intake-requests", intake(urgency="urgent")))["reference"]
    queue = {one["reference"]: one for one in await items(house.peer, "/v1/intake-requests")}
    told = (await day_of(house.peer))["intakes"]["items"]
    assert [one["id"] for one in told] == [queue[urgent]["id"], queue[calm]["id"]]
    same = ("first_contact_due", "overdue", "state", "attempts", "needs", "urgency", "escalation", "posted_on")
    assert [{name: one[name] for name in same} for one in told] == [
        {name: queue[reference][name] for name in same} for reference in (urgent, calm)
    ]
    assert all(one["first_contact_due"] for one in told)
    assert (await day_of(house.supervisor, "?team=true"))["intakes"]["items"] == told
    ok(await house.peer.post(f"/v1/intake-requests/{queue[calm]['id']}/connection", {}))
    assert [one["id"] for one in (await day_of(house.peer))["intakes"]["items"]] == [queue[urgent]["id"]]


async def test_who_said_yes_to_a_check_in_and_was_met_by_nobody_for_a_fortnight_is_absent(house: House) -> None:
    said = {"yes": "", "no": "", "does_not_know": ""}
    for answer in said:
        said[answer] = await house.peer.enrolls()
        contact = {"okay_to_check_in": answer, "kept_until": "2027-01-30"}
        ok(await house.peer.call("PUT", f"/v1/participants/{said[answer]}/safe-contact", contact))
    met = await house.peer.records(said["yes"], occurred_on="2026-11-02")
    passes(house, 13)
    assert (await day_of(house.peer))["absent"]["items"] == []
    passes(house, 1)
    (absent,) = (await day_of(house.peer))["absent"]["items"]
    assert (absent["code"], absent["last_met_on"]) == (said["yes"], "2026-11-02")
    assert (await day_of(house.peer, "?absent_days=15"))["absent"]["items"] == []
    assert (await day_of(house.stranger))["absent"]["items"] == []
    ok(await house.peer.post(f"/v1/encounters/{met['id']}/void", {"reason": "did_not_happen"}))
    await house.peer.records(said["yes"], occurred_on="2026-11-10", outcome="unable_to_reach")
    (absent,) = (await day_of(house.supervisor, "?team=true"))["absent"]["items"]
    assert (absent["code"], absent["last_met_on"]) == (said["yes"], None), "to try is not yet to meet"
    await house.peer.records(said["yes"], occurred_on="2026-11-16")
    assert (await day_of(house.peer))["absent"]["items"] == []


async def test_plans_alerts_and_stock_come_from_their_rooms(house: House) -> None:
    code = await house.peer.enrolls()
    plan = safety_plan(review_on="2026-11-03")
    ok(await house.peer.post(f"/v1/participants/{code}/safety-plans", plan))
    check = ok(await house.peer.post("/v1/drug-checks", SAMPLE))["id"]
    alert = ok(await house.peer.post("/v1/alerts", {"message": "long_sedation", "drug_check_id": check}))["id"]
    site = ok(await house.supervisor.post("/v1/sites", {"label": "Van"}))["id"]
    least = {"site_id": site, "item": "naloxone_nasal_4mg", "at_least": 12}
    ok(await house.supervisor.call("PUT", "/v1/supplies/thresholds", least))
    day = await day_of(house.stranger)
    assert day["alerts"]["items"] == [], "nobody is told of what nobody confirmed"
    confirmed = ok(await house.supervisor.post(f"/v1/alerts/{alert}/confirmation", {}))
    passes(house, 1)
    day = await day_of(house.peer)
    assert [one["code"] for one in day["plans"]["items"]] == [code]
    assert day["plans"]["items"][0]["review_on"] == "2026-11-03"
    assert [(one["warning"], one["site_id"]) for one in day["stock"]["items"]] == [("shortfall", site)]
    (told,) = (await day_of(house.stranger))["alerts"]["items"]
    assert told["id"] == confirmed["id"], "every team is told at once"


@contextmanager
def reads_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many times the database was asked meanwhile."""
    asked, read = [0], Database.read

    async def counted(self: Database, *statements: Any) -> Any:
        asked[0] += 1
        return await read(self, *statements)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "read", counted)
        yield asked


async def test_a_day_costs_as_few_reads_with_many_people_as_with_one_and_tells_where_there_is_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "MOST", 3)
    counts = []
    for people in (1, 4):
        for _ in range(people):
            code = await house.peer.enrolls()
            await promises(house.peer, code, "2026-11-02")
            ok(await house.peer.post("/v1/intake-requests", intake(source="walk_in")))
        with reads_counted(monkeypatch) as asked:
            day = await day_of(house.peer)
        counts.append(asked[0])
        assert [len(day[name]["items"]) for name in ("promises", "intakes")] == [min(people, 3)] * 2
        assert [day[name]["more"] for name in ("promises", "intakes")] == [people > 3] * 2
    assert counts[0] == counts[1] <= MOST_READS


async def test_the_day_of_the_team_is_for_its_supervisor(house: House) -> None:
    refused(await house.peer.get("/v1/today?team=true"), 403, "not_permitted")
    for wrong in ("?team=yes", "?absent_days=0", "?absent_days=366", "?absent_days=x"):
        refused(await house.supervisor.get(f"/v1/today{wrong}"), 422, "invalid_shape")
    assert (await day_of(house.other_supervisor, "?team=true"))["promises"]["items"] == []
