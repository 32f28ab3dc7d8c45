"""Forgetting: once a person has left nothing leads to them, and no interruption leaves anybody half forgotten."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.journeys.leaving import ASKED, Life, comes_once, left_in_files, links, lives, whatever_is_left
from tests.security.test_epochs import at_the_gate, sealed
from tests.security.traces import entry_of
from tests.stories.steps import agrees, refers
from tests.world import Caller, House, encounter, intake, ok, open_house, refused
from true_api.journeys.forgetting import forget, resume
from true_api.kernel.errors import NotFound, WriteCollided
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import Participant
from true_api.privacy.forgotten import ConsentKeptApart, ForgottenMark
from true_api.privacy.tombstones import FILE
from true_api.rooms.demands.tables import LegalDemand, LegalDemandStep
from true_api.rooms.disclosures.tables import EmergencyDisclosure
from true_api.rooms.encounters import service as encounters
from true_api.rooms.encounters.schemas import EncounterDraft
from true_api.rooms.encounters.tables import Encounter, EncounterAct, EncounterRevision
from true_api.rooms.intake.tables import IntakeAttempt, IntakeRequest
from true_api.rooms.promises.tables import Promise
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals.tables import Referral, ReferralReroute, ReferralStep
from true_api.security.trail import TrailEntry, TrailSubject

FORGET = "POST /v1/participants/{code}/forget"
OCTOBER = date(2026, 10, 1)
WHOLES = (Encounter, ReadinessNote, Referral, Promise, IntakeRequest, EmergencyDisclosure, LegalDemand)
FACTS = (*WHOLES, EncounterAct, EncounterRevision, ReferralStep, ReferralReroute, IntakeAttempt, LegalDemandStep)


async def leaves(caller: Caller, life: Life, **options: Any) -> dict[str, Any]:
    return ok(await caller.post(f"{life.path}/forget", ASKED, **options))


async def rows_of(house: House, *kinds: type[Row]) -> list[Any]:
    return await house.rows(*(select(table_of(kind)) for kind in kinds))


async def after_the_mark(house: House, life: Life) -> None:
    """What a process leaves that ends right after the first commit."""
    supervisor = await at_the_gate(house.supervisor, FORGET, code=life.code)
    await forget(supervisor.permit)
    supervisor.permit.afterwards.clear()
    await sealed(house.supervisor, supervisor)


async def is_absent(house: House, life: Life) -> None:
    """Nobody meets the person anywhere: not by code, not in a list, not by a record of theirs."""
    for path in ("", "/timeline", "/encounters", "/consents", "/referrals", "/safe-contact"):
        for caller in (house.peer, house.colleague, house.supervisor, house.stranger):
            refused(await caller.get(life.path + path), 404, "not_found")
    refused(await house.stranger.post("/v1/caseload", {"code": life.code}), 404, "not_found")
    refused(await house.peer.post(f"{life.path}/encounters", encounter()), 404, "not_found")
    for identity in sorted(life.ids):
        for caller, kind in ((house.peer, "encounters"), (house.peer, "referrals"), (house.agency, "referrals")):
            refused(await caller.get(f"/v1/{kind}/{identity}"), 404, "not_found")
        refused(await house.agency.get(f"/v1/intake-requests/{identity}"), 404, "not_found")
    for caller in (house.peer, house.colleague, house.supervisor, house.stranger):
        for path in ("participants", "referrals", "intake-requests"):
            assert ok(await caller.get(f"/v1/{path}"))["items"] == []
    for path in ("referrals", "intake-requests"):
        assert ok(await house.agency.get(f"/v1/{path}"))["items"] == []
    assert ok(await house.supervisor.get("/v1/legal-holds"))["items"] == []


async def test_nothing_is_left_that_a_code_a_day_or_a_former_id_leads_to(house: House, tmp_path: Path) -> None:
    life = await lives(house)
    present = await whatever_is_left(house, life)
    assert {name.partition(".")[0] for name in present} >= {table_of(kind).name for kind in FACTS} | {
        *("participants", "realm_codes", "caseload", "consents", "consent_revocations", "recall_tokens"),
        *("confirmation_words", "recall_tries", "safe_contacts", "legal_holds", "sealed_texts", "idempotent_requests"),
        *("data_keys", "disclosures"),
    }
    assert left_in_files(tmp_path, life) != []
    assert await leaves(house.supervisor, life) == {"forgotten": True}
    assert await whatever_is_left(house, life) == []
    assert left_in_files(tmp_path, life) == []
    refused(await house.peer.get(life.path), 404, "not_found")
    refused(await house.supervisor.post(f"{life.path}/forget", ASKED), 404, "not_found")


async def only_references_are_kept_apart(house: House, life: Life) -> None:
    """What accounting law asks for of each consent: its reference, the agency, and months."""
    (kept,) = await rows_of(house, ConsentKeptApart)
    assert {str(row.reference) for row in kept} == life.consents
    assert {row.organization_id for row in kept} == {house.organizations["harbor"], house.organizations["bridge"]}
    assert {row.given_on for row in kept} == {OCTOBER}
    assert {row.valid_to.day for row in kept} == {1}
    # One was taken back then; the other held until the person left.
    assert {row.revoked_on for row in kept} == {OCTOBER, date(2026, 11, 1)}


async def test_facts_stay_for_the_counts_about_nobody_and_by_the_month(house: House) -> None:
    life = await lives(house)
    span = {"from": "2026-10", "to": "2026-11"}
    before = ok(await house.supervisor.get("/v1/insights/months", params=span))["months"]
    kept = await rows_of(house, *FACTS)
    await leaves(house.supervisor, life)
    after = ok(await house.supervisor.get("/v1/insights/months", params=span))["months"]
    people = {"participants_reached", "people_at_least", "people_at_most", "contacts_without_participant"}
    assert {name for name in before[0] if before[0][name] != after[0][name]} <= people
    assert (after[0]["participants_reached"], after[0]["contacts_without_participant"]) == (0, after[0]["encounters"])
    assert before[0]["encounters"] >= 2
    assert before[0]["naloxone_given"] == 2

    unlinked = await rows_of(house, *FACTS)
    assert [len(rows) for rows in unlinked] == [len(rows) for rows in kept]
    facts = dict(zip(FACTS, unlinked, strict=True))
    days = {value for rows in unlinked for row in rows for value in row if isinstance(value, date)}
    assert days == {OCTOBER}
    for kind in WHOLES:
        assert {row.participant_id for row in facts[kind]} == {None}
        # An id that tells a time would tell which facts belong together.
        assert {row.id.version for row in facts[kind]} == {4}
    ids = {row.id for row in facts[Encounter]}
    assert {row.encounter_id for row in facts[EncounterAct]} <= ids
    amended = [row for row in facts[EncounterRevision] if row.amended_by is not None]
    assert len(amended) == 1
    assert {amended[0].encounter_id, amended[0].amended_by} < ids
    referrals = {row.id for row in facts[Referral]}
    assert {row.referral_id for row in facts[ReferralStep]} == referrals
    (rerouted,) = facts[ReferralReroute]
    assert {rerouted.referral_id, rerouted.from_id} == referrals
    assert {row.referral_id for row in facts[Promise]} == {rerouted.referral_id}
    await only_references_are_kept_apart(house, life)


async def test_others_stay_as_they_are(house: House) -> None:
    other = Life(await house.peer.enrolls(age_band="55_64"))
    met = await house.peer.records(other.code, note="Slept well.")
    await agrees(house.peer, other.code, house.organizations["harbor"])
    await refers(house.peer, other.code, house.organizations["harbor"])
    life = await comes_once(house)
    seen = [(await house.peer.get(path)).json() for path in (other.path, f"{other.path}/timeline")]
    await leaves(house.supervisor, life)
    assert [(await house.peer.get(path)).json() for path in (other.path, f"{other.path}/timeline")] == seen
    assert ok(await house.peer.get(f"/v1/encounters/{met['id']}"))["note"] == "Slept well."
    assert len(ok(await house.agency.get("/v1/referrals"))["items"]) == 1


async def test_all_linked_records_of_a_person_go_together(house: House) -> None:
    life = await comes_once(house)
    other = Life(await house.colleague.enrolls())
    await house.colleague.records(other.code, occurred_on="2026-10-13")
    await links(house, life.code, other.code)
    assert await leaves(house.supervisor, life) == {"forgotten": True}
    refused(await house.colleague.get(other.path), 404, "not_found")
    assert (await rows_of(house, Participant))[0] == []
    assert await whatever_is_left(house, life) == []


async def test_the_trail_says_that_it_was_done_and_leads_to_nobody(house: House) -> None:
    life = await comes_once(house)
    answer = await house.supervisor.post(f"{life.path}/forget", ASKED)
    entry = await entry_of(house, answer)
    assert (entry.outcome, entry.problem, entry.record_id) == (200, None, None)
    assert entry.actor_id == house.supervisor.id
    entries, subjects, people, met = await rows_of(house, TrailEntry, TrailSubject, Participant, Encounter)
    assert not {row.trail_id for row in subjects} & {row.trail_id for row in people}
    assert not {row.record_id for row in entries} & {row.id for row in met}
    assert "participant_id" not in table_of(TrailSubject).columns


async def test_a_person_is_forgotten_by_a_supervisor_who_knows_them_and_by_nobody_else(house: House) -> None:
    code = await house.peer.enrolls()
    path = f"/v1/participants/{code}/forget"
    for caller in (house.peer, house.agency, house.integrator, house.admin):
        refused(await caller.post(path, ASKED), 403, "not_permitted")
    refused(await house.other_supervisor.post(path, ASKED), 404, "not_found")
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    refused(await house.other_supervisor.post(path, ASKED), 409, "history_closed")
    for body in ({}, {"asked_by": "program"}, {**ASKED, "reason": "moved"}):
        refused(await house.supervisor.post(path, body), 422, "invalid_shape")
    ok(await house.peer.get(f"/v1/participants/{code}"))


async def test_without_the_master_key_nothing_is_begun(database_url: str, house: House) -> None:
    code = await house.peer.enrolls()
    masters = house.settings.keys_dir / "master.keys"
    masters.rename(masters.with_suffix(".aside"))
    async with open_house(house.settings, house.clock) as keyless:
        path = f"/v1/participants/{code}"
        refused(await keyless.supervisor.post(f"{path}/forget", ASKED), 503, "sealed_unavailable")
        ok(await keyless.peer.get(path))
    assert not (house.settings.data_dir / FILE).exists()
    masters.with_suffix(".aside").rename(masters)


async def test_a_person_who_is_being_forgotten_is_met_nowhere(house: House) -> None:
    life = await lives(house)
    await after_the_mark(house, life)
    await is_absent(house, life)


async def test_a_retry_with_the_same_key_goes_on_where_it_stopped(house: House) -> None:
    life, key = await comes_once(house), {"Idempotency-Key": uuid4().hex}
    passed = await at_the_gate(house.supervisor, FORGET, code=life.code)
    await forget(passed.permit)
    passed.permit.afterwards.clear()
    await sealed(house.supervisor, passed)
    first = await house.supervisor.post(f"{life.path}/forget", ASKED, headers=key)
    again = await house.supervisor.post(f"{life.path}/forget", ASKED, headers=key)
    assert ok(first) == ok(again) == {"forgotten": True}
    assert again.headers["idempotent-replayed"] == "true"
    for stranger_to_it in ({}, {"Idempotency-Key": uuid4().hex}):
        refused(await house.supervisor.post(f"{life.path}/forget", ASKED, headers=stranger_to_it), 404, "not_found")
    refused(await house.other_supervisor.post(f"{life.path}/forget", ASKED, headers=key), 404, "not_found")
    assert await whatever_is_left(house, life) == []


async def test_what_an_agency_asked_for_somebody_who_left_is_not_asked_anew_by_its_retry(house: House) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    asked = ok(await house.agency.post("/v1/intake-requests", intake(), headers=key))
    (found,) = ok(await house.peer.get("/v1/intake-requests"))["items"]
    code = await house.peer.enrolls()
    ok(await house.peer.post(f"/v1/intake-requests/{found['id']}/connection", {"code": code}))
    assert ok(await house.agency.post("/v1/intake-requests", intake(), headers=key)) == asked
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", ASKED))
    refused(await house.agency.post("/v1/intake-requests", intake(), headers=key), 404, "not_found")
    assert ok(await house.peer.get("/v1/intake-requests"))["items"] == []


async def test_asked_at_the_same_moment_it_is_done_once(house: House) -> None:
    life = await comes_once(house)
    asking = [house.supervisor.post(f"{life.path}/forget", ASKED) for _ in range(6)]
    answers = await asyncio.gather(*asking, resume(house.installation))
    assert {answer.status_code for answer in answers[:-1]} <= {200, 404}
    assert 200 in {answer.status_code for answer in answers[:-1]}
    assert await whatever_is_left(house, life) == []
    (marks,) = await rows_of(house, ForgottenMark)
    # The person, their request, and the one by which the key is known.
    assert len(marks) == 3


async def test_what_is_written_at_the_same_moment_is_kept_before_or_not_at_all(house: House) -> None:
    life = await comes_once(house)
    writing = [house.peer.post(f"{life.path}/encounters", encounter(note="Slept well.")) for _ in range(10)]
    reading = [house.peer.get(f"{life.path}/timeline") for _ in range(10)]
    *answers, forgotten = await asyncio.gather(*writing, *reading, house.supervisor.post(f"{life.path}/forget", ASKED))
    assert {answer.status_code for answer in answers} <= {200, 201, 404, 409}
    assert forgotten.status_code == 200
    assert (await rows_of(house, Participant))[0] == []
    assert await whatever_is_left(house, life) == []


async def test_what_passed_the_gate_before_is_not_sealed_after(house: House) -> None:
    life = await lives(house)
    writing = await at_the_gate(house.peer, "POST /v1/participants/{code}/encounters", code=life.code)
    encounters.record(writing.permit, EncounterDraft.model_validate(encounter(note="Slept well.")))
    reading = await at_the_gate(house.peer, "GET /v1/participants/{code}/timeline", code=life.code)
    disclosing = await at_the_gate(house.agency, "GET /v1/referrals/{id}", id=await referred(house))
    await after_the_mark(house, life)
    for caller, admitted, refusal in (
        (house.peer, writing, WriteCollided),
        (house.peer, reading, WriteCollided),
        (house.agency, disclosing, NotFound),
    ):
        with pytest.raises(refusal):
            await sealed(caller, admitted)
    await resume(house.installation)
    assert await whatever_is_left(house, life) == []


async def referred(house: House) -> str:
    return str(ok(await house.agency.get("/v1/referrals"))["items"][0]["reference"])


async def test_an_agency_cannot_tell_a_forgotten_request_from_one_that_never_was(house: House) -> None:
    other = ok(await house.agency.post("/v1/intake-requests", intake()))
    life = await comes_once(house)
    listed = ok(await house.agency.get("/v1/intake-requests"))["items"]
    (theirs,) = [item["reference"] for item in listed if item["reference"] != other["reference"]]
    await leaves(house.supervisor, life)
    gone, never = [await house.agency.get(f"/v1/intake-requests/{name}") for name in (theirs, uuid4())]
    assert (gone.json() | {"request_id": ""}) == (never.json() | {"request_id": ""})
    assert [item["reference"] for item in ok(await house.agency.get("/v1/intake-requests"))["items"]] == [
        other["reference"]
    ]
    assert [item["state"] for item in ok(await house.peer.get("/v1/intake-requests"))["items"]] == ["new"]
