"""The trail: who did what, to whose record, and what they were shown; inserts only."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ColumnElement, Index, Select, Table, Uuid, bindparam, not_, or_, select
from sqlmodel import Field

from true_api.kernel.effects import Keep, KeepSelected
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, table_of
from true_api.kernel.sequencer import Pending
from true_api.privacy.cases import Participant
from true_api.privacy.purposes import Purpose
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Rules, Stays

STREAM = "trail"
THEIR_OWN = ("wellness:", "support:")
"""How the permissions begin of doors where somebody who works here sees to themselves."""


def _told(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Every entry but those of others at such doors: whom somebody turned to past their supervisor is told to nobody.

    They are sealed and proven as all others are.
    """
    private = or_(*(table.c.permission.startswith(beginning) for beginning in THEIR_OWN))
    return or_(not_(private), table.c.actor_id == viewer.id)


class TrailEntry(Row, table=True):
    """One request that passed, or was refused at, a gate."""

    __tablename__ = "trail_entries"
    __reach__: ClassVar[Reach] = Reach(program=_told, keeper=_told)
    __kept_for__: ClassVar[Rules] = (Stays("the trail only grows; accounting looks back three years (42 CFR 2.25)"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    request_id: str = Field(max_length=40)
    actor_id: UUID = Field(index=True)
    actor_is_client: bool
    role: str = Field(max_length=20)
    organization_id: UUID
    door: str = Field(max_length=120)
    permission: str = Field(max_length=40)
    purpose: str = Field(max_length=20)
    record_id: UUID | None = None
    outcome: int
    problem: str | None = Field(default=None, max_length=60)
    fields: list[str] = Field(sa_type=JSON)
    recipient_id: UUID | None = None
    legal_basis: str | None = Field(default=None, max_length=40)


class TrailSubject(Row, table=True):
    """A person whom an entry is about, by the trail's own random name for them (`participants.trail_id`).

    Forgetting deletes the participant's row and with it the only way from a person to this name (privacy.md 6).
    """

    __tablename__ = "trail_subjects"
    __kept_for__: ClassVar[Rules] = (Stays("the trail only grows; of a forgotten person it leads to nobody"),)
    __table_args__ = (Index("ix_trail_subjects_subject", "trail_id", "entry_id"),)

    entry_id: UUID = Field(primary_key=True, foreign_key="trail_entries.id")
    trail_id: UUID = Field(primary_key=True)


class TrailLeaf(Row, table=True):
    """What the sealer made of a positioned entry: a leaf of the tree (privacy.md 8), never changed afterwards.

    `at` repeats the time of the entry, so that of an entry that was back-dated it can be said what it said before.
    """

    __tablename__ = "trail_leaves"
    __kept_for__: ClassVar[Rules] = (Stays("the trail only grows; a leaf tells nothing without its entry"),)

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    position: int = Field(unique=True, sa_type=BigInteger)
    at: datetime
    salt: bytes
    leaf: bytes


class TrailNode(Row, table=True):
    """The root of a whole subtree of 256, 65,536, ... leaves, so that a proof reads few rows of a long trail."""

    __tablename__ = "trail_nodes"
    __kept_for__: ClassVar[Rules] = (Stays("the trail only grows; a node tells nothing of anybody"),)

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: bytes


class TrailHead(Row, table=True):
    """A signed statement: the first `size` leaves of the trail had this root at this time."""

    __tablename__ = "trail_heads"
    __kept_for__: ClassVar[Rules] = (Stays("the trail only grows; a head says how long it is, and of nobody anything"),)

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: bytes
    at: datetime
    kid: str = Field(max_length=43)
    signature: bytes


@dataclass
class Entry:
    """An entry opened by the gate; the seal closes it in the same commit as the fact."""

    at: datetime
    request_id: str
    door: str
    permission: str
    purpose: str
    actor_id: UUID
    actor_is_client: bool
    role: str
    organization_id: UUID
    id: UUID = field(default_factory=new_id)
    recipient_id: UUID | None = None
    """Which organization outside was told something about a person by this request."""
    legal_basis: str | None = None
    """What allowed that."""

    def closed(
        self,
        outcome: int,
        *,
        subjects: list[UUID],
        record_id: UUID | None = None,
        fields: list[str] | None = None,
        problem: str | None = None,
    ) -> list[Any]:
        """The inserts that keep this entry, and its place in the queue of the sequencer."""
        # A participant's own id never stands in the trail: forgetting could not take it out again.
        record_id = None if record_id in subjects else record_id
        entry = vars(self) | {"record_id": record_id, "outcome": outcome, "problem": problem, "fields": fields or []}
        people = [KeepSelected(table_of(TrailSubject), _names(), {"entry_id": self.id, "ids": subjects})]
        return [
            Keep(table_of(TrailEntry), entry),
            *(people if subjects else []),
            Keep(table_of(Pending), {"entry_id": self.id, "stream": STREAM}),
        ]


OPERATOR = UUID("00000000-0000-7000-8000-000000000002")
"""Who does what nobody asked for just now: no account, so that no token can be this."""


def entry_of_operator(at: datetime, door: str, program_id: UUID) -> Entry:
    """The entry of what the program's own operator does: a job that was due."""
    return Entry(
        at=at,
        request_id=new_reference().hex,
        door=door,
        permission="job",
        purpose=Purpose.OPERATIONS.value,
        actor_id=OPERATOR,
        actor_is_client=True,
        role="operator",
        organization_id=program_id,
    )


@cache
def _names() -> Select[Any]:
    """An entry's id beside the trail's name for each person."""
    participants = table_of(Participant)
    entry: Any = bindparam("entry_id", type_=Uuid())
    return (
        select(entry.label("entry_id"), participants.c.trail_id)
        .where(participants.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(participants.c.id)
    )
