"""The safe contact: the one sealed exception, for the assigned peer and their supervisor, for as long as was chosen."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.security.test_texts import change, sealed, unreadable
from tests.security.traces import entry_of, people, subjects_of
from tests.world import Caller, House, ok, refused
from true_api.kernel.effects import Change
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload
from true_api.privacy.safe_contact import Channel, ContactHours
from true_api.rooms.safe_contacts.tables import OkayToCheckIn, SafeContact

NUMBER = "+1 202-555-0143, ask for the night desk"
CONTACT = {
    "channel": "call",
    "reach_at": NUMBER,
    "hours": ["evening", "night"],
    "voicemail": True,
    "what_to_say": "Say that the library book is in.",
    "usual_place": None,
}
TODAY = date(2026, 11, 2)
plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=200)
contacts = st.fixed_dictionaries(
    {
        "channel": st.sampled_from([channel for channel in Channel if channel is not Channel.IN_PERSON]),
        "reach_at": plain.filter(str.strip),
        "hours": st.lists(st.sampled_from(ContactHours), unique=True),
        "voicemail": st.booleans(),
    }
)


def at(code: str) -> str:
    return f"/v1/participants/{code}/safe-contact"


async def put(caller: Caller, code: str, **said: Any) -> Any:
    return await caller.call("PUT", at(code), {"contact": CONTACT, **said})


async def rows(house: House) -> list[Any]:
    return list((await house.rows(table_of(SafeContact).select()))[0])


@given(said=contacts, check_in=st.sampled_from(OkayToCheckIn))
@exploring
async def test_it_reads_as_it_was_said(house: House, said: dict[str, Any], check_in: OkayToCheckIn) -> None:
    code = await house.peer.enrolls()
    kept = ok(await house.peer.call("PUT", at(code), {"contact": said, "okay_to_check_in": check_in}))
    assert kept == {
        "kept_for": "until_day",
        "kept_until": "2026-12-02",
        "okay_to_check_in": check_in,
        "words_kept": ["contact"],
        "returned": None,
        "guidance": None,
    }
    for caller in (house.peer, house.supervisor):
        seen = ok(await caller.get(at(code)))
        assert seen["contact"] == {**said, "what_to_say": None, "usual_place": None}
        assert (seen["kept_until"], seen["okay_to_check_in"]) == ("2026-12-02", check_in)


async def test_all_that_it_says_stands_in_one_sealed_text(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await put(house.peer, code, okay_to_check_in="yes"))
    (row,) = await rows(house)
    (text,) = await sealed(house, str(row.id))
    assert (text.place, {text.sealing_subject}) == ("safe_contacts.contact", await people(house, code))
    told = {**row._mapping, **text._mapping}
    assert not any(word in str(told) for word in ("0143", "library", "call", "evening"))
    assert len(text.sealed) > len(json.dumps(CONTACT, separators=(",", ":")).encode())
    await change(house, text, sealed=text.sealed[:-1])
    await unreadable(house.peer, at(code))


async def test_only_the_assigned_peer_and_their_supervisor_see_it(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await put(house.peer, code))
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        refused(await caller.get(at(code)), 404, "not_found")
        refused(await put(caller, code), 404, "not_found")
        refused(await caller.call("DELETE", at(code)), 404, "not_found")
    for caller in (house.agency, house.integrator, house.admin):
        refused(await caller.get(at(code)), 403, "not_permitted")
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(house.colleague.id)}))
    assert ok(await house.colleague.get(at(code)))["contact"] == CONTACT


async def test_a_shown_code_does_not_open_it(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await put(house.peer, code))
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        ok(await caller.post("/v1/caseload", {"code": code}))
        refused(await caller.get(at(code)), 409, "history_closed")
        refused(await put(caller, code), 409, "history_closed")
        refused(await caller.call("DELETE", at(code)), 409, "history_closed")
    assert ok(await house.peer.get(at(code)))["contact"] == CONTACT


async def test_a_history_that_the_persons_word_opened_does_not_open_it_either(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await put(house.peer, code))
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    entries = table_of(Caseload)
    met = entries.select().where(entries.c.member_id == house.stranger.id)
    (entry,) = (await house.rows(met))[0]
    await house.installation.database.commit([Change(entries, entry.id, entry.version, {"history_open": True})])
    assert ok(await house.stranger.get(f"/v1/participants/{code}"))["history_open"] is True
    for caller in (house.stranger, house.other_supervisor):
        refused(await caller.get(at(code)), 409, "history_closed")


async def test_every_read_is_trailed_with_what_was_read(house: House) -> None:
    code = await house.peer.enrolls()
    written = await put(house.peer, code, okay_to_check_in="no")
    answers = [await caller.get(at(code)) for caller in (house.peer, house.supervisor, house.peer)]
    for answer in answers:
        entry = await entry_of(house, answer)
        assert (entry.outcome, entry.permission, entry.door) == (200, "safe_contact:read", f"GET {at('{code}')}")
        assert entry.fields == ["contact", "kept_for", "kept_until", "okay_to_check_in"]
        assert await subjects_of(house, answer) == await people(house, code)
    assert "contact" not in (await entry_of(house, written)).fields


async def test_it_stands_in_no_list_and_no_other_record(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    ok(await put(peer, code))
    await peer.records(code)
    for path in ("", "/timeline", "/encounters", "/consents", "/referrals"):
        assert "202-555" not in (await peer.get(f"/v1/participants/{code}{path}")).text
    assert "202-555" not in (await peer.get("/v1/participants")).text


async def test_it_is_kept_for_as_long_as_the_person_chose_and_no_longer(house: House) -> None:
    code = await house.peer.enrolls()
    cases = (
        ({}, 30),
        ({"kept_until": "2026-11-02"}, 0),
        ({"kept_until": "2027-01-31"}, 90),
        ({"kept_for": "until_promise_done"}, 90),
    )
    for chosen, days in cases:
        house.clock.set(house.clock.now().replace(year=2026, month=11, day=2))
        last = TODAY + timedelta(days=days)
        assert ok(await put(house.peer, code, **chosen))["kept_until"] == str(last)
        house.clock.move(timedelta(days=days))
        assert ok(await house.peer.get(at(code)))["contact"] == CONTACT
        house.clock.move(timedelta(days=1))
        for caller in (house.peer, house.supervisor):
            refused(await caller.get(at(code)), 404, "not_found")
        refused(await house.peer.call("DELETE", at(code)), 404, "not_found")
    assert len(await rows(house)) == 1, "what is past its time is absent at once, and swept later"


async def test_a_last_day_lies_within_the_next_ninety(house: House) -> None:
    code = await house.peer.enrolls()
    for day in ("2026-11-01", "2027-02-01", "2030-01-01"):
        refused(await put(house.peer, code, kept_until=day), 409, "not_within_ninety_days")
    promised = {"kept_for": "until_promise_done", "kept_until": "2026-11-20"}
    refused(await put(house.peer, code, **promised), 422, "invalid_shape")
    assert await rows(house) == []


async def test_it_is_renewed_and_replaced_by_putting_it_again(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await put(house.peer, code))
    house.clock.move(timedelta(days=40))
    refused(await house.peer.get(at(code)), 404, "not_found")
    other = {**CONTACT, "channel": "text", "what_to_say": None}
    assert ok(await put(house.supervisor, code, contact=other))["kept_until"] == "2027-01-11"
    assert ok(await house.peer.get(at(code)))["contact"] == other
    (row,) = await rows(house)
    assert (row.member_id, row.version, len(await sealed(house, str(row.id)))) == (house.supervisor.id, 2, 1)


async def test_whether_a_check_in_is_welcome_is_asked_for_itself(house: House) -> None:
    code = await house.peer.enrolls()
    assert ok(await put(house.peer, code, contact=None, okay_to_check_in="yes"))["words_kept"] == []
    seen = ok(await house.peer.get(at(code)))
    assert (seen["contact"], seen["okay_to_check_in"]) == (None, "yes")
    ok(await put(house.peer, code))
    assert ok(await house.peer.get(at(code)))["okay_to_check_in"] == "not_asked"
    ok(await put(house.peer, code, contact=None, okay_to_check_in="no"))
    (row,) = await rows(house)
    assert await sealed(house, str(row.id)) == []
    refused(await put(house.peer, code, contact=None), 422, "invalid_shape")


async def test_it_is_taken_away_when_the_person_asks(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await put(house.peer, code, okay_to_check_in="yes"))
    (row,) = await rows(house)
    assert ok(await house.supervisor.call("DELETE", at(code))) == {"kept": False}
    assert (await rows(house), await sealed(house, str(row.id))) == ([], [])
    refused(await house.peer.get(at(code)), 404, "not_found")
    refused(await house.peer.call("DELETE", at(code)), 404, "not_found")


async def test_the_number_is_exempt_from_the_guard_and_what_to_say_is_not(house: House) -> None:
    code = await house.peer.enrolls()
    said = {**CONTACT, "reach_at": "quiet.river@example.org", "what_to_say": "or 202-555-0143"}
    texts = refused(await put(house.peer, code, contact=said), 422, "narrative_refused")["texts"]
    assert [text["pointer"] for text in texts] == ["/contact/what_to_say"]
    lenient = {"Prefer": "handling=lenient"}
    kept = ok(await house.peer.call("PUT", at(code), {"contact": said}, headers=lenient))
    assert (kept["words_kept"], kept["returned"][0]["pointer"]) == (["contact"], "/contact/what_to_say")
    assert ok(await house.peer.get(at(code)))["contact"] == {**said, "what_to_say": None}


async def test_a_contact_leads_somewhere(house: House) -> None:
    code = await house.peer.enrolls()
    met = {"channel": "in_person", "hours": ["morning"]}
    ok(await put(house.peer, code, contact=met))
    for wrong in (
        {"channel": "call"},
        {**met, "reach_at": NUMBER},
        {**CONTACT, "reach_at": "x" * 201},
        {**CONTACT, "reach_at": "a\x07"},
        {**CONTACT, "hours": ["evening", "evening"]},
        {**CONTACT, "hours": ["21:00"]},
        {**CONTACT, "what_to_say": "x" * 501},
        {**CONTACT, "channel": "pager"},
    ):
        refused(await put(house.peer, code, contact=wrong), 422, "invalid_shape")
    nowhere = {**CONTACT, "usual_place": "no_such_zone"}
    refused(await put(house.peer, code, contact=nowhere), 409, "no_such_place")


async def test_of_contacts_written_at_the_same_moment_one_stands_whole(house: House) -> None:
    code = await house.peer.enrolls()
    numbers = [f"+1 202-555-01{number}" for number in range(10, 16)]
    answers = await asyncio.gather(
        *(put(house.peer, code, contact={**CONTACT, "reach_at": number}) for number in numbers)
    )
    for answer in answers:
        assert answer.status_code == 200 or refused(answer, 409, "write_collided")
    stood = [number for number, answer in zip(numbers, answers, strict=True) if answer.status_code == 200]
    assert ok(await house.peer.get(at(code)))["contact"]["reach_at"] in stood
    assert len(await rows(house)) == 1
