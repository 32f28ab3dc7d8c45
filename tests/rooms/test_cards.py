"""Cards: printed for who works with a person; another code in a code's place, at once and for good (privacy.md 2)."""

import asyncio
import io
import random
from pathlib import Path
from typing import Any

import httpx2
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.rooms.test_participants import shows_their_code
from tests.security.test_epochs import at_the_gate, sealed
from tests.security.traces import entry_of, people, subjects_of
from tests.stories.steps import absent, items, referred_with_consent
from tests.world import Caller, House, encounter, house_settings, ok, open_house, refused
from true_api.kernel.codes import new_code, read_code, shown
from true_api.kernel.errors import NotFound, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, RealmCode
from true_api.rooms.participants import cards, service

PDF, SVG, PNG = "application/pdf", "image/svg+xml", "image/png"
LOST = {"reason": "lost"}
KEY = {"Idempotency-Key": "a-new-card-for-somebody"}


async def card(caller: Caller, code: str, accept: str | None = None) -> httpx2.Response:
    """The card of a person; httpx itself says that anything is accepted."""
    return await caller.get(f"/v1/participants/{code}/card", headers={} if accept is None else {"Accept": accept})


async def reissued(caller: Caller, code: str, reason: str = "lost", **options: Any) -> str:
    return str(ok(await caller.post(f"/v1/participants/{code}/reissue", {"reason": reason}, **options))["code"])


async def revoked(caller: Caller, code: str, **options: Any) -> str:
    return str(ok(await caller.post(f"/v1/participants/{code}/revoke", **options))["code"])


def scanned(drawn: bytes, media_type: str) -> str:
    """What a scanner reads off a card."""
    picture = (
        pypdfium2.PdfDocument(drawn)[0].render(scale=3).to_pil() if media_type == PDF else Image.open(io.BytesIO(drawn))
    )
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


async def test_a_card_comes_as_it_is_wanted(peer: Caller) -> None:
    code = await peer.enrolls()
    etags = set()
    for accept, media_type in ((None, PDF), (PDF, PDF), ("image/*", SVG), (PNG, PNG)):
        answer = await card(peer, code, accept)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept")
        assert code.replace("-", "") not in str(answer.headers).replace("-", "")
        if media_type == SVG:
            assert f"<title>{code}</title>" in answer.text
        else:
            assert scanned(answer.content, media_type) == code
        etags.add(answer.headers["etag"])
        asked = {"Accept": media_type, "If-None-Match": answer.headers["etag"]}
        known = await peer.get(f"/v1/participants/{code}/card", headers=asked)
        assert (known.status_code, known.content) == (304, b"")
    assert len(etags) == 3
    refused(await card(peer, code, "application/json"), 406, "not_acceptable")


async def test_whoever_works_with_a_person_may_print_their_card_and_nobody_else(house: House) -> None:
    """Whoever was shown the code holds the card in their hand: printing it again tells them nothing."""
    code = await house.peer.enrolls()
    refused(await card(house.stranger, code), 404, "not_found")
    await shows_their_code(house.stranger, code)
    for caller in (house.peer, house.supervisor, house.stranger, house.other_supervisor):
        answer = await card(caller, code, PNG)
        assert scanned(answer.content, PNG) == code
        entry = await entry_of(house, answer)
        assert (entry.door, entry.outcome, entry.fields) == ("GET /v1/participants/{code}/card", 200, ["code"])
        assert await subjects_of(house, answer) == await people(house, code)
    refused(await card(house.colleague, code), 404, "not_found")
    for caller in (house.agency, house.integrator, house.admin):
        refused(await card(caller, code), 403, "not_permitted")


async def test_a_program_may_print_its_line_and_prints_none_unless_it_says_so(
    database_url: str, tmp_path: Path
) -> None:
    said = "Ring the blue door"
    texts = []
    for line in ({}, {"TRUE_CARD_LINE": said}):
        async with open_house(house_settings(tmp_path, database_url, **line)) as house:
            code = await house.peer.enrolls()
            texts.append((await card(house.peer, code, SVG)).text)
    assert [said in text for text in texts] == [False, True]
    assert [text.count("<text") for text in texts] == [3, 4]


