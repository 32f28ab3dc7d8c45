"""Coming back without a card: nine answers and a word find a person, and whatever else is told looks the same."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.rooms.recalling import TRY, approves, leaves, other, rows_of, tries
from tests.security.traces import entry_of, people, subjects_of
from tests.world import ANSWERS, Caller, House, ok, recall, refused
from true_api.privacy.recall import MOST_CANDIDATES, SLOTS, RecallKeys, recall_keys, tokens_of
from true_api.privacy.recall_tables import ConfirmationWord, RecallToken, RecallTry


@pytest.fixture
async def code(peer: Caller) -> str:
    """Somebody whom the peer has known for a while, and who left nine answers and a word."""
    known = await peer.enrolls(age_band="25_34")
    assert await leaves(peer, known) == {"recall": True, "confirmation_word": True}
    return known


async def test_all_nine_and_the_word_put_the_person_on_the_caseload_with_their_history(
    house: House, code: str, stranger: Caller
) -> None:
    answer = await stranger.post(TRY, recall())
    found = ok(answer)
    assert (found["found"], found["code"], found["basis"], found["history_open"]) == (True, code, "recalled", True)
    assert ok(await stranger.get(f"/v1/participants/{code}"))["age_band"] == "25_34"
    assert await subjects_of(house, answer) == await people(house, code)


async def test_whoever_was_shown_the_code_before_has_the_history_now_and_the_same_handle(
    code: str, stranger: Caller
) -> None:
    greeted = ok(await stranger.post("/v1/caseload", {"code": code}))
    found = await tries(stranger)
    assert (found["handle"], found["basis"], found["history_open"]) == (greeted["handle"], "recalled", True)


async def test_the_same_answers_in_another_spelling_are_the_same(code: str, peer: Caller, stranger: Caller) -> None:
    spelled = [" ROSA ", "Mr. Okafor", "lúz", "Kims market", "lakeérie", "Marbles!", "líver", "A kite", "PILOT"]
    assert (await tries(stranger, answers=spelled, word="Lantern."))["code"] == code
    assert (await tries(peer))["basis"] == "enrolled", "whoever worked with the person before goes on as they did"


NOT_FOUND: dict[str, dict[str, Any]] = {
    "miss": {"answers": [f"nobody {place}" for place in range(9)]},
    "wrong word": {"word": "compass"},
    "near hit": {"answers": other(4)},
    "near hit with a wrong word": {"answers": other(4), "word": "compass"},
    "two wrong answers": {"answers": other(4, 5)},
    "another order": {"answers": [*ANSWERS[1:], ANSWERS[0]]},
}


async def test_whatever_attaches_nobody_is_answered_alike(house: House, code: str, stranger: Caller) -> None:
    for over in NOT_FOUND.values():
        answer = await stranger.post(TRY, recall(**over))
        assert answer.status_code == 200
        assert list(answer.json()) == ["found", "reference"]
        assert answer.json()["found"] is False
        assert UUID(answer.json()["reference"]).version == 4
        refused(await stranger.get(f"/v1/participants/{code}"), 404, "not_found")
        assert await subjects_of(house, answer) == set()
        entry = await entry_of(house, answer)
        assert (entry.outcome, entry.fields) == (200, ["found", "reference"])


async def test_no_answer_and_no_word_is_kept_and_slots_do_not_tell_which_token_is_of_all_nine(
    house: House, code: str
) -> None:
    tokens, words = await rows_of(house, RecallToken), await rows_of(house, ConfirmationWord)
    assert (len({token.token for token in tokens}), len(words)) == (SLOTS, 1)
    assert {token.slot for token in tokens} == set(range(SLOTS))
    kept = str([tokens, words]).lower()
    assert [answer for answer in (*ANSWERS, "lantern") if answer.lower() in kept] == []


async def test_with_the_key_the_true_answers_give_the_tokens_and_without_it_none_of_them(
    house: House, code: str
) -> None:
    stolen = {token.token for token in await rows_of(house, RecallToken)}
    own, slow_hash = await recall_keys(house.installation.keyring), house.installation.slow_hash
    assert stolen <= set((await tokens_of(slow_hash, own, ANSWERS)).every)
    for guess in (b"", bytes(32), *(bytes.fromhex(token) for token in stolen)):
        assert stolen.isdisjoint((await tokens_of(slow_hash, RecallKeys((guess,)), ANSWERS)).every)


async def test_a_supervisor_approves_a_near_hit_with_the_right_word_and_the_peer_has_the_history(
    house: House, code: str, stranger: Caller
) -> None:
    reference = (await tries(stranger, answers=other(2)))["reference"]
    key = {"headers": {"Idempotency-Key": uuid4().hex}}
    answer, again = [
        await house.other_supervisor.post(f"/v1/recall-tries/{reference}/approval", **key) for _ in range(2)
    ]
    given = ok(answer)
    assert (ok(again), again.headers["idempotent-replayed"]) == (given, "true")
    assert (given["code"], given["member_id"], given["basis"]) == (code, str(stranger.id), "recalled")
    assert (given["history_open"], given["approved_on"]) == (True, "2026-11-02")
    assert ok(await stranger.get(f"/v1/participants/{code}"))["age_band"] == "25_34"
    assert await subjects_of(house, answer) == await people(house, code)
    refused(await approves(house.other_supervisor, reference), 409, "already_approved")


async def test_what_cannot_be_approved_is_refused_in_one_way(house: House, code: str, stranger: Caller) -> None:
    supervisor = house.other_supervisor
    references = [
        str(uuid4()),
        "nothing",
        (await tries(stranger, answers=other(1, 2)))["reference"],
        (await tries(stranger, word="compass"))["reference"],
        (await tries(stranger, answers=other(3), word="compass"))["reference"],
        (await tries(house.colleague, answers=other(3)))["reference"],
        (await tries(supervisor, answers=other(3)))["reference"],
    ]
    answers = [await approves(supervisor, reference) for reference in references]
    assert {refused(answer, 404, "not_found")["title"] for answer in answers} == {
        "There is nothing here for this caller"
    }


async def test_a_near_hit_waits_for_a_week(house: House, code: str, stranger: Caller) -> None:
    references = [(await tries(stranger, answers=other(place)))["reference"] for place in (0, 1)]
    house.clock.move(timedelta(days=7))
    ok(await approves(house.other_supervisor, references[0]))
    house.clock.move(timedelta(days=1))
    refused(await approves(house.other_supervisor, references[1]), 404, "not_found")


async def test_who_left_the_team_or_the_program_is_not_attached_to_anybody(
    house: House, code: str, stranger: Caller, admin: Caller
) -> None:
    reference = (await tries(stranger, answers=other(0)))["reference"]
    place = f"/v1/members/{stranger.id}"
    etag = (await admin.get(place)).headers["etag"]
    ok(await admin.patch(place, {"active": False}, etag))
    refused(await approves(house.other_supervisor, reference), 404, "not_found")


async def test_two_people_with_the_same_answers_are_near_hits_and_the_word_tells_whom(
    house: House, code: str, peer: Caller, stranger: Caller
) -> None:
    twin = await peer.enrolls()
    await leaves(peer, twin, word="compass")
    answer = await tries(stranger, word="compass")
    assert answer["found"] is False
    assert ok(await approves(house.other_supervisor, answer["reference"]))["code"] == twin


async def test_people_whom_the_word_does_not_tell_apart_lead_nowhere(
    house: House, code: str, peer: Caller, stranger: Caller
) -> None:
    await leaves(peer, await peer.enrolls())
    same_word = await tries(stranger)
    await leaves(peer, await peer.enrolls(), word="compass")
    assert MOST_CANDIDATES == 2, "three are more than are asked"
    assert len({token.token for token in await rows_of(house, RecallToken)}) == 3 * SLOTS, "nobody sees who is alike"
    three_people = await tries(stranger, word="compass")
    for answer in (same_word, three_people):
        assert answer["found"] is False
        refused(await approves(house.other_supervisor, answer["reference"]), 404, "not_found")


async def test_all_nine_win_over_somebody_who_shares_eight(code: str, peer: Caller, stranger: Caller) -> None:
    sibling = await peer.enrolls()
    await leaves(peer, sibling, answers=other(6), word="compass")
    assert (await tries(stranger))["code"] == code


async def test_linked_records_are_one_person_and_the_newest_word_counts(
    house: House, code: str, peer: Caller, stranger: Caller
) -> None:
    again = await peer.enrolls()
    await leaves(peer, again, word="compass")
    ok(await house.supervisor.post(f"/v1/participants/{code}/links", {"code": again}))
    assert (await tries(stranger))["found"] is False
    assert (await tries(stranger, word="compass"))["code"] == again
    assert ok(await stranger.get(f"/v1/participants/{code}"))["age_band"] == "25_34"


async def test_opting_out_deletes_the_tokens_and_the_word_and_what_waits_leads_to_nobody(
    house: House, code: str, peer: Caller, stranger: Caller
) -> None:
    reference = (await tries(stranger, answers=other(0)))["reference"]
    place = f"/v1/participants/{code}/recall"
    assert ok(await peer.call("DELETE", place)) == {"recall": False, "confirmation_word": False}
    assert (await rows_of(house, RecallToken), await rows_of(house, ConfirmationWord)) == ([], [])
    assert [one.participant_id for one in await rows_of(house, RecallTry)] == [None]
    refused(await approves(house.other_supervisor, reference), 404, "not_found")
    assert (await tries(stranger))["found"] is False
    assert ok(await peer.get(place)) == {"recall": False, "confirmation_word": False}
    assert ok(await peer.call("DELETE", place)) == {"recall": False, "confirmation_word": False}


async def test_new_answers_take_the_place_of_the_old(house: House, code: str, peer: Caller, stranger: Caller) -> None:
    await leaves(peer, code, answers=other(0, 1, 2), word="compass")
    assert len(await rows_of(house, RecallToken)) == SLOTS
    assert (await tries(stranger))["found"] is False
    assert (await tries(stranger, answers=other(0, 1, 2), word="compass"))["code"] == code


async def test_who_was_only_shown_the_code_can_neither_leave_answers_nor_see_whether_there_are_any(
    code: str, stranger: Caller
) -> None:
    ok(await stranger.post("/v1/caseload", {"code": code}))
    person = f"/v1/participants/{code}"
    for method, path, draft in (
        ("PUT", "recall", recall()),
        ("GET", "recall", None),
        ("DELETE", "recall", None),
        ("PUT", "confirmation-word", {"word": "lantern"}),
        ("DELETE", "confirmation-word", None),
    ):
        refused(await stranger.call(method, f"{person}/{path}", draft), 409, "history_closed")


NOT_THE_SHAPE: list[tuple[dict[str, Any], str]] = [
    ({"answers": list(ANSWERS[:8])}, "/answers"),
    ({"answers": [*ANSWERS, "one more"]}, "/answers"),
    ({"answers": [*ANSWERS[:8], "?!"]}, "/answers/8"),
    ({"answers": [*ANSWERS[:8], 7]}, "/answers/8"),
    ({"answers": [*ANSWERS[:8], "x" * 81]}, "/answers/8"),
    ({"word": "ab"}, "/word"),
    ({"word": None}, "/word"),
]


async def test_what_is_not_nine_answers_and_a_word_has_not_the_shape(code: str, peer: Caller) -> None:
    for over, pointer in NOT_THE_SHAPE:
        for answer in (
            await peer.call("PUT", f"/v1/participants/{code}/recall", recall(**over)),
            await peer.post(TRY, recall(**over)),
        ):
            assert refused(answer, 422, "invalid_shape")["errors"][0]["pointer"] == pointer


async def test_what_is_easily_guessed_is_not_kept(code: str, peer: Caller) -> None:
    for over in ({"answers": ["none"] * 5 + list(ANSWERS[:4])}, {"word": "OKAFOR"}):
        refused(await peer.call("PUT", f"/v1/participants/{code}/recall", recall(**over)), 422, "invalid_shape")
        ok(await peer.post(TRY, recall(**over)))


async def test_a_try_is_answered_again_as_it_was_and_counts_once(house: House, code: str, stranger: Caller) -> None:
    for over in ({}, {"answers": other(0)}, {"word": "compass"}):
        key = {"headers": {"Idempotency-Key": uuid4().hex}}
        first, again = await stranger.post(TRY, recall(**over), **key), await stranger.post(TRY, recall(**over), **key)
        assert (ok(again), again.headers["idempotent-replayed"]) == (ok(first), "true")
    assert len(await rows_of(house, RecallTry)) == 3
    (word,) = await rows_of(house, ConfirmationWord)
    assert word.wrong_tries == 1
