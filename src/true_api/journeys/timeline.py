"""The timeline: everything recorded of one participant across the rooms, newest first, as one keyset."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, literal, select, union_all

from true_api.kernel.errors import WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import Row, table_of
from true_api.rooms.consents import service as consents
from true_api.rooms.consents.tables import Consent
from true_api.rooms.encounters import service as encounters
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.overdoses import service as overdoses
from true_api.rooms.overdoses.tables import OverdoseEvent
from true_api.rooms.plans import service as plans
from true_api.rooms.plans.tables import Plan
from true_api.rooms.readiness import service as readiness
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals import service as referrals
from true_api.rooms.referrals.tables import Referral
from true_api.security.permits import CasePermit


class Kind(StrEnum):
    """What an item of the timeline is."""

    ENCOUNTER = "encounter"
    READINESS_NOTE = "readiness_note"
    REFERRAL = "referral"
    CONSENT = "consent"
    OVERDOSE_EVENT = "overdose_event"
    PLAN = "plan"


DAY_OF: dict[Kind, tuple[type[Row], str]] = {
    Kind.ENCOUNTER: (Encounter, "occurred_on"),
    Kind.READINESS_NOTE: (ReadinessNote, "occurred_on"),
    Kind.REFERRAL: (Referral, "requested_on"),
    Kind.CONSENT: (Consent, "given_on"),
    Kind.OVERDOSE_EVENT: (OverdoseEvent, "occurred_on"),
    Kind.PLAN: (Plan, "written_on"),
}

READERS: dict[Kind, Callable[[CasePermit, list[UUID]], Awaitable[dict[UUID, Any]]]] = {
    Kind.ENCOUNTER: encounters.by_ids,
    Kind.READINESS_NOTE: readiness.by_ids,
    Kind.REFERRAL: referrals.by_ids,
    Kind.CONSENT: consents.by_ids,
    Kind.OVERDOSE_EVENT: overdoses.by_ids,
    Kind.PLAN: plans.by_ids,
}

CURRENT: dict[Kind, Callable[[Any], Any]] = {
    Kind.ENCOUNTER: encounters.current,
    Kind.OVERDOSE_EVENT: overdoses.current,
}
"""Of kinds that are corrected by another record, which ones count."""


@dataclass(frozen=True)
class Item:
    """One thing that happened, and the record of it."""

    kind: Kind
    on: date
    record: Any
    record_id: UUID


async def timeline(permit: CasePermit, page: PageRequest) -> tuple[list[Item], str | None]:
    """One page of everything of this participant that is within the caller's reach."""
    journey = union_all(*(_line(permit, kind) for kind in Kind)).subquery()
    places: list[Any]
    places, following = await permit.page(None, select(journey), [journey.c.happened_on, journey.c.id], page)
    records = await _records(permit, places)
    if len(records) < len(places):
        # Between the two reads the person asked to be forgotten: the gate says what holds now.
        raise WriteCollided.meanwhile()
    items = [Item(Kind(place.kind), place.happened_on, records[place.id], place.id) for place in places]
    return items, following


def _line(permit: CasePermit, kind: Kind) -> Select[Any]:
    row, day = DAY_OF[kind]
    table = table_of(row)
    line = permit.own(row).with_only_columns(
        literal(kind.value, String(20)).label("kind"), table.c[day].label("happened_on"), table.c.id
    )
    return line.where(CURRENT[kind](table)) if kind in CURRENT else line


async def _records(permit: CasePermit, places: Sequence[Any]) -> dict[UUID, Any]:
    """The records behind the places, read once per kind for the whole page."""
    records: dict[UUID, Any] = {}
    for kind, by_ids in READERS.items():
        ids = [place.id for place in places if place.kind == kind.value]
        if ids:
            records |= await by_ids(permit, ids)
    return records
