"""A pulse is its peer's alone; what is shared is what the peer says; what supervisors may know is a count of many."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.security.trails import settle
from tests.world import NOON, House, ok, refused
from true_api.kernel.effects import Unit
from true_api.kernel.errors import NotFound
from true_api.kernel.quarters import Quarter
from true_api.kernel.rows import table_of
from true_api.privacy.reach import Sight, Viewer, within_reach
from true_api.rooms.wellness.counts import FEWEST_PEERS, QuarterStillOpen, judge_quarter, told
from true_api.rooms.wellness.tables import SupportRequest, WellnessPulse
from true_api.rooms.wellness.vocabulary import PulseItem
from true_api.security.accounts import Member
from true_api.security.housekeeping import sweep
from true_api.security.roles import Role

PULSES, REQUESTS = "/v1/wellness-pulses", "/v1/support-requests"
HOW = {"energy": 1, "load": 4, "exposure": 3, "support_wanted": 4}
SAID = "I would like a quiet hour this week."
SUMMER = Quarter(2026, 3)

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What no engine decides."""


async def test_emotional_labor_wellness_of_peers(house: House) -> None:
    """Private pulse; a request that may bypass the supervisor (domain.md, "What the program believes")."""
    peer, own, other = house.peer, house.supervisor, house.other_supervisor
    pulse = ok(await peer.post(PULSES, HOW))
    assert (pulse["taken_on"], pulse["kept_until"]) == ("2026-11-02", "2027-04-10")
    assert ok(await peer.get(f"{PULSES}/{pulse['id']}")) == pulse
    for somebody in (own, other, house.colleague, house.stranger):
        refused(await somebody.get(f"{PULSES}/{pulse['id']}"), 404, "not_found")
        refused(await somebody.call("DELETE", f"{PULSES}/{pulse['id']}"), 404, "not_found")
        assert ok(await somebody.get(PULSES))["items"] == []
    refused(await house.admin.get(f"{PULSES}/{pulse['id']}"), 403, "not_permitted")

    whom = ok(await peer.get("/v1/supervisors"))["items"]
    assert [(one["label"], one["own_team"]) for one in whom] == [("supervisor", True), ("other supervisor", False)]
    wish = {"to_member_id": str(other.id), "wish": "debrief", "words": SAID}
    asked = ok(await peer.post(f"{PULSES}/{pulse['id']}/support-request", wish))
    for_other = [one["id"] for one in ok(await other.get("/v1/today"))["support_requests"]["items"]]
    assert for_other == [asked["id"]]
    shared = ok(await other.get(f"{REQUESTS}/{asked['id']}"))
    assert shared["words"] == SAID
    assert not {"pulse_id", *HOW} & shared.keys()
    refused(await own.get(f"{REQUESTS}/{asked['id']}"), 404, "not_found")
    assert ok(await own.get(REQUESTS))["items"] == []
    assert ok(await own.get("/v1/today"))["support_requests"]["items"] == []
    refused(await peer.post(f"{REQUESTS}/{asked['id']}/taken-up"), 404, "not_found")
    assert ok(await other.post(f"{REQUESTS}/{asked['id']}/taken-up"))["state"] == "taken_up"
    assert ok(await peer.post(f"{REQUESTS}/{asked['id']}/settled"))["settled_on"] == "2026-11-02"
    refused(await peer.post(f"{REQUESTS}/{asked['id']}/withdrawal"), 409, "support_settled")
    assert await _reached(house) == {"peer": (1, 1), "other_supervisor": (0, 1)}


