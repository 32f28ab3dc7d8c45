"""What is kept of submissions: exact totals, frozen when they were prepared, and who looked at them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.outlets.submissions.vocabulary import SubmissionReason, SubmissionState, SubmittedTotal
from true_api.privacy.reach import Reach, every_row


class Submission(Row, table=True):
    """Totals of one period over the whole program, exact. `attempt` counts those prepared for the same period."""

    __tablename__ = "submissions"
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __table_args__ = (UniqueConstraint("period", "attempt"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    period: str = Field(max_length=7)
    period_kind: str = Field(max_length=20)
    attempt: int
    state: SubmissionState = Field(sa_type=choice(SubmissionState))
    prepared_by: UUID = Field(foreign_key="members.id")
    prepared_on: date
    reviewed_by: UUID | None = Field(default=None, foreign_key="members.id")
    reviewed_on: date | None = None
    review_reason: SubmissionReason | None = Field(default=None, sa_type=choice(SubmissionReason))


class SubmissionTotal(Row, table=True):
    """One of its totals."""

    __tablename__ = "submission_totals"
    __parent__: ClassVar[str] = "submission_id"
    __reach__: ClassVar[Reach] = Reach()

    submission_id: UUID = Field(primary_key=True, foreign_key="submissions.id")
    total: SubmittedTotal = Field(sa_type=choice(SubmittedTotal), primary_key=True)
    value: int
