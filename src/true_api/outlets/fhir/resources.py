"""A referral as ServiceRequest, Task and Consent of FHIR R4: made from the very view that the caller has in JSON.

Nobody is described: the subject is an identifier, which is the caller's own code for the person. No words of anybody
are in it, and what an agency sees by the month in JSON it sees by the month here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID, uuid5

from true_api.outlets.fhir.codes import (
    ABSENT,
    ACT_REASON,
    REQUEST_STATUS,
    RESTRICTED,
    TASK_CODE,
    TASK_STATUS,
    TERMINOLOGY,
    category_of,
    coding,
    concept,
)
from true_api.privacy.consents import Category
from true_api.privacy.purposes import ConsentPurpose
from true_api.rooms.referrals.schemas import AgencyReferralView, ReferralView
from true_api.rooms.vocabularies.wording import label_of

Resource = dict[str, Any]
Seen = ReferralView | AgencyReferralView

THE_PROGRAM = {"type": "Organization", "display": "The peer program"}


@dataclass(frozen=True)
class Realm:
    """Who reads: the caller's organization, whose codes name people, and where the vocabularies of the house stand."""

    organization_id: UUID
    base: str

    def vocabulary(self, key: str) -> str:
        """The code system of one of the house's own vocabularies: the document that lists it."""
        return f"{self.base}/v1/vocabularies#{key}"


@dataclass(frozen=True)
class Agreement:
    """The consent that lets the agency see a referral, as far as the caller may know of it.

    `given_on` and `valid_from` are None for an agency: when somebody agreed is not told (privacy.md 3).
    """

    categories: Sequence[Category]
    purpose: ConsentPurpose
    valid_to: str
    valid_from: str | None = None
    given_on: str | None = None
    notice: str | None = None


def uuid_of(seen: Seen, kind: str) -> str:
    """What a resource is called: the request by the referral's reference, the others by what follows from it."""
    return str(seen.reference if kind == "ServiceRequest" else uuid5(seen.reference, kind))


def resources(seen: Seen, realm: Realm, agreement: Agreement | None) -> list[Resource]:
    """The request and its task, and the consent where one lets the agency see them."""
    found = [service_request(seen, realm), task(seen, realm)]
    if agreement is None:
        return found
    found[0]["supportingInfo"] = [_local(seen, "Consent")]
    return [*found, consent(seen, realm, agreement)]


def service_request(seen: Seen, realm: Realm) -> Resource:
    """What is asked for, as SDOHCC ServiceRequest has it."""
    request = {
        **_begun(seen, "ServiceRequest"),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{seen.reference}"}],
        "status": REQUEST_STATUS[seen.state],
        "intent": "order",
        "category": [category_of(seen.need)],
        "priority": seen.urgency.value,
        "code": concept(realm.vocabulary("need"), seen.need.value, text=label_of("need", seen.need.value)),
        "subject": _subject(seen, realm),
        "authoredOn": _days(seen)[0],
        "requester": THE_PROGRAM,
        "performer": [_agency(seen, realm)],
    }
    if seen.wishes:
        wish = realm.vocabulary("wish")
        request["orderDetail"] = [concept(wish, each.value, text=label_of("wish", each.value)) for each in seen.wishes]
    return request


def task(seen: Seen, realm: Realm) -> Resource:
    """Where the referral stands, as SDOHCC TaskForReferralManagement has it, with the house's own word beside it."""
    asked_on, changed_on = _days(seen)
    own = concept(
        realm.vocabulary("referral_state"), seen.state.value, text=label_of("referral_state", seen.state.value)
    )
    found = {
        **_begun(seen, "Task"),
        "status": TASK_STATUS[seen.state],
        "businessStatus": own,
        "intent": "order",
        "priority": seen.urgency.value,
        "code": concept(TASK_CODE, "fulfill"),
        "focus": _local(seen, "ServiceRequest"),
        "for": _subject(seen, realm),
        "authoredOn": asked_on,
        "lastModified": changed_on,
        "requester": THE_PROGRAM,
        "owner": _agency(seen, realm),
    }
    if seen.reason is not None and seen.decided_by is not None:
        coded = concept(realm.vocabulary("reason"), seen.reason.value, text=label_of("reason", seen.reason.value))
        coded["coding"].append(coding(realm.vocabulary("decided_by"), seen.decided_by.value))
        found["statusReason"] = coded
    outcome = realm.vocabulary("referral_outcome")
    if seen.outcomes:
        found["output"] = [
            {"type": {"text": "Outcome"}, "valueCodeableConcept": concept(outcome, each.value)}
            for each in seen.outcomes
        ]
    return found


def consent(seen: Seen, realm: Realm, agreement: Agreement) -> Resource:
    """How far the person agreed, as SDOHCC Consent has it, with a provision; who signed stands on paper alone."""
    period = {"start": agreement.valid_from, "end": agreement.valid_to}
    found = {
        **_begun(seen, "Consent"),
        "status": "active",
        "scope": concept(f"{TERMINOLOGY}/consentscope", "patient-privacy"),
        "category": [concept(f"{TERMINOLOGY}/v3-ActCode", "IDSCL")],
        "patient": _subject(seen, realm),
        "organization": [THE_PROGRAM],
        "policyRule": concept(f"{TERMINOLOGY}/v3-ActCode", "42CFRPart2"),
        "provision": {
            "type": "permit",
            "period": {name: day for name, day in period.items() if day is not None},
            "actor": [
                {
                    "role": concept(f"{TERMINOLOGY}/v3-ParticipationType", "IRCP"),
                    "reference": _agency(seen, realm),
                }
            ],
            "action": [concept(f"{TERMINOLOGY}/consentaction", "disclose")],
            "purpose": [coding(f"{TERMINOLOGY}/v3-ActReason", code) for code in ACT_REASON[agreement.purpose]],
            "code": [concept(realm.vocabulary("category"), each.value) for each in agreement.categories],
        },
    }
    if agreement.given_on is None:
        found["_dateTime"] = {"extension": [{"url": ABSENT, "valueCode": "masked"}]}
    else:
        found["dateTime"] = agreement.given_on
    if agreement.notice is not None:
        told = f'<div xmlns="http://www.w3.org/1999/xhtml">{escape(agreement.notice)}</div>'
        found["text"] = {"status": "additional", "div": told}
    return found


def _begun(seen: Seen, kind: str) -> Resource:
    return {"resourceType": kind, "id": uuid_of(seen, kind), "meta": {"security": RESTRICTED}}


def _local(seen: Seen, kind: str) -> Resource:
    return {"reference": f"urn:uuid:{uuid_of(seen, kind)}", "type": kind}


def _subject(seen: Seen, realm: Realm) -> Resource:
    """The person, by the code that the caller knows them by; no resource stands behind it."""
    named = {"system": f"urn:uuid:{realm.organization_id}", "value": seen.code}
    return {"type": "Patient", "identifier": named}


def _agency(seen: Seen, realm: Realm) -> Resource:
    asked = seen.organization_id if isinstance(seen, ReferralView) else realm.organization_id
    return {"type": "Organization", "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{asked}"}}


def _days(seen: Seen) -> tuple[str, str]:
    """When it was asked and when it last changed: a day for the program, a month for an agency (FHIR dateTime)."""
    if isinstance(seen, ReferralView):
        return seen.requested_on.isoformat(), seen.changed_on.isoformat()
    return seen.requested_in, seen.changed_in
