"""The public read profile of the directory at `/hsds/`, in the shapes of HSDS 3.1: open, and read only.

Lists answer to POST as well, with the same names in a JSON body, so that what somebody looks for stands in no address.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.doors import Doors
from true_api.api.problems import faults_of
from true_api.api.queries import YesOrNo, digits
from true_api.kernel.database import Database
from true_api.kernel.errors import Fault, InvalidShape, NotFound, UnsupportedMediaType
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Draft
from true_api.kernel.strict_json import read_json
from true_api.outlets.directory import public
from true_api.rooms.directory.shapes import HsdsObject
from true_api.security.gates import OpenGate

doors = Doors("/hsds", tag="HSDS", version="")

OPEN = OpenGate("what services publish of themselves is for everybody to find")
JSON, LINES = "application/json", "application/x-ndjson"
FRESH = {"Cache-Control": "public, max-age=300"}
INSTANT = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$"

YES_OR_NO = frozenset({"full", "full_service", "minimal", "top_only"})
FULL = "With `true` everything that belongs to each, nested."
MODIFIED = "Changed on or after this moment."

Number = Annotated[int, BeforeValidator(digits)]


class HsdsQuery(Draft):
    """How much of a list, and in which form."""

    search: str = Field("", max_length=200, description="All of these words, in names and descriptions.")
    page: Number = Field(1, ge=1, le=9_999)
    per_page: Number = Field(50, ge=1, le=500)
    format: Annotated[str, Field(pattern="^(json|ndjson)$")] = Field(
        "json", description="`ndjson` gives everything without pages, one object to a line."
    )


class ServicesQuery(HsdsQuery):
    """Which services."""

    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    full: YesOrNo = Field("false", description=FULL)
    organization_id: UUID | None = None
    modified_after: str | None = Field(None, pattern=INSTANT, description=MODIFIED)
    minimal: YesOrNo = Field("false", description="With `true` nothing but ids and when they were last changed.")


class PlacesQuery(HsdsQuery):
    """Which services at locations."""

    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    full: YesOrNo = Field("false", description=FULL)
    organization_id: UUID | None = None
    modified_after: str | None = Field(None, pattern=INSTANT, description=MODIFIED)
    postcode: str = Field("", max_length=20, description="Of an address of the location.")


class OrganizationsQuery(HsdsQuery):
    """Which organizations."""

    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    full: YesOrNo = Field("false", description=FULL)
    full_service: YesOrNo = Field("false", description="With `true` their services in full.")


class TermsQuery(HsdsQuery):
    """Which terms."""

    taxonomy_id: UUID | None = None
    parent_id: UUID | None = None
    top_only: YesOrNo = Field("false", description="With `true` only terms that have none above them.")


class OrganizationQuery(Draft):
    """How an organization is shown."""

    full_service: YesOrNo = Field("false", description="With `true` its services in full, not by name alone.")


def _database(request: Request) -> Database:
    database: Database = request.app.state.installation.database
    return database


def _asked(query: HsdsQuery) -> public.Asked:
    given = {name: value for name, value in query if name not in ("page", "per_page", "format")}
    read: dict[str, Any] = {name: value == "true" if name in YES_OR_NO else value for name, value in given.items()}
    if (moment := read.get("modified_after")) is not None:
        read["modified_after"] = _moment(moment)
    return public.Asked(**read)


def _moment(text: str) -> datetime:
    """Raises `InvalidShape` for a day that there is not; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        wrong = Fault("?modified_after", "invalid_value", "This is no moment of the calendar.")
        raise InvalidShape(wrong) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _list(request: Request, kind: HsdsObject, query: HsdsQuery) -> Response:
    """One page, or all of it as lines."""
    every = query.format == "ndjson"
    page = public.Slice(1, None) if every else public.Slice(query.page, query.per_page)
    found = await public.page_of(_database(request), kind, _asked(query), page)
    headers = FRESH if request.method == "GET" else {}
    if every:
        lines = "".join(f"{_written(one)}\n" for one in found["contents"])
        return Response(lines, media_type=LINES, headers=headers)
    return Response(_written(found), media_type=JSON, headers=headers)


async def _one(request: Request, kind: HsdsObject, identity: str, full_service: bool = False) -> Response:
    found = await public.one(_database(request), kind, read_id(identity), public.Asked(full_service=full_service))
    return Response(_written(found), media_type=JSON, headers=FRESH)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def _searched(request: Request, query: HsdsQuery) -> HsdsQuery:
    """The query with what stands in the body: nothing, or a JSON object with the same names."""
    body = await request.body()
    if not body:
        return query
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise UnsupportedMediaType
    asked = read_json(body)
    if not isinstance(asked, Mapping):
        raise InvalidShape(Fault("", "object_expected", "The body is a JSON object."))
    try:
        return type(query).model_validate({**query.model_dump(exclude_unset=True), **_as_text(asked)})
    except ValidationError as error:
        raise InvalidShape(*faults_of(error.errors())) from None


