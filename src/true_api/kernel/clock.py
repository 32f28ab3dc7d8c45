"""The clock: always passed in, so that a demo and a test can move it."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that can say what time it is, in UTC."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class HeldClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Hold another instant."""
        self._at = at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Go forward (or back) by a span."""
        self._at += by


def local_day(at: datetime, time_zone: str) -> date:
    """The calendar day at an instant in an IANA time zone."""
    return at.astimezone(ZoneInfo(time_zone)).date()
