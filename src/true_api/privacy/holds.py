"""Legal holds: what two people ask to be kept, for a time, and peers never see (privacy.md 6)."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of


class LegalHold(Row, table=True):
    """Asked for by one supervisor and approved by another; it ends by itself."""

    __tablename__ = "legal_holds"
    __subject__: ClassVar[str | None] = "participant_id"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id", index=True)
    asked_by: UUID = Field(foreign_key="members.id")
    asked_on: date
    approved_by: UUID | None = Field(default=None, foreign_key="members.id")
    approved_on: date | None = None
    expires_on: date
    lifted_on: date | None = None


def held(participant: Any, today: date) -> ColumnElement[bool]:
    """Whether an approved hold keeps a participant's records today (a column or an id)."""
    holds = table_of(LegalHold)
    return exists().where(
        holds.c.participant_id == participant,
        and_(holds.c.approved_on.is_not(None), holds.c.lifted_on.is_(None), holds.c.expires_on >= today),
    )
