"""Names of tables and periods as callers write them: what lies in the grid is found, all else is told what does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from sqlalchemy import case, select

from true_api.kernel.database import Database
from true_api.kernel.effects import Question
from true_api.kernel.errors import Fault, NotFound, Unprocessable
from true_api.kernel.rows import table_of
from true_api.outlets.formats import Format
from true_api.outlets.sealed.tables import Release
from true_api.outlets.statistics.grid import GRID, Table
from true_api.outlets.statistics.periods import Period, PeriodKind, read_period

LONGEST_NAME = 60
MOST_NAMED = 40
HOW_PERIODS_ARE_WRITTEN = {"month": "2026-10", "quarter": "2026-Q4", "fiscal_year": "FY2027"}


class OutsideTheGrid(Unprocessable):
    """Numbers leave in a closed grid of tables and periods, and this is none of them; near names what there is."""

    code = "outside_the_grid"


class PeriodNotSealed(NotFound):
    """This period is not sealed yet; seals_on is the day on which it will be."""

    code = "period_not_sealed"

    def __init__(self, seals_on: date | None = None) -> None:
        super().__init__(members={"seals_on": seals_on.isoformat()} if seals_on else None)


def table_named(text: str) -> tuple[Table, Format | None]:
    """A table of the grid, and a format where its name ends in one (`people.csv`). Raises `OutsideTheGrid`."""
    name, dot, ending = text.partition(".")
    if name not in GRID:
        raise OutsideTheGrid(
            Fault("{table}", "unknown_table", "The grid has no such table; near names those it has.", _near(name, GRID))
        )
    if dot and ending not in list(Format):
        formats = tuple(f"{name}.{form.value}" for form in Format)
        raise OutsideTheGrid(
            Fault("{table}", "unknown_format", "Tables are given in other formats; near names them.", formats)
        )
    return GRID[name], Format(ending) if dot else None


def period_named(text: str, table: Table) -> Period:
    """A period of a kind that the table is sealed for. Raises `OutsideTheGrid`."""
    try:
        period = read_period(text) if text.isascii() else None
    except (ValueError, Unprocessable):
        period = None
    if period is None or str(period.kind) not in map(str, table.periods) or str(period) != text:
        kinds = tuple(HOW_PERIODS_ARE_WRITTEN[str(kind)] for kind in table.periods)
        raise OutsideTheGrid(
            Fault("{period}", "unknown_period", "This table is sealed for other periods; near shows their form.", kinds)
        )
    return period


def not_in_calendar(sealed: Sequence[str]) -> OutsideTheGrid:
    """The refusal of a period that the calendar does not have; it names those that are sealed, the latest first."""
    there = tuple(sealed[:MOST_NAMED])
    return OutsideTheGrid(
        Fault("{period}", "unknown_period", "The calendar has no such period; near names those that are sealed.", there)
    )


async def sealed_periods(database: Database, table: Table) -> list[str]:
    """For which periods a table is sealed, the latest first."""
    releases = table_of(Release)
    wanted = select(releases.c.period).where(releases.c.table == table.name, releases.c.is_latest)
    return [row.period for row in (await database.read(wanted.order_by(releases.c.starts_on.desc())))[0]]


def nothing_asked(_path: Mapping[str, str]) -> list[Question]:
    """For what the calendar itself tells."""
    return []


def release_asked(path: Mapping[str, str]) -> list[Question]:
    """The revisions of one table for one period, the first of them first. Raises `OutsideTheGrid`."""
    table, _ = table_named(path["table"])
    period, releases = period_named(path["period"], table), table_of(Release)
    wanted = select(releases).where(releases.c.period == str(period), releases.c.table == table.name)
    return [wanted.order_by(releases.c.revision)]


def table_asked(path: Mapping[str, str]) -> list[Question]:
    """Everything that was sealed of one table: months, quarters, years, each in order. Raises `OutsideTheGrid`."""
    table, _ = table_named(path["table"])
    releases = table_of(Release)
    wanted = select(releases).where(releases.c.table == table.name)
    kinds = case({str(kind): place for place, kind in enumerate(PeriodKind)}, value=releases.c.period_kind)
    return [wanted.order_by(kinds, releases.c.starts_on, releases.c.revision)]


def all_asked(_path: Mapping[str, str]) -> list[Question]:
    """Everything that was sealed, the latest period first."""
    releases = table_of(Release)
    order = (releases.c.starts_on.desc(), releases.c.period, releases.c.table, releases.c.revision.desc())
    return [select(releases).order_by(*order)]


def _near(name: str, there: Iterable[str]) -> tuple[str, ...]:
    """All that there are, those that may have been meant first."""
    names = list(there)
    alike = get_close_matches(name[:LONGEST_NAME].lower(), names, n=3, cutoff=0.5)
    return tuple(dict.fromkeys([*alike, *names]))
