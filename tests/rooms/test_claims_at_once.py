"""Fifty agencies claim one offer at the same moment: one of them holds it, and all others are told so."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.rooms.offering import offers
from tests.world import NOON, Caller, House, ok
from true_api.kernel.effects import Unit
from true_api.kernel.rows import table_of
from true_api.rooms.offers.tables import OfferInvitation
from true_api.security.accounts import Client, Organization, OrganizationKind
from true_api.security.roles import Role

AT_ONCE, ROUNDS, FULL = 50, 8, 100


async def agencies(house: House) -> list[Caller]:
    """As many agencies as there are claims, each with a system of its own."""
    unit, callers = Unit(), []
    for number in range(AT_ONCE):
        agency = Organization(kind=OrganizationKind.PARTNER_AGENCY, name=f"Agency {number}", created_at=NOON)
        client = Client(
            organization_id=agency.id,
            role=Role.AGENCY,
            label=f"system {number}",
            secret_hash="never signs in",
            created_at=NOON,
        )
        unit.keep(agency)
        unit.keep(client)
        callers.append(Caller(f"agency {number}", client.id, Role.AGENCY, agency.id, True, house))
    await house.installation.database.commit(unit)
    return callers


async def invited(house: House, offer: str) -> dict[UUID, Any]:
    """The invitations to an offer, by agency."""
    invitations = table_of(OfferInvitation)
    found = (await house.rows(select(invitations).where(invitations.c.open_need_id == UUID(offer))))[0]
    return {row.organization_id: row for row in found}


async def claims_at_once(house: House, rounds: int) -> None:
    """In every round all agencies claim one offer at the same moment."""
    callers, code = await agencies(house), await house.peer.enrolls()
    for _ in range(rounds):
        offer = str((await offers(house, code))["id"])
        known = await invited(house, offer)
        paths = [f"/v1/offers/{known[caller.organization_id].reference}/claim" for caller in callers]
        answers = await asyncio.gather(*(caller.post(path) for caller, path in zip(callers, paths, strict=True)))
        held = [caller for caller, answer in zip(callers, answers, strict=True) if answer.status_code == 200]
        lost = [answer.json()["code"] for answer in answers if answer.status_code == 409]
        assert (len(held), lost) == (1, ["offer_held"] * (AT_ONCE - 1))
        read = ok(await house.peer.get(f"/v1/participants/{code}/offers/{offer}"))
        assert read["held_by"] == str(held[0].organization_id)
        assert sum(row.claims for row in (await invited(house, offer)).values()) == 1, "no other claim is used up"


async def test_of_fifty_claims_at_once_one_holds(house: House) -> None:
    await claims_at_once(house, ROUNDS)


@pytest.mark.proof
async def test_of_fifty_claims_at_once_one_holds_a_hundred_times(house: House) -> None:
    await claims_at_once(house, FULL)
