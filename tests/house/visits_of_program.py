"""How the doors that are about no one person are visited: supplies, requests, agencies, words, numbers, accounts."""

from tests.house.scenes import (
    ARRANGED,
    ENDED,
    HIDDEN,
    HIDDEN_TERMS,
    QUIET,
    SEALED,
    TERMS,
    Said,
    Scene,
    numbers,
)
from tests.house.set_exports import READ, RELEASED
from tests.house.set_submissions import months
from tests.house.visiting import Visit, Way, adds, at, change
from tests.world import House, intake
from true_api.privacy.notices import CURRENT_NOTICE
from true_api.security.roles import Role

PERSON = "/v1/participants/{code}"
SERVICE = {"id": "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40", "name": "Night drop-in", "status": "active"}
SAID = Said()


def _makes_a_release_key(house: House, _scene: Scene, _role: Role | None) -> Visit:
    key = {"client_id": str(house.integrator.id), "label": f"board {next(numbers)}", "expires_on": "2027-10-31"}
    return Visit("/v1/release-keys", key)


def _shows_a_token(house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit("/dashboard/sign-in", form={"token": house.integrator.token()})


def _prepares(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit("/v1/submissions", {"period": next(months)})


def _exports(path: str, own: bool = False, json: dict[str, str] | None = None) -> Way:
    """An export about people for supervisors, and one of releases for whoever is from outside; or always their own."""

    def visit(_house: House, scene: Scene, role: Role | None) -> Visit:
        asker = role if role in (Role.AGENCY, Role.INTEGRATOR) else Role.SUPERVISOR if own else None
        name = f"export_of_{asker.value}" if asker else "export"
        return Visit(path.format(export=scene.names[name]), json)

    return visit


def _adds_a_zone(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit(TERMS, {"vocabulary": "zone", "key": f"shore-{next(numbers)}", "label": "Shore"})


def _adds_a_site(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit("/v1/sites", {"label": f"Storage {next(numbers)}"})


def _hides_a_term(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit(HIDDEN, {"vocabulary": "lived_experience", "term": next(HIDDEN_TERMS)})


def _posts(_house: House, _scene: Scene, role: Role | None) -> Visit:
    """A partner agency has a reference of its own; the program's own people say by whom it came."""
    own = {"own_reference": "desk 4"} if role in (Role.AGENCY, None) else {"source": "walk_in"}
    return Visit("/v1/intake-requests", intake(note=QUIET, safe_contact=SAID.contact(), **own))


OF_PROGRAM: dict[str, Way] = {
    "POST /v1/sites": _adds_a_site,
    "GET /v1/sites": at("/v1/sites"),
    "GET /v1/sites/{id}": at("/v1/sites/{site}"),
    "PATCH /v1/sites/{id}": change("sites", "site", {"active": True}),
    "POST /v1/supplies/movements": at(
        "/v1/supplies/movements",
        lambda names: {
            "kind": "give",
            "site_id": names["site"],
            "item": "fentanyl_strips",
            "quantity": 5,
            "occurred_on": "2026-11-02",
        },
    ),
    "GET /v1/supplies/movements": at("/v1/supplies/movements"),
    "GET /v1/supplies/movements/{id}": at("/v1/supplies/movements/{movement}"),
    "POST /v1/supplies/movements/{id}/void": at("/v1/supplies/movements/{movement}/void"),
    "GET /v1/supplies/stock": at("/v1/supplies/stock"),
    "GET /v1/supplies/warnings": at("/v1/supplies/warnings"),
    "PUT /v1/supplies/thresholds": at(
        "/v1/supplies/thresholds",
        lambda names: {"site_id": names["site"], "item": "naloxone_nasal_4mg", "at_least": 12},
    ),
    "GET /v1/supplies/thresholds": at("/v1/supplies/thresholds"),
    "POST /v1/participants/{code}/offers": at(
        f"{PERSON}/offers", {"need": "wound-care", "wishes": ["keeps_methadone"]}
    ),
    "GET /v1/participants/{code}/offers": at(f"{PERSON}/offers"),
    "GET /v1/participants/{code}/offers/{id}": at(f"{PERSON}/offers/{{offer}}"),
    "POST /v1/participants/{code}/offers/{id}/acceptance": at(
        f"{PERSON}/offers/{{held_offer}}/acceptance", lambda names: {"organization_id": names["harbor"]}
    ),
    "POST /v1/participants/{code}/offers/{id}/decline": at(
        f"{PERSON}/offers/{{held_offer}}/decline", lambda names: {"organization_id": names["harbor"]}
    ),
    "POST /v1/participants/{code}/offers/{id}/withdrawal": at(f"{PERSON}/offers/{{offer}}/withdrawal"),
    "GET /v1/offers": at("/v1/offers"),
    "GET /v1/offers/{reference}": at("/v1/offers/{offer_reference}"),
    "POST /v1/offers/{reference}/claim": at("/v1/offers/{offer_reference}/claim"),
    "DELETE /v1/offers/{reference}/claim": at("/v1/offers/{held_offer_reference}/claim"),
    "POST /v1/capacity-questions": at(
        "/v1/capacity-questions", lambda names: {"need": "wound-care", "organization_ids": [names["harbor"]]}
    ),
    "GET /v1/capacity-questions": at("/v1/capacity-questions"),
    "GET /v1/capacity-questions/{id}": at("/v1/capacity-questions/{question}"),
    "POST /v1/capacity-questions/{reference}/answer": at(
        "/v1/capacity-questions/{question_reference}/answer", {"answer": "capacity", "places": 2}
    ),
    "PUT /v1/agency/tonight": at("/v1/agency/tonight", {"takes_people_tonight": True, "places": 3}),
    "GET /v1/agency/tonight": at("/v1/agency/tonight"),
    "GET /v1/agencies/tonight": at("/v1/agencies/tonight"),
    "POST /v1/intake-requests": _posts,
    "GET /v1/intake-requests": at("/v1/intake-requests"),
    "GET /v1/intake-requests/{id}": at("/v1/intake-requests/{seen_request}"),
    "POST /v1/intake-requests/{id}/attempts": at(
        "/v1/intake-requests/{request}/attempts", {"attempted_on": "2026-11-02", "result": "not_there"}
    ),
    "POST /v1/intake-requests/{id}/transitions": at("/v1/intake-requests/{request}/transitions", {"to": "contacting"}),
    "POST /v1/intake-requests/{id}/connection": at(
        "/v1/intake-requests/{request}/connection", lambda names: {"code": names["code"]}
    ),
    "POST /v1/intake-requests/{id}/onward": at(
        "/v1/intake-requests/{connected}/onward",
        lambda names: {
            "organization_id": names["harbor"],
            "need": "recovery-housing",
            "note": QUIET,
            "arrangement": ARRANGED,
        },
    ),
    "POST /v1/intake-requests/{id}/withdrawal": at("/v1/intake-requests/{seen_request}/withdrawal"),
    "GET /v1/on-call": at("/v1/on-call"),
    "PUT /v1/on-call": at("/v1/on-call", {"weekly": [{"weekday": "MO", "opens_at": "09:00", "closes_at": "17:00"}]}),
    "POST /v1/language/check": at("/v1/language/check", {"text": SAID.note}),
    "GET /v1/me/matching": at("/v1/me/matching"),
    "PUT /v1/me/matching": at("/v1/me/matching", {"openly": {"languages": ["es"]}}),
    "DELETE /v1/me/matching": at("/v1/me/matching"),
    "GET /v1/participants/{code}/peer-wishes": at(f"{PERSON}/peer-wishes"),
    "PUT /v1/participants/{code}/peer-wishes": at(f"{PERSON}/peer-wishes", {"languages": ["es"]}),
    "DELETE /v1/participants/{code}/peer-wishes": at(f"{PERSON}/peer-wishes"),
    "GET /v1/participants/{code}/matches": at(f"{PERSON}/matches?language=es"),
    "GET /v1/intake-requests/{id}/peer-wishes": at("/v1/intake-requests/{request}/peer-wishes"),
    "PUT /v1/intake-requests/{id}/peer-wishes": at(
        "/v1/intake-requests/{request}/peer-wishes", {"experiences": ["methadone"]}
    ),
    "GET /v1/intake-requests/{id}/matches": at("/v1/intake-requests/{request}/matches"),
    "GET /v1/vocabularies": at("/v1/vocabularies"),
    "POST /v1/vocabularies/hidden-terms": _hides_a_term,
    "GET /v1/vocabularies/hidden-terms": at(f"{HIDDEN}"),
    "DELETE /v1/vocabularies/hidden-terms/{id}": at(f"{HIDDEN}/{{hidden_term}}"),
    "POST /v1/vocabularies/terms": _adds_a_zone,
    "GET /v1/vocabularies/terms": at(TERMS),
    "GET /v1/vocabularies/terms/{id}": at(f"{TERMS}/{{term}}"),
    "PATCH /v1/vocabularies/terms/{id}": change("vocabularies/terms", "term", {"active": False}),
    "GET /v1/indicators": at("/v1/indicators"),
    "GET /v1/insights/months": at("/v1/insights/months?from=2026-10&to=2026-12"),
    "GET /v1/insights/tables/{table}": at("/v1/insights/tables/people-by-setting?from=2026-10&to=2026-12"),
    "GET /v1/changes": at("/v1/changes"),
    "POST /v1/exports": at("/v1/exports", RELEASED),
    "GET /v1/exports": at("/v1/exports"),
    "GET /v1/exports/{reference}": _exports("/v1/exports/{export}"),
    "POST /v1/exports/{reference}/approval": _exports("/v1/exports/{export}/approval", json={"decision": "approve"}),
    "DELETE /v1/exports/{reference}": _exports("/v1/exports/{export}"),
    "GET /v1/exports/{reference}/files/{name}": _exports(f"/v1/exports/{{export}}/files/{READ}", own=True),
    "GET /v1/releases": at("/v1/releases"),
    "POST /v1/releases": at("/v1/releases", {"period": ENDED}),
    "GET /v1/releases/calendar": at("/v1/releases/calendar"),
    "GET /v1/releases/tables/{table}": at("/v1/releases/tables/people-by-setting"),
    "GET /v1/releases/{period}/{table}": at(f"/v1/releases/{SEALED}/people-by-setting"),
    "POST /v1/submissions": _prepares,
    "GET /v1/submissions": at("/v1/submissions"),
    "GET /v1/submissions/{period}": at("/v1/submissions/{submitted}"),
    "POST /v1/submissions/{id}/review": at(
        "/v1/submissions/{submission}/review", {"verdict": "decline", "reason": "records_still_coming"}
    ),
    "POST /v1/organizations": adds("organizations", kind="partner_agency", name="Clinic"),
    "GET /v1/organizations": at("/v1/organizations"),
    "GET /v1/organizations/{id}": at("/v1/organizations/{organization}"),
    "PATCH /v1/organizations/{id}": change("organizations", "organization", {"active": False}),
    "POST /v1/teams": adds("teams", name="Van"),
    "GET /v1/teams": at("/v1/teams"),
    "GET /v1/teams/{id}": at("/v1/teams/{team}"),
    "PATCH /v1/teams/{id}": change("teams", "team", {"active": False}),
    "POST /v1/members": adds("members", role="agency", label="case worker"),
    "GET /v1/members": at("/v1/members"),
    "GET /v1/members/{id}": at("/v1/members/{member}"),
    "PATCH /v1/members/{id}": change("members", "member", {"active": False}),
    "POST /v1/clients": adds("clients", role="agency", label="case system"),
    "GET /v1/clients": at("/v1/clients"),
    "GET /v1/clients/{id}": at("/v1/clients/{client}"),
    "PATCH /v1/clients/{id}": change("clients", "client", {"active": False}),
    "POST /v1/release-keys": _makes_a_release_key,
    "GET /v1/release-keys": at("/v1/release-keys"),
    "DELETE /v1/release-keys/{id}": at("/v1/release-keys/{release_key}"),
    "POST /v1/directory/imports": at("/v1/directory/imports", {"service": [SERVICE]}),
    "GET /v1/directory/export": at("/v1/directory/export"),
    "POST /v1/directory/search": at("/v1/directory/search", {"need": "recovery-housing", "language": "es"}),
    "GET /v1/directory/records/{kind}": at("/v1/directory/records/service"),
    "GET /v1/directory/records/{kind}/{id}": at("/v1/directory/records/service/{service}"),
    "PUT /v1/directory/records/{kind}/{id}": at(
        "/v1/directory/records/service/{service}", lambda names: {**SERVICE, "id": names["service"]}
    ),
    "DELETE /v1/directory/records/{kind}/{id}": at("/v1/directory/records/service/{service}"),
    "GET /hsds/": at("/hsds/"),
    **{
        f"{method} /hsds/{listed}": at(f"/hsds/{listed}?search=night")
        for method in ("GET", "POST")
        for listed in ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
    },
    "GET /hsds/services/{id}": at("/hsds/services/{service}"),
    "GET /hsds/service_at_locations/{id}": at("/hsds/service_at_locations/{place}"),
    "GET /hsds/organizations/{id}": at("/hsds/organizations/{provider}"),
    "GET /hsds/taxonomies/{id}": at("/hsds/taxonomies/{taxonomy}"),
    "GET /hsds/taxonomy_terms/{id}": at("/hsds/taxonomy_terms/{taxonomy_term}"),
    "GET /": at("/"),
    "GET /health/live": at("/health/live"),
    "GET /health/ready": at("/health/ready"),
    "GET /v1/notices/{version}": at(f"/v1/notices/{CURRENT_NOTICE}"),
    "GET /problems/{code}": at("/problems/not_found"),
    "GET /dashboard": at("/dashboard"),
    "GET /dashboard/sign-in": at("/dashboard/sign-in"),
    "POST /dashboard/sign-in": _shows_a_token,
    "POST /dashboard/sign-out": at("/dashboard/sign-out"),
    "GET /dashboard/assets/{name}": at("/dashboard/assets/dashboard.css"),
    "GET /docs": at("/docs"),
    "GET /redoc": at("/redoc"),
    "GET /docs/assets/{name}": at("/docs/assets/start-docs.js"),
    "GET /openapi.json": at("/openapi.json"),
}