def _as_text(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and answers of JSON as a query writes them, so that both are judged alike."""
    return {name: str(value).lower() if isinstance(value, bool | int) else value for name, value in asked.items()}


NAMES = {"total_items": 1, "total_pages": 1, "page_number": 1, "size": 1, "first_page": True, "last_page": True}
NIGHT = {"id": "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40", "name": "Night drop-in", "status": "active"}
ABOUT = {"version": "3.1", "profile": "/docs", "openapi_url": "/openapi.json"}
AS_LISTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {JSON: {"example": {**NAMES, "empty": False, "contents": [NIGHT]}}}}
}
AS_ONE: dict[int | str, dict[str, Any]] = {200: {"content": {JSON: {"example": NIGHT}}}}
SEARCHED = {
    "requestBody": {
        "required": False,
        "content": {JSON: {"schema": {"type": "object"}, "example": {"search": "beds", "per_page": 20}}},
    }
}
LISTED: dict[str, Any] = {"response_class": Response, "responses": AS_LISTED}
POSTED: dict[str, Any] = {**LISTED, "openapi_extra": SEARCHED, "refuses": ()}
SHOWN: dict[str, Any] = {"response_class": Response, "responses": AS_ONE, "refuses": (NotFound,)}


@doors.open(
    "GET",
    "/",
    OPEN,
    response_class=Response,
    responses={
        200: {"content": {JSON: {"example": {"version": "3.1", "profile": "/docs", "openapi_url": "/openapi.json"}}}}
    },
)
async def read_hsds_about(request: Request) -> Response:
    """Read which version of HSDS this is, and where its documentation is."""
    place = request.app.state.installation.settings.issuer
    about = {"version": "3.1", "profile": f"{place}/docs", "openapi_url": f"{place}/openapi.json"}
    return Response(_written(about), media_type=JSON, headers=FRESH)


@doors.open("GET", "/services", OPEN, **LISTED)
async def list_hsds_services(request: Request, query: Annotated[ServicesQuery, Query()]) -> Response:
    """List public services, page by page."""
    return await _list(request, HsdsObject.SERVICE, query)


@doors.open("POST", "/services", OPEN, **POSTED)
async def search_hsds_services(request: Request, query: Annotated[ServicesQuery, Query()]) -> Response:
    """Look for public services; the same as the list, with what is looked for in the body."""
    return await _list(request, HsdsObject.SERVICE, await _searched(request, query))


@doors.open("GET", "/services/{id}", OPEN, **SHOWN)
async def read_hsds_service(request: Request, id: str) -> Response:
    """Read a public service in full."""
    return await _one(request, HsdsObject.SERVICE, id)


@doors.open("GET", "/service_at_locations", OPEN, **LISTED)
async def list_hsds_service_at_locations(request: Request, query: Annotated[PlacesQuery, Query()]) -> Response:
    """List public services at their locations, page by page."""
    return await _list(request, HsdsObject.SERVICE_AT_LOCATION, query)


@doors.open("POST", "/service_at_locations", OPEN, **POSTED)
async def search_hsds_service_at_locations(request: Request, query: Annotated[PlacesQuery, Query()]) -> Response:
    """Look for public services at their locations; the same as the list, with what is looked for in the body."""
    return await _list(request, HsdsObject.SERVICE_AT_LOCATION, await _searched(request, query))


@doors.open("GET", "/service_at_locations/{id}", OPEN, **SHOWN)
async def read_hsds_service_at_location(request: Request, id: str) -> Response:
    """Read a public service at one of its locations in full."""
    return await _one(request, HsdsObject.SERVICE_AT_LOCATION, id)


@doors.open("GET", "/organizations", OPEN, **LISTED)
async def list_hsds_organizations(request: Request, query: Annotated[OrganizationsQuery, Query()]) -> Response:
    """List public organizations, page by page."""
    return await _list(request, HsdsObject.ORGANIZATION, query)


@doors.open("POST", "/organizations", OPEN, **POSTED)
async def search_hsds_organizations(request: Request, query: Annotated[OrganizationsQuery, Query()]) -> Response:
    """Look for public organizations; the same as the list, with what is looked for in the body."""
    return await _list(request, HsdsObject.ORGANIZATION, await _searched(request, query))


@doors.open("GET", "/organizations/{id}", OPEN, **SHOWN)
async def read_hsds_organization(request: Request, id: str, query: Annotated[OrganizationQuery, Query()]) -> Response:
    """Read a public organization in full, with its services."""
    return await _one(request, HsdsObject.ORGANIZATION, id, full_service=query.full_service == "true")


@doors.open("GET", "/taxonomies", OPEN, **LISTED)
async def list_hsds_taxonomies(request: Request, query: Annotated[HsdsQuery, Query()]) -> Response:
    """List the taxonomies, page by page."""
    return await _list(request, HsdsObject.TAXONOMY, query)


@doors.open("POST", "/taxonomies", OPEN, **POSTED)
async def search_hsds_taxonomies(request: Request, query: Annotated[HsdsQuery, Query()]) -> Response:
    """Look for taxonomies; the same as the list, with what is looked for in the body."""
    return await _list(request, HsdsObject.TAXONOMY, await _searched(request, query))


@doors.open("GET", "/taxonomies/{id}", OPEN, **SHOWN)
async def read_hsds_taxonomy(request: Request, id: str) -> Response:
    """Read a taxonomy."""
    return await _one(request, HsdsObject.TAXONOMY, id)


@doors.open("GET", "/taxonomy_terms", OPEN, **LISTED)
async def list_hsds_taxonomy_terms(request: Request, query: Annotated[TermsQuery, Query()]) -> Response:
    """List the terms of the taxonomies, page by page."""
    return await _list(request, HsdsObject.TAXONOMY_TERM, query)


@doors.open("POST", "/taxonomy_terms", OPEN, **POSTED)
async def search_hsds_taxonomy_terms(request: Request, query: Annotated[TermsQuery, Query()]) -> Response:
    """Look for terms of the taxonomies; the same as the list, with what is looked for in the body."""
    return await _list(request, HsdsObject.TAXONOMY_TERM, await _searched(request, query))


@doors.open("GET", "/taxonomy_terms/{id}", OPEN, **SHOWN)
async def read_hsds_taxonomy_term(request: Request, id: str) -> Response:
    """Read a term of a taxonomy."""
    return await _one(request, HsdsObject.TAXONOMY_TERM, id)
