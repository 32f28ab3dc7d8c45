"""Releases put into the database as if they had been sealed: for what reads them, whoever sealed them."""

import random
from datetime import date
from itertools import product

from tests.world import House
from true_api.kernel.effects import Unit
from true_api.outlets.sealed.tables import Release, ReleaseCell
from true_api.outlets.statistics.grid import GRID
from true_api.outlets.statistics.periods import read_period
from true_api.privacy.noise import MECHANISM


async def publishes(
    house: House, table: str, period: str, *, revision: int = 0, latest: bool = True, seed: int = 0
) -> Release:
    """One table of one period, with drawn numbers, about half of them kept back."""
    named, of, drawn = GRID[table], read_period(period), random.Random(f"{table} {period} {revision} {seed}")
    release = Release(
        period=period,
        period_kind=str(of.kind),
        starts_on=of.first_day,
        table=table,
        dimensions=",".join(dimension.name for dimension in named.dimensions),
        unit=str(named.unit),
        revision=revision,
        is_latest=latest,
        mechanism=MECHANISM,
        sealed_on=date(2026, 11, 1),
    )
    unit = Unit()
    unit.keep(release)
    for place, cell in enumerate(product(*(dimension.categories for dimension in named.dimensions))):
        one, other = (*cell, "", "")[:2]
        value = drawn.choice([None, drawn.randrange(11, 900)])
        unit.keep(ReleaseCell(release_id=release.id, place=place, one=one, other=other, value=value))
    await house.installation.database.commit(unit)
    return release
