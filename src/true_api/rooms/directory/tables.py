"""What we keep of the directory: each entry as it was given, parts inside, and which packages came in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Index, Table, UniqueConstraint, and_, not_, or_
from sqlmodel import Field

from true_api.kernel.effects import FeedEvent
from true_api.kernel.feed import NEW, Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.announcing import EVERYBODY, OF_THE_PROGRAM, ChangedKind
from true_api.privacy.reach import Reach, Viewer, every_row
from true_api.privacy.retention import Kept, Rules, Stays
from true_api.rooms.directory.shapes import HsdsObject


def open_to_all(table: FromClause) -> ColumnElement[bool]:
    """Entries that anybody may read: where a redacted place is, nobody outside of the program is told."""
    return and_(table.c.public, not_(table.c.redacted))


def open_or_own(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For an agency: what anybody may read, and what it keeps itself."""
    return or_(open_to_all(table), table.c.organization_id == viewer.organization_id)


def _told(_event: FeedEvent, values: Mapping[str, Any]) -> Iterable[tuple[UUID, object]]:
    """Everybody of what anybody may read, or could until now; else who may still."""
    name = f"{values['kind']}/{values['reference']}"
    if (values["public"] and not values["redacted"]) or {"public", "redacted"} & values.get(NEW, set()):
        yield EVERYBODY, name
        return
    yield OF_THE_PROGRAM, name
    if values["organization_id"] is not None:
        yield values["organization_id"], name


_TOLD_BY = ("kind", "reference", "organization_id", "public", "redacted")


class DirectoryEntry(Row, table=True):
    """One organization, service, location or term, as it was published; it is about no participant.

    `reference` is its id in HSDS, `organization_id` the partner agency that keeps it (none: the program), `belongs_to`
    the organization of the directory that it belongs to. A part that names no entry that is known stands by itself.
    """

    __tablename__ = "directory_entries"
    __announced__: ClassVar[Announced] = Announced(ChangedKind.DIRECTORY_ENTRY, _told, needs=_TOLD_BY, if_gone=_TOLD_BY)
    __kept_for__: ClassVar[Rules] = (Stays("it is published, and goes when whoever keeps it takes it away"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row, agency=open_or_own, keeper=every_row)
    __table_args__ = (
        UniqueConstraint("kind", "reference"),
        Index("ix_directory_entries_belongs_to", "belongs_to"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    kind: HsdsObject = Field(sa_type=choice(HsdsObject))
    reference: UUID
    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    belongs_to: UUID | None = None
    public: bool = True
    redacted: bool = False
    active: bool = True
    body: dict[str, Any] = Field(sa_type=listing())


class DirectoryImport(Row, table=True):
    """A package that came in, and how many entries it brought; not the package itself."""

    __tablename__ = "directory_imports"
    __kept_for__: ClassVar[Rules] = (Kept("imported_on", 396, "last year's packages can still be told apart"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row, keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    imported_on: date
    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    added: int
    changed: int
    unchanged: int
    loose: int
