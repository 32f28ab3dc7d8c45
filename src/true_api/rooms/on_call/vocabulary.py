"""The words of the on-call schedule."""

from enum import StrEnum


class Weekday(StrEnum):
    """A day of the week, spelled as in RFC 5545."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"
