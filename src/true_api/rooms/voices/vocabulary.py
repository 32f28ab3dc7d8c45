"""The words of voices."""

from enum import StrEnum


class VoiceKind(StrEnum):
    """Whether somebody says how it was, or asks that something be done about it."""

    VOICE = "voice"
    COMPLAINT = "complaint"


class VoiceAnswer(StrEnum):
    """An answer to one of the three questions of a voice."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"


class VoiceState(StrEnum):
    """What became of a voice, as its receipt tells."""

    RECEIVED = "received"
    LOOKED_AT = "looked_at"
    ANSWERED = "answered"


VOICE_TERMS: tuple[type[StrEnum], ...] = (VoiceAnswer, VoiceKind, VoiceState)
"""Every list of terms of this room."""
