"""Recall's arithmetic: one form of every answer, ten tokens that are equal or not, and keys put around keys."""

import asyncio
import threading
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.rooms.recalling import leaves, rows_of, tries
from tests.world import ANSWERS, QUICK, House, ok, recall
from true_api.outlets.measures.figures import Size
from true_api.outlets.measures.recall import figures
from true_api.outlets.measures.recall_dump import linked
from true_api.outlets.measures.recall_people import Crowd
from true_api.privacy.keyring import Keyring
from true_api.privacy.recall import (
    COPIES,
    SLOTS,
    Cost,
    RecallKeys,
    SlowHash,
    recall_keys,
    tokens_of,
    ways,
    whose_word,
)
from true_api.privacy.recall_rotation import add_recall_key, renew_recall
from true_api.privacy.recall_tables import ConfirmationWord, RecallToken
from true_api.privacy.spoken import one_form
from true_api.rooms.recall.questions import QUESTIONS
from true_api.rooms.recall.schemas import RecallDraft

KEYS = RecallKeys((bytes(range(32)),))
LETTERS = "abcdefghijklmnopqrstuvwxyzßñéüøł" + "абвгдежאבגابت" + "0123456789"
SAID = st.text(st.sampled_from(LETTERS), min_size=1, max_size=12)
NINE = st.lists(SAID, min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ("Rosa", " ROSA! "),
        ("José", "jose"),
        ("Straße", "STRASSE"),
        ("O’Brien", "obrien"),  # noqa: RUF001
        ("Mrs. Johnson", "Johnson"),
        ("Señora Díaz", "diaz"),
        ("De la Cruz", "delacruz"),
        ("La Toya", "Latoya"),
        ("Kathy", "Cathy"),
        ("Phillip", "Filip"),
        ("twenty-one", "21"),
        ("treinta y uno", "31"),
        ("veintidós", "22"),
        ("the first", "1st"),
        ("٢١", "21"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),  # noqa: RUF001
        ("مُحَمَّد", "محمد"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("мой", "МОЙ"),
    ],
)
def test_what_sounds_the_same_has_one_form(told: str, typed: str) -> None:
    assert one_form(told) == one_form(typed) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rosa", "Rose"), ("Jan", "Joan"), ("1", "11"), ("कि", "कु"), ("か", "が"), ("two", "twelve"), ("mrs", "sra")],
)
def test_what_is_different_stays_different(one: str, other: str) -> None:
    assert one_form(one) != one_form(other)


@pytest.mark.parametrize("nothing", ["", "  ", "?!", "🙂", "-", "\u200d"])
def test_what_says_nothing_has_no_form(nothing: str) -> None:
    assert one_form(nothing) == ""


@given(SAID, st.sampled_from([str.upper, str.title, str.strip]), st.sampled_from(["", " ", ".", "-", "\u200b"]))
def test_case_accents_and_what_stands_around_do_not_matter(said: str, way: object, around: str) -> None:
    assume(one_form(said) != "")
    typed = around + unicodedata.normalize("NFD", way(said)) + around  # type: ignore[operator]
    assert one_form(typed) == one_form(said)


@given(st.text(max_size=40))
def test_any_text_at_all_has_a_form_of_letters_and_digits(text: str) -> None:
    assert all(sign.isalnum() or unicodedata.category(sign)[0] in "LNM" for sign in one_form(text))


@given(NINE, NINE)
def test_unlike_answers_are_unlike_in_each_of_the_ten_ways_that_sees_where_they_differ(
    told: list[str], others: list[str]
) -> None:
    differ = [place for place in range(9) if one_form(told[place]) != one_form(others[place])]
    equal = [one == other for one, other in zip(ways(told), ways(others), strict=True)]
    assert equal == [not differ, *([place] == differ or not differ for place in range(9))]
    assert len(set(ways(told)) | set(ways(others))) == 2 * SLOTS - sum(equal)


