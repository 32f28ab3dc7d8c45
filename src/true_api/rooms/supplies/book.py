"""The book: what lies at some sites as it was read, and what one request does to it, in one commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, case, literal, select

from true_api.kernel.effects import Adjust, Keep, KeepSelected
from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.ids import new_id
from true_api.kernel.rows import table_of
from true_api.privacy.reach import within_reach
from true_api.rooms.supplies.ledger import OnShelf, lacking
from true_api.rooms.supplies.tables import NO_LOT, SupplyEntry, SupplyLot, SupplyMovement, SupplyStock
from true_api.rooms.supplies.vocabulary import SupplyItem
from true_api.security.permits import Permit


class NoSuchLot(Conflict):
    """No lot of this item with this number was ever received; receive it first, or leave the lot out."""

    code = "no_such_lot"


class StockTooSmall(Conflict):
    """There is less in the book than this would take away; count what is there, and record it again."""

    code = "stock_too_small"


class StockTooLarge(Conflict):
    """No program holds so much of one lot at one site; a number was mistyped."""

    code = "stock_too_large"


@dataclass
class Line:
    """One lot at one site: what was there when it was read, and what this request adds to it."""

    site_id: UUID
    lot_id: UUID
    there: int = 0
    id: UUID = field(default_factory=new_id)
    is_new: bool = True
    change: int = 0
    given_by: UUID | None = None
    """The last movement of this request that handed out of it, and may be more than the book knows of."""
    read_again: bool = False
    """What is done depends on what was there: if that is less by now, the request passes the gate once more."""

    @property
    def lacks(self) -> int:
        """By how much the book has to be corrected."""
        return lacking(self.there, -self.change)


class Book:
    """Collects what movements do to stock; `close` turns it into effects of the permit's unit."""

    def __init__(self, permit: Permit, lots: Iterable[Any], stock: Iterable[Any]) -> None:
        self._permit = permit
        self._lots: dict[tuple[SupplyItem, str], Any] = {(row.item, row.lot): row for row in lots}
        self._lots_by_id = {row.id: row for row in self._lots.values()}
        self._lines: dict[tuple[UUID, UUID], Line] = {}
        for row in stock:
            self._lots_by_id.setdefault(row.lot_id, row)
            self._lines[row.site_id, row.lot_id] = Line(row.site_id, row.lot_id, row.quantity, row.id, is_new=False)
        self._entries: list[SupplyEntry] = []

    def add_lot(self, lot: SupplyLot) -> UUID:
        """A lot that the book does not know yet; two who bring it at once come one after the other."""
        self._permit.unit.effects.append(Keep.row(lot, WriteCollided.meanwhile()))
        self._lots[lot.item, lot.lot] = self._lots_by_id[lot.id] = lot
        return lot.id

    def known_lot(self, item: SupplyItem, number: str) -> Any | None:
        """The lot with this number, if it was ever received."""
        return self._lots.get((item, number))

    def lot(self, item: SupplyItem, number: str | None) -> UUID:
        """The lot with this number, or what has none. Raises `NoSuchLot`: only receiving makes a lot."""
        known = self.known_lot(item, number or NO_LOT)
        if known is None and number is not None:
            raise NoSuchLot
        identity: UUID = self.add_lot(SupplyLot(item=item)) if known is None else known.id
        return identity

    def shelf(self, site_id: UUID, item: SupplyItem) -> list[OnShelf]:
        """What is left of an item at a site, after what this request did so far."""
        lots = ((line, self._lots_by_id[line.lot_id]) for line in self._lines.values() if line.site_id == site_id)
        return [
            OnShelf(line.lot_id, max(0, line.there + line.change), lot.expires_on, lot.lot != NO_LOT)
            for line, lot in lots
            if lot.item is item
        ]

    def move(
        self, movement: SupplyMovement, site_id: UUID, lot_id: UUID, change: int, correction: bool = False
    ) -> None:
        """So many come to a lot at a site, or go from it."""
        line = self._line(site_id, lot_id)
        line.change += change
        entry = SupplyEntry(movement_id=movement.id, stock_id=line.id, change=change, correction=correction)
        self._entries.append(entry)

    def give(self, movement: SupplyMovement, lot_id: UUID, quantity: int) -> None:
        """So many left somebody's hand, whatever the book says."""
        self.move(movement, movement.site_id, lot_id, -quantity)
        line = self._line(movement.site_id, lot_id)
        line.given_by, line.read_again = movement.id, True

    def count(self, movement: SupplyMovement, lot_id: UUID) -> None:
        """So many were found: the difference to the book is booked."""
        line = self._line(movement.site_id, lot_id)
        line.read_again = True
        if movement.quantity != line.there:
            self.move(movement, movement.site_id, lot_id, movement.quantity - line.there)

    def reverse(self, movement: SupplyMovement, entry: Any) -> None:
        """An entry is taken back, on behalf of a movement that voids its own."""
        line = next(line for line in self._lines.values() if line.id == entry.stock_id)
        self.move(movement, line.site_id, line.lot_id, -entry.change, entry.correction)

    def _line(self, site_id: UUID, lot_id: UUID) -> Line:
        return self._lines.setdefault((site_id, lot_id), Line(site_id, lot_id))

    def close(self) -> set[UUID]:
        """Collect the effects; the movements whose gifts the book had to be corrected for.

        Raises `StockTooSmall` where something other than a gift would take away more than there is.
        """
        touched = {entry.stock_id for entry in self._entries}
        lines = sorted((line for line in self._lines.values() if line.id in touched), key=lambda line: line.id)
        effects = self._permit.unit.effects
        for line in lines:
            if line.is_new:
                made = SupplyStock(id=line.id, site_id=line.site_id, lot_id=line.lot_id)
                effects.append(Keep.row(made, WriteCollided.meanwhile()))
        effects += [Keep.row(entry) for entry in self._entries]
        for line in lines:
            self._settle(line)
        return {line.given_by for line in lines if line.lacks and line.given_by is not None}

    def _settle(self, line: Line) -> None:
        stock = table_of(SupplyStock)
        if line.lacks:
            if line.given_by is None:
                raise StockTooSmall
            self._permit.unit.effects += _correcting(line, line.given_by)
        elif line.change:
            shrunk = WriteCollided.meanwhile() if line.read_again else StockTooSmall
            refusal = StockTooLarge if line.change > 0 else shrunk
            self._permit.unit.effects.append(Adjust(stock, line.id, {"quantity": line.change}, refusal))


