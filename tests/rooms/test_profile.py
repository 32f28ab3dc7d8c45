"""The profile: optional, coarse, self-described; own words are sealed, local terms are counted under shared ones."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.rooms.exploring import exploring
from tests.security.traces import entry_of
from tests.stories.steps import items
from tests.world import Caller, House, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.profile import AgeBand, Community, Gender, Language, RaceEthnicity
from true_api.privacy.words import SealedText

NO_ANSWERS = ("does_not_know", "prefers_not_to_say", "not_asked")
LISTS = {"race_ethnicity": RaceEthnicity, "languages": Language, "communities": Community}
OWN_WORDS = {"pronouns": "she/they", "gender_words": "stud, some days"}
LENIENT = {"Prefer": "handling=lenient"}
MAIL = "ask quiet.river@example.org"


def named(kind: Any) -> st.SearchStrategy[list[str]]:
    """Terms that are answers, each once; or a kind of no answer by itself."""
    answers = st.lists(st.sampled_from([term for term in kind if term not in NO_ANSWERS]), min_size=1, unique=True)
    return answers | st.sampled_from([[term] for term in NO_ANSWERS])


profiles = st.fixed_dictionaries(
    {},
    optional={
        "age_band": st.sampled_from(AgeBand),
        "gender": st.sampled_from(Gender),
        "may_be_returning": st.booleans(),
        "zone": st.sampled_from(NO_ANSWERS),
        **{name: named(kind) for name, kind in LISTS.items()},
    },
)


async def offers(house: House, vocabulary: str, key: str, shared_term: str | None = None) -> str:
    """The program adds a term of its own; where to find it."""
    draft = {"vocabulary": vocabulary, "key": key, "label": key.title(), "shared_term": shared_term}
    return f"/v1/vocabularies/terms/{ok(await house.supervisor.post('/v1/vocabularies/terms', draft))['id']}"


async def changes(caller: Caller, code: str, **change: Any) -> Any:
    """A person says something about themselves."""
    path, options = f"/v1/participants/{code}", {"headers": change.pop("headers", {})}
    etag = (await caller.get(path)).headers["etag"]
    return await caller.call("PATCH", path, change, headers={"If-Match": etag, **options["headers"]})


async def reads(caller: Caller, code: str) -> dict[str, Any]:
    """The single record."""
    return ok(await caller.get(f"/v1/participants/{code}"))


@given(said=st.lists(profiles, min_size=1, max_size=3))
@exploring
async def test_a_profile_changes_field_by_field(peer: Caller, said: list[dict[str, Any]]) -> None:
    expected = ok(await peer.post("/v1/participants", {}))
    path = f"/v1/participants/{expected['code']}"
    etag = (await peer.get(path)).headers["etag"]
    for change in said:
        changed = await peer.patch(path, change, etag)
        expected |= change
        assert ok(changed) == expected
        etag = changed.headers["etag"]
    read = await peer.get(path)
    kept = {name: value for name, value in expected.items() if name not in ("words_kept", "returned", "guidance")}
    assert ok(read) == {**kept, **dict.fromkeys(OWN_WORDS, "not_asked")}
    assert read.headers["etag"] == etag


async def test_three_kinds_of_no_answer_are_three_answers(peer: Caller) -> None:
    code = await peer.enrolls(age_band="65_plus", languages=["en", "es"], **OWN_WORDS)
    for kind in NO_ANSWERS:
        said = {**dict.fromkeys(("age_band", "gender", "zone", *OWN_WORDS), kind), **{name: [kind] for name in LISTS}}
        ok(await changes(peer, code, **said))
        read = await reads(peer, code)
        assert {name: read[name] for name in said} == said
    for name in ("age_band", "gender", "zone", "may_be_returning", "local_terms", *LISTS):
        refused(await changes(peer, code, **{name: None}), 422, "invalid_shape")


async def test_a_list_names_each_term_once_and_contradicts_itself_never(peer: Caller) -> None:
    contradictions: dict[str, list[Any]] = {
        "languages": [["en", "es", "en"], ["en", "not_asked"], ["en", "does_not_know"], [], ["English"], "en"],
        "race_ethnicity": [["white", "white"], ["white", "prefers_not_to_say"], ["not_asked", "does_not_know"]],
        "communities": [["parents", "not_asked"], [], ["parents", "parents"]],
        "local_terms": [["mam", "mam"], ["Mam"], ["a term"], [""], "mam"],
        "zone": ["River Side", "", "41.8,-87.6", ["river"]],
    }
    for name, terms in contradictions.items():
        for wrong in terms:
            refused(await peer.post("/v1/participants", {name: wrong}), 422, "invalid_shape")


async def test_own_words_are_sealed_and_shown_by_the_single_record_alone(house: House) -> None:
    enrolled = ok(await house.peer.post("/v1/participants", OWN_WORDS))
    assert enrolled["words_kept"] == ["gender_words", "pronouns"]
    assert not set(OWN_WORDS) & set(enrolled)
    for caller in (house.peer, house.supervisor):
        read = await reads(caller, enrolled["code"])
        assert {name: read[name] for name in OWN_WORDS} == OWN_WORDS
        assert not set(OWN_WORDS) & set((await items(caller, "/v1/participants"))[0])
    kept = (await house.rows(select(table_of(SealedText))))[0]
    assert sorted(text.place for text in kept) == ["participants.gender_words", "participants.pronouns"]
    assert not any(word.encode() in text.sealed for text in kept for word in OWN_WORDS.values())


async def test_own_words_wait_until_history_is_open(house: House) -> None:
    code = await house.peer.enrolls(**OWN_WORDS)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    assert {(await reads(house.stranger, code))[name] for name in OWN_WORDS} == {None}
    refused(await changes(house.stranger, code, pronouns="he/him"), 409, "history_closed")
    assigned = {"member_id": str(house.stranger.id)}
    ok(await house.other_supervisor.post(f"/v1/participants/{code}/assignments", assigned))
    assert (await reads(house.stranger, code))["pronouns"] == OWN_WORDS["pronouns"]


async def test_own_words_change_and_go_one_by_one(peer: Caller) -> None:
    code = await peer.enrolls(pronouns="he/him")
    assert ok(await changes(peer, code, gender_words="still finding out"))["words_kept"] == ["gender_words", "pronouns"]
    assert ok(await changes(peer, code, pronouns="they/them", gender="non_binary"))["gender"] == "non_binary"
    read = await reads(peer, code)
    assert (read["pronouns"], read["gender_words"]) == ("they/them", "still finding out")
    for taken in ("not_asked", None):
        ok(await changes(peer, code, pronouns="they/them"))
        assert ok(await changes(peer, code, pronouns=taken))["words_kept"] == ["gender_words"]
        assert (await reads(peer, code))["pronouns"] == "not_asked"


async def test_of_two_who_change_own_words_at_once_one_is_told(peer: Caller) -> None:
    code = await peer.enrolls(pronouns="he/him")
    path = f"/v1/participants/{code}"
    etag = (await peer.get(path)).headers["etag"]
    ok(await peer.patch(path, {"pronouns": "she/her"}, etag))
    refused(await peer.patch(path, {"pronouns": "they/them"}, etag), 412, "precondition_failed")
    assert (await reads(peer, code))["pronouns"] == "she/her"


async def test_what_finds_a_person_is_no_pronoun(house: House) -> None:
    peer = house.peer
    problem = refused(await peer.post("/v1/participants", {"pronouns": MAIL}), 422, "narrative_refused")
    assert problem["texts"][0]["pointer"] == "/pronouns"
    assert await items(peer, "/v1/participants") == []
    enrolled = ok(await peer.post("/v1/participants", {"pronouns": MAIL, "gender": "man"}, headers=LENIENT))
    assert (enrolled["gender"], enrolled["words_kept"]) == ("man", [])
    assert [text["pointer"] for text in enrolled["returned"]] == ["/pronouns"]
    said = {"gender_words": MAIL, "age_band": "25_34", "headers": LENIENT}
    changed = ok(await changes(peer, enrolled["code"], **said))
    assert (changed["age_band"], changed["words_kept"]) == ("25_34", [])
    assert [text["pointer"] for text in changed["returned"]] == ["/gender_words"]


async def test_enrolling_twice_with_one_key_keeps_own_words_once(house: House) -> None:
    key = {"Idempotency-Key": "enroll-with-own-words"}
    first, again = [await house.peer.post("/v1/participants", OWN_WORDS, headers=key) for _ in range(2)]
    assert ok(first) == ok(again)
    assert len((await house.rows(select(table_of(SealedText))))[0]) == len(OWN_WORDS)


async def test_the_trail_says_which_words_were_shown_and_never_the_words(house: House) -> None:
    code = await house.peer.enrolls(**OWN_WORDS)
    entry = await entry_of(house, await house.peer.get(f"/v1/participants/{code}"))
    assert set(OWN_WORDS) <= set(entry.fields)
    assert OWN_WORDS["pronouns"] not in str(entry)


async def test_a_zone_is_one_that_the_program_offers(house: House) -> None:
    river = await offers(house, "zone", "river-side")
    await offers(house, "language", "mam", "other")
    code = await house.peer.enrolls(zone="river-side")
    assert (await reads(house.peer, code))["zone"] == "river-side"
    for wrong in ("harbor", "mam"):
        refused(await house.peer.post("/v1/participants", {"zone": wrong}), 409, "no_such_term")
    etag = (await house.supervisor.get(river)).headers["etag"]
    ok(await house.supervisor.patch(river, {"active": False}, etag))
    refused(await house.peer.post("/v1/participants", {"zone": "river-side"}), 409, "no_such_term")
    assert ok(await changes(house.peer, code, zone="river-side", age_band="25_34"))["zone"] == "river-side"
    ok(await changes(house.peer, code, zone="prefers_not_to_say"))
    refused(await changes(house.peer, code, zone="river-side"), 409, "no_such_term")


async def test_a_local_term_is_counted_under_the_shared_one(house: House) -> None:
    for vocabulary, key, shared in (
        ("language", "mam", "other"),
        ("language", "jamaican-patois", "other"),
        ("community", "river-camp", "other"),
        ("race_ethnicity", "garifuna", "black_african_american_or_african"),
        ("gender", "stud", "woman"),
    ):
        await offers(house, vocabulary, key, shared)
    said = {"local_terms": ["mam", "garifuna", "jamaican-patois", "stud"], "languages": ["es"]}
    code = await house.peer.enrolls(**said)
    read = await reads(house.peer, code)
    assert read["local_terms"] == said["local_terms"]
    assert (read["languages"], read["gender"]) == (["es", "other"], "woman")
    assert (read["race_ethnicity"], read["communities"]) == (["black_african_american_or_african"], ["not_asked"])
    changed = ok(await changes(house.peer, code, local_terms=[*said["local_terms"], "river-camp"]))
    assert (changed["communities"], changed["languages"]) == (["other"], ["es", "other"])
    assert ok(await changes(house.peer, code, languages=["en"]))["languages"] == ["en", "other"]
    assert ok(await changes(house.peer, code, local_terms=[]))["languages"] == ["en", "other"]
    assert ok(await changes(house.peer, code, languages=["en"]))["languages"] == ["en"]
    silent = await house.peer.enrolls(languages=["prefers_not_to_say"])
    assert ok(await changes(house.peer, silent, local_terms=["mam"]))["languages"] == ["other"]


async def test_local_and_shared_terms_never_contradict_each_other(house: House) -> None:
    for key, shared in (("stud", "woman"), ("boi", "different_identity")):
        await offers(house, "gender", key, shared)
    await offers(house, "language", "mam", "other")
    contradictions: list[dict[str, Any]] = [
        {"local_terms": ["stud", "boi"]},
        {"local_terms": ["stud"], "gender": "man"},
        {"local_terms": ["stud"], "gender": "prefers_not_to_say"},
        {"local_terms": ["mam"], "languages": ["prefers_not_to_say"]},
    ]
    said = ok(await house.peer.post("/v1/participants", {"local_terms": ["stud", "mam"], "age_band": "18_24"}))
    for wrong in contradictions:
        refused(await house.peer.post("/v1/participants", wrong), 409, "terms_contradict")
        refused(await changes(house.peer, said["code"], **wrong), 409, "terms_contradict")
    for alone in ({"gender": "man"}, {"languages": ["does_not_know"]}):
        refused(await changes(house.peer, said["code"], **alone), 409, "terms_contradict")
    both = {"local_terms": [], "gender": "man", "languages": ["does_not_know"]}
    changed = ok(await changes(house.peer, said["code"], **both))
    assert {name: changed[name] for name in both} == both


async def test_a_local_term_is_one_that_is_offered_and_a_zone_is_none(house: House) -> None:
    await offers(house, "zone", "river-side")
    retired = await offers(house, "language", "mam", "other")
    code = await house.peer.enrolls(local_terms=["mam"])
    ok(await house.supervisor.patch(retired, {"active": False}, (await house.supervisor.get(retired)).headers["etag"]))
    for wrong in ("river-side", "nowhere", "mam"):
        refused(await house.peer.post("/v1/participants", {"local_terms": [wrong]}), 409, "no_such_term")
    assert ok(await changes(house.peer, code, local_terms=["mam"], languages=["en"]))["languages"] == ["en", "other"]


async def test_nothing_of_a_profile_is_ever_null(house: House) -> None:
    code = await house.peer.enrolls()
    (row,) = (await house.rows(select(table_of(Participant))))[0]
    assert None not in [value for name, value in row._mapping.items() if name != "forgetting_since"]
    assert None not in [value for name, value in (await reads(house.peer, code)).items() if name != "handle"]


async def test_own_words_that_change_change_the_etag(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls(pronouns='he/him')}"
    before = (await peer.get(path)).headers["etag"]
    changed = await peer.patch(path, {"pronouns": "they/them"}, before)
    after = await peer.get(path)
    assert ok(after)["pronouns"] == "they/them"
    assert before != changed.headers["etag"] == after.headers["etag"]
    assert (await peer.get(path, headers={"If-None-Match": changed.headers["etag"]})).status_code == 304
    assert (await peer.get(path, headers={"If-None-Match": before})).status_code == 200
