"""The words of a referral, and the one page of moves it may make (FHIR Task as Gravity SDOHCC binds it)."""

from enum import StrEnum

from true_api.privacy.terms import Need as Need
from true_api.privacy.terms import ReferralState as ReferralState
from true_api.privacy.terms import Urgency as Urgency


class ReferralMode(StrEnum):
    """How the person comes to the agency."""

    SENT = "sent"
    CALLED_TOGETHER = "called_together"
    GOES_ALONE = "goes_alone"


class ThingToBring(StrEnum):
    """What the person brings along; what a slip can say without saying what for."""

    PHOTO_ID = "photo_id"
    ANY_ID = "any_id"
    INSURANCE_CARD = "insurance_card"
    MEDICINES = "medicines"
    PROOF_OF_INCOME = "proof_of_income"
    LETTER = "letter"
    CHANGE_OF_CLOTHES = "change_of_clothes"
    PHONE_AND_CHARGER = "phone_and_charger"
    SOMEBODY_TRUSTED = "somebody_trusted"


class HandOffHow(StrEnum):
    """How a person was introduced to the agency."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    VIDEO = "video"


class Arrived(StrEnum):
    """Whether the person came to the agency. Not known is a full answer."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


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
    NO_ANSWER = "no_answer"
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
ENDED = frozenset({_.NO_PLACE_OFFERED, _.COMPLETED, _.NOT_COMPLETED, _.CANCELLED, _.ENTERED_IN_ERROR})
"""Where nobody works on it any more; all but what was completed or entered in error can reopen."""

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
