"""The ledger: what every release spent of a nominal budget. It says how much was told, and proves no bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.tables import LedgerEntry, Release


@dataclass(frozen=True)
class Spent:
    """What one release spent."""

    period: str
    table: str
    revision: int
    epsilon: float


async def spent(database: Database, period: str | None = None) -> Sequence[Spent]:
    """What was spent, of one period or ever, in the order of periods, revisions and tables."""
    releases, ledger = table_of(Release), table_of(LedgerEntry)
    asked = select(releases, ledger.c.cells_of_person, ledger.c.most, ledger.c.scale).join(
        ledger, ledger.c.release_id == releases.c.id
    )
    if period is not None:
        asked = asked.where(releases.c.period == period)
    order = releases.c.starts_on, releases.c.period, releases.c.revision, releases.c.table
    return [_spent(row) for row in (await database.read(asked.order_by(*order)))[0]]


def _spent(row: Any) -> Spent:
    epsilon = LedgerEntry(
        release_id=row.id, cells_of_person=row.cells_of_person, most=row.most, scale=row.scale
    ).epsilon
    return Spent(row.period, row.table, row.revision, epsilon)
