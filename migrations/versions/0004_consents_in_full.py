"""Consents with every element of 42 CFR 2.31: kind, decision, categories, recipients, form and evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED = {
    "kind": (sa.String(length=40), "named_recipient"),
    "decision": (sa.String(length=40), "permit"),
    "form_version": (sa.String(length=40), "before-2026-11"),
    "notice_version": (sa.String(length=40), "before-2026-11"),
    "evidence": (sa.String(length=40), "signed_paper"),
    "where_kept": (sa.String(length=40), "program_office"),
}
APART = {"kind": "named_recipient", "decision": "permit"}


def upgrade() -> None:
    """Go forward: what one consent covered and whom it named become rows of their own."""
    op.create_table(
        "consent_categories",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_consent_categories_consent_id_consents")
        ),
        sa.PrimaryKeyConstraint("consent_id", "category", name=op.f("pk_consent_categories")),
    )
    op.create_table(
        "consent_recipients",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_consent_recipients_consent_id_consents")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_consent_recipients_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("consent_id", "organization_id", name=op.f("pk_consent_recipients")),
    )
    op.create_index("ix_consent_recipients_organization", "consent_recipients", ["organization_id", "consent_id"])
    op.execute("INSERT INTO consent_categories (consent_id, category) SELECT id, category FROM consents")
    op.execute("INSERT INTO consent_recipients (consent_id, organization_id) SELECT id, organization_id FROM consents")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        for name, (kind, before) in ADDED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=before))
        batch_op.add_column(sa.Column("supersedes_id", sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_consents_supersedes_id"), ["supersedes_id"])
        batch_op.drop_column("category")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        for name, (kind, _) in ADDED.items():
            batch_op.alter_column(name, existing_type=kind, server_default=None)
    _list_apart()
    _add_endings_and_rule()


def _add_endings_and_rule() -> None:
    """What ended for an agency, which consents ran out, and the state's rule on consent of minors."""
    op.create_table(
        "consent_lapses",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_consent_lapses_consent_id_consents")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent_lapses")),
    )
    op.create_table(
        "access_endings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("ended_in", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_access_endings_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_endings")),
    )
    op.create_index("ix_access_endings_agency", "access_endings", ["organization_id", "ended_in", "reference"])
    op.create_table(
        "minor_consent_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_minor_consent_rules_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minor_consent_rules")),
        sa.UniqueConstraint("number", name=op.f("uq_minor_consent_rules_number")),
    )


def _list_apart() -> None:
    """Of those that are kept apart for accounting, the one category and the one recipient become lists."""
    with op.batch_alter_table("consents_kept_apart", schema=None) as batch_op:
        for name, before in APART.items():
            batch_op.add_column(sa.Column(name, sa.String(length=40), nullable=False, server_default=before))
        for name in ("categories", "recipients"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
    columns = ("reference", sa.Uuid()), ("category", sa.String()), ("organization_id", sa.Uuid())
    lists = (sa.column(name, sa.JSON()) for name in ("categories", "recipients"))
    apart = sa.table("consents_kept_apart", *(sa.column(name, kind) for name, kind in columns), *lists)
    if not op.get_context().as_sql:
        for row in op.get_bind().execute(sa.select(apart)).all():
            news = {"categories": [row.category], "recipients": [str(row.organization_id)]}
            op.execute(apart.update().where(apart.c.reference == row.reference).values(**news))
    with op.batch_alter_table("consents_kept_apart", schema=None) as batch_op:
        for name in APART:
            batch_op.alter_column(name, existing_type=sa.String(length=40), server_default=None)
        for name in ("categories", "recipients"):
            batch_op.alter_column(name, existing_type=sa.JSON(), nullable=False)
        batch_op.drop_column("category")


def downgrade() -> None:
    """Go back: the first category by name stands for all of them."""
    op.drop_table("minor_consent_rules")
    op.drop_index("ix_access_endings_agency", table_name="access_endings")
    op.drop_table("access_endings")
    op.drop_table("consent_lapses")
    with op.batch_alter_table("consents_kept_apart", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=40), nullable=False, server_default="referral"))
        for name in (*APART, "categories", "recipients"):
            batch_op.drop_column(name)
    with op.batch_alter_table("consents_kept_apart", schema=None) as batch_op:
        batch_op.alter_column("category", existing_type=sa.String(length=40), server_default=None)
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=40), nullable=False, server_default="referral"))
        batch_op.drop_constraint(batch_op.f("uq_consents_supersedes_id"), type_="unique")
        batch_op.drop_column("supersedes_id")
        for name in ADDED:
            batch_op.drop_column(name)
    op.execute(
        "UPDATE consents SET category = (SELECT min(c.category) FROM consent_categories c"
        " WHERE c.consent_id = consents.id)"
        " WHERE EXISTS (SELECT 1 FROM consent_categories c WHERE c.consent_id = consents.id)"
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("category", existing_type=sa.String(length=40), server_default=None)
    op.drop_index("ix_consent_recipients_organization", table_name="consent_recipients")
    op.drop_table("consent_recipients")
    op.drop_table("consent_categories")
