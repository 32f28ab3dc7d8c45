"""Doors to what was sealed: the same numbers for every reader, in a closed grid of tables and periods."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.published import FORMATS, Published, form_wanted
from true_api.kernel.clock import local_day
from true_api.kernel.errors import NotAcceptable, Problem
from true_api.kernel.schemas import Draft, View, examples
from true_api.outlets.formats import Format, ParquetNotInstalled
from true_api.outlets.sealed import reading
from true_api.outlets.sealed.calendar import SealState, Standing, calendar_of
from true_api.outlets.sealed.grid_paths import (
    OutsideTheGrid,
    PeriodNotSealed,
    all_asked,
    not_in_calendar,
    nothing_asked,
    release_asked,
    sealed_periods,
    table_asked,
    table_named,
)
from true_api.outlets.statistics.counting import own_zones
from true_api.outlets.statistics.grid import GRID, Table
from true_api.outlets.statistics.periods import PeriodKind
from true_api.security.gates import PublishedGate
from true_api.security.installation import Installation
from true_api.security.permits import PublishedPermit
from true_api.security.roles import Permission

doors = Doors("/releases", tag="Numbers")

CALENDAR = PublishedGate(Permission.RELEASE_READ, asks=nothing_asked)
LIST = PublishedGate(Permission.RELEASE_READ, asks=all_asked)
READ_TABLE = PublishedGate(Permission.RELEASE_READ, asks=table_asked)
READ = PublishedGate(Permission.RELEASE_READ, asks=release_asked)

AN_HOUR = 3_600
OUTSIDE = (NotAcceptable, ParquetNotInstalled, OutsideTheGrid)


class Revisions(StrEnum):
    """Which revisions of a period."""

    LATEST = "latest"
    ALL = "all"


class RevisionQuery(Draft):
    """Which revisions; there is no other choice, and no filter."""

    model_config = examples({"revision": "latest"})

    revision: Revisions = Field(Revisions.LATEST, description="`all` gives those that a later one has replaced, too.")


class DimensionView(View):
    """A column by which a table is split, and all the terms that stand in it, whatever happened."""

    name: str
    categories: list[str]


class GridTableView(View):
    """A table of the grid."""

    name: str
    title: str
    unit: str = Field(description="What is counted.")
    dimensions: list[DimensionView]
    periods: list[str] = Field(description="For which kinds of periods it is sealed.")
    definition: str

    @classmethod
    def of_table(cls, table: Table) -> "GridTableView":
        """The view of a table."""
        dimensions = [DimensionView(name=each.name, categories=list(each.categories)) for each in table.dimensions]
        return cls.of(table, unit=str(table.unit), dimensions=dimensions, periods=[str(kind) for kind in table.periods])


class ReleaseLine(View):
    """One table of one period, as it was sealed."""

    period: str
    table: str
    revision: int
    is_latest: bool
    mechanism: str = Field(description="What protects its numbers.")
    sealed_on: date


class ReleaseList(View):
    """What there is, and what has been sealed of it."""

    model_config = examples(
        {
            "tables": [
                {
                    "name": "people-by-setting",
                    "title": "People by setting",
                    "unit": "people",
                    "dimensions": [{"name": "setting", "categories": ["street", "drop_in"]}],
                    "periods": ["month", "quarter", "fiscal_year"],
                    "definition": "Distinct people met at least once in the period, by where.",
                }
            ],
            "releases": [
                {
                    "period": "2026-10",
                    "table": "people-by-setting",
                    "revision": 0,
                    "is_latest": True,
                    "mechanism": "discrete-laplace-b2-cut6b-floor11",
                    "sealed_on": "2026-11-10",
                }
            ],
        }
    )

    tables: list[GridTableView]
    releases: list[ReleaseLine] = Field(description="The latest period first.")


class CalendarLine(View):
    """One period: where it stands, and the day on which it seals."""

    period: str
    kind: PeriodKind
    state: SealState
    seals_on: date
    revision: int | None = Field(description="The latest; null until it is sealed.")
    sealed_on: date | None
    phones_not_synced: int | None = Field(
        description="Phones that upload and have sent nothing since it ended; null while it runs and once it is sealed."
    )


class ReleaseCalendar(View):
    """Every period up to the one that runs now, the latest first."""

    model_config = examples(
        {
            "periods": [
                {
                    "period": "2026-10",
                    "kind": "month",
                    "state": "open",
                    "seals_on": "2026-11-10",
                    "revision": None,
                    "sealed_on": None,
                    "phones_not_synced": 2,
                }
            ]
        }
    )

    periods: list[CalendarLine]


class ReleaseRows(View):
    """Sealed numbers as one flat array; the columns depend on the table alone."""

    model_config = examples(
        {
            "rows": [
                {
                    "period": "2026-10",
                    "table": "people-by-setting",
                    "revision": 0,
                    "is_latest": True,
                    "setting": "street",
                    "unit": "people",
                    "value": None,
                    "suppressed": True,
                }
            ]
        }
    )

    rows: list[dict[str, Any]] = Field(
        description="`period`, `table`, `revision`, `is_latest`, a column for each dimension of the table, `unit`,"
        " `value` and `suppressed`. A value that is kept back is null, never 0."
    )


@doors.open("GET", "", LIST)
async def list_releases(permit: Permitted[PublishedPermit]) -> ReleaseList:
    """List the tables there are, and what has been sealed of them, the latest period first."""
    zones = await own_zones(permit.database)
    tables = [GridTableView.of_table(table.with_own(zones)) for table in GRID.values()]
    return ReleaseList(tables=tables, releases=[ReleaseLine.of(row) for row in permit.found[0]])


@doors.open("GET", "/calendar", CALENDAR)
async def read_release_calendar(request: Request, permit: Permitted[PublishedPermit]) -> ReleaseCalendar:
    """Read when each period seals, and what is still out: phones that have not sent what they hold, once it ended."""
    standings = await calendar_of(request.app.state.installation)
    return ReleaseCalendar(periods=[_calendar_line(standing) for standing in standings])


@doors.open("GET", "/tables/{table}", READ_TABLE, refuses=OUTSIDE, responses=FORMATS)
async def read_released_table(
    table: str, query: Annotated[RevisionQuery, Query()], request: Request, permit: Permitted[PublishedPermit]
) -> ReleaseRows:
    """Read all sealed periods of a table as one flat array: months, then quarters and fiscal years, each in order.

    JSON, CSV, NDJSON or Parquet, by Accept or by the ending of the table's name (`people.csv`).
    """
    named, form = table_named(table)
    return await _told(permit, named, _among(permit, query), form or form_wanted(request))


@doors.open("GET", "/{period}/{table}", READ, refuses=(*OUTSIDE, PeriodNotSealed), responses=FORMATS)
async def read_release(
    period: str,
    table: str,
    query: Annotated[RevisionQuery, Query()],
    request: Request,
    permit: Permitted[PublishedPermit],
) -> ReleaseRows:
    """Read one sealed table of one period: a month (`2026-10`), a quarter (`2026-Q4`) or a fiscal year (`FY2027`).

    JSON, CSV, NDJSON or Parquet, by Accept or by the ending of the table's name (`people.csv`). What was sealed never
    changes; of a period that is not sealed yet the refusal says when it will be.
    """
    named, form = table_named(table)
    wanted = form or form_wanted(request)
    if not permit.found[0]:
        raise await _absent(request.app.state.installation, period, named)
    return await _told(permit, named, _among(permit, query), wanted, AN_HOUR)


def _among(permit: PublishedPermit, query: RevisionQuery) -> list[Any]:
    every = query.revision is Revisions.ALL
    return [release for release in permit.found[0] if every or release.is_latest]


def _calendar_line(standing: Standing) -> CalendarLine:
    return CalendarLine.of(standing, period=str(standing.period), kind=standing.period.kind)


async def _absent(installation: Installation, period: str, table: Table) -> Problem:
    """Of a period of the calendar when it seals; of any other, and of one sealed without this table, what there is."""
    today = local_day(installation.clock.now(), (await installation.standing()).time_zone)
    for standing in await calendar_of(installation):
        if str(standing.period) == period and standing.state is not SealState.SEALED:
            return PeriodNotSealed(max(standing.seals_on, today))
    return not_in_calendar(await sealed_periods(installation.database, table))


async def _told(
    permit: PublishedPermit, table: Table, releases: list[Any], form: Format, max_age: int = 0
) -> ReleaseRows:
    rendering = await reading.rendered(permit, table, releases, form)
    told = Published(rendering.content, form, rendering.etag, filename=table.name, max_age=max_age)
    return told  # type: ignore[return-value]
