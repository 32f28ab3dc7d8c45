"""Anonymous by construction: words, recall, links, batches of codes, holds, and a name of the trail's own."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDED = "trail_subjects"
PROFILE = {
    "may_be_returning": (sa.Boolean(), False),
    "communities": (sa.JSON(), ["not_asked"]),
    "zone": (sa.String(length=40), "not_asked"),
    "local_terms": (sa.JSON(), []),
}


def _fill_caseload() -> None:
    """Access that exists counts its quiet days from the day it began."""
    with op.batch_alter_table("caseload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active_on", sa.Date(), nullable=True))
    op.execute("UPDATE caseload SET active_on = since")
    with op.batch_alter_table("caseload", schema=None) as batch_op:
        batch_op.alter_column("active_on", existing_type=sa.Date(), nullable=False)


def _fill_participants() -> None:
    """The longer profile was not asked of anybody yet; the trail's name for each person is random."""
    with op.batch_alter_table("participants", schema=None) as batch_op:
        for name, (kind, _) in PROFILE.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.add_column(sa.Column("trail_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("forgetting_since", sa.Date(), nullable=True))
    columns = [sa.column("id", sa.Uuid()), sa.column("trail_id", sa.Uuid())]
    people = sa.table("participants", *columns, *(sa.column(name, kind) for name, (kind, _) in PROFILE.items()))
    unasked = {name: value for name, (_, value) in PROFILE.items()}
    if not op.get_context().as_sql:
        for person in op.get_bind().execute(sa.select(people.c.id)).all():
            op.execute(people.update().where(people.c.id == person.id).values(trail_id=uuid4(), **unasked))
    with op.batch_alter_table("participants", schema=None) as batch_op:
        for name, (kind, _) in PROFILE.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.alter_column("trail_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_participants_trail_id"), ["trail_id"])
        batch_op.create_index(
            "ix_participants_forgetting",
            ["forgetting_since"],
            unique=False,
            sqlite_where=sa.text("forgetting_since IS NOT NULL"),
            postgresql_where=sa.text("forgetting_since IS NOT NULL"),
        )


def _fill_intake_requests() -> None:
    """Of no request that is there it was said that nobody may call or write."""
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contacting_prohibited", sa.Boolean(), nullable=True))
    requests = sa.table("intake_requests", sa.column("contacting_prohibited", sa.Boolean()))
    op.execute(requests.update().values(contacting_prohibited=False))
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        batch_op.alter_column("contacting_prohibited", existing_type=sa.Boolean(), nullable=False)


def _name_subjects(old: str, old_key: str, new: str, new_key: str, index: str) -> None:
    """Name the subjects of the trail by another column of their people, while its guard is set aside."""
    postgresql = op.get_context().dialect.name == "postgresql"
    if postgresql:
        op.execute(f"DROP TRIGGER {GUARDED}_only_grow ON {GUARDED}")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {GUARDED}_no_{verb}")
    with op.batch_alter_table(GUARDED, schema=None) as batch_op:
        batch_op.add_column(sa.Column(new, sa.Uuid(), nullable=True))
    theirs = f"(SELECT people.{new_key} FROM participants people WHERE people.{old_key} = {GUARDED}.{old})"
    op.execute(f"UPDATE {GUARDED} SET {new} = {theirs}")
    op.execute(f"DELETE FROM {GUARDED} WHERE {new} IS NULL")
    with op.batch_alter_table(GUARDED, schema=None) as batch_op:
        batch_op.drop_index("ix_trail_subjects_participant" if old == "participant_id" else "ix_trail_subjects_subject")
        batch_op.drop_constraint("pk_trail_subjects", type_="primary")
        batch_op.drop_column(old)
        batch_op.alter_column(new, existing_type=sa.Uuid(), nullable=False)
        batch_op.create_primary_key("pk_trail_subjects", ["entry_id", new])
        batch_op.create_index(f"ix_trail_subjects_{index}", [new, "entry_id"], unique=False)
    _guard(postgresql)


def _guard(postgresql: bool) -> None:
    if postgresql:
        op.execute(
            f"CREATE TRIGGER {GUARDED}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {GUARDED} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
        )
        return
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {GUARDED}_no_{verb} BEFORE {verb.upper()} ON {GUARDED} "
            "BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END"
        )


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "forgotten_marks",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("forgotten_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_forgotten_marks")),
    )
    op.create_table(
        "local_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("shared_term", sa.String(length=60), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_terms")),
        sa.UniqueConstraint("key", name=op.f("uq_local_terms_key")),
    )
    op.create_table(
        "sealed_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("sealing_subject", sa.Uuid(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_texts")),
        sa.UniqueConstraint("row_id", "place", name=op.f("uq_sealed_texts_row_id_place")),
    )
    with op.batch_alter_table("sealed_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_texts_sealing_subject"), ["sealing_subject"], unique=False)

    op.create_table(
        "confirmation_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("wrong_on", sa.Date(), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_confirmation_words_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_words")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_confirmation_words_participant_id")),
    )
    op.create_table(
        "consents_kept_apart",
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_consents_kept_apart_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_consents_kept_apart")),
    )
    op.create_table(
        "recall_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_recall_tokens_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_tokens")),
        sa.UniqueConstraint("participant_id", "slot", name=op.f("uq_recall_tokens_participant_id_slot")),
    )
    with op.batch_alter_table("recall_tokens", schema=None) as batch_op:
        batch_op.create_index("ix_recall_tokens_token", ["token"], unique=False)

    op.create_table(
        "same_people",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["participants.id"], name=op.f("fk_same_people_other_id_participants")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_same_people_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("participant_id", "other_id", name=op.f("pk_same_people")),
    )
    with op.batch_alter_table("same_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_same_people_other_id"), ["other_id"], unique=False)

    op.create_table(
        "code_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_code_batches_member_id_members")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_code_batches_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batches")),
    )
    with op.batch_alter_table("code_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_batches_team_id"), ["team_id"], unique=False)

    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["members.id"], name=op.f("fk_legal_holds_approved_by_members")),
        sa.ForeignKeyConstraint(["asked_by"], ["members.id"], name=op.f("fk_legal_holds_asked_by_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_legal_holds_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_holds_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "participant_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("linked_on", sa.Date(), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_participant_links_member_id_members")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["participants.id"], name=op.f("fk_participant_links_other_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_participant_links_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_links")),
    )
    with op.batch_alter_table("participant_links", schema=None) as batch_op:
        batch_op.create_index("ix_participant_links_both", ["participant_id", "other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_links_other_id"), ["other_id"], unique=False)

    op.create_table(
        "recall_tries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_recall_tries_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_recall_tries_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_recall_tries_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_tries")),
        sa.UniqueConstraint("member_id", "hour", "number", name=op.f("uq_recall_tries_member_id_hour_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_recall_tries_reference")),
    )
    with op.batch_alter_table("recall_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_tries_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index("ix_recall_tries_team", ["team_id", "hour"], unique=False)

    op.create_table(
        "safe_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kept_for", sa.String(length=40), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("okay_to_check_in", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_safe_contacts_member_id_members")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_safe_contacts_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_safe_contacts_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_contacts")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_safe_contacts_participant_id")),
    )
    _fill_caseload()
    _fill_participants()
    _fill_intake_requests()
    for table in ("readiness_notes", "referrals"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("participant_id", existing_type=sa.Uuid(), nullable=True)
    with op.batch_alter_table("realm_codes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("replaced_because", sa.String(length=40), nullable=True))
        batch_op.alter_column("participant_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index(batch_op.f("ix_realm_codes_batch_id"), ["batch_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_realm_codes_realm_id_organizations"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_realm_codes_batch_id_code_batches"), "code_batches", ["batch_id"], ["id"]
        )
    _name_subjects("participant_id", "id", "trail_id", "trail_id", "subject")


def downgrade() -> None:
    """Go back."""
    _name_subjects("trail_id", "trail_id", "participant_id", "id", "participant")
    # What has no place in the older schema goes: codes that nobody has used, and facts that are about nobody.
    op.execute("DELETE FROM realm_codes WHERE participant_id IS NULL")
    with op.batch_alter_table("realm_codes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_realm_codes_batch_id_code_batches"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_realm_codes_realm_id_organizations"), "organizations", ["realm_id"], ["id"]
        )
        batch_op.drop_index(batch_op.f("ix_realm_codes_batch_id"))
        batch_op.alter_column("participant_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("replaced_because")
        batch_op.drop_column("batch_id")
    op.execute(
        "DELETE FROM referral_steps WHERE referral_id IN (SELECT id FROM referrals WHERE participant_id IS NULL)"
    )
    for table in ("readiness_notes", "referrals"):
        op.execute(f"DELETE FROM {table} WHERE participant_id IS NULL")
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("participant_id", existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index("ix_participants_forgetting")
        batch_op.drop_constraint(batch_op.f("uq_participants_trail_id"), type_="unique")
        for name in ("forgetting_since", *PROFILE, "trail_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("intake_requests", schema=None) as batch_op:
        batch_op.drop_column("contacting_prohibited")
    with op.batch_alter_table("caseload", schema=None) as batch_op:
        batch_op.drop_column("active_on")
    op.drop_table("safe_contacts")
    with op.batch_alter_table("recall_tries", schema=None) as batch_op:
        batch_op.drop_index("ix_recall_tries_team")
        batch_op.drop_index(batch_op.f("ix_recall_tries_participant_id"))

    op.drop_table("recall_tries")
    with op.batch_alter_table("participant_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_links_other_id"))
        batch_op.drop_index("ix_participant_links_both")

    op.drop_table("participant_links")
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_holds_participant_id"))

    op.drop_table("legal_holds")
    with op.batch_alter_table("code_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_batches_team_id"))

    op.drop_table("code_batches")
    with op.batch_alter_table("same_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_same_people_other_id"))

    op.drop_table("same_people")
    with op.batch_alter_table("recall_tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_recall_tokens_token")

    op.drop_table("recall_tokens")
    op.drop_table("consents_kept_apart")
    op.drop_table("confirmation_words")
    with op.batch_alter_table("sealed_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealed_texts_sealing_subject"))

    op.drop_table("sealed_texts")
    op.drop_table("local_terms")
    op.drop_table("forgotten_marks")
