"""Referrals in FHIR: the same doors, gates and views, for who asks for `application/fhir+json`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from starlette.requests import Request

from true_api.api.printed import Printed, wanted
from true_api.journeys.interchange import Behind, consents_behind
from true_api.outlets.fhir.bundles import FHIR_JSON, collection, searchset, written
from true_api.outlets.fhir.resources import Agreement, Realm, Seen, resources
from true_api.rooms.referrals.drafts import AGENCY
from true_api.rooms.referrals.schemas import SEEN_BY_AGENCY, AgencyReferralView, ReferralView
from true_api.security.permits import Permit

OFFERED = ("application/json", FHIR_JSON)

IS_A_BUNDLE = "A Bundle of FHIR R4: ServiceRequest, Task and, where one holds, Consent, in the shapes of SDOHCC."


def also_fhir(many: bool) -> dict[int | str, dict[str, Any]]:
    """What the document says of an answer that can be had in FHIR too, with what an agency would see."""
    seen = AgencyReferralView.model_validate(SEEN_BY_AGENCY)
    found = resources(seen, Realm(UUID(AGENCY), "https://true.example.org"), _disclosed(seen))
    shown = searchset([found], "/v1/referrals", None) if many else collection(found)
    schema = {"type": "object", "description": IS_A_BUNDLE}
    return {200: {"content": {FHIR_JSON: {"schema": schema, "example": shown}}}}


IN_FHIR = frozenset(
    {
        *("reference", "code", "organization_id", "need", "urgency", "wishes", "state", "reason", "decided_by"),
        *("outcomes", "requested_on", "requested_in", "changed_on", "changed_in", "disclosure"),
    }
)
"""The fields of a view that the resources are made of; arrangements and words are not among them."""


class Bundled(Printed):
    """A bundle; it remembers which fields of the view went into it."""

    def __init__(self, bundle: dict[str, Any], views: Sequence[Seen]) -> None:
        told = {name for view in views for name, value in view if value is not None}
        super().__init__(written(bundle), FHIR_JSON, sorted(told & IN_FHIR), "referral.json")


def wants_fhir(request: Request) -> bool:
    """Whether the caller takes FHIR rather than JSON. Raises `NotAcceptable` where Accept names neither."""
    return wanted(request, OFFERED) == FHIR_JSON


async def one(request: Request, permit: Permit, referral: Any, view: Seen) -> Bundled:
    """One referral as a collection."""
    agreements = await _agreements(permit, [referral], [view])
    return Bundled(collection(resources(view, _realm(request, permit), agreements[0])), [view])


async def page(
    request: Request, permit: Permit, referrals: Sequence[Any], views: Sequence[Seen], following: str | None
) -> Bundled:
    """A page of referrals as a searchset."""
    realm, agreements = _realm(request, permit), await _agreements(permit, referrals, views)
    found = [resources(view, realm, agreement) for view, agreement in zip(views, agreements, strict=True)]
    here = request.url
    after = None if following is None else _relative(here.include_query_params(cursor=following))
    return Bundled(searchset(found, _relative(here), after), views)


def _relative(url: Any) -> str:
    return f"{url.path}?{url.query}" if url.query else str(url.path)


def _realm(request: Request, permit: Permit) -> Realm:
    return Realm(permit.actor.organization_id, request.app.state.installation.settings.issuer)


async def _agreements(permit: Permit, referrals: Sequence[Any], views: Sequence[Seen]) -> list[Agreement | None]:
    """The consent behind each referral: an agency has it in its view, the program may look it up."""
    if not permit.viewer.sight.of_program:
        return [_disclosed(view) for view in views if isinstance(view, AgencyReferralView)]
    behind = await consents_behind(permit, [referral.id for referral in referrals])
    return [_known(behind.get(view.id)) for view in views if isinstance(view, ReferralView)]


def _disclosed(view: AgencyReferralView) -> Agreement:
    scope, told = view.disclosure.scope, view.disclosure
    return Agreement(scope.categories, scope.purpose, scope.valid_to, notice=told.notice)


def _known(behind: Behind | None) -> Agreement | None:
    if behind is None:
        return None
    consent = behind.consent
    return Agreement(
        behind.categories,
        consent.purpose,
        consent.valid_to.isoformat(),
        valid_from=consent.valid_from.isoformat(),
        given_on=consent.given_on.isoformat(),
    )
