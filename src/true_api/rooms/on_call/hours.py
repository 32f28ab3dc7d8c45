"""Staffed hours: what a wall clock in the program's zone says, in the instants of a world with daylight saving time.

`is_staffed` is the one definition. Everything else looks at the moments at which its answer can change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise, takewhile
from zoneinfo import ZoneInfo

MINUTES_OF_A_DAY = 24 * 60
DAYS_AHEAD = 60
"""Who is not on call within two months is not on call."""

Span = tuple[int, int]
"""From a minute of the day until another; one that ends before it begins ends on the day after."""


@dataclass(frozen=True)
class TeamHours:
    """When one team is there: by weekday (Monday is 0), but for the days that are not like their weekday."""

    weekly: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    exceptions: Mapping[date, Sequence[Span]] = field(default_factory=dict)

    def beginning_on(self, day: date) -> Sequence[Span]:
        """The spans that begin on a day."""
        return self.exceptions.get(day, self.weekly.get(day.weekday(), ()))

    def covers(self, wall: datetime) -> bool:
        """Whether the team is there when the clock on the wall says this."""
        minute, before = wall.hour * 60 + wall.minute, wall.date() - timedelta(days=1)
        return any(
            start <= minute < end or (end <= start <= minute) for start, end in self.beginning_on(wall.date())
        ) or any(end <= start and minute < end for start, end in self.beginning_on(before))


@dataclass(frozen=True)
class Staffing:
    """When anybody of the program is there."""

    time_zone: str
    teams: Sequence[TeamHours]

    @property
    def is_kept(self) -> bool:
        """Whether anybody has said so far when they are there."""
        return any(team.weekly or any(team.exceptions.values()) for team in self.teams)

    def is_staffed(self, at: datetime) -> bool:
        """Whether somebody is there at an instant."""
        wall = at.astimezone(ZoneInfo(self.time_zone))
        return any(team.covers(wall) for team in self.teams)

    def next_staffed_at(self, now: datetime) -> datetime | None:
        """When somebody is there next: now, or later; None when nobody is within two months."""
        return next((begin for begin, _ in self._staffed_from(now)), None)

    def after_staffed(self, now: datetime, span: timedelta) -> datetime | None:
        """When so much staffed time will have passed; None when it does not within two months."""
        left = span
        for begin, end in self._staffed_from(now):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return None

    def _staffed_from(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of time, each as short as it comes, in which somebody is there, from now on."""
        for begin, end in pairwise(self._turning_points(now.astimezone(UTC))):
            if self.is_staffed(begin):
                yield begin, end

    def _turning_points(self, now: datetime) -> Iterator[datetime]:
        """Now, and every later instant at which the answer can change, in order."""
        zone, today = ZoneInfo(self.time_zone), now.astimezone(ZoneInfo(self.time_zone)).date()
        yield now
        last = now
        for day in (today + timedelta(days=number) for number in range(DAYS_AHEAD)):
            for point in self._points_of(day, zone):
                if point > last:
                    last = point
                    yield point

    def _points_of(self, day: date, zone: ZoneInfo) -> list[datetime]:
        midnight, next_midnight = (_instant(_wall(each, 0), zone, 0) for each in (day, day + timedelta(days=1)))
        spans = [
            span for team in self.teams for each in (day - timedelta(days=1), day) for span in team.beginning_on(each)
        ]
        walls = [_wall(day, minute) for minute in {minute for span in spans for minute in span}]
        points = {_instant(wall, zone, fold) for wall in walls for fold in (0, 1)}
        points |= {midnight, next_midnight, *_clock_changes(midnight, next_midnight, zone)}
        return sorted(point for point in points if midnight <= point <= next_midnight)


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _instant(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _clock_changes(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The instant between two at which the clocks are changed, to the minute."""
    offset, minutes = begin.astimezone(zone).utcoffset(), (end - begin) // timedelta(minutes=1)
    if offset != end.astimezone(zone).utcoffset():
        ahead = (begin + timedelta(minutes=number) for number in count())
        before = takewhile(lambda at: at.astimezone(zone).utcoffset() == offset, ahead)
        yield begin + timedelta(minutes=min(minutes, sum(1 for _ in before)))
