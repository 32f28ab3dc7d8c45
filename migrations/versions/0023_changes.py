"""The change feed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ENTRIES, DAYS, POSITIONS = "feed_entries", "feed_days", "positions"
NOBODY_ELSE = "'00000000-0000-0000-0000-000000000000'"
EVERYBODY = "'ffffffff-ffff-ffff-ffff-ffffffffffff'"
SOMEBODY = "agency_organization() IS NOT NULL"
READABLE = f"audience_id = agency_organization() OR (audience_id = {EVERYBODY} AND {SOMEBODY})"
# In the place of its own entry in the trail: for itself, for the program, and of the directory for everybody.
WRITTEN = f"""agency_wrote(entry_id) AND (audience_id = agency_organization()
    OR (audience_id = {NOBODY_ELSE} AND kind IN ('referral', 'intake_request', 'directory_entry'))
    OR (audience_id = {EVERYBODY} AND kind = 'directory_entry'))"""
OF_READABLE = "EXISTS (SELECT FROM feed_entries f WHERE f.entry_id = positions.entry_id)"
WALLED = {
    ENTRIES: {"SELECT": f"USING ({READABLE})", "INSERT": f"WITH CHECK ({WRITTEN})"},
    # One row a day: from where on there is nothing new, and from where on nothing is kept.
    DAYS: {"SELECT": f"USING ({SOMEBODY})"},
    POSITIONS: {"SELECT": f"USING ({OF_READABLE})"},
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        ENTRIES,
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_feed_entries")),
    )
    op.create_table(
        DAYS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_days")),
        sa.UniqueConstraint("day", name=op.f("uq_feed_days_day")),
    )
    if op.get_context().dialect.name == "postgresql":
        _wall()


def _wall() -> None:
    """Who is from outside reads what is told to them or to everybody, and where it stands in the order."""
    role = '"' + _role().replace('"', '""') + '"'
    for table, policies in WALLED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY program ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        for verb, rows in policies.items():
            op.execute(f"GRANT {verb} ON {table} TO {role}")
            op.execute(f"CREATE POLICY agency_{verb.lower()} ON {table} FOR {verb} TO {role} {rows}")


def downgrade() -> None:
    """Go back. Grants and policies go with their tables; positions stay, and lose theirs."""
    if op.get_context().dialect.name == "postgresql":
        role = '"' + _role().replace('"', '""') + '"'
        op.execute(f"DROP POLICY agency_select ON {POSITIONS}")
        op.execute(f"DROP POLICY program ON {POSITIONS}")
        op.execute(f"REVOKE ALL ON {POSITIONS} FROM {role}")
        op.execute(f"ALTER TABLE {POSITIONS} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {POSITIONS} DISABLE ROW LEVEL SECURITY")
    op.drop_table(DAYS)
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
