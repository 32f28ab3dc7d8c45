"""What we keep of an export: who asked and who approved, its files, whom they are about, and what was coarsened."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Index, Table, or_
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice
from true_api.outlets.exports.vocabulary import (
    PERSON_LEVEL,
    ExportKind,
    ExportNotMade,
    ExportState,
    Quasi,
)
from true_api.outlets.formats import Format
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules


def own_export(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """What the caller asked for."""
    return table.c.asked_by == viewer.id


def asked_in_program(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For supervisors: what was asked about people, by whomever, and what they asked for; who asked reads the files."""
    if viewer.sight is not Sight.TEAM_CASELOAD:
        return own_export(table, viewer)
    return or_(table.c.kind.in_(sorted(PERSON_LEVEL)), own_export(table, viewer))


class Export(Row, table=True):
    """One export that somebody asked for. `team_id` is whose people an operational one is about."""

    __tablename__ = "exports"
    __kept_for__: ClassVar[Rules] = (Kept("asked_on", 365, "who left with what is asked for a year; files go sooner"),)
    __reach__: ClassVar[Reach] = Reach(program=asked_in_program, agency=own_export, reader=own_export)
    __table_args__ = (
        Index("ix_exports_asked", "asked_by", "asked_on", "id"),
        Index("ix_exports_state", "state", "expires_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    kind: ExportKind = Field(sa_type=choice(ExportKind))
    format: Format = Field(sa_type=choice(Format))
    starts_on: date | None = None
    ends_on: date | None = None
    state: ExportState = Field(sa_type=choice(ExportState))
    asked_by: UUID
    by_client: bool
    organization_id: UUID = Field(foreign_key="organizations.id")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id")
    asked_on: date
    decided_by: UUID | None = Field(default=None, foreign_key="members.id")
    decided_on: date | None = None
    done_on: date | None = None
    expires_on: date
    rows_done: int = 0
    people: int | None = None
    people_left_out: int | None = None
    rows_left_out: int | None = None
    not_made_because: ExportNotMade | None = Field(default=None, sa_type=choice(ExportNotMade))


class ExportFile(Row, table=True):
    """One file of an export. Until it is finished it has no digest, and is never served."""

    __tablename__ = "export_files"
    __parent__: ClassVar[str] = "export_id"

    export_id: UUID = Field(primary_key=True, foreign_key="exports.id")
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    table: str = Field(max_length=60)
    rows: int | None = None
    size: int | None = Field(default=None, sa_type=BigInteger)
    digest: str | None = Field(default=None, max_length=64)
    salt: bytes | None = None


class ExportSubject(Row, table=True):
    """Whom an export is about. It goes when they are forgotten, and by that the export is known to be stale.

    `person_id` is the first record of the same person; `opened` says that all of their records may be read, and not
    only those of the team that asked.
    """

    __tablename__ = "export_subjects"
    __parent__: ClassVar[str] = "export_id"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()

    export_id: UUID = Field(primary_key=True, foreign_key="exports.id")
    participant_id: UUID = Field(primary_key=True, foreign_key="participants.id", index=True)
    person_id: UUID = Field(foreign_key="participants.id", index=True)
    opened: bool


class ExportCoarsening(Row, table=True):
    """One step by which a data set was made coarser, and how many people it would still have had to leave out."""

    __tablename__ = "export_coarsenings"
    __parent__: ClassVar[str] = "export_id"

    export_id: UUID = Field(primary_key=True, foreign_key="exports.id")
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    quasi: Quasi = Field(sa_type=choice(Quasi))
    level: str = Field(max_length=40)
    people_left_out: int
