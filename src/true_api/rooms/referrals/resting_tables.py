"""What we keep so that what an ending closed can be taken up again: where each referral stood."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.endings import Ending as Ending
from true_api.rooms.referrals.vocabulary import DecidedBy, Reason, ReferralState


class RestingReferral(Row, table=True):
    """Where a referral stood when an ending closed it; told to nobody. It goes with the ending."""

    __tablename__ = "resting_referrals"
    __parent__: ClassVar[str] = "ending_id"
    __table_args__ = (UniqueConstraint("ending_id", "referral_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    ending_id: UUID = Field(foreign_key="participant_endings.id")
    referral_id: UUID = Field(foreign_key="referrals.id", index=True)
    state: ReferralState = Field(sa_type=choice(ReferralState))
    reason: Reason | None = Field(default=None, sa_type=choice(Reason))
    decided_by: DecidedBy | None = Field(default=None, sa_type=choice(DecidedBy))
    changed_on: date
    no_answer_since: date | None = None
