"""The confirmation word: with it a shown code opens the history; a wrong one is answered as if none had been said."""

from datetime import timedelta
from typing import Any

from tests.rooms.recalling import approves, leaves, other, rows_of, tries
from tests.security.traces import entry_of
from tests.world import Caller, House, ok, refused
from true_api.kernel.codes import shown
from true_api.privacy.cases import RealmCode
from true_api.privacy.recall_tables import ConfirmationWord


async def sets(caller: Caller, code: str, word: str = "lantern") -> dict[str, Any]:
    """The person chooses a word."""
    return ok(await caller.call("PUT", f"/v1/participants/{code}/confirmation-word", {"word": word}))


async def shows(caller: Caller, code: str, word: str | None = None) -> dict[str, Any]:
    """The person shows their code, and says a word or none."""
    said = {} if word is None else {"word": word}
    return ok(await caller.post("/v1/caseload", {"code": code, **said}))


async def test_with_the_word_a_shown_code_opens_the_history(peer: Caller, stranger: Caller) -> None:
    code = await peer.enrolls(age_band="25_34")
    assert await sets(peer, code) == {"recall": False, "confirmation_word": True}
    greeting = await shows(stranger, code, "Lantern!")
    assert (greeting["basis"], greeting["history_open"]) == ("shown_code", True)
    assert ok(await stranger.get(f"/v1/participants/{code}"))["age_band"] == "25_34"


async def test_said_later_it_opens_the_history_later_and_once_open_it_stays(peer: Caller, stranger: Caller) -> None:
    code = await peer.enrolls()
    await sets(peer, code)
    first = await shows(stranger, code)
    assert await shows(stranger, code, "lantern") == {**first, "history_open": True}
    assert await shows(stranger, code, "compass") == {**first, "history_open": True}
    assert await shows(stranger, code) == {**first, "history_open": True}


async def test_a_wrong_word_and_one_where_none_was_set_look_like_no_word(house: House, peer: Caller) -> None:
    has_one, has_none = await peer.enrolls(), await peer.enrolls()
    await sets(peer, has_one)
    seen = []
    for code in (has_one, has_none):
        silent = await house.stranger.post("/v1/caseload", {"code": code})
        wrong = await house.stranger.post("/v1/caseload", {"code": code, "word": "compass"})
        assert (wrong.status_code, ok(wrong)) == (silent.status_code, ok(silent))
        entry = await entry_of(house, wrong)
        seen.append((entry.outcome, entry.fields, {**ok(wrong), "code": None, "handle": None}))
        assert ok(await house.stranger.get(f"/v1/participants/{code}"))["history_open"] is False
    assert seen[0] == seen[1]
    assert seen[0][2]["history_open"] is False


async def test_after_five_wrong_words_the_right_one_looks_wrong_until_the_next_day(
    house: House, peer: Caller, stranger: Caller
) -> None:
    code = await peer.enrolls()
    await sets(peer, code)
    for number in range(5):
        assert (await shows(stranger, code, f"compass {number}"))["history_open"] is False
    assert (await shows(stranger, code, "lantern"))["history_open"] is False
    assert (await shows(house.colleague, code, "lantern"))["history_open"] is False
    house.clock.move(timedelta(days=1))
    assert (await shows(stranger, code, "lantern"))["history_open"] is True


async def test_recall_and_a_shown_code_count_the_same_wrong_words(house: House, peer: Caller, stranger: Caller) -> None:
    code = await peer.enrolls()
    await leaves(peer, code)
    for over in ({}, {"answers": other(1)}):
        await tries(stranger, word="compass", **over)
    for _ in range(3):
        await shows(stranger, code, "compass")
    assert (await tries(stranger))["found"] is False
    near = await tries(stranger, answers=other(1))
    refused(await approves(house.other_supervisor, near["reference"]), 404, "not_found")
    (word,) = await rows_of(house, ConfirmationWord)
    assert word.wrong_tries == 5
    house.clock.move(timedelta(days=1))
    assert (await tries(stranger))["found"] is True


async def test_a_right_word_does_not_wipe_out_the_wrong_ones_and_a_new_word_does(
    house: House, peer: Caller, stranger: Caller
) -> None:
    code = await peer.enrolls()
    await sets(peer, code)
    for word in ("compass", "lantern", "compass"):
        await shows(stranger, code, word)
    assert [row.wrong_tries for row in await rows_of(house, ConfirmationWord)] == [2]
    await sets(peer, code, "tent")
    assert [row.wrong_tries for row in await rows_of(house, ConfirmationWord)] == [0]
    assert (await shows(house.colleague, code, "lantern"))["history_open"] is False
    assert (await shows(house.colleague, code, "tent"))["history_open"] is True


async def test_a_word_is_taken_back_alone_or_with_recall(house: House, peer: Caller) -> None:
    code = await peer.enrolls()
    person = f"/v1/participants/{code}"
    await sets(peer, code)
    assert ok(await peer.call("DELETE", f"{person}/confirmation-word")) == {"recall": False, "confirmation_word": False}
    assert (await shows(house.stranger, code, "lantern"))["history_open"] is False
    await leaves(peer, code)
    refused(await peer.call("DELETE", f"{person}/confirmation-word"), 409, "recall_needs_word")
    assert await sets(peer, code, "tent") == {"recall": True, "confirmation_word": True}
    assert ok(await peer.call("DELETE", f"{person}/recall")) == {"recall": False, "confirmation_word": False}


async def test_a_code_that_was_issued_ahead_takes_no_word(house: House, peer: Caller) -> None:
    batch = ok(await peer.post("/v1/code-batches", {"size": 1}))
    assert batch["size"] == 1
    (row,) = [row for row in await rows_of(house, RealmCode) if row.participant_id is None]
    hashes = house.installation.slow_hash.done
    assert (await shows(peer, shown(row.code), "lantern"))["basis"] == "enrolled"
    assert house.installation.slow_hash.done == hashes
