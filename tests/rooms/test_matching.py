"""Matching: who fits what was asked for, with the reason in words, and no answer of either side."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from tests.world import House, intake, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.words import SealedText
from true_api.rooms.matching.fitting import AREAS, HIDES_AMONG, Candidate, fullness, ranked, traits, wishes_of
from true_api.rooms.matching.schemas import MatchingDraft, PeerTraits
from true_api.rooms.matching.tables import IntakePeerWishes, MatchingAnswers, PeerWishes
from true_api.rooms.matching.vocabulary import CaseloadFullness, LivedExperience, MatchReason

OWN, NOBODY = "/v1/me/matching", UUID(int=0)
NOTHING: dict[str, Any] = {name: [] for name in ("languages", "genders", "communities", "experiences", "local_terms")}


def person(code: str, what: str) -> str:
    return f"/v1/participants/{code}/{what}"


async def answers(house: House, persona: str, **said: Any) -> None:
    ok(await house.people[persona].call("PUT", OWN, said))


async def matches(house: House, code: str, caller: str = "supervisor", **query: str) -> dict[str, list[str]]:
    """The labels of the peers in their order, each with the reasons."""
    found = ok(await house.people[caller].get(person(code, "matches"), params=query))
    return {match["label"]: [reason["reason"] for reason in match["reasons"]] for match in found["matches"]}


async def enrolled(house: House, **profile: Any) -> str:
    """Somebody whom the supervisor's team works with."""
    return await house.peer.enrolls(**profile)


# Pure: what fits, and what may be said of it.


def some(**said: list[str]) -> Any:
    return traits(said, {"mam": MatchReason.LANGUAGE})


def candidate(label: str = "peer", caseload: int = 0, quietly: Any = None, **openly: list[str]) -> Candidate:
    return Candidate(uuid4(), label, some(**openly), quietly or some(), caseload)


def test_who_fits_more_wishes_comes_first_and_then_who_works_with_fewer_people() -> None:
    asked = some(languages=["es"], experiences=["methadone", "incarceration"])
    one, two = candidate("one", 30, languages=["es"]), candidate("two", 40, experiences=["methadone", "incarceration"])
    light = candidate("light", 2, languages=["es"])
    found = ranked(asked, [one, two, light, candidate("none")], NOBODY, with_quiet=False)
    assert [match.candidate.label for match in found] == ["two", "light", "one", "none"]
    assert [match.reasons for match in found][::3] == [(MatchReason.EXPERIENCE,), ()]


def test_any_language_that_was_asked_for_will_do_and_is_one_wish() -> None:
    asked = some(languages=["es", "en"], genders=["woman", "non_binary"], communities=["parents", "veterans"])
    assert len(wishes_of(asked)) == 4
    (found,) = ranked(asked, [candidate(languages=["en"], genders=["woman"])], NOBODY, with_quiet=False)
    assert found.reasons == (MatchReason.LANGUAGE, MatchReason.GENDER)


def test_a_language_of_the_programs_own_is_matched_by_its_own_key() -> None:
    (found,) = ranked(some(local_terms=["mam", "gone"]), [candidate(local_terms=["mam"])], NOBODY, with_quiet=False)
    assert found.reasons == (MatchReason.LANGUAGE,)
    (other,) = ranked(some(local_terms=["mam"]), [candidate(languages=["other", "es"])], NOBODY, with_quiet=False)
    assert other.reasons == ()


@pytest.mark.parametrize("asked_for", range(1, 6))
def test_what_is_quiet_hides_among_at_least_three_wishes_and_is_never_named(asked_for: int) -> None:
    asked = some(experiences=list(LivedExperience)[:asked_for])
    quiet = candidate(quietly=some(experiences=[next(iter(LivedExperience))]))
    (found,) = ranked(asked, [quiet], NOBODY, with_quiet=True)
    assert found.reasons == ((MatchReason.OF_WHAT_WAS_ASKED_FOR,) if asked_for >= HIDES_AMONG else ())
    assert ranked(asked, [quiet], NOBODY, with_quiet=False)[0].reasons == ()


def test_what_fits_openly_hides_nothing() -> None:
    """Of three wishes one fits openly: two are left, among which a guess would be right every other time."""
    asked = some(languages=["es"], experiences=["methadone", "faith"])
    quiet = candidate(languages=["es"], quietly=some(experiences=["faith"]))
    (found,) = ranked(asked, [quiet], NOBODY, with_quiet=True)
    assert found.reasons == (MatchReason.LANGUAGE,)


KEYS = st.frozensets(st.sampled_from(["a", "b", "c", "d"]))
SAID = st.fixed_dictionaries(dict.fromkeys(AREAS.values(), KEYS))


