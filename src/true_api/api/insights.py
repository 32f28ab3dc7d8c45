"""Doors to exact numbers, for the program's supervisors and for nobody else."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.kernel.schemas import Draft, View, examples
from true_api.outlets import insights
from true_api.outlets.insights import Month, Span
from true_api.outlets.sealed.grid_paths import OutsideTheGrid
from true_api.security.gates import ListGate
from true_api.security.permits import ListPermit
from true_api.security.roles import Permission

doors = Doors("/insights", tag="Numbers")

READ_INSIGHTS = ListGate(Permission.INSIGHT_READ)

MonthText = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-10"])]


class SpanQuery(Draft):
    """A half-open span of months: `from` is in it, `to` is not."""

    start: MonthText = Field(alias="from", description="The first month, YYYY-MM.")
    end: MonthText = Field(alias="to", description="The month after the last, YYYY-MM.")


class MonthlyCounts(View):
    """Exact counts of one month."""

    month: str
    encounters: int = 0
    contacts_without_participant: int = 0
    participants_reached: int = Field(0, description="Distinct records of people in this month; months do not add up.")
    people_at_least: int = Field(
        0,
        description="An estimate: as `people_at_most`, less records that may be of somebody who has another one.",
    )
    people_at_most: int = Field(0, description="Distinct records, those linked as one person's counted once.")
    naloxone_given: int = 0
    readiness_notes: int = 0
    referrals_requested: int = 0
    referrals_completed: int = 0
    intake_requests: int = 0
    intake_connected: int = 0


class Insights(View):
    """Exact counts for the program's own use; small numbers are people, so never publish them."""

    model_config = examples(
        {
            "purpose": "internal",
            "months": [
                {
                    "month": "2026-10",
                    "encounters": 1043,
                    "contacts_without_participant": 187,
                    "participants_reached": 301,
                    "people_at_least": 284,
                    "people_at_most": 297,
                    "naloxone_given": 412,
                    "readiness_notes": 140,
                    "referrals_requested": 61,
                    "referrals_completed": 22,
                    "intake_requests": 19,
                    "intake_connected": 11,
                }
            ],
        }
    )

    purpose: str = "internal"
    months: list[MonthlyCounts]


class InsightRows(View):
    """Exact numbers of one table as one flat array; small numbers are people, so never publish them."""

    model_config = examples(
        {
            "purpose": "internal",
            "rows": [
                {
                    "period": "2026-10",
                    "table": "people-by-setting",
                    "setting": "street",
                    "unit": "people",
                    "value": 187,
                }
            ],
        }
    )

    purpose: str = "internal"
    rows: list[dict[str, Any]] = Field(
        description="`period`, `table`, a column for each dimension of the table, `unit` and `value`: every cell of"
        " every month, zeros included. Months of people do not add up."
    )


@doors.open("GET", "/months", READ_INSIGHTS)
async def read_monthly_insights(span: Annotated[SpanQuery, Query()], permit: Permitted[ListPermit]) -> Insights:
    """Read exact monthly counts of the program's own work."""
    rows = await insights.monthly(permit, Span(Month.read(span.start), Month.read(span.end)))
    return Insights(months=[MonthlyCounts(**row) for row in rows])


@doors.open("GET", "/tables/{table}", READ_INSIGHTS, refuses=(OutsideTheGrid,))
async def read_insight_table(
    table: str, span: Annotated[SpanQuery, Query()], permit: Permitted[ListPermit]
) -> InsightRows:
    """Read one table of the grid exactly, month by month.

    The tables are those of the releases, and `items-given` and `education-materials`; every other name is refused.
    """
    named = insights.table_inside(table)
    rows = await insights.by_cell(permit, named, Span(Month.read(span.start), Month.read(span.end)))
    return InsightRows(rows=rows)
