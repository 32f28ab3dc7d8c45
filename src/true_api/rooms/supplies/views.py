"""How movements are read and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.supplies.schemas import EntryView, MovementMade, MovementView
from true_api.rooms.supplies.service import voided
from true_api.rooms.supplies.tables import SupplyEntry, SupplyLot, SupplyMovement, SupplyStock
from true_api.rooms.supplies.vocabulary import BookNotice, MovementKind, SupplyItem, unit_of
from true_api.security.permits import ListPermit, Permit


def made(movement: Mapping[str, Any], corrected: bool = False) -> MovementMade:
    """A movement as it was just recorded."""
    return MovementMade.of(movement, **_beside(movement, corrected))


def _beside(movement: Mapping[str, Any], corrected: bool) -> dict[str, Any]:
    return {
        "unit": unit_of(movement["item"]),
        "in_encounter": movement["gift_reference"] is not None,
        "voids": movement["voids_id"],
        "warnings": [BookNotice.STOCK_CORRECTED] if corrected else [],
    }


async def by_id(permit: Permit, movement: UUID) -> MovementView:
    """One movement with its entries. Raises `NotFound`."""
    return (await _together(permit, [await permit.one(SupplyMovement, table_of(SupplyMovement).c.id == movement)]))[0]


@dataclass(frozen=True)
class Asked:
    """Which movements: to or from a site, of one kind, of one item, with or without a correction of the book."""

    site_id: UUID | None = None
    kind: MovementKind | None = None
    item: SupplyItem | None = None
    corrected: bool | None = None


async def movements(permit: ListPermit, page: PageRequest, asked: Asked) -> tuple[list[MovementView], str | None]:
    """Movements, the latest day first."""
    table, entries = table_of(SupplyMovement), table_of(SupplyEntry)
    found = permit.own(SupplyMovement)
    if asked.site_id is not None:
        found = found.where(or_(table.c.site_id == asked.site_id, table.c.to_site_id == asked.site_id))
    for column, wanted in ((table.c.kind, asked.kind), (table.c.item, asked.item)):
        if wanted is not None:
            found = found.where(column == wanted)
    if asked.corrected is not None:
        correction = exists().where(entries.c.movement_id == table.c.id, entries.c.correction)
        found = found.where(correction if asked.corrected else ~correction)
    rows, following = await permit.page(SupplyMovement, found, [table.c.occurred_on, table.c.id], page)
    return await _together(permit, rows), following


async def _together(permit: Permit, rows: Sequence[Any]) -> list[MovementView]:
    stock, lots, entries = table_of(SupplyStock), table_of(SupplyLot), table_of(SupplyEntry)
    lines = (
        select(entries, stock.c.site_id, lots.c.lot, lots.c.expires_on)
        .join(stock, stock.c.id == entries.c.stock_id)
        .join(lots, lots.c.id == stock.c.lot_id)
        .where(entries.c.movement_id.in_([row.id for row in rows]))
        .order_by(entries.c.id)
    )
    found = (await permit.database.read(lines))[0]
    gone = await voided(permit, [row.id for row in rows])
    views = []
    for row in rows:
        own = [entry for entry in found if entry.movement_id == row.id]
        corrected = any(entry.correction for entry in own)
        views.append(
            MovementView.of(
                row,
                **_beside(row._mapping, corrected),
                voided_by=gone.get(row.id),
                entries=[EntryView.of(entry, lot=entry.lot or None) for entry in own],
            )
        )
    return views
