"""The words of an overdose event (domain.md, "Overdose, supplies, drug checking")."""

from enum import StrEnum


class OverdoseKind(StrEnum):
    """What is told of: an overdose, one that was reversed, or one that somebody died of."""

    OVERDOSE = "overdose"
    REVERSAL = "reversal"
    FATAL = "fatal"


class YesNoUnknown(StrEnum):
    """Whether something was so. What was not said is not known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class GivenBy(StrEnum):
    """Who gave naloxone."""

    BYSTANDER = "bystander"
    PEER = "peer"
    STAFF = "staff"
    FIRST_RESPONDER = "first_responder"
    SELF = "self"
    FAMILY = "family"
    UNKNOWN = "unknown"


class OverdosePlace(StrEnum):
    """What kind of place it was; never which one."""

    OWN_HOME = "own_home"
    SOMEBODY_ELSES_HOME = "somebody_elses_home"
    STREET_OR_OUTDOORS = "street_or_outdoors"
    VEHICLE = "vehicle"
    PUBLIC_RESTROOM = "public_restroom"
    BUSINESS = "business"
    HOTEL_OR_MOTEL = "hotel_or_motel"
    SHELTER = "shelter"
    PROGRAM_SITE = "program_site"
    TREATMENT_PROGRAM = "treatment_program"
    HEALTH_CARE = "health_care"
    JAIL_OR_PRISON = "jail_or_prison"
    OTHER = "other"
    UNKNOWN = "unknown"


class EventVoidReason(StrEnum):
    """Why an overdose event should not count."""

    RECORDED_TWICE = "recorded_twice"
    DID_NOT_HAPPEN = "did_not_happen"
    RECORDED_ANEW = "recorded_anew"
    ASKED_BY_PERSON = "asked_by_person"


class EventRevised(StrEnum):
    """What became of an overdose event that does not count any more."""

    AMENDED = "amended"
    VOIDED = "voided"
