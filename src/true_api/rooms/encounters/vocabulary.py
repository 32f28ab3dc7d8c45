"""The words of an encounter (domain.md, "Encounters")."""

from enum import StrEnum

from true_api.privacy.terms import Act as Act
from true_api.privacy.terms import PartOfDay as PartOfDay


class ContactKind(StrEnum):
    """With whom the contact was. Only the first has a record of a person beside it."""

    WITH_PARTICIPANT = "with_participant"
    ANONYMOUS = "anonymous"
    GROUP_OR_DROP_IN = "group_or_drop_in"
    SUPPLY_ONLY = "supply_only"


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


class ActTopic(StrEnum):
    """What an act was about: the option explained, what was navigated, what was taught."""

    WITHDRAWAL_MANAGEMENT = "withdrawal_management"
    RESIDENTIAL = "residential"
    INTENSIVE_OUTPATIENT = "intensive_outpatient"
    OUTPATIENT = "outpatient"
    METHADONE = "methadone"
    BUPRENORPHINE = "buprenorphine"
    NALTREXONE = "naltrexone"
    COUNSELING = "counseling"
    MUTUAL_AID = "mutual_aid"
    PSYCHIATRIC_CARE = "psychiatric_care"
    HOUSING = "housing"
    MEDICAL = "medical"
    BEHAVIORAL = "behavioral"
    BENEFITS = "benefits"
    LEGAL = "legal"
    ID = "id"
    TRANSPORT = "transport"
    FOOD = "food"
    WORK = "work"
    OVERDOSE_PREVENTION = "overdose_prevention"
    NALOXONE_USE = "naloxone_use"
    DRUG_SUPPLY = "drug_supply"
    TOLERANCE = "tolerance"
    MIXING = "mixing"
    SAFER_INJECTION = "safer_injection"
    SAFER_SMOKING = "safer_smoking"
    WOUND_CARE = "wound_care"
    HIV = "hiv"
    HEPATITIS = "hepatitis"
    SEXUAL_HEALTH = "sexual_health"
    MENTAL_HEALTH = "mental_health"


_TOPICS = list(ActTopic)
_OPTIONS = frozenset(_TOPICS[: _TOPICS.index(ActTopic.HOUSING)])
_NAVIGATED = frozenset(_TOPICS[_TOPICS.index(ActTopic.HOUSING) : _TOPICS.index(ActTopic.OVERDOSE_PREVENTION)])

TOPICS: dict[Act, frozenset[ActTopic]] = {
    Act.TREATMENT_OPTIONS_EXPLAINED: _OPTIONS,
    Act.NAVIGATION: _NAVIGATED,
    Act.EDUCATION: frozenset(_TOPICS) - _OPTIONS - _NAVIGATED,
}
"""Which topics an act takes; explaining an option needs no outcome (domain.md, "What the program believes")."""


class EducationMaterial(StrEnum):
    """What was handed out or shown; its count is the quantity of the act."""

    LEAFLET = "leaflet"
    BOOKLET = "booklet"
    CARD = "card"
    POSTER = "poster"
    VIDEO = "video"
    DEMONSTRATION_KIT = "demonstration_kit"


TAUGHT = frozenset({Act.EDUCATION, Act.OVERDOSE_EDUCATION, Act.NALOXONE_TRAINING, Act.WOUND_CARE_INFO})
"""Acts that materials go with."""


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
