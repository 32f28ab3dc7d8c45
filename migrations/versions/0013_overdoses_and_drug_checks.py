"""Overdose events, drug checks and the alerts that follow."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=nullable)


def _overdoses() -> None:
    op.create_table(
        "overdose_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        _code("kind"),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        _code("part_of_day", nullable=True),
        _code("naloxone_used"),
        _code("product", nullable=True),
        sa.Column("doses", sa.Integer(), nullable=True),
        _code("given_by", nullable=True),
        _code("ems_called"),
        _code("hospitalized"),
        _code("survived"),
        _code("place", nullable=True),
        _code("zone", nullable=True),
        sa.CheckConstraint(
            "kind <> 'fatal' OR participant_id IS NULL", name=op.f("ck_overdose_events_fatal_about_nobody")
        ),
        sa.CheckConstraint("doses BETWEEN 0 AND 20", name=op.f("ck_overdose_events_doses_in_range")),
        _key("overdose_events", "participant_id", "participants"),
        _key("overdose_events", "member_id", "members"),
        _key("overdose_events", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overdose_events")),
    )
    op.create_index("ix_overdose_events_journey", "overdose_events", ["participant_id", "occurred_on", "id"])
    op.create_index("ix_overdose_events_team", "overdose_events", ["team_id", "occurred_on", "id"])
    op.create_index("ix_overdose_events_day", "overdose_events", ["occurred_on"])
    op.create_table(
        "overdose_substances",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _code("substance"),
        _key("overdose_substances", "event_id", "overdose_events"),
        sa.PrimaryKeyConstraint("event_id", "substance", name=op.f("pk_overdose_substances")),
    )
    op.create_table(
        "overdose_revisions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _code("revised"),
        sa.Column("amended_by", sa.Uuid(), nullable=True),
        _code("void_reason", nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("revised_on", sa.Date(), nullable=False),
        _key("overdose_revisions", "event_id", "overdose_events"),
        _key("overdose_revisions", "amended_by", "overdose_events"),
        _key("overdose_revisions", "member_id", "members"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_overdose_revisions")),
    )


def _drug_checks() -> None:
    op.create_table(
        "drug_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sample", sa.String(length=8), nullable=False),
        sa.Column("collected_in", sa.Date(), nullable=False),
        _code("zone", nullable=True),
        _code("expected"),
        _code("form"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drug_checks")),
        sa.UniqueConstraint("sample", name=op.f("uq_drug_checks_sample")),
    )
    op.create_index("ix_drug_checks_month", "drug_checks", ["collected_in", "id"])
    op.create_table(
        "drug_check_results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        _code("target"),
        _code("substance", nullable=True),
        _code("method"),
        _code("result"),
        _code("abundance", nullable=True),
        sa.Column("strip_lot", sa.String(length=24), nullable=True),
        _code("void_reason", nullable=True),
        _key("drug_check_results", "check_id", "drug_checks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drug_check_results")),
    )
    op.create_index("ix_drug_check_results_check", "drug_check_results", ["check_id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _code("state"),
        _code("message"),
        _code("substance"),
        _code("zone", nullable=True),
        sa.Column("drug_check_id", sa.Uuid(), nullable=True),
        sa.Column("overdose_event_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        _code("dismissal", nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        _code("withdrawal", nullable=True),
        _key("alerts", "drug_check_id", "drug_checks"),
        _key("alerts", "proposed_by", "members"),
        _key("alerts", "team_id", "teams"),
        _key("alerts", "decided_by", "members"),
        _key("alerts", "withdrawn_by", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_standing", "alerts", ["state", "expires_on"])
    op.create_index("ix_alerts_day", "alerts", ["proposed_on", "id"])


def upgrade() -> None:
    """Go forward."""
    _overdoses()
    _drug_checks()
    _alerts()


def downgrade() -> None:
    """Go back; what was kept of overdoses, samples and alerts goes."""
    for table in (
        "alerts",
        "drug_check_results",
        "drug_checks",
        "overdose_revisions",
        "overdose_substances",
        "overdose_events",
    ):
        op.drop_table(table)
