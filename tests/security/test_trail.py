"""The trail: every request that comes to a gate leaves exactly one entry, with names and never with values."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from tests.security.traces import entries, entry_of, people, subjects_of
from tests.world import Caller, House, encounter, intake, ok, refused
from true_api.kernel.effects import Adjust, Remove, Unit
from true_api.kernel.errors import Problem, WriteCollided
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Pending, Position, advance_all
from true_api.security.trail import STREAM, TrailEntry, TrailSubject


async def everything_has_its_place(house: House) -> None:
    """Help the house's own sequencer until nothing waits; of two at the same moment only one moves entries."""
    while (await house.rows(table_of(Pending).select()))[0]:
        await advance_all(house.installation.database)


async def test_doors_that_everybody_may_open_leave_no_entry_and_neither_does_who_is_nobody(house: House) -> None:
    before = await entries(house)
    for path in ("/", "/health/live", "/health/ready", "/openapi.json", "/problems/not_found", "/nowhere"):
        await house.http.get(path)
    for token in ("", "Bearer nonsense", f"Bearer {house.peer.token()[:-9]}", f"bearer  {house.peer.token()}"):
        refused(await house.http.get("/v1/me", headers={"Authorization": token}), 401, "unauthenticated")
    assert await entries(house) == before


async def test_a_refusal_from_403_on_leaves_one_entry_with_its_reason(peer: Caller, house: House) -> None:
    code, theirs = await peer.enrolls(), await house.stranger.enrolls()
    path, harbor = f"/v1/participants/{code}", str(house.organizations["harbor"])
    mistyped = path[:-1] + ("0" if path[-1] != "0" else "1")
    etag, json = (await peer.get(path)).headers["etag"], {"Content-Type": "application/json"}
    met = f"{path}/encounters"
    own, nobody = await people(house, code), set[UUID]()
    unknown = {"organization_id": str(uuid4()), "need": "legal-aid"}
    for answer, problem, subjects in (
        (await peer.get("/v1/insights/months?from=2026-10&to=2026-11"), "not_permitted", nobody),
        (await peer.get(mistyped), "code_mistyped", nobody),
        (await peer.get(f"/v1/participants/{theirs}"), "not_found", nobody),
        (await peer.get(f"/v1/encounters/{uuid4()}"), "not_found", nobody),
        (await peer.call("PATCH", path, {}), "if_match_required", own),
        (await peer.patch(path, {}, "*"), "invalid_precondition", own),
        (await peer.call("POST", f"{path}/referrals", {}), "idempotency_key_required", own),
        (await peer.post(met, {}, headers={"Idempotency-Key": "short"}), "invalid_idempotency_key", own),
        (await peer.post(met, content=b"{}"), "unsupported_media_type", own),
        (await peer.post(met, content=b"{", headers=json), "malformed_json", own),
        (await peer.post(met, {}), "invalid_shape", own),
        (await peer.post(f"{met}?x=1", encounter()), "invalid_shape", own),
        (await peer.get(f"{met}?cursor=x"), "invalid_cursor", own),
        (await peer.patch(path, {}, etag.replace('"1', '"2')), "precondition_failed", own),
        (await peer.post(met, encounter(occurred_on="2026-11-03")), "encounter_not_yet_happened", own),
        (await peer.post(f"{path}/referrals", unknown), "no_such_partner", own),
        (await peer.post("/v1/caseload", {"code": harbor}), "code_mistyped", nobody),
    ):
        statuses = {leaf.code: leaf.status for leaf in Problem.leaves()}
        refused(answer, statuses[problem], problem)
        entry = await entry_of(house, answer)
        assert (entry.outcome, entry.problem, entry.fields, entry.record_id) == (statuses[problem], problem, [], None)
        assert await subjects_of(house, answer) == subjects


async def test_a_list_names_everybody_who_is_on_the_page_and_nobody_else(house: House) -> None:
    peer, agency = house.peer, house.agency
    codes = [await peer.enrolls() for _ in range(4)]
    await house.stranger.enrolls()
    for code in [*codes[:3], codes[0]]:
        await peer.records(code)
    ok(await peer.post("/v1/encounters", encounter()))
    everybody = await people(house, *codes)
    assert await subjects_of(house, await peer.get("/v1/participants")) == everybody
    assert await subjects_of(house, await house.supervisor.get("/v1/participants")) == everybody
    assert await subjects_of(house, await peer.get("/v1/encounters")) == await people(house, *codes[:3])
    first = await peer.get("/v1/encounters?limit=3")
    assert await subjects_of(house, first) == await people(house, codes[0], codes[2])
    asked = {"organization_id": str(agency.organization_id)}
    named = {"preset": "referral_loop", **asked}
    for code in codes[:2]:
        ok(await peer.post(f"/v1/participants/{code}/consents", named))
    for code in codes:
        ok(await peer.post(f"/v1/participants/{code}/referrals", {**asked, "need": "legal-aid"}))
    assert await subjects_of(house, await agency.get("/v1/referrals")) == await people(house, *codes[:2])
    assert await subjects_of(house, await peer.get("/v1/referrals")) == everybody
    ok(await agency.post("/v1/intake-requests", intake()))
    assert await subjects_of(house, await peer.get("/v1/intake-requests")) == set()


