"""The words of an encounter (domain.md, "Encounters")."""

from enum import StrEnum

from true_api.privacy.terms import PartOfDay as PartOfDay


class Setting(StrEnum):
    """Where, or how, the contact took place."""

    STREET = "street"
    DROP_IN = "drop_in"
    MOBILE_UNIT = "mobile_unit"
    HOME_VISIT = "home_visit"
    SHELTER = "shelter"
    HOSPITAL = "hospital"
    JAIL_OR_COURT = "jail_or_court"
    PHONE = "phone"
    TEXT = "text"
    VIDEO = "video"
    EVENT = "event"
    MAIL = "mail"


class Outcome(StrEnum):
    """How the contact went. Each is a full outcome: nothing here counts as failing."""

    ENGAGED = "engaged"
    BRIEF = "brief"
    NOT_TODAY = "not_today"
    DECLINED = "declined"
    UNABLE_TO_REACH = "unable_to_reach"
    ENDED_BY_PARTICIPANT = "ended_by_participant"
    OTHER = "other"


class Act(StrEnum):
    """What the peer did or gave."""

    LISTENING = "listening"
    OVERDOSE_EDUCATION = "overdose_education"
    NALOXONE_TRAINING = "naloxone_training"
    NALOXONE_GIVEN = "naloxone_given"
    FENTANYL_STRIPS_GIVEN = "fentanyl_strips_given"
    XYLAZINE_STRIPS_GIVEN = "xylazine_strips_given"
    DRUG_CHECK_DONE = "drug_check_done"
    STERILE_SUPPLIES_GIVEN = "sterile_supplies_given"
    SYRINGES_COLLECTED = "syringes_collected"
    SAFER_SEX_SUPPLIES = "safer_sex_supplies"
    HYGIENE_FOOD_CLOTHING = "hygiene_food_clothing"
    WOUND_CARE_INFO = "wound_care_info"
    SAFETY_PLANNING = "safety_planning"
    GROUNDING = "grounding"
    COPING_SKILLS = "coping_skills"
    CRISIS_SUPPORT = "crisis_support"
    TREATMENT_OPTIONS_EXPLAINED = "treatment_options_explained"
    LIVED_EXPERIENCE_SHARED = "lived_experience_shared"
    NAVIGATION = "navigation"
    ACCOMPANIMENT = "accompaniment"
    REFERRAL_MADE = "referral_made"
    TESTING_HIV_HCV_OFFERED = "testing_hiv_hcv_offered"
    CHECK_IN_AFTER_OVERDOSE = "check_in_after_overdose"
    FOLLOW_UP_PROMISED = "follow_up_promised"
    FOLLOW_UP_KEPT = "follow_up_kept"


COUNTED = frozenset(
    {
        Act.NALOXONE_GIVEN,
        Act.FENTANYL_STRIPS_GIVEN,
        Act.XYLAZINE_STRIPS_GIVEN,
        Act.DRUG_CHECK_DONE,
        Act.STERILE_SUPPLIES_GIVEN,
        Act.SYRINGES_COLLECTED,
        Act.SAFER_SEX_SUPPLIES,
        Act.HYGIENE_FOOD_CLOTHING,
    }
)
"""Acts whose quantity is a number of things; the others happen, and are not counted."""


class VoidReason(StrEnum):
    """Why an encounter should not have been recorded."""

    WRONG_PERSON = "wrong_person"
    RECORDED_TWICE = "recorded_twice"
    DID_NOT_HAPPEN = "did_not_happen"
    ASKED_BY_PARTICIPANT = "asked_by_participant"


class Revised(StrEnum):
    """What became of an encounter that is no longer current."""

    AMENDED = "amended"
    VOIDED = "voided"
