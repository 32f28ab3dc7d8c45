"""Signing off: a supervisor looks again at encounters that were drawn; optional, and nothing of an encounter changes.

Supervision keeps who looked and the encounters room what was recorded, and neither room knows the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

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


@dataclass(frozen=True)
class _First:
    """The first record of an encounter: amending one gives it another id, perhaps another day, and no other chance."""

    id: UUID
    occurred_on: date

    @property
    def month(self) -> date:
        return month_of(self.occurred_on)


async def _drawn(permit: Permit, rows: Sequence[Any]) -> list[tuple[Any, _First]]:
    """Those encounters of the caller's team that are in its share of their day, with what each was drawn by."""
    shares = await practice.shares(permit)
    if not rows or not any(share.percent for share in shares):
        return []
    key, firsts = await permit.keyring.own_key(drawing.KEY), await _first_records(permit, rows)
    seeds = {month: drawing.seed_of(key, permit.team, month) for month in {first.month for first in firsts.values()}}
    return [
        (row, first)
        for row in rows
        if drawing.is_drawn(
            seeds[(first := firsts[row.id]).month], first.id, practice.percent_on(shares, first.occurred_on)
        )
    ]


async def _first_records(permit: Permit, rows: Sequence[Any]) -> Mapping[UUID, _First]:
    firsts = {row.id: _First(row.id, row.occurred_on) for row in rows}
    revisions, encounters = table_of(EncounterRevision), table_of(Encounter)
    joined = encounters.join(revisions, revisions.c.encounter_id == encounters.c.id)
    for _ in range(MOST_AMENDMENTS):
        asked = select(encounters.c.id, encounters.c.occurred_on, revisions.c.amended_by).select_from(joined)
        known = asked.where(revisions.c.amended_by.in_({first.id for first in firsts.values()}))
        earlier = {row.amended_by: _First(row.id, row.occurred_on) for row in (await permit.database.read(known))[0]}
        if not earlier:
            break
        firsts = {one: earlier.get(first.id, first) for one, first in firsts.items()}
    return firsts


async def draw(permit: ListPermit, month: date) -> Draw:
    """What was drawn of the encounters of one month in the caller's team, and how to draw it again."""
    encounters, following = table_of(Encounter), month_of(month + timedelta(days=31))
    within = and_(encounters.c.occurred_on >= month, encounters.c.occurred_on < following)
    # An amended record may bear another day than the first one, by which it was drawn.
    moved = encounters.c.id.in_(select(table_of(EncounterRevision).c.amended_by))
    asked = permit.own(Encounter).where(or_(within, moved), encounters.c.team_id == permit.team, current(encounters))
    rows = (await permit.database.read(asked.order_by(encounters.c.occurred_on.desc(), encounters.c.id.desc())))[0]
    drawn = [(row, first) for row, first in await _drawn(permit, rows) if first.month == month]
    for row, _ in drawn:
        if row.participant_id is not None:
            permit.about(row.participant_id)
    signed = await permit.parts(SignOff, [row for row, _ in drawn])
    seed = drawing.seed_of(await permit.keyring.own_key(drawing.KEY), permit.team, month)
    return Draw(
        month,
        drawing.commitment(seed),
        seed if following <= permit.today else None,
        [(row, first.id, next(iter(signed[row.id]), None)) for row, first in drawn],
    )


async def by_id(permit: Permit, signed: UUID) -> Any:
    """A sign-off by its own id, for an answer that is given again."""
    table = table_of(SignOff)
    return (await permit.database.read(select(table).where(table.c.id == signed)))[0][0]
