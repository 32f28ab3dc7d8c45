"""Anybody may say how it was; nobody learns who, or when; and it goes past everybody to who leads the program."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import func, select

from tests.house.set_colleagues import SPOKEN, says
from tests.world import Caller, House, house_settings, ok, open_house, refused
from true_api.kernel.effects import Unit
from true_api.kernel.errors import NotFound
from true_api.kernel.logs import configure_logs
from true_api.kernel.rows import table_of
from true_api.outlets.voices import told
from true_api.privacy.keyring_tables import data_keys
from true_api.privacy.words import SealedText
from true_api.rooms.voices.receipts import mark_of, new_receipt, read_receipt, shown_receipt
from true_api.rooms.voices.schemas import VoiceDraft
from true_api.rooms.voices.tables import Voice
from true_api.rooms.voices.vocabulary import VoiceAnswer, VoiceKind
from true_api.security.housekeeping import sweep
from true_api.security.trail import TrailEntry

VOICES = "/v1/voices"
WORDS = "They came when they said, and the second time nobody did."
WANTED = "Somebody tells me beforehand when nobody can come."
COMPLAINT = {"kind": "complaint", **SPOKEN, "words": WORDS, "wanted": WANTED}

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What no engine decides."""


async def leads(house: House, supervisor: Caller) -> None:
    """An admin marks a supervisor."""
    ok(await house.admin.call("PUT", f"/v1/members/{supervisor.id}/program-lead"))


async def test_done_with_people_not_to_them(house: House) -> None:
    """Anonymous voices that bypass the peer's line, and a complaint route (domain.md, "What the program believes")."""
    lead, own = house.other_supervisor, house.supervisor
    received = ok(await says(house, COMPLAINT))
    place = f"{VOICES}/{received['receipt']}"
    assert ok(await house.http.get(place)) == {"state": "received", "answer": None}
    assert [ok(await one.get(VOICES))["items"] for one in (lead, own)] == [[], []]
    await leads(house, lead)
    [voice] = ok(await lead.get(VOICES))["items"]
    assert voice == {
        "id": voice["id"],
        "kind": "complaint",
        "received_in": "2026-11",
        **SPOKEN,
        "zone": None,
        "state": "received",
    }
    read = ok(await lead.get(f"{VOICES}/{voice['id']}/words"))
    assert (read["words"], read["wanted"], read["answer"]) == (WORDS, WANTED, None)
    assert ok(await own.get(VOICES))["items"] == []
    for path in ("words", "looked-at", "answer"):
        ask = own.get if path == "words" else own.post
        asked = await ask(
            f"{VOICES}/{voice['id']}/{path}", **({"json": {"answer": "Thanks."}} if path == "answer" else {})
        )
        refused(asked, 404, "not_found")
    for nobody in (house.peer, house.admin, house.agency):
        refused(await nobody.get(VOICES), 403, "not_permitted")
    ok(await lead.post(f"{VOICES}/{voice['id']}/looked-at"))
    assert ok(await house.http.get(place)) == {"state": "looked_at", "answer": None}
    for answer in ("We will call ahead.", "From December on the van calls ahead."):
        answered = ok(await lead.post(f"{VOICES}/{voice['id']}/answer", {"answer": answer}))
        assert (answered["state"], answer in str(answered)) == ("answered", False)
        assert ok(await house.http.get(place.lower())) == {"state": "answered", "answer": answer}
    assert ok(await lead.post(f"{VOICES}/{voice['id']}/looked-at"))["state"] == "answered"
    ok(await house.admin.call("DELETE", f"/v1/members/{lead.id}/program-lead"))
    refused(await lead.get(f"{VOICES}/{voice['id']}/words"), 404, "not_found")


@ON_SQLITE
async def test_a_receipt_that_leads_nowhere_is_one_and_the_same_answer(house: House) -> None:
    for receipt in (shown_receipt(new_receipt()), "no-receipt", "7", "A" * 60, "ÄÖÜ"):
        absent = refused(await house.http.get(f"{VOICES}/{receipt}"), 404, "not_found")
        assert absent["title"] == NotFound.title()


