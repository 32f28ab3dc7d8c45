"""The words of an intake request (domain.md, "Referrals and intake")."""

from enum import StrEnum

from true_api.privacy.terms import Wish as Wish


class IntakeNeed(StrEnum):
    """What the person would like help with."""

    PEER_SUPPORT = "peer-support"
    NALOXONE = "naloxone"
    SYRINGE_SERVICES = "syringe-services"
    DRUG_CHECKING = "drug-checking"
    WITHDRAWAL_MANAGEMENT = "withdrawal-management"
    RESIDENTIAL_TREATMENT = "residential-treatment"
    OUTPATIENT_TREATMENT = "outpatient-treatment"
    MEDICATION_FOR_ADDICTION_TREATMENT = "medication-for-addiction-treatment"
    MENTAL_HEALTH_CARE = "mental-health-care"
    WOUND_CARE = "wound-care"
    HOMELESSNESS = "homelessness"
    FOOD_INSECURITY = "food-insecurity"
    LEGAL_AID = "legal-aid"
    OTHER = "other"


class IntakeSource(StrEnum):
    """By whom the request came. A partner agency posts with its own credential; the program takes the others in."""

    PARTNER_AGENCY = "partner_agency"
    SELF = "self"
    FAMILY_OR_FRIEND = "family_or_friend"
    WALK_IN = "walk_in"
    STREET_TEAM = "street_team"


class IntakeUrgency(StrEnum):
    """How soon somebody should try."""

    ROUTINE = "routine"
    URGENT = "urgent"


class PersonKnows(StrEnum):
    """Whether the person was asked, or has agreed, that this request is made."""

    ASKED = "asked"
    AGREED = "agreed"


class MeetsAt(StrEnum):
    """Where a peer can meet the person. No address, no number: those stand sealed, in the safe contact."""

    AT_THE_AGENCY = "at_the_agency"
    AT_THE_DROP_IN = "at_the_drop_in"
    WITH_THE_STREET_TEAM = "with_the_street_team"
    AT_THE_MOBILE_UNIT = "at_the_mobile_unit"


class IntakeState(StrEnum):
    """Where a request stands in the program's queue; an agency never sees this without consent."""

    NEW = "new"
    CONTACTING = "contacting"
    CONNECTED = "connected"
    DECLINED_BY_PERSON = "declined_by_person"
    UNABLE_TO_REACH = "unable_to_reach"
    REFERRED_ELSEWHERE = "referred_elsewhere"
    WITHDRAWN = "withdrawn"


class NeutralStatus(StrEnum):
    """All that an agency learns without consent: it moves with the calendar alone."""

    RECEIVED = "received"
    CLOSED = "closed"


class WithdrawnThrough(StrEnum):
    """To whom the person said that they withdraw."""

    PROGRAM = "program"
    AGENCY = "agency"


class ConsentAsked(StrEnum):
    """What the person said when they were asked whether the agency may know more than that the request came in."""

    AGREED = "agreed"
    SAID_NO = "said_no"
    NOT_ASKED = "not_asked"


class IntakeReason(StrEnum):
    """Why a request left the queue without a connection."""

    NOT_NOW = "not_now"
    CHOSE_ANOTHER_WAY = "chose_another_way"
    NOT_THERE = "not_there"
    OUTSIDE_THE_AREA = "outside_the_area"
    ANOTHER_SERVICE_FITS = "another_service_fits"
    ASKED_TO_STOP = "asked_to_stop"
    OTHER = "other"


class AttemptResult(StrEnum):
    """How an attempt to meet the person went."""

    MET = "met"
    NOT_THERE = "not_there"
    ASKED_TO_COME_BACK = "asked_to_come_back"
    NOT_TODAY = "not_today"


_ = IntakeState

MOVES: dict[IntakeState, frozenset[IntakeState]] = {
    _.NEW: frozenset({_.CONTACTING, _.DECLINED_BY_PERSON, _.UNABLE_TO_REACH, _.REFERRED_ELSEWHERE, _.WITHDRAWN}),
    _.CONTACTING: frozenset({_.DECLINED_BY_PERSON, _.UNABLE_TO_REACH, _.REFERRED_ELSEWHERE, _.WITHDRAWN}),
    _.DECLINED_BY_PERSON: frozenset({_.CONTACTING}),
    _.UNABLE_TO_REACH: frozenset({_.CONTACTING, _.WITHDRAWN}),
    _.REFERRED_ELSEWHERE: frozenset({_.CONTACTING}),
    _.WITHDRAWN: frozenset(),
    _.CONNECTED: frozenset(),
}
"""What the queue may do besides connecting; who declined, was not there or went elsewhere may come back."""

CAN_CONNECT = frozenset(IntakeState) - {_.CONNECTED, _.WITHDRAWN}
NEEDS_REASON = frozenset({_.DECLINED_BY_PERSON, _.UNABLE_TO_REACH, _.REFERRED_ELSEWHERE})
