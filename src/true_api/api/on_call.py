"""Doors to the on-call schedule: the program reads it, and a supervisor keeps that of their own team."""

from typing import Any

from true_api.api.doors import Doors, Permitted
from true_api.rooms.on_call import service
from true_api.rooms.on_call.hours import Staffing
from true_api.rooms.on_call.schemas import (
    DayHoursView,
    OnCallView,
    ScheduleDraft,
    TeamScheduleView,
    WeeklyHoursView,
    shown_time,
)
from true_api.security.gates import StaffGate
from true_api.security.permits import NoTeam, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/on-call", tag="On call")

READ = StaffGate(Permission.ON_CALL_READ)
WRITE = StaffGate(Permission.ON_CALL_WRITE)


def _times(row: Any) -> dict[str, Any]:
    times = {"opens_at": row.from_minute, "closes_at": row.to_minute}
    return {name: None if minute is None else shown_time(minute) for name, minute in times.items()}


def _team(kept: service.Kept, permit: StaffPermit) -> TeamScheduleView:
    weekly = sorted(kept.hours, key=lambda row: (service.DAYS_OF_A_WEEK.index(row.weekday), row.from_minute))
    return TeamScheduleView(
        team_id=kept.schedule.team_id,
        weekly=[WeeklyHoursView(weekday=row.weekday, **_times(row)) for row in weekly],
        exceptions=[DayHoursView(on_day=row.on_day, **_times(row)) for row in kept.to_come(permit.today)],
    )


@doors.open("GET", "", READ)
async def read_on_call(permit: Permitted[StaffPermit]) -> OnCallView:
    """Read when somebody of the program is there, and when that is next."""
    schedules = await service.kept(permit.database)
    staffing = Staffing(permit.time_zone, [kept.as_hours() for kept in schedules])
    return OnCallView(
        time_zone=permit.time_zone,
        next_staffed_at=service.local_minute(staffing.next_staffed_at(permit.now), permit.time_zone),
        teams=[_team(kept, permit) for kept in schedules],
    )


@doors.open("PUT", "", WRITE, refuses=(NoTeam,))
async def keep_on_call(draft: ScheduleDraft, permit: Permitted[StaffPermit]) -> TeamScheduleView:
    """Keep the hours of the caller's own team, in the place of those before.

    Times are those of a wall clock in the program's time zone; hours that close before they open close on the day
    after. A day with an exception has the exception's hours alone.
    """
    return _team(await service.keep(permit, draft), permit)
