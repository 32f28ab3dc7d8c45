"""What callers say and see of the on-call schedule."""

import re
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from true_api.kernel.schemas import Day, Draft, View, examples
from true_api.rooms.on_call.hours import MINUTES_OF_A_DAY, Span
from true_api.rooms.on_call.vocabulary import Weekday

ON_THE_WALL = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"


def _minutes(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(ON_THE_WALL, value):
        raise ValueError("a time of day is written as HH:MM, from 00:00 to 24:00")
    hours, _, minutes = value.partition(":")
    return int(hours) * 60 + int(minutes)


def shown_time(minute: int) -> str:
    """A minute of the day as it is written: `HH:MM`."""
    return f"{minute // 60:02}:{minute % 60:02}"


Written = Annotated[str, Field(pattern=f"^({ON_THE_WALL})$")]
ClockTime = Annotated[int, BeforeValidator(_minutes, json_schema_input_type=Written)]
"""A time on a wall clock in the program's time zone, `HH:MM`; `24:00` is the end of a day."""

MONDAYS = {"weekday": "MO", "opens_at": "09:00", "closes_at": "17:00"}
NIGHTS = {"weekday": "FR", "opens_at": "20:00", "closes_at": "02:00"}
HOLIDAY = {"on_day": "2026-12-25", "opens_at": None, "closes_at": None}
SCHEDULE: dict[str, Any] = {"weekly": [MONDAYS, NIGHTS], "exceptions": [HOLIDAY]}


class WeeklyHours(Draft):
    """Hours that come every week. What closes before it opens, closes on the day after."""

    model_config = examples(MONDAYS, NIGHTS)

    weekday: Weekday = Field(description="The day on which they begin, as in RFC 5545.")
    opens_at: ClockTime
    closes_at: ClockTime

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        _must_be_hours((self.opens_at, self.closes_at))
        return self


class DayHours(Draft):
    """What one day has in the place of its weekday's hours; without times, nobody is there."""

    model_config = examples(HOLIDAY)

    on_day: Day
    opens_at: ClockTime | None = None
    closes_at: ClockTime | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.opens_at is None) != (self.closes_at is None):
            raise ValueError("opens_at and closes_at are given together, or neither")
        if self.opens_at is not None and self.closes_at is not None:
            _must_be_hours((self.opens_at, self.closes_at))
        return self


def _must_be_hours(span: Span) -> None:
    if span[0] == span[1] or span[0] == MINUTES_OF_A_DAY:
        raise ValueError("hours open before 24:00 and close at another time")


def _one_kind_a_day(days: tuple[DayHours, ...]) -> tuple[DayHours, ...]:
    shut = [day.on_day for day in days if day.opens_at is None]
    named = [day.on_day for day in days]
    if any(named.count(day) > 1 for day in shut):
        raise ValueError("a day on which nobody is there is listed once, without other hours")
    return days


class ScheduleDraft(Draft):
    """When a team is there to try first contacts. It takes the place of the one before."""

    model_config = examples(SCHEDULE)

    weekly: tuple[WeeklyHours, ...] = Field(max_length=42)
    exceptions: Annotated[tuple[DayHours, ...], AfterValidator(_one_kind_a_day)] = Field((), max_length=60)


class WeeklyHoursView(View):
    """Hours that come every week."""

    weekday: Weekday
    opens_at: str
    closes_at: str


class DayHoursView(View):
    """What one day has in the place of its weekday's hours; null where nobody is there."""

    on_day: date
    opens_at: str | None
    closes_at: str | None


TEAM = {"team_id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a", **SCHEDULE}


class TeamScheduleView(View):
    """One team's hours, and its days to come that are not like their weekday."""

    model_config = examples(TEAM)

    team_id: UUID
    weekly: list[WeeklyHoursView]
    exceptions: list[DayHoursView]


class OnCallView(View):
    """When somebody of the program is there."""

    model_config = examples(
        {
            "time_zone": "America/New_York",
            "next_staffed_at": "2026-11-02T09:00:00-05:00",
            "teams": [TEAM],
        }
    )

    time_zone: str
    next_staffed_at: str | None = Field(
        description="In the program's own time: now, if somebody is there; null if nobody is within two months."
    )
    teams: list[TeamScheduleView]
