"""Endings: a person died, moved, or asked that it end. Nothing of theirs is rewritten for it, and it can be undone.

Whatever reminds of a person or runs a clock for them applies `not_ended`, and falls silent with the ending; undone, it
speaks again, for it was never touched (domain.md, endings). Who ended is as absent from reminders under the code of
another record that is linked with theirs. What an agency's access ends with is another thing: journeys/endings.py.
"""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, and_, exists, not_, text
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, table_of
from true_api.privacy.cases import on_caseload
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Deleted, Fate, Kept, Rules
from true_api.privacy.same_person import SamePerson


class EndingKind(StrEnum):
    """How the way together ended."""

    DIED = "died"
    MOVED = "moved"
    ASKED_TO_END = "asked_to_end"


class Ending(Row, table=True):
    """That the way with a person ended, since when that is known, and whether it is certain.

    Undone, the row stays as history, and another ending may follow.
    """

    __tablename__ = "participant_endings"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("undone_on", 365, "who asks why it was silent finds it for a year"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (
        Index("ix_participant_endings_journey", "participant_id", "known_from", "id"),
        Index(
            "uq_participant_endings_live",
            "participant_id",
            unique=True,
            sqlite_where=text("undone_on IS NULL"),
            postgresql_where=text("undone_on IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: EndingKind = Field(sa_type=choice(EndingKind))
    known_from: date
    confirmed: bool
    recorded_on: date
    undone_on: date | None = None
    undone_by: UUID | None = Field(default=None, foreign_key="members.id")


@lru_cache(maxsize=64)
def not_ended(participant: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether no ending stands for a person (a column), by this record or by one that is linked with it.

    A row that is about nobody has not ended.
    """
    endings, same = table_of(Ending), table_of(SamePerson).alias("ended_too")
    own, theirs = endings.alias("ended"), endings.alias("ended_there")
    ended = exists(own.c.id).where(own.c.participant_id == participant, own.c.undone_on.is_(None))
    linked = exists(theirs.c.id).where(
        same.c.participant_id == participant, theirs.c.participant_id == same.c.other_id, theirs.c.undone_on.is_(None)
    )
    return and_(not_(ended.correlate_except(own)), not_(linked.correlate_except(theirs, same)))
