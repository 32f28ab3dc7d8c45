"""Insights: exact monthly counts of the program's own work, for its own supervisors; never for publication."""

from typing import Any

from true_api.kernel.errors import Fault
from true_api.outlets.sealed.grid_paths import OutsideTheGrid
from true_api.outlets.statistics.counting import own_zones
from true_api.outlets.statistics.grid import GRID, INSIDE, Table
from true_api.outlets.statistics.keeping import exact
from true_api.outlets.statistics.monthly import MONTHLY
from true_api.outlets.statistics.periods import Month as Month
from true_api.outlets.statistics.periods import PeriodKind
from true_api.outlets.statistics.periods import Span as Span
from true_api.security.permits import ListPermit

TABLES: dict[str, Table] = {name: table for name, table in (GRID | INSIDE).items() if PeriodKind.MONTH in table.periods}
"""What insights are told in: the tables of releases, and some that would mislead with caps."""


def table_inside(name: str) -> Table:
    """A table of insights. Raises `OutsideTheGrid`, which names those there are."""
    if name not in TABLES:
        raise OutsideTheGrid(
            Fault("{table}", "unknown_table", "The grid has no such table; near names those it has.", tuple(TABLES))
        )
    return TABLES[name]


async def monthly(permit: ListPermit, span: Span) -> list[dict[str, Any]]:
    """One row per month, zeros included; people are counted anew within each month."""
    months = span.months()
    rows: dict[Month, dict[str, Any]] = {month: {"month": str(month)} for month in months}
    for (_, month), counts in (await exact(permit.database, MONTHLY, months)).items():
        rows[month] |= {cell[0]: many for cell, many in counts.items()}
    return list(rows.values())


async def by_cell(permit: ListPermit, table: Table, span: Span) -> list[dict[str, Any]]:
    """One row for every month and cell of a table, zeros included, with a column for each dimension."""
    months = span.months()
    counts = await exact(permit.database, [table.name], months)
    zones = await own_zones(permit.database)
    names, cells = [dimension.name for dimension in table.dimensions], table.with_own(zones).cells
    return [
        {
            "period": str(month),
            "table": table.name,
            **dict(zip(names, cell, strict=True)),
            "unit": table.unit.value,
            "value": counts[table.name, month].get(cell, 0),
        }
        for month in months
        for cell in cells
    ]
