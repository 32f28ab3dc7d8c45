"""Sites where stock lies, lots, and a ledger of movements that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "sites",
    "supply_lots",
    "supply_stock",
    "supply_movements",
    "supply_entries",
    "supply_thresholds",
    "encounter_supplies",
)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _places() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _key("sites", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("label", name=op.f("uq_sites_label")),
    )
    op.create_index("ix_sites_team_id", "sites", ["team_id"])
    op.create_table(
        "supply_lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("lot", sa.String(length=30), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("doses_per_kit", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_lots")),
        sa.UniqueConstraint("item", "lot", name=op.f("uq_supply_lots_item_lot")),
    )
    op.create_table(
        "supply_stock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        _key("supply_stock", "site_id", "sites"),
        _key("supply_stock", "lot_id", "supply_lots"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_stock")),
        sa.UniqueConstraint("site_id", "lot_id", name=op.f("uq_supply_stock_site_id_lot_id")),
        sa.CheckConstraint("quantity >= 0 AND quantity <= 10000000", name=op.f("ck_supply_stock_quantity_there")),
    )
    op.create_index("ix_supply_stock_lot_id", "supply_stock", ["lot_id"])
    op.create_table(
        "supply_thresholds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=False),
        _key("supply_thresholds", "site_id", "sites"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_thresholds")),
        sa.UniqueConstraint("site_id", "item", name=op.f("uq_supply_thresholds_site_id_item")),
        sa.CheckConstraint("at_least > 0", name=op.f("ck_supply_thresholds_at_least_one")),
    )


def _ledger() -> None:
    op.create_table(
        "supply_movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("to_site_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("refill_reason", sa.String(length=40), nullable=True),
        sa.Column("discard_reason", sa.String(length=40), nullable=True),
        sa.Column("voids_id", sa.Uuid(), nullable=True),
        sa.Column("gift_reference", sa.Uuid(), nullable=True),
        _key("supply_movements", "site_id", "sites"),
        _key("supply_movements", "to_site_id", "sites"),
        _key("supply_movements", "voids_id", "supply_movements"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_movements")),
        sa.UniqueConstraint("voids_id", name=op.f("uq_supply_movements_voids_id")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_supply_movements_quantity_not_negative")),
    )
    op.create_index("ix_supply_movements_site", "supply_movements", ["site_id", "occurred_on", "id"])
    op.create_index("ix_supply_movements_day", "supply_movements", ["occurred_on", "id"])
    op.create_index("ix_supply_movements_gift", "supply_movements", ["gift_reference"])
    op.create_table(
        "supply_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_id", sa.Uuid(), nullable=False),
        sa.Column("stock_id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Boolean(), nullable=False),
        _key("supply_entries", "movement_id", "supply_movements"),
        _key("supply_entries", "stock_id", "supply_stock"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_entries")),
    )
    op.create_index("ix_supply_entries_movement_id", "supply_entries", ["movement_id"])
    op.create_index("ix_supply_entries_stock_id", "supply_entries", ["stock_id"])
    op.create_table(
        "encounter_supplies",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        _key("encounter_supplies", "encounter_id", "encounters"),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_encounter_supplies")),
        sa.UniqueConstraint("reference", name=op.f("uq_encounter_supplies_reference")),
    )


def upgrade() -> None:
    """Go forward. There was no stock before, so there is nothing to take over."""
    _places()
    _ledger()


def downgrade() -> None:
    """Go back. What was kept of stock goes with its tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
