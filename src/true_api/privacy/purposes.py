"""Purposes of use (HL7 v3 PurposeOfUse), and which purposes of a consent each of them may rest on."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a caller uses what it sees for; a token carries one."""

    TREATMENT = "TREAT"
    COORDINATION = "COC"
    OPERATIONS = "HOPERAT"
    RESEARCH = "HRESCH"
    ADMINISTRATION = "SYSADMIN"


class ConsentPurpose(StrEnum):
    """Why information may be disclosed (42 CFR 2.31(a)(5))."""

    COORDINATION_OF_CARE = "coordination_of_care"
    TREATMENT = "treatment"
    TREATMENT_PAYMENT_OPERATIONS = "treatment_payment_operations"
    LEGAL_PROCEEDING = "legal_proceeding"


_ = ConsentPurpose

PERMITTING: dict[Purpose, frozenset[ConsentPurpose]] = {
    Purpose.COORDINATION: frozenset({_.COORDINATION_OF_CARE, _.TREATMENT_PAYMENT_OPERATIONS}),
    Purpose.TREATMENT: frozenset({_.TREATMENT, _.TREATMENT_PAYMENT_OPERATIONS}),
}
"""What a consent must have been given for, by what a token is used for; a purpose that is not here rests on none."""
