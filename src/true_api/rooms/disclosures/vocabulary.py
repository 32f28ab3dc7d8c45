"""The words of disclosures in a medical emergency (42 CFR 2.51)."""

from enum import StrEnum

from true_api.privacy.disclosures import Recipient


class MedicalRecipient(StrEnum):
    """Which medical personnel were told."""

    EMERGENCY_DEPARTMENT = Recipient.EMERGENCY_DEPARTMENT
    AMBULANCE_SERVICE = Recipient.AMBULANCE_SERVICE
    HOSPITAL = Recipient.HOSPITAL
    URGENT_CARE = Recipient.URGENT_CARE
    POISON_CENTER = Recipient.POISON_CENTER
    CRISIS_TEAM = Recipient.CRISIS_TEAM
    OTHER_MEDICAL_PERSONNEL = Recipient.OTHER_MEDICAL_PERSONNEL


class EmergencyNature(StrEnum):
    """What kind of emergency it was (42 CFR 2.51(c))."""

    OVERDOSE = "overdose"
    WITHDRAWAL = "withdrawal"
    INJURY = "injury"
    SUDDEN_ILLNESS = "sudden_illness"
    MENTAL_HEALTH_CRISIS = "mental_health_crisis"
    PREGNANCY = "pregnancy"
    DECLARED_DISASTER = "declared_disaster"
    OTHER = "other"


class EmergencyInformation(StrEnum):
    """What medical personnel were told, as far as the emergency needed it."""

    SUBSTANCES_BELIEVED = "substances_believed"
    NALOXONE_GIVEN = "naloxone_given"
    EARLIER_OVERDOSES = "earlier_overdoses"
    MEDICATION = "medication"
    HEALTH_CONDITIONS = "health_conditions"
    MENTAL_HEALTH = "mental_health"
    PREGNANCY = "pregnancy"
    CONTACT_WITH_PROGRAM = "contact_with_program"
