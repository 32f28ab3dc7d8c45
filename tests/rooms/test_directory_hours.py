"""Open now: the schedules of HSDS against the clock, over midnight, month by month, and in other zones."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from true_api.rooms.directory.hours import WEEKDAYS, is_open, says_hours

NEW_YORK = "America/New_York"


def at(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(**over: Any) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00:00", **over}


NIGHT = {"byday": "MO,FR", "opens_at": "20:00", "closes_at": "06:00"}


@pytest.mark.parametrize(
    ("over", "moment", "is_it"),
    [
        ({}, "2026-11-02T09:00", True),
        ({}, "2026-11-02T17:00", False),
        ({}, "2026-11-03T12:00", False),
        (NIGHT, "2026-11-02T23:59", True),
        (NIGHT, "2026-11-03T05:59", True),
        (NIGHT, "2026-11-03T20:00", False),
        (NIGHT, "2026-11-02T05:00", False),
        ({"opens_at": "00:00", "closes_at": "24:00"}, "2026-11-02T23:59", True),
        ({"opens_at": "00:00", "closes_at": "00:00"}, "2026-11-03T00:00", False),
        ({"valid_from": "2026-11-03"}, "2026-11-02T12:00", False),
        ({"valid_to": "2026-11-01"}, "2026-11-02T12:00", False),
        ({"until": "2026-11-02T00:00:00Z"}, "2026-11-02T12:00", True),
        ({"dtstart": "2026-10-26", "interval": 2}, "2026-11-02T12:00", False),
        ({"dtstart": "2026-10-26", "interval": 2}, "2026-11-09T12:00", True),
        ({"dtstart": "2026-10-31", "interval": 2, "wkst": "SU"}, "2026-11-02T12:00", False),
        ({"dtstart": "2026-10-26", "count": 2}, "2026-11-02T12:00", True),
        ({"dtstart": "2026-10-26", "count": 2}, "2026-11-09T12:00", False),
        ({"byday": "", "dtstart": "2026-10-26"}, "2026-11-02T12:00", True),
        ({"freq": "MONTHLY", "byday": "1MO"}, "2026-11-02T12:00", True),
        ({"freq": "MONTHLY", "byday": "2MO"}, "2026-11-02T12:00", False),
        ({"freq": "MONTHLY", "byday": "-1MO"}, "2026-11-30T12:00", True),
        ({"freq": "MONTHLY", "byday": "-1MO"}, "2026-11-23T12:00", False),
        ({"freq": "MONTHLY", "byday": "", "bymonthday": "1,-1"}, "2026-11-30T12:00", True),
        ({"freq": "MONTHLY", "byday": "", "bymonthday": "1,-1"}, "2026-11-29T12:00", False),
        ({"freq": "MONTHLY", "byday": "", "dtstart": "2026-09-02", "interval": 2}, "2026-11-02T12:00", True),
        ({"byweekno": "45,46"}, "2026-11-02T12:00", True),
        ({"byweekno": "46"}, "2026-11-02T12:00", False),
        ({"byday": "", "byyearday": "306"}, "2026-11-02T12:00", True),
        ({"freq": "", "byday": "", "dtstart": "2026-11-02"}, "2026-11-02T12:00", True),
        ({"freq": "", "byday": "", "dtstart": "2026-11-02"}, "2026-11-09T12:00", False),
        ({"byday": "1MO"}, "2026-11-02T12:00", False),
        ({"byday": "nonsense", "byweekno": "x"}, "2026-11-02T12:00", False),
        ({"timezone": 0}, "2026-11-02T12:00", False),
        ({"timezone": -5}, "2026-11-02T12:00", True),
    ],
)
def test_a_schedule_is_followed_as_it_is_written(over: dict[str, Any], moment: str, is_it: bool) -> None:
    assert is_open([hours(**over)], at(moment), NEW_YORK) is is_it


def test_hours_are_those_of_the_programs_wall_on_the_night_when_the_clocks_change() -> None:
    night = [hours(byday="SA", opens_at="22:00", closes_at="04:00")]
    ends = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    assert is_open(night, ends - timedelta(minutes=1), NEW_YORK)
    assert not is_open(night, ends, NEW_YORK)


@pytest.mark.parametrize(
    "schedule", [{}, {"description": "Most days."}, hours(opens_at=None), {"opens_at": "09:00", "closes_at": "17:00"}]
)
def test_what_cannot_be_followed_opens_nothing(schedule: dict[str, Any]) -> None:
    assert not says_hours([schedule])
    assert not is_open([schedule], at("2026-11-02T12:00"), NEW_YORK)


@given(
    some.sets(some.sampled_from(WEEKDAYS), min_size=1),
    some.integers(0, 23),
    some.integers(1, 24),
    some.integers(0, 7 * 24 - 1),
)
@settings(deadline=None, max_examples=80)
def test_every_hour_of_a_week_is_open_as_often_as_the_days_and_hours_say(
    days: set[str], opens: int, lasts: int, hour: int
) -> None:
    closes = (opens + lasts) % 24
    schedule = hours(byday=",".join(sorted(days)), opens_at=f"{opens:02}:00", closes_at=f"{closes:02}:00")
    monday = date(2026, 11, 2)
    covered = {
        (24 * number + opens + each) % (7 * 24)
        for number, day in enumerate(WEEKDAYS)
        if day in days
        for each in range(lasts)
    }
    moment = datetime.combine(monday, datetime.min.time(), UTC) + timedelta(hours=hour, minutes=30)
    assert is_open([schedule], moment, "UTC") is (hour in covered)
