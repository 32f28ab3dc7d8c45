"""How each door is visited so that it opens for who may: one visit per door, in the scene of tests/house/scenes.py.

A door that is hung and not listed here fails tests/house/test_roles.py: say here how it is visited.
"""

import httpx2

from tests.house.colleagues import OF_COLLEAGUES
from tests.house.scenes import (
    ARRANGED,
    OF_READINESS,
    QUIET,
    SAMPLE,
    Said,
    Scene,
)
from tests.house.visiting import Visit, Way, at, change, knock
from tests.house.visits_of_program import OF_PROGRAM
from tests.rooms.planning import own_plan, safety_plan
from tests.stories.steps import demand, emergency
from tests.world import SECRET, House, encounter, recall
from true_api.security.roles import Role

__all__ = ["VISITS", "Visit", "knock"]


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


def _covers(house: House, scene: Scene, _role: Role | None) -> Visit:
    between = {"away_id": scene.names["deputy"], "covering_id": str(house.colleague.id)}
    return Visit("/v1/covers", {**between, "since": "2026-11-02", "until": "2026-11-03"})


def _hands_over(house: House, scene: Scene, _role: Role | None) -> Visit:
    between = {"from_id": str(house.peer.id), "to_id": str(house.colleague.id)}
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
    **OF_PROGRAM,
    "POST /oauth/token": _signs_in,
    "GET /.well-known/jwks.json": at("/.well-known/jwks.json"),
    "GET /.well-known/oauth-authorization-server": at("/.well-known/oauth-authorization-server"),
    "GET /.well-known/security.txt": at("/.well-known/security.txt"),
    "GET /.well-known/api-catalog": at("/.well-known/api-catalog"),
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
    "POST /v1/participants/{code}/exclusions": at("/v1/participants/{left}/exclusions", {}),
    "GET /v1/participants/{code}/exclusions": at("/v1/participants/{apart}/exclusions"),
    "POST /v1/participants/{code}/exclusions/{id}/lift": at("/v1/participants/{apart}/exclusions/{exclusion}/lift"),
    "POST /v1/participants/{code}/ending": at(
        "/v1/participants/{left}/ending", {"kind": "asked_to_end", "known_from": "2026-11-02", "confirmed": True}
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
}
