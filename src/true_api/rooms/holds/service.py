"""What this room decides: two people hold together, and a hold ends by itself."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.rooms.holds.schemas import HoldDraft, HoldState
from true_api.rooms.holds.tables import LegalHold
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit

LONGEST = timedelta(days=365)


class HoldOutsideItsTime(Conflict):
    """A hold lasts until a day from today on, and at most 365 days; after that it is asked for anew."""

    code = "hold_outside_its_time"


class TwoPeopleHold(Conflict):
    """A hold is approved by somebody else than who asked for it (privacy.md 6)."""

    code = "two_people_hold"


class HoldAlreadyApproved(Conflict):
    """This hold was approved before."""

    code = "hold_already_approved"


class HoldIsOver(Conflict):
    """This hold was lifted, or its time is over."""

    code = "hold_is_over"


def ask(permit: CasePermit, draft: HoldDraft) -> dict[str, Any]:
    """Ask that somebody's records be kept; nothing is held before another person approves it."""
    if not permit.today <= draft.expires_on <= permit.today + LONGEST:
        raise HoldOutsideItsTime
    hold = permit.keep(
        LegalHold(
            participant_id=permit.participant,
            asked_by=permit.actor.id,
            asked_on=permit.today,
            expires_on=draft.expires_on,
        )
    )
    return {**hold.model_dump(), "code": permit.case.code}


async def approve(permit: RecordPermit) -> dict[str, Any]:
    """Approve a hold that somebody else asked for; from the commit on it holds."""
    hold = await _one(permit, permit.record.id)
    if _is_over(hold, permit.today):
        raise HoldIsOver
    if hold.approved_on is not None:
        raise HoldAlreadyApproved
    if hold.asked_by == permit.actor.id:
        raise TwoPeopleHold
    return _change(permit, hold, approved_by=permit.actor.id, approved_on=permit.today)


async def lift(permit: RecordPermit) -> dict[str, Any]:
    """End a hold, or withdraw one that was never approved."""
    hold = await _one(permit, permit.record.id)
    if _is_over(hold, permit.today):
        raise HoldIsOver
    return _change(permit, hold, lifted_on=permit.today)


def state(hold: Any, today: date) -> HoldState:
    """Where a hold stands today."""
    if hold["lifted_on"] is not None:
        return HoldState.LIFTED
    if hold["expires_on"] < today:
        return HoldState.EXPIRED
    return HoldState.ASKED if hold["approved_on"] is None else HoldState.HOLDING


async def by_id(permit: Permit, hold: UUID) -> dict[str, Any]:
    """One hold within reach. Raises `NotFound`."""
    return dict((await _one(permit, hold))._mapping)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[dict[str, Any]], str | None]:
    """Every hold within reach, newest first."""
    holds = table_of(LegalHold)
    rows: list[Any]
    rows, following = await permit.page(LegalHold, _with_code(permit), [holds.c.asked_on, holds.c.id], page)
    return [dict(row._mapping) for row in rows], following


def _with_code(permit: Permit) -> Any:
    code = live_code(permit.program_id, table_of(LegalHold).c.participant_id).label("code")
    return permit.own(LegalHold).add_columns(code)


def _is_over(hold: Any, today: date) -> bool:
    return hold.lifted_on is not None or hold.expires_on < today


async def _one(permit: Permit, hold: UUID) -> Any:
    """A hold within reach, with the person's code."""
    found = await permit.rows(LegalHold, _with_code(permit).where(table_of(LegalHold).c.id == hold))
    if not found:
        raise NotFound
    return found[0]


def _change(permit: RecordPermit, hold: Any, **new: Any) -> dict[str, Any]:
    permit.change(LegalHold, hold, WriteCollided.meanwhile(), **new)
    return {**hold._mapping, **new}