def _correcting(line: Line, movement: UUID) -> Sequence[Adjust | KeepSelected]:
    """More was given than the book knew of: it is brought to what must have been there, and goes down to nothing.

    Reckoned in the commit, under lock: whoever took from the same lot since it was read makes the correction larger,
    never the stock negative. What came since then stays, as if it had come after this.
    """
    stock, net = table_of(SupplyStock), -line.change
    known: ColumnElement[int] = case((stock.c.quantity < line.there, stock.c.quantity), else_=line.there)
    entry = select(
        literal(new_id(), Uuid()).label("id"),
        literal(movement, Uuid()).label("movement_id"),
        stock.c.id.label("stock_id"),
        (net - known).label("change"),
        literal(True).label("correction"),
    ).where(stock.c.id == line.id)
    return (
        Adjust(stock, line.id, {"quantity": 0}),
        KeepSelected(table_of(SupplyEntry), entry, {}),
        Adjust(stock, line.id, {"quantity": -known}),
    )


async def open_book(
    permit: Permit, site_ids: Iterable[UUID], items: Iterable[SupplyItem], numbers: Iterable[str | None] = ()
) -> Book:
    """The book of some items at some sites, with the lots that are named."""
    lots, stock, asked = table_of(SupplyLot), table_of(SupplyStock), set(items)
    named = {NO_LOT, *(number for number in numbers if number is not None)}
    known = select(lots).where(lots.c.item.in_(asked), lots.c.lot.in_(named), within_reach(SupplyLot, permit.viewer))
    there = (
        select(stock, lots.c.item, lots.c.lot, lots.c.expires_on)
        .join(lots, lots.c.id == stock.c.lot_id)
        .where(stock.c.site_id.in_(set(site_ids)), lots.c.item.in_(asked), within_reach(SupplyStock, permit.viewer))
    )
    return Book(permit, *await permit.database.read(known, there))
