"""Disclosures as they are accounted for, emergencies, and demands of the law."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TERM = sa.String(length=40)


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))
        for name, target in targets.items()
    ]


def upgrade() -> None:
    """Go forward."""
    _make_disclosures("disclosures", sa.Column("participant_id", sa.Uuid(), nullable=False))
    op.create_index("ix_disclosures_accounting", "disclosures", ["participant_id", "disclosed_on", "id"])
    _make_disclosures("disclosures_kept_apart", sa.Column("times", sa.Integer(), nullable=False))
    _make_emergency_disclosures()
    _make_legal_demands()


def _make_disclosures(table: str, of_its_own: "sa.Column[object]") -> None:
    """Of those that are kept apart there is no person and no entry of the trail, but how many are alike."""
    of_person = table == "disclosures"
    named = {"participant_id": "participants"} if of_person else {}
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *([sa.Column("entry_id", sa.Uuid(), nullable=False)] if of_person else []),
        of_its_own,
        sa.Column("recipient", TERM, nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("basis", TERM, nullable=False),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.Column("by_intermediary", sa.Boolean(), nullable=False),
        sa.Column("purpose", TERM, nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        *_keys(table, **named, organization_id="organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _make_emergency_disclosures() -> None:
    table = "emergency_disclosures"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", TERM, nullable=False),
        sa.Column("nature", TERM, nullable=False),
        sa.Column("information", sa.JSON(), nullable=False),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.Column("part_of_day", TERM, nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        *_keys(table, participant_id="participants", member_id="members", team_id="teams"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{table}_reference")),
    )
    op.create_index("ix_emergency_disclosures_journey", table, ["participant_id", "disclosed_on", "id"])


def _make_legal_demands() -> None:
    table = "legal_demands"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kind", TERM, nullable=False),
        sa.Column("asked_by", TERM, nullable=False),
        sa.Column("counsel", TERM, nullable=True),
        sa.Column("order_section", TERM, nullable=True),
        sa.Column("state", TERM, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        *_keys(table, participant_id="participants", member_id="members", team_id="teams"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{table}_reference")),
    )
    op.create_index(op.f("ix_legal_demands_participant_id"), table, ["participant_id"])
    steps = "legal_demand_steps"
    op.create_table(
        steps,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("legal_demand_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", TERM, nullable=False),
        sa.Column("to_state", TERM, nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        *_keys(steps, legal_demand_id="legal_demands", member_id="members"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{steps}")),
    )
    op.create_index(op.f("ix_legal_demand_steps_legal_demand_id"), steps, ["legal_demand_id"])


def downgrade() -> None:
    """Go back."""
    for table in (
        "legal_demand_steps",
        "legal_demands",
        "emergency_disclosures",
        "disclosures_kept_apart",
        "disclosures",
    ):
        op.drop_table(table)
