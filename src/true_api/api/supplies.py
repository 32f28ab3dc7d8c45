"""Doors to supplies: a ledger of movements that only grows, and the stock that is its sum."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery, YesOrNo, digits
from true_api.kernel.errors import WriteCollided
from true_api.kernel.schemas import Draft, Page
from true_api.rooms.supplies import book, places, service, stock, views
from true_api.rooms.supplies.schemas import (
    MovementDraft,
    MovementMade,
    MovementView,
    StockView,
    StockWarnings,
)
from true_api.rooms.supplies.site_schemas import ThresholdDraft, ThresholdView
from true_api.rooms.supplies.tables import SupplyMovement
from true_api.rooms.supplies.vocabulary import MovementKind, SupplyItem
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/supplies", tag="Supplies")

MOVE = StaffGate(Permission.SUPPLY_WRITE)
LIST = ListGate(Permission.SUPPLY_READ)
READ = RecordGate(Permission.SUPPLY_READ, SupplyMovement)
VOID = RecordGate(Permission.SUPPLY_WRITE, SupplyMovement)
WATCH = StaffGate(Permission.SUPPLY_WATCH)

OF_BOOK = (places.NoSuchSite, places.SiteClosed, book.NoSuchLot, book.StockTooSmall, book.StockTooLarge)
OF_MOVEMENT = (*OF_BOOK, service.LotDiffers, service.MovementNotYetHappened, WriteCollided)


class MovementQuery(PageQuery):
    """Which movements."""

    site_id: UUID | None = Field(None, description="Only those to or from this site.")
    kind: MovementKind | None = Field(None, description="Only those of this kind.")
    item: SupplyItem | None = Field(None, description="Only those of this item.")
    corrected: YesOrNo | None = Field(None, description="Only those that the book was corrected with, or the others.")


class StockQuery(PageQuery):
    """Which stock."""

    site_id: UUID | None = Field(None, description="Only what lies at this site.")
    item: SupplyItem | None = Field(None, description="Only this item.")


class StockWarningQuery(Draft):
    """Which warnings, and how many."""

    site_id: UUID | None = Field(None, description="Only those of this site.")
    limit: Annotated[int, BeforeValidator(digits)] = Field(50, ge=1, le=200, description="The most pressing so many.")


async def _again(permit: Permit, movement: UUID) -> MovementMade:
    kept = await views.by_id(permit, movement)
    return MovementMade.of(kept)


@doors.open("POST", "/movements", MOVE, status=201, again=_again, refuses=OF_MOVEMENT)
async def record_movement(draft: MovementDraft, permit: Permitted[StaffPermit]) -> MovementMade:
    """Record what happened to stock: it came, was moved, given, given back, discarded or counted.

    Only receiving makes a lot. A gift is kept whatever the book says: where it knew of less, it is corrected in the
    same commit, and the answer warns `stock_corrected`. Whatever else would take away more than there is, is refused.
    """
    return views.made(*await service.record(permit, draft))


@doors.open("GET", "/movements", LIST)
async def list_movements(query: Annotated[MovementQuery, Query()], permit: Permitted[ListPermit]) -> Page[MovementView]:
    """List movements with their entries in the ledger, the latest day first."""
    corrected = None if query.corrected is None else query.corrected == "true"
    asked = views.Asked(query.site_id, query.kind, query.item, corrected)
    found, following = await views.movements(permit, query.request(), asked)
    return Page(items=found, next_cursor=following)


@doors.open("GET", "/movements/{id}", READ)
async def read_movement(id: str, permit: Permitted[RecordPermit]) -> MovementView:
    """Read one movement with its entries in the ledger."""
    return await views.by_id(permit, permit.record.id)


@doors.open(
    "POST",
    "/movements/{id}/void",
    VOID,
    status=201,
    again=_again,
    refuses=(service.AlreadyVoided, book.StockTooSmall, book.StockTooLarge, WriteCollided),
)
async def void_movement(id: str, permit: Permitted[RecordPermit]) -> MovementMade:
    """Take a movement back, with its corrections; that is a movement too, and nothing is erased."""
    return views.made(*await service.void(permit))


@doors.open("GET", "/stock", LIST)
async def list_stock(query: Annotated[StockQuery, Query()], permit: Permitted[ListPermit]) -> Page[StockView]:
    """List what lies where, lot by lot, and which lot of each item to hand out next: the one that expires first."""
    found, following = await stock.listed(permit, query.request(), query.site_id, query.item)
    return Page(items=found, next_cursor=following)


@doors.open("GET", "/warnings", LIST)
async def list_stock_warnings(
    query: Annotated[StockWarningQuery, Query()], permit: Permitted[ListPermit]
) -> StockWarnings:
    """List what to look after at open sites: what has expired, is short, or expires within 60 days."""
    return StockWarnings(warnings=await stock.warnings(permit, query.limit, site_id=query.site_id))


@doors.open("PUT", "/thresholds", WATCH, refuses=(places.NoSuchSite, places.SiteClosed, WriteCollided))
async def watch_stock(draft: ThresholdDraft, permit: Permitted[StaffPermit]) -> ThresholdView:
    """Say how much of an item should be at a site at the least; 0 asks for no warning any more."""
    return ThresholdView.of(await places.watch(permit, draft))


@doors.open("GET", "/thresholds", LIST)
async def list_thresholds(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[ThresholdView]:
    """List how much of what should be where."""
    found, following = await places.watched(permit, page.request())
    return Page(items=[ThresholdView.of(row) for row in found], next_cursor=following)
