"""What this room decides: a promise is for a day that is still to come, and is settled once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, not_, or_

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, live_code
from true_api.privacy.covers import works_for
from true_api.privacy.endings import not_ended
from true_api.privacy.people_reached import people_reached
from true_api.privacy.reach import Sight
from true_api.rooms.promises.schemas import PromiseDay, PromiseDraft
from true_api.rooms.promises.tables import Promise
from true_api.rooms.promises.vocabulary import NotThisTime, PromiseState, Released
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit


class DayIsOver(Conflict):
    """A promise is for today or a day to come."""

    code = "promise_day_is_over"


class PromiseSettled(Conflict):
    """This promise was kept or let go before; another one can be made."""

    code = "promise_settled"


def promise(permit: Permit, participant: UUID, draft: PromiseDraft) -> Promise:
    """Promise somebody something for a day, in the caller's own name. Raises `DayIsOver`."""
    _still_to_come(permit, draft)
    return permit.keep(
        Promise(
            participant_id=participant,
            member_id=permit.actor.id,
            team_id=permit.team,
            kind=draft.kind,
            due_on=draft.on,
            part_of_day=draft.part_of_day,
            referral_id=draft.referral_id,
            made_on=permit.today,
        )
    )


async def keep(permit: RecordPermit) -> dict[str, Any]:
    """It was done."""
    return await _settle(permit, state=PromiseState.KEPT)


async def keep_beside(permit: Permit, promised: UUID) -> None:
    """Of a promise named beside what this request is about: it was done. Raises `NotFound`, `PromiseSettled`."""
    await _change_one(permit, promised, state=PromiseState.KEPT, settled_on=permit.today)


async def not_this_time(permit: RecordPermit, reason: NotThisTime) -> dict[str, Any]:
    """It was not done on its day, and why not was said."""
    return await _settle(permit, state=PromiseState.NOT_THIS_TIME, not_this_time=reason)


async def release(permit: RecordPermit, reason: Released) -> dict[str, Any]:
    """Nobody waits for it any more."""
    return await _settle(permit, state=PromiseState.RELEASED, released=reason)


async def put_off(permit: RecordPermit, draft: PromiseDay) -> dict[str, Any]:
    """It is for another day. Raises `DayIsOver`, `PromiseSettled`."""
    _still_to_come(permit, draft)
    return await _change(permit, due_on=draft.on, part_of_day=draft.part_of_day)


async def _settle(permit: RecordPermit, **news: Any) -> dict[str, Any]:
    return await _change(permit, settled_on=permit.today, **news)


async def _change(permit: RecordPermit, **news: Any) -> dict[str, Any]:
    return await _change_one(permit, permit.record.id, **news)


async def _change_one(permit: Permit, promised: UUID, **news: Any) -> dict[str, Any]:
    found = await by_id(permit, promised)
    if found.state is not PromiseState.OPEN:
        raise PromiseSettled
    permit.change(Promise, found, WriteCollided.meanwhile(), **news)
    return {**found._mapping, **news}


def _still_to_come(permit: Permit, draft: PromiseDay) -> None:
    if draft.on < permit.today:
        raise DayIsOver


async def by_id(permit: Permit, promised: UUID) -> Any:
    """One promise within reach, with the person's code. Raises `NotFound`."""
    found = await permit.rows(Promise, _with_code(permit).where(table_of(Promise).c.id == promised))
    if not found:
        raise NotFound
    return found[0]


async def listed(
    permit: ListPermit | CasePermit, state: PromiseState | None, page: PageRequest
) -> tuple[list[Any], str | None]:
    """Promises within reach, the latest day first; all, or those in one state.

    What is open beyond one person is a list to work by: with whom the way has ended, is not on it.
    """
    promises = table_of(Promise)
    asked = _with_code(permit) if state is None else _with_code(permit).where(promises.c.state == state)
    if state is PromiseState.OPEN and isinstance(permit, ListPermit):
        asked = asked.where(
            not_ended(promises.c.participant_id), promises.c.participant_id.in_(people_reached(permit.viewer))
        )
    return await permit.page(Promise, asked, [promises.c.due_on, promises.c.id], page)


async def for_today(permit: Permit, limit: int) -> Sequence[Any]:
    """What is promised for today or a day that is over, the longest waiting first, with the person's code.

    A peer's own, those of whom they stand in for, and those of whoever works with the person no longer.
    """
    promises, entries = table_of(Promise), table_of(Caseload)
    due = _with_code(permit).where(
        promises.c.state == PromiseState.OPEN,
        promises.c.due_on <= permit.today,
        promises.c.participant_id.in_(people_reached(permit.viewer)),
        not_ended(promises.c.participant_id),
    )
    if permit.viewer.sight is Sight.OWN_CASELOAD:
        still_there = exists().where(
            entries.c.participant_id == promises.c.participant_id,
            entries.c.member_id == promises.c.member_id,
            entries.c.ended_on.is_(None),
        )
        due = due.where(or_(works_for(promises.c.member_id, permit.viewer), not_(still_there.correlate(promises))))
    return await permit.rows(Promise, due.order_by(promises.c.due_on, promises.c.id).limit(limit))


def _with_code(permit: Permit) -> Select[Any]:
    code = live_code(permit.program_id, table_of(Promise).c.participant_id).label("code")
    return permit.own(Promise).add_columns(code)
