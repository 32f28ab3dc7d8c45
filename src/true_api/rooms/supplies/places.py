"""What this room decides about places: sites where stock lies, and how much should be there."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.reach import within_reach
from true_api.rooms.supplies.site_schemas import SiteChange, SiteDraft, ThresholdDraft
from true_api.rooms.supplies.tables import Site, SupplyThreshold
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit


class SiteLabelTaken(Conflict):
    """Another site of the program is called so."""

    code = "site_label_taken"


class NoSuchSite(Conflict):
    """There is no site with this id."""

    code = "no_such_site"


class SiteClosed(Conflict):
    """This site is closed: nothing new is brought there; what lies there can be given, moved, counted or discarded."""

    code = "site_closed"


def add(permit: StaffPermit, draft: SiteDraft) -> Site:
    """Add a site of the caller's own team."""
    return permit.keep(Site(label=draft.label, team_id=permit.team), or_else=SiteLabelTaken)


def change(permit: RecordPermit, changed: SiteChange) -> dict[str, Any]:
    """Call it otherwise, close it or open it again."""
    permit.change(Site, permit.record, SiteLabelTaken if "label" in changed.news() else WriteCollided, **changed.news())
    return {**permit.record._mapping, **changed.news()}


async def by_id(permit: Permit, site: UUID) -> Any:
    """One site. Raises `NotFound`."""
    return await permit.one(Site, table_of(Site).c.id == site)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """Every site, the newest first, closed ones too."""
    rows: list[Any]
    rows, following = await permit.page(Site, permit.own(Site), [table_of(Site).c.id], page)
    return rows, following


async def sites(permit: Permit, ids: Iterable[UUID | None]) -> dict[UUID, Any]:
    """These sites, by id. Raises `NoSuchSite` where one is not there."""
    table, asked = table_of(Site), {identity for identity in ids if identity is not None}
    found = (await permit.database.read(select(table).where(table.c.id.in_(asked), within_reach(Site, permit.viewer))))[
        0
    ]
    if len(found) < len(asked):
        raise NoSuchSite
    return {row.id: row for row in found}


async def open_site(permit: Permit, site: UUID) -> None:
    """Something new is to come to a site. Raises `NoSuchSite`, `SiteClosed`."""
    if not (await sites(permit, [site]))[site].active:
        raise SiteClosed


async def watch(permit: StaffPermit, draft: ThresholdDraft) -> ThresholdDraft:
    """Say how much of an item should be at a site; 0 asks for no warning any more."""
    await open_site(permit, draft.site_id)
    table = table_of(SupplyThreshold)
    named = table.c.site_id == draft.site_id, table.c.item == draft.item
    before = await permit.rows(SupplyThreshold, permit.own(SupplyThreshold).where(*named))
    # Two who say it at the same moment come one after the other: the second passes the gate once more.
    if not before and draft.at_least:
        permit.keep(SupplyThreshold(**draft.model_dump()), or_else=WriteCollided.meanwhile())
    elif before and draft.at_least:
        permit.change(SupplyThreshold, before[0], WriteCollided.meanwhile(), at_least=draft.at_least)
    elif before:
        permit.remove(SupplyThreshold, before[0].id)
    return draft


async def watched(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """How much of what should be where, the newest first."""
    rows: list[Any]
    rows, following = await permit.page(
        SupplyThreshold, permit.own(SupplyThreshold), [table_of(SupplyThreshold).c.id], page
    )
    return rows, following
