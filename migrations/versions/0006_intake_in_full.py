"""Intake with its sources, clocks and wishes, and the outbox that jobs wait in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED = {"source": (sa.String(length=40), "partner_agency"), "escalation": (sa.Integer(), "0")}
LATER = {
    "changed_on": sa.Date(),
    "consent_asked": sa.String(length=40),
    "escalated_on": sa.Date(),
    "withdrawn_on": sa.Date(),
    "withdrawn_through": sa.String(length=40),
}


def upgrade() -> None:
    """Go forward: every request that is there came from a partner agency."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("given_up_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_due", "jobs", ["due_at", "id"])
    op.create_index("ix_jobs_record", "jobs", ["record_id"])
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        for name, (kind, before) in ADDED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=before))
        for name, kind in LATER.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        for name, (kind, _) in ADDED.items():
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        batch_op.create_index("ix_intake_requests_escalated", ["escalation", "posted_on", "id"])
    op.create_table(
        "intake_onward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intake_request_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_request_id"],
            ["intake_requests.id"],
            name=op.f("fk_intake_onward_intake_request_id_intake_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_onward")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_intake_onward_referral_id")),
    )
    op.create_index(op.f("ix_intake_onward_intake_request_id"), "intake_onward", ["intake_request_id"])
    _make_schedules()


def _make_schedules() -> None:
    op.create_table(
        "on_call_schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_on_call_schedules_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_schedules")),
        sa.UniqueConstraint("team_id", name=op.f("uq_on_call_schedules_team_id")),
    )
    parts = {
        "on_call_hours": (sa.Column("weekday", sa.String(length=40), nullable=False), False),
        "on_call_exceptions": (sa.Column("on_day", sa.Date(), nullable=False), True),
    }
    for name, (day, may_be_shut) in parts.items():
        op.create_table(
            name,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("schedule_id", sa.Uuid(), nullable=False),
            day,
            sa.Column("from_minute", sa.Integer(), nullable=may_be_shut),
            sa.Column("to_minute", sa.Integer(), nullable=may_be_shut),
            sa.ForeignKeyConstraint(
                ["schedule_id"], ["on_call_schedules.id"], name=op.f(f"fk_{name}_schedule_id_on_call_schedules")
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(op.f(f"ix_{name}_schedule_id"), name, ["schedule_id"])


def downgrade() -> None:
    """Go back: what did not come from a partner agency, the older queue knows nothing of."""
    for name in ("on_call_exceptions", "on_call_hours"):
        op.drop_index(op.f(f"ix_{name}_schedule_id"), table_name=name)
        op.drop_table(name)
    op.drop_table("on_call_schedules")
    op.drop_index(op.f("ix_intake_onward_intake_request_id"), table_name="intake_onward")
    op.drop_table("intake_onward")
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_intake_requests_escalated")
        for name in (*LATER, *ADDED):
            batch_op.drop_column(name)
    op.drop_index("ix_jobs_record", table_name="jobs")
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.drop_table("jobs")
