"""Doors to wellness: a pulse that the caller alone sees, requests for support between two, and quarterly counts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.api.supervision import QuarterQuery
from true_api.kernel.errors import NotFound
from true_api.kernel.quarters import Quarter
from true_api.kernel.schemas import Page
from true_api.rooms.wellness import counts, service
from true_api.rooms.wellness.schemas import (
    PulseDraft,
    PulseView,
    Supervisors,
    SupervisorView,
    SupportDraft,
    SupportKept,
    SupportRecord,
    SupportView,
    WellnessCounts,
)
from true_api.rooms.wellness.tables import SupportRequest, WellnessPulse
from true_api.rooms.wellness.vocabulary import SupportState
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

pulses = Doors("/wellness-pulses", tag="Wellness")
requests = Doors("/support-requests", tag="Wellness")
counted = Doors("/wellness-counts", tag="Wellness")
supervisors = Doors("/supervisors", tag="Wellness")

TAKE = StaffGate(Permission.WELLNESS_WRITE)
LIST = ListGate(Permission.WELLNESS_READ)
READ = RecordGate(Permission.WELLNESS_READ, WellnessPulse)
LET_GO = RecordGate(Permission.WELLNESS_WRITE, WellnessPulse)
ASK_FROM_PULSE = RecordGate(Permission.SUPPORT_ASK, WellnessPulse)
ASK = StaffGate(Permission.SUPPORT_ASK)
LIST_REQUESTS = ListGate(Permission.SUPPORT_READ)
READ_REQUEST = RecordGate(Permission.SUPPORT_READ, SupportRequest)
TAKE_UP = RecordGate(Permission.SUPPORT_READ, SupportRequest, whose="with_id")
SETTLE = RecordGate(Permission.SUPPORT_READ, SupportRequest)
WITHDRAW = RecordGate(Permission.SUPPORT_ASK, SupportRequest, whose="member_id")
COUNT = ListGate(Permission.WELLNESS_COUNT)
LIST_SUPERVISORS = ListGate(Permission.SUPERVISOR_READ)


async def _pulse_again(permit: Permit, pulse: UUID) -> PulseView:
    return PulseView.of(service.told(await service.pulse(permit, pulse)))


@pulses.open("POST", "", TAKE, status=201, again=_pulse_again)
async def take_wellness_pulse(draft: PulseDraft, permit: Permitted[StaffPermit]) -> PulseView:
    """Keep how you are today. Nobody but you can read it: no supervisor, and no admin."""
    return PulseView.of(service.told(service.take_pulse(permit, draft)))


@pulses.open("GET", "", LIST)
async def list_wellness_pulses(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[PulseView]:
    """List your own pulses, newest first."""
    found, following = await service.pulses(permit, page.request())
    return Page(items=[PulseView.of(service.told(pulse)) for pulse in found], next_cursor=following)


@pulses.open("GET", "/{id}", READ)
async def read_wellness_pulse(id: str, permit: Permitted[RecordPermit]) -> PulseView:
    """Read one of your own pulses."""
    return PulseView.of(service.told(permit.record))


@pulses.open("DELETE", "/{id}", LET_GO, refuses=(service.PulseQuarterClosed,))
async def let_wellness_pulse_go(id: str, permit: Permitted[RecordPermit]) -> PulseView:
    """Take back one of your own pulses while its quarter runs; later it goes by itself."""
    service.let_go(permit)
    return PulseView.of(service.told(permit.record))


def _request(asked: Any) -> dict[str, Any]:
    held = asked if isinstance(asked, dict) else asked.model_dump() if hasattr(asked, "model_dump") else asked._mapping
    return {**held, "to_member_id": held["with_id"]}


async def _asked_again(permit: Permit, request: UUID) -> SupportKept:
    words = await permit.texts.present(SupportRequest, request)
    return SupportKept.of(_request(await service.support(permit, request)), words_kept=words)


async def _ask(permit: Permit, draft: SupportDraft) -> SupportKept:
    asked = await service.ask_for_support(permit, draft)
    return SupportKept.of(_request(asked), words_kept=permit.texts.kept(asked.id))


@pulses.open(
    "POST",
    "/{id}/support-request",
    ASK_FROM_PULSE,
    status=201,
    again=_asked_again,
    refuses=(service.NoSuchSupervisor,),
)
async def turn_pulse_into_support_request(id: str, draft: SupportDraft, permit: Permitted[RecordPermit]) -> SupportKept:
    """Ask for support after a pulse. What you say here is shared, and nothing of the pulse: nothing leads to it."""
    return await _ask(permit, draft)


@requests.open("POST", "", ASK, status=201, again=_asked_again, refuses=(service.NoSuchSupervisor,))
async def ask_for_support(draft: SupportDraft, permit: Permitted[StaffPermit]) -> SupportKept:
    """Ask your supervisor for support, or past them another supervisor. Nobody but the two of you sees it."""
    return await _ask(permit, draft)


@requests.open("GET", "", LIST_REQUESTS)
async def list_support_requests(
    page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]
) -> Page[SupportView]:
    """List the requests for support that the caller made or was asked, newest first."""
    found, following = await service.requests(permit, page.request())
    return Page(items=[SupportView.of(_request(asked)) for asked in found], next_cursor=following)


@requests.open("GET", "/{id}", READ_REQUEST, refuses=READING)
async def read_support_request(id: str, permit: Permitted[RecordPermit]) -> SupportRecord:
    """Read a request for support that the caller made or was asked, with its words."""
    words = await permit.texts.read(SupportRequest, permit.record.id, "words")
    return SupportRecord.of(_request(permit.record), words=words.get("words"))


async def _moved_again(permit: Permit, request: UUID) -> SupportView:
    return SupportView.of(_request(await service.support(permit, request)))


@requests.open("POST", "/{id}/taken-up", TAKE_UP, again=_moved_again, refuses=(service.SupportSettled,))
async def take_up_support_request(id: str, permit: Permitted[RecordPermit]) -> SupportView:
    """Say that you, who were asked, see to it."""
    return SupportView.of(_request(service.move(permit, SupportState.TAKEN_UP)))


@requests.open("POST", "/{id}/settled", SETTLE, again=_moved_again, refuses=(service.SupportSettled,))
async def settle_support_request(id: str, permit: Permitted[RecordPermit]) -> SupportView:
    """Say that support came; either of the two may."""
    return SupportView.of(_request(service.move(permit, SupportState.SETTLED)))


@requests.open("POST", "/{id}/withdrawal", WITHDRAW, again=_moved_again, refuses=(service.SupportSettled,))
async def withdraw_support_request(id: str, permit: Permitted[RecordPermit]) -> SupportView:
    """Take your own request back; no reason is asked for."""
    return SupportView.of(_request(service.move(permit, SupportState.WITHDRAWN)))


@counted.open("GET", "", COUNT, refuses=(counts.QuarterStillOpen, NotFound))
async def read_wellness_counts(
    query: Annotated[QuarterQuery, Query()], permit: Permitted[ListPermit]
) -> WellnessCounts:
    """Read how the peers of the whole program were in a closed quarter: counts of six or more, never all alike.

    There is no count of a team: beside that of the program it would tell of everybody else by subtraction.
    """
    return WellnessCounts(**await counts.counts(permit, Quarter.read(query.quarter)))


@supervisors.open("GET", "", LIST_SUPERVISORS)
async def list_supervisors(permit: Permitted[ListPermit]) -> Supervisors:
    """List everybody who supervises here now, the caller's own team first, and who leads the program."""
    return Supervisors(items=[SupervisorView(**one) for one in await service.supervisors(permit)])
