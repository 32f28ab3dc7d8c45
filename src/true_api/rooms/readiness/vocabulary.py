"""The words of readiness (domain.md, "Readiness notes")."""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Where the person says they are. Only what they said; never derived, never a verdict."""

    PRECONTEMPLATION = "precontemplation"
    CONTEMPLATION = "contemplation"
    PREPARATION = "preparation"
    ACTION = "action"
    MAINTENANCE = "maintenance"
    NOT_ASKED = "not_asked"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"


class StageInWords(StrEnum):
    """The same in plain words: what a peer sees. Nobody is shown the name of a stage."""

    NOT_NOW = "not_now"
    THINKING_ABOUT_IT = "thinking_about_it"
    GETTING_READY = "getting_ready"
    DOING_IT = "doing_it"
    KEEPING_IT_UP = "keeping_it_up"
    NOT_ASKED = "not_asked"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"


IN_WORDS: Mapping[Stage, StageInWords] = dict(zip(Stage, StageInWords, strict=True))
"""How each stage is said."""
STAGES: Mapping[StageInWords, Stage] = {words: stage for stage, words in IN_WORDS.items()}
"""What is kept of each of those words: the stages of the literature, so that they can be compared."""


class Focus(StrEnum):
    """What the person would like to change."""

    SAFER_USE = "safer_use"
    USE_LESS = "use_less"
    STOP = "stop"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    HOUSING = "housing"
    RELATIONSHIPS = "relationships"
    WORK = "work"
    LEGAL = "legal"
    OTHER = "other"
    NOT_ASKED = "not_asked"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"


class NextStep(StrEnum):
    """One next step, as the person chose it. None today is an answer like any other."""

    NONE_TODAY = "none_today"
    TALK_AGAIN = "talk_again"
    CARRY_NALOXONE = "carry_naloxone"
    NOT_USE_ALONE = "not_use_alone"
    CHECK_DRUGS_FIRST = "check_drugs_first"
    PICK_UP_SUPPLIES = "pick_up_supplies"
    MAKE_A_SAFETY_PLAN = "make_a_safety_plan"
    LEARN_ABOUT_OPTIONS = "learn_about_options"
    CALL_A_SERVICE_TOGETHER = "call_a_service_together"
    VISIT_A_SERVICE = "visit_a_service"
    SEE_A_CLINICIAN = "see_a_clinician"
    REACH_OUT_TO_SOMEONE = "reach_out_to_someone"
    GET_DOCUMENTS = "get_documents"
    OTHER = "other"
    NOT_ASKED = "not_asked"


class SupportOffered(StrEnum):
    """What was offered to somebody who says that they returned to use. Not today is an answer like any other."""

    LISTENING = "listening"
    COMPANY = "company"
    NALOXONE = "naloxone"
    TOLERANCE_TALK = "tolerance_talk"
    DRUG_CHECKING = "drug_checking"
    STERILE_SUPPLIES = "sterile_supplies"
    SAFETY_PLANNING = "safety_planning"
    CHECK_IN = "check_in"
    TREATMENT_OPTIONS = "treatment_options"
    HEALTH_CARE = "health_care"
    NOT_TODAY = "not_today"
