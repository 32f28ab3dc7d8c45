"""Doors to intake: agencies post and read their own; peers and supervisors work the queue."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import connecting
from true_api.kernel.codes import shown
from true_api.kernel.errors import Fault, InvalidShape
from true_api.kernel.schemas import Page
from true_api.privacy.safe_contact import ContactView, NoSuchPlace
from true_api.rooms.intake import service
from true_api.rooms.intake.schemas import (
    AgencyIntakeKept,
    AgencyIntakeRecord,
    AgencyIntakeView,
    AttemptDraft,
    Connection,
    IntakeDraft,
    IntakeMove,
    IntakeRecord,
    IntakeView,
)
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/intake-requests", tag="Intake")

POST = StaffGate(Permission.INTAKE_POST)
LIST = ListGate(Permission.INTAKE_READ)
READ_ONE = RecordGate(Permission.INTAKE_READ, IntakeRequest)
WORK = RecordGate(Permission.INTAKE_WORK, IntakeRequest)
CONNECT = RecordGate(Permission.INTAKE_WORK, IntakeRequest, presents_code=True)

AnyView = IntakeView | AgencyIntakeView
AnyRecord = IntakeRecord | AgencyIntakeRecord
AnyPage = Page[IntakeView] | Page[AgencyIntakeView]


class QueueQuery(PageQuery):
    """The queue, or the part of it in one state."""

    state: IntakeState | None = Field(None, description="Only requests in this state; refused from an agency.")

    def states(self, permit: ListPermit) -> list[IntakeState]:
        """The states asked for. Raises `InvalidShape` for an agency, for which the queue has no states."""
        if self.state is None:
            return []
        if not permit.viewer.sight.of_program:
            raise InvalidShape(Fault("?state", "unknown_parameter", "The state of the queue is for the program."))
        return [self.state]


def _for_agency(permit: Permit, request: Any) -> dict[str, Any]:
    return {"status": service.neutral_status(request.posted_on, permit.today)}


def _for_program(request: Any) -> dict[str, Any]:
    values = request if isinstance(request, dict) else request._mapping
    code = values["code"] and shown(values["code"])
    return {**values, "code": code, "moves": service.moves(values["state"])}


def _of_program(request: Any) -> IntakeView:
    return IntakeView(**_for_program(request))


def _view(permit: Permit, known: service.Known) -> AnyView:
    request, attempts = known
    if permit.viewer.sight.of_program:
        return _of_program({**request._mapping, "attempts": attempts})
    return AgencyIntakeView.of(request, **_for_agency(permit, request))


def _kept(permit: Permit, request: Any, words: list[str]) -> AgencyIntakeKept:
    return AgencyIntakeKept.of(request, **_for_agency(permit, request), words_kept=words)


async def _posted_again(permit: Permit, request: UUID) -> AgencyIntakeKept:
    found, _ = await service.known(permit, request)
    return _kept(permit, found, await permit.texts.present(IntakeRequest, request))


async def _again(permit: Permit, request: UUID) -> AnyView:
    return _view(permit, await service.known(permit, request))


@doors.open("POST", "", POST, status=201, again=_posted_again, key_required=True, refuses=(NoSuchPlace,))
async def post_intake_request(draft: IntakeDraft, permit: Permitted[StaffPermit]) -> AgencyIntakeKept:
    """Ask that a peer meet somebody.

    Never send a name. The status in the answer moves with the calendar alone, unless the person agrees to more.
    """
    request = await service.post(permit, draft)
    return _kept(permit, request, permit.texts.kept(request.id))


@doors.open("GET", "", LIST)
async def list_intake_requests(query: Annotated[QueueQuery, Query()], permit: Permitted[ListPermit]) -> AnyPage:
    """List the queue, or an agency's own requests, newest first."""
    found, following = await service.listed(permit, query.states(permit), query.request())
    items: list[Any] = [_view(permit, known) for known in found]
    if permit.viewer.sight.of_program:
        return Page[IntakeView](items=items, next_cursor=following)
    return Page[AgencyIntakeView](items=items, next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=READING)
async def read_intake_request(id: str, permit: Permitted[RecordPermit]) -> AnyRecord:
    """Read one request with its words: the program by its id, the agency its own by the reference."""
    request, attempts = await service.known(permit, permit.record.id)
    words = await service.words(permit)
    contact = ContactView.from_sealed(words.get("safe_contact"))
    said: dict[str, Any] = {"note": words.get("note"), "safe_contact": contact}
    if permit.viewer.sight.of_program:
        return IntakeRecord(**_for_program({**request._mapping, "attempts": attempts}), **said)
    said["own_reference"] = words.get("own_reference")
    return AgencyIntakeRecord.of(request, **_for_agency(permit, request), **said)


@doors.open(
    "POST",
    "/{id}/attempts",
    WORK,
    status=201,
    again=_again,
    refuses=(service.NotInThisState, service.WorkedMeanwhile, service.AttemptNotYetMade),
)
async def record_intake_attempt(id: str, draft: AttemptDraft, permit: Permitted[RecordPermit]) -> IntakeView:
    """Record an attempt to meet the person."""
    return _of_program(await service.attempt(permit, draft))


@doors.open("POST", "/{id}/transitions", WORK, again=_again, refuses=(service.NotInThisState, service.WorkedMeanwhile))
async def move_intake_request(id: str, draft: IntakeMove, permit: Permitted[RecordPermit]) -> IntakeView:
    """Decline in the person's name, refer elsewhere, or take a request up again."""
    return _of_program(await service.move(permit, draft))


@doors.open(
    "POST",
    "/{id}/connection",
    CONNECT,
    status=201,
    again=_again,
    refuses=(service.NotInThisState, service.WorkedMeanwhile, NoTeam),
)
async def connect_intake_request(id: str, draft: Connection, permit: Permitted[RecordPermit]) -> IntakeView:
    """Connect a request to a participant: by the code they show, or enrolled anew in the same commit."""
    return _of_program(await connecting.connect(permit))
