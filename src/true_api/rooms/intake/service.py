"""What this room decides: taking requests in, the queue's moves, and what an agency may learn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case

from true_api.kernel.errors import Conflict, Fault, InvalidShape, NotFound
from true_api.kernel.outbox import waiting_for
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.privacy.safe_contact import NoSuchPlace, zone_by_key
from true_api.rooms.intake.schemas import AttemptDraft, IntakeDraft, IntakeMove
from true_api.rooms.intake.tables import UNTIL_CLOSED, IntakeAttempt, IntakeRequest
from true_api.rooms.intake.vocabulary import (
    CAN_CONNECT,
    MOVES,
    ConsentAsked,
    IntakeSource,
    IntakeState,
    IntakeUrgency,
    NeutralStatus,
    WithdrawnThrough,
)
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

FIRST_CONTACT = "intake_first_contact"
"""The kind of the job that is due when the time for a first contact runs out."""


class Known(NamedTuple):
    """A request, the number of attempts to meet the person, and until when the first of them is expected."""

    request: Any
    attempts: int = 0
    due_at: datetime | None = None


NOT_TAKEN = Fault("", "unknown_field", "This object holds a field that this door does not take.")


class NotInThisState(Conflict):
    """The queue cannot make this move from where the request stands; `allowed` lists those it can."""

    code = "intake_move_not_allowed"


class WorkedMeanwhile(Conflict):
    """Somebody else worked on this request at the same moment; read it again."""

    code = "intake_worked_meanwhile"


class AttemptNotYetMade(Conflict):
    """An attempt is recorded on or after its day."""

    code = "attempt_not_yet_made"


def _source(permit: StaffPermit, draft: IntakeDraft) -> IntakeSource:
    """By whom a request came: an agency's own credential says it, and of the program's own people each says it.

    Raises `InvalidShape` for a field that is not for this caller, as for one that does not exist.
    """
    if not permit.viewer.sight.of_program:
        if draft.source is not None:
            raise InvalidShape(NOT_TAKEN)
        return IntakeSource.PARTNER_AGENCY
    if draft.source is None:
        raise InvalidShape(Fault("/source", "missing", "This field is required."))
    if draft.own_reference is not None:
        raise InvalidShape(NOT_TAKEN)
    return draft.source


async def post(permit: StaffPermit, draft: IntakeDraft, due_at: datetime) -> IntakeRequest:
    """Take a request into the queue, in the name of the caller's own organization, and start its clock."""
    source, contact = _source(permit, draft), draft.safe_contact
    if contact and contact.usual_place and not (await permit.database.read(zone_by_key(contact.usual_place)))[0]:
        raise NoSuchPlace
    request = permit.keep(
        IntakeRequest(
            organization_id=permit.actor.organization_id,
            source=source,
            needs=[need.value for need in draft.needs],
            urgency=draft.urgency,
            person_knows=draft.person_knows,
            meets_at=draft.meets_at,
            language=draft.language,
            wishes=[wish.value for wish in draft.wishes],
            contacting_prohibited=draft.contacting_prohibited,
            posted_on=permit.today,
            changed_on=permit.today,
        )
    )
    sealed = contact.to_seal() if contact else None
    said = {"note": draft.note, "own_reference": draft.own_reference, "safe_contact": sealed}
    permit.texts.keep(IntakeRequest, request.id, request.id, **said)
    permit.later(FIRST_CONTACT, request.id, due_at)
    return request


async def words(permit: RecordPermit) -> dict[str, str]:
    """What was said, by column: its own reference for the agency alone, the safe contact until the request is closed.

    To the program, who withdrew is not to be reached any more; the agency reads what it sent, which says nothing.
    """
    of_program, request = permit.viewer.sight.of_program, permit.record
    columns = ["note"] if of_program else ["note", "own_reference"]
    withdrawn = of_program and request.withdrawn_on is not None
    if neutral_status(request.posted_on, permit.today) is NeutralStatus.RECEIVED and not withdrawn:
        columns.append("safe_contact")
    return await permit.texts.read(IntakeRequest, permit.record.id, *columns)


def neutral_status(posted_on: date, today: date) -> NeutralStatus:
    """What an agency learns without consent: nothing but that the request came in, and when its time is over."""
    return NeutralStatus.CLOSED if today > posted_on + timedelta(days=UNTIL_CLOSED) else NeutralStatus.RECEIVED


async def attempt(permit: RecordPermit, draft: AttemptDraft) -> Known:
    """Record an attempt to meet the person; the first one moves a new request to contacting, and stops its clock."""
    if draft.attempted_on > permit.today:
        raise AttemptNotYetMade
    request = await with_code(permit, permit.record.id)
    if request.state not in (IntakeState.NEW, IntakeState.CONTACTING):
        raise not_allowed(request.state)
    permit.keep(
        IntakeAttempt(
            intake_request_id=request.id,
            member_id=permit.actor.id,
            attempted_on=draft.attempted_on,
            result=draft.result,
        )
    )
    permit.unit.resource = request.id
    changed_on = permit.today if request.state is IntakeState.NEW else request.changed_on
    return await worked(permit, request, 1, state=IntakeState.CONTACTING, changed_on=changed_on)


