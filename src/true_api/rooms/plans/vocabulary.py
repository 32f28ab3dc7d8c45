"""The words of plans (domain.md, "Safety plan"): what kind, whose language, who may help, and safer use."""

from enum import StrEnum


class PlanKind(StrEnum):
    """Which plan it is: for hard days, or for what somebody wants for themselves."""

    SAFETY = "safety"
    OWN = "own"


class PlanLanguage(StrEnum):
    """In which language a plan is written."""

    EN = "en"
    ES = "es"


class SupporterRole(StrEnum):
    """Who can help, as a role: who they are is known to the person, and stands on paper in their own hand."""

    SOMEBODY_I_LIVE_WITH = "somebody_i_live_with"
    FAMILY = "family"
    FRIEND = "friend"
    PARTNER = "partner"
    NEIGHBOR = "neighbor"
    PEER_SPECIALIST = "peer_specialist"
    SOMEBODY_IN_RECOVERY = "somebody_in_recovery"
    FAITH_LEADER = "faith_leader"
    COUNSELOR = "counselor"
    CASE_MANAGER = "case_manager"
    DOCTOR_OR_NURSE = "doctor_or_nurse"
    PHARMACIST = "pharmacist"
    SHELTER_STAFF = "shelter_staff"
    TEACHER_OR_COACH = "teacher_or_coach"
    SOMEBODY_ELSE = "somebody_else"


class OverdoseStep(StrEnum):
    """What somebody chose to do against an overdose; each of them alone makes a difference."""

    NOT_ALONE = "not_alone"
    CHECKED_ON = "checked_on"
    SPOTTER_LINE = "spotter_line"
    SPOTTER_APP = "spotter_app"
    DOOR_UNLOCKED = "door_unlocked"
    TEST_FIRST = "test_first"
    START_LOW = "start_low"
    LESS_AFTER_A_BREAK = "less_after_a_break"
    NO_MIXING = "no_mixing"
    TAKING_TURNS = "taking_turns"
    NALOXONE_AT_HAND = "naloxone_at_hand"
    OTHERS_KNOW_WHERE_NALOXONE_IS = "others_know_where_naloxone_is"
    EARLY_SIGNS_KNOWN = "early_signs_known"
    RESCUE_IS_CALLED = "rescue_is_called"
