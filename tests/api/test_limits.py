"""Limits: who asks too often is told when to come back, and nothing else happens."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.world import Caller, House, encounter, house_settings, ok, open_house, refused
from true_api.kernel.rows import table_of
from true_api.rooms.encounters.tables import Encounter
from true_api.security.trail import TrailEntry

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Limits are counted in memory, before any question of a database."""


@pytest.fixture
async def patient(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A house where every caller may ask three times a minute."""
    async with open_house(house_settings(tmp_path, database_url, TRUE_RATE_PER_CALLER="3/minute")) as house:
        yield house


@pytest.fixture
async def narrow(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A house where every address may ask three times a minute."""
    async with open_house(house_settings(tmp_path, database_url, TRUE_RATE_PER_ADDRESS="3/minute")) as house:
        yield house


@asynccontextmanager
async def at(house: House, address: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client at an address of its own."""
    transport = httpx2.ASGITransport(app=house.app, client=(address, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://house") as http:
        yield http


def too_often(answer: httpx2.Response) -> None:
    """A refusal that says in whole seconds when to come back."""
    refused(answer, 429, "too_many_requests")
    assert re.fullmatch(r"[1-9]\d?", answer.headers["retry-after"])
    assert 1 <= int(answer.headers["retry-after"]) <= 61


async def count(house: House) -> tuple[int, int]:
    """How many entries the trail has, and how many encounters there are."""
    trail, encounters = await house.rows(table_of(TrailEntry).select(), table_of(Encounter).select())
    return len(trail), len(encounters)


async def test_a_caller_who_asks_too_often_waits_whatever_they_ask(patient: House) -> None:
    peer, before = patient.peer, (await count(patient))[0]
    for _ in range(3):
        ok(await peer.post("/v1/encounters", encounter()))
    for answer in (
        await peer.post("/v1/encounters", encounter()),
        await peer.get("/v1/me"),
        await peer.get("/v1/insights/months"),
        await peer.get("/v1/participants/mistyped"),
        await peer.post("/v1/caseload", content=b"{"),
        await peer.call("HEAD", "/v1/me"),
    ):
        if answer.request.method == "HEAD":
            assert (answer.status_code, answer.content) == (429, b"")
        else:
            too_often(answer)
    assert await count(patient) == (before + 3, 3)
    ok(await patient.colleague.get("/v1/me"))
    ok(await patient.agency.get("/v1/me"))


async def test_refusals_count_too_and_a_caller_is_one_whatever_the_token(patient: House) -> None:
    peer = patient.peer
    refused(await peer.get("/v1/participants/mistyped"), 422, "code_mistyped")
    narrowed = {"Authorization": f"Bearer {peer.token(scope='me:read')}"}
    refused(await patient.http.get("/v1/encounters", headers=narrowed), 403, "not_permitted")
    ok(await peer.get("/v1/me"))
    too_often(await patient.http.get("/v1/me", headers=narrowed))


async def test_who_has_no_valid_token_uses_up_nobodys_turn(patient: House) -> None:
    forged = {"Authorization": f"Bearer {patient.peer.token()[:-6]}AAAAAA"}
    for _ in range(6):
        refused(await patient.http.get("/v1/me", headers=forged), 401, "unauthenticated")
    ok(await patient.peer.get("/v1/me"))


async def test_a_request_that_lost_to_its_twin_counts_once(patient: House) -> None:
    key = {"Idempotency-Key": "the-same-key-again"}
    answers = await asyncio.gather(*(patient.peer.post("/v1/encounters", encounter(), headers=key) for _ in range(3)))
    assert len({ok(answer)["id"] for answer in answers}) == 1
    too_often(await patient.peer.get("/v1/me"))


async def test_an_address_that_asks_too_often_waits_before_anything_is_looked_at(narrow: House) -> None:
    async with at(narrow, "192.0.2.1") as here, at(narrow, "2001:db8::1") as elsewhere:
        for path in ("/health/live", "/v1/me", "/nowhere"):
            await here.get(path)
        before = await count(narrow)
        token = {"Authorization": f"Bearer {narrow.peer.token()}"}
        for path in ("/health/live", "/v1/me", "/nowhere", "/v1/participants/mistyped"):
            too_often(await here.get(path, headers=token))
        too_often(await here.post("/oauth/token"))
        too_often(await here.request("DELETE", "/v1/me"))
        assert (await elsewhere.get("/v1/me", headers=token)).status_code == 200
    assert await count(narrow) == (before[0] + 1, before[1])


async def test_a_body_that_is_too_large_is_refused_before_anything_is_counted(narrow: House) -> None:
    async with at(narrow, "192.0.2.1") as here:
        for _ in range(4):
            answer = await here.post("/v1/encounters", headers={"Content-Length": "70000"})
            refused(answer, 413, "content_too_large")
        assert (await here.get("/health/live")).status_code == 200


async def test_callers_behind_one_address_share_its_turns(narrow: House) -> None:
    callers: list[Caller] = [narrow.peer, narrow.colleague, narrow.agency]
    for caller in callers:
        ok(await caller.get("/v1/me"))
    too_often(await narrow.admin.get("/v1/me"))


async def test_every_answer_says_what_is_left_of_which_limit(patient: House) -> None:
    left = []
    for _ in range(4):
        answer = await patient.peer.get("/v1/me")
        assert answer.headers["ratelimit-policy"] == '"address";q=1000000;w=60, "caller";q=3;w=60'
        address, caller = answer.headers["ratelimit"].split(", ")
        assert re.fullmatch(r'"address";r=9999\d\d;t=\d+', address)
        left.append(re.fullmatch(r'"caller";r=(\d+);t=\d+', caller)[1])  # type: ignore[index]
    assert left == ["2", "1", "0", "0"]
    nobody = await patient.http.get("/v1/me")
    assert nobody.headers["ratelimit-policy"] == '"address";q=1000000;w=60'
