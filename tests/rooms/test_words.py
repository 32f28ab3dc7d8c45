"""Words of encounters and readiness: a note never costs the fact, and stands in the one record alone."""

from itertools import product
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from tests.security.traces import entry_of
from tests.stories.steps import absent, facts, items
from tests.world import Caller, House, encounter, ok, refused
from true_api.kernel.rows import Row, table_of
from true_api.privacy.guard.find import find
from true_api.privacy.guard.spans import SpanKind
from true_api.privacy.words import SealedText
from true_api.rooms.encounters.tables import Encounter

LENIENT = {"Prefer": "handling=lenient"}
QUIET, LATER = "Slept by the river, and wants to talk again.", "Feet are sore; new socks helped."
MAIL = "write to quiet.river@example.org"
NAMED = "came with my brother Michael Johnson"
READINESS = ("what_helps", "what_gets_in_the_way", "next_step_words", "focus_words")
FIRST = ("Michael", "Jennifer", "Maria", "David", "Jessica", "Christopher", "Linda", "Robert")
TOLD = (
    "came in with {} {} this morning",
    "said that {} {} took the tent",
    "wants me to call {} {} about the bed",
    "her sister {} {} died in march",
    "{} {} from the shelter walked over with us",
)


def named_notes() -> list[str]:
    """Forty notes with a name in each."""
    surnames = ("Johnson", "Martinez", "Williams", "Garcia", "Nguyen")
    return [told.format(first, surname) for first, (told, surname) in product(FIRST, zip(TOLD, surnames, strict=True))]


async def count(house: House, kind: type[Row]) -> int:
    """How many rows a table holds."""
    return int((await house.rows(select(func.count()).select_from(table_of(kind))))[0][0][0])


async def put_note(caller: Caller, encounter_id: str, note: str, **options: Any) -> httpx2.Response:
    """A note that is written later."""
    confirmed = {"names_confirmed": True} if options.pop("confirmed", False) else {}
    return await caller.call("PUT", f"/v1/encounters/{encounter_id}/note", {"note": note, **confirmed}, **options)


async def note_of(caller: Caller, encounter_id: str) -> Any:
    """What the single record says."""
    return ok(await caller.get(f"/v1/encounters/{encounter_id}"))["note"]


