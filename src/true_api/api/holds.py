"""Doors to legal holds: for supervisors alone, and of no consequence to anything that peers see."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.rooms.holds import service
from true_api.rooms.holds.schemas import HoldDraft, HoldView
from true_api.rooms.holds.tables import LegalHold
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit
from true_api.security.roles import Permission

doors = Doors("/legal-holds", tag="Legal holds")

ASK = CaseGate(Permission.HOLD_WRITE, in_body=True)
DECIDE = RecordGate(Permission.HOLD_WRITE, LegalHold)
LIST = ListGate(Permission.HOLD_READ)


def _view(permit: Permit, hold: dict[str, Any]) -> HoldView:
    return HoldView.of(hold, code=shown(hold["code"]), state=service.state(hold, permit.today))


async def _again(permit: Permit, hold: UUID) -> HoldView:
    return _view(permit, await service.by_id(permit, hold))


@doors.open("POST", "", ASK, status=201, again=_again, refuses=(service.HoldOutsideItsTime,))
async def ask_for_hold(draft: HoldDraft, permit: Permitted[CasePermit]) -> HoldView:
    """Ask that a person's records be kept, because the law requires it.

    It holds from the moment that another supervisor approves it, and ends by itself. While it holds, the person cannot
    be forgotten and no record of theirs is swept by age; nothing that a peer sees or may do changes.
    """
    return _view(permit, service.ask(permit, draft))


@doors.open("GET", "", LIST)
async def list_holds(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[HoldView]:
    """List the holds on people whom the supervisor's team works with, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[_view(permit, hold) for hold in found], next_cursor=following)


@doors.open(
    "POST",
    "/{id}/approval",
    DECIDE,
    again=_again,
    refuses=(service.TwoPeopleHold, service.HoldAlreadyApproved, service.HoldIsOver),
)
async def approve_hold(id: str, permit: Permitted[RecordPermit]) -> HoldView:
    """Approve a hold that somebody else asked for; it takes effect at once."""
    return _view(permit, await service.approve(permit))


@doors.open("POST", "/{id}/lift", DECIDE, again=_again, refuses=(service.HoldIsOver,))
async def lift_hold(id: str, permit: Permitted[RecordPermit]) -> HoldView:
    """End a hold before its last day, or withdraw one that was not approved."""
    return _view(permit, await service.lift(permit))
