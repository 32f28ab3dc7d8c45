"""Encounters with every word of the program, and what a phone sends in one piece."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NOTHING_COUNTED = {"heads": "heads_positive", "for_others": "others_not_negative"}


def upgrade() -> None:
    """Go forward: with whom a contact was, acts with topics, and the marks of what a phone has sent."""
    with op.batch_alter_table("encounters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default="with_participant"))
        batch_op.add_column(sa.Column("heads", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("for_self", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("for_others", sa.Integer(), nullable=True))
        batch_op.create_check_constraint("heads_positive", "heads > 0")
        batch_op.create_check_constraint("others_not_negative", "for_others >= 0")
    # Of somebody who was forgotten nothing tells any more that there was a record: those count as anonymous, too.
    op.execute("UPDATE encounters SET kind = 'anonymous' WHERE participant_id IS NULL")
    with op.batch_alter_table("encounters", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(length=40), server_default=None)
    _name_acts_by_place()
    op.create_table(
        "synced_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("client_mark", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_synced_items_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_synced_items_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synced_items")),
        sa.UniqueConstraint("member_id", "client_mark", name=op.f("uq_synced_items_member_id_client_mark")),
    )
    op.create_index("ix_synced_items_participant_id", "synced_items", ["participant_id"])


def _name_acts_by_place() -> None:
    """An act may stand again about another topic, so that it no longer names its row: its place in the list does."""
    with op.batch_alter_table("encounter_acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("topic", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("material", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("own_term", sa.String(length=40), nullable=True))
    op.execute(
        "UPDATE encounter_acts SET place = (SELECT count(*) FROM encounter_acts other"
        " WHERE other.encounter_id = encounter_acts.encounter_id AND other.act < encounter_acts.act)"
    )
    with op.batch_alter_table("encounter_acts", schema=None) as batch_op:
        batch_op.alter_column("place", existing_type=sa.Integer(), server_default=None)
        batch_op.drop_constraint(op.f("pk_encounter_acts"), type_="primary")
        batch_op.create_primary_key(op.f("pk_encounter_acts"), ["encounter_id", "place"])


def downgrade() -> None:
    """Go back: of acts that stand several times the first stays, with the quantities of all."""
    op.drop_index("ix_synced_items_participant_id", table_name="synced_items")
    op.drop_table("synced_items")
    op.execute(
        "UPDATE encounter_acts SET quantity = (SELECT sum(other.quantity) FROM encounter_acts other"
        " WHERE other.encounter_id = encounter_acts.encounter_id AND other.act = encounter_acts.act)"
    )
    op.execute(
        "DELETE FROM encounter_acts WHERE EXISTS (SELECT 1 FROM encounter_acts other"
        " WHERE other.encounter_id = encounter_acts.encounter_id AND other.act = encounter_acts.act"
        " AND other.place < encounter_acts.place)"
    )
    with op.batch_alter_table("encounter_acts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("pk_encounter_acts"), type_="primary")
        batch_op.create_primary_key(op.f("pk_encounter_acts"), ["encounter_id", "act"])
        for name in ("own_term", "material", "topic", "place"):
            batch_op.drop_column(name)
    with op.batch_alter_table("encounters", schema=None) as batch_op:
        for name, rule in NOTHING_COUNTED.items():
            batch_op.drop_constraint(op.f(f"ck_encounters_{rule}"), type_="check")
            batch_op.drop_column(name)
        batch_op.drop_column("for_self")
        batch_op.drop_column("kind")