async def test_a_new_code_takes_the_place_of_the_old_one_for_everybody_and_says_why(house: House) -> None:
    peer = house.peer
    code, referral = await referred_with_consent(house)
    met = await peer.records(code)
    agency = f"/v1/referrals/{referral['reference']}"
    alias = ok(await house.agency.get(agency))["code"]
    await shows_their_code(house.stranger, code)
    for body in ({}, {"reason": "wrong_hands"}, {"reason": ""}, {"reason": "lost", "note": "x"}):
        refused(await peer.post(f"/v1/participants/{code}/reissue", body), 422, "invalid_shape")
    used = [code]
    for reason in ("lost", "damaged", "person_asked"):
        used.append(await reissued(peer, used[-1], reason))
    new = used[-1]
    assert len(set(used)) == 4
    assert ok(await peer.get(f"/v1/participants/{new}"))["history_open"] is True
    assert ok(await house.stranger.get(f"/v1/participants/{new}"))["history_open"] is False
    assert [seen["id"] for seen in await items(peer, f"/v1/participants/{new}/encounters")] == [met["id"]]
    assert [entry["code"] for entry in await items(peer, "/v1/participants")] == [new]
    assert ok(await house.agency.get(agency))["code"] == alias, "another realm's code is not touched"
    rows = {row.code: row for row in (await house.rows(table_of(RealmCode).select()))[0]}
    kept = [rows[read_code(each)] for each in used]
    assert [row.replaced_because for row in kept] == ["lost", "damaged", "person_asked", None]
    assert [row.retired_on for row in kept] == [house.clock.now().date()] * 3 + [None]


async def test_a_replaced_code_leads_where_one_that_never_was_leads(house: House) -> None:
    peer, never = house.peer, shown(new_code(random.Random(1).randrange))
    old = await peer.enrolls()
    await reissued(peer, old)
    for path in ("", "/card", "/timeline", "/encounters"):
        answers = [(await peer.get(f"/v1/participants/{code}{path}")).json() for code in (old, never)]
        assert len({str({**answer, "request_id": ""}) for answer in answers}) == 1
        await absent(peer, f"/v1/participants/{old}{path}")
    refused(await peer.post(f"/v1/participants/{old}/encounters", encounter()), 404, "not_found")
    for caller in (peer, house.stranger):
        refused(await caller.post("/v1/caseload", {"code": old}), 404, "not_found")
    for door in ("reissue", "revoke"):
        answers = []
        for code in (old, never):
            answer = await peer.post(f"/v1/participants/{code}/{door}", LOST if door == "reissue" else None)
            answers.append({**refused(answer, 404, "not_found"), "request_id": ""})
        assert answers[0] == answers[1]


async def test_only_who_works_with_a_person_takes_their_code_from_them(house: House) -> None:
    """Whoever found a card could otherwise have it replaced, and the person would stand there with nothing."""
    code = await house.peer.enrolls()
    await shows_their_code(house.stranger, code)
    refused(await house.stranger.post(f"/v1/participants/{code}/reissue", LOST), 409, "history_closed")
    refused(await house.stranger.post(f"/v1/participants/{code}/revoke"), 409, "history_closed")
    refused(await house.colleague.post(f"/v1/participants/{code}/revoke"), 404, "not_found")
    refused(await house.agency.post(f"/v1/participants/{code}/revoke"), 403, "not_permitted")
    assert ok(await house.supervisor.get(f"/v1/participants/{await reissued(house.supervisor, code)}"))


async def test_a_card_in_wrong_hands_closes_what_showing_it_opened(house: House) -> None:
    """Whoever works with the person goes on."""
    peer, stranger = house.peer, house.stranger
    old = await peer.enrolls()
    ok(await house.supervisor.post(f"/v1/participants/{old}/assignments", {"member_id": str(house.colleague.id)}))
    before = await shows_their_code(stranger, old)
    own = await stranger.records(old)
    new = await revoked(peer, old)
    for code in (old, new):
        await absent(stranger, f"/v1/participants/{code}")
        refused(await stranger.post(f"/v1/participants/{code}/encounters", encounter()), 404, "not_found")
    await absent(stranger, f"/v1/encounters/{own['id']}")
    assert await items(stranger, "/v1/participants") == await items(stranger, "/v1/encounters") == []
    assert await items(house.other_supervisor, "/v1/participants") == []
    for caller in (peer, house.colleague, house.supervisor):
        assert ok(await caller.get(f"/v1/participants/{new}"))["history_open"] is True
    assert await shows_their_code(stranger, new) == {**before, "code": new}, "greeted again, with the new card"
    assert len((await house.rows(table_of(Caseload).select()))[0]) == 3


