"""Safety plans, a person's own plan, and a return to use as something that is met with support."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("written_in", sa.String(length=40), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_plans_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_plans_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_plans_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_journey", "plans", ["participant_id", "kind", "written_on", "id"])
    op.create_index("ix_plans_review", "plans", ["review_on", "id"])
    with op.batch_alter_table("readiness_notes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned_to_use", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("support_offered", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("readiness_notes", schema=None) as batch_op:
        batch_op.alter_column("returned_to_use", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("support_offered", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    """Go back: sealed texts of plans go with them."""
    with op.batch_alter_table("readiness_notes", schema=None) as batch_op:
        batch_op.drop_column("support_offered")
        batch_op.drop_column("returned_to_use")
    op.execute("DELETE FROM sealed_texts WHERE place LIKE 'plans.%'")
    op.drop_index("ix_plans_review", table_name="plans")
    op.drop_index("ix_plans_journey", table_name="plans")
    op.drop_table("plans")
