"""Referrals with modes, arrangements, slips and promises."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LISTS = ("outcomes", "wishes", "bring")
LATER = {
    "arranged_on": sa.Date(),
    "arranged_part_of_day": sa.String(length=40),
    "held_until": sa.Date(),
    "no_answer_since": sa.Date(),
}
OF_STEPS = {"hand_off": sa.String(length=40), "accompanied": sa.Boolean(), "arrived": sa.String(length=40)}


def upgrade() -> None:
    """Go forward: the one outcome of a referral becomes a list."""
    mode = sa.Column("mode", sa.String(length=40), nullable=False, server_default="sent")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.add_column(mode)
        for name in LISTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        for name, kind in LATER.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    _fill_outcomes()
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.alter_column("mode", existing_type=sa.String(length=40), server_default=None)
        for name in LISTS:
            batch_op.alter_column(name, existing_type=sa.JSON(), server_default=None)
        batch_op.drop_column("outcome")
    with op.batch_alter_table("referral_steps", schema=None) as batch_op:
        for name, kind in OF_STEPS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    _make_reroutes()
    _make_promises()


def _fill_outcomes() -> None:
    columns = sa.column("id", sa.Uuid()), sa.column("outcome", sa.String()), sa.column("outcomes", sa.JSON())
    referrals = sa.table("referrals", *columns)
    if not op.get_context().as_sql:
        had = sa.select(referrals.c.outcome).where(referrals.c.outcome.is_not(None)).distinct()
        for (outcome,) in op.get_bind().execute(had).all():
            op.execute(referrals.update().where(referrals.c.outcome == outcome).values(outcomes=[outcome]))


def _make_reroutes() -> None:
    op.create_table(
        "referral_reroutes",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["referrals.id"], name=op.f("fk_referral_reroutes_from_id_referrals")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_reroutes_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_reroutes")),
    )
    op.create_index(op.f("ix_referral_reroutes_from_id"), "referral_reroutes", ["from_id"])


def _make_promises() -> None:
    owners = {"participant_id": "participants", "member_id": "members", "team_id": "teams", "referral_id": "referrals"}
    op.create_table(
        "promises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("part_of_day", sa.String(length=40), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("not_this_time", sa.String(length=40), nullable=True),
        sa.Column("released", sa.String(length=40), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_promises_{name}_{table}"))
            for name, table in owners.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index("ix_promises_journey", "promises", ["participant_id", "due_on", "id"])
    op.create_index("ix_promises_due", "promises", ["team_id", "state", "due_on", "id"])
    op.create_index(op.f("ix_promises_referral_id"), "promises", ["referral_id"])


def downgrade() -> None:
    """Go back: the first outcome by name stands for all of them."""
    # Before modes there was nothing that kept who goes alone from the agency, but a draft.
    op.execute("UPDATE referrals SET state = 'draft' WHERE mode = 'goes_alone'")
    op.drop_table("promises")
    op.drop_table("referral_reroutes")
    with op.batch_alter_table("referral_steps", schema=None) as batch_op:
        for name in OF_STEPS:
            batch_op.drop_column(name)
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=40), nullable=True))
    _fill_outcome()
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        for name in ("mode", *LISTS, *LATER):
            batch_op.drop_column(name)


def _fill_outcome() -> None:
    columns = sa.column("id", sa.Uuid()), sa.column("outcome", sa.String()), sa.column("outcomes", sa.JSON())
    referrals = sa.table("referrals", *columns)
    if not op.get_context().as_sql:
        for row in op.get_bind().execute(sa.select(referrals.c.id, referrals.c.outcomes)).all():
            first = min(row.outcomes, default=None)
            op.execute(referrals.update().where(referrals.c.id == row.id).values(outcome=first))
