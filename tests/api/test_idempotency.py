"""Idempotency-Key: a retry is answered again and never counts twice."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.test_absent import asked, revokes
from tests.api.test_edge import JSON, body_with
from tests.world import Caller, House, encounter, intake, ok, refused
from true_api.kernel.rows import Row, table_of
from true_api.rooms.encounters.tables import Encounter
from true_api.security.accounts import Client
from true_api.security.housekeeping import drop_outlived_keys
from true_api.security.idempotency import IdempotentRequest

KEY = {"Idempotency-Key": "the-same-key-again"}
A_DAY = timedelta(hours=24)


async def kept(house: House, kind: type[Row]) -> list[Any]:
    """All rows of a table."""
    return list((await house.rows(table_of(kind).select()))[0])


def is_replay(answer: httpx2.Response) -> bool:
    """Whether an answer says that it is one given before."""
    return answer.headers.get("idempotent-replayed") == "true"


async def test_a_retry_gets_the_same_record_and_is_told_so(peer: Caller, house: House) -> None:
    first, *again = [await peer.post("/v1/encounters", encounter(), headers=KEY) for _ in range(4)]
    assert not is_replay(first)
    assert all(is_replay(answer) for answer in again)
    assert {(answer.status_code, answer.content) for answer in again} == {(201, first.content)}
    assert len(await kept(house, Encounter)) == 1
    assert [row.replays for row in await kept(house, IdempotentRequest)] == [3]


async def test_a_key_stands_for_one_request(peer: Caller, house: House) -> None:
    code = await peer.enrolls()
    ok(await peer.post("/v1/encounters", content=body_with(), headers={**JSON, **KEY}))
    others = (
        ("/v1/encounters", body_with("3")),
        ("/v1/encounters", body_with() + b" "),
        ("/v1/encounters", b"{not even JSON"),
        ("/v1/encounters?x=1", body_with()),
        (f"/v1/participants/{code}/encounters", body_with()),
    )
    for path, body in others:
        refused(await peer.post(path, content=body, headers={**JSON, **KEY}), 422, "idempotency_key_reused")
    assert len(await kept(house, Encounter)) == 1
    ok(await peer.post("/v1/encounters", content=body_with("3"), headers={**JSON, "Idempotency-Key": "another-key"}))


async def test_twins_at_the_same_moment_make_one_record_and_get_the_same_answer(peer: Caller, house: House) -> None:
    code = await peer.enrolls()
    path = f"/v1/participants/{code}/encounters"
    twins = await asyncio.gather(*(peer.post(path, encounter(), headers=KEY) for _ in range(20)))
    assert {(answer.status_code, answer.content) for answer in twins} == {(201, twins[0].content)}
    assert sorted(is_replay(answer) for answer in twins) == [False] + [True] * 19
    assert len(await kept(house, Encounter)) == 1
    assert [row.replays for row in await kept(house, IdempotentRequest) if row.replays] == [19]


async def test_twins_in_front_of_a_rule_are_refused_or_answered_alike(house: House) -> None:
    ended = {"period": "2026-10"}
    one, other = await asyncio.gather(*(house.admin.post("/v1/releases", ended, headers=KEY) for _ in range(2)))
    assert ok(one) == ok(other)
    refused(await house.admin.post("/v1/releases", ended), 409, "already_sealed")


async def test_another_callers_key_is_another_key(peer: Caller, colleague: Caller, house: House) -> None:
    answers = [await caller.post("/v1/encounters", encounter(), headers=KEY) for caller in (peer, colleague)]
    assert not any(is_replay(answer) for answer in answers)
    assert len(await kept(house, Encounter)) == 2


async def test_a_key_lives_a_day(peer: Caller, house: House) -> None:
    first = ok(await peer.post("/v1/encounters", encounter(), headers=KEY))
    house.clock.move(A_DAY)
    assert ok(await peer.post("/v1/encounters", encounter(), headers=KEY)) == first
    house.clock.move(timedelta(seconds=1))
    twins = await asyncio.gather(*(peer.post("/v1/encounters", encounter(), headers=KEY) for _ in range(5)))
    assert sorted(is_replay(answer) for answer in twins) == [False] + [True] * 4
    assert {ok(answer)["id"] for answer in twins} != {first["id"]}
    assert len(await kept(house, Encounter)) == 2
    assert [row.replays for row in await kept(house, IdempotentRequest)] == [4]


async def test_outlived_keys_are_dropped_and_living_ones_kept(peer: Caller, house: House) -> None:
    for number in range(3):
        ok(await peer.post("/v1/encounters", encounter(), headers={"Idempotency-Key": f"key-number-{number}"}))
        house.clock.move(timedelta(hours=12))
    assert await drop_outlived_keys(house.installation) == 1
    assert len(await kept(house, IdempotentRequest)) == 2


async def test_a_replay_shows_only_what_the_gate_still_admits(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    path = f"/v1/referrals/{agreed.referral['reference']}/transitions"
    moved = ok(await agency.post(path, {"to": "accepted"}, headers=KEY))
    again = await agency.post(path, {"to": "accepted"}, headers=KEY)
    assert is_replay(again)
    assert ok(again) == moved
    await revokes(peer, agreed)
    refused(await agency.post(path, {"to": "accepted"}, headers=KEY), 404, "not_found")


async def test_doors_where_a_retry_would_hurt_need_a_key(peer: Caller, agency: Caller) -> None:
    code = await peer.enrolls()
    referral = {"organization_id": str(agency.organization_id), "need": "recovery-housing"}
    for caller, path, draft in (
        (peer, f"/v1/participants/{code}/referrals", referral),
        (agency, "/v1/intake-requests", intake()),
    ):
        refused(await caller.call("POST", path, draft), 400, "idempotency_key_required")
        ok(await caller.post(path, draft))
    ok(await peer.call("POST", "/v1/encounters", encounter()))


async def test_a_key_is_8_to_128_visible_ascii_characters(
    peer: Caller, house: House, subtests: pytest.Subtests
) -> None:
    keys = (b"", b"1234567", b"x" * 129, b"with a space", b"with\ttab", b"caf\xe9-caf\xe9", "\uff15".encode() * 8)
    for key in keys:
        with subtests.test(repr(key)):
            headers = [(b"Authorization", b"Bearer " + peer.token().encode()), (b"Idempotency-Key", key)]
            answer = await house.http.post("/v1/encounters", json=encounter(), headers=headers)
            refused(answer, 400, "invalid_idempotency_key")
    for key in ("12345678", "x" * 128, '"quoted-{key}~"'):
        ok(await peer.post("/v1/encounters", encounter(), headers={"Idempotency-Key": key}))
    assert len(await kept(house, Encounter)) == len(await kept(house, IdempotentRequest)) == 3


async def test_a_secret_is_shown_once_and_a_retry_makes_no_second_client(admin: Caller, house: House) -> None:
    draft = {"organization_id": str(house.organizations["county"]), "role": "integrator", "label": "Second dashboard"}
    before = len(await kept(house, Client))
    first = ok(await admin.post("/v1/clients", draft, headers=KEY))
    again = await admin.post("/v1/clients", draft, headers=KEY)
    refused(again, 409, "secret_shown_once")
    assert first["secret"] not in again.text
    assert len(await kept(house, Client)) == before + 1


async def test_a_refused_request_leaves_its_key_free(peer: Caller, house: House) -> None:
    code, nobody = await peer.enrolls(), {"organization_id": str(uuid4()), "need": "recovery-housing"}
    path = f"/v1/participants/{code}/referrals"
    refused(await peer.post(path, {}, headers=KEY), 422, "invalid_shape")
    refused(await peer.post(path, nobody, headers=KEY), 409, "no_such_partner")
    refused(await peer.post(path, content=b"{", headers={**JSON, **KEY}), 400, "malformed_json")
    answer = await peer.post(path, {**nobody, "organization_id": str(house.organizations["harbor"])}, headers=KEY)
    ok(answer)
    assert not is_replay(answer)


async def test_neither_keys_nor_requests_can_be_read_out_of_the_table(peer: Caller, house: House) -> None:
    ok(await peer.post("/v1/encounters", encounter(setting="hospital"), headers=KEY))
    row = str((await kept(house, IdempotentRequest))[0]._mapping)
    assert KEY["Idempotency-Key"] not in row
    assert "hospital" not in row


async def test_a_retry_that_overlaps_its_first_try_is_never_refused_by_what_the_first_try_did(house: House) -> None:
    code = await house.peer.enrolls()
    named = {"organization_id": str(house.agency.organization_id), "need": "mutual-aid"}
    for key in ("overlap-1", "overlap-2", "overlap-3"):
        referral = ok(await house.peer.post(f"/v1/participants/{code}/referrals", named))
        place, headers = f"/v1/referrals/{referral['id']}/transitions", {"Idempotency-Key": key}
        twins = [house.peer.post(place, {"to": "accepted"}, headers=headers) for _ in range(12)]
        answers = await asyncio.gather(*twins)
        assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(200, "accepted")}