async def _reached(house: House) -> dict[str, tuple[int, int]]:
    """How many pulses and requests the queries themselves give to each caller, whatever the doors say."""
    sights = {
        Role.PEER: Sight.OWN_CASELOAD,
        Role.SUPERVISOR: Sight.TEAM_CASELOAD,
        Role.ADMIN: Sight.ACCOUNTS,
        Role.AGENCY: Sight.OWN_ORGANIZATION,
        Role.INTEGRATOR: Sight.NO_ONE,
    }
    found = {}
    for name, caller in house.people.items():
        viewer = Viewer(sights[caller.role], caller.id, caller.organization_id, house.teams["night van"], NOON.date())
        kinds = (WellnessPulse, SupportRequest)
        asked = await house.rows(*(select(table_of(kind)).where(within_reach(kind, viewer)) for kind in kinds))
        found[name] = (len(asked[0]), len(asked[1]))
    return {name: counts for name, counts in found.items() if any(counts)}


async def test_whom_somebody_turned_to_is_told_to_nobody_by_the_trail_either(house: House) -> None:
    ok(await house.peer.post(PULSES, HOW))
    ok(await house.peer.post(REQUESTS, {"to_member_id": str(house.other_supervisor.id), "wish": "talk"}))
    ok(await house.other_supervisor.get(REQUESTS))
    await settle(house)
    for reader, own in ((house.supervisor, set()), (house.admin, set()), (house.other_supervisor, {"support:read"})):
        entries = ok(await reader.get("/v1/audit/entries?limit=200"))["items"]
        told_of = {
            entry["permission"] for entry in entries if entry["permission"].startswith(("wellness:", "support:"))
        }
        assert told_of == own, reader.name
        assert entries


@ON_SQLITE
async def test_support_is_asked_of_somebody_else_who_supervises_here(house: House) -> None:
    for nobody in (house.colleague, house.admin, house.agency_worker):
        asked = {"to_member_id": str(nobody.id), "wish": "talk"}
        refused(await house.peer.post(REQUESTS, asked), 409, "no_such_supervisor")
    own = {"to_member_id": str(house.supervisor.id), "wish": "talk"}
    refused(await house.supervisor.post(REQUESTS, own), 409, "no_such_supervisor")
    asked = ok(await house.peer.post(REQUESTS, own))
    assert ok(await house.peer.post(f"{REQUESTS}/{asked['id']}/withdrawal"))["state"] == "withdrawn"
    for move in ("taken-up", "settled"):
        refused(await house.supervisor.post(f"{REQUESTS}/{asked['id']}/{move}"), 409, "support_settled")


@ON_SQLITE
async def test_a_pulse_can_be_taken_back_until_its_quarter_is_counted(house: House) -> None:
    pulse, other = ok(await house.peer.post(PULSES, HOW)), ok(await house.peer.post(PULSES, HOW))
    ok(await house.peer.call("DELETE", f"{PULSES}/{pulse['id']}"))
    refused(await house.peer.get(f"{PULSES}/{pulse['id']}"), 404, "not_found")
    house.clock.set(datetime(2027, 1, 1, 17, tzinfo=UTC))
    refused(await house.peer.call("DELETE", f"{PULSES}/{other['id']}"), 409, "pulse_quarter_closed")


@ON_SQLITE
async def test_all_pulses_of_a_quarter_go_on_one_day(house: House) -> None:
    await _keep(house, *(_pulse(house.peer.id, day) for day in (SUMMER.first_day, SUMMER.last_day)))
    pulses = select(table_of(WellnessPulse).c.id)
    for day, left in ((8, 2), (9, 0)):
        house.clock.set(datetime(2027, 1, day, 17, tzinfo=UTC))
        await sweep(house.installation)
        assert len((await house.rows(pulses))[0]) == left


async def _six_peers(house: House) -> list[UUID]:
    """Three peers more than the house has, so that they are six."""
    place = {"organization_id": house.organizations["program"], "team_id": house.teams["drop-in"], "created_at": NOON}
    more = [Member(role=Role.PEER, label=f"peer {number}", **place) for number in range(3)]
    unit = Unit()
    for member in more:
        unit.keep(member)
    await house.installation.database.commit(unit)
    return [house.peer.id, house.colleague.id, house.stranger.id, *(member.id for member in more)]


