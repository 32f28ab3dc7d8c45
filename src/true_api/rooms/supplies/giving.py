"""Giving in an encounter: stock moves in the commit of the encounter, and nothing names a person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.effects import Keep, Remove
from true_api.kernel.rows import table_of
from true_api.rooms.supplies import service
from true_api.rooms.supplies.book import Book, open_book
from true_api.rooms.supplies.places import sites
from true_api.rooms.supplies.schemas import GivenDraft as GivenDraft
from true_api.rooms.supplies.schemas import MovementMade
from true_api.rooms.supplies.tables import EncounterSupply, SupplyEntry, SupplyMovement
from true_api.rooms.supplies.views import made
from true_api.rooms.supplies.vocabulary import MovementKind
from true_api.security.permits import Permit


async def give(
    permit: Permit,
    given: Sequence[GivenDraft],
    *,
    site_id: UUID,
    encounter_id: UUID,
    on: date | None = None,
    instead_of: UUID | None = None,
) -> list[MovementMade]:
    """Move what was given out of a site's stock, in the commit of the encounter, which is kept before this is called.

    `on` is the encounter's day (today where it is left out); with `instead_of`, the encounter that is being amended,
    what was given in that one comes back first. Never refuses a gift for lack of stock: the answer then says
    `stock_corrected`. Raises `NoSuchSite`, `NoSuchLot`.
    """
    await sites(permit, [site_id])
    old = await _given_in(permit, [instead_of] if instead_of is not None else [])
    items = {*(one.item for one in given), *(row.item for row in old)}
    places = {site_id, *(row.site_id for row in old)}
    book = await open_book(permit, places, items, [one.lot for one in given])
    await _take_back(permit, book, old)
    link = EncounterSupply(encounter_id=encounter_id)
    new = [_gift(one, site_id, on or permit.today, link.reference) for one in given]
    if new:
        permit.unit.effects += [Keep.row(link), *(Keep.row(movement) for movement in new)]
    # Lots that were named first, so that what expires first is picked from what is left of them.
    for one, movement in sorted(zip(given, new, strict=True), key=lambda both: both[0].lot is None):
        service.give(book, movement, one.lot, permit.today)
    corrected = book.close()
    return [made(vars(movement), movement.id in corrected) for movement in new]


def _gift(given: GivenDraft, site_id: UUID, on: date, reference: UUID) -> SupplyMovement:
    return SupplyMovement(
        kind=MovementKind.GIVE,
        site_id=site_id,
        item=given.item,
        quantity=given.quantity,
        occurred_on=on,
        refill_reason=given.refill_reason,
        gift_reference=reference,
    )


async def carry_over(permit: Permit, old: UUID, new: UUID) -> None:
    """What was given in an encounter stands, from now on, with the one that was recorded in its place."""
    links = table_of(EncounterSupply)
    for link in (await permit.database.read(select(links).where(links.c.encounter_id == old)))[0]:
        moved = EncounterSupply(encounter_id=new, reference=link.reference)
        permit.unit.effects += [Remove(links, "encounter_id", (old,)), Keep.row(moved)]


async def take_back(permit: Permit, encounter_id: UUID) -> None:
    """What was given in an encounter comes back to stock: it is voided, and did not happen so."""
    old = await _given_in(permit, [encounter_id])
    book = await open_book(permit, [row.site_id for row in old], [row.item for row in old])
    await _take_back(permit, book, old)
    book.close()


async def given_in(permit: Permit, encounter_ids: Sequence[UUID]) -> Mapping[UUID, list[MovementMade]]:
    """What was given in these encounters and not taken back, by encounter; the caller may see them."""
    found: dict[UUID, list[MovementMade]] = {encounter: [] for encounter in encounter_ids}
    rows = await _given_in(permit, encounter_ids)
    entries = await permit.parts(SupplyEntry, rows)
    for row in rows:
        corrected = any(entry.correction for entry in entries[row.id])
        found[row.encounter_id].append(made(row._mapping, corrected))
    return found


async def _given_in(permit: Permit, encounter_ids: Sequence[UUID]) -> list[Any]:
    if not encounter_ids:
        return []
    movements, links = table_of(SupplyMovement), table_of(EncounterSupply)
    asked = (
        select(movements, links.c.encounter_id)
        .join(links, links.c.reference == movements.c.gift_reference)
        .where(links.c.encounter_id.in_(encounter_ids), movements.c.voids_id.is_(None))
        .order_by(movements.c.id)
    )
    rows = list((await permit.database.read(asked))[0])
    gone = await service.voided(permit, [row.id for row in rows]) if rows else {}
    return [row for row in rows if row.id not in gone]


async def _take_back(permit: Permit, book: Book, old: Sequence[Any]) -> None:
    entries = await permit.parts(SupplyEntry, old)
    for row in old:
        service.take_back(permit, book, row, entries[row.id])
