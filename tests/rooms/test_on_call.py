"""On call: what the program's clocks say of when somebody is there, on every day of the year, and who may keep it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import House, ok, refused
from true_api.rooms.on_call.hours import MINUTES_OF_A_DAY, Span, Staffing, TeamHours

ZONES = ("America/New_York", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
"""Clocks that change at two, at midnight, by half an hour, that stand 45 minutes apart, and that never change."""
CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4))
MINUTE = timedelta(minutes=1)

times = st.integers(0, MINUTES_OF_A_DAY // 15 - 1).map(lambda quarter: quarter * 15)
spans = st.tuples(times, times).filter(lambda span: span[0] != span[1])
days = st.sampled_from(CHANGES).flatmap(lambda day: st.integers(-2, 2).map(lambda by: day + timedelta(days=by)))
teams = st.builds(
    TeamHours,
    weekly=st.dictionaries(st.integers(0, 6), st.lists(spans, min_size=1, max_size=2), max_size=3),
    exceptions=st.dictionaries(days, st.lists(spans, max_size=2), max_size=2),
)
staffings = st.builds(Staffing, time_zone=st.sampled_from(ZONES), teams=st.lists(teams, min_size=1, max_size=2))
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE,
    days,
    st.integers(0, MINUTES_OF_A_DAY - 1),
)


def there(staffing: Staffing, at: datetime) -> bool:
    """What a person sees who looks from the clock on the wall to the schedule beside it."""
    wall = at.astimezone(ZoneInfo(staffing.time_zone))
    minute, yesterday = wall.hour * 60 + wall.minute, wall.date() - timedelta(days=1)
    for team in staffing.teams:
        for start, end in team.beginning_on(wall.date()):
            if start <= minute and (minute < end or end < start):
                return True
        for start, end in team.beginning_on(yesterday):
            if end < start and minute < end:
                return True
    return False


@given(staffing=staffings, now=moments)
@settings(max_examples=120, deadline=None)
def test_somebody_is_there_next_at_the_first_minute_in_which_the_schedule_says_so(
    staffing: Staffing, now: datetime
) -> None:
    found = staffing.next_staffed_at(now)
    minutes = (now + number * MINUTE for number in range(4 * MINUTES_OF_A_DAY))
    expected = next((at for at in minutes if there(staffing, at)), None)
    if expected is None:
        assert found is None or found >= now + timedelta(days=4)
    else:
        assert found == expected


@given(staffing=staffings, now=moments, quarters=st.integers(1, 20))
@settings(max_examples=120, deadline=None)
def test_staffed_time_passes_only_while_somebody_is_there(staffing: Staffing, now: datetime, quarters: int) -> None:
    span = quarters * timedelta(minutes=15)
    until = staffing.after_staffed(now, span)
    looked = 4 * MINUTES_OF_A_DAY if until is None else min(4 * MINUTES_OF_A_DAY, (until - now) // MINUTE)
    passed = sum(there(staffing, now + number * MINUTE) for number in range(looked)) * MINUTE
    if until is not None and looked == (until - now) // MINUTE:
        assert passed == span
    else:
        assert passed < span


@pytest.mark.parametrize(
    ("day", "span", "begins", "lasts"),
    [
        # On March 8 the clock goes from 2:00 to 3:00: who comes at 2:30 comes when it is three, and for half an hour.
        (date(2026, 3, 8), (2 * 60 + 30, 3 * 60 + 30), "2026-03-08T03:00-04:00", timedelta(minutes=30)),
        (date(2026, 3, 8), (60, 4 * 60), "2026-03-08T01:00-05:00", timedelta(hours=2)),
        # On November 1 the hour from 1:00 comes twice, and whoever is there is there both times.
        (date(2026, 11, 1), (60, 2 * 60), "2026-11-01T01:00-04:00", timedelta(hours=2)),
        (date(2026, 11, 1), (0, MINUTES_OF_A_DAY), "2026-11-01T00:00-04:00", timedelta(hours=25)),
        (date(2026, 11, 2), (20 * 60, 2 * 60), "2026-11-02T20:00-05:00", timedelta(hours=6)),
    ],
)
def test_hours_are_those_of_the_wall_when_the_clocks_change(
    day: date, span: Span, begins: str, lasts: timedelta
) -> None:
    staffing = Staffing("America/New_York", [TeamHours({}, {day: [span]})])
    before = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    begin = datetime.fromisoformat(begins)
    assert staffing.next_staffed_at(before) == begin
    assert staffing.after_staffed(before, lasts) == begin + lasts
    assert staffing.after_staffed(before, lasts + MINUTE) is None


def test_nobody_who_says_nothing_is_there() -> None:
    nobody = Staffing("UTC", [TeamHours(), TeamHours({}, {date(2026, 11, 3): []})])
    now = datetime(2026, 11, 2, tzinfo=UTC)
    assert (nobody.next_staffed_at(now), nobody.is_kept) == (None, False)
    somebody = Staffing("UTC", [TeamHours({0: [(60, 120)]})])
    assert (somebody.next_staffed_at(now), somebody.is_kept) == (now + timedelta(hours=1), True)


MONDAYS = {"weekday": "MO", "opens_at": "09:00", "closes_at": "17:00"}
NIGHTS = {"weekday": "FR", "opens_at": "20:00", "closes_at": "02:00"}
HOLIDAY = {"on_day": "2026-11-09", "opens_at": None, "closes_at": None}
LATE = {"on_day": "2026-11-16", "opens_at": "12:00", "closes_at": "24:00"}


def schedule(
    weekly: Sequence[Mapping[str, Any]] = (MONDAYS, NIGHTS), exceptions: Sequence[Mapping[str, Any]] = (HOLIDAY, LATE)
) -> dict[str, Any]:
    return {"weekly": list(weekly), "exceptions": list(exceptions)}


async def test_a_supervisor_keeps_the_hours_of_their_own_team_and_the_program_reads_all(house: House) -> None:
    empty = {"time_zone": "America/New_York", "next_staffed_at": None, "teams": []}
    assert ok(await house.peer.get("/v1/on-call")) == empty
    for caller, hours in ((house.supervisor, [MONDAYS]), (house.other_supervisor, [NIGHTS])):
        ok(await caller.call("PUT", "/v1/on-call", schedule(hours)))
    seen = ok(await house.peer.get("/v1/on-call"))
    kept = {team["team_id"]: team["weekly"] for team in seen["teams"]}
    assert kept == {str(house.teams["night van"]): [MONDAYS], str(house.teams["drop-in"]): [NIGHTS]}
    assert all(team["exceptions"] == [HOLIDAY, LATE] for team in seen["teams"])
    assert seen["next_staffed_at"] == "2026-11-02T12:00-05:00", "it is noon on a Monday: somebody is there"
    for caller in (house.peer, house.agency, house.agency_worker, house.admin, house.integrator):
        refused(await caller.call("PUT", "/v1/on-call", schedule()), 403, "not_permitted")
    for caller in (house.agency, house.agency_worker, house.admin, house.integrator):
        refused(await caller.get("/v1/on-call"), 403, "not_permitted")


async def test_a_schedule_takes_the_place_of_the_one_before_and_days_that_are_over_are_not_shown(house: House) -> None:
    ok(await house.supervisor.call("PUT", "/v1/on-call", schedule()))
    again = ok(await house.supervisor.call("PUT", "/v1/on-call", schedule([NIGHTS])))
    assert again == {"team_id": str(house.teams["night van"]), **schedule([NIGHTS])}
    house.clock.set(datetime(2026, 11, 10, 17, tzinfo=UTC))
    (team,) = ok(await house.supervisor.get("/v1/on-call"))["teams"]
    assert (team["weekly"], team["exceptions"]) == ([NIGHTS], [LATE])


async def test_a_team_that_was_dissolved_is_not_there(house: House) -> None:
    ok(await house.supervisor.call("PUT", "/v1/on-call", schedule()))
    team = f"/v1/teams/{house.teams['night van']}"
    etag = (await house.admin.get(team)).headers["etag"]
    ok(await house.admin.patch(team, {"active": False}, etag))
    assert ok(await house.stranger.get("/v1/on-call"))["next_staffed_at"] is None


async def test_hours_that_no_clock_shows_are_refused(house: House) -> None:
    wrong = [
        schedule([{**MONDAYS, "opens_at": "17:00"}]),
        schedule([{**MONDAYS, "opens_at": "9:00"}]),
        schedule([{**MONDAYS, "opens_at": "24:00"}]),
        schedule([{**MONDAYS, "closes_at": "24:30"}]),
        schedule([{**MONDAYS, "weekday": "Monday"}]),
        schedule(exceptions=[{**HOLIDAY, "opens_at": "09:00"}]),
        schedule(exceptions=[HOLIDAY, {**LATE, "on_day": HOLIDAY["on_day"]}]),
        {"exceptions": []},
    ]
    for draft in wrong:
        refused(await house.supervisor.call("PUT", "/v1/on-call", draft), 422, "invalid_shape")
    assert ok(await house.supervisor.get("/v1/on-call"))["teams"] == []