async def test_a_note_stands_in_the_single_record_and_in_nothing_else(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    path = f"/v1/participants/{code}"
    met = await peer.records(code, note=QUIET)
    assert (met["words_kept"], met["returned"]) == (["note"], None)
    assert "note" not in met
    said = {"occurred_on": "2026-11-01", "focus": "other", **dict.fromkeys(READINESS, LATER)}
    noted = ok(await peer.post(f"{path}/readiness-notes", said))
    assert noted["words_kept"] == sorted(READINESS)
    assert ok(await peer.get(f"/v1/encounters/{met['id']}")) == {**facts(met), "given": [], "note": QUIET}
    read = ok(await peer.get(f"/v1/readiness-notes/{noted['id']}"))
    assert read == {**facts(noted), **dict.fromkeys(READINESS, LATER)}
    for caller, place in product(
        (peer, house.supervisor), (f"{path}/encounters", f"{path}/timeline", "/v1/encounters")
    ):
        answer = await caller.get(place)
        assert ok(answer)["items"]
        assert "river" not in answer.text
        assert '"note"' not in answer.text
    answer = await peer.get(f"{path}/readiness-notes")
    assert "socks" not in answer.text
    assert not set(READINESS) & set(ok(answer)["items"][0])


async def test_a_contact_with_somebody_unknown_may_have_a_note_too(house: House) -> None:
    met = ok(await house.peer.post("/v1/encounters", encounter(note=QUIET)))
    for caller in (house.peer, house.supervisor):
        assert await note_of(caller, met["id"]) == QUIET
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        await absent(caller, f"/v1/encounters/{met['id']}")
        refused(await put_note(caller, met["id"], LATER), 404, "not_found")
    assert "river" not in (await house.peer.get("/v1/encounters")).text


async def test_every_word_is_optional_and_no_words_leave_no_key_behind(house: House) -> None:
    code = await house.peer.enrolls()
    met = await house.peer.records(code)
    noted = ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", {"occurred_on": "2026-11-01"}))
    assert (met["words_kept"], noted["words_kept"]) == ([], [])
    assert await note_of(house.peer, met["id"]) is None
    read = ok(await house.peer.get(f"/v1/readiness-notes/{noted['id']}"))
    assert [read[name] for name in READINESS] == [None] * 4
    assert await count(house, SealedText) == 0
    assert await house.installation.keyring.subjects() == []


async def test_own_words_for_the_focus_come_with_other_alone(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}/readiness-notes"
    for focus in ({}, {"focus": "housing"}):
        wrong = {"occurred_on": "2026-11-01", "focus_words": QUIET, **focus}
        refused(await peer.post(path, wrong), 422, "invalid_shape")


async def test_strict_handling_keeps_nothing_and_says_where(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    for preferred in ({}, {"Prefer": "handling=strict"}, {"Prefer": "return=minimal"}):
        answer = await peer.post(f"/v1/participants/{code}/encounters", encounter(note=MAIL), headers=preferred)
        problem = refused(answer, 422, "narrative_refused")
        span = {"offset": 9, "length": 23, "kind": "email"}
        assert problem["texts"] == [{"pointer": "/note", "spans": [span]}]
        assert [fault["pointer"] for fault in problem["errors"]] == ["/note"]
        assert "river" not in answer.text
        assert "preference-applied" not in answer.headers
    assert (await count(house, Encounter), await count(house, SealedText)) == (0, 0)
    assert await house.installation.keyring.subjects() == []
    entry = await entry_of(house, answer)
    assert (entry.outcome, entry.problem, entry.fields) == (422, "narrative_refused", [])


async def test_lenient_handling_keeps_the_fact_and_gives_the_text_back_by_its_spans(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    for preferred in ("handling=lenient", 'respond-async, Handling="Lenient"', "wait=5,handling = lenient"):
        answer = await peer.post(
            f"/v1/participants/{code}/encounters", encounter(note=MAIL), headers={"Prefer": preferred}
        )
        met = ok(answer)
        assert answer.headers["preference-applied"] == "handling=lenient"
        assert met["words_kept"] == []
        assert met["returned"] == [{"pointer": "/note", "spans": [{"offset": 9, "length": 23, "kind": "email"}]}]
        assert "river" not in answer.text
        assert await note_of(peer, met["id"]) is None
    said = {"occurred_on": "2026-11-01", "what_helps": QUIET, "next_step_words": MAIL}
    noted = ok(await peer.post(f"/v1/participants/{code}/readiness-notes", said, headers=LENIENT))
    assert (noted["words_kept"], [text["pointer"] for text in noted["returned"]]) == (
        ["what_helps"],
        ["/next_step_words"],
    )


async def test_of_forty_encounters_with_a_name_in_every_note_none_is_lost_and_no_name_is_kept(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    notes = named_notes()
    assert len({*notes}) == 40
    assert all(SpanKind.NAME in {span.kind for span in find(note)} for note in notes)
    for note in notes:
        met = ok(await peer.post(f"/v1/participants/{code}/encounters", encounter(note=note), headers=LENIENT))
        (returned,) = met["returned"]
        assert [note[span["offset"] :][: span["length"]] for span in returned["spans"] if span["kind"] == "name"]
    listed = ok(await peer.get(f"/v1/participants/{code}/encounters?limit=200"))["items"]
    assert (len(listed), await count(house, Encounter), await count(house, SealedText)) == (40, 40, 0)


async def test_a_note_that_was_returned_is_added_later(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    met = ok(await peer.post(f"/v1/participants/{code}/encounters", encounter(note=MAIL), headers=LENIENT))
    for preferred in ({}, LENIENT):
        refused(await put_note(peer, met["id"], MAIL, headers=preferred), 422, "narrative_refused")
    kept = ok(await put_note(peer, met["id"], QUIET))
    assert (facts(kept), kept["words_kept"]) == (facts(met), ["note"])
    assert await note_of(peer, met["id"]) == QUIET
    ok(await put_note(house.supervisor, met["id"], LATER))
    assert await note_of(peer, met["id"]) == LATER
    for _ in range(2):
        assert ok(await peer.call("DELETE", f"/v1/encounters/{met['id']}/note")) == facts(met)
        assert await note_of(peer, met["id"]) is None
    assert await count(house, SealedText) == 0
    ok(await put_note(peer, met["id"], QUIET))
    assert await note_of(peer, met["id"]) == QUIET


async def test_a_note_has_something_in_it_and_at_most_two_thousand_characters(peer: Caller) -> None:
    code = await peer.enrolls()
    met = await peer.records(code, note="é" * 2_000)
    assert await note_of(peer, met["id"]) == "é" * 2_000
    for wrong in ("é" * 2_001, "", " \n", "a\x07b", "a\x1b[0m", "a\x85", 5, ["a"]):
        for headers in ({}, LENIENT):
            refused(await put_note(peer, met["id"], wrong, headers=headers), 422, "invalid_shape")  # type: ignore[arg-type]
            posted = await peer.post(f"/v1/participants/{code}/encounters", encounter(note=wrong), headers=headers)
            refused(posted, 422, "invalid_shape")
    refused(await put_note(peer, met["id"], "a\x00b"), 400, "text_not_representable")
    refused(await peer.call("PUT", f"/v1/encounters/{met['id']}/note", {}), 422, "invalid_shape")


async def test_probable_names_may_be_confirmed_which_is_trailed_and_nothing_else_may(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    path = f"/v1/participants/{code}/encounters"
    named = refused(await peer.post(path, encounter(note=NAMED)), 422, "narrative_refused")["texts"][0]["spans"]
    assert {found["kind"] for found in named} == {"name"}
    both = encounter(note=f"{NAMED}, {MAIL}", names_confirmed=True)
    spans = refused(await peer.post(path, both), 422, "narrative_refused")["texts"][0]["spans"]
    assert [found["kind"] for found in spans] == ["email"]
    confirmed = await peer.post(path, encounter(note=NAMED, names_confirmed=True))
    plain = await peer.post(path, encounter(note=QUIET, names_confirmed=True))
    assert "names_confirmed" in (await entry_of(house, confirmed)).fields
    assert "names_confirmed" not in (await entry_of(house, plain)).fields
    met = ok(confirmed)
    assert await note_of(peer, met["id"]) == NAMED
    put = await put_note(peer, met["id"], NAMED, confirmed=True)
    entry = await entry_of(house, put)
    assert "names_confirmed" in entry.fields
    assert entry.record_id == UUID(met["id"])


@pytest.mark.parametrize("note", [QUIET, MAIL])
async def test_a_retry_tells_whether_the_note_was_kept(house: House, note: str) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    sent = encounter(note=note)
    headers = {**LENIENT, "Idempotency-Key": "the-same-key-again"}
    for path in (f"/v1/participants/{code}/encounters", "/v1/encounters"):
        headers["Idempotency-Key"] += "!"
        first, again = [await peer.post(path, sent, headers=headers) for _ in range(2)]
        assert again.headers["idempotent-replayed"] == "true"
        assert ok(again) == {**ok(first), "returned": None}
        assert ok(again)["words_kept"] == (["note"] if note == QUIET else [])
        assert again.headers["preference-applied"] == "handling=lenient"
    assert await count(house, Encounter) == 2
    said = {"occurred_on": "2026-11-01", "what_helps": QUIET, "focus": "other", "focus_words": note}
    path, headers["Idempotency-Key"] = f"/v1/participants/{code}/readiness-notes", "another-key"
    first, again = [await peer.post(path, said, headers=headers) for _ in range(2)]
    assert ok(again) == {**ok(first), "returned": None}


async def test_an_amended_encounter_keeps_its_own_note_and_the_new_one_has_its_own(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    old = await peer.records(code, note=QUIET)
    new = ok(await peer.post(f"/v1/encounters/{old['id']}/amendments", encounter(outcome="brief", note=LATER)))
    assert new["words_kept"] == ["note"]
    assert [await note_of(peer, met["id"]) for met in (old, new)] == [QUIET, LATER]
    refused(await put_note(peer, old["id"], LATER), 409, "encounter_already_revised")
    ok(await peer.call("DELETE", f"/v1/encounters/{old['id']}/note"))
    assert [await note_of(peer, met["id"]) for met in (old, new)] == [None, LATER]
    voided = ok(await peer.post(f"/v1/encounters/{new['id']}/void", {"reason": "recorded_twice"}))
    assert "note" not in voided
    assert await note_of(peer, new["id"]) == LATER


async def test_what_the_trail_says_of_words_is_that_they_were_read(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    met = await peer.records(code, note=QUIET)
    read = await entry_of(house, await peer.get(f"/v1/encounters/{met['id']}"))
    listed = await entry_of(house, await peer.get(f"/v1/participants/{code}/encounters"))
    assert "note" in read.fields
    assert "note" not in listed.fields
    without = await peer.records(code)
    assert "note" not in (await entry_of(house, await peer.get(f"/v1/encounters/{without['id']}"))).fields
    assert len(await items(peer, f"/v1/participants/{code}/encounters")) == 2
