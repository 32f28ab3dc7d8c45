"""Exports: who asked, who approved, their files, and whom they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OWN = "asked_by = agency_account() AND organization_id = agency_organization()"
OF_OWN = "EXISTS (SELECT FROM exports e WHERE e.id = {})"
GRANTS = {
    "exports": ("SELECT", "INSERT", "UPDATE (version, state)"),
    "export_files": ("SELECT", "INSERT"),
}
POLICIES = (
    ("exports", "select", "SELECT", f"USING ({OWN})"),
    ("exports", "insert", "INSERT", f"WITH CHECK ({OWN} AND kind = 'releases' AND state = 'queued')"),
    ("exports", "update", "UPDATE", f"USING ({OWN}) WITH CHECK ({OWN} AND state = 'cancelled')"),
    ("export_files", "select", "SELECT", f"USING ({OF_OWN.format('export_files.export_id')})"),
    ("export_files", "insert", "INSERT", f"WITH CHECK ({OF_OWN.format('export_files.export_id')} AND digest IS NULL)"),
    ("jobs", "insert_exports", "INSERT", f"WITH CHECK (kind = 'export_run' AND {OF_OWN.format('jobs.record_id')})"),
)
"""Whoever is from outside asks for releases as files, follows what they asked for, and calls it off."""


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    """Go forward."""
    _exports()
    _parts()
    if op.get_context().dialect.name == "postgresql":
        _wall()


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("by_client", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("people_left_out", sa.Integer(), nullable=True),
        sa.Column("rows_left_out", sa.Integer(), nullable=True),
        sa.Column("not_made_because", sa.String(length=40), nullable=True),
        _key("exports", "organization_id", "organizations"),
        _key("exports", "team_id", "teams"),
        _key("exports", "decided_by", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("reference", name=op.f("uq_exports_reference")),
    )
    op.create_index("ix_exports_asked", "exports", ["asked_by", "asked_on", "id"])
    op.create_index("ix_exports_state", "exports", ["state", "expires_on"])


def _parts() -> None:
    op.create_table(
        "export_files",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table", sa.String(length=60), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        _key("export_files", "export_id", "exports"),
        sa.PrimaryKeyConstraint("export_id", "place", name=op.f("pk_export_files")),
    )
    op.create_table(
        "export_subjects",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        _key("export_subjects", "export_id", "exports"),
        _key("export_subjects", "participant_id", "participants"),
        _key("export_subjects", "person_id", "participants"),
        sa.PrimaryKeyConstraint("export_id", "participant_id", name=op.f("pk_export_subjects")),
    )
    op.create_index(op.f("ix_export_subjects_participant_id"), "export_subjects", ["participant_id"])
    op.create_index(op.f("ix_export_subjects_person_id"), "export_subjects", ["person_id"])
    op.create_table(
        "export_coarsenings",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quasi", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("people_left_out", sa.Integer(), nullable=False),
        _key("export_coarsenings", "export_id", "exports"),
        sa.PrimaryKeyConstraint("export_id", "place", name=op.f("pk_export_coarsenings")),
    )


def _wall() -> None:
    role = '"' + _role().replace('"', '""') + '"'
    for table, verbs in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY program ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        for verb in verbs:
            op.execute(f"GRANT {verb} ON {table} TO {role}")
    for table, name, verb, rows in POLICIES:
        op.execute(f"CREATE POLICY agency_{name} ON {table} FOR {verb} TO {role} {rows}")


def downgrade() -> None:
    """Go back; what leads to an export goes with it. Grants and policies go with their tables."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP POLICY IF EXISTS agency_insert_exports ON jobs")
    op.execute("DELETE FROM jobs WHERE kind IN ('export_run', 'export_ends')")
    for table in ("export_coarsenings", "export_subjects", "export_files", "exports"):
        op.drop_table(table)


def _role() -> str:
    """The role that agencies' requests take on, by the policies that an earlier migration made for it."""
    if op.get_context().as_sql:
        return "true_api_agency"
    asked = (
        "SELECT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)"
        " WHERE p.polname = 'agency_insert' LIMIT 1"
    )
    return str(op.get_bind().execute(sa.text(asked)).scalar() or "")
