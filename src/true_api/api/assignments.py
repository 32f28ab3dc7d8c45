"""Doors to who works with whom: covers, hand-overs, exclusions, and the end of working together."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import handing_over as leaving
from true_api.kernel.codes import shown
from true_api.kernel.errors import CodeMistyped, NotFound, WriteCollided
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Page
from true_api.rooms.assignments import covers, exclusions, handing_over
from true_api.rooms.assignments.schemas import (
    CoverDraft,
    CoverView,
    ExclusionDraft,
    ExclusionView,
    HandedOver,
    HandOverDraft,
    HandOverView,
    WorkEnded,
)
from true_api.rooms.assignments.tables import Cover
from true_api.security.gates import CaseGate, ListGate, RecordGate, StaffGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, RecordPermit, StaffPermit
from true_api.security.roles import Permission

of_caseload = Doors("/caseload", tag="Who works with whom")
cover_doors = Doors("/covers", tag="Who works with whom")
hand_overs = Doors("/hand-overs", tag="Who works with whom")
of_participant = Doors("/participants/{code}/exclusions", tag="Who works with whom")

LEAVE = CaseGate(Permission.CASELOAD_LEAVE)
COVER = StaffGate(Permission.COVER_WRITE)
COVERS = ListGate(Permission.COVER_READ)
END_COVER = RecordGate(Permission.COVER_WRITE, Cover)
HAND_OVER = StaffGate(Permission.CASELOAD_ASSIGN)
EXCLUDE = CaseGate(Permission.EXCLUSION_WRITE)
EXCLUDED = CaseGate(Permission.EXCLUSION_READ)
LIFT = CaseGate(Permission.EXCLUSION_READ)

Paged = Annotated[PageQuery, Query()]


@of_caseload.open("DELETE", "/{code}", LEAVE, refuses=(leaving.PromisesStillOpen, WriteCollided))
async def leave_caseload(code: str, permit: Permitted[CasePermit]) -> WorkEnded:
    """Work with a person no longer: for you their code leads nowhere from now on.

    Somebody else goes on working with them as before; a shown code, or a supervisor, begins it anew.
    """
    await leaving.leave(permit)
    return WorkEnded(code=shown(permit.case.code), ended_on=permit.today)


async def _covered_again(permit: StaffPermit, cover: UUID) -> CoverView:
    return CoverView.of(await covers.by_id(permit, cover))


@cover_doors.open(
    "POST",
    "",
    COVER,
    status=201,
    again=_covered_again,
    refuses=(covers.CoverDayIsOver, covers.CoverTooLong, NoTeam, NotFound),
)
async def cover_for_somebody(draft: CoverDraft, permit: Permitted[StaffPermit]) -> CoverView:
    """Have a member of your team stand in for another who is away, from one day to another.

    They see and work the other's caseload beside their own, as far as the other could, and it ends by itself. Nobody
    from whom they are kept apart is on it.
    """
    return CoverView.of(await covers.cover(permit, draft))


@cover_doors.open("GET", "", COVERS)
async def list_covers(page: Paged, permit: Permitted[ListPermit]) -> Page[CoverView]:
    """List the covers that you are part of, or those of your team, the latest first."""
    found, following = await covers.listed(permit, page.request())
    return Page(items=[CoverView.of(cover) for cover in found], next_cursor=following)


async def _ended_again(permit: RecordPermit, _: UUID) -> CoverView:
    return CoverView.of(permit.record)


@cover_doors.open("POST", "/{id}/end", END_COVER, again=_ended_again, refuses=(covers.CoverOver,))
async def end_cover(id: str, permit: Permitted[RecordPermit]) -> CoverView:
    """End a cover before its time: somebody is back."""
    return CoverView.of(covers.end(permit))


def _handed(said: Any, people: Sequence[handing_over.Outcome]) -> HandOverView:
    told = [HandedOver(code=shown(one.code), outcome=one.outcome) for one in people]
    return HandOverView.of(said, people=told)


async def _handed_again(permit: StaffPermit, hand_over: UUID) -> HandOverView:
    return _handed(*await handing_over.again(permit, hand_over))


@hand_overs.open("POST", "", HAND_OVER, status=201, again=_handed_again, refuses=(CodeMistyped, NoTeam, NotFound))
async def hand_over_caseload(draft: HandOverDraft, permit: Permitted[StaffPermit]) -> HandOverView:
    """Hand the people whom one member of your team works with over to another: all, or those named.

    One outcome for each; for a code that leads to nobody on that caseload, `not_found`. Promises go along: they show
    in the day of whoever works with the person now.
    """
    return _handed(*await handing_over.hand_over(permit, draft))


async def _excluded_again(permit: CasePermit, exclusion: UUID) -> ExclusionView:
    return ExclusionView.of(await exclusions.by_id(permit, exclusion))


@of_participant.open("POST", "", EXCLUDE, status=201, again=_excluded_again, refuses=(exclusions.AlreadyExcluded,))
async def exclude_member(code: str, draft: ExclusionDraft, permit: Permitted[CasePermit]) -> ExclusionView:
    """Keep a member apart from a person: "not this peer", or "I know them privately". Why is not asked.

    You may name yourself; somebody else is named by a supervisor, also where the person asked for it. From now on this
    person is absent for that member, by caseload, cover, hand-over, shown code and recall alike; so is this door.
    """
    return ExclusionView.of(await exclusions.exclude(permit, draft))


@of_participant.open("GET", "", EXCLUDED)
async def list_exclusions(code: str, page: Paged, permit: Permitted[CasePermit]) -> Page[ExclusionView]:
    """List who is, or was, kept apart from a person, the latest first."""
    found, following = await exclusions.listed(permit, page.request())
    return Page(items=[ExclusionView.of(exclusion) for exclusion in found], next_cursor=following)


@of_participant.open("POST", "/{id}/lift", LIFT, again=_excluded_again, refuses=(exclusions.ExclusionLifted,))
async def lift_exclusion(code: str, id: str, permit: Permitted[CasePermit]) -> ExclusionView:
    """Lift an exclusion. Nobody works with the person by that alone: a supervisor assigns them anew."""
    return ExclusionView.of(await exclusions.lift(permit, read_id(id)))
