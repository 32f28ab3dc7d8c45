"""Terms a program hides, and what peers are matched on."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LISTS = ("languages", "genders", "communities", "experiences", "local_terms")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _lists() -> list[sa.Column[list[str]]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in LISTS]


def _matching() -> None:
    op.create_table(
        "matching_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        _key("matching_answers", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_answers")),
        sa.UniqueConstraint("member_id", name=op.f("uq_matching_answers_member_id")),
    )
    op.create_table(
        "peer_wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        *_lists(),
        sa.Column("asked_on", sa.Date(), nullable=False),
        _key("peer_wishes", "participant_id", "participants"),
        _key("peer_wishes", "member_id", "members"),
        _key("peer_wishes", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_wishes")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_peer_wishes_participant_id")),
    )
    op.create_table(
        "intake_peer_wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("intake_request_id", sa.Uuid(), nullable=False),
        *_lists(),
        sa.Column("asked_on", sa.Date(), nullable=False),
        _key("intake_peer_wishes", "intake_request_id", "intake_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_peer_wishes")),
        sa.UniqueConstraint("intake_request_id", name=op.f("uq_intake_peer_wishes_intake_request_id")),
    )


def _hidden() -> None:
    op.create_table(
        "hidden_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vocabulary", sa.String(length=60), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_terms")),
        sa.UniqueConstraint("vocabulary", "term", name=op.f("uq_hidden_terms_vocabulary_term")),
    )
    if op.get_context().dialect.name == "postgresql":
        _shown_to_agencies("hidden_terms")


def _shown_to_agencies(table: str) -> None:
    """As 0010 does: what a program does not offer is asked by agencies too, which read the same vocabularies."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY program ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    role = _role()
    op.execute(f"GRANT SELECT ON {table} TO {role}")
    op.execute(f"CREATE POLICY agency_select ON {table} FOR SELECT TO {role} USING (true)")


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


def upgrade() -> None:
    """Go forward."""
    _matching()
    _hidden()


def downgrade() -> None:
    """Go back."""
    for table in ("hidden_terms", "intake_peer_wishes", "peer_wishes", "matching_answers"):
        op.drop_table(table)
