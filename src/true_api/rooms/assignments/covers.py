"""What this room decides of covers: between two of one team, from today on, over by themselves."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.assignments.members import teammates
from true_api.rooms.assignments.schemas import CoverDraft
from true_api.rooms.assignments.tables import Cover
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

LONGEST = timedelta(days=366)


class CoverDayIsOver(Conflict):
    """A cover begins today or on a day to come."""

    code = "cover_day_is_over"


class CoverTooLong(Conflict):
    """A cover holds for a year at most; who stays away longer hands over."""

    code = "cover_too_long"


class CoverOver(Conflict):
    """This cover is over, or was ended before."""

    code = "cover_over"


async def cover(permit: StaffPermit, draft: CoverDraft) -> Cover:
    """Have a member of the caller's team stand in for another. Raises `NotFound` where one is not of the team."""
    if draft.since < permit.today:
        raise CoverDayIsOver
    if draft.until - draft.since >= LONGEST:
        raise CoverTooLong
    await teammates(permit, draft.away_id, draft.covering_id)
    return permit.keep(Cover(**draft.model_dump(), team_id=permit.team))


def end(permit: RecordPermit) -> dict[str, Any]:
    """End a cover before its time, at once. Raises `CoverOver`."""
    found = permit.record
    if found.ended_on is not None or found.until < permit.today:
        raise CoverOver
    news = {"ended_on": permit.today}
    permit.change(Cover, found, WriteCollided.meanwhile(), **news)
    return {**found._mapping, **news}


async def by_id(permit: Permit, cover_id: UUID) -> Any:
    """One cover within reach. Raises `NotFound`."""
    return await permit.one(Cover, table_of(Cover).c.id == cover_id)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """The covers that the caller is part of, or those of their team; the latest first."""
    covers = table_of(Cover)
    return await permit.page(Cover, permit.own(Cover), [covers.c.since, covers.c.id], page)
