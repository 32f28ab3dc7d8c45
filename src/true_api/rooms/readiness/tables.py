"""What we keep of readiness: one row per note, never changed."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.announcing import ChangedKind, to_program
from true_api.privacy.cases import on_caseload
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Fate, Goes, Kept, Rules, Unlinked
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage


def _ruler(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} BETWEEN 0 AND 10", name=f"{name}_on_ruler")


class ReadinessNote(Row, table=True):
    """What a person said on one day about change; each ruler is optional."""

    __tablename__ = "readiness_notes"
    __announced__: ClassVar[Announced] = to_program(ChangedKind.READINESS_NOTE)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("occurred_on",))
    __kept_for__: ClassVar[Rules] = (
        Kept("occurred_on", 1_096, "what somebody said of change three years ago is theirs to say anew", Goes.WORDS),
    )
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (
        Index("ix_readiness_notes_journey", "participant_id", "occurred_on", "id"),
        _ruler("importance"),
        _ruler("confidence"),
        _ruler("readiness"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    occurred_on: date
    stage: Stage = Field(sa_type=choice(Stage))
    focus: Focus = Field(sa_type=choice(Focus))
    next_step: NextStep = Field(sa_type=choice(NextStep))
    importance: int | None = None
    confidence: int | None = None
    readiness: int | None = None
    returned_to_use: bool = False
    support_offered: list[str] = Field(default_factory=list, sa_type=listing())
