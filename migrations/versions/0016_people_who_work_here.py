"""Supervision, wellness, training, and voices: those who work here, and what people say of the program."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "program_leads",
    "supervision_sessions",
    "supervision_attendance",
    "supervision_reflections",
    "agreed_actions",
    "supervision_practices",
    "sampling_shares",
    "sign_offs",
    "wellness_pulses",
    "support_requests",
    "training_records",
    "certificates",
    "voices",
)


def upgrade() -> None:
    """Go forward: tables for those who work here."""
    _supervision()
    _drawing()
    _wellness()
    _training_and_voices()


def _supervision() -> None:
    """Who leads the program, and supervision."""
    op.create_table(
        "program_leads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("marked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_program_leads_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_leads")),
        sa.UniqueConstraint("member_id", name=op.f("uq_program_leads_member_id")),
    )
    op.create_table(
        "supervision_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["members.id"], name=op.f("fk_supervision_sessions_supervisor_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_sessions")),
    )
    op.create_index(
        op.f("ix_supervision_sessions_supervisor_id"), "supervision_sessions", ["supervisor_id"], unique=False
    )
    op.create_table(
        "supervision_attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_supervision_attendance_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["supervision_sessions.id"],
            name=op.f("fk_supervision_attendance_session_id_supervision_sessions"),
        ),
        sa.PrimaryKeyConstraint("session_id", "member_id", name=op.f("pk_supervision_attendance")),
    )
    op.create_index(
        "ix_supervision_attendance_member", "supervision_attendance", ["member_id", "session_id"], unique=False
    )
    op.create_table(
        "supervision_reflections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_supervision_reflections_author_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_supervision_reflections_member_id_members")
        ),
        sa.ForeignKeyConstraint(["with_id"], ["members.id"], name=op.f("fk_supervision_reflections_with_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_reflections")),
    )
    op.create_index("ix_supervision_reflections_session", "supervision_reflections", ["session_id"], unique=False)
    op.create_table(
        "agreed_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=False),
        sa.Column("doer", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_agreed_actions_member_id_members")),
        sa.ForeignKeyConstraint(["with_id"], ["members.id"], name=op.f("fk_agreed_actions_with_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_actions")),
    )
    op.create_index("ix_agreed_actions_member", "agreed_actions", ["member_id", "state", "due_on"], unique=False)
    op.create_index("ix_agreed_actions_with", "agreed_actions", ["with_id", "state", "due_on"], unique=False)


def _drawing() -> None:
    """What each team does, and which encounters were signed off."""
    op.create_table(
        "supervision_practices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_supervision_practices_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_practices")),
        sa.UniqueConstraint("team_id", name=op.f("uq_supervision_practices_team_id")),
    )
    op.create_table(
        "sampling_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sampling_shares_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_shares")),
        sa.UniqueConstraint("team_id", "from_on", name=op.f("uq_sampling_shares_team_id_from_on")),
    )
    op.create_table(
        "sign_offs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_sign_offs_encounter_id_encounters")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sign_offs_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
        sa.UniqueConstraint("encounter_id", name=op.f("uq_sign_offs_encounter_id")),
    )


def _wellness() -> None:
    """The pulse that one person sees, and the request that two see."""
    op.create_table(
        "wellness_pulses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("quarter_ends_on", sa.Date(), nullable=False),
        sa.Column("energy", sa.Integer(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.Integer(), nullable=False),
        sa.Column("support_wanted", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_wellness_pulses_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wellness_pulses")),
    )
    op.create_index("ix_wellness_pulses_member", "wellness_pulses", ["member_id", "taken_on", "id"], unique=False)
    op.create_index("ix_wellness_pulses_quarter", "wellness_pulses", ["quarter_ends_on"], unique=False)
    op.create_table(
        "support_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=False),
        sa.Column("wish", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_support_requests_member_id_members")),
        sa.ForeignKeyConstraint(["with_id"], ["members.id"], name=op.f("fk_support_requests_with_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_requests")),
    )
    op.create_index("ix_support_requests_member", "support_requests", ["member_id", "asked_on", "id"], unique=False)
    op.create_index("ix_support_requests_with", "support_requests", ["with_id", "state", "asked_on"], unique=False)


def _training_and_voices() -> None:
    """Training, certificates, and what is said without a name."""
    op.create_table(
        "training_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("competency", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_training_records_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_records")),
    )
    op.create_index("ix_training_records_member", "training_records", ["member_id", "done_on", "id"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_certificates_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_index("ix_certificates_expiry", "certificates", ["expires_on"], unique=False)
    op.create_index("ix_certificates_member", "certificates", ["member_id", "obtained_on", "id"], unique=False)
    op.create_table(
        "voices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("received_in", sa.Date(), nullable=False),
        sa.Column("respected", sa.String(length=40), nullable=False),
        sa.Column("pressured", sa.String(length=40), nullable=False),
        sa.Column("promise_kept", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("receipt_mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voices")),
        sa.UniqueConstraint("receipt_mark", name=op.f("uq_voices_receipt_mark")),
    )
    op.create_index("ix_voices_month", "voices", ["received_in", "id"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    """Go back; the indexes go with their tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
