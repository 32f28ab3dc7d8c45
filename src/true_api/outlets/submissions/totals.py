"""What a funder pays by, added up exactly over the whole program."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.outlets.statistics.periods import Period
from true_api.outlets.submissions.vocabulary import SubmittedTotal
from true_api.rooms.encounters.service import current as current_encounter
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import Act, Outcome
from true_api.rooms.overdoses.service import current as current_event
from true_api.rooms.overdoses.tables import OverdoseEvent
from true_api.rooms.overdoses.vocabulary import OverdoseKind
from true_api.rooms.supplies.tables import SupplyEntry, SupplyLot, SupplyMovement, SupplyStock
from true_api.rooms.supplies.vocabulary import DOSES_PER_KIT, NALOXONE, MovementKind


async def totals_of(database: Database, period: Period) -> Mapping[SubmittedTotal, int]:
    """Each total of a period: what was amended or voided does not count."""
    asked = _visits(period), _kits(period), _other_doses(period), _reversals(period)
    visits, kits, other_doses, reversals = (int(rows[0][0] or 0) for rows in await database.read(*asked))
    return {
        SubmittedTotal.VISITS: visits,
        SubmittedTotal.KITS: kits,
        SubmittedTotal.DOSES: kits * DOSES_PER_KIT + other_doses,
        SubmittedTotal.REVERSALS: reversals,
    }


def _within(day: ColumnElement[Any], period: Period) -> tuple[ColumnElement[bool], ...]:
    return day >= period.first_day, day < period.end


def _visits(period: Period) -> Select[Any]:
    encounters = table_of(Encounter)
    reached = encounters.c.outcome != Outcome.UNABLE_TO_REACH
    within = _within(encounters.c.occurred_on, period)
    return select(func.count()).select_from(encounters).where(*within, reached, current_encounter(encounters))


def _kits(period: Period) -> Select[Any]:
    encounters, acts = table_of(Encounter), table_of(EncounterAct)
    given = select(func.sum(func.coalesce(acts.c.quantity, 1))).select_from(
        acts.join(encounters, encounters.c.id == acts.c.encounter_id)
    )
    within = _within(encounters.c.occurred_on, period)
    return given.where(acts.c.act == Act.NALOXONE_GIVEN, *within, current_encounter(encounters))


def _other_doses(period: Period) -> Select[Any]:
    """What the lots of the kits that were given hold more, or less, than two doses in each."""
    movements, entries = table_of(SupplyMovement), table_of(SupplyEntry)
    stock, lots = table_of(SupplyStock), table_of(SupplyLot)
    voiding = movements.alias("voiding")
    kits, difference = -entries.c.change, func.coalesce(lots.c.doses_per_kit, DOSES_PER_KIT) - DOSES_PER_KIT
    given = entries.join(movements, movements.c.id == entries.c.movement_id).join(
        stock.join(lots, lots.c.id == stock.c.lot_id), stock.c.id == entries.c.stock_id
    )
    return (
        select(func.sum(kits * difference))
        .select_from(given)
        .where(
            *_within(movements.c.occurred_on, period),
            movements.c.kind == MovementKind.GIVE,
            movements.c.item.in_(sorted(NALOXONE)),
            movements.c.gift_reference.is_not(None),
            movements.c.voids_id.is_(None),
            not_(exists().where(voiding.c.voids_id == movements.c.id)),
            not_(entries.c.correction),
        )
    )


def _reversals(period: Period) -> Select[Any]:
    events = table_of(OverdoseEvent)
    within = _within(events.c.occurred_on, period)
    reversed_ones = events.c.kind == OverdoseKind.REVERSAL
    return select(func.count()).select_from(events).where(*within, reversed_ones, current_event(events))
