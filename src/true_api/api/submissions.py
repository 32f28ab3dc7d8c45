"""Doors to submissions: exact totals for a funder, read by others only after a second person's disclosure review."""

from uuid import UUID

from true_api.api.doors import Doors, Permitted
from true_api.kernel.errors import NotFound
from true_api.outlets.sealed.refusals import PeriodStillOpen
from true_api.outlets.statistics.periods import read_period
from true_api.outlets.submissions import service
from true_api.outlets.submissions.schemas import (
    ApprovedSubmission,
    SubmissionDraft,
    SubmissionList,
    SubmissionReview,
    SubmissionView,
    SubmittedTotals,
)
from true_api.outlets.submissions.tables import Submission
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/submissions", tag="Numbers")

PREPARE = StaffGate(Permission.SUBMISSION_WRITE)
REVIEW = RecordGate(Permission.SUBMISSION_WRITE, Submission)
READ = ListGate(Permission.RELEASE_READ)


def _view(kept: service.Kept) -> SubmissionView:
    return SubmissionView.of(kept[0], totals=_totals(kept))


def _totals(kept: service.Kept) -> SubmittedTotals:
    return SubmittedTotals(**{total.total.value: total.value for total in kept[1]})


def _shown(permit: Permit, kept: service.Kept) -> SubmissionView | ApprovedSubmission:
    return _view(kept) if permit.viewer.sight.of_program else ApprovedSubmission.of(kept[0], totals=_totals(kept))


async def _again(permit: Permit, submission: UUID) -> SubmissionView:
    return _view(await service.by_id(permit, submission))


@doors.open(
    "POST",
    "",
    PREPARE,
    status=201,
    again=_again,
    refuses=(PeriodStillOpen, service.SubmissionWaits, service.SubmittedBefore),
)
async def prepare_submission(draft: SubmissionDraft, permit: Permitted[StaffPermit]) -> SubmissionView:
    """Add up what a funder pays by, over the whole program, for a month or a quarter that has ended.

    The totals are exact, and frozen now: what comes in later changes nothing. Nobody outside the program reads them
    before a second supervisor has looked at what they disclose.
    """
    return _view(await service.prepare(permit, read_period(draft.period)))


@doors.open(
    "POST",
    "/{id}/review",
    REVIEW,
    again=_again,
    refuses=(service.OwnSubmission, service.ReviewedBefore),
)
async def review_submission(id: str, draft: SubmissionReview, permit: Permitted[RecordPermit]) -> SubmissionView:
    """Decide, as somebody other than who prepared it, whether a submission may leave; the decision is final."""
    return _view(await service.review(permit, draft))


@doors.open("GET", "", READ)
async def list_submissions(permit: Permitted[ListPermit]) -> SubmissionList:
    """List submissions, the latest period first; others than the program see those that were approved."""
    return SubmissionList(items=[_shown(permit, kept) for kept in await service.listed(permit)])


@doors.open("GET", "/{period}", READ, refuses=(NotFound,))
async def read_submission(period: str, permit: Permitted[ListPermit]) -> SubmissionView | ApprovedSubmission:
    """Read the submission of a month or quarter; for others than the program it is there once it was approved."""
    return _shown(permit, await service.of_period(permit, period))
