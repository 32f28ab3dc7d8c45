"""Covers, exclusions and endings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _live(condition: str) -> dict[str, Any]:
    return {"unique": True, "sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _covers() -> None:
    op.create_table(
        "covers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("away_id", sa.Uuid(), nullable=False),
        sa.Column("covering_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        _key("covers", "away_id", "members"),
        _key("covers", "covering_id", "members"),
        _key("covers", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    op.create_index("ix_covers_covering", "covers", ["covering_id", "until"])
    op.create_index("ix_covers_away", "covers", ["away_id", "until"])
    op.create_index("ix_covers_team", "covers", ["team_id", "since", "id"])


def _exclusions() -> None:
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        _key("exclusions", "participant_id", "participants"),
        _key("exclusions", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    op.create_index("ix_exclusions_participant", "exclusions", ["participant_id"])
    op.create_index("uq_exclusions_live", "exclusions", ["member_id", "participant_id"], **_live("lifted_on IS NULL"))


def _hand_overs() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("more", sa.Boolean(), nullable=False),
        _key("hand_overs", "from_id", "members"),
        _key("hand_overs", "to_id", "members"),
        _key("hand_overs", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index(op.f("ix_hand_overs_team_id"), "hand_overs", ["team_id"])
    op.create_table(
        "handed_over_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        _key("handed_over_people", "hand_over_id", "hand_overs"),
        _key("handed_over_people", "participant_id", "participants"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_over_people")),
    )
    for column in ("hand_over_id", "participant_id"):
        op.create_index(op.f(f"ix_handed_over_people_{column}"), "handed_over_people", [column])


def _endings() -> None:
    op.create_table(
        "participant_endings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        _key("participant_endings", "participant_id", "participants"),
        _key("participant_endings", "member_id", "members"),
        _key("participant_endings", "team_id", "teams"),
        _key("participant_endings", "undone_by", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_endings")),
    )
    op.create_index("ix_participant_endings_journey", "participant_endings", ["participant_id", "known_from", "id"])
    live = _live("undone_on IS NULL")
    op.create_index("uq_participant_endings_live", "participant_endings", ["participant_id"], **live)


def _what_rests() -> None:
    op.create_table(
        "resting_referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ending_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("no_answer_since", sa.Date(), nullable=True),
        _key("resting_referrals", "ending_id", "participant_endings"),
        _key("resting_referrals", "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resting_referrals")),
        sa.UniqueConstraint("ending_id", "referral_id", name=op.f("uq_resting_referrals_ending_id_referral_id")),
    )
    op.create_index(op.f("ix_resting_referrals_referral_id"), "resting_referrals", ["referral_id"])
    op.create_table(
        "resting_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ending_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        _key("resting_offers", "ending_id", "participant_endings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resting_offers")),
        sa.UniqueConstraint("ending_id", "offer_id", name=op.f("uq_resting_offers_ending_id_offer_id")),
    )


def _debriefs() -> None:
    op.create_table(
        "debrief_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ending_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        _key("debrief_offers", "participant_id", "participants"),
        _key("debrief_offers", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debrief_offers")),
        sa.UniqueConstraint("ending_id", "member_id", name=op.f("uq_debrief_offers_ending_id_member_id")),
    )
    op.create_index("ix_debrief_offers_member", "debrief_offers", ["member_id", "offered_on", "id"])
    op.create_index("ix_debrief_offers_participant", "debrief_offers", ["participant_id"])


def upgrade() -> None:
    """Go forward."""
    _covers()
    _exclusions()
    _hand_overs()
    _endings()
    _what_rests()
    _debriefs()


def downgrade() -> None:
    """Go back."""
    for table in (
        "debrief_offers",
        "resting_offers",
        "resting_referrals",
        "participant_endings",
        "handed_over_people",
        "hand_overs",
        "exclusions",
        "covers",
    ):
        op.drop_table(table)
