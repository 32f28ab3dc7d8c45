"""What we keep of the hours in which teams are there: times of a wall clock in the program's zone, about no person."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach, every_row
from true_api.privacy.retention import Kept, Rules
from true_api.rooms.on_call.vocabulary import Weekday


class OnCallSchedule(Row, table=True):
    """One team's schedule; its hours are parts of it."""

    __tablename__ = "on_call_schedules"
    __reach__: ClassVar[Reach] = Reach(program=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    team_id: UUID = Field(foreign_key="teams.id", unique=True)


class OnCallHours(Row, table=True):
    """Hours that come every week, as minutes of the day; hours that end before they begin end on the day after."""

    __tablename__ = "on_call_hours"
    __parent__: ClassVar[str] = "schedule_id"
    __reach__: ClassVar[Reach] = Reach(program=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    schedule_id: UUID = Field(foreign_key="on_call_schedules.id", index=True)
    weekday: Weekday = Field(sa_type=choice(Weekday))
    from_minute: int
    to_minute: int


class OnCallException(Row, table=True):
    """A day that is not like its weekday: other hours, or none at all where the minutes are null."""

    __tablename__ = "on_call_exceptions"
    __parent__: ClassVar[str] = "schedule_id"
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __kept_for__: ClassVar[Rules] = (Kept("on_day", 31, "nobody is on call on a day that is over"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    schedule_id: UUID = Field(foreign_key="on_call_schedules.id", index=True)
    on_day: date
    from_minute: int | None = None
    to_minute: int | None = None
