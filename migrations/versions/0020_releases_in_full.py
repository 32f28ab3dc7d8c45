"""Releases with noise, the ledger of what they spent, and submissions of exact totals after a review.

What the first version sealed goes with its tables: it kept small numbers back by suppression alone, from which they can
be computed back, and it said of itself that it is not safe to publish.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SHOWN = {
    "sealed_releases": ("", "true"),
    "sealed_cells": ("", "true"),
    "submissions": ("id, period, period_kind, attempt, state, prepared_on, reviewed_on", "state = 'approved'"),
    "submission_totals": ("", "EXISTS (SELECT FROM submissions s WHERE s.id = submission_totals.submission_id)"),
}
"""Which columns (all where none is named) of which rows the requests of those outside may read."""


def upgrade() -> None:
    """Go forward."""
    op.drop_table("release_cells")
    op.drop_table("releases")
    _releases()
    _submissions()
    if op.get_context().dialect.name == "postgresql":
        role = _role()
        for table, (columns, rows) in SHOWN.items():
            _wall(table, role, columns, rows)


def downgrade() -> None:
    """Go back. No release that was sealed with noise fits the old tables; they come back empty."""
    for table in ("submission_totals", "submissions", "epsilon_ledger", "sealed_cells", "sealed_releases"):
        op.drop_table(table)
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
        "release_cells",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("cell", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_release_cells_release_id_releases")),
        sa.PrimaryKeyConstraint("release_id", "cell", name=op.f("pk_release_cells")),
    )
    if op.get_context().dialect.name == "postgresql":
        role = _role()
        for table in ("releases", "release_cells"):
            _wall(table, role, "", "true")


def _releases() -> None:
    op.create_table(
        "sealed_releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("period_kind", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("table", sa.String(length=60), nullable=False),
        sa.Column("dimensions", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("mechanism", sa.String(length=60), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_releases")),
        sa.UniqueConstraint("period", "table", "revision", name=op.f("uq_sealed_releases_period_table_revision")),
    )
    op.create_index("ix_sealed_releases_starts_on", "sealed_releases", ["starts_on"])
    op.create_table(
        "sealed_cells",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("one", sa.String(length=60), nullable=False),
        sa.Column("other", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        _key("sealed_cells", "release_id", "sealed_releases"),
        sa.PrimaryKeyConstraint("release_id", "place", name=op.f("pk_sealed_cells")),
    )
    op.create_table(
        "epsilon_ledger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("cells_of_person", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        _key("epsilon_ledger", "release_id", "sealed_releases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epsilon_ledger")),
        sa.UniqueConstraint("release_id", name=op.f("uq_epsilon_ledger_release_id")),
    )


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("period_kind", sa.String(length=20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_reason", sa.String(length=40), nullable=True),
        _key("submissions", "prepared_by", "members"),
        _key("submissions", "reviewed_by", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("period", "attempt", name=op.f("uq_submissions_period_attempt")),
    )
    op.create_table(
        "submission_totals",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        _key("submission_totals", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("submission_id", "total", name=op.f("pk_submission_totals")),
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _wall(table: str, role: str, columns: str, rows: str) -> None:
    """As 0010 does: whoever is outside reads these columns of these rows, and writes none."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY program ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    named = f" ({columns})" if columns else ""
    op.execute(f"GRANT SELECT{named} ON {table} TO {role}")
    op.execute(f"CREATE POLICY agency_select ON {table} FOR SELECT TO {role} USING ({rows})")


def _role() -> str:
    """The role that agencies' requests take on, quoted, as it is called in this database."""
    if op.get_context().as_sql:
        return '"true_api_agency"'
    asked = sa.text(
        "SELECT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)"
        " WHERE p.polname = 'agency_insert' LIMIT 1"
    )
    known = str(op.get_bind().execute(asked).scalar_one())
    return '"' + known.replace('"', '""') + '"'
