"""Withdrawal: the person asks that nobody try to meet them any more, at any time, and says so to whom they like."""

from datetime import date
from typing import Any

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.rooms.intake.service import FIRST_CONTACT, Known, not_allowed, with_code, withdrawal, worked
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState, WithdrawnThrough
from true_api.security.errands import Errand
from true_api.security.installation import Installation
from true_api.security.permits import RecordPermit

WITHDRAWAL = "intake_withdrawal"
"""The kind of the job that carries out what the person said to the agency that posted."""


async def withdraw(permit: RecordPermit) -> Known:
    """Note the person's word, said to the program. Whoever is connected already stays so: the request alone ends."""
    request = await with_code(permit, permit.record.id)
    if request.withdrawn_on is not None or request.state is IntakeState.WITHDRAWN:
        raise not_allowed(request.state)
    return await worked(permit, request, **_news(request, permit.today, WithdrawnThrough.PROGRAM))


def pass_on(permit: RecordPermit) -> None:
    """Have what the person said to the agency carried out by the program itself.

    The agency's own request changes nothing in the queue, whatever stands there: so neither its answer, nor a refusal,
    nor a collision can tell the agency what has become of its request.
    """
    permit.later(WITHDRAWAL, permit.record.id, permit.now)
    permit.unit.resource = permit.record.id


async def carry_out(_installation: Installation, errand: Errand) -> None:
    """Note the person's word as the agency passed it on, if they have not said it before."""
    requests = table_of(IntakeRequest)
    found = (await errand.database.read(select(requests).where(requests.c.id == errand.record_id)))[0]
    if not found or found[0].withdrawn_on is not None or found[0].state is IntakeState.WITHDRAWN:
        return
    request = found[0]
    errand.about(request.participant_id)
    errand.change(IntakeRequest, request, **_news(request, errand.today, WithdrawnThrough.AGENCY), escalation=0)
    await errand.no_longer(FIRST_CONTACT, request.id)


def _news(request: Any, today: date, through: WithdrawnThrough) -> dict[str, Any]:
    news = {"changed_on": today, **withdrawal(today, through)}
    if request.state is not IntakeState.CONNECTED:
        # A connection stays what it is: of somebody who is forgotten later, the queue knows by it that they were met.
        news |= {"state": IntakeState.WITHDRAWN, "reason": None}
    return news
