"""A batch from a phone: one outcome for each item, each judged at its own door, and nothing counts twice."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from tests.stories.steps import items
from tests.world import Caller, House, encounter, ok, refused
from true_api.api.edge import Limiter
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import Participant, RealmCode
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.sync.tables import SyncedItem
from true_api.security.trail import TrailEntry, TrailSubject

MET = encounter(acts=[{"act": "listening"}])
FIVE_ACTS = [
    {"act": "listening"},
    {"act": "naloxone_given", "quantity": 2},
    {"act": "treatment_options_explained", "topic": "methadone"},
    {"act": "navigation", "topic": "housing"},
    {"act": "education", "topic": "overdose_prevention", "material": "leaflet", "quantity": 1},
]
RISKY = "Call back at 555-010-4477."


def item(kind: str, body: dict[str, Any] | None = None, **over: Any) -> dict[str, Any]:
    """One thing that a phone sends."""
    return {"client_id": str(uuid4()), "kind": kind, "body": {} if body is None else body, **over}


async def syncs(caller: Caller, *sent: Any) -> list[dict[str, Any]]:
    """Sends a batch; one result for each item."""
    results: list[dict[str, Any]] = ok(await caller.call("POST", "/v1/sync", {"items": list(sent)}))["results"]
    assert len(results) == len(sent)
    return results


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    return [result["outcome"] for result in results]


async def kept(house: House, kind: type[Row]) -> list[Any]:
    return list((await house.rows(select(table_of(kind))))[0])


async def test_an_evening_of_40_encounters_goes_in_one_call(house: House) -> None:
    peer, one, other = house.peer, item("enrollment"), item("enrollment")
    whom = [{"enrollment": one["client_id"]}, {"enrollment": other["client_id"]}, {}, {}]
    evening = [item("encounter", encounter(acts=FIVE_ACTS), **whom[number % 4]) for number in range(40)]
    assert max(len(json.dumps(met["body"])) for met in evening) <= 1_024
    # Enrollments are taken first, wherever they stand.
    results = await syncs(peer, *evening, one, other)
    assert outcomes(results) == ["created"] * 42
    codes = {result["became"]["code"] for result in results[40:]}
    assert {person["code"] for person in await items(peer, "/v1/participants")} == codes
    for code in codes:
        met = await items(peer, f"/v1/participants/{code}/encounters")
        assert [len(each["acts"]) for each in met] == [5] * 10
    assert len(await kept(house, EncounterAct)) == 200
    assert outcomes(await syncs(peer, *evening, one, other)) == ["duplicate"] * 42
    assert len(await kept(house, Encounter)) == 40


async def test_one_bad_item_loses_nothing_of_the_others_and_each_says_what_became_of_it(house: House) -> None:
    code = await house.peer.enrolls()
    strangers = await house.stranger.enrolls()
    good, tomorrow = item("encounter", MET, code=code), item("encounter", {**MET, "occurred_on": "2026-11-03"})
    sent: list[Any] = [
        good,
        tomorrow,
        item("encounter", {**MET, "setting": "stret"}, code=code),
        item("encounter", MET, code=strangers),
        item("encounter", MET, code=f"{'0' if code[0] != '0' else '1'}{code[1:]}"),
        item("dream", MET),
        {"kind": "encounter", "body": MET},
        "not an item",
        item("promise", {"kind": "check_in", "on": "2026-11-04"}),
        item("drug_check", {}, code=code),
        item("encounter", MET, code=code, enrollment=str(uuid4())),
        item("encounter", MET, enrollment=str(uuid4())),
        item("encounter", MET, code="../../me?x=%2F"),
        item("encounter", {**MET, "heads": 3}),
        item("promise", {"kind": "check_in", "on": "2026-11-04"}, code=code),
    ]
    results = await syncs(house.peer, *sent)
    assert outcomes(results) == ["created", *["refused"] * 13, "created"]
    told = [(result["problem"]["status"], result["problem"]["code"]) for result in results[1:14]]
    assert told == [
        (409, "encounter_not_yet_happened"),
        (422, "invalid_shape"),
        (404, "not_found"),
        (422, "code_mistyped"),
        (422, "invalid_shape"),
        (422, "invalid_shape"),
        (422, "invalid_shape"),
        (422, "invalid_shape"),
        (422, "invalid_shape"),
        (422, "invalid_shape"),
        (409, "no_such_enrollment"),
        (422, "code_mistyped"),
        (409, "heads_of_one"),
    ]
    assert [result["client_id"] for result in results[5:9]] == [sent[5]["client_id"], None, None, sent[8]["client_id"]]
    assert results[2]["problem"]["errors"][0]["near"] == ["street", "text"]
    assert (results[8]["problem"]["errors"][0]["code"], results[9]["problem"]["errors"][0]["code"]) == (
        "missing",
        "about_nobody",
    )
    # A refused item leaves its client id free: corrected, it is kept.
    assert outcomes(await syncs(house.peer, good, {**tomorrow, "body": MET})) == ["duplicate", "created"]


async def test_what_a_server_that_died_half_way_had_kept_is_not_kept_twice(house: House) -> None:
    first = item("enrollment")
    batch = [first, *(item("encounter", MET, enrollment=first["client_id"]) for _ in range(5)), item("encounter", MET)]
    begun = await syncs(house.peer, *batch[:3])
    again = await syncs(house.peer, *batch)
    assert outcomes(again) == ["duplicate"] * 3 + ["created"] * 4
    assert [result["became"] for result in again[:3]] == [result["became"] for result in begun]
    assert len(await kept(house, Encounter)) == 6
    assert len(await kept(house, Participant)) == 1
    assert sorted(row.repeats for row in await kept(house, SyncedItem)) == [0, 0, 0, 0, 1, 1, 1]


async def test_the_same_id_with_something_else_is_a_conflict_and_the_first_stands(house: House) -> None:
    first = item("encounter", MET)
    (created,) = await syncs(house.peer, first)
    other = {**first, "body": {**MET, "outcome": "declined"}}
    (conflict, same) = await syncs(house.peer, other, {**first, "body": dict(reversed(MET.items()))})
    assert (conflict["outcome"], same["outcome"]) == ("conflict", "duplicate")
    assert conflict["became"] == same["became"] == created["became"]
    (met,) = await items(house.peer, "/v1/encounters")
    assert (met["id"], met["outcome"]) == (created["became"]["id"], "engaged")
    # The same id twice in one batch, and the same id of another member's phone.
    twice = item("encounter", MET)
    assert outcomes(await syncs(house.peer, twice, twice, {**twice, "body": {}})) == [
        "created",
        "duplicate",
        "conflict",
    ]
    assert outcomes(await syncs(house.colleague, first)) == ["created"]


async def test_a_client_id_is_good_for_ever(house: House) -> None:
    first = item("encounter", MET)
    await syncs(house.peer, first)
    house.clock.move(timedelta(days=400))
    assert outcomes(await syncs(house.peer, first)) == ["duplicate"]


async def test_the_same_batch_at_the_same_moment_is_kept_once(house: House) -> None:
    code = await house.peer.enrolls()
    batch = [item("enrollment"), *(item("encounter", MET, code=code) for _ in range(3))]
    both = await asyncio.gather(*(syncs(house.peer, *batch) for _ in range(3)))
    assert len(await kept(house, Encounter)) == 3
    for results in zip(*both, strict=True):
        assert sorted(outcomes(list(results))) == ["created", "duplicate", "duplicate"]
        assert len({json.dumps(result["became"], sort_keys=True) for result in results}) == 1


async def test_a_note_that_may_find_a_person_never_costs_the_fact(house: House) -> None:
    code = await house.peer.enrolls()
    met = item("encounter", {**MET, "note": RISKY}, code=code)
    results = await syncs(house.peer, met, item("encounter", {**MET, "note": "Slept well."}, code=code))
    assert outcomes(results) == ["created_note_returned", "created"]
    assert [(text["pointer"], text["spans"][0]["kind"]) for text in results[0]["returned"]] == [("/note", "phone")]
    assert RISKY not in json.dumps(results)
    # After a lost answer the spans are found again, and the note is added to the record that stands.
    (again,) = await syncs(house.peer, met)
    assert (again["outcome"], again["became"]["outcome"]) == ("duplicate", "created_note_returned")
    assert again["returned"] == results[0]["returned"]
    path = f"/v1/encounters/{again['became']['id']}"
    ok(await house.peer.call("PUT", f"{path}/note", {"note": "Wants a call back."}))
    assert ok(await house.peer.get(path))["note"] == "Wants a call back."


async def test_a_card_that_was_issued_ahead_is_honored_at_its_first_use(house: House) -> None:
    ok(await house.peer.post("/v1/code-batches", {"size": 3}))
    codes = [row.code for row in await kept(house, RealmCode)]
    known = await house.stranger.enrolls()
    results = await syncs(
        house.peer,
        item("encounter", MET, code=codes[0]),
        item("encounter", MET, code=codes[0]),
        item("encounter", MET, code=known),
        item("shown_code", {"code": codes[1]}),
        item("encounter", MET, code=codes[1]),
        item("shown_code", {"code": known}),
        item("encounter", MET, code=codes[2][::-1]),
    )
    assert outcomes(results[:6]) == ["created"] * 6
    assert results[6]["outcome"] == "refused"
    assert results[3]["became"]["handle"] is not None
    assert len(await kept(house, Participant)) == 3
    seen = {person["code"]: person["history_open"] for person in await items(house.peer, "/v1/participants")}
    assert sorted(seen.values()) == [False, True, True]


async def test_each_item_passes_its_own_gate_and_leaves_its_own_trace(house: House) -> None:
    code = await house.peer.enrolls()
    before = {row.id for row in await kept(house, TrailEntry)}
    results = await syncs(house.peer, item("encounter", MET, code=code), item("promise", {}, code=code))
    assert outcomes(results) == ["created", "refused"]
    entries = {row.door: row for row in await kept(house, TrailEntry) if row.id not in before}
    door = "POST /v1/participants/{code}/encounters"
    assert set(entries) == {door, "POST /v1/participants/{code}/promises", "POST /v1/sync"}
    batch = entries["POST /v1/sync"].request_id
    assert sorted(row.request_id for row in entries.values()) == [batch, f"{batch}-1", f"{batch}-2"]
    assert results[1]["problem"]["request_id"] == f"{batch}-2"
    assert entries[door].permission == "encounter:write"
    assert str(entries[door].record_id) == results[0]["became"]["id"]
    assert entries[door].id in {row.entry_id for row in await kept(house, TrailSubject)}
    narrow = {"Authorization": f"Bearer {house.peer.token(scope='sync:write promise:write')}"}
    answer = await house.http.post("/v1/sync", json={"items": [item("encounter", MET)]}, headers=narrow)
    assert ok(answer)["results"][0]["problem"]["code"] == "not_permitted"


async def test_only_the_programs_own_people_sync_and_a_batch_has_a_shape(house: House) -> None:
    batch = {"items": [item("encounter", MET)]}
    for caller in (house.agency, house.integrator, house.admin):
        refused(await caller.call("POST", "/v1/sync", batch), 403, "not_permitted")
    refused(await house.http.post("/v1/sync", json=batch), 401, "unauthenticated")
    minimal = {"client_id": "x", "kind": "y"}
    for wrong in ({}, {"items": []}, {"items": "x"}, {"items": [minimal] * 501}, {**batch, "device": "mine"}):
        refused(await house.peer.call("POST", "/v1/sync", wrong), 422, "invalid_shape")
    assert outcomes(await syncs(house.supervisor, item("encounter", MET))) == ["created"]
    assert outcomes(await syncs(house.peer, *[minimal] * 500)) == ["refused"] * 500


async def test_a_batch_may_be_larger_than_another_body_and_not_without_end(house: House) -> None:
    long = item("encounter", {**MET, "note": "x" * 100_000})
    assert outcomes(await syncs(house.peer, long, item("encounter", MET))) == ["refused", "created"]
    refused(await house.peer.post("/v1/encounters", long["body"]), 413, "content_too_large")
    refused(await house.peer.call("POST", "/v1/sync", {"items": [long] * 11}), 413, "content_too_large")


async def test_a_batch_counts_once_at_the_limit_of_its_caller(house: House) -> None:
    house.app.state.caller_limiter = Limiter("2/minute", "caller")
    for _ in range(2):
        assert outcomes(await syncs(house.peer, *(item("encounter", MET) for _ in range(3)))) == ["created"] * 3
    refused(await house.peer.call("POST", "/v1/sync", {"items": [item("encounter", MET)]}), 429, "too_many_requests")


async def test_neither_client_ids_nor_items_can_be_read_out_of_the_table(house: House) -> None:
    sent = item("encounter", {**MET, "setting": "hospital"})
    await syncs(house.peer, sent)
    (row,) = await kept(house, SyncedItem)
    told = str(row._mapping)
    assert "hospital" not in told
    assert UUID(sent["client_id"]).hex not in told.replace("-", "")


async def test_of_a_forgotten_person_nothing_leads_from_a_phone_to_a_fact(house: House) -> None:
    enrolled = item("enrollment")
    met = item("encounter", MET, enrollment=enrolled["client_id"])
    results = await syncs(house.peer, enrolled, met)
    code = results[0]["became"]["code"]
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    rows, facts = await kept(house, SyncedItem), await kept(house, Encounter)
    assert {row.participant_id for row in rows} == {None}
    assert {row.resource_id for row in rows}.isdisjoint({fact.id for fact in facts})
    assert str(results[1]["became"]["id"]) not in {str(row.resource_id) for row in rows}
    # Nobody is enrolled a second time by a phone that sends everything again.
    again = await syncs(house.peer, enrolled, met)
    assert outcomes(again) == ["duplicate", "duplicate"]
    assert again[0]["became"]["code"] is None
    assert await kept(house, Participant) == []
    later = item("encounter", MET, enrollment=enrolled["client_id"])
    assert (await syncs(house.peer, later))[0]["problem"]["code"] == "no_such_enrollment"