@ON_SQLITE
async def test_nothing_of_who_or_when_is_kept_but_the_month(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # What must be made once is made by the first who ever speaks.
    ok(await says(house, SPOKEN))
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sys.stdout", stream)
    configure_logs()
    trail, keys = select(func.count()).select_from(table_of(TrailEntry)), select(data_keys.c.id)
    before = await house.rows(trail), len((await house.installation.keyring.database.read(keys))[0])
    receipt = ok(await says(house, COMPLAINT))["receipt"]
    ok(await house.http.get(f"{VOICES}/{receipt}"))
    after = await house.rows(trail), len((await house.installation.keyring.database.read(keys))[0])
    assert after[0] == before[0], "no entry in the trail"
    assert after[1] - before[1] == 1, "the one secret of all words, and no key of this one"
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines == [], "no line in the log"
    voices, texts = await house.rows(select(table_of(Voice)), select(table_of(SealedText)))
    ids = [row.id for row in (*voices, *texts)]
    assert len(ids) == 4
    assert {UUID(str(one)).version for one in ids} == {4}, "an id that grows with time tells when"
    assert {str(row.received_in) for row in voices} == {"2026-11-01"}
    assert receipt not in str(voices)
    assert {len(row.receipt_mark) for row in voices} == {64}


@ON_SQLITE
async def test_a_text_that_may_find_somebody_comes_back_by_its_places_and_can_be_said_otherwise(house: House) -> None:
    found = {**COMPLAINT, "words": "Call me at (415) 555-0187 about it."}
    for headers in ({}, {"Prefer": "handling=lenient"}):
        problem = refused(await house.http.post(VOICES, json=found, headers=headers), 422, "narrative_refused")
        assert problem["texts"] == [{"pointer": "/words", "spans": [{"offset": 11, "length": 14, "kind": "phone"}]}]
    assert (await house.rows(select(table_of(Voice).c.id)))[0] == []
    ok(await says(house, {**COMPLAINT, "words": "I would like a call about it."}))


@ON_SQLITE
async def test_words_fade_a_year_after_they_were_answered_and_wait_until_then(house: House) -> None:
    await leads(house, house.supervisor)
    kept = ok(await says(house, COMPLAINT))["receipt"]
    [waits] = ok(await house.supervisor.get(VOICES))["items"]
    answered = ok(await says(house, COMPLAINT))["receipt"]
    [voice] = [one for one in ok(await house.supervisor.get(VOICES))["items"] if one["id"] != waits["id"]]
    ok(await house.supervisor.post(f"{VOICES}/{voice['id']}/answer", {"answer": "Thank you."}))
    house.clock.move(timedelta(days=400))
    await sweep(house.installation)
    assert ok(await house.http.get(f"{VOICES}/{answered}")) == {"state": "answered", "answer": None}
    assert ok(await house.supervisor.get(f"{VOICES}/{voice['id']}/words"))["words"] is None
    assert ok(await house.supervisor.get(f"{VOICES}/{waits['id']}/words"))["words"] == WORDS
    house.clock.move(timedelta(days=800))
    await sweep(house.installation)
    assert ok(await house.supervisor.get(VOICES))["items"] == []
    refused(await house.http.get(f"{VOICES}/{kept}"), 404, "not_found")


@ON_SQLITE
async def test_where_it_was_is_a_zone_of_the_programs_own_or_is_not_said(house: House) -> None:
    refused(await says(house, {**SPOKEN, "zone": "river-side"}), 409, "no_such_zone")
    ok(await house.admin.post("/v1/vocabularies/terms", {"vocabulary": "zone", "key": "river-side", "label": "River"}))
    ok(await says(house, {**SPOKEN, "zone": "river-side"}))
    await leads(house, house.supervisor)
    assert [one["zone"] for one in ok(await house.supervisor.get(VOICES))["items"]] == ["river-side"]


@ON_SQLITE
async def test_only_a_supervisor_leads_the_program_and_is_marked_once(house: House) -> None:
    for nobody in (house.peer, house.admin, house.agency_worker):
        marked = await house.admin.call("PUT", f"/v1/members/{nobody.id}/program-lead")
        refused(marked, 409, "leads_no_program")
    for _ in range(2):
        await leads(house, house.supervisor)
    listed = ok(await house.peer.get("/v1/supervisors"))["items"]
    assert [(one["label"], one["leads_program"]) for one in listed] == [
        ("supervisor", True),
        ("other supervisor", False),
    ]


@ON_SQLITE
async def test_one_address_says_so_much_in_an_hour_and_another_may_still(database_url: str, tmp_path: Path) -> None:
    settings = house_settings(tmp_path, database_url, TRUE_RATE_VOICES="2/hour", TRUE_TRUSTED_PROXIES="127.0.0.1")
    async with open_house(settings) as house:
        there = {"X-Forwarded-For": "192.0.2.7"}
        for _ in range(2):
            ok(await house.http.post(VOICES, json=SPOKEN, headers=there))
        refused(await house.http.post(VOICES, json=SPOKEN, headers=there), 429, "too_many_requests")
        ok(await house.http.post(VOICES, json=SPOKEN, headers={"X-Forwarded-For": "192.0.2.8"}))


async def test_counts_are_told_of_a_closed_quarter_of_the_whole_program_from_eleven_on(house: House) -> None:
    counts, unit = "/v1/voice-counts?quarter=2026-Q3", Unit()
    for number in range(23):
        answers = {"pressured": VoiceAnswer.NO if number else VoiceAnswer.YES, "promise_kept": VoiceAnswer.PARTLY}
        respected = VoiceAnswer.YES if number < 12 else VoiceAnswer.NO
        month = date(2026, 7 + number % 3, 1)
        mark = f"{number:064}"
        unit.keep(Voice(kind=VoiceKind.VOICE, received_in=month, respected=respected, receipt_mark=mark, **answers))
    await house.installation.database.commit(unit)
    seen = ok(await house.peer.get(counts))
    assert (seen["voices"], seen["suppressed"]) == (23, False)
    assert {one["question"]: one["yes"] for one in seen["items"]} == {
        "respected": 12,
        "pressured": None,
        "promise_kept": None,
    }
    for quarter in ("2026-Q4", "2022-Q3"):
        refused(await house.supervisor.get(f"/v1/voice-counts?quarter={quarter}"), 404, "not_found")
    assert ok(await house.supervisor.get("/v1/voice-counts?quarter=2026-Q2"))["voices"] is None
    refused(await house.integrator.get(counts), 403, "not_permitted")


@given(st.integers(0, 60), st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_no_count_below_the_floor_is_told_or_can_be_computed(voices: int, yes: list[int]) -> None:
    true = {name: min(count, voices) for name, count in zip(SPOKEN, yes, strict=True)}
    shown = told(voices, true)
    assert shown["voices"] == (voices if voices >= 11 else None)
    for line in shown["items"]:
        count = line["yes"]
        assert line["suppressed"] is (count is None)
        if count is not None:
            assert count == true[line["question"]]
            assert min(count, shown["voices"] - count) >= 11


@given(st.text(max_size=30))
def test_any_text_is_a_receipt_or_is_not_found(text: str) -> None:
    try:
        receipt = read_receipt(text)
    except NotFound:
        return
    assert read_receipt(shown_receipt(receipt)) == receipt


def test_a_receipt_survives_being_copied_by_hand_and_is_kept_as_a_keyed_digest() -> None:
    receipt = "7KQP2M9X4TRD3HW0C81N"
    assert read_receipt(" 7kqp2-m9x4t rd3hw-OC8lN ") == receipt
    assert len({new_receipt() for _ in range(100)}) == 100
    assert mark_of(b"one", receipt) != mark_of(b"other", receipt)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "complaint", **SPOKEN},
        {**SPOKEN, "wanted": WANTED},
        {**SPOKEN, "name": "x"},
        {"respected": "maybe"},
        {**SPOKEN, "occurred_on": "2026-11-02"},
    ],
)
def test_a_voice_says_something_and_never_who_or_when(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        VoiceDraft.model_validate(said)
