"""What this room decides of exclusions: who may ask for one, and that it holds at once."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload
from true_api.rooms.assignments.members import colleague
from true_api.rooms.assignments.schemas import ExclusionDraft
from true_api.rooms.assignments.tables import Exclusion
from true_api.security.permits import CasePermit
from true_api.security.roles import Permission


class AlreadyExcluded(Conflict):
    """This member is kept apart from the person already."""

    code = "already_excluded"


class ExclusionLifted(Conflict):
    """This exclusion was lifted before."""

    code = "exclusion_lifted"


async def exclude(permit: CasePermit, draft: ExclusionDraft) -> Exclusion:
    """Keep a member apart from the person: oneself, or for supervisors anybody.

    Their working together ends too, so that lifting it gives nothing back. A new epoch begins: what they have asked
    for at this moment and is not answered yet, finds nothing.
    """
    member_id = draft.member_id or permit.actor.id
    if member_id != permit.actor.id:
        permit.need(Permission.CASELOAD_ASSIGN)
        await colleague(permit, member_id)
    if any(held.member_id == member_id for held in await _held(permit)):
        raise AlreadyExcluded
    fresh = Exclusion(participant_id=permit.participant, member_id=member_id, since=permit.today)
    permit.keep(fresh, or_else=AlreadyExcluded.meanwhile())
    entries = table_of(Caseload)
    theirs = select(entries).where(
        entries.c.participant_id.in_(permit.people), entries.c.member_id == member_id, entries.c.ended_on.is_(None)
    )
    for entry in (await permit.database.read(theirs))[0]:
        permit.change(Caseload, entry, WriteCollided.meanwhile(), ended_on=permit.today)
    permit.end_epoch(permit.participant)
    return fresh


async def _held(permit: CasePermit) -> list[Any]:
    exclusions = table_of(Exclusion)
    held = select(exclusions).where(exclusions.c.participant_id.in_(permit.people), exclusions.c.lifted_on.is_(None))
    return list((await permit.database.read(held))[0])


async def lift(permit: CasePermit, exclusion_id: UUID) -> dict[str, Any]:
    """Lift an exclusion; who works with the person has to be said anew. Raises `NotFound`, `ExclusionLifted`."""
    found = await by_id(permit, exclusion_id)
    if found.lifted_on is not None:
        raise ExclusionLifted
    news = {"lifted_on": permit.today}
    permit.change(Exclusion, found, WriteCollided.meanwhile(), **news)
    return {**found._mapping, **news}


async def by_id(permit: CasePermit, exclusion_id: UUID) -> Any:
    """One exclusion from this person. Raises `NotFound`."""
    exclusions = table_of(Exclusion)
    named = select(exclusions).where(exclusions.c.id == exclusion_id, exclusions.c.participant_id.in_(permit.people))
    found = (await permit.database.read(named))[0]
    if not found:
        raise NotFound
    return found[0]


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """Who is, or was, kept apart from this person; the latest first."""
    exclusions = table_of(Exclusion)
    theirs = select(exclusions).where(exclusions.c.participant_id.in_(permit.people))
    return await permit.page(Exclusion, theirs, [exclusions.c.since, exclusions.c.id], page)