def test_where_one_answer_ends_and_the_next_begins_matters() -> None:
    assert set(ways(["ab", "c", *ANSWERS[2:]])) & set(ways(["a", "bc", *ANSWERS[2:]])) == set()


@given(NINE)
def test_a_way_does_not_hide_which_answer_was_left_out(told: list[str]) -> None:
    assert len(set(ways(told))) == SLOTS


async def test_one_wrong_answer_leaves_one_token_and_two_leave_none() -> None:
    slow_hash = SlowHash(QUICK)
    kept = set((await tokens_of(slow_hash, KEYS, ANSWERS)).to_keep(frozenset()))
    assert (len(kept), slow_hash.done) == (SLOTS, SLOTS)
    for wrong, all_nine, every in ((0, 1, 10), (1, 0, 1), (2, 0, 0)):
        sought = await tokens_of(slow_hash, KEYS, ["another"] * wrong + list(ANSWERS[wrong:]))
        assert (len(kept & set(sought.of_all_nine)), len(kept & set(sought.every))) == (all_nine, every)


async def test_another_key_makes_other_tokens_of_the_same_answers() -> None:
    elsewhere = RecallKeys((b"another program's recall key, 32",))
    slow_hash = SlowHash(QUICK)
    assert elsewhere.salt != KEYS.salt
    here, there = [(await tokens_of(slow_hash, keys, ANSWERS)).every for keys in (KEYS, elsewhere)]
    assert set(here) & set(there) == set()


async def test_equal_answers_are_kept_as_unlike_copies_in_random_order() -> None:
    sought = await tokens_of(SlowHash(QUICK), KEYS, ANSWERS)
    taken: set[str] = set()
    for number in range(1, COPIES + 3):
        kept = sought.to_keep(taken)
        assert len(set(kept)) == SLOTS
        assert taken.isdisjoint(kept), "nobody has a token that somebody else has"
        assert set(kept).issubset(sought.every) is (number <= COPIES), "the fifth is not found, and looks the same"
        assert {len(token) for token in kept} == {64}
        taken |= set(kept)
    assert len({tuple(sought.to_keep(frozenset())) for _ in range(5)}) > 1


async def test_a_copy_is_taken_whichever_key_it_waits_for() -> None:
    both = RecallKeys((*KEYS.keys, b"a further recall key of 32 bytes"))
    slow_hash = SlowHash(QUICK)
    older = (await tokens_of(slow_hash, KEYS, ANSWERS)).to_keep(frozenset())
    newer = (await tokens_of(slow_hash, both, ANSWERS)).to_keep(frozenset(older))
    assert {both.renewed_token(token, 1) for token in older}.isdisjoint(newer)
    assert set(newer) <= set((await tokens_of(slow_hash, both, ANSWERS)).every)


@pytest.mark.parametrize(
    ("exact", "near", "asked", "attaches"),
    [
        ({1}, set(), {1}, True),
        ({1}, {2, 3, 4}, {1}, True),
        (set(), {2}, {2}, False),
        ({1, 2}, set(), {1, 2}, False),
        (set(), {2, 3}, {2, 3}, False),
        ({1, 2}, {3}, set(), False),
        (set(), {2, 3, 4}, set(), False),
        (set(), set(), set(), False),
    ],
)
def test_only_all_nine_of_one_person_attach(exact: set[int], near: set[int], asked: set[int], attaches: bool) -> None:
    assert whose_word(exact, near) == (asked, attaches)


async def test_hashes_cost_what_the_design_says_and_are_made_beside_the_loop() -> None:
    assert SlowHash().cost == Cost(memory=19_456, passes=2)
    threads: list[str] = []

    class Watched(SlowHash):
        def hash(self, secret: bytes, salt: bytes) -> bytes:
            threads.append(threading.current_thread().name)
            return super().hash(secret, salt)

    await asyncio.gather(*(Watched(QUICK).hashes([(b"answer", bytes(16))] * 6) for _ in range(4)))
    assert len(threads) == 24
    assert {name.rpartition("_")[0] for name in threads} == {"recall"}
    assert len(set(threads)) <= 2


