"""Doors to drug checks: every answer with results says what the methods can and cannot tell."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.privacy.zones import NoSuchZone
from true_api.rooms.drug_checks import service
from true_api.rooms.drug_checks.samples import WRITTEN, read_sample, shown_sample
from true_api.rooms.drug_checks.schemas import (
    DrugCheckDraft,
    DrugCheckPage,
    DrugCheckRecord,
    DrugCheckView,
    LimitsView,
    MonthOfSample,
    ResultsDraft,
    ResultView,
    ResultVoidDraft,
    month_begins,
)
from true_api.rooms.drug_checks.tables import DrugCheck
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/drug-checks", tag="Overdoses and drug checking")

WRITE = StaffGate(Permission.DRUG_CHECK_WRITE)
LIST = ListGate(Permission.DRUG_CHECK_READ)
READ_ONE = RecordGate(Permission.DRUG_CHECK_READ, DrugCheck)
ADD = RecordGate(Permission.DRUG_CHECK_WRITE, DrugCheck)


class DrugCheckQuery(PageQuery):
    """All drug checks, those of one month, or the one of a bag."""

    sample: str | None = Field(None, pattern=WRITTEN, description="What is written on the bag.")
    collected_in: MonthOfSample | None = Field(None, description="Only those of this month.")


def _seen(checked: service.Checked) -> dict[str, Any]:
    check, results = checked
    views = [ResultView.of(each) for each in results]
    in_order = sorted(views, key=lambda one: (one.target, one.method, str(one.id)))
    return {"sample": shown_sample(check.sample), "results": in_order}


def _record(checked: service.Checked) -> DrugCheckRecord:
    seen = _seen(checked)
    return DrugCheckRecord.of(checked[0], **seen, limits=LimitsView.of_methods(one.method for one in seen["results"]))


async def _again(permit: Permit, check: UUID) -> DrugCheckRecord:
    return _record(await service.by_id(permit, check))


@doors.open("POST", "", WRITE, status=201, again=_again, refuses=(service.SampleNotYetCollected, NoSuchZone))
async def record_drug_check(draft: DrugCheckDraft, permit: Permitted[StaffPermit]) -> DrugCheckRecord:
    """Record a sample, and the results there are; the answer has the reference for the bag.

    The month is kept and never the day, and nobody is linked with it: neither who brought it nor who took it in.
    """
    return _record(await service.record(permit, draft))


@doors.open("GET", "", LIST)
async def list_drug_checks(query: Annotated[DrugCheckQuery, Query()], permit: Permitted[ListPermit]) -> DrugCheckPage:
    """List drug checks of the whole program, the newest month first."""
    found, following = await service.listed(
        permit,
        query.request(),
        sample=None if query.sample is None else read_sample(query.sample),
        collected_in=None if query.collected_in is None else month_begins(query.collected_in),
    )
    items = [DrugCheckView.of(checked[0], **_seen(checked)) for checked in found]
    used = (result.method for item in items for result in item.results)
    return DrugCheckPage(items=items, next_cursor=following, limits=LimitsView.of_methods(used))


@doors.open("GET", "/{id}", READ_ONE)
async def read_drug_check(id: str, permit: Permitted[RecordPermit]) -> DrugCheckRecord:
    """Read one sample with its results, and what the methods can and cannot say."""
    return _record(await service.this(permit))


@doors.open("POST", "/{id}/results", ADD, status=201, again=_again)
async def add_drug_check_results(id: str, draft: ResultsDraft, permit: Permitted[RecordPermit]) -> DrugCheckRecord:
    """Add results that came later, such as a laboratory's answer."""
    return _record(await service.add(permit, draft.results))


@doors.open("POST", "/{id}/results/{result}/void", ADD, again=_again, refuses=(service.ResultAlreadyVoided,))
async def void_drug_check_result(
    id: str, result: str, draft: ResultVoidDraft, permit: Permitted[RecordPermit]
) -> DrugCheckRecord:
    """Say that a result should not count, and why; it stays readable."""
    return _record(await service.void(permit, result, draft))
