"""the house"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""

    op.create_table(
        "idempotent_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("key_mark", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("replays", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_requests")),
        sa.UniqueConstraint("caller_id", "key_mark", name=op.f("uq_idempotent_requests_caller_id_key_mark")),
    )
    with op.batch_alter_table("idempotent_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_requests_created_at"), ["created_at"], unique=False)

    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("name", name=op.f("uq_organizations_name")),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("age_band", sa.String(length=40), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=False),
        sa.Column("race_ethnicity", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
    )
    op.create_table(
        "pending",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("stream", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_pending")),
    )
    op.create_table(
        "positions",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("stream", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_positions")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_positions_entry_id")),
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("table", sa.String(length=60), nullable=False),
        sa.Column("mechanism", sa.String(length=60), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("period", "table", name=op.f("uq_releases_period_table")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "trail_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_is_client", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("door", sa.String(length=120), nullable=False),
        sa.Column("permission", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=60), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entries")),
    )
    with op.batch_alter_table("trail_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_entries_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "turns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_clients_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("organization_id", "label", name=op.f("uq_clients_organization_id_label")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_members_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_members_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("organization_id", "label", name=op.f("uq_members_organization_id_label")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_team_id"), ["team_id"], unique=False)

    op.create_table(
        "programs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_programs_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
    )
    op.create_table(
        "realm_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("realm_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_realm_codes_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["realm_id"], ["organizations.id"], name=op.f("fk_realm_codes_realm_id_organizations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_realm_codes")),
        sa.UniqueConstraint("realm_id", "code", name=op.f("uq_realm_codes_realm_id_code")),
    )
    with op.batch_alter_table("realm_codes", schema=None) as batch_op:
        batch_op.create_index(
            "uq_realm_codes_live",
            ["participant_id", "realm_id"],
            unique=True,
            sqlite_where=sa.text("retired_on IS NULL"),
            postgresql_where=sa.text("retired_on IS NULL"),
        )

    op.create_table(
        "release_cells",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("cell", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_release_cells_release_id_releases")),
        sa.PrimaryKeyConstraint("release_id", "cell", name=op.f("pk_release_cells")),
    )
    op.create_table(
        "trail_subjects",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["trail_entries.id"], name=op.f("fk_trail_subjects_entry_id_trail_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", "participant_id", name=op.f("pk_trail_subjects")),
    )
    with op.batch_alter_table("trail_subjects", schema=None) as batch_op:
        batch_op.create_index("ix_trail_subjects_participant", ["participant_id", "entry_id"], unique=False)

    op.create_table(
        "caseload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("history_open", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_caseload_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_caseload_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_caseload_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload")),
        sa.UniqueConstraint("member_id", "handle", name=op.f("uq_caseload_member_id_handle")),
        sa.UniqueConstraint("member_id", "participant_id", name=op.f("uq_caseload_member_id_participant_id")),
    )
    with op.batch_alter_table("caseload", schema=None) as batch_op:
        batch_op.create_index("ix_caseload_participant", ["participant_id"], unique=False)
        batch_op.create_index("ix_caseload_team", ["team_id", "participant_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_consents_member_id_members")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_consents_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_consents_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_consents_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("reference", name=op.f("uq_consents_reference")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_live", ["participant_id", "organization_id", "valid_to"], unique=False)

    op.create_table(
        "encounters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("part_of_day", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_encounters_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_encounters_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_encounters_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounters")),
    )
    with op.batch_alter_table("encounters", schema=None) as batch_op:
        batch_op.create_index("ix_encounters_day", ["occurred_on"], unique=False)
        batch_op.create_index("ix_encounters_journey", ["participant_id", "occurred_on", "id"], unique=False)
        batch_op.create_index("ix_encounters_team", ["team_id", "occurred_on", "id"], unique=False)

    op.create_table(
        "intake_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("person_knows", sa.String(length=40), nullable=False),
        sa.Column("meets_at", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_intake_requests_member_id_members")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_intake_requests_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_intake_requests_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_intake_requests_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_intake_requests_reference")),
    )
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        batch_op.create_index("ix_intake_requests_agency", ["organization_id", "posted_on", "reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_requests_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index("ix_intake_requests_queue", ["state", "posted_on", "id"], unique=False)

    op.create_table(
        "readiness_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("focus", sa.String(length=40), nullable=False),
        sa.Column("next_step", sa.String(length=40), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("readiness", sa.Integer(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 0 AND 10", name=op.f("ck_readiness_notes_confidence_on_ruler")),
        sa.CheckConstraint("importance BETWEEN 0 AND 10", name=op.f("ck_readiness_notes_importance_on_ruler")),
        sa.CheckConstraint("readiness BETWEEN 0 AND 10", name=op.f("ck_readiness_notes_readiness_on_ruler")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_readiness_notes_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_readiness_notes_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_readiness_notes_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_notes")),
    )
    with op.batch_alter_table("readiness_notes", schema=None) as batch_op:
        batch_op.create_index("ix_readiness_notes_journey", ["participant_id", "occurred_on", "id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_referrals_member_id_members")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_referrals_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_referrals_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_referrals_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("reference", name=op.f("uq_referrals_reference")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index("ix_referrals_agency", ["organization_id", "requested_on", "reference"], unique=False)
        batch_op.create_index("ix_referrals_journey", ["participant_id", "requested_on", "id"], unique=False)

    op.create_table(
        "consent_revocations",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_consent_revocations_consent_id_consents")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_consent_revocations_member_id_members")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent_revocations")),
    )
    op.create_table(
        "encounter_acts",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_encounter_acts_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounters.id"], name=op.f("fk_encounter_acts_encounter_id_encounters")
        ),
        sa.PrimaryKeyConstraint("encounter_id", "act", name=op.f("pk_encounter_acts")),
    )
    op.create_table(
        "encounter_revisions",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("revised", sa.String(length=40), nullable=False),
        sa.Column("amended_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=40), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("revised_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amended_by"], ["encounters.id"], name=op.f("fk_encounter_revisions_amended_by_encounters")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounters.id"], name=op.f("fk_encounter_revisions_encounter_id_encounters")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_encounter_revisions_member_id_members")),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_encounter_revisions")),
    )
    op.create_table(
        "intake_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intake_request_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("attempted_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_request_id"],
            ["intake_requests.id"],
            name=op.f("fk_intake_attempts_intake_request_id_intake_requests"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_intake_attempts_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_attempts")),
    )
    with op.batch_alter_table("intake_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_attempts_intake_request_id"), ["intake_request_id"], unique=False)

    op.create_table(
        "referral_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("by_agency", sa.Boolean(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_steps_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_steps")),
    )
    with op.batch_alter_table("referral_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_steps_referral_id"), ["referral_id"], unique=False)


def downgrade() -> None:
    """Go back."""

    with op.batch_alter_table("referral_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_steps_referral_id"))

    op.drop_table("referral_steps")
    with op.batch_alter_table("intake_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_attempts_intake_request_id"))

    op.drop_table("intake_attempts")
    op.drop_table("encounter_revisions")
    op.drop_table("encounter_acts")
    op.drop_table("consent_revocations")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index("ix_referrals_journey")
        batch_op.drop_index("ix_referrals_agency")

    op.drop_table("referrals")
    with op.batch_alter_table("readiness_notes", schema=None) as batch_op:
        batch_op.drop_index("ix_readiness_notes_journey")

    op.drop_table("readiness_notes")
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_intake_requests_queue")
        batch_op.drop_index(batch_op.f("ix_intake_requests_participant_id"))
        batch_op.drop_index("ix_intake_requests_agency")

    op.drop_table("intake_requests")
    with op.batch_alter_table("encounters", schema=None) as batch_op:
        batch_op.drop_index("ix_encounters_team")
        batch_op.drop_index("ix_encounters_journey")
        batch_op.drop_index("ix_encounters_day")

    op.drop_table("encounters")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index("ix_consents_live")

    op.drop_table("consents")
    with op.batch_alter_table("caseload", schema=None) as batch_op:
        batch_op.drop_index("ix_caseload_team")
        batch_op.drop_index("ix_caseload_participant")

    op.drop_table("caseload")
    with op.batch_alter_table("trail_subjects", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_subjects_participant")

    op.drop_table("trail_subjects")
    op.drop_table("release_cells")
    with op.batch_alter_table("realm_codes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_realm_codes_live",
            sqlite_where=sa.text("retired_on IS NULL"),
            postgresql_where=sa.text("retired_on IS NULL"),
        )

    op.drop_table("realm_codes")
    op.drop_table("programs")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_team_id"))

    op.drop_table("members")
    op.drop_table("clients")
    op.drop_table("turns")
    with op.batch_alter_table("trail_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trail_entries_actor_id"))

    op.drop_table("trail_entries")
    op.drop_table("teams")
    op.drop_table("releases")
    op.drop_table("positions")
    op.drop_table("pending")
    op.drop_table("participants")
    op.drop_table("organizations")
    with op.batch_alter_table("idempotent_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotent_requests_created_at"))

    op.drop_table("idempotent_requests")
