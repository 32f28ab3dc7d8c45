"""Open needs that agencies may claim, and what they say of their places."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _offers() -> None:
    op.create_table(
        "open_needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        _key("open_needs", "participant_id", "participants"),
        _key("open_needs", "member_id", "members"),
        _key("open_needs", "team_id", "teams"),
        _key("open_needs", "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_needs")),
    )
    op.create_index("ix_open_needs_journey", "open_needs", ["participant_id", "published_on", "id"])
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open_need_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        _key("offers", "open_need_id", "open_needs"),
        _key("offers", "held_by", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("open_need_id", name=op.f("uq_offers_open_need_id")),
    )
    op.create_table(
        "offer_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("open_need_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=True),
        _key("offer_invitations", "open_need_id", "open_needs"),
        _key("offer_invitations", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_invitations")),
        sa.UniqueConstraint("reference", name=op.f("uq_offer_invitations_reference")),
        sa.UniqueConstraint(
            "open_need_id", "organization_id", name=op.f("uq_offer_invitations_open_need_id_organization_id")
        ),
    )
    op.create_index("ix_offer_invitations_agency", "offer_invitations", ["organization_id", "reference"])


def _capacity() -> None:
    op.create_table(
        "capacity_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        _key("capacity_questions", "member_id", "members"),
        _key("capacity_questions", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_questions")),
    )
    op.create_index("ix_capacity_questions_team", "capacity_questions", ["team_id", "asked_on", "id"])
    op.create_table(
        "capacity_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("tonight", sa.Boolean(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _key("capacity_answers", "question_id", "capacity_questions"),
        _key("capacity_answers", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_answers")),
        sa.UniqueConstraint("reference", name=op.f("uq_capacity_answers_reference")),
        sa.UniqueConstraint(
            "question_id", "organization_id", name=op.f("uq_capacity_answers_question_id_organization_id")
        ),
    )
    op.create_index("ix_capacity_answers_agency", "capacity_answers", ["organization_id", "reference"])
    op.create_table(
        "agencies_tonight",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("takes_people_tonight", sa.Boolean(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holds_until", sa.DateTime(timezone=True), nullable=False),
        _key("agencies_tonight", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies_tonight")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_agencies_tonight_organization_id")),
    )


def upgrade() -> None:
    """Go forward."""
    _offers()
    _capacity()


def downgrade() -> None:
    """Go back."""
    for table in ("agencies_tonight", "capacity_answers", "capacity_questions"):
        op.drop_table(table)
    for table in ("offer_invitations", "offers", "open_needs"):
        op.drop_table(table)
