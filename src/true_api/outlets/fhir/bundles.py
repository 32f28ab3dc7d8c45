"""Bundles of FHIR R4: one referral as a collection, a page of them as a searchset."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from true_api.outlets.fhir.codes import RESTRICTED
from true_api.outlets.fhir.resources import Resource

FHIR_JSON: Final = "application/fhir+json"
"""The media type (FHIR R4, 3.1.0.1.11)."""

MATCH: Final = "ServiceRequest"
"""What a list is of; task and consent come along with it."""


def collection(resources: Sequence[Resource]) -> Resource:
    """One referral with what belongs to it."""
    return {**_bundle("collection"), "entry": [_entry(each) for each in resources]}


def searchset(found: Iterable[Sequence[Resource]], here: str, following: str | None) -> Resource:
    """A page of referrals; `here` and `following` are where this page and the next are found."""
    links = [{"relation": "self", "url": here}]
    if following is not None:
        links.append({"relation": "next", "url": following})
    entries = [{**_entry(each), "search": {"mode": _mode(each)}} for resources in found for each in resources]
    return {**_bundle("searchset"), "link": links, **({"entry": entries} if entries else {})}


def written(resource: Resource) -> bytes:
    """A resource as it is sent."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()


def _bundle(kind: str) -> dict[str, Any]:
    return {"resourceType": "Bundle", "meta": {"security": RESTRICTED}, "type": kind}


def _entry(resource: Resource) -> dict[str, Any]:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _mode(resource: Resource) -> str:
    return "match" if resource["resourceType"] == MATCH else "include"
