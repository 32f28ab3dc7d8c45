"""Doors to promises: what somebody of the program said they would do, and on which day."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import referring
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.rooms.promises import service
from true_api.rooms.promises.schemas import LetGo, NotThisTimeDraft, PromiseDay, PromiseDraft, PromiseView
from true_api.rooms.promises.tables import Promise
from true_api.rooms.promises.vocabulary import PromiseState
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, Permit, RecordPermit
from true_api.security.roles import Permission

of_participant = Doors("/participants/{code}/promises", tag="Promises")
doors = Doors("/promises", tag="Promises")

MAKE = CaseGate(Permission.PROMISE_WRITE)
READ = CaseGate(Permission.PROMISE_READ)
LIST = ListGate(Permission.PROMISE_READ)
SETTLE = RecordGate(Permission.PROMISE_WRITE, Promise)


class PromiseQuery(PageQuery):
    """All promises within reach, or those in one state."""

    state: PromiseState | None = Field(None, description="Only those in this state.")


def _view(promised: Any, **more: Any) -> PromiseView:
    known = {**promised, **more}
    return PromiseView.of({**known, "code": shown(known["code"])})


async def _again(permit: Permit, promised: UUID) -> PromiseView:
    return _view((await service.by_id(permit, promised))._mapping)


@of_participant.open(
    "POST", "", MAKE, status=201, again=_again, refuses=(service.DayIsOver, referring.NoSuchReferral, NoTeam)
)
async def promise_participant(code: str, draft: PromiseDraft, permit: Permitted[CasePermit]) -> PromiseView:
    """Promise a person to go along, to check in or to follow up, on a day from today on."""
    promised = await referring.promise(permit, draft)
    return _view(promised.model_dump(), code=permit.case.code)


@of_participant.open("GET", "", READ)
async def list_promises_to_participant(
    code: str, query: Annotated[PromiseQuery, Query()], permit: Permitted[CasePermit]
) -> Page[PromiseView]:
    """List what was promised to a person, the latest day first."""
    found, following = await service.listed(permit, query.state, query.request())
    return Page(items=[_view(promised._mapping) for promised in found], next_cursor=following)


@doors.open("GET", "", LIST)
async def list_promises(query: Annotated[PromiseQuery, Query()], permit: Permitted[ListPermit]) -> Page[PromiseView]:
    """List promises to people whom the caller, or their team, works with, the latest day first."""
    found, following = await service.listed(permit, query.state, query.request())
    return Page(items=[_view(promised._mapping) for promised in found], next_cursor=following)


@doors.open("POST", "/{id}/kept", SETTLE, again=_again, refuses=(service.PromiseSettled,))
async def keep_promise(id: str, permit: Permitted[RecordPermit]) -> PromiseView:
    """Say that a promise was kept."""
    return _view(await service.keep(permit))


@doors.open("POST", "/{id}/not-this-time", SETTLE, again=_again, refuses=(service.PromiseSettled,))
async def let_promise_pass(id: str, draft: NotThisTimeDraft, permit: Permitted[RecordPermit]) -> PromiseView:
    """Say why a promise was not kept on its day; another one can be made."""
    return _view(await service.not_this_time(permit, draft.reason))


@doors.open("POST", "/{id}/release", SETTLE, again=_again, refuses=(service.PromiseSettled,))
async def release_promise(id: str, draft: LetGo, permit: Permitted[RecordPermit]) -> PromiseView:
    """Say that nobody waits for a promise any more."""
    return _view(await service.release(permit, draft.reason))


@doors.open("POST", "/{id}/day", SETTLE, again=_again, refuses=(service.PromiseSettled, service.DayIsOver))
async def put_off_promise(id: str, draft: PromiseDay, permit: Permitted[RecordPermit]) -> PromiseView:
    """Agree on another day for a promise."""
    return _view(await service.put_off(permit, draft))
