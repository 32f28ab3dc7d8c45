"""The directory of services."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ENTRIES = "directory_entries"
OWN = "organization_id = agency_organization()"
READABLE = f"(public AND NOT redacted) OR {OWN}"
CHANGED = "version, belongs_to, redacted, active, body"
POLICIES = {
    "select": f"FOR SELECT TO {{role}} USING ({READABLE})",
    "insert": f"FOR INSERT TO {{role}} WITH CHECK ({OWN})",
    "update": f"FOR UPDATE TO {{role}} USING ({OWN}) WITH CHECK ({OWN})",
    "delete": f"FOR DELETE TO {{role}} USING ({OWN})",
}
GRANTS = ("SELECT", "INSERT", f"UPDATE ({CHANGED})", "DELETE")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        ENTRIES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("belongs_to", sa.Uuid(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_directory_entries_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_entries")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_directory_entries_kind_reference")),
    )
    op.create_index("ix_directory_entries_belongs_to", ENTRIES, ["belongs_to"])
    op.create_table(
        "directory_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("loose", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_directory_imports_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_imports")),
    )
    if op.get_context().dialect.name == "postgresql":
        _wall()


def _wall() -> None:
    """An agency reads what is open to everybody and what it keeps itself, and writes no more than the latter."""
    role = '"' + _role().replace('"', '""') + '"'
    op.execute(f"ALTER TABLE {ENTRIES} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {ENTRIES} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY program ON {ENTRIES} TO CURRENT_USER USING (true) WITH CHECK (true)")
    for grant in GRANTS:
        op.execute(f"GRANT {grant} ON {ENTRIES} TO {role}")
    for verb, rows in POLICIES.items():
        op.execute(f"CREATE POLICY agency_{verb} ON {ENTRIES} {rows.format(role=role)}")


def downgrade() -> None:
    """Go back. Grants and policies go with their table."""
    op.drop_table("directory_imports")
    op.drop_index("ix_directory_entries_belongs_to", table_name=ENTRIES)
    op.drop_table(ENTRIES)


def _role() -> str:
    """The role that agencies' requests take on, by the policies that an earlier migration made for it."""
    if op.get_context().as_sql:
        return "true_api_agency"
    asked = (
        "SELECT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)"
        " WHERE p.polname = 'agency_insert' LIMIT 1"
    )
    return str(op.get_bind().execute(sa.text(asked)).scalar() or "")
