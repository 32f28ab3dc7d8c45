"""What this room decides: when somebody of the program is there to try a first contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from true_api.kernel.database import Database
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.rooms.on_call.hours import Span, Staffing, TeamHours
from true_api.rooms.on_call.schemas import DayHours, ScheduleDraft, WeeklyHours
from true_api.rooms.on_call.tables import OnCallException, OnCallHours, OnCallSchedule
from true_api.rooms.on_call.vocabulary import Weekday
from true_api.security.accounts import Team
from true_api.security.permits import StaffPermit

DAYS_OF_A_WEEK = tuple(Weekday)


@dataclass(frozen=True)
class Kept:
    """One team's schedule as it is kept."""

    schedule: Any
    hours: Sequence[Any]
    exceptions: Sequence[Any]

    def to_come(self, today: date) -> list[Any]:
        """The exceptions from today on, the next first."""
        ahead = (row for row in self.exceptions if row.on_day >= today)
        return sorted(ahead, key=lambda row: (row.on_day, row.from_minute or 0))

    def as_hours(self) -> TeamHours:
        """The same as hours that can be asked."""
        weekly: dict[int, list[Span]] = {}
        for row in self.hours:
            weekly.setdefault(DAYS_OF_A_WEEK.index(row.weekday), []).append((row.from_minute, row.to_minute))
        days: dict[date, list[Span]] = {}
        for row in self.exceptions:
            spans = days.setdefault(row.on_day, [])
            if row.from_minute is not None:
                spans.append((row.from_minute, row.to_minute))
        return TeamHours(weekly, days)


async def kept(database: Database) -> list[Kept]:
    """The schedules of all teams that work now."""
    teams, schedules = table_of(Team), table_of(OnCallSchedule)
    joined = schedules.join(teams, teams.c.id == schedules.c.team_id)
    working = select(schedules).select_from(joined).where(teams.c.active).order_by(schedules.c.id)
    return await _with_hours(database, working)


async def _with_hours(database: Database, asked: Select[Any]) -> list[Kept]:
    hours, days = table_of(OnCallHours), table_of(OnCallException)
    found, weekly, exceptions = await database.read(
        asked, select(hours).order_by(hours.c.id), select(days).order_by(days.c.id)
    )
    return [
        Kept(
            schedule,
            [row for row in weekly if row.schedule_id == schedule.id],
            [row for row in exceptions if row.schedule_id == schedule.id],
        )
        for schedule in found
    ]


async def staffing(database: Database, time_zone: str) -> Staffing:
    """When anybody is there, by the schedules of all teams; about no person, so whoever asks may know."""
    return Staffing(time_zone, [one.as_hours() for one in await kept(database)])


async def keep(permit: StaffPermit, draft: ScheduleDraft) -> Kept:
    """Keep a schedule of the caller's own team in the place of the one before."""
    schedules = table_of(OnCallSchedule)
    before = await _with_hours(permit.database, select(schedules).where(schedules.c.team_id == permit.team))
    # Two who keep it at the same moment come one after the other: the second passes the gate once more.
    if before:
        schedule = before[0].schedule
        permit.change(OnCallSchedule, schedule, WriteCollided.meanwhile())
        permit.remove(OnCallHours, *(row.id for row in before[0].hours))
        permit.remove(OnCallException, *(row.id for row in before[0].exceptions))
    else:
        schedule = permit.keep(OnCallSchedule(team_id=permit.team), or_else=WriteCollided.meanwhile())
    rows, days = _rows(schedule.id, draft)
    for row in (*rows, *days):
        permit.keep(row)
    return Kept(schedule, rows, days)


def _rows(schedule: UUID, draft: ScheduleDraft) -> tuple[list[OnCallHours], list[OnCallException]]:
    def times(hours: WeeklyHours | DayHours) -> dict[str, Any]:
        return {"schedule_id": schedule, "from_minute": hours.opens_at, "to_minute": hours.closes_at}

    weekly = [OnCallHours(weekday=hours.weekday, **times(hours)) for hours in draft.weekly]
    return weekly, [OnCallException(on_day=day.on_day, **times(day)) for day in draft.exceptions]


def local_minute(at: datetime | None, time_zone: str) -> str | None:
    """An instant as the program's clocks show it, to the minute, with its distance from UTC (RFC 3339)."""
    return None if at is None else at.astimezone(ZoneInfo(time_zone)).isoformat(timespec="minutes")
