"""The words of a referral, and the one page of moves it may make (FHIR Task as Gravity SDOHCC binds it)."""

from enum import StrEnum


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


class Reason(StrEnum):
    """Why it was held, cancelled, or came to nothing: a barrier or a wish, never a fault of the person."""

    NO_CAPACITY = "no_capacity"
    WAITLIST = "waitlist"
    NOT_ELIGIBLE = "not_eligible"
    TRANSPORT = "transport"
    COST = "cost"
    DOCUMENTS = "documents"
    INSURANCE = "insurance"
    HOURS = "hours"
    CHILDCARE = "childcare"
    SAFETY = "safety"
    STIGMA = "stigma"
    LANGUAGE = "language"
    NOT_NOW = "not_now"
    CHOSE_ANOTHER_WAY = "chose_another_way"
    UNABLE_TO_REACH = "unable_to_reach"
    OTHER = "other"


class DecidedBy(StrEnum):
    """Whose decision or barrier it was."""

    PERSON = "person"
    PROVIDER = "provider"
    PROGRAM = "program"


class ReferralOutcome(StrEnum):
    """What came of a completed referral."""

    SERVICE_RECEIVED = "service_received"
    ASSESSMENT_DONE = "assessment_done"
    PLACE_TAKEN = "place_taken"
    APPOINTMENT_KEPT = "appointment_kept"
    INFORMATION_GIVEN = "information_given"
    OTHER = "other"


_ = ReferralState

NEEDS_REASON = frozenset({_.NO_PLACE_OFFERED, _.NOT_COMPLETED, _.ON_HOLD, _.CANCELLED})

AGENCY_MOVES: dict[ReferralState, frozenset[ReferralState]] = {
    _.REQUESTED: frozenset({_.ACCEPTED, _.NO_PLACE_OFFERED, _.ON_HOLD}),
    _.ACCEPTED: frozenset({_.IN_PROGRESS, _.COMPLETED, _.NOT_COMPLETED, _.ON_HOLD}),
    _.IN_PROGRESS: frozenset({_.COMPLETED, _.NOT_COMPLETED, _.ON_HOLD}),
    _.ON_HOLD: frozenset({_.ACCEPTED, _.IN_PROGRESS, _.NO_PLACE_OFFERED, _.NOT_COMPLETED}),
}
"""What an agency may say of a referral addressed to it."""

_OF_PROGRAM_ALONE: dict[ReferralState, frozenset[ReferralState]] = {
    _.DRAFT: frozenset({_.REQUESTED}),
    _.REQUESTED: frozenset({_.CANCELLED, _.COMPLETED, _.NOT_COMPLETED}),
    _.ACCEPTED: frozenset({_.CANCELLED}),
    _.IN_PROGRESS: frozenset({_.CANCELLED}),
    _.ON_HOLD: frozenset({_.REQUESTED, _.CANCELLED}),
    _.NO_PLACE_OFFERED: frozenset({_.REQUESTED, _.CANCELLED}),
    _.NOT_COMPLETED: frozenset({_.REQUESTED}),
    _.CANCELLED: frozenset({_.REQUESTED}),
}

PROGRAM_MOVES: dict[ReferralState, frozenset[ReferralState]] = {
    state: AGENCY_MOVES.get(state, frozenset())
    | _OF_PROGRAM_ALONE.get(state, frozenset())
    | (frozenset() if state is _.ENTERED_IN_ERROR else frozenset({_.ENTERED_IN_ERROR}))
    for state in ReferralState
}
"""What the program may record: its own moves, and an agency's when that was said by phone. Ended ones can reopen."""