def test_what_was_said_shows_in_no_representation() -> None:
    draft = RecallDraft.model_validate(recall())
    assert [said for said in (*ANSWERS, "lantern") if said in f"{draft!r} {draft} {draft.model_dump_json()}"] == []
    assert "00010203" not in repr(KEYS)
    assert repr(KEYS.keys[0]) not in repr(KEYS)


def test_there_are_nine_questions_and_each_is_asked_in_both_languages() -> None:
    assert len(QUESTIONS) == len({question.name for question in QUESTIONS}) == SLOTS - 1
    for question in QUESTIONS:
        assert question.en.endswith("?")
        assert question.es.startswith("¿")
        assert 0 < len(question.how) <= 120


async def test_every_process_has_the_same_recall_keys(keyring: Keyring, another: Keyring) -> None:
    first, second = await recall_keys(keyring), await recall_keys(another)
    assert first == second
    assert (await add_recall_key(keyring)).newest == 2
    assert (await recall_keys(another)).keys[0] == first.keys[0]
    assert (await recall_keys(another)).newest == 2


async def test_a_new_key_is_put_around_every_token_and_word_while_people_come_back(house: House) -> None:
    peer, stranger = house.peer, house.stranger
    early, late = await peer.enrolls(), await peer.enrolls()
    await leaves(peer, early)
    before = {row.token for row in await rows_of(house, RecallToken)}
    keys = await add_recall_key(house.installation.keyring)
    assert (await tries(stranger))["code"] == early, "found by the older key, before anything was renewed"
    others = [f"late {place}" for place in range(9)]
    await leaves(peer, late, answers=others)
    assert await renew_recall(house.installation.database, house.installation.keyring) == SLOTS + 1
    assert await renew_recall(house.installation.database, house.installation.keyring) == 0
    tokens, words = await rows_of(house, RecallToken), await rows_of(house, ConfirmationWord)
    assert {row.key_version for row in (*tokens, *words)} == {keys.newest} == {2}
    assert before & {row.token for row in tokens} == set()
    assert (await tries(house.other_supervisor))["code"] == early
    assert (await tries(house.other_supervisor, answers=others))["code"] == late
    assert ok(await stranger.post("/v1/caseload", {"code": late, "word": "lantern"}))["history_open"] is True


def test_shared_tokens_link_whoever_shows_a_pattern_of_their_own() -> None:
    """Nobody shares; two share one token; one shares a token with each of two others."""
    assert linked(range(40)) == 1
    assert linked([*range(20), *range(19, 29), *range(30, 40)]) == 2
    assert linked([*range(20), *range(19, 29), *range(28, 38), *range(40, 60)]) == 3


def test_simulated_people_answer_alike_and_a_return_errs_as_often_as_it_should() -> None:
    crowd = Crowd(7)
    people = crowd.people(3_000)
    assert max(person.answers.count(0) for person in people) <= 4
    most = [max(map([person.answers[place] for person in people].count, range(1, 5))) for place in range(9)]
    assert all(400 < frequent < 800 for frequent in most), "about one in five gives the most frequent answer"
    wrong = [
        sum(one != other for one, other in zip(person.answers, crowd.comes_back(person, 0.03).answers, strict=True))
        for person in people
    ]
    assert sum(wrong) / (9 * len(wrong)) == pytest.approx(0.03, abs=0.006)
    assert all(ways(crowd.told(person)) == ways(crowd.told(person)) for person in people[:50]), (
        "typed otherwise each time, and the same in one form"
    )


def test_recall_meets_its_goals_in_the_small() -> None:
    assert [figure for figure in figures(Size.SMALL) if figure.met is False] == []


@pytest.mark.proof
def test_recall_meets_its_goals_with_two_hundred_thousand_enrolled_and_twenty_thousand_returns() -> None:
    assert [figure for figure in figures(Size.FULL) if figure.met is False] == []
