"""What this room decides: results are added and voided, never rewritten, and a sample leads to nobody."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.ids import read_id
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.zones import must_be_a_zone
from true_api.rooms.drug_checks.samples import new_sample
from true_api.rooms.drug_checks.schemas import DrugCheckDraft, ResultDraft, ResultVoidDraft, month_begins
from true_api.rooms.drug_checks.tables import DrugCheck, DrugCheckResult
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

Checked = tuple[Any, Sequence[Any]]
"""A drug check and its results."""


class SampleNotYetCollected(Conflict):
    """A sample was collected in this month or in one before."""

    code = "sample_not_yet_collected"


class ResultAlreadyVoided(Conflict):
    """This result was voided before."""

    code = "result_already_voided"


async def record(permit: StaffPermit, draft: DrugCheckDraft) -> Checked:
    """Keep a sample under a reference of its own, with the results there are."""
    collected_in = month_begins(draft.collected_in)
    if collected_in > permit.today:
        raise SampleNotYetCollected
    await must_be_a_zone(permit.database, draft.zone)
    # Two samples with one reference: the gate is passed once more, and another one is drawn.
    check = permit.keep(
        DrugCheck(
            sample=new_sample(),
            collected_in=collected_in,
            zone=draft.zone,
            expected=draft.expected,
            form=draft.form,
        ),
        or_else=WriteCollided.meanwhile(),
    )
    return check, _add(permit, check.id, draft.results)


async def add(permit: RecordPermit, results: Sequence[ResultDraft]) -> Checked:
    """Add results that came later, beside those there are."""
    before = await permit.parts_of_record(DrugCheckResult)
    added = _add(permit, permit.record.id, results)
    permit.unit.resource = permit.record.id
    return permit.record, [*before, *added]


async def void(permit: RecordPermit, result: str, draft: ResultVoidDraft) -> Checked:
    """Say that a result should not count, and why. Raises `NotFound` for a result of another sample."""
    results, named = await permit.parts_of_record(DrugCheckResult), read_id(result)
    wrong = next((each for each in results if each.id == named), None)
    if wrong is None:
        raise NotFound
    if wrong.void_reason is not None:
        raise ResultAlreadyVoided
    permit.change(DrugCheckResult, wrong, ResultAlreadyVoided, void_reason=draft.reason)
    permit.unit.resource = permit.record.id
    voided = {**_values(wrong), "void_reason": draft.reason}
    return permit.record, [voided if each is wrong else each for each in results]


def _values(row: Any) -> dict[str, Any]:
    return dict(row._mapping)


def _add(permit: Permit, check: UUID, results: Sequence[ResultDraft]) -> list[DrugCheckResult]:
    return [
        permit.keep(
            DrugCheckResult(
                check_id=check,
                target=each.target,
                substance=each.substance,
                method=each.method,
                result=each.result,
                abundance=each.abundance,
                strip_lot=each.strip_lot,
            )
        )
        for each in results
    ]


async def by_id(permit: Permit, check: UUID) -> Checked:
    """One drug check. Raises `NotFound`."""
    return (await _together(permit, [await permit.one(DrugCheck, table_of(DrugCheck).c.id == check)]))[0]


async def this(permit: RecordPermit) -> Checked:
    """The drug check that the gate admitted."""
    return (await _together(permit, [permit.record]))[0]


async def exists(permit: Permit, check: UUID) -> bool:
    """Whether there is such a drug check."""
    return bool(await permit.rows(DrugCheck, permit.own(DrugCheck).where(table_of(DrugCheck).c.id == check)))


async def listed(
    permit: ListPermit, page: PageRequest, *, sample: str | None = None, collected_in: date | None = None
) -> tuple[list[Checked], str | None]:
    """Drug checks, the newest month first: all, those of one month, or the one whose bag carries this reference."""
    checks = table_of(DrugCheck)
    asked = permit.own(DrugCheck)
    asked = asked if sample is None else asked.where(checks.c.sample == sample)
    asked = asked if collected_in is None else asked.where(checks.c.collected_in == collected_in)
    rows, following = await permit.page(DrugCheck, asked, [checks.c.collected_in, checks.c.id], page)
    return await _together(permit, rows), following


async def _together(permit: Permit, rows: Sequence[Any]) -> list[Checked]:
    results: Mapping[UUID, list[Any]] = await permit.parts(DrugCheckResult, rows)
    return [(row, results[row.id]) for row in rows]
