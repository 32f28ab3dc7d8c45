"""Submissions: one supervisor prepares exact totals, another looks at what they would disclose, then others read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.refusals import PeriodStillOpen
from true_api.outlets.statistics.periods import Period
from true_api.outlets.submissions.schemas import SubmissionReview
from true_api.outlets.submissions.tables import Submission, SubmissionTotal
from true_api.outlets.submissions.totals import totals_of
from true_api.outlets.submissions.vocabulary import SubmissionState, SubmissionVerdict
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

BECOMES = {
    SubmissionVerdict.APPROVE: SubmissionState.APPROVED,
    SubmissionVerdict.DECLINE: SubmissionState.DECLINED,
}
Kept = tuple[Any, Sequence[Any]]
"""A submission with its totals."""


class SubmissionWaits(Conflict):
    """Totals of this period were prepared, and wait for a second person to look at them."""

    code = "submission_waits"


class SubmittedBefore(Conflict):
    """Totals of this period were approved before, and stay as they are."""

    code = "submitted_before"


class OwnSubmission(Conflict):
    """Nobody reviews what they prepared themselves."""

    code = "own_submission"


class ReviewedBefore(Conflict):
    """This submission was reviewed before."""

    code = "reviewed_before"


async def prepare(permit: StaffPermit, period: Period) -> Kept:
    """Add up a period that has ended, and freeze it for a second person to look at."""
    if period.end > permit.today:
        raise PeriodStillOpen
    submissions = table_of(Submission)
    before = await permit.rows(Submission, permit.own(Submission).where(submissions.c.period == str(period)))
    for row in before:
        if row.state is not SubmissionState.DECLINED:
            raise SubmissionWaits if row.state is SubmissionState.PREPARED else SubmittedBefore
    submission = permit.keep(
        Submission(
            period=str(period),
            period_kind=str(period.kind),
            attempt=len(before) + 1,
            state=SubmissionState.PREPARED,
            prepared_by=permit.actor.id,
            prepared_on=permit.today,
        ),
        or_else=SubmissionWaits,
    )
    found = await totals_of(permit.database, period)
    totals = [SubmissionTotal(submission_id=submission.id, total=name, value=value) for name, value in found.items()]
    return submission, [permit.keep(total) for total in totals]


async def review(permit: RecordPermit, draft: SubmissionReview) -> Kept:
    """Decide on a submission that somebody else prepared. Raises `OwnSubmission`, `ReviewedBefore`."""
    submission = permit.record
    if submission.prepared_by == permit.actor.id:
        raise OwnSubmission
    if submission.state is not SubmissionState.PREPARED:
        raise ReviewedBefore
    decided = {
        "state": BECOMES[draft.verdict],
        "reviewed_by": permit.actor.id,
        "reviewed_on": permit.today,
        "review_reason": draft.reason,
    }
    permit.change(Submission, submission, ReviewedBefore, **decided)
    return {**submission._mapping, **decided}, await permit.parts_of_record(SubmissionTotal)


async def by_id(permit: Permit, submission: UUID) -> Kept:
    """One submission of the program's own."""
    found = await permit.one(Submission, table_of(Submission).c.id == submission)
    return found, (await permit.parts(SubmissionTotal, [found]))[submission]


async def listed(permit: ListPermit, period: str | None = None) -> list[Kept]:
    """For the program every submission, for others those that were approved; the latest period first.

    Who is outside is shown columns that name nobody, as the second wall grants them.
    """
    submissions = table_of(Submission)
    asked = _for_others()
    if permit.viewer.sight.of_program:
        asked = select(submissions)
    if period is not None:
        asked = asked.where(submissions.c.period == period)
    found = (await permit.database.read(asked.order_by(submissions.c.period.desc(), submissions.c.attempt.desc())))[0]
    totals = await permit.parts(SubmissionTotal, found)
    return [(row, totals[row.id]) for row in found]


async def of_period(permit: ListPermit, period: str) -> Kept:
    """The latest submission of a period. Raises `NotFound` where there is none for this caller."""
    found = await listed(permit, period)
    if not found:
        raise NotFound
    return found[0]


def _for_others() -> Select[Any]:
    columns = table_of(Submission).c
    shown = (columns.id, columns.period, columns.prepared_on, columns.reviewed_on)
    return select(*shown).where(columns.state == SubmissionState.APPROVED)
