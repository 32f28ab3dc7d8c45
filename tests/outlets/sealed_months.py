"""A program's sealed months, quarters and years, made up from a seed: numbers as they leave, with those kept back."""

import random
from collections.abc import Iterable
from datetime import timedelta
from math import sin

from tests.world import House
from true_api.kernel.effects import Unit
from true_api.outlets.sealed.tables import Release, ReleaseCell
from true_api.outlets.statistics.grid import GRID, Table
from true_api.outlets.statistics.periods import Period, read_period
from true_api.privacy.noise import FLOOR, MECHANISM

SEALED_MONTHS = tuple(f"2026-{month:02}" for month in range(5, 11))
LONGER = ("2026-Q3", "FY2026")


async def seals(
    house: House, periods: Iterable[str] = (*SEALED_MONTHS, *LONGER), tables: Iterable[str] = GRID, seed: int = 1
) -> None:
    """Every table of the grid that has such periods, one sealing each."""
    unit = Unit()
    for period in map(read_period, periods):
        for table in (GRID[name] for name in tables if period.kind in GRID[name].periods):
            _one(unit, table, period, seed)
    await house.installation.database.commit(unit)


def _one(unit: Unit, table: Table, period: Period, seed: int) -> None:
    release = Release(
        period=str(period),
        period_kind=str(period.kind),
        starts_on=period.first_day,
        table=table.name,
        dimensions=",".join(dimension.name for dimension in table.dimensions),
        unit=str(table.unit),
        revision=0,
        mechanism=MECHANISM,
        sealed_on=period.end + timedelta(days=9),
    )
    unit.keep(release)
    for place, cell in enumerate(table.cells or [()]):
        one, other = (*cell, "", "")[:2]
        value = _number(table, cell, period, seed)
        unit.keep(ReleaseCell(release_id=release.id, place=place, one=one, other=other, value=value))


def _number(table: Table, cell: tuple[str, ...], period: Period, seed: int) -> int | None:
    """More in some cells than in others, a little more in summer, and None below the floor."""
    share = random.Random(f"{seed} {table.name} {cell}").random() ** 2 if cell else 1.0
    drawn = random.Random(f"{seed} {table.name} {cell} {period}").uniform(0.85, 1.15)
    season = 1 + 0.25 * sin(period.first_day.month)
    number = int(280 * share * drawn * season * len(period.months) ** 0.7)
    return None if number < FLOOR else number
