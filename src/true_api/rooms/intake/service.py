"""What this room decides: taking requests in, the queue's moves, and what an agency may learn."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.privacy.safe_contact import NoSuchPlace, zone_by_key
from true_api.rooms.intake.schemas import AttemptDraft, IntakeDraft, IntakeMove
from true_api.rooms.intake.tables import UNTIL_CLOSED, IntakeAttempt, IntakeRequest
from true_api.rooms.intake.vocabulary import CAN_CONNECT, MOVES, IntakeState, NeutralStatus
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

Known = tuple[Any, int]
"""A request, and the number of attempts to meet the person."""


class NotInThisState(Conflict):
    """The queue cannot make this move from where the request stands; `allowed` lists those it can."""

    code = "intake_move_not_allowed"


class WorkedMeanwhile(Conflict):
    """Somebody else worked on this request at the same moment; read it again."""

    code = "intake_worked_meanwhile"


class AttemptNotYetMade(Conflict):
    """An attempt is recorded on or after its day."""

    code = "attempt_not_yet_made"


async def post(permit: StaffPermit, draft: IntakeDraft) -> IntakeRequest:
    """Take a request into the queue, in the name of the caller's own organization."""
    contact = draft.safe_contact
    if contact and contact.usual_place and not (await permit.database.read(zone_by_key(contact.usual_place)))[0]:
        raise NoSuchPlace
    request = permit.keep(
        IntakeRequest(
            organization_id=permit.actor.organization_id,
            needs=[need.value for need in draft.needs],
            urgency=draft.urgency,
            person_knows=draft.person_knows,
            meets_at=draft.meets_at,
            language=draft.language,
            wishes=[wish.value for wish in draft.wishes],
            contacting_prohibited=draft.contacting_prohibited,
            posted_on=permit.today,
        )
    )
    sealed = contact.to_seal() if contact else None
    said = {"note": draft.note, "own_reference": draft.own_reference, "safe_contact": sealed}
    permit.texts.keep(IntakeRequest, request.id, request.id, **said)
    return request


async def words(permit: RecordPermit) -> dict[str, str]:
    """What the agency said, by column: its own reference for the agency alone, the safe contact until it is closed."""
    columns = ["note", *([] if permit.viewer.sight.of_program else ["own_reference"])]
    if neutral_status(permit.record.posted_on, permit.today) is NeutralStatus.RECEIVED:
        columns.append("safe_contact")
    return await permit.texts.read(IntakeRequest, permit.record.id, *columns)


def neutral_status(posted_on: date, today: date) -> NeutralStatus:
    """What an agency learns without consent: nothing but that the request came in, and when its time is over."""
    return NeutralStatus.CLOSED if today > posted_on + timedelta(days=UNTIL_CLOSED) else NeutralStatus.RECEIVED


async def attempt(permit: RecordPermit, draft: AttemptDraft) -> dict[str, Any]:
    """Record an attempt to meet the person; the first one moves a new request to contacting."""
    if draft.attempted_on > permit.today:
        raise AttemptNotYetMade
    request = await _with_code(permit, permit.record.id)
    if request.state not in (IntakeState.NEW, IntakeState.CONTACTING):
        raise _not_allowed(request.state)
    permit.change(IntakeRequest, request, or_else=WorkedMeanwhile, state=IntakeState.CONTACTING)
    permit.keep(
        IntakeAttempt(
            intake_request_id=request.id,
            member_id=permit.actor.id,
            attempted_on=draft.attempted_on,
            result=draft.result,
        )
    )
    made = len(await permit.parts_of_record(IntakeAttempt)) + 1
    return {**request._mapping, "state": IntakeState.CONTACTING, "attempts": made}


async def move(permit: RecordPermit, draft: IntakeMove) -> dict[str, Any]:
    """Move a request through the queue; who declined may come back."""
    request = await _with_code(permit, permit.record.id)
    if draft.to not in MOVES[request.state]:
        raise _not_allowed(request.state)
    news = {"state": draft.to, "reason": draft.reason}
    permit.change(IntakeRequest, request, or_else=WorkedMeanwhile, **news)
    return {**request._mapping, **news, "attempts": len(await permit.parts_of_record(IntakeAttempt))}


async def connect(permit: RecordPermit, participant: UUID) -> dict[str, Any]:
    """Say who it turned out to be."""
    request = permit.record
    if request.state not in CAN_CONNECT:
        raise _not_allowed(request.state)
    news = {
        "state": IntakeState.CONNECTED,
        "reason": None,
        "participant_id": participant,
        "member_id": permit.actor.id,
        "team_id": permit.team,
    }
    permit.change(IntakeRequest, request, or_else=WorkedMeanwhile, **news)
    permit.unit.resource = request.id
    return {**request._mapping, **news, "attempts": len(await permit.parts_of_record(IntakeAttempt))}


def _not_allowed(state: IntakeState) -> NotInThisState:
    allowed = sorted(move.value for move in MOVES[state])
    return NotInThisState(members={"allowed": allowed})


def moves(state: IntakeState) -> list[IntakeState]:
    """The states to which a request may be moved from here."""
    return sorted(MOVES[state], key=lambda move: move.value)


async def _with_code(permit: Permit, request: UUID) -> Any:
    requests = table_of(IntakeRequest)
    code = live_code(permit.program_id, requests.c.participant_id).label("code")
    found = await permit.rows(
        IntakeRequest, permit.own(IntakeRequest).add_columns(code).where(requests.c.id == request)
    )
    if not found:
        raise NotFound
    return found[0]


async def known(permit: Permit, request: UUID) -> Known:
    """One request within reach with its attempts. Raises `NotFound`."""
    return (await _counted(permit, [await _with_code(permit, request)]))[0]


async def listed(
    permit: ListPermit, states: Sequence[IntakeState], page: PageRequest
) -> tuple[list[Known], str | None]:
    """Requests within reach, newest first; the program may ask for some states only."""
    requests = table_of(IntakeRequest)
    code = live_code(permit.program_id, requests.c.participant_id).label("code")
    statement = permit.own(IntakeRequest).add_columns(code)
    if states:
        statement = statement.where(requests.c.state.in_(states))
    last = requests.c.id if permit.viewer.shows_versions else requests.c.reference
    rows, following = await permit.page(IntakeRequest, statement, [requests.c.posted_on, last], page)
    return await _counted(permit, rows), following


async def _counted(permit: Permit, rows: Sequence[Any]) -> list[Known]:
    if not permit.viewer.sight.of_program:
        return [(row, 0) for row in rows]
    attempts = await permit.parts(IntakeAttempt, rows)
    return [(row, len(attempts[row.id])) for row in rows]
