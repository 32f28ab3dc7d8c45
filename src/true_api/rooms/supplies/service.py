"""What this room decides about movements: each is kept with its entries, and stock is their sum."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from true_api.kernel.effects import Change, Keep
from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.rows import table_of
from true_api.rooms.supplies.book import Book, open_book
from true_api.rooms.supplies.ledger import hand_out
from true_api.rooms.supplies.places import SiteClosed, sites
from true_api.rooms.supplies.schemas import MovementDraft
from true_api.rooms.supplies.tables import SupplyEntry, SupplyLot, SupplyMovement, SupplyStock
from true_api.rooms.supplies.vocabulary import MovementKind
from true_api.security.permits import Permit, RecordPermit, StaffPermit

Made = tuple[Mapping[str, Any], bool]
"""A movement by field, and whether the book was corrected with it."""


class MovementNotYetHappened(Conflict):
    """A movement of stock is recorded after it happened, never before."""

    code = "movement_not_yet_happened"


class LotDiffers(Conflict):
    """This lot was received with another last day, or other doses per kit, and some of it is still there."""

    code = "lot_differs"


class AlreadyVoided(Conflict):
    """This movement was voided before, or voids another; record what happened anew."""

    code = "movement_already_voided"


async def record(permit: StaffPermit, draft: MovementDraft) -> Made:
    """Record what happened to stock. Raises the conflicts of this room."""
    if draft.occurred_on > permit.today:
        raise MovementNotYetHappened
    places = [site for site in (draft.site_id, draft.to_site_id) if site is not None]
    known = await sites(permit, places)
    brought_to = {MovementKind.RECEIVE: draft.site_id, MovementKind.TRANSFER: draft.to_site_id}.get(draft.kind)
    if brought_to is not None and not known[brought_to].active:
        raise SiteClosed
    book = await open_book(permit, places, [draft.item], [draft.lot])
    movement = SupplyMovement(**draft.model_dump(include=set(SupplyMovement.model_fields)))
    permit.keep(movement)
    if draft.kind is MovementKind.GIVE:
        give(book, movement, draft.lot, permit.today)
    elif draft.kind is MovementKind.RECEIVE:
        book.move(movement, draft.site_id, await _received(permit, book, draft), draft.quantity)
    else:
        _move(book, movement, book.lot(draft.item, draft.lot))
    return vars(movement), movement.id in book.close()


def _move(book: Book, movement: SupplyMovement, lot_id: UUID) -> None:
    if movement.kind is MovementKind.COUNT:
        book.count(movement, lot_id)
        return
    change = movement.quantity if movement.kind is MovementKind.RETURN else -movement.quantity
    book.move(movement, movement.site_id, lot_id, change)
    if movement.to_site_id is not None:
        book.move(movement, movement.to_site_id, lot_id, movement.quantity)


def give(book: Book, movement: SupplyMovement, number: str | None, today: date) -> None:
    """Book a gift: from the lot that was named, or first-expiry-first, and the rest from what has no lot number.

    A kit that left a hand has left it: a gift is never refused for the book's sake.
    """
    if number is not None:
        book.give(movement, book.lot(movement.item, number), movement.quantity)
        return
    taken, rest = hand_out(book.shelf(movement.site_id, movement.item), movement.quantity, today)
    for lot_id, quantity in taken:
        book.give(movement, lot_id, quantity)
    if rest:
        book.give(movement, book.lot(movement.item, None), rest)


async def _received(permit: Permit, book: Book, draft: MovementDraft) -> UUID:
    """The lot that came: a new one, or one that is known. What was said of it before stands while any is there."""
    if draft.lot is None:
        return book.lot(draft.item, None)
    known = book.known_lot(draft.item, draft.lot)
    if known is None:
        doses = draft.doses_per_kit
        return book.add_lot(SupplyLot(item=draft.item, lot=draft.lot, expires_on=draft.expires_on, doses_per_kit=doses))
    said = {"expires_on": draft.expires_on, "doses_per_kit": draft.doses_per_kit}
    news = {name: value for name, value in said.items() if value not in (None, getattr(known, name))}
    if news:
        if any(getattr(known, name) is not None for name in news) and await _is_there(permit, known.id):
            raise LotDiffers
        lots = table_of(SupplyLot)
        permit.unit.effects.append(Change(lots, known.id, known.version, news, WriteCollided.meanwhile()))
    identity: UUID = known.id
    return identity


async def _is_there(permit: Permit, lot_id: UUID) -> bool:
    stock = table_of(SupplyStock)
    total = select(func.coalesce(func.sum(stock.c.quantity), 0).label("total")).where(stock.c.lot_id == lot_id)
    return bool((await permit.database.read(total))[0][0].total)


async def void(permit: RecordPermit) -> Made:
    """Take a movement back by another one, corrections included. Raises `AlreadyVoided`, `StockTooSmall`."""
    old = permit.record
    if old.voids_id is not None or await voided(permit, [old.id]):
        raise AlreadyVoided
    book = await open_book(permit, [site for site in (old.site_id, old.to_site_id) if site is not None], [old.item])
    new = take_back(permit, book, old, await permit.parts_of_record(SupplyEntry))
    permit.unit.resource = new.id
    return vars(new), new.id in book.close()


def take_back(permit: Permit, book: Book, old: Any, entries: list[Any]) -> SupplyMovement:
    """The movement that takes an old one back, kept with what it adds to the book."""
    kept = {name: getattr(old, name) for name in ("kind", "site_id", "to_site_id", "item", "quantity")}
    reasons = {"refill_reason": old.refill_reason, "discard_reason": old.discard_reason}
    new = SupplyMovement(
        **kept, **reasons, occurred_on=permit.today, voids_id=old.id, gift_reference=old.gift_reference
    )
    permit.unit.effects.append(Keep.row(new, AlreadyVoided))
    for entry in entries:
        book.reverse(new, entry)
    return new


async def voided(permit: Permit, ids: list[UUID]) -> dict[UUID, UUID]:
    """Which of these movements were taken back, and by which."""
    movements = table_of(SupplyMovement)
    asked = select(movements.c.id, movements.c.voids_id).where(movements.c.voids_id.in_(ids))
    return {row.voids_id: row.id for row in (await permit.database.read(asked))[0]}
