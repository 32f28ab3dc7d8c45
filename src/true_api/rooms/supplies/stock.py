"""What lies where, which lot to hand out next, and of what there is too little or what expires."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.reach import within_reach
from true_api.rooms.supplies.ledger import SOON, OnShelf, expired, expires_soon, hand_out_next
from true_api.rooms.supplies.schemas import StockView, StockWarningView
from true_api.rooms.supplies.tables import NO_LOT, Site, SupplyLot, SupplyStock, SupplyThreshold
from true_api.rooms.supplies.vocabulary import StockWarningKind, SupplyItem, doses_of, unit_of
from true_api.security.permits import ListPermit, Permit

Shelf = tuple[UUID, SupplyItem]
"""An item at a site."""


async def listed(
    permit: ListPermit, page: PageRequest, site_id: UUID | None, item: SupplyItem | None
) -> tuple[list[StockView], str | None]:
    """What lies where, lot by lot, and which lot of an item is to be handed out next at its site."""
    table, lots = table_of(SupplyStock), table_of(SupplyLot)
    asked = _lying(permit)
    if site_id is not None:
        asked = asked.where(table.c.site_id == site_id)
    if item is not None:
        asked = asked.where(lots.c.item == item)
    rows: list[Any]
    rows, following = await permit.page(SupplyStock, asked, [table.c.id], page)
    nexts = await _nexts(permit, rows)
    return [_view(permit, row, nexts) for row in rows], following


def _lying(permit: Permit) -> Select[Any]:
    table, lots = table_of(SupplyStock), table_of(SupplyLot)
    beside = lots.c.item, lots.c.lot, lots.c.expires_on, lots.c.doses_per_kit
    joined = select(table, *beside).join(lots, lots.c.id == table.c.lot_id)
    return joined.where(within_reach(SupplyStock, permit.viewer), table.c.quantity > 0)


async def _nexts(permit: Permit, rows: Sequence[Any]) -> Mapping[Shelf, UUID | None]:
    """Of every shelf that these rows are on, the lot to hand out next."""
    table, lots = table_of(SupplyStock), table_of(SupplyLot)
    on_them = table.c.site_id.in_({row.site_id for row in rows}), lots.c.item.in_({row.item for row in rows})
    shelves: dict[Shelf, list[OnShelf]] = defaultdict(list)
    for row in (await permit.database.read(_lying(permit).where(*on_them)))[0]:
        one = OnShelf(row.lot_id, row.quantity, row.expires_on, row.lot != NO_LOT)
        shelves[row.site_id, row.item].append(one)
    return {shelf: hand_out_next(lying, permit.today) for shelf, lying in shelves.items()}


def _view(permit: Permit, row: Any, nexts: Mapping[Shelf, UUID | None]) -> StockView:
    return StockView.of(
        row,
        unit=unit_of(row.item),
        lot=row.lot or None,
        doses=doses_of(row.item, row.quantity, row.doses_per_kit),
        expires=_expiry(permit, row),
        hand_out_next=nexts.get((row.site_id, row.item)) == row.lot_id,
    )


def _expiry(permit: Permit, row: Any) -> StockWarningKind | None:
    if expired(row.expires_on, permit.today):
        return StockWarningKind.EXPIRED
    return StockWarningKind.EXPIRES_SOON if expires_soon(row.expires_on, permit.today) else None


async def for_today(permit: Permit, limit: int) -> Sequence[StockWarningView]:
    """What to look after at the sites of the caller's team, the most pressing first; nothing for who is in no team."""
    if permit.actor.team_id is None:
        return []
    return await warnings(permit, limit, team_id=permit.actor.team_id)


async def warnings(
    permit: Permit, limit: int, *, team_id: UUID | None = None, site_id: UUID | None = None
) -> list[StockWarningView]:
    """What is over, of what there is too little, and what expires within 60 days, at sites that are open."""
    sites = table_of(Site)
    where: list[ColumnElement[bool]] = [sites.c.active]
    where += [sites.c.team_id == team_id] if team_id is not None else []
    where += [sites.c.id == site_id] if site_id is not None else []
    ending, short = await permit.database.read(
        _ending(permit).where(*where).limit(limit), _short(permit).where(*where).limit(limit)
    )
    told = [_of_lot(permit, row) for row in ending] + [_of_shortfall(row) for row in short]
    pressing = (StockWarningKind.EXPIRED, StockWarningKind.SHORTFALL, StockWarningKind.EXPIRES_SOON)
    return sorted(told, key=lambda one: pressing.index(one.warning))[:limit]


def _ending(permit: Permit) -> Select[Any]:
    """Lots that are over, or will be within 60 days, the first first."""
    sites, stock, lots = table_of(Site), table_of(SupplyStock), table_of(SupplyLot)
    return (
        _lying(permit)
        .add_columns(sites.c.label.label("site"))
        .join(sites, sites.c.id == stock.c.site_id)
        .where(lots.c.expires_on <= permit.today + SOON)
        .order_by(lots.c.expires_on, stock.c.id)
    )


def _short(permit: Permit) -> Select[Any]:
    """Of what there is less than there should be; what is over does not count, and nothing at all is less too."""
    sites, stock, lots, wanted = (table_of(kind) for kind in (Site, SupplyStock, SupplyLot, SupplyThreshold))
    good = or_(lots.c.expires_on.is_(None), lots.c.expires_on >= permit.today)
    here = and_(stock.c.site_id == wanted.c.site_id, lots.c.item == wanted.c.item)
    total = (
        select(func.coalesce(func.sum(stock.c.quantity), 0))
        .select_from(stock.join(lots, lots.c.id == stock.c.lot_id))
        .where(here, good)
        .correlate(wanted)
        .scalar_subquery()
    )
    return (
        select(wanted.c.site_id, wanted.c.item, wanted.c.at_least, sites.c.label.label("site"), total.label("quantity"))
        .join(sites, sites.c.id == wanted.c.site_id)
        .where(total < wanted.c.at_least, within_reach(SupplyThreshold, permit.viewer))
        .order_by(wanted.c.id)
    )


def _of_lot(permit: Permit, row: Any) -> StockWarningView:
    kind = _expiry(permit, row)
    named = {"warning": kind, "unit": unit_of(row.item), "lot": row.lot or None, "at_least": None}
    return StockWarningView.of(row, **named)


def _of_shortfall(row: Any) -> StockWarningView:
    named = {"warning": StockWarningKind.SHORTFALL, "unit": unit_of(row.item), "lot": None, "expires_on": None}
    return StockWarningView.of(row, **named)
