"""A supervisor's day: the night's work, the queue, somebody who comes back, and the month for the board."""

from tests.stories.steps import items
from tests.world import House, encounter, intake, ok


async def test_a_supervisor_reads_what_the_night_brought_and_shares_out_the_work(house: House) -> None:
    supervisor, peer, colleague = house.supervisor, house.peer, house.colleague
    code = await peer.enrolls(languages=["es"])
    await peer.records(code, acts=[{"act": "naloxone_given", "quantity": 2}])
    ok(await peer.post("/v1/encounters", encounter(outcome="not_today")))

    night = await items(supervisor, "/v1/encounters")
    assert [met["outcome"] for met in night] == ["not_today", "engaged"]
    caseload = await items(supervisor, "/v1/participants")
    assert [(entry["code"], entry["handle"]) for entry in caseload] == [(code, None)]

    ok(await supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(colleague.id)}))
    taken_over = ok(await colleague.get(f"/v1/participants/{code}"))
    assert (taken_over["basis"], taken_over["languages"]) == ("assigned", ["es"])
    assert len(await items(colleague, f"/v1/participants/{code}/timeline")) == 1

    month = ok(await supervisor.get("/v1/insights/months?from=2026-11&to=2026-12"))["months"][0]
    assert (month["encounters"], month["participants_reached"], month["naloxone_given"]) == (2, 1, 2)


async def test_a_supervisor_works_the_queue_and_who_said_not_now_may_come_back(house: House) -> None:
    supervisor = house.supervisor
    for urgency in ("routine", "urgent"):
        ok(await house.agency.post("/v1/intake-requests", intake(urgency=urgency, wishes=["keeps_methadone"])))
    urgent, routine = await items(supervisor, "/v1/intake-requests?state=new")
    assert (urgent["urgency"], routine["urgency"]) == ("urgent", "routine")

    tried = {"attempted_on": "2026-11-02", "result": "not_today"}
    assert ok(await supervisor.post(f"/v1/intake-requests/{urgent['id']}/attempts", tried))["attempts"] == 1
    not_now = {"to": "declined_by_person", "reason": "not_now"}
    ok(await supervisor.post(f"/v1/intake-requests/{urgent['id']}/transitions", not_now))
    assert [waiting["id"] for waiting in await items(supervisor, "/v1/intake-requests?state=new")] == [routine["id"]]

    welcome = ok(await supervisor.post(f"/v1/intake-requests/{urgent['id']}/connection", {}))
    assert welcome["state"] == "connected"
    assert ok(await supervisor.get(f"/v1/participants/{welcome['code']}"))["age_band"] == "not_asked"
