"""Doors to sites: the places of the program where stock lies."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.errors import WriteCollided
from true_api.kernel.schemas import Page
from true_api.rooms.supplies import places
from true_api.rooms.supplies.site_schemas import SiteChange, SiteDraft, SiteView
from true_api.rooms.supplies.tables import Site
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/sites", tag="Supplies")


async def _again(permit: Permit, site: UUID) -> SiteView:
    return SiteView.of(await places.by_id(permit, site))


@doors.open(
    "POST",
    "",
    StaffGate(Permission.SITE_WRITE),
    status=201,
    again=_again,
    refuses=(places.SiteLabelTaken, NoTeam),
)
async def add_site(draft: SiteDraft, permit: Permitted[StaffPermit]) -> SiteView:
    """Add a place where stock lies; it belongs to the caller's team, and the whole program sees it."""
    return SiteView.of(places.add(permit, draft))


@doors.open("GET", "", ListGate(Permission.SITE_READ))
async def list_sites(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[SiteView]:
    """List the sites of the program, the newest first, closed ones too."""
    found, following = await places.listed(permit, page.request())
    return Page(items=[SiteView.of(row) for row in found], next_cursor=following)


@doors.open("GET", "/{id}", RecordGate(Permission.SITE_READ, Site), of_record=True)
async def read_site(id: str, permit: Permitted[RecordPermit]) -> SiteView:
    """Read a site."""
    return SiteView.of(permit.record)


@doors.open(
    "PATCH",
    "/{id}",
    RecordGate(Permission.SITE_WRITE, Site),
    of_record=True,
    refuses=(places.SiteLabelTaken, WriteCollided),
)
async def change_site(id: str, change: SiteChange, permit: Permitted[RecordPermit]) -> SiteView:
    """Call a site otherwise, close it or open it again.

    Nothing new is brought to a closed site; what lies there can still be given, moved, counted and discarded.
    """
    return SiteView(**places.change(permit, change))
