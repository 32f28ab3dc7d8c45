"""Codes of FHIR and Gravity SDOHCC for what the house calls by words of its own; our own lists of facts, with sources.

SDOHCC: HL7 FHIR implementation guide "SDOH Clinical Care for Multiple Domains" (hl7.fhir.us.sdoh-clinicalcare, STU 2.1
to 3.0.0), value sets SDOHCC-ValueSetReferralTaskStatus and SDOHCC-ValueSetSDOHCategory.
"""

from typing import Any, Final

from true_api.privacy.purposes import ConsentPurpose
from true_api.privacy.terms import Need
from true_api.rooms.referrals.vocabulary import ReferralState

TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
SDOHCC: Final = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
TASK_CODE: Final = "http://hl7.org/fhir/CodeSystem/task-code"
ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

REFERRAL_TASK_STATUS: Final = frozenset(
    {
        *("draft", "requested", "accepted", "rejected", "cancelled"),
        *("in-progress", "on-hold", "failed", "completed", "entered-in-error"),
    }
)
"""SDOHCC-ValueSetReferralTaskStatus: FHIR's task statuses without `ready` and `received`."""

SDOH_CATEGORIES: Final = frozenset(
    {
        *("sdoh-category-unspecified", "food-insecurity", "housing-instability", "homelessness", "inadequate-housing"),
        *("transportation-insecurity", "financial-insecurity", "material-hardship", "educational-attainment"),
        *("employment-status", "veteran-status", "stress", "social-connection", "intimate-partner-violence"),
        *("elder-abuse", "personal-health-literacy", "health-insurance-coverage-status", "medical-cost-burden"),
        *("digital-literacy", "digital-access", "utility-insecurity", "language-access", "incarceration-status"),
    }
)
"""SDOHCC-ValueSetSDOHCategory. None of them is about substance use, whose needs are `sdoh-category-unspecified`."""

_ = ReferralState

TASK_STATUS: Final[dict[ReferralState, str]] = {
    **{state: state.value.replace("_", "-") for state in ReferralState},
    _.NO_PLACE_OFFERED: "rejected",
    _.NOT_COMPLETED: "failed",
}
"""The only place where a place that was not offered, or a way that ended early, is called by FHIR's harder words."""

REQUEST_STATUS: Final[dict[ReferralState, str]] = {
    **dict.fromkeys(ReferralState, "active"),
    _.DRAFT: "draft",
    _.ON_HOLD: "on-hold",
    _.COMPLETED: "completed",
    _.CANCELLED: "revoked",
    _.ENTERED_IN_ERROR: "entered-in-error",
}
"""Of the request itself, which its author alone ends; what the agency did stands in the task."""

ACT_REASON: Final[dict[ConsentPurpose, tuple[str, ...]]] = {
    ConsentPurpose.COORDINATION_OF_CARE: ("COC",),
    ConsentPurpose.TREATMENT: ("TREAT",),
    ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS: ("TREAT", "HPAYMT", "HOPERAT"),
    ConsentPurpose.LEGAL_PROCEEDING: ("HLEGAL",),
}
"""HL7 v3-ActReason, PurposeOfUse."""


def coding(system: str, code: str) -> dict[str, str]:
    """One code of a code system."""
    return {"system": system, "code": code}


def concept(system: str, *codes: str, text: str | None = None) -> dict[str, Any]:
    """A CodeableConcept of one system's codes."""
    coded: dict[str, Any] = {"coding": [coding(system, code) for code in codes]}
    return coded if text is None else {**coded, "text": text}


def category_of(need: Need) -> dict[str, Any]:
    """The SDOHCC category of a need."""
    return concept(SDOHCC, need.value if need.value in SDOH_CATEGORIES else "sdoh-category-unspecified")


RESTRICTED: Final[list[dict[str, str]]] = [
    coding(f"{TERMINOLOGY}/v3-Confidentiality", "R"),
    coding(f"{TERMINOLOGY}/v3-ActCode", "42CFRPart2"),
    coding(f"{TERMINOLOGY}/v3-ActCode", "NORDSCLCD"),
]
"""Security labels: restricted, 42 CFR part 2, and not to be passed on without the person's consent (42 CFR 2.32)."""
