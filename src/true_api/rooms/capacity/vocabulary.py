"""The words of capacity (Gravity SDOHCC capacity inquiries; domain.md, "Referrals and intake")."""

from enum import StrEnum


class CapacityAnswerKind(StrEnum):
    """What an agency says of its places for one need."""

    CAPACITY = "capacity"
    NO_CAPACITY = "no_capacity"
    WAITLIST = "waitlist"
    ADDITIONAL_ASSESSMENT_REQUIRED = "additional_assessment_required"
