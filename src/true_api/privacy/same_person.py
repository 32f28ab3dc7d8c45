"""Which records are of one person: what follows from the links that supervisors made (privacy.md 4)."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from true_api.kernel.rows import Row
from true_api.privacy.retention import Deleted, Fate, Rules, Stays


class SamePerson(Row, table=True):
    """Of every two linked records, directly or through others, a row each way: what the gates read."""

    __tablename__ = "same_people"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Stays("follows from the links, and goes with them"),)

    participant_id: UUID = Field(primary_key=True, foreign_key="participants.id")
    other_id: UUID = Field(primary_key=True, foreign_key="participants.id", index=True)
