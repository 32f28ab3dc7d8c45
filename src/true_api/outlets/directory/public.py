"""The public read profile: what of the directory anybody may read, filtered and paged as HSDS 3.1 has it.

Public is what nobody marked otherwise, is offered now, and is not redacted; an organization all of whose services have
ended is not shown. Reads through no permit, and therefore states its predicate with every select.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, not_, select

from true_api.kernel.database import Database
from true_api.kernel.errors import NotFound
from true_api.kernel.rows import table_of
from true_api.rooms.directory.service import gathered
from true_api.rooms.directory.shapes import HsdsObject
from true_api.rooms.directory.shelf import Shelf
from true_api.rooms.directory.tables import DirectoryEntry, open_to_all

Shown = dict[str, Any]
SERVICE, ORGANIZATION = HsdsObject.SERVICE, HsdsObject.ORGANIZATION


@dataclass(frozen=True)
class Asked:
    """What a list is asked for, by the names that HSDS gives it."""

    search: str = ""
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    parent_id: UUID | None = None
    top_only: bool = False
    postcode: str = ""
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False

    @property
    def sifts(self) -> bool:
        """Whether entries have to be looked into to tell which of them are meant."""
        filed = self.taxonomy_term_id or self.taxonomy_id or self.parent_id
        return bool(self.search or filed or self.top_only or self.postcode or self.modified_after)


@dataclass(frozen=True)
class Slice:
    """One page of a list, or all of it."""

    number: int = 1
    size: int | None = 50

    def of(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows of this page."""
        return rows if self.size is None else rows[(self.number - 1) * self.size : self.number * self.size]

    def envelope(self, total: int, contents: list[Shown]) -> Shown:
        """The page around its contents."""
        pages = 1 if self.size is None else max(1, -(-total // self.size))
        return {
            "total_items": total,
            "total_pages": pages,
            "page_number": self.number,
            "size": len(contents),
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": not contents,
            "contents": contents,
        }


def public() -> ColumnElement[bool]:
    """What anybody may read."""
    entries = table_of(DirectoryEntry)
    services = entries.alias("services")
    theirs = and_(services.c.kind == SERVICE, services.c.belongs_to == entries.c.reference)
    ended = and_(
        entries.c.kind == ORGANIZATION,
        exists().where(theirs),
        not_(exists().where(theirs, services.c.active, open_to_all(services))),
    )
    return and_(open_to_all(entries), entries.c.active, not_(ended))


Listed = tuple[Any, Shown | None]
"""An entry, and the place where it is offered, if places are listed."""


async def page_of(database: Database, kind: HsdsObject, asked: Asked, page: Slice) -> Shown:
    """A page of everything public of one kind that fits what is asked."""
    of_places = kind is HsdsObject.SERVICE_AT_LOCATION
    if not of_places and not asked.sifts and page.size is not None:
        return await _plain_page(database, kind, asked, page)
    rows, terms = await _rows(database, SERVICE if of_places else kind, asked)
    listed: list[Listed] = [(row, None) for row in rows if _fits(row, asked, terms)]
    if of_places:
        listed = [(row, place) for row, _ in listed for place in row.body.get("service_at_locations", ())]
        if asked.postcode:
            listed = await _near(database, listed, asked.postcode)
    return page.envelope(len(listed), await _contents(database, page.of(listed), asked))


async def _plain_page(database: Database, kind: HsdsObject, asked: Asked, page: Slice) -> Shown:
    """A page that nothing has to be sifted for: the database counts, and gives these entries alone."""
    entries = table_of(DirectoryEntry)
    within = [public(), entries.c.kind == kind]
    if asked.organization_id is not None:
        within.append(entries.c.belongs_to == asked.organization_id)
    size = page.size or 0
    shown = select(entries).where(*within).order_by(entries.c.reference).limit(size).offset((page.number - 1) * size)
    counted, rows = await database.read(select(func.count(entries.c.id).label("total")).where(*within), shown)
    return page.envelope(counted[0].total, await _contents(database, [(row, None) for row in rows], asked))


async def one(database: Database, kind: HsdsObject, reference: UUID, asked: Asked) -> Shown:
    """One public entry in full. Raises `NotFound`."""
    entries = table_of(DirectoryEntry)
    if kind is HsdsObject.SERVICE_AT_LOCATION:
        # The id stands somewhere in the text of the service that has the place; which place it is, is looked up in it.
        somewhere = func.lower(cast(entries.c.body, Text)).contains(str(reference))
        services = (await database.read(select(entries).where(public(), entries.c.kind == SERVICE, somewhere)))[0]
        found: list[Listed] = [
            (row, place)
            for row in services
            for place in row.body.get("service_at_locations", ())
            if UUID(place["id"]) == reference
        ]
    else:
        within = select(entries).where(public(), entries.c.kind == kind, entries.c.reference == reference)
        found = [(row, None) for row in (await database.read(within))[0]]
    if not found:
        raise NotFound
    return (await _contents(database, found[:1], replace(asked, full=True)))[0]


async def _rows(database: Database, kind: HsdsObject, asked: Asked) -> tuple[Sequence[Any], frozenset[UUID]]:
    """What is public of one kind, and the terms that are asked for."""
    entries = table_of(DirectoryEntry)
    every = select(entries).where(public(), entries.c.kind == kind).order_by(entries.c.reference)
    if asked.taxonomy_id is None or kind is HsdsObject.TAXONOMY_TERM:
        wanted = frozenset() if asked.taxonomy_term_id is None else frozenset({asked.taxonomy_term_id})
        return (await database.read(every))[0], wanted
    rows, terms = await database.read(every, select(entries).where(entries.c.kind == HsdsObject.TAXONOMY_TERM))
    of_it = frozenset(term.reference for term in terms if _taxonomy(term.body) == asked.taxonomy_id)
    return rows, of_it if asked.taxonomy_term_id is None else of_it & {asked.taxonomy_term_id}


def _taxonomy(term: Shown) -> UUID | None:
    named = term.get("taxonomy_detail", {}).get("id") or term.get("taxonomy_id")
    return UUID(named) if named else None


def _fits(row: Any, asked: Asked, terms: frozenset[UUID]) -> bool:
    body = row.body
    if asked.search and not _says(body, asked.search):
        return False
    if row.kind is HsdsObject.TAXONOMY_TERM:
        parent = body.get("parent_id")
        return (
            (asked.taxonomy_id is None or _taxonomy(body) == asked.taxonomy_id)
            and (asked.parent_id is None or (parent is not None and UUID(parent) == asked.parent_id))
            and not (asked.top_only and parent is not None)
        )
    by_term = asked.taxonomy_term_id is not None or asked.taxonomy_id is not None
    return (
        (asked.organization_id is None or row.belongs_to == asked.organization_id)
        and (asked.modified_after is None or _modified_after(body, asked.modified_after))
        and (not by_term or any(named in terms for named in _terms(body)))
    )


def _says(body: Shown, words: str) -> bool:
    said = " ".join(str(body.get(name, "")) for name in ("name", "alternate_name", "description", "code")).casefold()
    return all(word in said for word in words.casefold().split())


def _terms(body: Shown) -> Iterator[UUID]:
    places = body.get("service_at_locations", ())
    for attribute in (*body.get("attributes", ()), *(one for place in places for one in place.get("attributes", ()))):
        if named := attribute.get("taxonomy_term", {}).get("id") or attribute.get("taxonomy_term_id"):
            yield UUID(named)


def _modified_after(body: Shown, moment: datetime) -> bool:
    """Whether it was changed on or after a moment; an entry that does not say may have been."""
    said = body.get("last_modified")
    if said is None:
        return True
    changed = datetime.fromisoformat(said)
    return (changed if changed.tzinfo else changed.replace(tzinfo=UTC)) >= moment


async def _near(database: Database, listed: list[Listed], postcode: str) -> list[Listed]:
    """The places whose location has an address with this postal code."""
    entries = table_of(DirectoryEntry)
    locations = (await database.read(select(entries).where(public(), entries.c.kind == HsdsObject.LOCATION)))[0]
    shelf, wanted = Shelf(locations, whole=False), _plain(postcode)
    return [
        (row, place)
        for row, place in listed
        if (at := shelf.at(place or {})) is not None
        and any(_plain(address["postal_code"]) == wanted for address in at.body.get("addresses", ()))
    ]


def _plain(postcode: str) -> str:
    return "".join(postcode.split()).casefold()


async def _contents(database: Database, listed: Sequence[Listed], asked: Asked) -> list[Shown]:
    rows = [row for row, _ in listed]
    if asked.minimal:
        return [{name: row.body[name] for name in ("id", "last_modified") if name in row.body} for row in rows]
    theirs = await _services_of(database, rows, asked)
    every = [*rows, *(service for services in theirs.values() for service in services)]
    shelf = await gathered(database, every if asked.full_service else rows, public(), whole=False)
    contents = []
    for row, place in listed:
        shown = shelf.nested(row, deep=asked.full) if place is None else shelf.place(row, place, deep=asked.full)
        if row.reference in theirs:
            shown["services"] = [_of_organization(shelf, service, asked) for service in theirs[row.reference]]
        contents.append(shown)
    return contents


def _of_organization(shelf: Shelf, service: Any, asked: Asked) -> Shown:
    if asked.full_service:
        return shelf.nested(service, leave_out=frozenset({ORGANIZATION}))
    return {name: service.body[name] for name in ("id", "name", "status")}


async def _services_of(database: Database, rows: Sequence[Any], asked: Asked) -> dict[UUID, list[Any]]:
    """The public services of organizations that are shown in full, or with their services."""
    ids = [row.reference for row in rows if row.kind is ORGANIZATION]
    if not ids or not (asked.full or asked.full_service):
        return {}
    entries = table_of(DirectoryEntry)
    within = select(entries).where(public(), entries.c.kind == SERVICE, entries.c.belongs_to.in_(ids))
    found: dict[UUID, list[Any]] = {}
    for service in (await database.read(within.order_by(entries.c.reference)))[0]:
        found.setdefault(service.belongs_to, []).append(service)
    return found
