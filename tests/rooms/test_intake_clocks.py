"""The clock of a first contact: how long it runs, who is told when it runs out, and what it never tells an agency."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.rooms.taking_in import OFFICE_HOURS, QUEUE, at, clocks, due_is_done, known, posted, taken_in, worked
from tests.stories.steps import items
from tests.world import NOON, House, intake, ok, refused
from true_api.kernel.rows import table_of
from true_api.security.trail import OPERATOR, TrailEntry

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
EVENING = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)
"""Half past seven on Monday evening in New York: nobody is there."""


@pytest.fixture
async def staffed(house: House) -> House:
    """The night van is there in office hours."""
    ok(await house.supervisor.call("PUT", "/v1/on-call", OFFICE_HOURS))
    return house


async def test_the_receipt_says_when_somebody_is_there_and_whom_to_call_if_it_cannot_wait(staffed: House) -> None:
    for moment, urgency, expected in (
        (NOON, "routine", "2026-11-02T12:00-05:00"),
        (EVENING, "routine", "2026-11-03T09:00-05:00"),
        (EVENING, "urgent", "2026-11-03T09:00-05:00"),
        (datetime(2026, 11, 6, 23, tzinfo=UTC), "urgent", "2026-11-09T09:00-05:00"),
    ):
        staffed.clock.set(moment)
        for caller, own in ((staffed.agency, {}), (staffed.peer, {"source": "self"})):
            receipt = ok(await caller.post(QUEUE, intake(urgency=urgency, **own)))
            assert receipt["next_staffed_at"] == expected
            urgent = receipt["if_it_cannot_wait"]
            assert (urgent is not None) == (urgency == "urgent")
            assert urgent is None or ("988" in urgent and "911" in urgent)


async def test_the_receipt_is_given_again_to_a_retry_and_says_nothing_of_the_request(staffed: House) -> None:
    key = {"Idempotency-Key": "bed-4-tonight"}
    first = await staffed.agency.post(QUEUE, intake(urgency="urgent"), headers=key)
    (_, request) = "", (await items(staffed.peer, QUEUE))[0]["id"]
    await worked(staffed.peer, request, "transitions", to="declined_by_person", reason="asked_to_stop")
    again = await staffed.agency.post(QUEUE, intake(urgency="urgent"), headers=key)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_without_a_schedule_nobody_is_said_to_be_there_and_every_hour_counts(house: House) -> None:
    assert ok(await house.agency.post(QUEUE, intake()))["next_staffed_at"] is None
    urgent = await taken_in(house.peer, urgency="urgent")
    assert (await known(house.peer, urgent))["first_contact_due"] == "2026-11-02T19:00:00Z"


async def test_a_routine_request_waits_a_day_and_an_urgent_one_two_hours_in_which_somebody_is_there(
    staffed: House,
) -> None:
    for moment, urgency, due in (
        (NOON, "routine", "2026-11-03T17:00:00Z"),
        (NOON, "urgent", "2026-11-02T19:00:00Z"),
        (datetime(2026, 11, 2, 21, 30, tzinfo=UTC), "urgent", "2026-11-03T15:30:00Z"),
        (EVENING, "urgent", "2026-11-03T16:00:00Z"),
        (EVENING, "routine", "2026-11-04T00:30:00Z"),
    ):
        staffed.clock.set(moment)
        request = await taken_in(staffed.peer, urgency=urgency)
        seen = await known(staffed.peer, request)
        assert (seen["first_contact_due"], seen["overdue"], seen["escalation"]) == (due, False, 0)


async def test_when_nobody_tried_in_time_the_request_comes_first_and_what_is_urgent_is_looked_at_twice(
    house: House,
) -> None:
    routine, urgent = await taken_in(house.peer), await taken_in(house.peer, urgency="urgent")
    later = NOON + timedelta(minutes=30)
    house.clock.set(later)
    newest = await taken_in(house.peer)
    steps = (
        (NOON + timedelta(hours=2) - SECOND, {routine: 0, urgent: 0, newest: 0}),
        (NOON + timedelta(hours=2), {routine: 0, urgent: 1, newest: 0}),
        (NOON + timedelta(hours=4), {routine: 0, urgent: 2, newest: 0}),
        (NOON + DAY, {routine: 1, urgent: 2, newest: 0}),
        (NOON + 9 * DAY, {routine: 1, urgent: 2, newest: 1}),
    )
    for moment, levels in steps:
        await at(house, moment)
        for caller in (house.peer, house.supervisor, house.stranger):
            queue = await items(caller, QUEUE)
            assert {request["id"]: request["escalation"] for request in queue} == levels
            assert [request["escalation"] for request in queue] == sorted(levels.values(), reverse=True)
            escalated = await items(caller, f"{QUEUE}?escalated=true")
            assert {request["id"] for request in escalated} == {name for name, level in levels.items() if level}
            assert all(request["overdue"] and request["first_contact_due"] is None for request in escalated)
            others = await items(caller, f"{QUEUE}?escalated=false&state=new")
            assert {request["id"] for request in others} == {name for name, level in levels.items() if not level}
    assert await clocks(house) == []
    assert (await known(house.peer, routine))["escalated_on"] == "2026-11-03"


async def test_whoever_works_on_a_request_stops_its_clock(house: House) -> None:
    steps = {
        "attempts": {"attempted_on": "2026-11-02", "result": "not_there"},
        "transitions": {"to": "contacting"},
        "connection": {},
        "withdrawal": {},
    }
    for door, said in steps.items():
        request = await taken_in(house.peer)
        assert await clocks(house) == [request]
        house.clock.move(DAY)
        await due_is_done(house)
        assert (await known(house.peer, request))["escalation"] == 1
        seen = await worked(house.peer, request, door, **said)
        assert (seen["escalation"], seen["overdue"], seen["first_contact_due"]) == (0, False, None)
    for door, said in steps.items():
        request = await taken_in(house.peer, urgency="urgent")
        await worked(house.peer, request, door, **said)
        assert await clocks(house) == []
    house.clock.move(9 * DAY)
    await due_is_done(house)
    assert await items(house.peer, f"{QUEUE}?escalated=true") == []


async def test_an_agency_is_told_nothing_of_clocks(house: House) -> None:
    reference, _ = await posted(house, urgency="urgent")
    before = await house.agency.get(f"{QUEUE}/{reference}")
    await at(house, NOON + timedelta(hours=3))
    after = await house.agency.get(f"{QUEUE}/{reference}")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    told = {"escalation", "escalated_on", "overdue", "first_contact_due", "next_staffed_at"}
    assert told & set(after.json()) == set()
    for query in ("escalated=true", "escalated=false", "state=new"):
        refused(await house.agency.get(f"{QUEUE}?{query}"), 422, "invalid_shape")
    refused(await house.peer.get(f"{QUEUE}?escalated=1"), 422, "invalid_shape")


async def test_an_escalation_is_trailed_as_the_operators(house: House) -> None:
    _, request = await posted(house, urgency="urgent")
    await at(house, NOON + timedelta(hours=2))
    entries = table_of(TrailEntry)
    (entry,) = (await house.rows(select(entries).where(entries.c.door == "job intake_first_contact")))[0]
    assert (str(entry.record_id), entry.actor_id) == (request, OPERATOR)
