"""What we keep of supplies: sites, lots, what lies where, and a ledger that only grows; about no person."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach, every_row
from true_api.privacy.retention import Fate, Rules, Stays, Unlinked
from true_api.rooms.supplies.vocabulary import DiscardReason, MovementKind, RefillReason, SupplyItem

NO_LOT = ""
"""The lot of what has no lot number, or of which nobody knows it."""

MOST = 10_000_000
"""More of one lot at one site than any program holds; beyond that, a number was mistyped."""


class Site(Row, table=True):
    """A place of the program where stock lies; the label is a place's, never an address of a person."""

    __tablename__ = "sites"
    __kept_for__: ClassVar[Rules] = (Stays("what the ledger says of a place is read for as long as there is a ledger"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    label: str = Field(max_length=80, unique=True)
    team_id: UUID = Field(foreign_key="teams.id", index=True)
    active: bool = True


class SupplyLot(Row, table=True):
    """A lot of an item, as its maker numbers it. Each item has one lot without a number."""

    __tablename__ = "supply_lots"
    __kept_for__: ClassVar[Rules] = (Stays("a recall of a lot may come years after it was handed out"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __table_args__ = (UniqueConstraint("item", "lot"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    item: SupplyItem = Field(sa_type=choice(SupplyItem))
    lot: str = Field(default=NO_LOT, max_length=30)
    expires_on: date | None = None
    doses_per_kit: int | None = None


class SupplyStock(Row, table=True):
    """What there is of a lot at a site: the sum of its entries in the ledger, and never less than nothing."""

    __tablename__ = "supply_stock"
    __kept_for__: ClassVar[Rules] = (Stays("what lies there lies there"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __table_args__ = (
        UniqueConstraint("site_id", "lot_id"),
        CheckConstraint(f"quantity >= 0 AND quantity <= {MOST}", name="quantity_there"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    site_id: UUID = Field(foreign_key="sites.id")
    lot_id: UUID = Field(foreign_key="supply_lots.id", index=True)
    quantity: int = 0


class SupplyMovement(Row, table=True):
    """What happened to stock, as somebody said it; what it did to the book stands in its entries.

    `gift_reference` leads to the encounter in which something was given, as long as that may be known.
    """

    __tablename__ = "supply_movements"
    __kept_for__: ClassVar[Rules] = (Stays("stock is the sum of its ledger, which is about no person"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        Index("ix_supply_movements_site", "site_id", "occurred_on", "id"),
        Index("ix_supply_movements_day", "occurred_on", "id"),
        Index("ix_supply_movements_gift", "gift_reference"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: MovementKind = Field(sa_type=choice(MovementKind))
    site_id: UUID = Field(foreign_key="sites.id")
    to_site_id: UUID | None = Field(default=None, foreign_key="sites.id")
    item: SupplyItem = Field(sa_type=choice(SupplyItem))
    quantity: int
    occurred_on: date
    refill_reason: RefillReason | None = Field(default=None, sa_type=choice(RefillReason))
    discard_reason: DiscardReason | None = Field(default=None, sa_type=choice(DiscardReason))
    voids_id: UUID | None = Field(default=None, foreign_key="supply_movements.id", unique=True)
    gift_reference: UUID | None = None


class SupplyEntry(Row, table=True):
    """One line of the ledger. A correction says what the book lacked when more was given than it knew of."""

    __tablename__ = "supply_entries"
    __parent__: ClassVar[str] = "movement_id"
    __reach__: ClassVar[Reach] = Reach(program=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_id: UUID = Field(foreign_key="supply_movements.id", index=True)
    stock_id: UUID = Field(foreign_key="supply_stock.id", index=True)
    change: int
    correction: bool = False


class SupplyThreshold(Row, table=True):
    """How much of an item a supervisor wants to have at a site at the least."""

    __tablename__ = "supply_thresholds"
    __kept_for__: ClassVar[Rules] = (Stays("until a supervisor takes it back"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __table_args__ = (
        UniqueConstraint("site_id", "item"),
        CheckConstraint("at_least > 0", name="at_least_one"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    site_id: UUID = Field(foreign_key="sites.id")
    item: SupplyItem = Field(sa_type=choice(SupplyItem))
    at_least: int


class EncounterSupply(Row, table=True):
    """That something was given in an encounter. A new reference is drawn when its person is forgotten.

    The ledger, which keeps exact days, leads to nobody's encounter from then on.
    """

    __tablename__ = "encounter_supplies"
    __parent__: ClassVar[str] = "encounter_id"
    __forgotten__: ClassVar[Fate] = Unlinked(redrawn=("reference",))

    encounter_id: UUID = Field(primary_key=True, foreign_key="encounters.id")
    reference: UUID = Field(default_factory=new_reference, unique=True)
