"""The words of a promise. None of them finds fault with anybody."""

from enum import StrEnum


class PromiseKind(StrEnum):
    """What was promised."""

    ACCOMPANIMENT = "accompaniment"
    CHECK_IN = "check_in"
    FOLLOW_UP = "follow_up"


class PromiseState(StrEnum):
    """Where a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    NOT_THIS_TIME = "not_this_time"
    RELEASED = "released"


class NotThisTime(StrEnum):
    """Why a promise was not kept on its day."""

    PERSON_NOT_THERE = "person_not_there"
    PEER_AWAY = "peer_away"
    NO_TRANSPORT = "no_transport"
    PLACE_CLOSED = "place_closed"
    NOT_SAFE = "not_safe"
    OTHER = "other"


class Released(StrEnum):
    """Why nobody waits for a promise any more."""

    PERSON_ASKED = "person_asked"
    NO_LONGER_NEEDED = "no_longer_needed"
    SOMEBODY_ELSE_DOES = "somebody_else_does"
    ENTERED_IN_ERROR = "entered_in_error"
