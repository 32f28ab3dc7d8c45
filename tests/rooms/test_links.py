"""Links: two records of one person are read as one, nothing is rewritten, and for 90 days it can be taken back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.security.test_epochs import at_the_gate, sealed
from tests.security.traces import people, subjects_of
from tests.stories.steps import absent, agrees, every_item, items, refers
from tests.world import NOON, Caller, House, ok, refused
from true_api.kernel.codes import new_code, shown
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import metadata
from true_api.rooms.participants.links import MOST_RECORDS

BOOKKEEPING = {
    "touched_months",
    "trail_entries",
    "trail_subjects",
    "pending",
    "positions",
    "turns",
    "idempotent_requests",
}
BOOKKEEPING |= {"trail_leaves", "trail_nodes", "trail_heads", "touched_months"}
ABOUT_LINKS = {"participant_links"}


async def links(caller: Caller, code: str, other: str, **options: Any) -> Any:
    """A supervisor says that two records are of one person."""
    return await caller.post(f"/v1/participants/{code}/links", {"code": other}, **options)


async def undoes(caller: Caller, code: str, link: Any) -> Any:
    """A supervisor takes it back."""
    return await caller.call("DELETE", f"/v1/participants/{code}/links/{link['id']}")


async def two_records(house: House) -> tuple[str, str]:
    """Somebody whom a peer knows by one code, and a colleague of the same team by another."""
    return await house.peer.enrolls(), await house.colleague.enrolls()


async def lives(caller: Caller, house: House, code: str) -> set[str]:
    """One record of each kind; their ids."""
    said = {"occurred_on": "2026-11-01", "importance": 3}
    kept = [
        await caller.records(code),
        ok(await caller.post(f"/v1/participants/{code}/readiness-notes", said)),
        await agrees(caller, code, house.organizations["harbor"]),
        await refers(caller, code, house.organizations["harbor"]),
    ]
    return {record["id"] for record in kept}


async def journey(caller: Caller, code: str) -> set[str]:
    """The ids of everything on the timeline under a code."""
    listed = await every_item(caller, f"/v1/participants/{code}/timeline", 3)
    return {item[item["kind"]]["id"] for item in listed}


async def dump(house: House) -> dict[str, list[Any]]:
    """All that is kept but bookkeeping and the links themselves; of people, all but the epoch, which only grows."""
    tables = {name: table for name, table in metadata.tables.items() if name not in BOOKKEEPING | ABOUT_LINKS}
    rows = await house.rows(*(select(*(c for c in table.c if c.name != "epoch")) for table in tables.values()))
    return {name: sorted(map(repr, found)) for name, found in zip(tables, rows, strict=True)}


async def test_under_either_code_the_timeline_shows_one_person(house: House) -> None:
    one, other = await two_records(house)
    happened = await lives(house.peer, house, one) | await lives(house.colleague, house, other)
    said = ok(await links(house.supervisor, one, other))
    assert said == {
        "id": said["id"],
        "codes": [one, other],
        "member_id": str(house.supervisor.id),
        "linked_on": "2026-11-02",
        "reversible_until": "2027-01-31",
        "undone_on": None,
    }
    for caller in (house.peer, house.colleague, house.supervisor):
        for code in (one, other):
            assert await journey(caller, code) == happened
            for place in ("encounters", "readiness-notes", "referrals", "consents"):
                assert len(await items(caller, f"/v1/participants/{code}/{place}")) == 2


async def test_both_codes_keep_working_and_new_records_go_to_the_one_that_was_used(house: House) -> None:
    one, other = await two_records(house)
    ok(await links(house.supervisor, one, other))
    for caller, code in ((house.peer, one), (house.peer, other), (house.colleague, one)):
        assert ok(await caller.get(f"/v1/participants/{code}"))["code"] == code
        referral = await refers(caller, code, house.organizations["harbor"])
        assert referral["code"] == code
        assert ok(await caller.get(f"/v1/referrals/{referral['id']}"))["code"] == code


async def test_who_works_with_one_record_reaches_the_other_until_it_is_undone(house: House) -> None:
    one, other = await two_records(house)
    met = await house.colleague.records(other)
    await absent(house.peer, f"/v1/participants/{other}")
    said = ok(await links(house.supervisor, one, other))
    known = ok(await house.peer.get(f"/v1/participants/{other}"))
    own = ok(await house.peer.get(f"/v1/participants/{one}"))
    assert [known[name] for name in ("handle", "basis", "history_open")] == [own["handle"], "enrolled", True]
    assert ok(await house.peer.get(f"/v1/encounters/{met['id']}"))["id"] == met["id"]
    assert [seen["id"] for seen in await items(house.peer, "/v1/encounters")] == [met["id"]]
    assert [entry["code"] for entry in await items(house.peer, "/v1/participants")] == [one]
    for caller in (house.stranger, house.other_supervisor):
        await absent(caller, f"/v1/participants/{one}/timeline")
        await absent(caller, f"/v1/encounters/{met['id']}")
    ok(await undoes(house.supervisor, one, said))
    await absent(house.peer, f"/v1/participants/{other}")
    await absent(house.peer, f"/v1/encounters/{met['id']}")
    assert await items(house.peer, "/v1/encounters") == []


async def test_a_shown_code_opens_no_other_record_and_does_not_tell_of_one(house: House) -> None:
    one, other = await two_records(house)
    await lives(house.colleague, house, other)
    ok(await house.stranger.post("/v1/caseload", {"code": one}))
    before = await house.stranger.get(f"/v1/participants/{one}")
    ok(await links(house.supervisor, one, other))
    after = await house.stranger.get(f"/v1/participants/{one}")
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
    assert await subjects_of(house, after) == await people(house, one)
    assert await journey(house.stranger, one) == set()
    await absent(house.stranger, f"/v1/participants/{other}")
    for answer in (
        await house.stranger.get(f"/v1/participants/{one}/links"),
        await links(house.other_supervisor, one, one),
    ):
        refused(answer, 409, "history_closed")


async def test_history_that_is_open_by_a_link_stays_open_when_the_other_code_is_shown(house: House) -> None:
    one, other = await two_records(house)
    ok(await links(house.supervisor, one, other))
    ok(await house.peer.post("/v1/caseload", {"code": other}))
    assert ok(await house.peer.get(f"/v1/participants/{other}"))["history_open"] is True


async def test_records_are_one_person_through_others_too(house: House) -> None:
    first, second = await two_records(house)
    third = await house.colleague.enrolls()
    met = await house.colleague.records(third)
    one = ok(await links(house.supervisor, first, second))
    two = ok(await links(house.supervisor, third, second))
    assert await journey(house.peer, first) == {met["id"]}
    assert [link["id"] for link in await items(house.peer, f"/v1/participants/{first}/links")] == [two["id"], one["id"]]
    ok(await undoes(house.supervisor, third, one))
    await absent(house.peer, f"/v1/participants/{third}")
    assert await journey(house.peer, first) == set()
    assert await journey(house.supervisor, second) == {met["id"]}
    assert await items(house.peer, f"/v1/participants/{first}/links") == []


async def test_what_is_not_two_records_of_one_person_is_refused(house: House) -> None:
    supervisor, (one, other) = house.supervisor, await two_records(house)
    third = await house.peer.enrolls()
    ok(await links(supervisor, one, other))
    ok(await links(supervisor, other, third))
    refused(await links(supervisor, one, one), 409, "link_to_itself")
    for pair in ((one, other), (other, one), (one, third), (third, one)):
        refused(await links(supervisor, *pair), 409, "already_linked")
    assert len(await items(supervisor, f"/v1/participants/{one}/links")) == 2


async def test_only_a_code_of_the_teams_own_caseload_can_be_linked(house: House) -> None:
    supervisor, (one, _) = house.supervisor, await two_records(house)
    theirs, path = await house.stranger.enrolls(), f"/v1/participants/{one}/links"
    for wrong in (theirs, shown(new_code())):
        refused(await links(supervisor, one, wrong), 404, "not_found")
        refused(await links(supervisor, wrong, one), 404, "not_found")
    refused(await links(supervisor, one, ("1" if one[0] != "1" else "2") + one[1:]), 422, "code_mistyped")
    for body in ({}, {"code": None}, {"code": 5}, {"code": one, "reason": "looks alike"}):
        refused(await supervisor.post(path, body), 422, "invalid_shape")
    refused(await links(house.peer, one, one), 403, "not_permitted")
    ok(await house.peer.post("/v1/caseload", {"code": theirs}))
    refused(await links(supervisor, one, theirs), 409, "history_closed")
    refused(await links(supervisor, theirs, one), 409, "history_closed")
    assert await items(supervisor, path) == []


async def test_more_records_than_anybody_has_are_not_linked(house: House) -> None:
    first, *others = [await house.peer.enrolls() for _ in range(MOST_RECORDS + 1)]
    *fitting, last = others
    for other in fitting:
        ok(await links(house.supervisor, first, other))
    refused(await links(house.supervisor, first, last), 409, "too_many_linked")


async def test_a_link_is_undone_within_90_days_and_settled_after_them(house: House) -> None:
    one, other = await two_records(house)
    said = ok(await links(house.supervisor, one, other))
    house.clock.set(NOON + timedelta(days=91))
    refused(await undoes(house.supervisor, one, said), 409, "link_settled")
    assert len(await items(house.supervisor, f"/v1/participants/{one}/links")) == 1
    house.clock.set(NOON + timedelta(days=90))
    undone = ok(await undoes(house.supervisor, other, said))
    assert undone == {**said, "undone_on": "2027-01-31"}
    assert await items(house.supervisor, f"/v1/participants/{one}/links") == []
    for again in (said, {"id": uuid4()}, {"id": "nothing"}):
        refused(await undoes(house.supervisor, one, again), 404, "not_found")


async def test_another_persons_link_is_nowhere(house: House) -> None:
    one, other = await two_records(house)
    said = ok(await links(house.supervisor, one, other))
    somebody = await house.peer.enrolls()
    refused(await undoes(house.supervisor, somebody, said), 404, "not_found")
    refused(await undoes(house.other_supervisor, one, said), 404, "not_found")
    refused(await undoes(house.peer, one, said), 403, "not_permitted")
    assert len(await items(house.peer, f"/v1/participants/{one}/links")) == 1


async def test_after_undo_everything_is_as_before_and_no_row_was_rewritten(house: House) -> None:
    one, other = await two_records(house)
    for caller, code in ((house.peer, one), (house.colleague, other)):
        await lives(caller, house, code)
    before = await dump(house)
    said = ok(await links(house.supervisor, one, other))
    linked = await dump(house)
    assert [name for name in before if before[name] != linked[name]] == ["same_people"]
    ok(await undoes(house.supervisor, one, said))
    assert await dump(house) == before
    again = ok(await links(house.supervisor, other, one))
    assert again["id"] != said["id"]


async def test_the_trail_names_every_record_of_the_person(house: House) -> None:
    one, other = await two_records(house)
    both = await people(house, one, other)
    answer = await links(house.supervisor, one, other)
    said = ok(answer)
    reading = await house.peer.get(f"/v1/participants/{one}/timeline")
    undoing = await undoes(house.supervisor, one, said)
    for noted in (answer, reading, undoing):
        assert await subjects_of(house, noted) == both
    alone = await house.peer.get(f"/v1/participants/{one}/timeline")
    assert await subjects_of(house, alone) == await people(house, one)


async def test_what_passed_a_gate_before_a_link_was_undone_is_not_shown_after_it(house: House) -> None:
    one, other = await two_records(house)
    said = ok(await links(house.supervisor, one, other))
    reading = await at_the_gate(house.peer, "GET /v1/participants/{code}/timeline", code=one)
    ok(await undoes(house.supervisor, other, said))
    with pytest.raises(WriteCollided) as met:
        await sealed(house.peer, reading)
    assert met.value.once_more


async def test_a_retry_with_the_same_key_links_once(house: House) -> None:
    one, other = await two_records(house)
    key = {"Idempotency-Key": "link-two-records"}
    answers = await asyncio.gather(*(links(house.supervisor, one, other, headers=key) for _ in range(3)))
    assert len({str(ok(answer)) for answer in answers}) == 1
    assert len(await items(house.supervisor, f"/v1/participants/{one}/links")) == 1
