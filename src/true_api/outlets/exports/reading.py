"""Reading what an operational export holds: one select per table, narrowed to the people it is about."""

from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.kernel.streams import Stream
from true_api.outlets.exports.operational import CODE, OwnTable, site_beside
from true_api.outlets.exports.pieces import Pieces, Rows, of_lines, of_rows
from true_api.outlets.exports.tables import ExportSubject
from true_api.outlets.formats import Format
from true_api.privacy.cases import Participant, RealmCode, on_caseload_or_about_no_one
from true_api.privacy.reach import reach_of

LISTED = {Format.JSON, Format.NDJSON}
"""Formats in which a list of terms is a list; in the others its terms are joined."""


@dataclass(frozen=True)
class Narrowed:
    """Which rows: of which export, in whose codes, of whose team, and of which days."""

    export_id: UUID
    realm_id: UUID
    team_id: UUID
    first: Any
    end: Any


def stream_of(table: OwnTable, narrowed: Narrowed) -> Stream:
    """The rows of a table, each with the program's code for its person."""
    kept, owner = table_of(table.kind), table.owner
    subjects, codes = table_of(ExportSubject), table_of(RealmCode)
    person = owner.c.id if table.kind is Participant else owner.c.get("participant_id")
    said: dict[str, Any] = {CODE: codes.c.code} | ({"site": site_beside(kept)} if "site_id" in kept.c else {})
    shown = [(said[one.name] if one.name in said else kept.c[one.name]).label(one.name) for one in table.columns]
    source: Any = kept if table.whole is None else kept.join(owner, owner.c.id == kept.c[table.by])
    rows = select(*shown)
    if table.about_people:
        theirs = and_(subjects.c.export_id == narrowed.export_id, subjects.c.participant_id == person)
        live = and_(codes.c.realm_id == narrowed.realm_id, codes.c.retired_on.is_(None))
        source = source.outerjoin(subjects, theirs)
        source = source.outerjoin(codes, and_(codes.c.participant_id == person, live))
    rows = rows.select_from(source).where(*_within(table, narrowed))
    if table.about_people:
        rows = rows.where(_reached(table, narrowed, person))
    return Stream(rows, tuple(kept.primary_key))


def _within(table: OwnTable, narrowed: Narrowed) -> list[ColumnElement[bool]]:
    owner = table.owner
    counted = [] if table.counts is None else [table.counts(owner)]
    if table.day is None:
        return counted
    return [*counted, owner.c[table.day] >= narrowed.first, owner.c[table.day] < narrowed.end]


def _reached(table: OwnTable, narrowed: Narrowed, person: ColumnElement[Any]) -> ColumnElement[bool]:
    """What the table's reach lets who asked see, said over the people who were found to be within it."""
    subjects, owner = table_of(ExportSubject), table.owner
    if table.kind is Participant:
        return subjects.c.participant_id.is_not(None)
    own = owner.c.team_id == narrowed.team_id
    theirs = and_(subjects.c.participant_id.is_not(None), or_(subjects.c.opened, own))
    about_nobody = and_(person.is_(None), own) if _counts_nobody(table) else false()
    return or_(theirs, about_nobody)


def _counts_nobody(table: OwnTable) -> bool:
    """Whether rows about nobody are for the team that recorded them, by what the table declares."""
    return reach_of(table.whole or table.kind).program is on_caseload_or_about_no_one


def pieces(database: Database, table: OwnTable, narrowed: Narrowed, form: Format) -> Pieces:
    """A table in a format, piece by piece; lines of JSON are made by the database itself."""
    stream = stream_of(table, narrowed)
    if form is Format.NDJSON:
        return of_lines(database.lines(stream))
    return of_rows(_rows(database, stream, table, form), table.columns, form)


async def _rows(database: Database, stream: Stream, table: OwnTable, form: Format) -> Rows:
    names = [column.name for column in table.columns]
    async with aclosing(database.batches(stream)) as batches:
        async for rows in batches:
            yield [dict(zip(names, (_plain(value, form) for value in row[: len(names)]), strict=True)) for row in rows]


def _plain(value: Any, form: Format) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return value if form in LISTED else "|".join(map(str, value))
    return value