async def test_who_is_enrolled_met_or_greeted_is_named(house: House) -> None:
    peer = house.peer
    enrolled = await peer.post("/v1/participants", {})
    code = ok(enrolled)["code"]
    assert await subjects_of(house, enrolled) == await people(house, code)
    greeted = await house.stranger.post("/v1/caseload", {"code": code})
    met = await house.stranger.post(f"/v1/participants/{code}/encounters", encounter())
    seen = await peer.get(f"/v1/encounters/{ok(met)['id']}")
    for answer in (greeted, met, seen):
        assert await subjects_of(house, answer) == await people(house, code)
    assert (await entry_of(house, met)).record_id == (await entry_of(house, seen)).record_id == UUID(ok(met)["id"])


async def test_a_seal_that_meets_a_conflict_leaves_only_the_refusal(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    named = {"preset": "referral_loop", "organization_id": str(house.organizations["harbor"])}
    consent = ok(await peer.post(f"/v1/participants/{code}/consents", named))["id"]
    revoking = f"/v1/participants/{code}/consents/{consent}/revoke"
    answers = await asyncio.gather(*(peer.post(revoking) for _ in range(4)))
    answers.append(await peer.post(revoking))
    found = [await entry_of(house, answer) for answer in answers]
    assert sorted(entry.outcome for entry in found) == [200, 409, 409, 409, 409]
    for entry, answer in zip(found, answers, strict=True):
        assert await subjects_of(house, answer) == await people(house, code)
        assert (entry.outcome, entry.problem) == (answer.status_code, answer.json().get("code"))
        assert bool(entry.fields) is (entry.outcome == 200)
    taken = await house.admin.post("/v1/teams", {"name": "night van"})
    refused(taken, 409, "name_taken")
    assert ((await entry_of(house, taken)).fields, (await entry_of(house, taken)).record_id) == ([], None)


async def test_entries_get_places_without_a_gap(peer: Caller, house: House) -> None:
    code, before = await peer.enrolls(), len(await entries(house))
    await asyncio.gather(*(peer.records(code) for _ in range(20)), *(peer.get("/v1/encounters") for _ in range(20)))
    await everything_has_its_place(house)
    positions = (await house.rows(table_of(Position).select()))[0]
    assert sorted(row.position for row in positions) == list(range(1, len(positions) + 1))
    assert {row.entry_id for row in positions} == {entry.id for entry in (await entries(house)).values()}
    assert {row.stream for row in positions} == {STREAM}
    assert len(positions) == before + 40


async def test_the_trail_holds_names_and_never_values(peer: Caller, house: House) -> None:
    code = await peer.enrolls(age_band="55_64", gender="two_spirit")
    ok(await peer.post(f"/v1/participants/{code}/encounters", encounter(setting="hospital")))
    ok(await peer.get(f"/v1/participants/{code}"))
    refused(await peer.post(f"/v1/participants/{code}/encounters", encounter(setting="marigold")), 422, "invalid_shape")
    rows = await house.rows(table_of(TrailEntry).select(), table_of(TrailSubject).select())
    written = str([dict(row._mapping) for table in rows for row in table])
    values = (code, code.replace("-", ""), "55_64", "two_spirit", "hospital", "marigold")
    assert [value for value in values if value in written] == []
    assert "age_band" in written


async def test_the_engine_itself_keeps_the_trail_as_it_was_written(peer: Caller, house: House) -> None:
    ok(await peer.get("/v1/me"))
    await everything_has_its_place(house)
    before = await house.rows(table_of(TrailEntry).select(), table_of(Position).select())
    entry = before[0][0].id
    for effect in (
        Adjust(table_of(TrailEntry), entry, {"outcome": 1}),
        Remove(table_of(TrailEntry), "id", (entry,)),
        Remove(table_of(Position), "entry_id", (entry,)),
    ):
        with pytest.raises((WriteCollided, DBAPIError)):
            await house.installation.database.commit(Unit([effect]))
    assert await house.rows(table_of(TrailEntry).select(), table_of(Position).select()) == before
