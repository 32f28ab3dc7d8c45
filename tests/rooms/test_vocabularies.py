"""Vocabularies: every term of the API with its label, and the program's own terms beside the shared ones."""

from typing import Any

from tests.api.test_absent import all_the_same
from tests.stories.steps import items
from tests.world import CLIENTS, MEMBERS, House, ok, refused
from true_api.journeys.vocabularies import shared
from true_api.privacy.profile import NO_ANSWER, SHARED, Vocabulary

TERMS = "/v1/vocabularies/terms"
MAM = {"vocabulary": "language", "key": "mam", "label": "Mam", "shared_term": "other"}
RIVER = {"vocabulary": "zone", "key": "river-side", "label": "River side", "shared_term": None}


async def vocabularies(house: House, persona: str = "peer") -> dict[str, Any]:
    return ok(await house.people[persona].get("/v1/vocabularies"))


async def test_everybody_reads_the_shared_terms_and_who_works_with_people_the_programs_own(house: House) -> None:
    for draft in (MAM, RIVER):
        ok(await house.supervisor.post(TERMS, draft))
    for persona in [*MEMBERS, *CLIENTS, "admin"]:
        seen = await vocabularies(house, persona)
        assert seen["version"] == shared()[0]
        assert {known["key"] for known in seen["vocabularies"]} >= {"act", "age_band", "zone", "need"}
        assert seen["local_terms"] == ([] if persona == "integrator" else [MAM, RIVER])


async def test_a_term_that_is_switched_off_is_offered_no_more_and_never_deleted(house: House) -> None:
    added = ok(await house.admin.post(TERMS, MAM))
    path = f"{TERMS}/{added['id']}"
    assert added == {"id": added["id"], **MAM, "active": True}
    before = (await house.peer.get("/v1/vocabularies")).headers["etag"]
    changed = await house.supervisor.patch(path, {"active": False}, (await house.supervisor.get(path)).headers["etag"])
    assert ok(changed) == {**added, "active": False}
    after = await house.peer.get("/v1/vocabularies")
    assert (ok(after)["local_terms"], after.headers["etag"] == before) == ([], False)
    assert await items(house.admin, TERMS) == [{**added, "active": False}]
    on_again = await house.admin.patch(path, {"active": True, "label": "Mam Maya"}, changed.headers["etag"])
    assert ok(on_again)["label"] == (await vocabularies(house))["local_terms"][0]["label"] == "Mam Maya"
    refused(await house.admin.call("DELETE", path), 405, "method_not_allowed")


async def test_what_records_go_by_never_changes(house: House) -> None:
    path = f"{TERMS}/{ok(await house.supervisor.post(TERMS, MAM))['id']}"
    etag = (await house.supervisor.get(path)).headers["etag"]
    for wrong in ({"key": "maya"}, {"shared_term": "es"}, {"vocabulary": "community"}, {"label": "Ask: 555"}):
        refused(await house.supervisor.patch(path, wrong, etag), 422, "invalid_shape")
    ok(await house.supervisor.patch(path, {"label": "Maya"}, etag))
    refused(await house.supervisor.patch(path, {"label": "Mam"}, etag), 412, "precondition_failed")
    refused(await house.supervisor.call("PATCH", path, {"label": "Mam"}), 428, "if_match_required")


async def test_a_key_names_one_term(house: House) -> None:
    ok(await house.supervisor.post(TERMS, MAM))
    taken: list[dict[str, Any]] = [
        MAM,
        {**RIVER, "key": "mam"},
        {**RIVER, "key": "not_asked"},
        {**MAM, "key": "es"},
        {**MAM, "vocabulary": "community", "key": "parents", "shared_term": "other"},
    ]
    for draft in taken:
        refused(await house.admin.post(TERMS, draft), 409, "term_taken")
    assert len(await items(house.supervisor, TERMS)) == 1


async def test_a_term_is_mapped_to_an_answer_of_its_own_vocabulary(house: House) -> None:
    wrong: list[dict[str, Any]] = [
        {**MAM, "shared_term": None},
        {**MAM, "shared_term": "prefers_not_to_say"},
        {**MAM, "shared_term": "woman"},
        {**MAM, "shared_term": "no such term"},
        {**RIVER, "shared_term": "other"},
        {**MAM, "key": "Mam Maya"},
        {**MAM, "key": ""},
        {**MAM, "vocabulary": "age_band"},
        {"vocabulary": "zone", "key": "river-side"},
    ]
    for draft in wrong:
        refused(await house.supervisor.post(TERMS, draft), 422, "invalid_shape")
    for vocabulary, kind in SHARED.items():
        longest = max((term.value for term in kind if term.value not in NO_ANSWER), key=len)
        draft = {"vocabulary": vocabulary, "key": f"own-{vocabulary}", "label": "Own", "shared_term": longest}
        assert ok(await house.supervisor.post(TERMS, draft))["shared_term"] == longest
    assert set(SHARED) == set(Vocabulary) - {Vocabulary.CERTIFICATE, Vocabulary.PAPER_PLACE, Vocabulary.ZONE}


