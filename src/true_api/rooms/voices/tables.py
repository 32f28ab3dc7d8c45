"""What we keep of a voice: answers and a month. Its id is random, for one that grows with time would tell when."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table
from sqlmodel import Field

from true_api.kernel.ids import new_reference
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Goes, Kept, Rules
from true_api.rooms.voices.vocabulary import VoiceAnswer, VoiceKind, VoiceState
from true_api.security.colleagues import for_program_lead


def _answered(table: Table) -> ColumnElement[bool]:
    return table.c.state == VoiceState.ANSWERED


class Voice(Row, table=True):
    """What somebody said, by the month. `receipt_mark` is a keyed digest of what alone leads back to it."""

    __tablename__ = "voices"
    __reach__: ClassVar[Reach] = Reach(program=for_program_lead)
    __kept_for__: ClassVar[Rules] = (
        Kept("received_in", 396, "whoever kept the receipt has had a year to read the answer", Goes.WORDS, _answered),
        Kept("received_in", 1_096, "three years show whether it becomes better"),
    )
    __table_args__ = (Index("ix_voices_month", "received_in", "id"),)

    id: UUID = Field(default_factory=new_reference, primary_key=True)
    version: int = 1
    kind: VoiceKind = Field(sa_type=choice(VoiceKind))
    received_in: date
    respected: VoiceAnswer = Field(sa_type=choice(VoiceAnswer))
    pressured: VoiceAnswer = Field(sa_type=choice(VoiceAnswer))
    promise_kept: VoiceAnswer = Field(sa_type=choice(VoiceAnswer))
    zone: str | None = Field(default=None, max_length=40)
    state: VoiceState = Field(default=VoiceState.RECEIVED, sa_type=choice(VoiceState))
    receipt_mark: str = Field(max_length=64, unique=True)
