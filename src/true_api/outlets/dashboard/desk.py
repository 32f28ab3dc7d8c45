"""The desk: what of the sealed releases is laid out for a reader who chose a period and a table, or nothing yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from true_api.kernel.errors import Fault
from true_api.outlets.dashboard.overview import glance, one_table, overview, tables_needed
from true_api.outlets.dashboard.page import OVERVIEW, Desk, spread_of
from true_api.outlets.dashboard.sealed_rows import SealedTable, Sealing, in_order, kind_of
from true_api.outlets.dashboard.wording import KINDS, day, said
from true_api.outlets.sealed.calendar import seals_on
from true_api.outlets.sealed.grid_paths import MOST_NAMED, OutsideTheGrid, PeriodNotSealed
from true_api.outlets.sealed.reading import read
from true_api.outlets.statistics.grid import GRID
from true_api.outlets.statistics.periods import Month, Period, PeriodKind, read_period
from true_api.privacy.noise import Drawn
from true_api.security.permits import PublishedPermit


@dataclass(frozen=True)
class Asked:
    """What a reader chose; empty is the latest month, and the overview."""

    period: str = ""
    table: str = ""


@dataclass(frozen=True)
class Rules:
    """When periods seal here, and with which month fiscal years begin."""

    release_day: int
    fiscal_year_starts: int


async def lay_out(permit: PublishedPermit, asked: Asked, rules: Rules) -> Desk:
    """What the page shows. Raises `OutsideTheGrid` for what cannot be, and `PeriodNotSealed` for what is not yet."""
    releases = [release for release in permit.found[0] if release.is_latest and release.table in GRID]
    table = _table(asked.table)
    periods = in_order({release.period for release in releases})
    period = _period(asked.period, periods, permit.today, rules)
    upcoming = _next(releases, permit.today, rules)
    title = GRID[table].title if table in GRID else "Overview"
    if not period:
        return Desk("Nothing is sealed yet", table, list(GRID.values()), upcoming)
    tables = await _sealed(permit, releases, tables_needed() if table == OVERVIEW else (table,), period)
    return Desk(
        title=f"{title}, {said(period)}",
        table=table,
        tables=list(GRID.values()),
        next=upcoming,
        period=period,
        periods=_offered(periods),
        sealing=next(Sealing(one.revision, one.sealed_on) for one in releases if one.period == period),
        glance=glance(tables, period) if table == OVERVIEW else (),
        spreads=[spread_of(unit, scale) for unit, scale in _units(tables)],
        sections=overview(tables, period) if table == OVERVIEW else [one_table(tables[table], period)],
    )


async def _sealed(
    permit: PublishedPermit, releases: Sequence[Any], names: Sequence[str], period: str
) -> Mapping[str, SealedTable]:
    """The named tables: how each was sealed over all time, and its numbers for periods of the kind that is shown."""
    kind = str(read_period(period).kind)
    of_tables = {name: [release for release in releases if release.table == name] for name in names}
    wanted = [release for each in of_tables.values() for release in each if release.period_kind == kind]
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for row in await read(permit, wanted):
        rows[row["table"]].append(row)
    return {name: SealedTable.of(GRID[name], rows[name], of_tables[name]) for name in names}


def _offered(periods: Sequence[str]) -> dict[str, list[str]]:
    """The sealed periods under the headings of their kinds, latest first; kinds of which there is none are left out."""
    by_kind = {name: [each for each in reversed(periods) if kind_of(each) == kind] for kind, name in KINDS.items()}
    return {name: offered for name, offered in by_kind.items() if offered}


def _table(name: str) -> str:
    if name in ("", OVERVIEW) or name in GRID:
        return name or OVERVIEW
    there = (OVERVIEW, *GRID)
    raise OutsideTheGrid(
        Fault("?table", "unknown_table", "The grid has no such table; near names those it has.", there)
    )


def _period(text: str, sealed: Sequence[str], today: date, rules: Rules) -> str:
    if not text:
        months = [period for period in sealed if isinstance(read_period(period), Month)]
        return next(reversed(months or list(sealed)), "")
    if text in sealed:
        return text
    period = _read(text, rules)
    begun = period is not None and period.first_day <= today
    if period is None or not begun or (sealed and period.end <= read_period(sealed[0]).first_day):
        there = tuple(sealed)[-MOST_NAMED:]
        raise OutsideTheGrid(
            Fault("?period", "unknown_period", "There is no such period; near names those that are sealed.", there)
        )
    raise PeriodNotSealed(seals_on(period, rules.release_day))


def _read(text: str, rules: Rules) -> Period | None:
    try:
        return read_period(text, rules.fiscal_year_starts)
    except ValueError:
        return None


def _next(releases: Sequence[Any], today: date, rules: Rules) -> str:
    """Which month is sealed next, and when."""
    months = [Month.read(release.period) for release in releases if release.period_kind == PeriodKind.MONTH]
    month = max(months).following if months else Month.of(today)
    when = seals_on(month, rules.release_day)
    return (
        f"{said(str(month))} is sealed on {day(when)}." if when > today else f"{said(str(month))} is due to be sealed."
    )


def _units(tables: Mapping[str, SealedTable]) -> list[tuple[str, int]]:
    """The units of some tables by the b of their noise: people, people split two ways, what is counted in events."""
    shown: dict[int, list[str]] = {}
    for table, sealed in ((each.table, each) for each in tables.values() if each.sealings):
        revision = max(sealing.revision for sealing in sealed.sealings.values())
        scale = Drawn(str(table.unit), revision, 0, table.cap or 1, table.adds_up_by).scale
        two_ways = " split two ways" if table.adds_up_by > 1 else ""
        shown.setdefault(scale, []).append(f"{table.unit}{two_ways}")
    return [(", ".join(dict.fromkeys(shown[scale])), scale) for scale in sorted(shown)]
