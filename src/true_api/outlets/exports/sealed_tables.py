"""What was released, as files: every sealed table, all periods and revisions of it, flat."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.outlets.exports.pieces import Pieces, Rows, of_rows
from true_api.outlets.exports.running import Run
from true_api.outlets.formats import Column, Columns, Kind
from true_api.outlets.sealed.tables import Release, ReleaseCell

BEFORE: Columns = (Column("period"), Column("table"), Column("revision", Kind.WHOLE), Column("is_latest", Kind.FLAG))
AFTER: Columns = (Column("unit"), Column("value", Kind.WHOLE), Column("suppressed", Kind.FLAG))
LEFT_OUT: tuple[tuple[str, str], ...] = (("suppressed_values", "A number that is kept back is empty, and never zero."),)


async def known(database: Database) -> list[str]:
    """The tables of which anything was released."""
    releases = table_of(Release)
    return [row.table for row in (await database.read(select(releases.c.table).distinct().order_by("table")))[0]]


def columns_of(dimensions: Sequence[str]) -> Columns:
    """The columns of a table with these dimensions."""
    return (*BEFORE, *(Column(name) for name in dimensions), *AFTER)


async def dimensions_of(database: Database, table: str) -> list[str]:
    """The dimensions of a table that was released."""
    releases = table_of(Release)
    found = (await database.read(select(releases.c.dimensions).where(releases.c.table == table).limit(1)))[0]
    return [name for name in found[0].dimensions.split(",") if name] if found else []


async def pieces(run: Run, table: str) -> Pieces:
    """One table as a file."""
    dimensions = await dimensions_of(run.installation.database, table)
    async for piece in of_rows(_rows(run, table, dimensions), columns_of(dimensions), run.export.format):
        yield piece


async def _rows(run: Run, table: str, dimensions: Sequence[str]) -> Rows:
    releases, cells = table_of(Release), table_of(ReleaseCell)
    asked = select(releases).where(releases.c.table == table).order_by(releases.c.starts_on, releases.c.revision)
    for release in (await run.installation.database.read(asked))[0]:
        of_it = select(cells).where(cells.c.release_id == release.id).order_by(cells.c.place)
        yield [_flat(release, cell, dimensions) for cell in (await run.installation.database.read(of_it))[0]]


def _flat(release: Any, cell: Any, dimensions: Sequence[str]) -> Mapping[str, Any]:
    held = {name: getattr(release, name) for name in ("period", "table", "revision", "is_latest", "unit")}
    told = dict(zip(dimensions, (cell.one, cell.other), strict=False))
    return {**held, **told, "value": cell.value, "suppressed": cell.value is None}
