"""Terms that several rooms share, since rooms do not know each other: needs, states, parts of a day, wishes."""

from enum import StrEnum


class PartOfDay(StrEnum):
    """When on that day; the instant is never kept."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Wish(StrEnum):
    """What the person wants kept or respected ("we shape the treatment to serve you")."""

    KEEPS_METHADONE = "keeps_methadone"
    WITH_PARTNER = "with_partner"
    WITH_PET = "with_pet"
    IN_OWN_LANGUAGE = "in_own_language"
    STAFF_OF_OWN_GENDER = "staff_of_own_gender"
    FAITH_BASED = "faith_based"
    NOT_FAITH_BASED = "not_faith_based"
    HARM_REDUCTION_FRIENDLY = "harm_reduction_friendly"


class Need(StrEnum):
    """What the person asks for: Gravity SDOHCC categories in use here, and local codes for what they lack."""

    WITHDRAWAL_MANAGEMENT = "withdrawal-management"
    RESIDENTIAL_TREATMENT = "residential-treatment"
    OUTPATIENT_TREATMENT = "outpatient-treatment"
    MEDICATION_FOR_ADDICTION_TREATMENT = "medication-for-addiction-treatment"
    MENTAL_HEALTH_CARE = "mental-health-care"
    PRIMARY_CARE = "primary-care"
    WOUND_CARE = "wound-care"
    HIV_HCV_CARE = "hiv-hcv-care"
    RECOVERY_HOUSING = "recovery-housing"
    MUTUAL_AID = "mutual-aid"
    LEGAL_AID = "legal-aid"
    SYRINGE_SERVICES = "syringe-services"
    HOMELESSNESS = "homelessness"
    HOUSING_INSTABILITY = "housing-instability"
    FOOD_INSECURITY = "food-insecurity"
    TRANSPORTATION_INSECURITY = "transportation-insecurity"
    EMPLOYMENT_STATUS = "employment-status"
    HEALTH_INSURANCE_COVERAGE_STATUS = "health-insurance-coverage-status"
    INTIMATE_PARTNER_VIOLENCE = "intimate-partner-violence"
    FINANCIAL_INSECURITY = "financial-insecurity"


class Urgency(StrEnum):
    """How soon."""

    ROUTINE = "routine"
    URGENT = "urgent"


class ReferralState(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    NO_PLACE_OFFERED = "no_place_offered"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


class Substance(StrEnum):
    """What somebody believes, expects or was told that it is, in the field's words; a belief and never a finding."""

    FENTANYL = "fentanyl"
    CARFENTANIL = "carfentanil"
    NITAZENE = "nitazene"
    HEROIN = "heroin"
    PRESCRIPTION_OPIOID = "prescription_opioid"
    METHADONE = "methadone"
    BUPRENORPHINE = "buprenorphine"
    XYLAZINE = "xylazine"
    MEDETOMIDINE = "medetomidine"
    BENZODIAZEPINE = "benzodiazepine"
    METHAMPHETAMINE = "methamphetamine"
    COCAINE = "cocaine"
    CRACK = "crack"
    MDMA = "mdma"
    KETAMINE = "ketamine"
    GHB = "ghb"
    LSD_OR_MUSHROOMS = "lsd_or_mushrooms"
    SYNTHETIC_CANNABINOID = "synthetic_cannabinoid"
    SYNTHETIC_CATHINONE = "synthetic_cathinone"
    CANNABIS = "cannabis"
    ALCOHOL = "alcohol"
    PRESSED_PILLS = "pressed_pills"
    OTHER = "other"
    UNKNOWN = "unknown"


class NaloxoneProduct(StrEnum):
    """Which naloxone it is: the form and the strength of one dose (domain.md, "Overdose, supplies, drug checking")."""

    NASAL_3_MG = "nasal_3_mg"
    NASAL_4_MG = "nasal_4_mg"
    NASAL_8_MG = "nasal_8_mg"
    INJECTABLE_VIAL = "injectable_vial"
    PREFILLED = "prefilled"
    OTHER = "other"


class Act(StrEnum):
    """What the peer did or gave."""

    LISTENING = "listening"
    EDUCATION = "education"
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
