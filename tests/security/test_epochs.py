"""Epochs: whatever passed a gate before a consent was taken back, and is not sealed yet, fails at the seal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import update

from tests.api.test_absent import Asked, asked, revokes
from tests.world import Caller, House, encounter, ok, refused
from true_api.api.all_doors import every_door
from true_api.journeys import disclosure
from true_api.kernel.database_postgresql import postgresql_engine
from true_api.kernel.database_sqlite import sqlite_engine
from true_api.kernel.errors import NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.rooms.consents.service import AlreadyRevoked
from true_api.rooms.consents.tables import ConsentRevocation
from true_api.rooms.encounters import service as encounters
from true_api.rooms.encounters.schemas import EncounterDraft
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.referrals import service as referrals
from true_api.rooms.referrals.drafts import ReferralMove
from true_api.rooms.referrals.moving import MovedMeanwhile, move
from true_api.rooms.referrals.tables import Referral, ReferralStep
from true_api.security.admission import Admitted, Knock, admit, seal
from true_api.security.gates import Approach, Gate
from true_api.security.trail import TrailEntry


async def at_the_gate(caller: Caller, name: str, body: object = None, **path: str) -> Admitted:
    """A request that has passed the gate of a door, and has gone no further."""
    installation = caller.house.installation
    (door,) = [door for door in every_door() if door.name == name]
    assert isinstance(door.gate, Gate)

    async def sent() -> object:
        return body or {}

    async def never_too_often(_caller: UUID) -> None:
        return None

    claims = installation.tokens.verify(caller.token(), caller.house.clock.now())
    knock = Knock(door.gate, name, uuid4().hex, claims, Approach(path, sent))
    return await admit(installation, knock, never_too_often)


async def sealed(caller: Caller, admitted: Admitted) -> None:
    """The end of a request that went well until here."""
    await seal(caller.house.installation, admitted, 200, ["state"])


async def trailed(house: House, admitted: Admitted) -> list[Any]:
    """What the trail holds of a request."""
    found = (await house.rows(table_of(TrailEntry).select()))[0]
    return [entry for entry in found if entry.id == admitted.entry.id]


async def test_a_record_read_before_the_revocation_is_not_shown_after_it(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    reading = await at_the_gate(agency, "GET /v1/referrals/{id}", id=agreed.referral["reference"])
    assert (await referrals.by_id(reading.permit, reading.permit.record.id)).agency_code is not None
    await revokes(peer, agreed)
    with pytest.raises(NotFound):
        await sealed(agency, reading)
    assert await trailed(agency.house, reading) == []


async def test_a_page_of_a_list_is_not_shown_when_one_on_it_takes_consent_back(peer: Caller, agency: Caller) -> None:
    staying, leaving = await asked(peer, agency), await asked(peer, agency)
    listing = await at_the_gate(agency, "GET /v1/referrals")
    found, _ = await referrals.listed(listing.permit, PageRequest())  # type: ignore[arg-type]
    assert len(found) == 2
    await revokes(peer, leaving)
    with pytest.raises(NotFound):
        await sealed(agency, listing)
    assert await trailed(agency.house, listing) == []
    shown = ok(await agency.get("/v1/referrals"))["items"]
    assert [item["reference"] for item in shown] == [staying.referral["reference"]]


async def test_a_move_made_before_the_revocation_is_not_kept_after_it(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    moving = await at_the_gate(agency, "POST /v1/referrals/{id}/transitions", id=agreed.referral["reference"])
    await move(moving.permit, ReferralMove(to="accepted"))
    await revokes(peer, agreed)
    with pytest.raises(MovedMeanwhile) as met:
        await sealed(agency, moving)
    assert met.value.once_more, "at the gate there is nothing there by now"
    rows, steps = await agency.house.rows(table_of(Referral).select(), table_of(ReferralStep).select())
    assert [row.state.value for row in rows] == ["requested"]
    assert list(steps) == []
    assert await trailed(agency.house, moving) == []


async def test_who_is_not_concerned_is_not_held_up(peer: Caller, agency: Caller) -> None:
    staying, leaving = await asked(peer, agency), await asked(peer, agency)
    reading = await at_the_gate(agency, "GET /v1/referrals/{id}", id=staying.referral["reference"])
    await revokes(peer, leaving)
    await sealed(agency, reading)
    assert [entry.outcome for entry in await trailed(agency.house, reading)] == [200]


async def test_a_consent_given_anew_does_not_bring_an_old_passage_back(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    reading = await at_the_gate(agency, "GET /v1/referrals/{id}", id=agreed.referral["reference"])
    await revokes(peer, agreed)
    named = {"preset": "referral_loop", "organization_id": str(agency.organization_id)}
    ok(await peer.post(f"/v1/participants/{agreed.code}/consents", named))
    with pytest.raises(NotFound):
        await sealed(agency, reading)


async def test_the_programs_own_writes_collide_and_may_be_made_again(peer: Caller, house: House) -> None:
    agreed = await asked(peer, house.agency)
    writing = await at_the_gate(peer, "POST /v1/participants/{code}/encounters", code=agreed.code)
    encounters.record(writing.permit, EncounterDraft(**encounter()))  # type: ignore[arg-type]
    await revokes(peer, agreed)
    with pytest.raises(WriteCollided):
        await sealed(peer, writing)
    assert await house.rows(table_of(Encounter).select()) == [[]]
    await peer.records(agreed.code)


async def test_of_two_revocations_at_the_gate_one_is_kept(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    assert agreed.consent is not None
    place = {"code": agreed.code, "id": agreed.consent["id"]}
    twins = [await at_the_gate(peer, "POST /v1/participants/{code}/consents/{id}/revoke", **place) for _ in range(2)]
    for twin in twins:
        await disclosure.revoke(twin.permit, UUID(agreed.consent["id"]))  # type: ignore[arg-type]
    await sealed(peer, twins[0])
    with pytest.raises((AlreadyRevoked, WriteCollided)):
        await sealed(peer, twins[1])
    people, revocations = await peer.house.rows(table_of(Participant).select(), table_of(ConsentRevocation).select())
    assert [person.epoch for person in people] == [2]
    assert len(revocations) == 1


@asynccontextmanager
async def a_revocation_under_way(house: House) -> AsyncIterator[None]:
    """Somebody else's transaction that begins new epochs, and commits as the block ends."""
    table = table_of(Participant)
    next_epoch = update(table).values(epoch=table.c.epoch + 1)
    url = house.settings.effective_database_url
    if url.startswith("sqlite"):
        engine = sqlite_engine(url)
        with engine.begin() as connection:
            connection.execute(next_epoch)
            yield
        engine.dispose()
        return
    postgresql = postgresql_engine(url, pool_size=1)
    async with postgresql.begin() as asynchronous:
        await asynchronous.execute(next_epoch)
        yield
    await postgresql.dispose()


