"""Linked people: consents stay with their record, whatever happens at once the links hold, and gates scan nothing."""

import asyncio
import re
from collections import Counter
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.rooms.exploring import exploring
from tests.rooms.test_links import links, two_records, undoes
from tests.security.traces import people
from tests.stories.steps import absent, agrees, items, refers
from tests.world import House, ok
from true_api.kernel.database_postgresql import postgresql_engine
from true_api.kernel.database_sqlite import sqlite_engine
from true_api.kernel.rows import table_of
from true_api.privacy.case_by_code import case_by_code
from true_api.privacy.cases import Participant, ParticipantLink, RealmCode, SamePerson
from true_api.privacy.reach import Sight, Viewer, within_reach
from true_api.rooms.readiness.tables import ReadinessNote


async def test_a_consent_names_the_referrals_of_its_own_record_alone(house: House) -> None:
    one, other = await two_records(house)
    harbor = house.organizations["harbor"]
    await agrees(house.peer, one, harbor)
    agreed, unasked = await refers(house.peer, one, harbor), await refers(house.colleague, other, harbor)
    before = await house.agency.get("/v1/referrals")
    ok(await links(house.supervisor, one, other))
    later = await refers(house.peer, other, harbor)
    after = await house.agency.get("/v1/referrals")
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
    assert [item["reference"] for item in ok(after)["items"]] == [agreed["reference"]]
    for hidden in (unasked, later):
        await absent(house.agency, f"/v1/referrals/{hidden['reference']}")
        assert ok(await house.peer.get(f"/v1/referrals/{hidden['id']}"))["agency_code"] is None


async def test_each_record_keeps_a_code_of_its_own_at_an_agency(house: House) -> None:
    one, other = await two_records(house)
    harbor = house.organizations["harbor"]
    ok(await links(house.supervisor, one, other))
    for caller, code in ((house.peer, one), (house.peer, other)):
        await agrees(caller, code, harbor)
        await refers(caller, code, harbor)
    seen = ok(await house.agency.get("/v1/referrals"))["items"]
    assert len({item["code"] for item in seen}) == len(seen) == 2


async def test_a_consent_is_taken_back_under_either_code_and_ends_where_it_was_given(house: House) -> None:
    one, other = await two_records(house)
    harbor = house.organizations["harbor"]
    for caller, code in ((house.peer, one), (house.colleague, other)):
        await agrees(caller, code, harbor)
    referrals = {code: await refers(house.supervisor, code, harbor) for code in (one, other)}
    ok(await links(house.supervisor, one, other))
    given = await items(house.peer, f"/v1/participants/{other}/consents")
    theirs = [consent for consent in given if consent["id"] == given[0]["id"]]
    ok(await house.peer.post(f"/v1/participants/{one}/consents/{theirs[0]['id']}/revoke"))
    left = ok(await house.agency.get("/v1/referrals"))["items"]
    assert [item["reference"] for item in left] == [referrals[one]["reference"]]
    codes = (await house.rows(select(table_of(RealmCode)).where(table_of(RealmCode).c.realm_id == harbor)))[0]
    assert [code.retired_on is None for code in codes if code.participant_id in await people(house, one)] == [True]
    assert [code.retired_on is None for code in codes if code.participant_id in await people(house, other)] == [False]


async def closure(house: House) -> tuple[set[tuple[UUID, UUID]], set[tuple[UUID, UUID]]]:
    """The pairs that the gates read, and those that follow from the links that hold."""
    table = table_of(ParticipantLink)
    pairs, held, persons = await house.rows(
        select(table_of(SamePerson)), select(table).where(table.c.undone_on.is_(None)), select(table_of(Participant))
    )
    together = {person.id: {person.id} for person in persons}
    for link in held:
        joined = together[link.participant_id] | together[link.other_id]
        together |= dict.fromkeys(joined, joined)
    follows = {(one, other) for one, them in together.items() for other in them if one != other}
    return {(pair.participant_id, pair.other_id) for pair in pairs}, follows


@given(
    steps=st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=3), min_size=1, max_size=3
    )
)
@exploring
async def test_whatever_is_linked_and_undone_at_once_the_gates_read_what_follows_from_the_links(
    house: House, steps: list[list[tuple[int, int]]]
) -> None:
    codes, held = [await house.peer.enrolls() for _ in range(5)], list[tuple[str, Any]]()
    for at_once in steps:
        doing = [links(house.supervisor, codes[one], codes[other]) for one, other in at_once]
        doing += [undoes(house.supervisor, *held.pop()) for _ in range(len(held) // 2)]
        answers = await asyncio.gather(*doing)
        for (one, _), answer in zip(at_once, answers, strict=False):
            if answer.status_code == 201:
                held.append((codes[one], ok(answer)))
        assert {answer.status_code for answer in answers} <= {200, 201, 404, 409}
        read, follows = await closure(house)
        assert read == follows


async def test_many_who_link_one_after_the_other_in_a_ring_at_once_leave_it_whole(house: House) -> None:
    codes = [await house.peer.enrolls() for _ in range(4)]
    ring = list(zip(codes, [*codes[1:], codes[0]], strict=True))
    waiting, tries = ring, 0
    while waiting and tries < len(ring) + 1:
        answers = await asyncio.gather(*(links(house.supervisor, *pair) for pair in waiting))
        told = [answer.json().get("code") if answer.status_code == 409 else "linked" for answer in answers]
        assert set(told) <= {"linked", "already_linked", "write_collided"}
        waiting = [pair for pair, said in zip(waiting, told, strict=True) if said == "write_collided"]
        tries += 1
    read, follows = await closure(house)
    assert read == follows
    assert len(read) == len(codes) * (len(codes) - 1)
    assert len((await house.rows(select(table_of(ParticipantLink))))[0]) == len(codes) - 1
    assert set(Counter(one for one, _ in read).values()) == {len(codes) - 1}


async def plan(house: House, statement: Any, **given_values: Any) -> str:
    """How the engine would go about a select."""
    url = house.settings.effective_database_url
    if url.startswith("sqlite"):
        engine = sqlite_engine(url)
        with engine.connect() as connection:
            told = statement.params(**given_values).compile(engine, compile_kwargs={"literal_binds": True})
            found = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")]
        engine.dispose()
        return "\n".join(found)
    postgresql = postgresql_engine(url, pool_size=1)
    async with postgresql.connect() as asynchronous:
        await asynchronous.execute(text("SET enable_seqscan = off"))
        told = statement.params(**given_values).compile(postgresql, compile_kwargs={"literal_binds": True})
        explained = await asynchronous.execute(text(f"EXPLAIN {told}".replace(":", "\\:")))
        found = [row[0] for row in explained]
    await postgresql.dispose()
    return "\n".join(found)


async def test_a_gate_looks_links_up_by_an_index_and_scans_nothing(house: House) -> None:
    """Somebody with one record costs one look-up more, however many people are linked."""
    peer, notes = house.peer, table_of(ReadinessNote)
    viewer = Viewer(Sight.OWN_CASELOAD, peer.id, peer.organization_id, None, house.clock.now().date())
    question = case_by_code(viewer, "0" * 12)
    assert isinstance(question, tuple)
    statement, given_values = question
    reach = select(notes.c.id).where(notes.c.participant_id == peer.id, within_reach(ReadinessNote, viewer))
    for told in (await plan(house, statement, **given_values), await plan(house, reach)):
        assert "same_people" in told
        assert not re.search(r"^SCAN (?!CONSTANT ROW)|Seq Scan", told, re.MULTILINE), told
