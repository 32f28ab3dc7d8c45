"""The sealed trail: leaves, nodes and signed heads over its entries, which say whom they showed something, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SEALED = ("trail_leaves", "trail_nodes", "trail_heads")
SAME_AS_ONE_THAT_IS_THERE = {
    "trail_entries": "id = NEW.id",
    "trail_subjects": "entry_id = NEW.entry_id AND trail_id = NEW.trail_id",
    "positions": "position = NEW.position OR entry_id = NEW.entry_id",
    "trail_leaves": "number = NEW.number OR position = NEW.position",
    "trail_nodes": "level = NEW.level AND number = NEW.number",
    "trail_heads": "size = NEW.size",
}


def upgrade() -> None:
    """Go forward. Entries that are there already get their leaves from the sealer, as those to come."""
    op.add_column("trail_entries", sa.Column("recipient_id", sa.Uuid(), nullable=True))
    op.add_column("trail_entries", sa.Column("legal_basis", sa.String(length=40), nullable=True))
    op.create_table(
        "trail_leaves",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trail_leaves")),
        sa.UniqueConstraint("position", name=op.f("uq_trail_leaves_position")),
    )
    op.create_table(
        "trail_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_trail_nodes")),
    )
    op.create_table(
        "trail_heads",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_trail_heads")),
    )
    if op.get_context().dialect.name == "postgresql":
        for table in SEALED:
            op.execute(
                f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
            )
        return
    for table in SEALED:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END"
            )
    # INSERT OR REPLACE deletes without telling the triggers of DELETE, unless a connection asks for that.
    for table, same in SAME_AS_ONE_THAT_IS_THERE.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            "BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END"
        )


def downgrade() -> None:
    """Go back. What was sealed is no longer, and the sealer of a later upgrade begins anew."""
    if op.get_context().dialect.name != "postgresql":
        for table in SAME_AS_ONE_THAT_IS_THERE:
            op.execute(f"DROP TRIGGER {table}_no_replace")
    for table in SEALED:
        op.drop_table(table)
    for column in ("recipient_id", "legal_basis"):
        # Both engines know this form, which leaves the table with its triggers in place; a batch would make it anew.
        op.execute(f"ALTER TABLE trail_entries DROP COLUMN {column}")
