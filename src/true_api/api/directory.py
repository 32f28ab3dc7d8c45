"""Doors to the directory: entries in the layout of HSDS 3.1, whole packages in and out, and the search for a place."""

import asyncio
import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.door import NOTHING_KEPT
from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, documents, wanted
from true_api.api.queries import PageQuery, YesOrNo
from true_api.journeys import finding_places
from true_api.kernel.errors import NotAcceptable, NotFound, UnsupportedMediaType, WriteCollided
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Draft, Page
from true_api.kernel.strict_json import read_json
from true_api.privacy.reach import Sight
from true_api.privacy.zones import NoSuchZone
from true_api.rooms.directory import keeping, service
from true_api.rooms.directory.judging import BrokenPackage
from true_api.rooms.directory.packages import Package, read_entry, read_package
from true_api.rooms.directory.schemas import (
    DirectoryLine,
    DirectoryRecord,
    DirectorySearch,
    ImportReport,
    PlaceFound,
    PlacesFree,
    SaidOfTonight,
)
from true_api.rooms.directory.shapes import ENTRIES, SHAPES, HsdsObject
from true_api.rooms.directory.tabular import read_archive, written
from true_api.security.gates import ListGate, StaffGate
from true_api.security.permits import ListPermit, Permit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/directory", tag="Directory")

READ = ListGate(Permission.DIRECTORY_READ)
READ_ONE = StaffGate(Permission.DIRECTORY_READ)
WRITE = StaffGate(Permission.DIRECTORY_WRITE)
IMPORT = StaffGate(Permission.DIRECTORY_IMPORT)

JSON, ZIP = "application/json", "application/zip"
SERVICE = {"id": "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40", "name": "Night drop-in", "status": "active"}
ANY = {"type": "object", "additionalProperties": True}
ENTRY_BODY = {"requestBody": {"required": True, "content": {JSON: {"schema": ANY, "example": SERVICE}}}}
PACKAGE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": ANY, "example": {"service": [SERVICE]}},
            ZIP: {"schema": {"type": "string", "format": "binary"}, "example": "a ZIP archive"},
        },
    }
}


class ImportQuery(Draft):
    """On whose terms a package comes in."""

    kept_by: UUID | None = Field(None, description="The partner agency that keeps these entries from now on.")
    public: YesOrNo | None = Field(
        None,
        description="With `false` nobody outside of the program is shown these entries; left out, those that are known"
        " stay as they are, and new ones are public.",
    )


class ExportQuery(Draft):
    """Which layout, and for whom."""

    layout: Annotated[str, Field(pattern="^(tabular|nested)$")] = Field(
        "tabular", description="Of JSON: `tabular` carries everything, row by row; `nested` is easier to read."
    )
    audience: Annotated[str, Field(pattern="^(public|program)$")] = Field(
        "public", description="`program` holds what the program alone may see: redacted places, and what is not public."
    )


def _keeper(entry: Any, permit: Permit) -> UUID | None:
    """Which agency keeps it: its id is for the program, and for that agency itself."""
    outside = not permit.viewer.sight.of_program and permit.viewer.sight is not Sight.ACCOUNTS
    return None if outside and entry.organization_id != permit.actor.organization_id else entry.organization_id


def _line(entry: Any, permit: Permit) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "id": entry.reference,
        "name": entry.body.get("name") if "name" in SHAPES[entry.kind].fields else None,
        "active": entry.active,
        "public": entry.public,
        "kept_by": _keeper(entry, permit),
        "assured_on": service.assured_on(entry),
        "stale": service.is_stale(entry, permit.today),
    }


def _kind(name: str) -> HsdsObject:
    """Raises `NotFound` for what is no object of the specification."""
    try:
        return HsdsObject(name)
    except ValueError:
        raise NotFound from None


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _package(request: Request) -> Package:
    """The package in a body, read apart from the requests of others, because a large one takes a while."""
    reads = {JSON: lambda body: read_package(read_json(body)), ZIP: read_archive}
    if (read := reads.get(_media_type(request))) is None:
        raise UnsupportedMediaType
    return await asyncio.to_thread(read, await request.body())


def _report(kept: Any) -> ImportReport:
    return ImportReport.of(kept, kept_by=kept.organization_id)


async def _imported_again(permit: StaffPermit, report: UUID) -> ImportReport:
    return _report(await keeping.import_by_id(permit, report))


@doors.open(
    "POST",
    "/imports",
    IMPORT,
    status=201,
    again=_imported_again,
    refuses=(BrokenPackage, keeping.NoKeeper),
    openapi_extra=PACKAGE_BODY,
)
async def import_directory(
    request: Request, query: Annotated[ImportQuery, Query()], permit: Permitted[StaffPermit]
) -> ImportReport:
    """Take in a package of HSDS, as JSON or as a ZIP archive of CSV files: all of it, or nothing.

    Entries are known again by their ids. The tabular layouts say everything about the entries in them; a nested one
    leaves lists that it does not mention as they are. What is wrong is answered with JSON pointers, and in a CSV
    package with file, line and column.
    """
    package = await _package(request)
    public = None if query.public is None else query.public == "true"
    terms = keeping.Terms(kept_by=query.kept_by, public=public)
    return _report(await keeping.import_package(permit, package, terms))


