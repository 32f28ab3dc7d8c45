"""Doors to sign-off: a supervisor looks again at encounters that were drawn, one by one or in a batch."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.door import ITEM_BY_ITEM
from true_api.api.doors import Doors, Permitted
from true_api.journeys import signing_off
from true_api.kernel.schemas import Draft
from true_api.rooms.encounters.service import AlreadyRevised
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.supervision.sign_offs import (
    DrawnEncounter,
    DrawView,
    SignOffBatch,
    SignOffDraft,
    SignOffLine,
    SignOffView,
)
from true_api.security.gates import ListGate, RecordGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit
from true_api.security.roles import Permission

doors = Doors("", tag="Supervision")

SIGN = RecordGate(Permission.SIGN_OFF_WRITE, Encounter)
SIGN_EACH = ListGate(Permission.SIGN_OFF_WRITE)
READ = ListGate(Permission.SIGN_OFF_READ)

MonthText = Annotated[str, Field(pattern=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])]


class DrawQuery(Draft):
    """One month."""

    month: MonthText = Field(description="Written 2026-11.")


def _view(signed: Any) -> SignOffView:
    return SignOffView(encounter_id=signed.encounter_id, signed_by=signed.member_id, signed_on=signed.signed_on)


async def _again(permit: Permit, signed: UUID) -> SignOffView:
    return _view(await signing_off.by_id(permit, signed))


@doors.open(
    "POST",
    "/encounters/{id}/sign-off",
    SIGN,
    status=201,
    again=_again,
    refuses=(
        signing_off.NotDrawn,
        signing_off.OwnEncounter,
        signing_off.SignedBefore,
        AlreadyRevised,
        NoTeam,
    ),
)
async def sign_encounter_off(id: str, permit: Permitted[RecordPermit]) -> SignOffView:
    """Say that the caller looked at an encounter that was drawn. Nothing of the encounter changes."""
    return _view(await signing_off.sign(permit))


@doors.open("POST", "/sign-offs", SIGN_EACH, again=ITEM_BY_ITEM, refuses=(signing_off.SignedBefore, NoTeam))
async def sign_encounters_off(draft: SignOffDraft, permit: Permitted[ListPermit]) -> SignOffBatch:
    """Sign off those encounters of a batch that were drawn; each gets an outcome of its own, and may be sent again."""
    outcomes = await signing_off.sign_each(permit, draft.encounter_ids)
    return SignOffBatch(items=[SignOffLine(encounter_id=one, outcome=outcome) for one, outcome in outcomes])


@doors.open("GET", "/sign-offs", READ, refuses=(NoTeam,))
async def read_draw(query: Annotated[DrawQuery, Query()], permit: Permitted[ListPermit]) -> DrawView:
    """Read which encounters of a month were drawn in the caller's team, as far as they reach them, and who looked.

    Once the month is over the seed is told, and anybody can draw again: an encounter is drawn when the first eight
    bytes of SHA-256 over the seed, a colon and its id are, as a part of 2^64, below the share of its day.
    """
    year, month = query.month.split("-")
    draw = await signing_off.draw(permit, date(int(year), int(month), 1))
    return DrawView(
        month=query.month, commitment=draw.commitment, seed=draw.seed, items=[_drawn(*one) for one in draw.drawn]
    )


def _drawn(encounter: Any, root: UUID, signed: Any) -> DrawnEncounter:
    return DrawnEncounter(
        encounter_id=encounter.id,
        drawn_by=root,
        member_id=encounter.member_id,
        occurred_on=encounter.occurred_on,
        signed_by=signed and signed.member_id,
        signed_on=signed and signed.signed_on,
    )
