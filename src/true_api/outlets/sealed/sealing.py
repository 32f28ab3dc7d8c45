"""Sealing: every table of the grid for one period, in one commit, as the noise and the floor let it be shown.

The true counts live in this module for as long as it takes to seal, and are kept nowhere: not in a row, a log, the
ledger, the trail, or a report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.effects import Unit
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.refusals import (
    AlreadySealed,
    NoMoreRevisions,
    NothingSealed,
    PeriodStillOpen,
    RevisedTooSoon,
)
from true_api.outlets.sealed.tables import LedgerEntry, Release, ReleaseCell
from true_api.outlets.statistics.counting import Counted, count
from true_api.outlets.statistics.grid import GRID, Table
from true_api.outlets.statistics.periods import Period
from true_api.privacy.noise import MECHANISM, Drawn, Noise, shown

MOST_REVISIONS = 2
DAYS_BETWEEN_REVISIONS = 90


@dataclass(frozen=True)
class Press:
    """What it takes to seal: where the rows are, the noise, and the program's own day."""

    database: Database
    noise: Noise
    today: date


@dataclass(frozen=True)
class SealedTable:
    """One table of a period, ready to be kept."""

    release: Release
    cells: Sequence[ReleaseCell]
    entry: LedgerEntry

    @property
    def kept_back(self) -> int:
        """How many of its numbers are not shown."""
        return sum(cell.value is None for cell in self.cells)


@dataclass(frozen=True)
class Sealed:
    """A whole period, ready to be kept, with the releases of which it takes the place."""

    tables: Sequence[SealedTable]
    before: Sequence[Any]

    def keep(self, unit: Unit) -> None:
        """Collect it all, for one commit. Of two seals at once the other meets `AlreadySealed`."""
        for table in self.tables:
            unit.keep(table.release, AlreadySealed)
        for row in self.before:
            unit.change(Release, row, {"is_latest": False}, AlreadySealed)
        for table in self.tables:
            for cell in table.cells:
                unit.keep(cell, AlreadySealed)
        for table in self.tables:
            unit.keep(table.entry, AlreadySealed)


async def seal(press: Press, period: Period, revise: bool = False) -> Sealed:
    """Count a period that has ended, and draw the noise. Raises what stands in the way of it."""
    if period.end > press.today:
        raise PeriodStillOpen
    before = await latest(press.database, period)
    revision = _judged(before, press.today, revise)
    sealed = [
        _table(press, period, revision, table, await count(press.database, table, period))
        for table in tables_of(period)
    ]
    return Sealed(sealed, before)


def tables_of(period: Period) -> list[Table]:
    """The tables of the grid that are published for such a period."""
    return [table for table in GRID.values() if period.kind in table.periods]


async def latest(database: Database, period: Period) -> list[Any]:
    """The latest revision of each table that was sealed for a period."""
    releases = table_of(Release)
    wanted = select(releases).where(releases.c.period == str(period), releases.c.is_latest).order_by(releases.c.table)
    return list((await database.read(wanted))[0])


async def sealed_as(database: Database, release: UUID) -> list[tuple[Any, list[Any]]]:
    """Everything that was sealed together with a release: each table with its cells in their places."""
    releases, cells, this = table_of(Release), table_of(ReleaseCell), table_of(Release).alias("this")
    together = (releases.c.period == this.c.period) & (releases.c.revision == this.c.revision)
    of_this = select(releases).join(this, together).where(this.c.id == release).order_by(releases.c.table)
    found = (await database.read(of_this))[0]
    by_release: dict[UUID, list[Any]] = {row.id: [] for row in found}
    wanted = select(cells).where(cells.c.release_id.in_(by_release)).order_by(cells.c.release_id, cells.c.place)
    for cell in (await database.read(wanted))[0]:
        by_release[cell.release_id].append(cell)
    return [(row, by_release[row.id]) for row in found]


def _judged(before: Sequence[Any], today: date, revise: bool) -> int:
    """Which revision this is going to be."""
    if not before:
        if revise:
            raise NothingSealed
        return 0
    if not revise:
        raise AlreadySealed
    last = max(before, key=lambda row: row.revision)
    if last.revision >= MOST_REVISIONS:
        raise NoMoreRevisions
    if last.sealed_on + timedelta(days=DAYS_BETWEEN_REVISIONS) > today:
        raise RevisedTooSoon
    return int(last.revision) + 1


def _table(
    press: Press, period: Period, revision: int, table: Table, counts: Mapping[tuple[str, ...], Counted]
) -> SealedTable:
    release = Release(
        period=str(period),
        period_kind=str(period.kind),
        starts_on=period.first_day,
        table=table.name,
        dimensions=",".join(dimension.name for dimension in table.dimensions),
        unit=str(table.unit),
        revision=revision,
        mechanism=MECHANISM,
        sealed_on=press.today,
    )
    most = table.cap or 1

    def drawn(key: int) -> Drawn:
        return Drawn(str(table.unit), revision, key, most, table.adds_up_by)

    cells = [
        ReleaseCell(
            release_id=release.id,
            place=place,
            one=cell[0] if cell else "",
            other=cell[1] if len(cell) > 1 else "",
            value=_number(press.noise, drawn(counted.key), counted),
        )
        for place, (cell, counted) in enumerate(counts.items())
    ]
    entry = LedgerEntry(release_id=release.id, cells_of_person=table.cells_of_person, most=most, scale=drawn(0).scale)
    return SealedTable(release, cells, entry)


def _number(noise: Noise, drawn: Drawn, counted: Counted) -> int | None:
    return shown(counted.value, counted.contributors, noise(drawn))
