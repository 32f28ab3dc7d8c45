"""Doors to legal demands: for supervisors alone, and of no consequence to anything that peers and agencies see."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.outlets.accounting import writers
from true_api.rooms.demands import service
from true_api.rooms.demands.schemas import DemandDraft, DemandMove, DemandRecord, DemandStep, DemandView
from true_api.rooms.demands.tables import LegalDemand
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/legal-demands", tag="Legal demands")

RECEIVE = StaffGate(Permission.DEMAND_WRITE, presents_code=True)
LIST = ListGate(Permission.DEMAND_READ)
READ = RecordGate(Permission.DEMAND_READ, LegalDemand)
MOVE = RecordGate(Permission.DEMAND_WRITE, LegalDemand, presents_code=True)

PDF = "application/pdf"
PRINTED: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}


def _seen(demand: dict[str, Any]) -> dict[str, Any]:
    return {**demand, "code": demand["code"] and shown(demand["code"]), "moves": service.moves(demand["state"])}


async def _again(permit: Permit, demand: UUID) -> DemandView:
    return DemandView(**_seen(await service.by_id(permit, demand)))


@doors.open("POST", "", RECEIVE, status=201, again=_again, refuses=(service.NotYetReceived, NoTeam))
async def receive_legal_demand(draft: DemandDraft, permit: Permitted[StaffPermit]) -> DemandView:
    """Record a subpoena, court order, search warrant or other request that came in.

    It need not name a participant, and nothing that peers or agencies see changes by it. Its reference is written on
    the paper, which counsel gets; who asks and for whom by name stands there alone. A legal hold may follow.
    """
    return DemandView(**_seen(service.receive(permit, draft)))


@doors.open("GET", "", LIST)
async def list_legal_demands(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[DemandView]:
    """List legal demands: those that name nobody, and those about people whom the supervisor's team works with."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[DemandView(**_seen(demand)) for demand in found], next_cursor=following)


@doors.open("GET", "/{id}", READ)
async def read_legal_demand(id: str, permit: Permitted[RecordPermit]) -> DemandRecord:
    """Read one legal demand with every step that it took."""
    demand = await service.by_id(permit, permit.record.id)
    steps = [DemandStep.of(step) for step in await service.steps(permit)]
    return DemandRecord(**_seen(demand), steps=steps)


@doors.open(
    "POST",
    "/{id}/transitions",
    MOVE,
    again=_again,
    refuses=(
        service.DemandMoveNotAllowed,
        service.OrderOrConsentNeeded,
        service.DemandNamesNobody,
        service.DemandNamesAnother,
    ),
)
async def move_legal_demand(id: str, draft: DemandMove, permit: Permitted[RecordPermit]) -> DemandView:
    """Move a legal demand on: to counsel, to an objection, to its answer, or to a disclosure that the law allows.

    A subpoena or warrant alone allows none: it takes a court order under 42 CFR 2.61 to 2.67, or the person's consent
    for legal proceedings that names the recipient. What is disclosed stands in the person's accounting from then on.
    """
    return DemandView(**_seen(await service.move(permit, draft)))


@doors.open("GET", "/{id}/letter", READ, response_class=Response, responses=PRINTED)
async def print_letter(id: str, permit: Permitted[RecordPermit]) -> Response:
    """Print the letter that neither confirms nor denies (42 CFR 2.13(c)).

    It is the same for every demand, whoever it is about: no code, no person, and blank lines for the rest.
    """
    drawn = await asyncio.to_thread(writers.letter)
    return Printed(drawn, PDF, (), "letter.pdf")
