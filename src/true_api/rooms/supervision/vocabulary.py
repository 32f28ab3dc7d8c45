"""The words of supervision (domain.md, "People who work here"). None of them grades anybody."""

from enum import StrEnum


class SupervisionForm(StrEnum):
    """How a supervision session took place."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    FIELD = "field"
    CRISIS_DEBRIEF = "crisis_debrief"


class SupervisionTopic(StrEnum):
    """What a supervision session was about."""

    BOUNDARIES = "boundaries"
    SELF_CARE = "self_care"
    GRIEF = "grief"
    SAFETY = "safety"
    ETHICS = "ethics"
    SKILL = "skill"
    CELEBRATION = "celebration"
    CASELOAD = "caseload"
    TEAM = "team"
    OWN_RECOVERY = "own_recovery"
    CAREER = "career"
    OTHER = "other"


class AgreedKind(StrEnum):
    """What a peer and their supervisor agreed that one of them does."""

    PRACTICE_A_SKILL = "practice_a_skill"
    TRAINING = "training"
    TIME_OFF = "time_off"
    LIGHTER_LOAD = "lighter_load"
    ANOTHER_SCHEDULE = "another_schedule"
    DEBRIEF = "debrief"
    FIND_OUT = "find_out"
    TALK_WITH_SOMEBODY = "talk_with_somebody"
    EQUIPMENT_OR_SUPPLIES = "equipment_or_supplies"
    NEXT_SESSION = "next_session"
    OTHER = "other"


class AgreedDoer(StrEnum):
    """Which of the two does it."""

    PEER = "peer"
    SUPERVISOR = "supervisor"


class AgreedState(StrEnum):
    """Where an agreed action stands."""

    OPEN = "open"
    DONE = "done"
    LET_GO = "let_go"


class SignOffOutcome(StrEnum):
    """What became of one encounter of a batch that was to be signed off."""

    SIGNED = "signed"
    SIGNED_BEFORE = "signed_before"
    NOT_DRAWN = "not_drawn"
    OWN_ENCOUNTER = "own_encounter"
    NO_LONGER_CURRENT = "no_longer_current"
    NOT_FOUND = "not_found"


SUPERVISION_TERMS: tuple[type[StrEnum], ...] = (
    AgreedDoer,
    AgreedKind,
    AgreedState,
    SignOffOutcome,
    SupervisionForm,
    SupervisionTopic,
)
"""Every list of terms of this room."""
