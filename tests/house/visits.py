"""How each door is visited so that it opens for who may: one visit per door, in the scene of tests/house/scenes.py.

A door that is hung and not listed here fails tests/house/test_roles.py: say here how it is visited.
"""

import httpx2

from tests.house.colleagues import OF_COLLEAGUES
from tests.house.scenes import (
    ARRANGED,
    ENDED,
    HIDDEN,
    HIDDEN_TERMS,
    OF_READINESS,
    QUIET,
    SAMPLE,
    SEALED,
    TERMS,
    Said,
    Scene,
    numbers,
)
from tests.house.visiting import Visit, Way, adds, at, change, knock
from tests.rooms.planning import own_plan, safety_plan
from tests.stories.steps import demand, emergency
from tests.world import SECRET, House, encounter, intake, recall
from true_api.privacy.notices import CURRENT_NOTICE
from true_api.security.roles import Role

__all__ = ["VISITS", "Visit", "knock"]


def _adds_a_zone(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit(TERMS, {"vocabulary": "zone", "key": f"shore-{next(numbers)}", "label": "Shore"})


def _adds_a_site(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit("/v1/sites", {"label": f"Storage {next(numbers)}"})


def _hides_a_term(_house: House, _scene: Scene, _role: Role | None) -> Visit:
    return Visit(HIDDEN, {"vocabulary": "lived_experience", "term": next(HIDDEN_TERMS)})


def _signs_in(house: House, _scene: Scene, _role: Role | None) -> Visit:
    credentials = httpx2.BasicAuth(str(house.agency.id), SECRET)
    signed = next(credentials.auth_flow(httpx2.Request("POST", "http://house/oauth/token")))
    return Visit(
        "/oauth/token",
        headers={"Authorization": signed.headers["Authorization"]},
        form={"grant_type": "client_credentials"},
    )


def _asks_harbor(house: House, scene: Scene, _role: Role | None) -> Visit:
    words = {"note": QUIET, "arrangement": ARRANGED}
    asked = {"organization_id": str(house.organizations["harbor"]), "need": "wound-care", **words}
    return Visit(f"/v1/participants/{scene.names['code']}/referrals", asked)


def _asks_another(house: House, scene: Scene, _role: Role | None) -> Visit:
    asked = {"organization_id": str(house.organizations["bridge"]), "note": QUIET, "arrangement": ARRANGED}
    return Visit(f"/v1/referrals/{scene.names['referral']}/reroute", asked)


def _agrees(house: House, scene: Scene, _role: Role | None) -> Visit:
    named = {"preset": "referral_loop", "organization_id": str(house.organizations["bridge"])}
    return Visit(f"/v1/participants/{scene.names['code']}/consents", named)


def _prints_a_form(house: House, scene: Scene, _role: Role | None) -> Visit:
    query = f"preset=referral_loop&language=es&organization_id={house.organizations['bridge']}"
    return Visit(f"/v1/participants/{scene.names['code']}/consents/form?{query}")


def _posts(_house: House, _scene: Scene, role: Role | None) -> Visit:
    """A partner agency has a reference of its own; the program's own people say by whom it came."""
    own = {"own_reference": "desk 4"} if role in (Role.AGENCY, None) else {"source": "walk_in"}
    return Visit("/v1/intake-requests", intake(note=QUIET, safe_contact=SAID.contact(), **own))


def _covers(house: House, scene: Scene, _role: Role | None) -> Visit:
    between = {"away_id": scene.names["deputy"], "covering_id": str(house.colleague.id)}
    return Visit("/v1/covers", {**between, "since": "2026-11-02", "until": "2026-11-03"})


def _hands_over(house: House, scene: Scene, _role: Role | None) -> Visit:
    between = {"from_id": scene.names["deputy"], "to_id": str(house.colleague.id)}
    return Visit("/v1/hand-overs", {**between, "codes": [scene.names["code"]]})


PERSON = "/v1/participants/{code}"
SERVICE = {"id": "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40", "name": "Night drop-in", "status": "active"}
SAID = Said()


def sent(code: str) -> dict[str, object]:
    """An encounter as a phone sends it."""
    named = {"client_id": "5b0d7c52-9f0e-4d3b-8a6e-2f1c7a9e4d10", "kind": "encounter", "code": code}
    return {**named, "body": encounter(note=QUIET)}


UNDER_ORDER = {"order_section": "noncriminal_2_64", "records": ["encounters"]}
OWN_WORDS = ("pronouns", "gender_words")

VISITS: dict[str, Way] = {
    **OF_COLLEAGUES,
    "POST /oauth/token": _signs_in,
    "GET /.well-known/jwks.json": at("/.well-known/jwks.json"),
    "GET /.well-known/oauth-authorization-server": at("/.well-known/oauth-authorization-server"),
    "GET /v1/me": at("/v1/me"),
    "POST /v1/participants": at("/v1/participants", {"languages": ["en", "es"], **SAID.words(*OWN_WORDS)}),
    "GET /v1/participants": at("/v1/participants"),
    "GET /v1/participants/{code}": at(PERSON),
    "PATCH /v1/participants/{code}": change("participants", "code", {"age_band": "25_34", **SAID.words(*OWN_WORDS)}),
    "POST /v1/participants/{code}/links": at(
        "/v1/participants/{linked}/links", lambda names: {"code": names["to_link"]}
    ),
    "GET /v1/participants/{code}/links": at("/v1/participants/{linked}/links"),
    "DELETE /v1/participants/{code}/links/{id}": at("/v1/participants/{linked}/links/{link}"),
    "POST /v1/participants/{code}/assignments": at(
        f"{PERSON}/assignments", lambda names: {"member_id": names["colleague"]}
    ),
    "POST /v1/caseload": at("/v1/caseload", lambda names: {"code": names["code"], "word": "lantern"}),
    "GET /v1/today": at("/v1/today"),
    "DELETE /v1/caseload/{code}": at("/v1/caseload/{left}"),
    "POST /v1/covers": _covers,
    "GET /v1/covers": at("/v1/covers"),
    "POST /v1/covers/{id}/end": at("/v1/covers/{cover}/end"),
    "POST /v1/hand-overs": _hands_over,
    "POST /v1/participants/{code}/exclusions": at(f"{PERSON}/exclusions", {}),
    "GET /v1/participants/{code}/exclusions": at("/v1/participants/{apart}/exclusions"),
    "POST /v1/participants/{code}/exclusions/{id}/lift": at("/v1/participants/{apart}/exclusions/{exclusion}/lift"),
    "POST /v1/participants/{code}/ending": at(
        f"{PERSON}/ending", {"kind": "asked_to_end", "known_from": "2026-11-02", "confirmed": True}
    ),
    "GET /v1/participants/{code}/ending": at("/v1/participants/{parted}/ending"),
    "POST /v1/participants/{code}/ending/undo": at("/v1/participants/{parted}/ending/undo"),
    "GET /v1/debriefs": at("/v1/debriefs"),
    "POST /v1/debriefs/{id}/answer": at("/v1/debriefs/{debrief}/answer", {"answer": "not_now"}),
    "GET /v1/recall-questions": at("/v1/recall-questions"),
    "PUT /v1/participants/{code}/recall": at(f"{PERSON}/recall", recall()),
    "GET /v1/participants/{code}/recall": at(f"{PERSON}/recall"),
    "DELETE /v1/participants/{code}/recall": at(f"{PERSON}/recall"),
    "PUT /v1/participants/{code}/confirmation-word": at(f"{PERSON}/confirmation-word", {"word": "lantern"}),
    "DELETE /v1/participants/{code}/confirmation-word": at(f"{PERSON}/confirmation-word"),
    "POST /v1/participants/recall": at("/v1/participants/recall", recall(word="somebody else's")),
    "POST /v1/recall-tries/{reference}/approval": at("/v1/recall-tries/{recall_try}/approval"),
    "GET /v1/participants/{code}/card": at(f"{PERSON}/card"),
    "POST /v1/participants/{code}/reissue": at(f"{PERSON}/reissue", {"reason": "lost"}),
    "POST /v1/participants/{code}/revoke": at(f"{PERSON}/revoke"),
    "POST /v1/code-batches": at("/v1/code-batches", {"size": 3}),
    "GET /v1/code-batches": at("/v1/code-batches"),
    "GET /v1/code-batches/{id}/sheet": at("/v1/code-batches/{batch}/sheet?paper=a4"),
    "GET /v1/participants/{code}/timeline": at(f"{PERSON}/timeline"),
    "GET /v1/participants/{code}/record": at(f"{PERSON}/record"),
    "POST /v1/participants/{code}/forget": at(f"{PERSON}/forget", {"asked_by": "participant"}),
    "GET /v1/participants/{code}/accounting": at(f"{PERSON}/accounting"),
    "GET /v1/participants/{code}/intermediary-disclosures": at(f"{PERSON}/intermediary-disclosures"),
    "GET /v1/accounting-kept-apart/{reference}": at("/v1/accounting-kept-apart/{forgotten_consent}"),
    "POST /v1/emergency-disclosures": at(
        "/v1/emergency-disclosures", lambda names: emergency(names["code"], **SAID.words("facility"))
    ),
    "GET /v1/emergency-disclosures": at("/v1/emergency-disclosures"),
    "GET /v1/emergency-disclosures/{id}": at("/v1/emergency-disclosures/{emergency}"),
    "POST /v1/legal-demands": at("/v1/legal-demands", lambda names: demand(code=names["code"])),
    "GET /v1/legal-demands": at("/v1/legal-demands"),
    "GET /v1/legal-demands/{id}": at("/v1/legal-demands/{demand}"),
    "POST /v1/legal-demands/{id}/transitions": at(
        "/v1/legal-demands/{demand}/transitions",
        lambda names: {"to": "disclosed_under_order", **UNDER_ORDER, "code": names["code"]},
    ),
    "GET /v1/legal-demands/{id}/letter": at("/v1/legal-demands/{demand}/letter"),
    "POST /v1/legal-holds": at("/v1/legal-holds", lambda names: {"code": names["code"], "expires_on": "2027-01-31"}),
    "GET /v1/legal-holds": at("/v1/legal-holds"),
    "GET /v1/audit/entries": at("/v1/audit/entries"),
    "GET /v1/audit/heads": at("/v1/audit/heads"),
    "GET /v1/audit/entries/{id}/proof": at("/v1/audit/entries/{entry}/proof"),
    "POST /v1/legal-holds/{id}/approval": at("/v1/legal-holds/{hold}/approval"),
    "POST /v1/legal-holds/{id}/lift": at("/v1/legal-holds/{hold}/lift"),
    "GET /v1/participants/{code}/safe-contact": at(f"{PERSON}/safe-contact"),
    "PUT /v1/participants/{code}/safe-contact": at(f"{PERSON}/safe-contact", {"contact": SAID.contact()}),
    "DELETE /v1/participants/{code}/safe-contact": at(f"{PERSON}/safe-contact"),
    "POST /v1/participants/{code}/encounters": at(
        f"{PERSON}/encounters", encounter(acts=[{"act": "listening"}], note=QUIET)
    ),
    "GET /v1/participants/{code}/encounters": at(f"{PERSON}/encounters"),
    "POST /v1/encounters": at("/v1/encounters", encounter(outcome="not_today", note=QUIET)),
    "GET /v1/encounters": at("/v1/encounters"),
    "GET /v1/encounters/{id}": at("/v1/encounters/{encounter}"),
    "PUT /v1/encounters/{id}/note": at("/v1/encounters/{encounter}/note", {"note": QUIET}),
    "DELETE /v1/encounters/{id}/note": at("/v1/encounters/{encounter}/note"),
    "POST /v1/encounters/{id}/amendments": at(
        "/v1/encounters/{encounter}/amendments", encounter(outcome="brief", note=QUIET)
    ),
    "POST /v1/encounters/{id}/void": at("/v1/encounters/{encounter}/void", {"reason": "recorded_twice"}),
    "POST /v1/sync": at("/v1/sync", lambda names: {"items": [sent(names["code"])]}),
    "POST /v1/participants/{code}/readiness-notes": at(
        f"{PERSON}/readiness-notes",
        {"occurred_on": "2026-11-01", "focus": "other", **dict.fromkeys(OF_READINESS, QUIET)},
    ),
    "GET /v1/participants/{code}/readiness-notes": at(f"{PERSON}/readiness-notes"),
    "GET /v1/readiness-notes/{id}": at("/v1/readiness-notes/{note}"),
    "GET /v1/participants/{code}/readiness": at(f"{PERSON}/readiness?language=es"),
    "POST /v1/participants/{code}/safety-plans": at(f"{PERSON}/safety-plans", safety_plan()),
    "GET /v1/participants/{code}/safety-plans": at(f"{PERSON}/safety-plans"),
    "GET /v1/participants/{code}/safety-plans/current": at(f"{PERSON}/safety-plans/current"),
    "GET /v1/safety-plans/{id}": at("/v1/safety-plans/{safety_plan}"),
    "POST /v1/safety-plans/{id}/review": at("/v1/safety-plans/{reviewed_plan}/review", {"review_on": "2027-02-02"}),
    "POST /v1/participants/{code}/plans": at(f"{PERSON}/plans", own_plan()),
    "GET /v1/participants/{code}/plans": at(f"{PERSON}/plans"),
    "GET /v1/participants/{code}/plans/current": at(f"{PERSON}/plans/current"),
    "GET /v1/plans/{id}": at("/v1/plans/{own_plan}"),
    "POST /v1/plans/{id}/review": at("/v1/plans/{reviewed_own_plan}/review", {"review_on": "2027-02-02"}),
    "POST /v1/participants/{code}/consents": _agrees,
    "GET /v1/participants/{code}/consents": at(f"{PERSON}/consents"),
    "GET /v1/participants/{code}/consents/form": _prints_a_form,
    "GET /v1/participants/{code}/consents/{id}": at(f"{PERSON}/consents/{{consent}}"),
    "GET /v1/consent-presets": at("/v1/consent-presets"),
    "GET /v1/consent-forms": at("/v1/consent-forms"),
    "GET /v1/program/minor-consent-rule": at("/v1/program/minor-consent-rule"),
    "PUT /v1/program/minor-consent-rule": at(
        "/v1/program/minor-consent-rule", {"rule": "shut", "state": "NY", "source": "Mental Hygiene Law 22.11"}
    ),
    "GET /v1/access-endings": at("/v1/access-endings"),
    "POST /v1/participants/{code}/consents/{id}/revoke": at(f"{PERSON}/consents/{{consent}}/revoke"),
    "POST /v1/participants/{code}/referrals": _asks_harbor,
    "GET /v1/participants/{code}/referrals": at(f"{PERSON}/referrals"),
    "GET /v1/referrals": at("/v1/referrals"),
    "GET /v1/referrals/{id}": at("/v1/referrals/{seen_referral}"),
    "PUT /v1/referrals/{id}/arrangement": at("/v1/referrals/{seen_referral}/arrangement", {"arrangement": ARRANGED}),
    "POST /v1/referrals/{id}/hand-offs": at(
        "/v1/referrals/{seen_referral}/hand-offs", {"how": "phone", "arrived": "not_known"}
    ),
    "POST /v1/referrals/{id}/reroute": _asks_another,
    "GET /v1/referrals/{id}/slip": at("/v1/referrals/{seen_referral}/slip?language=es"),
    "POST /v1/participants/{code}/promises": at(
        f"{PERSON}/promises", lambda names: {"kind": "check_in", "on": "2027-02-01", "referral_id": names["referral"]}
    ),
    "GET /v1/participants/{code}/promises": at(f"{PERSON}/promises?state=open"),
    "GET /v1/promises": at("/v1/promises"),
    "POST /v1/promises/{id}/kept": at("/v1/promises/{promise}/kept"),
    "POST /v1/promises/{id}/not-this-time": at("/v1/promises/{promise}/not-this-time", {"reason": "place_closed"}),
    "POST /v1/promises/{id}/release": at("/v1/promises/{promise}/release", {"reason": "person_asked"}),
    "POST /v1/promises/{id}/day": at("/v1/promises/{promise}/day", {"on": "2027-02-02"}),
    "POST /v1/referrals/{id}/transitions": at(
        "/v1/referrals/{seen_referral}/transitions", {"to": "accepted", "note": QUIET, "arrangement": ARRANGED}
    ),
    "POST /v1/overdose-events": at(
        "/v1/overdose-events",
        lambda names: {
            "kind": "reversal",
            "occurred_on": "2026-11-01",
            "link_to_person": True,
            "code": names["code"],
        },
    ),
    "GET /v1/overdose-events": at("/v1/overdose-events"),
    "GET /v1/overdose-events/{id}": at("/v1/overdose-events/{overdose}"),
    "POST /v1/overdose-events/{id}/amendments": at(
        "/v1/overdose-events/{overdose}/amendments", {"kind": "overdose", "occurred_on": "2026-11-01", "doses": 3}
    ),
    "POST /v1/overdose-events/{id}/void": at("/v1/overdose-events/{overdose}/void", {"reason": "recorded_twice"}),
    "POST /v1/drug-checks": at("/v1/drug-checks", SAMPLE),
    "GET /v1/drug-checks": at("/v1/drug-checks"),
    "GET /v1/drug-checks/{id}": at("/v1/drug-checks/{check}"),
    "POST /v1/drug-checks/{id}/results": at("/v1/drug-checks/{check}/results", {"results": SAMPLE["results"]}),
    "POST /v1/drug-checks/{id}/results/{result}/void": at(
        "/v1/drug-checks/{check}/results/{check_result}/void", {"reason": "misread"}
    ),
    "POST /v1/alerts": at(
        "/v1/alerts",
        lambda names: {"message": "long_sedation", "drug_check_id": names["check"], "found": QUIET},
    ),
    "GET /v1/alerts": at("/v1/alerts"),
    "GET /v1/alerts/{id}": at("/v1/alerts/{alert}"),
    "POST /v1/alerts/{id}/confirmation": at("/v1/alerts/{alert}/confirmation", {"days": 3}),
    "POST /v1/alerts/{id}/dismissal": at("/v1/alerts/{alert}/dismissal", {"reason": "told_already"}),
    "POST /v1/alerts/{id}/withdrawal": at("/v1/alerts/{told_alert}/withdrawal", {"reason": "over"}),
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
    "GET /v1/insights/months": at("/v1/insights/months?from=2026-10&to=2026-12"),
    "GET /v1/releases": at("/v1/releases"),
    "POST /v1/releases": at("/v1/releases", {"period": ENDED}),
    "GET /v1/releases/{period}/{table}": at(f"/v1/releases/{SEALED}/participants-by-setting"),
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
    "GET /docs": at("/docs"),
    "GET /redoc": at("/redoc"),
    "GET /docs/assets/{name}": at("/docs/assets/start-docs.js"),
    "GET /openapi.json": at("/openapi.json"),
}
