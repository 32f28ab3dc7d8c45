"""Numbers kept up to date, and the record keys that releases draw on."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

RANDOM = {
    "postgresql": "('x' || right(gen_random_uuid()::text, 8))::bit(32)::bigint",
    "sqlite": "(random() & 4294967295)",
}

BY_DAY = {
    "encounters": ("encounters", "occurred_on"),
    "overdose_events": ("overdoses", "occurred_on"),
    "referrals": ("referrals", "requested_on"),
    "intake_requests": ("intake", "posted_on"),
    "readiness_notes": ("readiness", "occurred_on"),
}
"""Records that are counted by a day of their own: what numbers call them, and the day."""

OF_GIFT = "JOIN encounter_supplies s ON s.reference = {}.gift_reference JOIN encounters e ON e.id = s.encounter_id"
OF_MOVEMENT = "JOIN supply_movements m ON m.id = {}.movement_id " + OF_GIFT.format("m")
BY_ANOTHER = {
    "encounter_acts": ("encounters", "encounter_id", "e.occurred_on FROM {} r JOIN encounters e ON e.id = r.key"),
    "encounter_revisions": ("encounters", "encounter_id", "e.occurred_on FROM {} r JOIN encounters e ON e.id = r.key"),
    "encounter_supplies": ("supplies", "encounter_id", "e.occurred_on FROM {} r JOIN encounters e ON e.id = r.key"),
    "supply_movements": (
        "supplies",
        "gift_reference",
        "e.occurred_on FROM {} r JOIN encounter_supplies s ON s.reference = r.key"
        " JOIN encounters e ON e.id = s.encounter_id",
    ),
    "supply_entries": (
        "supplies",
        "movement_id",
        "e.occurred_on FROM {} r JOIN supply_movements m ON m.id = r.key " + OF_GIFT.format("m"),
    ),
    "overdose_revisions": ("overdoses", "event_id", "e.occurred_on FROM {} r JOIN overdose_events e ON e.id = r.key"),
    "intake_attempts": (
        "intake",
        "intake_request_id",
        "q.posted_on FROM {} r JOIN intake_requests q ON q.id = r.key",
    ),
    "same_people": (
        "encounters",
        "participant_id",
        "e.occurred_on FROM {} r JOIN encounters e ON e.participant_id = r.key",
    ),
}
"""Records that are counted by the day of another: by which column it is found, and how."""

BY_CHANGE = {
    "participants": (
        "encounters",
        ("zone", "age_band", "gender", "race_ethnicity", "may_be_returning"),
        "e.occurred_on FROM (SELECT NEW.id AS key UNION ALL"
        " SELECT s.other_id FROM same_people s WHERE s.participant_id = NEW.id) r"
        " JOIN encounters e ON e.participant_id = r.key",
    ),
    "supply_lots": (
        "supplies",
        ("doses_per_kit",),
        "e.occurred_on FROM supply_stock k JOIN supply_entries n ON n.stock_id = k.id"
        f" {OF_MOVEMENT.format('n')} WHERE k.lot_id = NEW.id",
    ),
}
"""Records that are not counted themselves: which of their columns say under what others are."""

VERBS = ("insert", "update", "delete")


def upgrade() -> None:
    """Go forward. What there is already is counted by whoever asks, and soon after by the housekeeping."""
    dialect = op.get_context().dialect.name
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("record_key", sa.BigInteger(), nullable=True))
    op.execute(f"UPDATE participants SET record_key = {RANDOM[dialect]}")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.alter_column("record_key", existing_type=sa.BigInteger(), nullable=False)
    _add_tables()
    _touch_what_is_there(dialect)
    if dialect == "postgresql":
        _watch_postgresql()
    else:
        _watch_sqlite()


def _add_tables() -> None:
    op.create_table(
        "touched_months",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touched_months")),
    )
    op.create_index("ix_touched_months_month", "touched_months", ["month", "source"])
    op.create_table(
        "counted_months",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("table", sa.String(length=60), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_months")),
        sa.UniqueConstraint("table", "month", name=op.f("uq_counted_months_table_month")),
    )
    op.create_table(
        "counted_cells",
        sa.Column("counted_id", sa.Uuid(), nullable=False),
        sa.Column("one", sa.String(length=60), nullable=False),
        sa.Column("other", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counted_id"], ["counted_months.id"], name=op.f("fk_counted_cells_counted_id_counted_months")
        ),
        sa.PrimaryKeyConstraint("counted_id", "one", "other", name=op.f("pk_counted_cells")),
    )


def _touch_what_is_there(dialect: str) -> None:
    for table, (source, day) in BY_DAY.items():
        op.execute(_touch(dialect, source, f"r.{day} FROM {table} r"))


def _touch(dialect: str, source: str, days: str) -> str:
    """Say once of every month among these days that it has to be counted anew."""
    new_id = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}[dialect]
    month = {"postgresql": "to_char(t.day, 'YYYY-MM')", "sqlite": "substr(t.day, 1, 7)"}[dialect]
    first, rest = days.split(" FROM ", 1)
    return (
        f"INSERT INTO touched_months (id, source, month) SELECT {new_id}, '{source}', t.month FROM"
        f" (SELECT DISTINCT {month} AS month FROM (SELECT {first} AS day FROM {rest}) t) t"
    )


def _days(table: str, rows: str) -> tuple[str, str]:
    """What a table is called, and the select of its days from rows that are told as `key`."""
    if table in BY_DAY:
        return BY_DAY[table][0], f"r.key FROM {rows} r"
    source, _, days = BY_ANOTHER[table]
    return source, days.format(rows)


def _key(table: str) -> str:
    return BY_DAY[table][1] if table in BY_DAY else BY_ANOTHER[table][1]


def _watch_sqlite() -> None:
    for table in (*BY_DAY, *BY_ANOTHER):
        key = _key(table)
        new, old = f"SELECT NEW.{key} AS key", f"SELECT OLD.{key} AS key"
        for verb, rows in (("insert", new), ("update", f"{old} UNION {new}"), ("delete", old)):
            source, days = _days(table, f"({rows})")
            op.execute(
                f"CREATE TRIGGER {table}_touch_{verb} AFTER {verb.upper()} ON {table}"
                f" BEGIN {_touch('sqlite', source, days)}; END"
            )
    for table, (source, columns, days) in BY_CHANGE.items():
        op.execute(
            f"CREATE TRIGGER {table}_touch_update AFTER UPDATE OF {', '.join(columns)} ON {table}"
            f" BEGIN {_touch('sqlite', source, days)}; END"
        )


def _watch_postgresql() -> None:
    """Once for a statement, whatever it changed; as the owner, since agencies write where they may count nothing."""
    schema = _schema()
    for table in (*BY_DAY, *BY_ANOTHER):
        key = _key(table)
        new, old = f"SELECT {key} AS key FROM new_rows", f"SELECT {key} AS key FROM old_rows"
        told = {
            "insert": (new, "NEW TABLE AS new_rows"),
            "update": (f"{old} UNION ALL {new}", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
            "delete": (old, "OLD TABLE AS old_rows"),
        }
        for verb, (rows, referencing) in told.items():
            source, days = _days(table, f"({rows})")
            lock = _LOCK.format(rows=f"({rows})") if table == "same_people" else ""
            _function(table, verb, schema, lock + _touch("postgresql", source, days))
            op.execute(
                f"CREATE TRIGGER {table}_touch_{verb} AFTER {verb.upper()} ON {table} REFERENCING {referencing}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_touch_{verb}()"
            )
    for table, (source, columns, days) in BY_CHANGE.items():
        _function(table, "update", schema, _touch("postgresql", source, days))
        op.execute(
            f"CREATE TRIGGER {table}_touch_update AFTER UPDATE OF {', '.join(columns)} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_touch_update()"
        )


# Whoever records something of these people right now comes first, or waits: its month is then among those found.
_LOCK = "PERFORM 1 FROM participants p WHERE p.id IN (SELECT r.key FROM {rows} r) ORDER BY p.id FOR NO KEY UPDATE; "


def _function(table: str, verb: str, schema: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_touch_{verb}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = {schema}, pg_temp AS $$ BEGIN {body}; RETURN NULL; END $$"
    )


def _schema() -> str:
    if op.get_context().as_sql:
        return "public"
    name = str(op.get_bind().execute(sa.text("SELECT current_schema()")).scalar())
    return '"' + name.replace('"', '""') + '"'


def downgrade() -> None:
    """Go back. Record keys go, and with them what noise was drawn from: releases that are sealed stay as they are."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    watched = [(table, verb) for table in (*BY_DAY, *BY_ANOTHER) for verb in VERBS]
    for table, verb in [*watched, *((table, "update") for table in BY_CHANGE)]:
        op.execute(f"DROP TRIGGER {table}_touch_{verb}" + (f" ON {table}" if on_postgresql else ""))
        if on_postgresql:
            op.execute(f"DROP FUNCTION {table}_touch_{verb}()")
    op.drop_table("counted_cells")
    op.drop_table("counted_months")
    op.drop_index("ix_touched_months_month", table_name="touched_months")
    op.drop_table("touched_months")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_column("record_key")
