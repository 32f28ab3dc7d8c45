"""Figures of what is kept at all: every column of the running stores, held against the allow-list (privacy.md 1)."""

from collections.abc import Iterable, Mapping

from sqlalchemy import DateTime, MetaData

from true_api.outlets.measures.figures import Figure, at_most
from true_api.privacy.allowed_columns import allowed_columns

SECTION = "1"
OF_MIGRATIONS = "alembic_version"
PEOPLE = ("participants", "participant_id")


def figures_of(stores: Iterable[Mapping[str, Iterable[str]]], declared: Iterable[MetaData]) -> list[Figure]:
    """What stands in the stores, whoever made it there, and what is declared of people."""
    allowed = allowed_columns()
    found = [(table, column) for store in stores for table, columns in store.items() for column in columns]
    kept = [(table, column) for table, column in found if table != OF_MIGRATIONS]
    strange = [(table, column) for table, column in kept if column not in allowed.get(table, {})]
    return [
        Figure(SECTION, "columns in the stores, each with a reason", len(kept) - len(strange), "columns"),
        at_most(SECTION, "columns in the stores that are not on the allow-list", len(strange), 0, "columns"),
        at_most(SECTION, "columns about a person that hold an instant", len(list(_instants(declared))), 0, "columns"),
    ]


def _instants(declared: Iterable[MetaData]) -> Iterable[str]:
    for store in declared:
        for table in store.tables.values():
            if table.name == PEOPLE[0] or PEOPLE[1] in table.columns:
                yield from (str(column) for column in table.columns if isinstance(column.type, DateTime))
