"""Permits: the proof that a gate was passed, and the only way for a room to reach rows.

Longer than 300 lines because every kind of proof stands on one page, and an auditor reads it whole.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from true_api.kernel.database import Database
from true_api.kernel.effects import Refusal, Unit
from true_api.kernel.errors import Conflict, NotFound, NotPermitted, WriteCollided
from true_api.kernel.outbox import Job, later, waiting_for
from true_api.kernel.paging import PageRequest, keyset
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import Participant
from true_api.privacy.cursors import Cursors
from true_api.privacy.keyring import Keyring
from true_api.privacy.reach import Viewer, within_reach
from true_api.privacy.recall import SlowHash
from true_api.security.accounts import Actor
from true_api.security.installation import Installation
from true_api.security.roles import Permission
from true_api.security.telling import Telling, basis_beside, categories_of, epoch_beside
from true_api.security.texts import Texts

R = TypeVar("R", bound=Row)
Afterwards = Callable[[Installation], Awaitable[None]]


class UndeclaredDisclosure(LookupError):
    """A door would show an agency what its gate does not say that it discloses: `ListGate(..., of=(Referral,))`."""


class NoTeam(Conflict):
    """Only somebody in a team of the program works with participants."""

    code = "no_team"


@dataclass(kw_only=True)
class Permit(Telling):
    """What every permit carries: who, when, and the unit in which writes are collected."""

    actor: Actor
    viewer: Viewer
    program_id: UUID
    now: datetime
    today: date
    time_zone: str
    database: Database
    keyring: Keyring
    slow_hash: SlowHash
    cursor_secret: bytes
    bound_to: str = ""
    unit: Unit = field(default_factory=Unit)
    subjects: dict[UUID, int | None] = field(default_factory=dict)
    version: int | None = None
    expected_version: int | None = None
    trial: bool = False
    """Everything is judged and nothing is kept but the entry in the trail."""
    location: str = ""
    """Where what this request began can be followed (RFC 9110, 15.3.3)."""
    only_again: bool = False
    """Nothing may be done but an answer that was given before given again, to a retry with its own key."""
    afterwards: list[Afterwards] = field(default_factory=list)
    """What has to be done after the commit and before the answer leaves, because it is more than one commit."""
    texts: Texts = field(init=False)

    def __post_init__(self) -> None:
        self.texts = Texts(self.database, self.keyring, self.subjects)

    @property
    def record_id(self) -> UUID | None:
        """The record that this request is about, if it is about one."""
        return self.unit.resource

    @property
    def team(self) -> UUID:
        """The caller's team. Raises `NoTeam` for who is in none."""
        if self.actor.team_id is None:
            raise NoTeam
        return self.actor.team_id

    def need(self, permission: Permission) -> None:
        """Raises `NotPermitted` where what the body asks for takes more than what opened the door."""
        if not self.actor.may(permission):
            raise NotPermitted

    @property
    def cases(self) -> tuple[Any, ...]:
        """The cases that the gate looked up by their code, each with the caseload entry that led to it."""
        return ()

    def keep(self, row: R, or_else: Refusal = WriteCollided) -> R:
        """Record a new row at the seal; a broken UNIQUE or CHECK answers `or_else`."""
        self.unit.keep(row, or_else)
        return row

    def change(self, kind: type[Row], row: Any, or_else: Refusal = WriteCollided, **new: Any) -> None:
        """Give a row new values at the seal, if nobody else did since it was read."""
        self.unit.change(kind, row, new, or_else)

    def remove(self, kind: type[Row], *ids: UUID) -> None:
        """Delete rows at the seal; the texts of a record are removed through `texts`."""
        self.unit.remove(kind, *ids)

    def adjust(self, kind: type[Row], row: Any, or_else: Refusal = WriteCollided, **delta: int) -> None:
        """Add to numeric columns of a row at the seal."""
        self.unit.adjust(kind, row, delta, or_else)

    def keep_nothing(self) -> None:
        """Let go of everything that was collected: the request was only to be judged."""
        self.unit, self.texts = Unit(), Texts(self.database, self.keyring, self.subjects)
        self.afterwards.clear()

    def later(self, kind: str, record_id: UUID, due_at: datetime) -> None:
        """Have a job done with a record once it is due; it is kept in the commit of this request (kernel/outbox.py)."""
        self.unit.effects.append(later(kind, record_id, due_at))

    async def no_longer(self, kind: str, record_id: UUID) -> None:
        """Have the jobs of a kind that wait for a record go with the commit of this request."""
        waiting = (await self.database.read(waiting_for(kind, record_id)))[0]
        self.unit.remove(Job, *(job.id for job in waiting))

    def require(self, select: Select[Any], rows: Iterable[tuple[Any, ...]], or_else: Refusal = WriteCollided) -> None:
        """Assert at the seal, under lock, that a select gives exactly these rows."""
        self.unit.require(select, frozenset(rows), or_else)

    def about(self, participant: UUID, epoch: int | None = None) -> None:
        """Name a person whom this request touches; with an epoch, the seal asserts that it still holds."""
        if epoch is not None or participant not in self.subjects:
            self.subjects[participant] = epoch

    def end_epoch(self, participant: UUID) -> None:
        """Begin a new epoch at the seal: whatever passed a gate in the old one and is not sealed yet, fails."""
        epoch = self.subjects[participant]
        if epoch is None:
            raise LookupError("an epoch ends only where the gate has seen it")
        self.unit.adjust(Participant, _Identified(participant), {"epoch": 1})
        self.subjects[participant] = epoch + 1

    def own(self, kind: type[R]) -> Select[Any]:
        """A select over `kind` narrowed to what this caller may reach.

        For an agency each person's epoch and the consent that the disclosure rests on stand beside the row, so that a
        consent revoked between this read and the seal is noticed, and the accounting tells by which consent it was;
        for the program's own people consent is not asked. Raises `UndeclaredDisclosure` where the gate of this door
        does not say that it discloses such rows to an agency.
        """
        if not self.viewer.sight.of_program and not categories_of(kind) <= self.discloses:
            raise UndeclaredDisclosure(kind.__name__)
        beside = [] if self.viewer.sight.of_program else [*epoch_beside(kind), *basis_beside(kind, self.viewer)]
        return select(table_of(kind), *beside).where(within_reach(kind, self.viewer))

    async def rows(self, kind: type[R], statement: Select[Any]) -> list[R]:
        """The rows of a select made with `own`; read-only, with the attributes of `kind`."""
        found = (await self.database.read(statement))[0]
        await self._see(kind, found)
        return cast(list[R], list(found))

    async def one(self, kind: type[R], *where: ColumnElement[bool]) -> R:
        """The one row within reach that fits. Raises `NotFound` for absent and for not yours alike."""
        found = await self.rows(kind, self.own(kind).where(*where).limit(1))
        if not found:
            raise NotFound
        return found[0]

    async def parts(self, kind: type[R], of: Sequence[Any]) -> Mapping[UUID, list[R]]:
        """The part rows of admitted rows, by the id of the row that they belong to."""
        parts: dict[UUID, list[R]] = {row.id: [] for row in of}
        if parts:
            table, parent = table_of(kind), parent_of(kind)
            statement = select(table).where(table.c[parent].in_(parts)).order_by(*table.primary_key)
            for part in (await self.database.read(statement))[0]:
                parts[getattr(part, parent)].append(cast(R, part))
        return parts

    async def page(
        self,
        kind: type[R] | None,
        statement: Select[Any],
        by: Sequence[ColumnElement[Any]],
        request: PageRequest,
    ) -> tuple[list[R], str | None]:
        """One keyset page in descending order of `by`, and the cursor of the next."""
        cursors = Cursors(self.cursor_secret, self.bound_to)
        found = (await self.database.read(keyset(statement, by, request, cursors)))[0]
        shown = found[: request.limit]
        await self._see(kind, shown)
        more = len(found) > request.limit
        following = cursors.write([shown[-1]._mapping[str(column.key)] for column in by]) if more else None
        return cast(list[R], list(shown)), following

    async def _see(self, kind: type[Row] | None, rows: Iterable[Any]) -> None:
        if kind is not None and kind.__subject__ is not None:
            for row in rows:
                if (subject := getattr(row, kind.__subject__)) is not None:
                    self.about(subject, getattr(row, "subject_epoch", None))
                    self.disclose(kind, subject, row)
        await self.learn_scopes(self.database)


