"""Sealed numbers for readers' tools: three months, a quarter and a year, one month of which is empty."""

import random
from datetime import date

from tests.world import House
from true_api.kernel.effects import Unit
from true_api.outlets.sealed.tables import Release, ReleaseCell
from true_api.outlets.statistics.grid import GRID
from true_api.outlets.statistics.periods import read_period
from true_api.privacy.noise import MECHANISM

EMPTY, FULL = "2026-08", ("2026-09", "2026-10")
MONTHS = (EMPTY, *FULL)
PERIODS = (*MONTHS, "2026-Q3", "FY2026")
REVISED = "2026-09"


async def seal_some(house: House) -> None:
    """Every table of the grid for each of the periods; the empty month has no number that may be shown."""
    unit, drawn = Unit(), random.Random(11)
    for text in PERIODS:
        for revision in (0, 1) if text == REVISED else (0,):
            for name, table in GRID.items():
                if read_period(text).kind in table.periods:
                    _seal(unit, text, name, revision, drawn)
    await house.installation.database.commit(unit)


def _seal(unit: Unit, text: str, name: str, revision: int, drawn: random.Random) -> None:
    period, table = read_period(text), GRID[name]
    release = Release(
        period=text,
        period_kind=str(period.kind),
        starts_on=period.first_day,
        table=name,
        dimensions=",".join(dimension.name for dimension in table.dimensions),
        unit=str(table.unit),
        revision=revision,
        is_latest=revision == 1 or text != REVISED,
        mechanism=MECHANISM,
        sealed_on=date(2026, 11, 10),
    )
    unit.keep(release)
    for place, cell in enumerate(table.cells):
        one, other = (*cell, "", "")[:2]
        # The first is never kept back, so that every table of a full month has a number to show.
        shown = text != EMPTY and (place == 0 or drawn.random() < 0.6)
        value = drawn.randrange(11, 900) if shown else None
        unit.keep(ReleaseCell(release_id=release.id, place=place, one=one, other=other, value=value))