@doors.open(
    "GET",
    "/export",
    READ,
    refuses=(NotAcceptable, service.ForTheProgramAlone),
    response_class=Response,
    responses={200: {"content": {JSON: {"example": {"service": [SERVICE]}}, **documents(ZIP)[200]["content"]}}},
)
async def export_directory(
    request: Request, query: Annotated[ExportQuery, Query()], permit: Permitted[ListPermit]
) -> Response:
    """Read the whole directory as one package, as JSON or by Accept as a ZIP archive of CSV files."""
    as_public = query.audience == "public"
    media_type = wanted(request, (JSON, ZIP))
    shelf = await service.everything(permit, as_public=as_public)
    if media_type == ZIP:
        return Printed(await asyncio.to_thread(written, shelf.tables()), ZIP, ["package"], "directory.zip")
    nested = query.layout == "nested"
    package = shelf.package() if nested else {kind.value: rows for kind, rows in shelf.tables().items()}
    return Printed(json.dumps(package, ensure_ascii=False).encode(), JSON, ["package"], "directory.json")


@doors.open("POST", "/search", READ, again=NOTHING_KEPT, refuses=(NoSuchZone,))
async def search_directory(asked: DirectorySearch, permit: Permitted[ListPermit]) -> Page[PlaceFound]:
    """Look for a place by need, language, age, zone, words, and whether it is open now or takes people tonight.

    What agencies say of tonight is for the program; an agency is told its own word.
    """
    found = await finding_places.find(permit, asked)
    return Page(items=[_found(place, found, permit) for place in found.places], next_cursor=found.next_cursor)


def _found(place: finding_places.Place, found: finding_places.Found, permit: Permit) -> PlaceFound:
    offered, at = place.service.body, place.location
    tonight, capacities = place.tonight, offered.get("capacities", ())
    return PlaceFound(
        service_id=place.service.reference,
        place_id=place.place.get("id"),
        name=offered["name"],
        organization=place.organization.body["name"] if place.organization else None,
        location=at.body.get("name") if at else None,
        address=_address(at.body) if at else None,
        redacted=at is not None and at.body["location_type"] == "redacted",
        phones=finding_places.numbers(place.parts("phones")),
        languages=list(dict.fromkeys(part.get("name", part.get("code", "")) for part in place.parts("languages"))),
        eligibility=offered.get("eligibility_description"),
        minimum_age=offered.get("minimum_age"),
        maximum_age=offered.get("maximum_age"),
        open_now=finding_places.open_now(place, permit.now, permit.time_zone),
        tonight=None
        if tonight is None
        else SaidOfTonight.of(tonight, minutes_old=finding_places.age_in_minutes(tonight.said_at, permit.now)),
        free=[PlacesFree.of({**part, "unit": _unit(part, found)}) for part in capacities],
        assured_on=service.assured_on(place.service),
        stale=service.is_stale(place.service, permit.today),
    )


def _address(location: dict[str, Any]) -> str | None:
    """The address where somebody goes, in one line; where mail goes is no place to come to."""
    written_out = [
        ", ".join(one[name] for name in ("address_1", "address_2", "city") if one.get(name))
        for one in location.get("addresses", ())
        if one["address_type"] != "postal"
    ]
    return written_out[0] if written_out else None


def _unit(part: dict[str, Any], found: finding_places.Found) -> str | None:
    unit = found.shelf.find(HsdsObject.UNIT, part.get("unit", {}).get("id") or part.get("unit_id"))
    return unit.body["name"] if unit else None


@doors.open("GET", "/records/{kind}", READ, refuses=(NotFound,))
async def list_directory_records(
    kind: str, query: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]
) -> Page[DirectoryLine]:
    """List the entries of one kind: `service`, `organization`, `location`, `taxonomy_term` and the others of HSDS."""
    found, following = await service.listed(permit, _kind(kind), query.request())
    return Page(items=[DirectoryLine(**_line(entry, permit)) for entry in found], next_cursor=following)


@doors.open("GET", "/records/{kind}/{id}", READ_ONE, refuses=(NotFound,))
async def read_directory_record(kind: str, id: str, permit: Permitted[StaffPermit]) -> DirectoryRecord:
    """Read one entry with everything that it names, nested as HSDS has it."""
    entry = await service.by_reference(permit, _kind(kind), read_id(id))
    return DirectoryRecord(**_line(entry, permit), record=await service.shown(permit, entry))


@doors.open(
    "PUT",
    "/records/{kind}/{id}",
    WRITE,
    refuses=(BrokenPackage, NotFound, WriteCollided, keeping.KeptBySomebodyElse, keeping.OtherEntry),
    openapi_extra=ENTRY_BODY,
)
async def put_directory_record(kind: str, id: str, request: Request, permit: Permitted[StaffPermit]) -> DirectoryLine:
    """Keep one entry as it is sent, nested; an agency its own. Lists that are left out stay as they are."""
    named, reference = _kind(kind), read_id(id)
    if named not in ENTRIES:
        raise NotFound
    if _media_type(request) != JSON:
        raise UnsupportedMediaType
    package = read_entry(named, read_json(await request.body()))
    return DirectoryLine(**_line(await keeping.put(permit, (named, reference), package), permit))


@doors.open("DELETE", "/records/{kind}/{id}", WRITE, refuses=(NotFound, keeping.StillNamed))
async def remove_directory_record(kind: str, id: str, permit: Permitted[StaffPermit]) -> DirectoryLine:
    """Take an entry out of the directory with its parts; an agency its own."""
    return DirectoryLine(**_line(await keeping.remove(permit, _kind(kind), read_id(id)), permit))
