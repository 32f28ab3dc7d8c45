"""Codes issued ahead: printed where there is a printer, and honored at their first use, however late (privacy.md 2)."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pypdfium2
import pytest
import zxingcpp

from tests.security.test_epochs import at_the_gate, sealed
from tests.security.traces import entry_of, people, subjects_of
from tests.stories.steps import absent, every_item, items
from tests.world import Caller, House, encounter, ok, refused
from true_api.kernel.code_words import spells_a_word
from true_api.kernel.codes import read_code
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, Participant, RealmCode
from true_api.rooms.participants import batches, service
from true_api.rooms.participants.card_schemas import CodeBatchDraft

KEY = {"Idempotency-Key": "fifty-cards-for-the-van"}


async def issued(caller: Caller, size: int) -> str:
    """Issues codes ahead; the batch's id."""
    return str(ok(await caller.post("/v1/code-batches", {"size": size}))["id"])


async def sheet(caller: Caller, batch: str, paper: str = "letter") -> httpx2.Response:
    return await caller.get(f"/v1/code-batches/{batch}/sheet?paper={paper}")


def codes_on(answer: httpx2.Response) -> list[str]:
    """What a scanner reads off a sheet."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    pages = [page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(answer.content)]
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


async def cards(caller: Caller, size: int) -> list[str]:
    """Cards cut from a sheet."""
    return codes_on(await sheet(caller, await issued(caller, size)))


async def counted(house: House) -> dict[str, int]:
    tables = [table_of(kind) for kind in (Participant, Caseload)]
    return {table.name: len(rows) for table, rows in zip(tables, await house.rows(*map(_all, tables)), strict=True)}


def _all(table: Any) -> Any:
    return table.select()


async def test_a_batch_is_printed_and_belongs_to_nobody(peer: Caller, house: House) -> None:
    made = await peer.post("/v1/code-batches", {"size": 12})
    batch = ok(made)
    assert batch == {"id": batch["id"], "issued_on": "2026-11-02", "size": 12, "unused": 12}
    answer = await sheet(peer, batch["id"])
    codes = codes_on(answer)
    assert len({read_code(code) for code in codes}) == 12
    assert not any(spells_a_word(read_code(code)) for code in codes)
    assert answer.headers["cache-control"] == "no-store"
    assert await counted(house) == {"participants": 0, "caseload": 0}
    assert await subjects_of(house, made) == await subjects_of(house, answer) == set()
    assert (await entry_of(house, answer)).fields == ["codes"]
    for code in codes[:3]:
        await absent(peer, f"/v1/participants/{code}")
        refused(await peer.post(f"/v1/participants/{code}/reissue", {"reason": "lost"}), 404, "not_found")


async def test_a_batch_is_of_one_to_two_hundred_codes_on_the_paper_that_is_there(peer: Caller, house: House) -> None:
    for size in (0, -1, 201, "5", 2.5, True, None):
        refused(await peer.post("/v1/code-batches", {"size": size}), 422, "invalid_shape")
    first, again = [await peer.post("/v1/code-batches", {"size": 200}, headers=KEY) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len({row.code for row in (await house.rows(table_of(RealmCode).select()))[0]}) == 200
    batch = await issued(peer, 3)
    letter, same, a4 = [await sheet(peer, batch, paper) for paper in ("letter", "letter", "a4")]
    assert letter.content == same.content != a4.content
    assert [len(codes_on(answer)) for answer in (letter, a4)] == [3, 3]
    assert (await peer.get(f"/v1/code-batches/{batch}/sheet")).content == letter.content
    refused(await sheet(peer, batch, "a3"), 422, "invalid_shape")
    picture = {"Accept": "image/png"}
    refused(await peer.get(f"/v1/code-batches/{batch}/sheet", headers=picture), 406, "not_acceptable")


async def test_a_code_issued_ahead_enrolls_who_shows_it_first_however_late(house: House) -> None:
    """Printed by one team, handed out by anybody, shown a year later to a peer of another team."""
    code, *_ = await cards(house.peer, 2)
    house.clock.move(timedelta(days=365))
    answer = await house.stranger.post("/v1/caseload", {"code": code})
    greeting = ok(answer)
    assert (greeting["code"], greeting["basis"], greeting["history_open"]) == (code, "enrolled", True)
    person = ok(await house.stranger.get(f"/v1/participants/{code}"))
    assert (person["enrolled_on"], person["age_band"], person["handle"]) == (
        "2027-11-02",
        "not_asked",
        greeting["handle"],
    )
    ok(await house.stranger.post(f"/v1/participants/{code}/encounters", encounter()))
    assert [entry["code"] for entry in await items(house.stranger, "/v1/participants")] == [code]
    assert await subjects_of(house, answer) == await people(house, code)
    await absent(house.peer, f"/v1/participants/{code}")


async def test_shown_again_it_is_the_persons_own_and_may_be_replaced_like_any_other(house: House) -> None:
    code, *_ = await cards(house.peer, 1)
    keys = (KEY, KEY, {"Idempotency-Key": "shown-another-time"})
    first, again, later = [await house.peer.post("/v1/caseload", {"code": code}, headers=key) for key in keys]
    assert first.content == again.content == later.content
    assert [answer.headers.get("idempotent-replayed") for answer in (first, again, later)] == [None, "true", None]
    new = ok(await house.peer.post(f"/v1/participants/{code}/reissue", {"reason": "lost"}))["code"]
    refused(await house.stranger.post("/v1/caseload", {"code": code}), 404, "not_found")
    shown = ok(await house.stranger.post("/v1/caseload", {"code": new}))
    assert (shown["basis"], shown["history_open"]) == ("shown_code", False)
    assert await counted(house) == {"participants": 1, "caseload": 2}


async def test_shown_to_many_at_once_it_enrolls_one_person_with_one_peer(house: House) -> None:
    callers = [house.peer, house.colleague, house.stranger]
    for code in await cards(house.supervisor, 3):
        answers = await asyncio.gather(*(caller.post("/v1/caseload", {"code": code}) for caller in callers))
        assert sorted(ok(answer)["basis"] for answer in answers) == ["enrolled", "shown_code", "shown_code"]
    assert await counted(house) == {"participants": 3, "caseload": 9}


async def test_who_loses_meets_somebody_known(house: House) -> None:
    code, *_ = await cards(house.peer, 1)
    first, second = [
        (caller, await at_the_gate(caller, "POST /v1/caseload", {"code": code}))
        for caller in (house.peer, house.stranger)
    ]
    for _, admitted in (first, second):
        await service.greet(admitted.permit)  # type: ignore[arg-type]
    await sealed(*first)
    with pytest.raises(WriteCollided) as caught:
        await sealed(*second)
    assert caught.value.once_more
    assert await counted(house) == {"participants": 1, "caseload": 1}
    assert ok(await house.stranger.post("/v1/caseload", {"code": code}))["basis"] == "shown_code"


async def test_the_sheet_holds_only_what_nobody_has_shown_yet(house: House) -> None:
    batch = await issued(house.peer, 3)
    codes = codes_on(await sheet(house.peer, batch))
    left = set(codes)
    for code in codes:
        assert set(codes_on(await sheet(house.peer, batch))) == left
        assert ok(await house.peer.get("/v1/code-batches"))["items"][0]["unused"] == len(left)
        ok(await house.stranger.post("/v1/caseload", {"code": code}))
        left.remove(code)
    refused(await sheet(house.peer, batch), 409, "batch_used_up")
    assert ok(await house.peer.get("/v1/code-batches"))["items"][0]["unused"] == 0


async def test_a_batch_is_for_who_printed_it_and_their_supervisor(house: House) -> None:
    batch = await issued(house.peer, 1)
    for caller in (house.peer, house.supervisor):
        assert [line["id"] for line in await items(caller, "/v1/code-batches")] == [batch]
        assert codes_on(await sheet(caller, batch))
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        assert await items(caller, "/v1/code-batches") == []
        await absent(caller, f"/v1/code-batches/{batch}/sheet")
    for caller in (house.agency, house.integrator, house.admin):
        refused(await sheet(caller, batch), 403, "not_permitted")
        refused(await caller.post("/v1/code-batches", {"size": 1}), 403, "not_permitted")


async def test_batches_are_listed_newest_first_page_by_page(peer: Caller) -> None:
    made = []
    for day in range(5):
        peer.house.clock.move(timedelta(days=1))
        made.append(await issued(peer, day + 1))
    listed = await every_item(peer, "/v1/code-batches", 2)
    assert [line["id"] for line in listed] == made[::-1]
    assert [line["size"] for line in listed] == [line["unused"] for line in listed] == [5, 4, 3, 2, 1]


async def test_a_taken_code_in_a_batch_is_drawn_anew(house: House) -> None:
    """The whole batch passes the gate once more, and nobody hears of it."""
    first, second = [await at_the_gate(house.peer, "POST /v1/code-batches") for _ in range(2)]
    for admitted in (first, second):
        batches.issue(admitted.permit, CodeBatchDraft(size=3))  # type: ignore[arg-type]
    taken, drawn = first.permit.unit.effects[2], second.permit.unit.effects
    drawn[2] = type(taken)(drawn[2].table, {**drawn[2].values, "code": taken.values["code"]}, drawn[2].or_else)  # type: ignore[union-attr]
    await sealed(house.peer, first)
    with pytest.raises(service.CodeTaken) as caught:
        await sealed(house.peer, second)
    assert caught.value.once_more
    assert [line["size"] for line in await items(house.peer, "/v1/code-batches")] == [3]
