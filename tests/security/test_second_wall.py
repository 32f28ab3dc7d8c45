"""The second wall: what PostgreSQL itself lets an agency's transaction see and write, whatever is asked of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Table, func, select, update
from sqlalchemy.exc import DBAPIError

from tests.security.walls import context_of, ids, within
from tests.stories.steps import agrees, items, moves, refers
from tests.world import Caller, House, intake, ok
from true_api.kernel.database_wall import SecondWall
from true_api.kernel.effects import Keep, Remove
from true_api.kernel.errors import NotFound, Unavailable
from true_api.kernel.ids import new_id
from true_api.kernel.rows import metadata, table_of
from true_api.privacy.cases import Participant, RealmCode
from true_api.privacy.consents import Consent
from true_api.privacy.profile import Language
from true_api.privacy.reach import Viewer
from true_api.privacy.words import SealedText
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState, IntakeUrgency, MeetsAt, PersonKnows
from true_api.rooms.referrals.tables import Referral, ReferralStep
from true_api.rooms.referrals.vocabulary import ReferralState
from true_api.security.accounts import Client, viewer_of
from true_api.security.tokens import Claims
from true_api.security.trail import TrailEntry, TrailSubject

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

ABOUT_NOBODY = {"local_terms", "minor_consent_rules", "on_call_exceptions", "on_call_hours", "on_call_schedules"} | {
    "hidden_terms",
    "sealed_cells",
    "sealed_releases",
    "teams",
}
"""Tables of which everybody from outside may read every row."""


async def somebody_referred(house: House, *agencies: str) -> str:
    """Somebody who agreed that these agencies may know, and was referred to each; their code in the program."""
    code = await house.peer.enrolls()
    for name in agencies:
        await agrees(house.peer, code, house.organizations[name])
        await refers(house.peer, code, house.organizations[name])
    return code


async def told(house: House) -> None:
    """One person whom harbor knows, one whom bridge knows, one whom nobody knows; a request of each agency."""
    await somebody_referred(house, "harbor")
    await somebody_referred(house, "bridge")
    alone = await house.peer.enrolls()
    await refers(house.peer, alone, house.organizations["harbor"])
    await house.peer.records(alone)
    for agency in (house.agency, house.other_agency):
        ok(await agency.post("/v1/intake-requests", intake(note="Has a dog.")))
        for referral in await items(agency, "/v1/referrals"):
            await moves(agency, referral["reference"], "accepted", note="Ask for the day desk.")


async def seen(house: House, caller: Caller | None, table: Table, **over: str) -> list[Any]:
    """What PostgreSQL shows of a table, with no predicate of ours."""
    key = next(iter(table.primary_key))
    return list((await within(house, caller, **over).read(select(key.label("id"))))[0])


async def test_who_says_not_for_whom_a_transaction_is_sees_nothing_about_anybody(house: House) -> None:
    await told(house)
    readable = [table for table in metadata.sorted_tables if await _may_read(house, table)]
    assert len(readable) > 20
    for table in readable:
        rows = (await within(house, None).read(select(func.count()).select_from(table)))[0]
        assert table.name in ABOUT_NOBODY or rows[0][0] == 0, table.name


async def _may_read(house: House, table: Table) -> bool:
    role = select(func.has_table_privilege(sa.text("current_user"), table.name, "SELECT"))
    return bool((await within(house, None).read(role))[0][0][0])


async def test_an_agency_sees_its_own_rows_and_no_row_of_another(house: House) -> None:
    await told(house)
    referrals, requests, texts = table_of(Referral), table_of(IntakeRequest), table_of(SealedText)
    for caller, other in ((house.agency, house.other_agency), (house.other_agency, house.agency)):
        own = select(referrals.c.id).where(referrals.c.organization_id == caller.organization_id)
        every = ids((await house.rows(own))[0])
        found = ids(await seen(house, caller, referrals))
        assert found < every or (caller is house.other_agency and found == every)
        assert len(found) == 1
        posted = select(requests.c.organization_id)
        assert {row[0] for row in (await within(house, caller).read(posted))[0]} == {caller.organization_id}
        assert found.isdisjoint(ids(await seen(house, other, referrals)))
        places = (await within(house, caller).read(select(texts.c.place)))[0]
        assert sorted(row.place for row in places) == ["intake_requests.note", "referral_steps.note"]
        steps = (await within(house, caller).read(select(table_of(ReferralStep).c.by_agency)))[0]
        assert [row.by_agency for row in steps] == [True]
        codes = (await within(house, caller).read(select(table_of(RealmCode).c.realm_id)))[0]
        assert {row.realm_id for row in codes} == {caller.organization_id}


async def test_a_revoked_consent_an_expired_one_and_another_purpose_open_nothing(house: House) -> None:
    code = await house.peer.enrolls()
    consent = await agrees(house.peer, code, house.organizations["harbor"])
    await refers(house.peer, code, house.organizations["harbor"])
    referrals, consents = table_of(Referral), table_of(Consent)
    later = (house.clock.now() + timedelta(days=3_000)).date().isoformat()
    earlier = (house.clock.now() - timedelta(days=30)).date().isoformat()
    for over in ({"purpose": "TREAT"}, {"purpose": "HRESCH"}, {"purpose": ""}, {"today": later}, {"today": earlier}):
        assert await seen(house, house.agency, referrals, **over) == [], over
        assert await seen(house, house.agency, consents, **over) == [], over
    assert len(await seen(house, house.agency, referrals)) == len(await seen(house, house.agency, consents)) == 1
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    assert await seen(house, house.agency, referrals) == await seen(house, house.agency, consents) == []


async def test_what_is_for_the_program_alone_is_refused_by_the_database(house: House) -> None:
    await told(house)
    for statement in (
        select(table_of(Participant).c.gender),
        select(table_of(Participant)),
        select(table_of(Client).c.secret_hash),
        select(table_of(Encounter).c.id),
        select(table_of(TrailEntry).c.id),
        sa.text("SELECT * FROM open_needs"),
        sa.text("SELECT * FROM caseload"),
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            await within(house, house.agency).read(statement)


async def test_a_read_can_write_nothing(house: House) -> None:
    requests = table_of(IntakeRequest)
    # PostgreSQL says "read-only", as it does of a standby: it is met as one, and nothing is kept.
    with pytest.raises(Unavailable):
        await within(house, house.agency).read(sa.insert(requests).values(**_request(house.agency)))
    assert (await house.rows(select(requests)))[0] == []


def _request(caller: Caller, **over: Any) -> dict[str, Any]:
    row = IntakeRequest(
        organization_id=caller.organization_id,
        needs=["peer-support"],
        urgency=IntakeUrgency.ROUTINE,
        person_knows=PersonKnows.AGREED,
        meets_at=MeetsAt.AT_THE_AGENCY,
        language=Language.ENGLISH,
        wishes=[],
        posted_on=caller.house.clock.now().date(),
    )
    return {**row.model_dump(), **over}


async def test_nobody_writes_in_the_name_of_another_agency_or_as_the_program(house: House) -> None:
    await told(house)
    requests, entries = table_of(IntakeRequest), table_of(TrailEntry)
    (theirs,) = (await within(house, house.other_agency).read(select(table_of(Referral))))[0]
    person = theirs.participant_id
    entry = dict.fromkeys(entries.c.keys()) | {
        "id": new_id(),
        "at": house.clock.now(),
        "request_id": "none",
        "actor_is_client": True,
        "role": "agency",
        "door": "none",
        "permission": "none",
        "purpose": "COC",
        "outcome": 200,
        "fields": [],
    }
    step = ReferralStep(
        referral_id=theirs.id,
        from_state=ReferralState.ACCEPTED,
        to_state=ReferralState.IN_PROGRESS,
        by_agency=True,
        moved_on=house.clock.now().date(),
    )
    forged = {
        "a request of another agency": Keep(requests, _request(house.other_agency)),
        "a request that is about somebody": Keep(requests, _request(house.agency, participant_id=person)),
        "a request that was met already": Keep(requests, _request(house.agency, state=IntakeState.CONNECTED)),
        "an entry of another agency": Keep(
            entries, entry | {"actor_id": house.agency.id, "organization_id": house.other_agency.organization_id}
        ),
        "an entry of another caller": Keep(
            entries, entry | {"actor_id": house.peer.id, "organization_id": house.agency.organization_id}
        ),
        "a subject of an entry that is not there": Keep(
            table_of(TrailSubject), {"entry_id": new_id(), "trail_id": new_id()}
        ),
        "a step of another agency's referral": Keep.row(step),
        "the end of a request": Remove(requests, "organization_id", (house.agency.organization_id,)),
    }
    for what, effect in forged.items():
        with pytest.raises(NotFound) as refused:
            await within(house, house.agency).commit([effect])
        assert refused.value.once_more, what


async def test_what_is_changed_was_seen_and_stays_to_be_seen(house: House) -> None:
    await told(house)
    referrals, people = table_of(Referral), table_of(Participant)
    changes = {
        "another agency's": (update(referrals).values(state="completed"), 1),
        "people, whose epoch an agency may lock but never move": (update(people).values(epoch=99), None),
        "a draft, which no agency sees": (update(referrals).values(state="draft"), None),
        "whose referral it is": (update(referrals).values(organization_id=house.other_agency.organization_id), None),
    }
    wall = house.installation.second_wall
    assert wall is not None
    for what, (statement, rows) in changes.items():
        async with within(house, house.agency)._to_write() as connection:  # type: ignore[attr-defined]
            if rows is None:
                with pytest.raises(DBAPIError, match="row-level security|permission denied"):
                    await connection.execute(statement)
            else:
                assert (await connection.execute(statement)).rowcount == rows, what


async def test_a_connection_keeps_nothing_of_whom_it_last_served(house: House) -> None:
    await told(house)
    wall = SecondWall(house.settings.url_behind_the_wall, pool_size=1, prepared_statements=True)
    said = sa.text(
        "SELECT current_user = session_user AS itself, current_setting('agency.organization', true) AS whom,"
        " current_setting('transaction_read_only') AS read_only, pg_backend_pid() AS process"
    )
    referrals, processes = table_of(Referral), set()
    try:
        for caller in (house.agency, house.other_agency, house.agency):
            assert len((await wall.within(context_of(house, caller)).read(select(referrals.c.id)))[0]) == 1
            with pytest.raises(DBAPIError):
                await wall.within(context_of(house, caller)).read(sa.text("SELECT 1 / 0"))
            async with wall.connect() as connection:
                after = (await connection.execute(said)).one()
            assert (after.itself, after.whom or "", after.read_only) == (True, "", "off")
            processes.add(after.process)
        assert len(processes) == 1
    finally:
        await wall.stop()


async def test_agencies_at_the_same_moment_never_see_each_others_rows(house: House) -> None:
    await told(house)
    wall = SecondWall(house.settings.url_behind_the_wall, pool_size=2, prepared_statements=True)
    referrals = table_of(Referral)

    async def look(caller: Caller) -> None:
        for _ in range(20):
            rows = (await wall.within(context_of(house, caller)).read(select(referrals.c.organization_id)))[0]
            assert [row.organization_id for row in rows] == [caller.organization_id]

    try:
        await asyncio.gather(*(look(caller) for caller in (house.agency, house.other_agency) * 4))
    finally:
        await wall.stop()


async def test_only_who_is_from_outside_stands_behind_the_wall(house: House) -> None:
    """Who calls as whom is what PostgreSQL says, not what the program believes."""
    asked = sa.text("SELECT current_user AS role, session_user AS login")
    found = {}
    for name in ("peer", "supervisor", "admin", "agency", "agency_worker", "integrator"):
        caller: Caller = getattr(house, name)
        claims = house.installation.tokens.verify(caller.token(), house.clock.now())
        from_claims = house.installation.database_for(_viewer(house, claims))
        row = (await from_claims.read(asked))[0][0]
        found[name] = row.role != row.login
    assert found == {
        "peer": False,
        "supervisor": False,
        "admin": False,
        "agency": True,
        "agency_worker": True,
        "integrator": True,
    }


def _viewer(house: House, claims: Claims) -> Viewer:
    return viewer_of(claims, house.clock.now().date())


async def test_where_there_is_no_wall_nobody_from_outside_is_served(house: House) -> None:
    """What a migration made and somebody dropped by hand is not got around: it is missed."""
    async with house.installation.database._engine.begin() as connection:  # type: ignore[attr-defined]
        await connection.execute(sa.text("DROP POLICY agency_insert ON trail_entries"))
    response = await house.agency.get("/v1/referrals")
    assert response.status_code == Unavailable.status
    assert (await house.peer.get("/v1/referrals")).status_code == 200
