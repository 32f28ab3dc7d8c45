"""What we keep of a promise: codes and days, no words."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.announcing import ChangedKind, to_program
from true_api.privacy.cases import on_caseload
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Fate, Kept, Rules, Unlinked
from true_api.privacy.terms import PartOfDay
from true_api.rooms.promises.vocabulary import NotThisTime, PromiseKind, PromiseState, Released


class Promise(Row, table=True):
    """What a member promised a person for one day. `referral_id` where it goes with a referral."""

    __tablename__ = "promises"
    __announced__: ClassVar[Announced] = to_program(ChangedKind.PROMISE)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("due_on", "made_on", "settled_on"))
    __kept_for__: ClassVar[Rules] = (
        Kept("settled_on", 396, "a year's figures can still be counted a month after the year is over"),
    )
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (
        Index("ix_promises_journey", "participant_id", "due_on", "id"),
        Index("ix_promises_due", "team_id", "state", "due_on", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: PromiseKind = Field(sa_type=choice(PromiseKind))
    due_on: date
    part_of_day: PartOfDay | None = Field(default=None, sa_type=choice(PartOfDay))
    referral_id: UUID | None = Field(default=None, foreign_key="referrals.id", index=True)
    state: PromiseState = Field(default=PromiseState.OPEN, sa_type=choice(PromiseState))
    not_this_time: NotThisTime | None = Field(default=None, sa_type=choice(NotThisTime))
    released: Released | None = Field(default=None, sa_type=choice(Released))
    made_on: date
    settled_on: date | None = None