def _pulse(member: UUID, taken_on: date, counted: bool = True, **over: int) -> WellnessPulse:
    answers = {**HOW, "energy": 0, **over}
    ends = Quarter.of(taken_on).last_day
    return WellnessPulse(member_id=member, taken_on=taken_on, quarter_ends_on=ends, counted=counted, **answers)


async def _keep(house: House, *pulses: WellnessPulse) -> None:
    unit = Unit()
    for pulse in pulses:
        unit.keep(pulse)
    await house.installation.database.commit(unit)


async def test_supervisors_see_counts_of_a_closed_quarter_from_six_peers_on_and_never_of_all_alike(
    house: House,
) -> None:
    counts, six = f"/v1/wellness-counts?quarter={SUMMER}", await _six_peers(house)
    await _keep(house, *(_pulse(member, date(2026, 8, 1)) for member in six[:5]))
    await _keep(house, _pulse(house.supervisor.id, date(2026, 8, 1), counted=False))
    nothing = {"quarter": "2026-Q3", "answered": None, "items": []}
    assert ok(await house.supervisor.get(counts)) == nothing
    # A supervisor's own pulse is kept and never counted: who can see a count could subtract themselves from it.
    ok(await house.supervisor.post(PULSES, HOW))
    await _keep(house, _pulse(six[5], date(2026, 8, 1), energy=4), _pulse(six[5], date(2026, 9, 30), energy=2))
    seen = ok(await house.other_supervisor.get(counts))
    assert seen["answered"] == 6
    assert seen["items"] == [
        {"item": "energy", "answers": [5, 0, 1, 0, 0]},
        *({"item": item, "answers": None} for item in ("load", "exposure", "support_wanted")),
    ]
    refused(await house.peer.get(counts), 403, "not_permitted")
    refused(await house.supervisor.get("/v1/wellness-counts?quarter=2026-Q4"), 409, "quarter_still_open")
    refused(await house.supervisor.get(f"{counts}&team=night"), 422, "invalid_shape")
    house.clock.set(datetime(2027, 1, 9, 17, tzinfo=UTC))
    refused(await house.supervisor.get(counts), 404, "not_found")


@ON_SQLITE
async def test_a_peers_pulse_counts_and_a_supervisors_does_not(house: House) -> None:
    ok(await house.peer.post(PULSES, HOW))
    ok(await house.supervisor.post(PULSES, HOW))
    pulses = table_of(WellnessPulse)
    found = (await house.rows(select(pulses.c.member_id, pulses.c.counted)))[0]
    assert {row.member_id: row.counted for row in found} == {house.peer.id: True, house.supervisor.id: False}


ANSWERS = st.fixed_dictionaries({item.value: st.integers(0, 4) for item in PulseItem})


@given(st.lists(st.tuples(st.integers(0, 8), ANSWERS), max_size=30))
def test_nothing_is_told_of_fewer_than_six_and_each_peer_counts_once(taken: list[tuple[int, dict[str, int]]]) -> None:
    last = dict(taken)
    counted = told([{"member_id": member, **answers} for member, answers in taken])
    if len(last) < FEWEST_PEERS:
        assert counted == {"answered": None, "items": []}
        return
    assert counted["answered"] == len(last)
    for line in counted["items"]:
        true = Counter(answers[line["item"].value] for answers in last.values())
        assert line["answers"] == (None if len(true) == 1 else [true[value] for value in range(5)])


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(-400, 800))
def test_a_quarter_is_told_of_when_no_pulse_can_come_to_it_or_go_from_it(day: date, later: int) -> None:
    quarter, today = Quarter.of(day), day + timedelta(days=later)
    pulse = _pulse(uuid4(), quarter.first_day)
    gone_from = pulse.quarter_ends_on + timedelta(days=101)
    if today <= quarter.last_day:
        with pytest.raises(QuarterStillOpen):
            judge_quarter(quarter, today)
    elif today >= gone_from:
        with pytest.raises(NotFound):
            judge_quarter(quarter, today)
    else:
        judge_quarter(quarter, today)
