"""What this room decides of reading: which entries somebody may see, what is shown of them, and what is stale."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from true_api.kernel.database import Database
from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.reach import Sight, Viewer
from true_api.rooms.directory.shapes import HsdsObject
from true_api.rooms.directory.shelf import Shelf, named_in
from true_api.rooms.directory.tables import DirectoryEntry, open_or_own, open_to_all
from true_api.security.permits import ListPermit, Permit

AT_ONCE = 1_000
ROUNDS = 6
"""So many steps lead from a service to the last thing that it names: its organization's location's attribute's term."""
FRESH = timedelta(days=183)
INSIDE = frozenset({Sight.OWN_CASELOAD, Sight.TEAM_CASELOAD, Sight.ACCOUNTS})
STANDS_IN_ORGANIZATION = (HsdsObject.LOCATION, HsdsObject.PROGRAM)


class ForTheProgramAlone(Conflict):
    """What is redacted or not public is exported for the program alone."""

    code = "for_the_program_alone"


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The entries that somebody may read: everything in the program, outside what is public and not redacted."""
    if viewer.sight in INSIDE:
        return true()
    entries = table_of(DirectoryEntry)
    return open_or_own(entries, viewer) if viewer.sight is Sight.OWN_ORGANIZATION else open_to_all(entries)


def is_stale(entry: Any, today: date) -> bool:
    """Whether nobody has made sure of a service for half a year."""
    if entry.kind is not HsdsObject.SERVICE:
        return False
    assured = assured_on(entry)
    return assured is None or assured + FRESH < today


def assured_on(entry: Any) -> date | None:
    """The day on which somebody made sure that an entry is right."""
    said = entry.body.get("assured_date") if entry.kind is HsdsObject.SERVICE else None
    return date.fromisoformat(said[:10]) if said else None


async def listed(permit: ListPermit, kind: HsdsObject, page: PageRequest) -> tuple[list[Any], str | None]:
    """The entries of one kind within reach."""
    entries = table_of(DirectoryEntry)
    within = select(entries).where(seen_by(permit.viewer), entries.c.kind == kind)
    return await permit.page(DirectoryEntry, within, [entries.c.reference], page)


async def by_reference(permit: Permit, kind: HsdsObject, reference: UUID) -> Any:
    """One entry within reach. Raises `NotFound`."""
    entries = table_of(DirectoryEntry)
    one = select(entries).where(seen_by(permit.viewer), entries.c.kind == kind, entries.c.reference == reference)
    found = (await permit.database.read(one))[0]
    if not found:
        raise NotFound
    return found[0]


async def gathered(database: Database, roots: Sequence[Any], within: ColumnElement[bool], whole: bool) -> Shelf:
    """Entries on a shelf with everything that they name, and what stands in the organizations among it."""
    entries = table_of(DirectoryEntry)
    held, asked = {row.id: row for row in roots}, {row.reference for row in roots}
    fresh: Sequence[Any] = roots
    for _ in range(ROUNDS):
        wanted = {name for row in fresh for name in (*named_in(row.kind, row.body), row.belongs_to) if name} - asked
        standing = [row.reference for row in fresh if row.kind is HsdsObject.ORGANIZATION]
        selects = [select(entries).where(within, entries.c.reference.in_(some)) for some in in_parts(sorted(wanted))]
        selects += [
            select(entries).where(within, entries.c.belongs_to.in_(some), entries.c.kind.in_(STANDS_IN_ORGANIZATION))
            for some in in_parts(standing)
        ]
        if not selects:
            break
        found = {row.id: row for rows in await database.read(*selects) for row in rows}
        fresh = [row for row in found.values() if row.id not in held]
        asked |= wanted | {row.reference for row in fresh}
        held |= found
    return Shelf(held.values(), whole)


def in_parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """Ids in portions that one select takes."""
    return [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]


async def everything(permit: Permit, *, as_public: bool) -> Shelf:
    """The whole directory as the program sees it, or as anybody outside does. Raises `ForTheProgramAlone`."""
    if not as_public and permit.viewer.sight not in INSIDE:
        raise ForTheProgramAlone
    entries = table_of(DirectoryEntry)
    within = open_to_all(entries) if as_public else true()
    rows = (await permit.database.read(select(entries).where(within).order_by(entries.c.id)))[0]
    return Shelf(rows, whole=not as_public)


async def shown(permit: Permit, entry: Any) -> dict[str, Any]:
    """One entry in full, as the caller may see it."""
    inside = permit.viewer.sight in INSIDE
    return (await gathered(permit.database, [entry], seen_by(permit.viewer), inside)).nested(entry)
