"""Legal holds: what two people ask to be kept, for a time, and peers never see (privacy.md 6)."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import SamePerson, of_team_caseload
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Deleted, Fate, Kept, Rules


class LegalHold(Row, table=True):
    """Asked for by one supervisor and approved by another; it ends by itself."""

    __tablename__ = "legal_holds"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (
        Kept("lifted_on", 365, "who asks why something was kept gets an answer for a year"),
        Kept("expires_on", 365, "the same for one that ended by itself"),
    )
    __reach__: ClassVar[Reach] = Reach(program=of_team_caseload)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id", index=True)
    asked_by: UUID = Field(foreign_key="members.id")
    asked_on: date
    approved_by: UUID | None = Field(default=None, foreign_key="members.id")
    approved_on: date | None = None
    expires_on: date
    lifted_on: date | None = None


def _live(holds: Any, today: date) -> ColumnElement[bool]:
    return and_(holds.c.approved_on.is_not(None), holds.c.lifted_on.is_(None), holds.c.expires_on >= today)


def held(participant: Any, today: date) -> ColumnElement[bool]:
    """Whether an approved hold keeps a participant's records today (a column or an id), by any record of theirs."""
    holds, same = table_of(LegalHold).alias("holding"), table_of(SamePerson).alias("held_with")
    others = select(same.c.other_id).where(same.c.participant_id == participant).correlate_except(same)
    theirs = or_(holds.c.participant_id == participant, holds.c.participant_id.in_(others))
    return exists().where(theirs, _live(holds, today)).correlate_except(holds)


def holds_of(participants: Collection[UUID], today: date) -> Select[Any]:
    """A select of the approved holds that keep these participants' records today."""
    holds = table_of(LegalHold)
    return select(holds.c.id).where(holds.c.participant_id.in_(participants), _live(holds, today))