async def move(permit: RecordPermit, draft: IntakeMove) -> Known:
    """Move a request through the queue; who declined may come back."""
    request = await with_code(permit, permit.record.id)
    if draft.to not in MOVES[request.state]:
        raise not_allowed(request.state)
    withdrawn = withdrawal(permit.today, WithdrawnThrough.PROGRAM) if draft.to is IntakeState.WITHDRAWN else {}
    return await worked(permit, request, state=draft.to, reason=draft.reason, changed_on=permit.today, **withdrawn)


async def connect(permit: RecordPermit, participant: UUID, consent_asked: ConsentAsked) -> Known:
    """Say who it turned out to be, and what they said to the consent question."""
    request = permit.record
    if request.state not in CAN_CONNECT:
        raise not_allowed(request.state)
    return await worked(
        permit,
        request,
        state=IntakeState.CONNECTED,
        reason=None,
        changed_on=permit.today,
        participant_id=participant,
        member_id=permit.actor.id,
        team_id=permit.team,
        consent_asked=consent_asked,
    )


async def worked(permit: RecordPermit, request: Any, attempts: int = 0, **news: Any) -> Known:
    """Change a request by somebody's work on it, which stops the clock of the first contact; as it will be."""
    permit.change(IntakeRequest, request, or_else=WorkedMeanwhile, escalation=0, **news)
    if request.state is IntakeState.NEW:
        await permit.no_longer(FIRST_CONTACT, request.id)
    made = len(await permit.parts_of_record(IntakeAttempt)) + attempts
    return Known({**request._mapping, "escalation": 0, **news}, made)


def withdrawal(today: date, through: WithdrawnThrough) -> dict[str, Any]:
    """What is noted when the person withdraws."""
    return {"withdrawn_on": today, "withdrawn_through": through}


def not_allowed(state: IntakeState) -> NotInThisState:
    """The refusal of a move, with those that the queue can make from here."""
    allowed = sorted(move.value for move in MOVES[state])
    return NotInThisState(members={"allowed": allowed})


def moves(state: IntakeState) -> list[IntakeState]:
    """The states to which a request may be moved from here."""
    return sorted(MOVES[state], key=lambda move: move.value)


async def with_code(permit: Permit, request: UUID) -> Any:
    """One request within reach, and the participant's code once it is connected. Raises `NotFound`."""
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
    return (await _counted(permit, [await with_code(permit, request)]))[0]


@dataclass(frozen=True)
class Wanted:
    """Which requests a list is asked for; an agency asks for all of its own."""

    state: IntakeState | None = None
    escalated: bool | None = None


async def listed(permit: ListPermit, wanted: Wanted, page: PageRequest) -> tuple[list[Known], str | None]:
    """Requests within reach, newest first; in the program's queue those whose clock ran out come before all others."""
    requests = table_of(IntakeRequest)
    code = live_code(permit.program_id, requests.c.participant_id).label("code")
    statement = permit.own(IntakeRequest).add_columns(code)
    if not permit.viewer.sight.of_program:
        rows, following = await permit.page(
            IntakeRequest, statement, [requests.c.posted_on, requests.c.reference], page
        )
        return await _counted(permit, rows), following
    if wanted.state is not None:
        statement = statement.where(requests.c.state == wanted.state)
    if wanted.escalated is not None:
        statement = statement.where(requests.c.escalation > 0 if wanted.escalated else requests.c.escalation == 0)
    by = [requests.c.escalation, requests.c.posted_on, requests.c.id]
    rows, following = await permit.page(IntakeRequest, statement, by, page)
    return await _counted(permit, rows), following


async def for_today(permit: Permit, limit: int) -> list[Known]:
    """Requests whose person nobody has met yet: first where time ran out, then what is urgent, then the oldest."""
    requests = table_of(IntakeRequest)
    waiting = permit.own(IntakeRequest).where(requests.c.state.in_([IntakeState.NEW, IntakeState.CONTACTING]))
    urgent_first = case((requests.c.urgency == IntakeUrgency.URGENT, 0), else_=1)
    by = requests.c.escalation.desc(), urgent_first, requests.c.posted_on, requests.c.id
    return await _counted(permit, await permit.rows(IntakeRequest, waiting.order_by(*by).limit(limit)))


async def _counted(permit: Permit, rows: Sequence[Any]) -> list[Known]:
    if not permit.viewer.sight.of_program or not rows:
        return [Known(row) for row in rows]
    attempts = await permit.parts(IntakeAttempt, rows)
    jobs = (await permit.database.read(waiting_for(FIRST_CONTACT, *(row.id for row in rows))))[0]
    due = {job.record_id: job.due_at for job in jobs}
    return [Known(row, len(attempts[row.id]), due.get(row.id)) for row in rows]


def overdue(known: Known, now: datetime) -> bool:
    """Whether the time for a first contact ran out and nobody has tried."""
    values = as_values(known)
    late = known.due_at is not None and known.due_at <= now
    return values["state"] is IntakeState.NEW and (values["escalation"] > 0 or late)


def as_values(known: Known) -> Mapping[str, Any]:
    """A request by column, as it was read or as it will be."""
    request = known.request
    if isinstance(request, Mapping):
        return request
    held: Mapping[str, Any] | None = getattr(request, "_mapping", None)
    return {"code": None, **vars(request)} if held is None else held