@dataclass(frozen=True)
class _Identified:
    id: UUID


def parent_of(kind: type[Row]) -> str:
    """The column by which a part row names the row that it belongs to."""
    return str(cast(Any, kind).__parent__)


@dataclass(kw_only=True)
class StaffPermit(Permit):
    """Passed without a person in the path; `person` where the caller presented a code."""

    person: Any = None

    @property
    def cases(self) -> tuple[Any, ...]:
        """That of the person whose code was presented."""
        return () if self.person is None else (self.person,)


@dataclass(kw_only=True)
class ListPermit(Permit):
    """Passed to a list, narrowed to the caller's reach."""


@dataclass(kw_only=True)
class PublishedPermit(Permit):
    """Passed to what was published and is about nobody; `found` is what the gate asked for, select by select.

    Nothing may be written under it, and it touches nobody: the seal has nothing to keep.
    """

    found: Sequence[Sequence[Any]]


class HistoryClosed(Conflict):
    """Showing a code opens new records; this opens with the person's history."""

    code = "history_closed"


@dataclass(kw_only=True)
class CasePermit(Permit):
    """Passed to one participant on the caller's caseload; `person` where the caller also presented another's code.

    New records are the participant's, whose code was used; what is read is of all `people`: the participant and the
    linked records of the same person (privacy.md 4).
    """

    participant: UUID
    case: Any
    people: tuple[UUID, ...]
    person: Any = None

    @property
    def cases(self) -> tuple[Any, ...]:
        """The participant's, and that of a person whose code was presented too."""
        return tuple(case for case in (self.case, self.person) if case is not None)

    def need_history(self) -> None:
        """Raises `HistoryClosed` for who has only been shown the person's code (privacy.md 2)."""
        if not self.case.history_open:
            raise HistoryClosed

    def own(self, kind: type[R]) -> Select[Any]:
        """As everywhere, and of this person only."""
        subject = table_of(kind).c[kind.__subject__ or "participant_id"]
        theirs = subject == self.participant if len(self.people) == 1 else subject.in_(self.people)
        return super().own(kind).where(theirs)


@dataclass(kw_only=True)
class RecordPermit(Permit):
    """Passed to one record within the caller's reach; `person` where the caller also presented a code."""

    record: Any
    person: Any = None

    @property
    def cases(self) -> tuple[Any, ...]:
        """That of the person whose code was presented."""
        return () if self.person is None else (self.person,)

    @property
    def record_id(self) -> UUID | None:
        """The record that a room kept or changed, else the one that the gate admitted."""
        return self.unit.resource or cast(UUID, self.record.id)

    async def parts_of_record(self, kind: type[R]) -> list[R]:
        """The part rows of this record."""
        return (await self.parts(kind, [self.record]))[self.record.id]


@dataclass(kw_only=True)
class PresentedPermit(Permit):
    """Passed by a code that the person themselves shows.

    `unused` is the code's row where it was issued ahead and nobody has shown it yet; `participant` is then the id that
    the person is to be enrolled under.
    """

    participant: UUID
    person: Any
    unused: Any = None
