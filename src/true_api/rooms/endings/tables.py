"""What we keep of an ending beside the ending itself: to whom a debrief was offered."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, UniqueConstraint, and_, exists
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, table_of
from true_api.privacy.cases import not_being_forgotten
from true_api.privacy.endings import Ending as Ending
from true_api.privacy.endings import EndingKind as EndingKind
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules
from true_api.rooms.endings.vocabulary import DebriefAnswer


def own_offers(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """What was offered to the viewer alone, whoever supervises them, while the ending stands."""
    endings = table_of(Ending)
    stands = exists(endings.c.id).where(endings.c.id == table.c.ending_id, endings.c.undone_on.is_(None))
    return and_(
        table.c.member_id == viewer.id,
        stands.correlate_except(endings),
        not_being_forgotten(table.c.participant_id),
    )


class DebriefOffer(Row, table=True):
    """After a death: somebody who worked with the person lately may have a debrief, and says so or not.

    Only they read it, not even their supervisor (domain.md: wellness of peers). `ending_id` has no foreign key: an
    ending that was undone may go earlier, and its offers are shut by then.
    """

    __tablename__ = "debrief_offers"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("offered_on", 365, "grief takes a year, and an offer may be taken up late"),)
    __reach__: ClassVar[Reach] = Reach(program=own_offers)
    __table_args__ = (
        UniqueConstraint("ending_id", "member_id"),
        Index("ix_debrief_offers_member", "member_id", "offered_on", "id"),
        Index("ix_debrief_offers_participant", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    ending_id: UUID
    participant_id: UUID = Field(foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    offered_on: date
    answer: DebriefAnswer | None = Field(default=None, sa_type=choice(DebriefAnswer))
    answered_on: date | None = None
