"""The words of a hand-over."""

from enum import StrEnum


class HandedOverAs(StrEnum):
    """What became of one person of a hand-over."""

    HANDED_OVER = "handed_over"
    ALREADY_THEIRS = "already_theirs"
    NOT_THIS_PEER = "not_this_peer"
    NOT_FOUND = "not_found"