async def test_a_seal_waits_for_a_revocation_that_is_under_way(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    reading = await at_the_gate(agency, "GET /v1/referrals/{id}", id=agreed.referral["reference"])
    async with a_revocation_under_way(agency.house):
        sealing = asyncio.create_task(sealed(agency, reading))
        await asyncio.wait([sealing], timeout=0.2)
        assert not sealing.done()
    with pytest.raises(NotFound):
        await sealing
    assert await trailed(agency.house, reading) == []


async def _reads(agency: Caller, agreed: Asked) -> list[httpx2.Response]:
    path = f"/v1/referrals/{agreed.referral['reference']}"
    return [await agency.get(path) for _ in range(5)]


async def test_while_consent_is_taken_back_an_agency_sees_all_or_nothing(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    *rounds, _ = await asyncio.gather(*(_reads(agency, agreed) for _ in range(6)), revokes(peer, agreed))
    for answers in rounds:
        statuses = [answer.status_code for answer in answers]
        assert statuses == sorted(statuses)
        for answer in answers:
            if answer.status_code == 200:
                assert ok(answer)["code"] == agreed.referral["agency_code"]
            else:
                refused(answer, 404, "not_found")
    refused(await agency.get(f"/v1/referrals/{agreed.referral['reference']}"), 404, "not_found")


async def test_while_another_consent_holds_revoking_one_is_never_noticed(house: House) -> None:
    peer, agency = house.peer, house.agency
    code = await peer.enrolls()
    asked = {"organization_id": str(agency.organization_id)}
    named = {"preset": "referral_loop", **asked}
    await peer.post(f"/v1/participants/{code}/consents", named)
    referral = ok(await peer.post(f"/v1/participants/{code}/referrals", {**asked, "need": "mutual-aid"}))
    for _ in range(4):
        other = ok(await peer.post(f"/v1/participants/{code}/consents", named))
        reads = [agency.get(f"/v1/referrals/{referral['reference']}") for _ in range(8)]
        reads += [peer.get(f"/v1/participants/{code}/timeline") for _ in range(8)]
        revoking = peer.post(f"/v1/participants/{code}/consents/{other['id']}/revoke")
        answers = await asyncio.gather(*reads[:6], revoking, *reads[6:])
        assert [answer.status_code for answer in answers] == [200] * len(answers)
