"""What we keep of an item that a phone sent: marks, and what it became; never the item."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Fate, Rules, Stays, Unlinked
from true_api.rooms.sync.vocabulary import SyncKind, SyncOutcome


def own_items(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """What the viewer sent themselves, whatever their role."""
    return table.c.member_id == viewer.id


class SyncedItem(Row, table=True):
    """One item that was kept, in the commit of what it became.

    Its client id is kept as a keyed mark, so that of somebody who was forgotten nothing leads from a phone to a fact;
    `resource_id` then names nothing any more.
    """

    __tablename__ = "synced_items"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(redrawn=("resource_id",))
    __kept_for__: ClassVar[Rules] = (Stays("a phone may send the same item again however late, and it counts once"),)
    __reach__: ClassVar[Reach] = Reach(program=own_items)
    __table_args__ = (UniqueConstraint("member_id", "client_mark"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    member_id: UUID = Field(foreign_key="members.id")
    client_mark: str = Field(max_length=64)
    fingerprint: str = Field(max_length=64)
    kind: SyncKind = Field(sa_type=choice(SyncKind))
    outcome: SyncOutcome = Field(sa_type=choice(SyncOutcome))
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id", index=True)
    resource_id: UUID
    repeats: int = 0
