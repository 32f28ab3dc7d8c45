"""What we keep of wellness: four small numbers that one person sees, and requests that two people see."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Kept, Rules
from true_api.rooms.wellness.vocabulary import SupportState, SupportWish
from true_api.security.colleagues import own_alone, own_or_with

KEPT_AFTER_QUARTER = 100
"""Days after the end of its quarter for which a pulse is kept; all of one quarter go on the same day."""


class WellnessPulse(Row, table=True):
    """How somebody who works here is, on one day; within the reach of nobody but themselves.

    `counted` says whether it is a peer's, as they were on that day, so that no later change of a role changes a count.
    """

    __tablename__ = "wellness_pulses"
    __reach__: ClassVar[Reach] = Reach(program=own_alone)
    __kept_for__: ClassVar[Rules] = (
        Kept("quarter_ends_on", KEPT_AFTER_QUARTER, "until the counts of a closed quarter were looked at; no history"),
    )
    __table_args__ = (
        Index("ix_wellness_pulses_member", "member_id", "taken_on", "id"),
        Index("ix_wellness_pulses_quarter", "quarter_ends_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="members.id")
    taken_on: date
    quarter_ends_on: date
    energy: int
    load: int
    exposure: int
    support_wanted: int
    counted: bool


class SupportRequest(Row, table=True):
    """That somebody who works here asked another for support. No column leads to a pulse; the words are sealed."""

    __tablename__ = "support_requests"
    __reach__: ClassVar[Reach] = Reach(program=own_or_with)
    __kept_for__: ClassVar[Rules] = (Kept("settled_on", 365, "a year shows whether support came; then it fades"),)
    __table_args__ = (
        Index("ix_support_requests_member", "member_id", "asked_on", "id"),
        Index("ix_support_requests_with", "with_id", "state", "asked_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    member_id: UUID = Field(foreign_key="members.id")
    with_id: UUID = Field(foreign_key="members.id")
    wish: SupportWish = Field(sa_type=choice(SupportWish))
    state: SupportState = Field(default=SupportState.ASKED, sa_type=choice(SupportState))
    asked_on: date
    settled_on: date | None = None