async def test_who_does_not_keep_the_vocabularies_only_reads_them(house: House) -> None:
    path = f"{TERMS}/{ok(await house.supervisor.post(TERMS, MAM))['id']}"
    for caller in (house.peer, house.agency, house.integrator):
        for answer in (
            await caller.post(TERMS, RIVER),
            await caller.get(TERMS),
            await caller.get(path),
            await caller.patch(path, {"active": False}, '"1.0123456789abcdef"'),
        ):
            refused(answer, 403, "not_permitted")


async def test_a_term_that_is_nowhere_is_absent(house: House) -> None:
    known = ok(await house.supervisor.post(TERMS, MAM))["id"]
    places = [known.upper(), known.replace("-", ""), "mam", "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"]
    assert all_the_same([await house.supervisor.get(f"{TERMS}/{place}") for place in places])


HIDDEN = "/v1/vocabularies/hidden-terms"


async def the_one(house: House, key: str, persona: str = "peer") -> dict[str, Any]:
    """One vocabulary, asked for alone."""
    (found,) = ok(await house.people[persona].get("/v1/vocabularies", params={"vocabulary": key}))["vocabularies"]
    assert found["key"] == key
    return dict(found)


def offered(vocabulary: dict[str, Any]) -> set[str]:
    return {term["key"] for term in vocabulary["terms"] if term["offered"]}


async def test_every_term_is_labelled_in_english_and_spanish_and_one_vocabulary_can_be_asked_for(house: House) -> None:
    ok(await house.supervisor.post(TERMS, MAM))
    ok(await house.supervisor.post(TERMS, RIVER))
    acts = await the_one(house, "act")
    assert (acts["label"], acts["label_es"]) == ("Act", "Acto")
    labels = {term["key"]: (term["label"], term["label_es"]) for term in acts["terms"]}
    assert labels["wound_care_info"] == ("Wound care information", "Información sobre el cuidado de heridas")
    shown = ok(await house.peer.get("/v1/vocabularies", params={"vocabulary": "language"}))
    assert (shown["version"], shown["local_terms"]) == (shared()[0], [MAM])
    problem = await house.peer.get("/v1/vocabularies", params={"vocabulary": "acts"})
    assert refused(problem, 422, "invalid_shape")["errors"][0]["near"][0] == "act"


async def test_a_phone_keeps_the_vocabularies_until_something_in_them_changes(house: House) -> None:
    first = await house.peer.get("/v1/vocabularies")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await house.peer.get("/v1/vocabularies", headers=known)).status_code == 304
    ok(await house.supervisor.post(HIDDEN, {"vocabulary": "community", "term": "veterans"}))
    assert (await house.peer.get("/v1/vocabularies", headers=known)).status_code == 200


async def test_a_term_that_is_hidden_is_not_offered_and_is_still_taken_and_still_read(house: House) -> None:
    code = await house.peer.enrolls(communities=["veterans"])
    hidden = ok(await house.supervisor.post(HIDDEN, {"vocabulary": "community", "term": "veterans"}))
    for persona in ("peer", "agency", "integrator", "admin"):
        shown = await the_one(house, "community", persona)
        assert {term["key"] for term in shown["terms"]} - offered(shown) == (
            set() if persona == "integrator" else {"veterans"}
        )
    assert ok(await house.peer.get(f"/v1/participants/{code}"))["communities"] == ["veterans"]
    away = await house.peer.enrolls(communities=["veterans"])
    assert ok(await house.peer.get(f"/v1/participants/{away}"))["communities"] == ["veterans"]
    assert ok(await house.admin.get(HIDDEN))["items"] == [hidden]
    ok(await house.admin.call("DELETE", f"{HIDDEN}/{hidden['id']}"))
    assert "veterans" in offered(await the_one(house, "community"))
    assert ok(await house.admin.get(HIDDEN))["items"] == []


async def test_what_the_software_or_a_person_needs_cannot_be_hidden(house: House) -> None:
    needed = [
        {"vocabulary": "act", "term": "naloxone_given"},
        {"vocabulary": "community", "term": "not_asked"},
        {"vocabulary": "community", "term": "other"},
        {"vocabulary": "referral_state", "term": "accepted"},
        {"vocabulary": "race_ethnicity", "term": "white"},
    ]
    for draft in needed:
        refused(await house.supervisor.post(HIDDEN, draft), 409, "term_needed")
    ok(await house.supervisor.post(HIDDEN, {"vocabulary": "setting", "term": "mail"}))
    refused(await house.supervisor.post(HIDDEN, {"vocabulary": "setting", "term": "mail"}), 409, "term_hidden")
    for unknown, near in (
        ({"vocabulary": "setting", "term": "mails"}, "mail"),
        ({"vocabulary": "acts", "term": "x"}, "act"),
    ):
        problem = refused(await house.supervisor.post(HIDDEN, unknown), 422, "invalid_shape")
        assert near in problem["errors"][0]["near"]
    for caller in (house.peer, house.agency, house.integrator):
        refused(await caller.post(HIDDEN, {"vocabulary": "setting", "term": "event"}), 403, "not_permitted")
        refused(await caller.get(HIDDEN), 403, "not_permitted")