@given(SAID, st.lists(st.builds(lambda o, q, n: Candidate(uuid4(), "", o, q, n), SAID, SAID, st.integers(0, 60))))
def test_a_reason_names_only_what_was_asked_for_and_said_openly(asked: Any, known: list[Candidate]) -> None:
    found = ranked(asked, known, NOBODY, with_quiet=True)
    assert found == ranked(asked, reversed(known), NOBODY, with_quiet=True)
    assert {match.candidate.member_id for match in found} == {one.member_id for one in known}
    for match in found:
        for reason in set(match.reasons) - {MatchReason.OF_WHAT_WAS_ASKED_FOR}:
            assert asked[reason] & match.candidate.openly[reason]


@given(SAID, SAID, SAID)
def test_quiet_answers_change_nothing_for_who_asks_for_too_little(asked: Any, openly: Any, quietly: Any) -> None:
    said = [Candidate(NOBODY, "", openly, quiet, 0) for quiet in (quietly, some())]
    with_it, without = (ranked(asked, [one], NOBODY, with_quiet=True)[0].reasons for one in said)
    left = [wish for wish in wishes_of(asked) if not wish[1] & openly[wish[0]]]
    assert with_it == without or len(left) >= HIDES_AMONG


def test_a_caseload_is_told_coarsely() -> None:
    assert [fullness(people) for people in (0, 10, 11, 25, 26)] == [
        *(CaseloadFullness.FEW, CaseloadFullness.FEW),
        *(CaseloadFullness.SOME, CaseloadFullness.SOME, CaseloadFullness.MANY),
    ]


@pytest.mark.parametrize("term", ["other", "not_asked", "prefers_not_to_say"])
def test_nobody_is_matched_on_no_answer(term: str) -> None:
    with pytest.raises(ValidationError):
        PeerTraits.model_validate({"languages": [term]})


def test_a_term_is_matched_on_one_way() -> None:
    with pytest.raises(ValidationError, match="not both"):
        MatchingDraft.model_validate({"openly": {"experiences": ["faith"]}, "quietly": {"experiences": ["faith"]}})


# At the doors.


async def test_what_a_peer_says_of_themselves_is_theirs_alone(house: House) -> None:
    said = {"openly": {**NOTHING, "languages": ["es"]}, "quietly": {**NOTHING, "experiences": ["suicidal_thoughts"]}}
    assert ok(await house.peer.get(OWN)) == {"openly": NOTHING, "quietly": NOTHING, "answered_on": None}
    await answers(house, "peer", **said)
    assert ok(await house.peer.get(OWN)) == {**said, "answered_on": "2026-11-02"}
    for persona in ("supervisor", "colleague"):
        assert ok(await house.people[persona].get(OWN))["answered_on"] is None
    for caller in (house.admin, house.agency, house.integrator):
        refused(await caller.get(OWN), 403, "not_permitted")
    answered, texts = table_of(MatchingAnswers), table_of(SealedText)
    rows, sealed = await house.rows(select(answered), select(texts.c.sealed))
    assert len(rows) == 1
    assert b"suicidal" not in sealed[0].sealed
    ok(await house.peer.call("PUT", OWN, {"openly": {"communities": ["parents"]}}))
    assert ok(await house.peer.get(OWN))["openly"]["languages"] == []
    ok(await house.peer.call("DELETE", OWN))
    ok(await house.peer.call("DELETE", OWN))
    assert [len(found) for found in await house.rows(select(answered), select(texts))] == [0, 0]


async def test_a_person_is_suggested_who_fits_what_they_ask_for_and_nobody_is_assigned(house: House) -> None:
    """The belief: matching communities (domain.md, "What the program believes")."""
    code = await enrolled(house)
    await answers(house, "colleague", openly={"languages": ["es"], "experiences": ["methadone"]})
    assert await matches(house, code) == {"peer": [], "colleague": []}
    wishes = {**NOTHING, "languages": ["es", "en"], "experiences": ["methadone", "parenting"]}
    assert ok(await house.peer.call("PUT", person(code, "peer-wishes"), wishes))["asked_on"] == "2026-11-02"
    assert ok(await house.supervisor.get(person(code, "peer-wishes"))) == {**wishes, "asked_on": "2026-11-02"}
    found = ok(await house.supervisor.get(person(code, "matches"), params={"language": "es"}))
    assert found["asked_for"] == ["language", "experience"]
    assert [match["label"] for match in found["matches"]] == ["colleague", "peer"]
    assert [reason["in_words"] for reason in found["matches"][0]["reasons"]] == [
        "Habla un idioma que se pidió",
        "Ha vivido algo que se pidió",
    ]
    assert [match["works_with_person"] for match in found["matches"]] == [False, True]
    assert not {"es", "methadone", "parenting"} & set(json.dumps(found).replace('"', " ").split())
    refused(await house.colleague.get(f"/v1/participants/{code}"), 404, "not_found")
    ok(await house.peer.call("DELETE", person(code, "peer-wishes")))
    assert ok(await house.peer.get(person(code, "peer-wishes"))) == {**NOTHING, "asked_on": None}


