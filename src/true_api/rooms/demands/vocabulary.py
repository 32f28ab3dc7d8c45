"""The words of legal demands, and the moves they may make (42 CFR part 2, subpart E)."""

from collections.abc import Mapping
from enum import StrEnum

from true_api.privacy.disclosures import Recipient


class DemandKind(StrEnum):
    """What came in. None of them alone lets anybody be told anything."""

    SUBPOENA = "subpoena"
    COURT_ORDER = "court_order"
    SEARCH_WARRANT = "search_warrant"
    OTHER_REQUEST = "other_request"


class Authority(StrEnum):
    """Who asks."""

    COURT = Recipient.COURT
    PROSECUTOR = Recipient.PROSECUTOR
    LAW_ENFORCEMENT = Recipient.LAW_ENFORCEMENT
    ATTORNEY = Recipient.ATTORNEY
    OVERSIGHT_AGENCY = Recipient.OVERSIGHT_AGENCY
    OTHER_AUTHORITY = Recipient.OTHER_AUTHORITY


class Counsel(StrEnum):
    """Whose lawyer looks at a demand."""

    PROGRAM_COUNSEL = "program_counsel"
    PARENT_ORGANIZATION_COUNSEL = "parent_organization_counsel"
    OUTSIDE_COUNSEL = "outside_counsel"
    LEGAL_AID = "legal_aid"
    GOVERNMENT_COUNSEL = "government_counsel"


class OrderSection(StrEnum):
    """The rule that a court order was made under, after the court weighed it as 42 CFR 2.61 to 2.67 ask."""

    NONCRIMINAL_2_64 = "noncriminal_2_64"
    CRIMINAL_2_65 = "criminal_2_65"
    OF_PROGRAM_2_66 = "of_program_2_66"
    UNDERCOVER_2_67 = "undercover_2_67"


class RecordsShown(StrEnum):
    """What was shown, under a court order or by consent for a legal proceeding."""

    ENCOUNTERS = "encounters"
    REFERRALS = "referrals"
    INTAKE_REQUESTS = "intake_requests"
    READINESS_NOTES = "readiness_notes"
    CONSENTS = "consents"
    TESTIMONY = "testimony"
    WHOLE_RECORD = "whole_record"


class DemandState(StrEnum):
    """Where a demand stands."""

    RECEIVED = "received"
    WITH_COUNSEL = "with_counsel"
    OBJECTED = "objected"
    ANSWERED_WITHOUT_CONFIRMING = "answered_without_confirming"
    DISCLOSED_UNDER_ORDER = "disclosed_under_order"
    DISCLOSED_BY_CONSENT = "disclosed_by_consent"
    WITHDRAWN = "withdrawn"
    ENTERED_IN_ERROR = "entered_in_error"


_ = DemandState

DEMAND_MOVES: Mapping[DemandState, frozenset[DemandState]] = {
    _.RECEIVED: frozenset({_.WITH_COUNSEL, _.WITHDRAWN, _.ENTERED_IN_ERROR}),
    _.WITH_COUNSEL: frozenset(
        {
            _.OBJECTED,
            _.ANSWERED_WITHOUT_CONFIRMING,
            _.DISCLOSED_UNDER_ORDER,
            _.DISCLOSED_BY_CONSENT,
            _.WITHDRAWN,
            _.ENTERED_IN_ERROR,
        }
    ),
    _.OBJECTED: frozenset(
        {_.WITH_COUNSEL, _.ANSWERED_WITHOUT_CONFIRMING, _.DISCLOSED_UNDER_ORDER, _.DISCLOSED_BY_CONSENT, _.WITHDRAWN}
    ),
    # Who was answered may come back with an order.
    _.ANSWERED_WITHOUT_CONFIRMING: frozenset({_.WITH_COUNSEL, _.WITHDRAWN}),
    _.DISCLOSED_UNDER_ORDER: frozenset(),
    _.DISCLOSED_BY_CONSENT: frozenset(),
    _.WITHDRAWN: frozenset(),
    _.ENTERED_IN_ERROR: frozenset(),
}
"""The moves that a demand may make. Nothing is disclosed before a lawyer has seen it."""

DISCLOSING = frozenset({_.DISCLOSED_UNDER_ORDER, _.DISCLOSED_BY_CONSENT})
"""Where a person's records were shown."""