async def test_a_retry_hears_the_new_code_although_it_comes_with_the_old_one(house: House) -> None:
    """Also while the first request is still under way."""
    peer = house.peer
    for door, body in (("reissue", LOST), ("revoke", None)):
        path = f"/v1/participants/{await peer.enrolls()}/{door}"
        key = {"Idempotency-Key": f"a-new-card-by-{door}"}
        answers = await asyncio.gather(*(peer.post(path, body, headers=key) for _ in range(3)))
        answers.append(await peer.post(path, body, headers=key))
        assert len({(answer.status_code, answer.content) for answer in answers}) == 1
        assert answers[-1].headers["idempotent-replayed"] == "true"
        newest = await reissued(peer, ok(answers[0])["code"])
        assert ok(await peer.post(path, body, headers=key))["code"] == newest
    assert len((await house.rows(table_of(RealmCode).select()))[0]) == 6


async def test_an_old_code_opens_nothing_but_that_answer(house: House) -> None:
    peer = house.peer
    code = await peer.enrolls()
    path = f"/v1/participants/{code}/reissue"
    ok(await peer.post(path, LOST, headers=KEY))
    refused(await peer.post(path, {"reason": "damaged"}, headers=KEY), 404, "not_found")
    refused(await peer.post(path, LOST), 404, "not_found")
    refused(await peer.call("POST", path, LOST), 404, "not_found")
    refused(await peer.post(path, LOST, headers={"Idempotency-Key": "short"}), 404, "not_found")
    refused(await house.supervisor.post(path, LOST, headers=KEY), 404, "not_found")
    refused(await house.stranger.post(path, LOST, headers=KEY), 404, "not_found")
    refused(await peer.post(f"/v1/participants/{code}/revoke", headers=KEY), 404, "not_found")


async def test_a_code_is_replaced_once_however_many_ask_at_once(house: House) -> None:
    peer = house.peer
    code = await peer.enrolls()
    path = f"/v1/participants/{code}/reissue"
    answers = await asyncio.gather(*(peer.post(path, LOST) for _ in range(4)), peer.post(path[:-7] + "revoke"))
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} <= {"not_found", "write_collided"}
    assert len(await items(peer, "/v1/participants")) == 1


async def test_what_passed_the_gate_by_the_old_code_is_not_sealed(house: House) -> None:
    peer, write = house.peer, "POST /v1/participants/{code}/encounters"
    for replaces in (reissued, revoked):
        code = await peer.enrolls()
        writing = await at_the_gate(peer, write, code=code)
        await replaces(peer, code)
        with pytest.raises(WriteCollided) as caught:
            await sealed(peer, writing)
        assert caught.value.once_more
        with pytest.raises(NotFound):
            await at_the_gate(peer, write, code=code)


async def test_a_greeting_between_gate_and_seal_of_a_revocation_does_not_slip_through(house: House) -> None:
    """The stranger is shown the card after the revocation has read who was shown it, and before it is sealed."""
    code = await house.peer.enrolls()
    revoking = await at_the_gate(house.peer, "POST /v1/participants/{code}/revoke", code=code)
    await cards.revoke(revoking.permit)  # type: ignore[arg-type]
    await shows_their_code(house.stranger, code)
    with pytest.raises(WriteCollided) as caught:
        await sealed(house.peer, revoking)
    assert caught.value.once_more, "the request passes the gate again, and then ends this access too"
    new = await revoked(house.peer, code)
    await absent(house.stranger, f"/v1/participants/{new}")


async def test_a_greeting_that_is_sealed_after_a_revocation_is_refused(house: House) -> None:
    code = await house.peer.enrolls()
    greeting = await at_the_gate(house.stranger, "POST /v1/caseload", {"code": code})
    await service.greet(greeting.permit)  # type: ignore[arg-type]
    await revoked(house.peer, code)
    with pytest.raises(WriteCollided):
        await sealed(house.stranger, greeting)
    assert await items(house.stranger, "/v1/participants") == []


async def test_revoking_while_cards_are_shown_leaves_nobody_in(house: House) -> None:
    code = await house.peer.enrolls()
    showing = [caller.post("/v1/caseload", {"code": code}) for caller in (house.stranger, house.colleague)]
    _, answer, *_ = await asyncio.gather(showing[0], house.peer.post(f"/v1/participants/{code}/revoke"), showing[1])
    if answer.status_code == 409:
        refused(answer, 409, "write_collided")
        answer = await house.peer.post(f"/v1/participants/{code}/revoke")
    new = ok(answer)["code"]
    for caller in (house.stranger, house.colleague):
        await absent(caller, f"/v1/participants/{new}")
