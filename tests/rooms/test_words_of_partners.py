"""Words between the program and its partners: each agency reads what it said itself, and nothing of anybody else's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.security.test_texts import sealed
from tests.security.traces import entry_of
from tests.stories.steps import absent, facts, items, referred_with_consent, refers
from tests.world import House, intake, ok, refused
from true_api.kernel.effects import Keep
from true_api.privacy.profile import LocalTerm, Vocabulary

LENIENT = {"Prefer": "handling=lenient"}
OURS, THEIRS, AGAIN = "Would rather keep the dog.", "A bed is free from Monday.", "The bed is still free."
MAIL = "write to quiet.river@example.org"
CONTACT = {
    "channel": "text",
    "reach_at": "+1 202-555-0143",
    "hours": ["evening"],
    "voicemail": False,
    "what_to_say": "Say that the library book is in.",
    "usual_place": None,
}


async def moved(house: House, referral: dict[str, Any], to: str, note: str | None, **more: Any) -> dict[str, Any]:
    """The agency moves a referral, with words."""
    sent = {"to": to, "note": note, **more}
    return ok(await house.agency.post(f"/v1/referrals/{referral['reference']}/transitions", sent))


async def posted(house: House, **said: Any) -> dict[str, Any]:
    """A request with words, as the agency is answered, with its id in the program."""
    answer = ok(await house.agency.post("/v1/intake-requests", intake(**said)))
    queue = ok(await house.peer.get("/v1/intake-requests?limit=200"))["items"]
    return {**answer, "id": next(item["id"] for item in queue if item["reference"] == answer["reference"])}


async def test_the_programs_words_on_a_referral_are_never_the_agencys(house: House) -> None:
    code, _ = await referred_with_consent(house)
    referral = await refers(house.peer, code, house.organizations["harbor"], note=OURS)
    assert referral["words_kept"] == ["note"]
    for caller in (house.peer, house.supervisor):
        assert ok(await caller.get(f"/v1/referrals/{referral['id']}"))["note"] == OURS
    moved_by_us = {"to": "accepted", "note": AGAIN}
    ok(await house.peer.post(f"/v1/referrals/{referral['id']}/transitions", moved_by_us))
    for path in (f"/v1/referrals/{referral['reference']}", "/v1/referrals"):
        for caller in (house.agency, house.agency_worker):
            answer = await caller.get(path)
            assert ok(answer)
            assert "dog" not in answer.text
            assert "still" not in answer.text
    assert "dog" not in (await house.peer.get(f"/v1/participants/{code}/referrals")).text
    assert "dog" not in (await house.peer.get(f"/v1/participants/{code}/timeline")).text


async def test_words_to_a_step_are_read_by_the_program_and_by_who_said_them(house: House) -> None:
    _, referral = await referred_with_consent(house)
    answer = await moved(house, referral, "accepted", THEIRS)
    assert (answer["words_kept"], "step_notes" in answer) == (["note"], False)
    ours = {"to": "on_hold", "reason": "documents", "decided_by": "person", "note": OURS}
    ok(await house.peer.post(f"/v1/referrals/{referral['id']}/transitions", ours))
    await moved(house, referral, "in_progress", None)
    await moved(house, referral, "completed", AGAIN, outcomes=["place_taken"])
    told = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["step_notes"]
    assert [(step["to"], step["by_agency"], step["note"]) for step in told] == [
        ("accepted", True, THEIRS),
        ("on_hold", False, OURS),
        ("completed", True, AGAIN),
    ]
    for caller in (house.agency, house.agency_worker):
        seen = ok(await caller.get(f"/v1/referrals/{referral['reference']}"))
        assert [(step["to"], step["note"]) for step in seen["step_notes"]] == [
            ("accepted", THEIRS),
            ("completed", AGAIN),
        ]
        assert {*seen["step_notes"][0]} == {"to", "note"}, "its own days are its own to know"
        assert seen.get("note") is None
        assert "note" not in seen
    await absent(house.other_agency, f"/v1/referrals/{referral['reference']}")


async def test_an_agency_loses_sight_of_its_words_when_the_person_takes_the_consent_back(house: House) -> None:
    code, referral = await referred_with_consent(house)
    await moved(house, referral, "accepted", THEIRS)
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    await absent(house.agency, f"/v1/referrals/{referral['reference']}")
    told = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["step_notes"]
    assert [step["note"] for step in told] == [THEIRS]


@pytest.mark.parametrize("note", [THEIRS, MAIL])
async def test_a_retry_of_a_move_tells_of_the_words_of_that_move(house: House, note: str) -> None:
    _, referral = await referred_with_consent(house)
    path, headers = f"/v1/referrals/{referral['reference']}/transitions", {**LENIENT, "Idempotency-Key": "same-move"}
    first = await house.agency.post(path, {"to": "accepted", "note": note}, headers=headers)
    await moved(house, referral, "in_progress", AGAIN if note == MAIL else None)
    again = await house.agency.post(path, {"to": "accepted", "note": note}, headers=headers)
    assert ok(first)["words_kept"] == ok(again)["words_kept"] == (["note"] if note == THEIRS else [])
    assert again.headers["idempotent-replayed"] == "true"
    assert (ok(again)["state"], ok(again)["returned"]) == ("in_progress", None)
    assert (await entry_of(house, first)).record_id == (await entry_of(house, again)).record_id == UUID(referral["id"])


async def test_words_to_partners_are_judged_like_all_others(house: House) -> None:
    code, referral = await referred_with_consent(house)
    asked = {"organization_id": str(house.organizations["harbor"]), "need": "legal-aid", "note": MAIL}
    refused(await house.peer.post(f"/v1/participants/{code}/referrals", asked), 422, "narrative_refused")
    path = f"/v1/referrals/{referral['reference']}/transitions"
    refused(await house.agency.post(path, {"to": "accepted", "note": MAIL}), 422, "narrative_refused")
    refused(await house.agency.post(path, {"to": "accepted", "note": "é" * 501}), 422, "invalid_shape")
    request = intake(note=MAIL, safe_contact={**CONTACT, "what_to_say": MAIL})
    texts = refused(await house.agency.post("/v1/intake-requests", request), 422, "narrative_refused")["texts"]
    assert [text["pointer"] for text in texts] == ["/safe_contact/what_to_say", "/note"]
    assert await items(house.peer, "/v1/intake-requests") == []
    assert len(await items(house.peer, f"/v1/participants/{code}/referrals")) == 1
    kept = await house.agency.post(path, {"to": "accepted", "note": MAIL}, headers=LENIENT)
    assert (ok(kept)["state"], ok(kept)["words_kept"]) == ("accepted", [])
    assert ok(kept)["returned"][0]["pointer"] == "/note"


async def test_an_agency_reads_its_own_submission_and_the_program_all_but_the_filing_mark(house: House) -> None:
    said = {"note": OURS, "own_reference": "desk 4, Jones", "safe_contact": CONTACT}
    request = await posted(house, **said)
    assert request["words_kept"] == ["note", "own_reference", "safe_contact"]
    for caller in (house.agency, house.agency_worker):
        seen = ok(await caller.get(f"/v1/intake-requests/{request['reference']}"))
        assert {name: seen[name] for name in said} == said
    for caller in (house.peer, house.supervisor, house.stranger):
        answer = await caller.get(f"/v1/intake-requests/{request['id']}")
        assert (ok(answer)["note"], ok(answer)["safe_contact"]) == (OURS, CONTACT)
        assert "own_reference" not in ok(answer)
        assert "Jones" not in answer.text
        assert {"note", "safe_contact"} <= set((await entry_of(house, answer)).fields)
    await absent(house.other_agency, f"/v1/intake-requests/{request['reference']}")
    for caller in (house.agency, house.peer):
        listed = await caller.get("/v1/intake-requests")
        assert not any(word in listed.text for word in ("dog", "Jones", "library", "0143"))
    assert len(await sealed(house, request["id"])) == 3


async def test_what_the_program_does_with_a_request_repeats_none_of_its_words(house: House) -> None:
    request = await posted(house, note=OURS, own_reference="desk 4, Jones", safe_contact=CONTACT)
    path = f"/v1/intake-requests/{request['id']}"
    attempt = {"attempted_on": "2026-11-02", "result": "met"}
    answers = [await house.peer.post(f"{path}/attempts", attempt), await house.peer.post(f"{path}/connection", {})]
    for answer in answers:
        assert ok(answer)
        assert not any(word in answer.text for word in ("dog", "Jones", "library", "0143"))
    code = ok(answers[1])["code"]
    refused(await house.peer.get(f"/v1/participants/{code}/safe-contact"), 404, "not_found")
    assert ok(await house.peer.get(path))["safe_contact"] == CONTACT
    await absent(house.colleague, path)


async def test_a_request_without_words_says_so(house: House) -> None:
    request = await posted(house)
    assert request["words_kept"] == []
    seen = ok(await house.agency.get(f"/v1/intake-requests/{request['reference']}"))
    assert (seen["note"], seen["own_reference"], seen["safe_contact"]) == (None, None, None)
    assert facts(seen)["contacting_prohibited"] is False


async def test_who_may_not_be_contacted_has_no_safe_contact(house: House) -> None:
    request = await posted(house, contacting_prohibited=True)
    for caller, name in ((house.agency, "reference"), (house.peer, "id")):
        assert ok(await caller.get(f"/v1/intake-requests/{request[name]}"))["contacting_prohibited"] is True
        assert (await items(caller, "/v1/intake-requests"))[0]["contacting_prohibited"] is True
    both = intake(contacting_prohibited=True, safe_contact=CONTACT)
    refused(await house.agency.post("/v1/intake-requests", both), 422, "invalid_shape")


async def test_the_safe_contact_of_a_request_is_gone_when_the_request_is_closed(house: House) -> None:
    request = await posted(house, note=OURS, safe_contact=CONTACT)
    for days, seen in ((29, CONTACT), (30, None)):
        house.clock.set(house.clock.now().replace(month=11, day=2, hour=17) + timedelta(days=days))
        for caller, name in ((house.agency, "reference"), (house.peer, "id")):
            read = ok(await caller.get(f"/v1/intake-requests/{request[name]}"))
            assert (read["safe_contact"], read["note"]) == (seen, OURS)


async def test_a_retry_of_a_request_tells_which_words_were_kept(house: House) -> None:
    sent = intake(note=MAIL, own_reference="desk 4", safe_contact={**CONTACT, "what_to_say": MAIL})
    headers = {**LENIENT, "Idempotency-Key": "same-request"}
    first, again = [await house.agency.post("/v1/intake-requests", sent, headers=headers) for _ in range(2)]
    assert [text["pointer"] for text in ok(first)["returned"]] == ["/safe_contact/what_to_say", "/note"]
    assert ok(again) == {**ok(first), "returned": None}
    assert ok(again)["words_kept"] == ["own_reference", "safe_contact"]
    seen = ok(await house.agency.get(f"/v1/intake-requests/{ok(first)['reference']}"))
    assert (seen["note"], seen["safe_contact"]) == (None, {**CONTACT, "what_to_say": None})


async def test_a_usual_place_is_a_zone_of_the_program(house: House) -> None:
    zone = LocalTerm(vocabulary=Vocabulary.ZONE, key="east_bank", label="East bank")
    retired = LocalTerm(vocabulary=Vocabulary.ZONE, key="old_port", label="Old port", active=False)
    await house.installation.database.commit([Keep.row(zone), Keep.row(retired)])
    there = {**CONTACT, "usual_place": "east_bank"}
    request = await posted(house, safe_contact=there)
    assert ok(await house.peer.get(f"/v1/intake-requests/{request['id']}"))["safe_contact"] == there
    for key in ("west_bank", "old_port"):
        nowhere = intake(safe_contact={**CONTACT, "usual_place": key})
        refused(await house.agency.post("/v1/intake-requests", nowhere), 409, "no_such_place")
    for key in ("East bank", "", "x" * 41, "../x"):
        wrong = intake(safe_contact={**CONTACT, "usual_place": key})
        refused(await house.agency.post("/v1/intake-requests", wrong), 422, "invalid_shape")
