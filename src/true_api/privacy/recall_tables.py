"""What is kept so that a person can come back without a card: keyed tokens, a keyed word, and the tries."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row


class RecallToken(Row, table=True):
    """One of ten: of all nine answers (slot 0), or of all but one (slot 1 to 9). Without the recall key it says nothing."""

    __tablename__ = "recall_tokens"
    __subject__: ClassVar[str | None] = "participant_id"
    __table_args__ = (UniqueConstraint("participant_id", "slot"), Index("ix_recall_tokens_token", "token"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participants.id")
    slot: int
    token: str = Field(max_length=64)
    key_version: int


class ConfirmationWord(Row, table=True):
    """The word by which a person confirms that it is they who came back, as a keyed hash of its own salt."""

    __tablename__ = "confirmation_words"
    __subject__: ClassVar[str | None] = "participant_id"
    __table_args__ = (UniqueConstraint("participant_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    salt: str = Field(max_length=32)
    mark: str = Field(max_length=64)
    key_version: int
    wrong_on: date | None = None
    wrong_tries: int = 0


class RecallTry(Row, table=True):
    """One try to recall somebody. `participant_id` only where a supervisor may still confirm a near hit."""

    __tablename__ = "recall_tries"
    __subject__: ClassVar[str | None] = "participant_id"
    __table_args__ = (UniqueConstraint("member_id", "hour", "number"), Index("ix_recall_tries_team", "team_id", "hour"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    hour: int
    number: int
    tried_on: date
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id", index=True)
    decided_on: date | None = None
