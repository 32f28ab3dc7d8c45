"""Hours: what the schedules of HSDS say of one moment (recurrence rules of RFC 5545, 3.3.10, as far as HSDS has them).

A schedule that has no rule and no day, or no hours, says nothing that a machine can rely on: it opens nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
DAY = timedelta(days=1)
MOST_COUNTED = 3_700
"""Days in which a counted rule is followed: ten years."""

Schedule = Mapping[str, Any]


def is_open(schedules: Iterable[Schedule], at: datetime, zone: str) -> bool:
    """Whether any of these schedules is open at an instant; hours without a zone of their own are the program's."""
    return any(_is_open(schedule, at, ZoneInfo(zone)) for schedule in schedules)


def says_hours(schedules: Iterable[Schedule]) -> bool:
    """Whether any of these schedules can be followed at all."""
    return any(_hours(schedule) is not None and _has_rule(schedule) for schedule in schedules)


def _is_open(schedule: Schedule, at: datetime, zone: tzinfo) -> bool:
    hours = _hours(schedule)
    if hours is None or not _has_rule(schedule):
        return False
    offset = schedule.get("timezone")
    own = timezone(timedelta(hours=offset)) if isinstance(offset, int | float) and -23 < offset < 23 else zone
    wall = at.astimezone(own)
    opens, closes = hours
    if opens < closes:
        return opens <= wall.time() < closes and _is_on(schedule, wall.date())
    # Over midnight, and all around the clock where both are the same.
    begun = opens <= wall.time() and _is_on(schedule, wall.date())
    return begun or (wall.time() < closes and _is_on(schedule, wall.date() - DAY))


def _hours(schedule: Schedule) -> tuple[time, time] | None:
    opens, closes = (_time(schedule.get(name)) for name in ("opens_at", "closes_at"))
    return None if opens is None or closes is None else (opens, closes)


def _time(text: str | None) -> time | None:
    """A time of day on the wall; 24:00 is the midnight that a day ends with."""
    found = re.match(r"(\d\d):(\d\d)", text or "")
    return time(int(found[1]) % 24, int(found[2])) if found else None


def _has_rule(schedule: Schedule) -> bool:
    return any(schedule.get(name) for name in ("freq", "byday", "bymonthday", "byyearday", "dtstart"))


def _day(schedule: Schedule, name: str) -> date | None:
    said = schedule.get(name)
    return date.fromisoformat(said[:10]) if said else None


def _is_on(schedule: Schedule, day: date) -> bool:
    """Whether the schedule opens on a day."""
    first, last = _day(schedule, "valid_from"), _day(schedule, "valid_to")
    begins, until = _day(schedule, "dtstart"), _day(schedule, "until")
    if any(bound is not None and day < bound for bound in (first, begins)):
        return False
    if any(bound is not None and day > bound for bound in (last, until)):
        return False
    if not _fits(schedule, day, begins):
        return False
    count = schedule.get("count")
    return count is None or begins is None or _turn_of(schedule, begins, day) <= count


def _turn_of(schedule: Schedule, begins: date, day: date) -> int:
    """How many times the rule has come round until a day."""
    days = min((day - begins).days, MOST_COUNTED)
    return sum(_fits(schedule, begins + DAY * number, begins) for number in range(days + 1))


def _fits(schedule: Schedule, day: date, begins: date | None) -> bool:
    rules: tuple[tuple[str, Callable[[str, date], bool]], ...] = (
        ("bymonthday", _is_month_day),
        ("byyearday", _is_year_day),
        ("byweekno", _is_week),
    )
    for name, fits in rules:
        if (said := schedule.get(name)) and not any(fits(part.strip(), day) for part in said.split(",")):
            return False
    monthly, named = schedule.get("freq") == "MONTHLY", schedule.get("byday")
    if named and not any(_is_weekday(part.strip(), day, monthly) for part in named.split(",")):
        return False
    names_days = any(schedule.get(name) for name in ("byday", "bymonthday", "byyearday"))
    if not names_days and (begins is None or not _is_like(schedule.get("freq"), begins, day)):
        return False
    return begins is None or _comes_round(schedule, begins, day)


def _is_like(freq: Any, begins: date, day: date) -> bool:
    """Whether a rule that names no day comes round on this one: it goes by the day on which it begins."""
    if freq == "WEEKLY":
        return begins.weekday() == day.weekday()
    return begins.day == day.day if freq == "MONTHLY" else begins == day


def _comes_round(schedule: Schedule, begins: date, day: date) -> bool:
    every = int(schedule.get("interval") or 1)
    if every <= 1:
        return True
    if schedule.get("freq") == "MONTHLY":
        return ((day.year - begins.year) * 12 + day.month - begins.month) % every == 0
    starts = WEEKDAYS.index(schedule.get("wkst", "MO"))
    weeks = (_week_of(day, starts) - _week_of(begins, starts)).days // 7
    return weeks % every == 0


def _week_of(day: date, starts: int) -> date:
    return day - DAY * ((day.weekday() - starts) % 7)


def _is_weekday(said: str, day: date, monthly: bool) -> bool:
    """`MO`, and where a rule is monthly also `1MO` and `-1MO`: the first Monday, and the last one."""
    found = NTH.fullmatch(said.upper())
    if found is None or WEEKDAYS[day.weekday()] != found[2]:
        return False
    if found[1] is None or not monthly:
        return found[1] is None
    nth, last = int(found[1]), _days_of_month(day)
    return (day.day - 1) // 7 + 1 == nth if nth > 0 else (last - day.day) // 7 + 1 == -nth


def _days_of_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - DAY).day


def _is_month_day(said: str, day: date) -> bool:
    return _number(said) in (day.day, day.day - _days_of_month(day) - 1)


def _is_year_day(said: str, day: date) -> bool:
    number = day.timetuple().tm_yday
    return _number(said) in (number, number - date(day.year, 12, 31).timetuple().tm_yday - 1)


def _is_week(said: str, day: date) -> bool:
    return _number(said) == day.isocalendar().week


def _number(said: str) -> int | None:
    return int(said) if re.fullmatch(r"[+-]?\d{1,3}", said) else None
