"""A schema of views over what was sealed, for tools that read PostgreSQL themselves; SQLite has none."""

import sqlalchemy as sa
from alembic import op

from true_api.kernel.database_schema import MigrationRefused

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

USUAL = "public"
# Views read with their owner's rights, so that a reader needs none on a table; every row in them has been published.
RELEASES = """
CREATE VIEW {reporting}.releases AS
SELECT r.period, r.period_kind, r.starts_on, r."table", r.revision, r.is_latest,
       nullif(split_part(r.dimensions, ',', 1), '') AS dimension, nullif(c.one, '') AS category,
       nullif(split_part(r.dimensions, ',', 2), '') AS other_dimension, nullif(c.other, '') AS other_category,
       c.place, r.unit, c.value, c.value IS NULL AS suppressed, r.mechanism, r.sealed_on
  FROM {schema}.sealed_releases r JOIN {schema}.sealed_cells c ON c.release_id = r.id"""
LATEST = "CREATE VIEW {reporting}.latest AS SELECT * FROM {reporting}.releases WHERE is_latest"
INSIDE = "SELECT FROM pg_class WHERE relnamespace = to_regnamespace(:name)"
TOLD = {
    "releases": "Every number that was sealed, in every revision. A null value was kept back; it is not zero.",
    "latest": "Of every period and table the latest revision alone: what to draw.",
}

MAY_NOT_CREATE = (
    "The migration makes the schema {reporting}, in which other tools read what was sealed, and this login may not."
    " Ask a superuser to run, once: CREATE SCHEMA {reporting} AUTHORIZATION {login}; and migrate again."
)
TAKEN = (
    "There is a schema {reporting} with a relation `releases` or `latest` in it that is not ours."
    " Rename it, and migrate again."
)


def upgrade() -> None:
    """Go forward. In the scratch schema of a backup's proof, the views stand beside it and go with it."""
    if op.get_context().dialect.name != "postgresql":
        return
    names = _names()
    if not _is_there(names):
        op.execute(f"CREATE SCHEMA {names['reporting']}")
    op.execute(f"REVOKE ALL ON SCHEMA {names['reporting']} FROM PUBLIC")
    op.execute(RELEASES.format(**names))
    op.execute(LATEST.format(**names))
    for view, words in TOLD.items():
        op.execute(f"REVOKE ALL ON {names['reporting']}.{view} FROM PUBLIC")
        op.execute(f"COMMENT ON VIEW {names['reporting']}.{view} IS '{words}'")


def downgrade() -> None:
    """Go back. The schema stays where somebody else's relations stand in it, or where we could not make it again."""
    if op.get_context().dialect.name != "postgresql":
        return
    names = _names()
    op.execute(f"DROP VIEW {names['reporting']}.latest")
    op.execute(f"DROP VIEW {names['reporting']}.releases")
    if op.get_context().as_sql or (_may_create() and not _asked(f"SELECT EXISTS ({INSIDE})")):
        op.execute(f"DROP SCHEMA {names['reporting']}")


def _names() -> dict[str, str]:
    """Both schemas, quoted: `reporting`, and where several installations share a database, one beside each."""
    schema = USUAL if op.get_context().as_sql else str(op.get_bind().scalar(sa.text("SELECT current_schema()")))
    return {"schema": _quoted(schema), "reporting": _quoted(_beside(schema))}


def _beside(schema: str) -> str:
    return "reporting" if schema == USUAL else f"{schema}_reporting"


def _is_there(names: dict[str, str]) -> bool:
    """Whether the schema is there and can be used, or can be made. Raises `MigrationRefused`."""
    if op.get_context().as_sql:
        return False
    there = _asked("SELECT to_regnamespace(:name) IS NOT NULL")
    if not (_asked("SELECT has_schema_privilege(to_regnamespace(:name), 'CREATE')") if there else _may_create()):
        login = _quoted(str(op.get_bind().scalar(sa.text("SELECT current_user"))))
        raise MigrationRefused(MAY_NOT_CREATE.format(login=login, reporting=names["reporting"]))
    if _asked(f"SELECT EXISTS ({INSIDE} AND relname IN ('releases', 'latest'))"):
        raise MigrationRefused(TAKEN.format(reporting=names["reporting"]))
    return there


def _may_create() -> bool:
    return bool(op.get_bind().scalar(sa.text("SELECT has_database_privilege(current_database(), 'CREATE')")))


def _asked(question: str) -> bool:
    return bool(op.get_bind().scalar(sa.text(question), {"name": _names()["reporting"]}))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
