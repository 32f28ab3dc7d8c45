"""The words of the wellness pulse and of requests for support."""

from enum import StrEnum


class PulseItem(StrEnum):
    """What a pulse asks, each from 0 to 4."""

    ENERGY = "energy"
    LOAD = "load"
    EXPOSURE = "exposure"
    SUPPORT_WANTED = "support_wanted"


class SupportWish(StrEnum):
    """What somebody who works here asks for."""

    TALK = "talk"
    DEBRIEF = "debrief"
    TIME_OFF = "time_off"
    LIGHTER_LOAD = "lighter_load"
    ANOTHER_SCHEDULE = "another_schedule"
    PRACTICAL_HELP = "practical_help"
    PROFESSIONAL_SUPPORT = "professional_support"
    OTHER = "other"


class SupportState(StrEnum):
    """Where a request for support stands."""

    ASKED = "asked"
    TAKEN_UP = "taken_up"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


WELLNESS_TERMS: tuple[type[StrEnum], ...] = (PulseItem, SupportState, SupportWish)
"""Every list of terms of this room."""
