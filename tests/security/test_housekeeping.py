"""Housekeeping: each row goes on the day after its last, with its words, and nothing else goes with it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.journeys.leaving import links
from tests.security.trails import settle
from tests.stories.steps import items
from tests.world import NOON, House, encounter, intake, ok
from true_api.journeys.jobs import do_jobs
from true_api.kernel.effects import Keep, Unit
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, metadata, table_of
from true_api.kernel.sequencer import Pending, Position, Turn
from true_api.privacy.cases import Caseload, ParticipantLink, RealmCode
from true_api.privacy.holds import LegalHold
from true_api.privacy.recall_tables import RecallTry
from true_api.privacy.words import SealedText
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.intake.tables import IntakeAttempt, IntakeRequest
from true_api.rooms.safe_contacts.tables import SafeContact
from true_api.security.housekeeping import CHUNK, sweep
from true_api.security.idempotency import IdempotentRequest

TODAY = NOON.date()
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what a table declares; how it is asked for and let go is tried on both engines."""


async def count(house: House, kind: type[Row]) -> int:
    return int((await house.rows(select(func.count()).select_from(table_of(kind))))[0][0][0])


async def everything(house: House) -> list[Any]:
    """Every row, but for the order of the trail, which the house itself gives meanwhile."""
    order = {table_of(kind) for kind in (Pending, Position, Turn)}
    return await house.rows(*(select(table) for table in metadata.sorted_tables if table not in order))


async def swept(house: House, on: date, *, dry_run: bool = False) -> dict[tuple[str, str, str], int]:
    """What a sweep on a day lets go of (or would), by table, what goes, and the column it counts from."""
    house.clock.set(datetime.combine(on, NOON.timetz()).astimezone(UTC))
    found = await sweep(house.installation, dry_run=dry_run)
    assert all(due.gone in (0, due.due) for due in found if due.table != "data_keys")
    return {(due.table, due.goes, due.after): number for due in found if (number := due.due if dry_run else due.gone)}


async def person_of(house: House, code: str) -> Any:
    codes = table_of(RealmCode)
    found = (await house.rows(select(codes).where(codes.c.code == code.replace("-", ""))))[0]
    return found[0].participant_id


async def keeps(house: House, *rows: Row) -> None:
    await house.installation.database.commit(Unit([Keep.row(row) for row in rows]))


async def test_a_dry_run_says_what_a_sweep_does_and_touches_nothing(house: House) -> None:
    code = await house.peer.enrolls()
    await house.peer.records(code, note="Slept well.")
    ok(await house.agency.post("/v1/intake-requests", intake(note="Waits by the door.")))
    later = TODAY + timedelta(days=1_200)
    # What falls due by then the house does by itself, within a second: it is waited for.
    house.clock.set(datetime.combine(later, NOON.timetz()).astimezone(UTC))
    while await do_jobs(house.installation):
        pass
    await settle(house)
    before = await everything(house)
    announced = await swept(house, later, dry_run=True)
    assert await everything(house) == before
    assert {key: number for key, number in announced.items() if key[0] != "data_keys"} == {
        ("encounters", "words", "occurred_on"): 1,
        ("idempotent_requests", "row", "created_at"): 3,
        ("intake_requests", "row", "posted_on"): 1,
        ("intake_requests", "words", "posted_on"): 1,
    }
    done = await swept(house, later)
    # The request went first, and its words with it.
    assert done.pop(("intake_requests", "words", "posted_on"), 0) == 0
    assert done == {key: announced[key] for key in done}
    assert await swept(house, later, dry_run=True) == {("data_keys", "key", "made_on"): 2}


@ON_SQLITE
async def test_a_note_goes_after_three_years_and_the_fact_stays(house: House) -> None:
    code = await house.peer.enrolls()
    met = await house.peer.records(code, occurred_on="2026-11-01", note="Slept well.")
    last = date(2026, 11, 1) + timedelta(days=1_096)
    assert ("encounters", "words", "occurred_on") not in await swept(house, last)
    assert ok(await house.peer.get(f"/v1/encounters/{met['id']}"))["note"] == "Slept well."
    assert (await swept(house, last + timedelta(days=1)))[("encounters", "words", "occurred_on")] == 1
    seen = ok(await house.peer.get(f"/v1/encounters/{met['id']}"))
    assert (seen["note"], seen["occurred_on"]) == (None, "2026-11-01")
    assert await count(house, SealedText) == 0


@ON_SQLITE
async def test_a_safe_contact_goes_the_day_after_its_last_with_what_is_sealed_in_it(house: House) -> None:
    code = await house.peer.enrolls()
    contact = {"channel": "in_person", "what_to_say": "Say that it is the book club."}
    kept = {"contact": contact, "kept_until": "2026-11-20"}
    ok(await house.peer.call("PUT", f"/v1/participants/{code}/safe-contact", kept))
    note = await house.peer.records(code, note="Slept well.")
    assert ("safe_contacts", "row", "kept_until") not in await swept(house, date(2026, 11, 20))
    assert await count(house, SealedText) == 2
    assert (await swept(house, date(2026, 11, 21)))[("safe_contacts", "row", "kept_until")] == 1
    assert (await count(house, SafeContact), await count(house, SealedText)) == (0, 1)
    assert ok(await house.peer.get(f"/v1/encounters/{note['id']}"))["note"] == "Slept well."


