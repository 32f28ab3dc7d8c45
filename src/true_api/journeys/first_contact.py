"""The clock of a first contact: from a request taken in, by the hours in which somebody is there, to an escalation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.rooms.intake import service as intake
from true_api.rooms.intake.schemas import IF_IT_CANNOT_WAIT, IntakeDraft
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState, IntakeUrgency
from true_api.rooms.on_call import service as on_call
from true_api.rooms.on_call.hours import Staffing
from true_api.security.errands import Errand
from true_api.security.installation import Installation
from true_api.security.permits import Permit, StaffPermit

WITHIN_A_DAY = timedelta(hours=24)
URGENT_WITHIN = timedelta(hours=2)
ESCALATIONS = {IntakeUrgency.ROUTINE: 1, IntakeUrgency.URGENT: 2}
"""How often a request is escalated that nobody tries."""


@dataclass(frozen=True)
class TakenIn:
    """A request just taken in, and its receipt."""

    known: intake.Known
    receipt: dict[str, Any]


async def take_in(permit: StaffPermit, draft: IntakeDraft) -> TakenIn:
    """Take a request into the queue with the clock that its urgency asks for."""
    staffing = await on_call.staffing(permit.database, permit.time_zone)
    due_at = runs_out(draft.urgency, staffing, permit.now)
    request = await intake.post(permit, draft, due_at)
    return TakenIn(intake.Known(request, due_at=due_at), _receipt(permit, staffing, draft.urgency))


async def receipt_again(permit: Permit, request: Any) -> dict[str, Any]:
    """The receipt of a request that was taken in before."""
    return _receipt(permit, await on_call.staffing(permit.database, permit.time_zone), request.urgency)


def _receipt(permit: Permit, staffing: Staffing, urgency: IntakeUrgency) -> dict[str, Any]:
    """What is said of the program's hours, whoever posted and whatever becomes of it."""
    return {
        "next_staffed_at": on_call.local_minute(staffing.next_staffed_at(permit.now), permit.time_zone),
        "if_it_cannot_wait": IF_IT_CANNOT_WAIT if urgency is IntakeUrgency.URGENT else None,
    }


def runs_out(urgency: IntakeUrgency, staffing: Staffing, now: datetime) -> datetime:
    """Until when somebody should have tried: within a day; what is urgent, within two hours in which somebody is there.

    Where nobody has said when they are there, every hour counts; where nobody is there for long, a day is the most.
    """
    if urgency is IntakeUrgency.ROUTINE:
        return now + WITHIN_A_DAY
    if not staffing.is_kept:
        return now + URGENT_WITHIN
    return staffing.after_staffed(now, URGENT_WITHIN) or now + WITHIN_A_DAY


async def escalate(_installation: Installation, errand: Errand) -> None:
    """Nobody has tried in time: the request comes first in the queue, and what is urgent is looked at once more."""
    requests = table_of(IntakeRequest)
    found = (await errand.database.read(select(requests).where(requests.c.id == errand.record_id)))[0]
    if not found or found[0].state is not IntakeState.NEW:
        return
    request, level = found[0], found[0].escalation + 1
    errand.change(IntakeRequest, request, escalation=level, escalated_on=errand.today)
    if level < ESCALATIONS[request.urgency]:
        staffing = await on_call.staffing(errand.database, errand.time_zone)
        errand.later(intake.FIRST_CONTACT, request.id, runs_out(request.urgency, staffing, errand.now))
