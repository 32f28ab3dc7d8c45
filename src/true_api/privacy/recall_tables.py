"""What is kept so that a person can come back without a card: keyed tokens, a keyed word, and the tries."""

from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, UniqueConstraint, and_, false
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row
from true_api.privacy.cases import not_being_forgotten
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules, Stays

TO_BE_APPROVED_FOR = timedelta(days=7)
"""How long a near hit waits: who is here again next week is asked again."""


def waits_for(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """A near hit with the right word waits for a supervisor of the same team, who is not the one who tried.

    A miss, a wrong word and another team's try are out of reach alike, so that none can be told from the others.
    """
    if viewer.sight is not Sight.TEAM_CASELOAD:
        return false()
    return and_(
        table.c.team_id == viewer.team,
        table.c.member_id != viewer.id,
        table.c.participant_id.is_not(None),
        table.c.tried_on >= viewer.today - TO_BE_APPROVED_FOR,
        not_being_forgotten(table.c.participant_id),
    )


class RecallToken(Row, table=True):
    """One of the ten of a person: of all nine answers, or of all but one. Without the recall key it says nothing.

    `slot` only counts them, in random order: who has the table cannot see which of them are of all nine.
    """

    __tablename__ = "recall_tokens"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Stays("until the person takes recall back"),)
    __table_args__ = (UniqueConstraint("participant_id", "slot"), Index("ix_recall_tokens_token", "token"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    slot: int
    token: str = Field(max_length=64)
    key_version: int


class ConfirmationWord(Row, table=True):
    """The word by which a person confirms that it is they who came back, as a keyed hash of its own salt."""

    __tablename__ = "confirmation_words"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Stays("until the person takes it back"),)
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
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("tried_on", 90, "long enough to look into tries that were too many"),)
    __reach__: ClassVar[Reach] = Reach(program=waits_for)
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