@ON_SQLITE
async def test_a_request_about_somebody_who_never_came_goes_after_a_year_whole(house: House) -> None:
    for _ in range(2):
        ok(await house.agency.post("/v1/intake-requests", intake(note="Waits by the door.")))
    first, second = await items(house.peer, "/v1/intake-requests")
    tried = {"attempted_on": "2026-11-02", "result": "not_there"}
    ok(await house.peer.post(f"/v1/intake-requests/{first['id']}/attempts", tried))
    ok(await house.peer.post(f"/v1/intake-requests/{second['id']}/connection", {}))
    last = TODAY + timedelta(days=365)
    assert ("intake_requests", "row", "posted_on") not in await swept(house, last)
    assert (await swept(house, last + timedelta(days=1)))[("intake_requests", "row", "posted_on")] == 1
    assert (await count(house, IntakeRequest), await count(house, IntakeAttempt)) == (1, 0)
    assert await count(house, SealedText) == 1


@ON_SQLITE
async def test_what_was_undone_ended_or_lifted_goes_when_nobody_asks_any_more(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    one, two = await person_of(house, code), await person_of(house, other)
    by, ended = house.supervisor.id, TODAY - timedelta(days=400)
    hold = {"participant_id": one, "asked_by": by, "asked_on": ended, "expires_on": TODAY}
    over = {"member_id": house.colleague.id, "team_id": house.teams["night van"], "basis": "assigned"}
    seen = {"history_open": True, "since": ended, "active_on": ended, "handle": "amber-heron"}
    await keeps(
        house,
        ParticipantLink(participant_id=one, other_id=two, member_id=by, linked_on=ended, undone_on=ended),
        LegalHold(**hold, lifted_on=ended),
        LegalHold(**{**hold, "expires_on": ended}),
        LegalHold(**hold),
        Caseload(participant_id=one, ended_on=ended, **over, **seen),
    )
    done = await swept(house, TODAY)
    assert {key: number for key, number in done.items() if key[0] != "data_keys"} == {
        ("participant_links", "row", "undone_on"): 1,
        ("legal_holds", "row", "lifted_on"): 1,
        ("legal_holds", "row", "expires_on"): 1,
        ("caseload", "row", "ended_on"): 1,
    }
    assert (await count(house, LegalHold), await count(house, Caseload)) == (1, 2)


async def test_what_is_held_stays_whatever_its_age_and_so_do_linked_records(house: House) -> None:
    codes = [await house.peer.enrolls() for _ in range(3)]
    for code in codes:
        await house.peer.records(code, note="Slept well.")
    await links(house, codes[0], codes[1])
    later = TODAY + timedelta(days=1_200)
    approved = {"approved_by": house.other_supervisor.id, "approved_on": TODAY, "asked_by": house.supervisor.id}
    hold = LegalHold(participant_id=await person_of(house, codes[0]), asked_on=TODAY, expires_on=later, **approved)
    await keeps(house, hold)
    assert (await swept(house, later))[("encounters", "words", "occurred_on")] == 1
    assert await count(house, SealedText) == 2
    assert (await swept(house, later + timedelta(days=1)))[("encounters", "words", "occurred_on")] == 2


@ON_SQLITE
async def test_a_key_goes_after_its_last_text_and_not_before_it_was_noted_for_two_days(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    met = await house.peer.records(code, note="Slept well.")
    await house.peer.records(other, note="Slept well, too.")
    keyring = house.installation.keyring
    assert len(await keyring.subjects()) == 2
    ok(await house.peer.call("DELETE", f"/v1/encounters/{met['id']}/note"))
    for days, left in ((1, 2), (2, 2), (3, 2), (4, 1), (9, 1)):
        await swept(house, TODAY + timedelta(days=days))
        assert len(await keyring.subjects()) == left
    assert [subject for subject, _ in await keyring.subjects()] == [await person_of(house, other)]


async def test_much_goes_in_small_steps_and_what_is_young_stays(house: House) -> None:
    number = 2 * CHUNK + 7
    old, young = TODAY - timedelta(days=91), TODAY - timedelta(days=90)
    mine = {"member_id": house.peer.id, "team_id": house.teams["night van"]}
    await keeps(house, *(RecallTry(hour=1, number=n, tried_on=old, **mine) for n in range(number)))
    await keeps(house, *(RecallTry(hour=2, number=n, tried_on=young, **mine) for n in range(3)))
    assert (await swept(house, TODAY))[("recall_tries", "row", "tried_on")] == number
    assert await count(house, RecallTry) == 3


async def test_a_key_of_a_retry_is_dropped_after_a_day_by_the_hour(house: House) -> None:
    for moment in (NOON - timedelta(hours=25), NOON - timedelta(hours=23)):
        row = IdempotentRequest(
            id=new_id(), caller_id=house.peer.id, key_mark=uuid4().hex, fingerprint="", status=201, created_at=moment
        )
        await keeps(house, row)
    await swept(house, TODAY)
    assert [row.created_at for row in (await house.rows(select(table_of(IdempotentRequest))))[0]] == [moment]


@ON_SQLITE
async def test_contacts_with_nobody_known_lose_their_words_too(house: House) -> None:
    ok(await house.peer.post("/v1/encounters", encounter(note="Slept well.")))
    done = await swept(house, TODAY + timedelta(days=1_200))
    assert done[("encounters", "words", "occurred_on")] == 1
    assert (await count(house, Encounter), await count(house, SealedText)) == (1, 0)