async def test_what_a_colleague_is_matched_on_quietly_is_weighed_for_supervisors_alone(house: House) -> None:
    code = await enrolled(house)
    wishes = {"experiences": ["faith", "grief_after_overdose", "suicidal_thoughts"]}
    ok(await house.peer.call("PUT", person(code, "peer-wishes"), wishes))
    await answers(house, "colleague", quietly={"experiences": ["suicidal_thoughts"]})
    assert (await matches(house, code))["colleague"] == ["of_what_was_asked_for"]
    assert (await matches(house, code, "peer"))["colleague"] == []


async def test_what_the_profile_says_counts_where_nothing_was_asked_for(house: House) -> None:
    code = await enrolled(house, languages=["es", "other"], communities=["parents"])
    await answers(house, "colleague", openly={"languages": ["es"], "communities": ["parents"]})
    assert (await matches(house, code))["colleague"] == ["language", "community"]
    ok(await house.peer.call("PUT", person(code, "peer-wishes"), {"languages": ["fr"]}))
    assert (await matches(house, code))["colleague"] == ["community"]


async def test_who_is_kept_apart_from_a_person_or_left_is_not_suggested(house: House) -> None:
    code = await enrolled(house)
    excluded = {"member_id": str(house.colleague.id)}
    ok(await house.supervisor.post(person(code, "exclusions"), excluded))
    assert set(await matches(house, code)) == {"peer"}
    assert "stranger" not in await matches(house, code)
    member = f"/v1/members/{house.peer.id}"
    etag = (await house.admin.get(member)).headers["etag"]
    ok(await house.admin.patch(member, {"active": False}, etag))
    assert await matches(house, code) == {}


async def test_somebody_who_is_yet_to_be_met_may_ask_and_it_comes_along(house: House) -> None:
    ok(await house.agency.post("/v1/intake-requests", intake(language="es")))
    (request,) = ok(await house.peer.get("/v1/intake-requests"))["items"]
    place = f"/v1/intake-requests/{request['id']}"
    await answers(house, "colleague", openly={"languages": ["es"], "genders": ["woman"]})
    found = ok(await house.supervisor.get(f"{place}/matches"))
    assert (found["asked_for"], [match["label"] for match in found["matches"]]) == (["language"], ["colleague", "peer"])
    for genders in (["man"], ["woman"]):
        ok(await house.peer.call("PUT", f"{place}/peer-wishes", {"genders": genders}))
    assert ok(await house.supervisor.get(f"{place}/peer-wishes"))["genders"] == ["woman"]
    first = ok(await house.supervisor.get(f"{place}/matches"))["matches"][0]
    assert [reason["in_words"] for reason in first["reasons"]] == [
        "Speaks a language that was asked for",
        "Is of a gender that was asked for",
    ]
    for answer in (await house.agency.get(f"{place}/matches"), await house.agency.get(f"{place}/peer-wishes")):
        refused(answer, 403, "not_permitted")
    code = ok(await house.peer.post(f"{place}/connection", {}))["code"]
    assert ok(await house.peer.get(person(code, "peer-wishes")))["genders"] == ["woman"]
    rows = await house.rows(*(select(table_of(kind)) for kind in (IntakePeerWishes, PeerWishes)))
    assert [len(found) for found in rows] == [1, 1]


async def test_of_the_programs_own_terms_those_are_matched_on_that_it_offers(house: House) -> None:
    terms = "/v1/vocabularies/terms"
    mam = {"vocabulary": "language", "key": "mam", "label": "Mam", "shared_term": "other"}
    ok(await house.supervisor.post(terms, mam))
    ok(await house.supervisor.post(terms, {"vocabulary": "zone", "key": "river-side", "label": "River side"}))
    code = await enrolled(house, local_terms=["mam"])
    await answers(house, "peer", openly={"local_terms": ["mam"]})
    assert (await matches(house, code))["peer"] == ["language"]
    for unknown in (["river-side"], ["nowhere"]):
        wrong = {"local_terms": unknown}
        refused(await house.peer.call("PUT", OWN, {"openly": wrong}), 409, "term_not_matched")
        refused(await house.peer.call("PUT", person(code, "peer-wishes"), wrong), 409, "term_not_matched")


async def test_before_history_is_open_nobody_reads_or_asks(house: House) -> None:
    code = await enrolled(house)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    for answer in (
        await house.stranger.get(person(code, "peer-wishes")),
        await house.stranger.get(person(code, "matches")),
        await house.stranger.call("PUT", person(code, "peer-wishes"), {}),
        await house.stranger.call("DELETE", person(code, "peer-wishes")),
    ):
        refused(answer, 409, "history_closed")
    unknown = await house.other_supervisor.get(person(await enrolled(house), "matches"))
    refused(unknown, 404, "not_found")
