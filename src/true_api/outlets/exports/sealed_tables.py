"""What was released, as files: every table of the grid, all periods and revisions of it, flat."""

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.outlets.exports.pieces import Pieces, Rows, of_rows
from true_api.outlets.exports.running import Run
from true_api.outlets.sealed.reading import columns_of, rows_of
from true_api.outlets.sealed.tables import Release, ReleaseCell
from true_api.outlets.statistics.grid import GRID

LEFT_OUT: tuple[tuple[str, str], ...] = (("suppressed_values", "A number that is kept back is empty, and never zero."),)


def pieces(run: Run, table: str) -> Pieces:
    """One table as a file; before anything of it was released it has the same columns, and no rows."""
    return of_rows(_rows(run, table), columns_of(GRID[table]), run.export.format)


async def _rows(run: Run, table: str) -> Rows:
    releases, cells = table_of(Release), table_of(ReleaseCell)
    asked = select(releases).where(releases.c.table == table).order_by(releases.c.starts_on, releases.c.revision)
    for release in (await run.installation.database.read(asked))[0]:
        of_it = select(cells).where(cells.c.release_id == release.id).order_by(cells.c.place)
        yield rows_of([release], {release.id: (await run.installation.database.read(of_it))[0]})
