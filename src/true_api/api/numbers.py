"""Doors to numbers: exact ones for the program's supervisors, sealed releases for everybody who reads them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.kernel.errors import NotFound
from true_api.kernel.schemas import Draft, View, examples
from true_api.outlets import insights, releases
from true_api.outlets.insights import Month, Span
from true_api.security.gates import ListGate, StaffGate
from true_api.security.permits import ListPermit, StaffPermit
from true_api.security.roles import Permission

insight_doors = Doors("/insights", tag="Numbers")
release_doors = Doors("/releases", tag="Numbers")

READ_INSIGHTS = ListGate(Permission.INSIGHT_READ)
READ_RELEASES = ListGate(Permission.RELEASE_READ)
SEAL = StaffGate(Permission.RELEASE_SEAL)

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


class ReleaseDraft(Draft):
    """The month to seal."""

    model_config = examples({"period": "2026-10"})

    period: MonthText


class CellView(View):
    """One cell; a number that is kept back is null, never zero."""

    setting: str
    participants: int | None
    suppressed: bool


class ReleaseView(View):
    """One sealed month. Not yet safe to publish: see `docs/numbers.md`."""

    model_config = examples(
        {
            "period": "2026-10",
            "table": "participants-by-setting",
            "mechanism": "suppression-below-11",
            "sealed_on": "2026-11-01",
            "cells": [
                {"setting": "all", "participants": 301, "suppressed": False},
                {"setting": "hospital", "participants": None, "suppressed": True},
            ],
        }
    )

    period: str
    table: str
    mechanism: str
    sealed_on: date
    cells: list[CellView]


class ReleaseList(View):
    """What has been sealed."""

    model_config = examples(
        {"releases": [{"period": "2026-10", "table": "participants-by-setting", "sealed_on": "2026-11-01"}]}
    )

    class Line(View):
        """One sealed month of one table."""

        period: str
        table: str
        sealed_on: date

    releases: list[Line]


def _view(found: tuple[releases.Release, list[releases.ReleaseCell]]) -> ReleaseView:
    release, cells = found
    ordered = sorted(cells, key=lambda cell: (cell.one != releases.ALL, cell.one))
    shown = [CellView(setting=cell.one, participants=cell.value, suppressed=cell.value is None) for cell in ordered]
    return ReleaseView.of(release, cells=shown)


@insight_doors.open("GET", "/months", READ_INSIGHTS)
async def read_monthly_insights(span: Annotated[SpanQuery, Query()], permit: Permitted[ListPermit]) -> Insights:
    """Read exact monthly counts of the program's own work."""
    rows = await insights.monthly(permit, Span(Month.read(span.start), Month.read(span.end)))
    return Insights(months=[MonthlyCounts(**row) for row in rows])


async def _sealed_again(permit: StaffPermit, release: UUID) -> ReleaseView:
    return _view(await releases.release_by_id(permit, release))


@release_doors.open(
    "POST",
    "",
    SEAL,
    status=201,
    again=_sealed_again,
    refuses=(releases.MonthStillOpen, releases.AlreadySealed),
)
async def seal_release(draft: ReleaseDraft, permit: Permitted[StaffPermit]) -> ReleaseView:
    """Seal a month that has ended."""
    return _view(await releases.seal_month(permit, Month.read(draft.period)))


@release_doors.open("GET", "", READ_RELEASES)
async def list_releases(permit: Permitted[ListPermit]) -> ReleaseList:
    """List what has been sealed, newest month first."""
    return ReleaseList(releases=[ReleaseList.Line.of(row) for row in await releases.releases(permit)])


@release_doors.open("GET", "/{period}/{table}", READ_RELEASES, refuses=(NotFound,))
async def read_release(period: str, table: str, permit: Permitted[ListPermit]) -> ReleaseView:
    """Read one sealed month.

    Numbers below 11 are kept back. Not yet safe to publish: the release mechanism is still to come.
    """
    return _view(await releases.release(permit, period, table))
