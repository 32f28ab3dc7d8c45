"""Signing off: a supervisor looks again at encounters that were drawn; optional, and nothing of an encounter changes.

Supervision keeps who looked and the encounters room what was recorded, and neither room knows the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.privacy.retention import month_of
from true_api.rooms.encounters.service import AlreadyRevised, current
from true_api.rooms.encounters.tables import Encounter, EncounterRevision
from true_api.rooms.supervision import drawing, practice
from true_api.rooms.supervision.tables import SignOff
from true_api.rooms.supervision.vocabulary import SignOffOutcome
from true_api.security.permits import ListPermit, Permit, RecordPermit

MOST_AMENDMENTS = 50
"""An encounter that was amended more often is drawn by what it was then."""


class NotDrawn(Conflict):
    """This encounter was not drawn for sign-off: nobody picks, and a team that samples nothing signs nothing."""

    code = "not_drawn"


class OwnEncounter(Conflict):
    """Nobody signs off what they recorded themselves."""

    code = "own_encounter"


class SignedBefore(Conflict):
    """This encounter was signed off before."""

    code = "signed_before"


REFUSALS: dict[SignOffOutcome, type[Conflict]] = {
    SignOffOutcome.NOT_DRAWN: NotDrawn,
    SignOffOutcome.OWN_ENCOUNTER: OwnEncounter,
    SignOffOutcome.SIGNED_BEFORE: SignedBefore,
    SignOffOutcome.NO_LONGER_CURRENT: AlreadyRevised,
}


@dataclass(frozen=True)
class Draw:
    """A team's month: the seed if the month is over, and every drawn encounter within reach with its sign-off."""

    month: date
    commitment: str
    seed: str | None
    drawn: Sequence[tuple[Any, UUID, Any]]


async def sign(permit: RecordPermit) -> SignOff:
    """Sign one encounter off. Raises `NotDrawn`, `OwnEncounter`, `SignedBefore`, `AlreadyRevised`."""
    outcome = (await _judged(permit, [permit.record]))[permit.record.id]
    if outcome is not SignOffOutcome.SIGNED:
        raise REFUSALS[outcome]
    return _sign(permit, permit.record.id)


async def sign_each(permit: ListPermit, wanted: Sequence[UUID]) -> list[tuple[UUID, SignOffOutcome]]:
    """Sign off those of a batch that can be, and say of each what became of it."""
    encounters = table_of(Encounter)
    found = await permit.rows(Encounter, permit.own(Encounter).where(encounters.c.id.in_(wanted)))
    judged = await _judged(permit, found)
    outcomes = [(one, judged.get(one, SignOffOutcome.NOT_FOUND)) for one in dict.fromkeys(wanted)]
    for encounter, outcome in outcomes:
        if outcome is SignOffOutcome.SIGNED:
            _sign(permit, encounter)
    return outcomes


def _sign(permit: Permit, encounter: UUID) -> SignOff:
    signed = SignOff(encounter_id=encounter, member_id=permit.actor.id, signed_on=permit.today)
    return permit.keep(signed, or_else=SignedBefore.meanwhile())


async def _judged(permit: Permit, rows: Sequence[Any]) -> dict[UUID, SignOffOutcome]:
    signed, revised = await permit.parts(SignOff, rows), await permit.parts(EncounterRevision, rows)
    drawn = {row.id for row, _ in await _drawn(permit, [row for row in rows if row.team_id == permit.team])}
    outcomes = {}
    for row in rows:
        if row.member_id == permit.actor.id:
            outcomes[row.id] = SignOffOutcome.OWN_ENCOUNTER
        elif row.id not in drawn:
            outcomes[row.id] = SignOffOutcome.NOT_DRAWN
        elif revised[row.id]:
            outcomes[row.id] = SignOffOutcome.NO_LONGER_CURRENT
        else:
            outcomes[row.id] = SignOffOutcome.SIGNED_BEFORE if signed[row.id] else SignOffOutcome.SIGNED
    return outcomes


async def _drawn(permit: Permit, rows: Sequence[Any]) -> list[tuple[Any, UUID]]:
    """Those encounters of the caller's team that are in its share of their day, and the id that each was drawn by."""
    shares = await practice.shares(permit)
    if not rows or not any(share.percent for share in shares):
        return []
    key, first = await permit.keyring.own_key(drawing.KEY), await _first_records(permit, [row.id for row in rows])
    seeds = {month: drawing.seed_of(key, permit.team, month) for month in {month_of(row.occurred_on) for row in rows}}
    return [
        (row, first[row.id])
        for row in rows
        if drawing.is_drawn(
            seeds[month_of(row.occurred_on)], first[row.id], practice.percent_on(shares, row.occurred_on)
        )
    ]


async def _first_records(permit: Permit, ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """The id of the first record of each encounter: amending one gives it another id, and no other chance."""
    first, revisions = {one: one for one in ids}, table_of(EncounterRevision)
    for _ in range(MOST_AMENDMENTS):
        asked = select(revisions.c.encounter_id, revisions.c.amended_by).where(
            revisions.c.amended_by.in_(set(first.values()))
        )
        earlier = {row.amended_by: row.encounter_id for row in (await permit.database.read(asked))[0]}
        if not earlier:
            break
        first = {one: earlier.get(root, root) for one, root in first.items()}
    return first


async def draw(permit: ListPermit, month: date) -> Draw:
    """What was drawn of the encounters of one month in the caller's team, and how to draw it again."""
    encounters, following = table_of(Encounter), month_of(month + timedelta(days=31))
    within = encounters.c.occurred_on >= month, encounters.c.occurred_on < following
    asked = permit.own(Encounter).where(*within, encounters.c.team_id == permit.team, current(encounters))
    rows = (await permit.database.read(asked.order_by(encounters.c.occurred_on.desc(), encounters.c.id.desc())))[0]
    drawn = await _drawn(permit, rows)
    for row, _ in drawn:
        if row.participant_id is not None:
            permit.about(row.participant_id)
    signed = await permit.parts(SignOff, [row for row, _ in drawn])
    seed = drawing.seed_of(await permit.keyring.own_key(drawing.KEY), permit.team, month)
    return Draw(
        month,
        drawing.commitment(seed),
        seed if following <= permit.today else None,
        [(row, root, next(iter(signed[row.id]), None)) for row, root in drawn],
    )


async def by_id(permit: Permit, signed: UUID) -> Any:
    """A sign-off by its own id, for an answer that is given again."""
    table = table_of(SignOff)
    return (await permit.database.read(select(table).where(table.c.id == signed)))[0][0]
