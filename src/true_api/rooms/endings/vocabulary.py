"""The words of an ending and of the debrief that may follow it."""

from enum import StrEnum

from true_api.privacy.endings import EndingKind as EndingKind


class DebriefAnswer(StrEnum):
    """What a member says to the offer of a debrief; either can be said after the other."""

    ACCEPTED = "accepted"
    NOT_NOW = "not_now"
