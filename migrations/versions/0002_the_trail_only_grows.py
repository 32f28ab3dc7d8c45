"""The trail only grows: the engine itself refuses to change or delete its entries; the sequencer gets its turn."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDED = ("trail_entries", "trail_subjects", "positions")
TURN = "00000000-0000-7000-8000-000000000001"


def upgrade() -> None:
    """Go forward."""
    turns = sa.table("turns", sa.column("id", sa.Uuid()), sa.column("version"), sa.column("last_position"))
    op.execute(turns.insert().values(id=sa.literal(TURN, sa.Uuid(as_uuid=False)), version=1, last_position=0))
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the trail only grows'; END $$"
        )
        for table in GUARDED:
            op.execute(
                f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
            )
        return
    for table in GUARDED:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END"
            )


def downgrade() -> None:
    """Go back."""
    if op.get_context().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP TRIGGER {table}_only_grow ON {table}")
        op.execute("DROP FUNCTION refuse_to_change()")
    else:
        for table in GUARDED:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
    op.execute("DELETE FROM turns")
