"""Doors to the accounting of disclosures, and to those made in a medical emergency."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, wanted
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.errors import NotAcceptable, NotFound
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Page
from true_api.outlets.accounting import writers
from true_api.rooms.disclosures import accounting, service
from true_api.rooms.disclosures.schemas import (
    AccountingKeptApart,
    DisclosureAccounted,
    DisclosuresKeptApart,
    EmergencyDraft,
    EmergencyKept,
    EmergencyRecord,
    EmergencyView,
    IntermediaryDisclosure,
    IntermediaryList,
)
from true_api.rooms.disclosures.tables import EmergencyDisclosure
from true_api.security.gates import CaseGate, ListGate, RecordGate, StaffGate
from true_api.security.permits import CasePermit, HistoryClosed, ListPermit, NoTeam, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}", tag="Accounting")
apart = Doors("/accounting-kept-apart", tag="Accounting")
emergencies = Doors("/emergency-disclosures", tag="Accounting")

READ = CaseGate(Permission.ACCOUNTING_READ)
READ_APART = StaffGate(Permission.ACCOUNTING_READ)
TELL = CaseGate(Permission.EMERGENCY_WRITE, in_body=True)
LIST = ListGate(Permission.EMERGENCY_READ)
READ_ONE = RecordGate(Permission.EMERGENCY_READ, EmergencyDisclosure)

JSON, PDF = "application/json", "application/pdf"
PRINTED: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
LINE = ["basis", "categories", "consents", "disclosed_on", "fields", "organization", "purpose", "recipient"]


def _prints(request: Request) -> bool:
    return wanted(request, (JSON, PDF)) == PDF


@of_participant.open("GET", "/accounting", READ, refuses=(HistoryClosed, NotAcceptable, *READING), responses=PRINTED)
async def read_accounting(
    code: str, page: Annotated[PageQuery, Query()], request: Request, permit: Permitted[CasePermit]
) -> Page[DisclosureAccounted]:
    """Account for every disclosure of the last three years, newest first: to whom, what, what for, and by what right.

    For the person who asks (42 CFR 2.25), of all linked records. JSON in pages with every single disclosure, or a PDF
    to hand out by Accept, which has one line for those of a day that were alike.
    """
    if _prints(request):
        lines = await accounting.with_facilities(permit, await accounting.lines(permit))
        since = accounting.since(permit.today)
        drawn = await asyncio.to_thread(writers.accounting, lines, since, permit.today)
        return Printed(drawn, PDF, LINE, "accounting.pdf")  # type: ignore[return-value]
    found, following = await accounting.listed(permit, page.request())
    return Page(items=[DisclosureAccounted.of(told) for told in found], next_cursor=following)


@of_participant.open(
    "GET", "/intermediary-disclosures", READ, refuses=(HistoryClosed, NotAcceptable), responses=PRINTED
)
async def list_intermediary_disclosures(code: str, request: Request, permit: Permitted[CasePermit]) -> IntermediaryList:
    """List who received something by the person's consent to an intermediary in the last three years (42 CFR 2.24).

    JSON, or a PDF to hand out, by Accept.
    """
    lines, since = await accounting.lines(permit, by_intermediary=True), accounting.since(permit.today)
    if _prints(request):
        drawn = await asyncio.to_thread(writers.intermediary, lines, since, permit.today)
        return Printed(drawn, PDF, ["categories", "disclosed_on", "organization"], "recipients.pdf")  # type: ignore[return-value]
    return IntermediaryList(since=since, items=[IntermediaryDisclosure.of(line) for line in lines])


@apart.open("GET", "/{reference}", READ_APART, refuses=(NotFound,))
async def read_accounting_kept_apart(reference: str, permit: Permitted[StaffPermit]) -> AccountingKeptApart:
    """Account for what a consent disclosed of somebody who has been forgotten, by the reference on their paper.

    It is all that is left of it, by the month, and about nobody but for who holds that paper.
    """
    found = await accounting.kept_apart(permit, read_id(reference))
    return AccountingKeptApart(items=[DisclosuresKeptApart.of(told) for told in found])


def _emergency(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "code": shown(told["code"]), "disclosed_by": told["member_id"]}


async def _told_again(permit: CasePermit, emergency: UUID) -> EmergencyKept:
    words = await permit.texts.present(EmergencyDisclosure, emergency)
    return EmergencyKept(**_emergency(await service.by_id(permit, emergency)), words_kept=words)


@emergencies.open("POST", "", TELL, status=201, again=_told_again, refuses=(service.NotYetDisclosed, NoTeam))
async def record_emergency_disclosure(draft: EmergencyDraft, permit: Permitted[CasePermit]) -> EmergencyKept:
    """Document what medical personnel were told in an emergency, in which consent could not be asked for.

    At once, by the peer who told: 42 CFR 2.51(c) wants it documented immediately. It stands in the accounting from
    then on, and supervisors read it here.
    """
    told = service.record(permit, draft)
    return EmergencyKept(**_emergency(told), words_kept=permit.texts.kept(told["id"]))


@emergencies.open("GET", "", LIST)
async def list_emergency_disclosures(
    page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]
) -> Page[EmergencyView]:
    """List disclosures in emergencies of people whom the supervisor's team works with, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[EmergencyView(**_emergency(told)) for told in found], next_cursor=following)


@emergencies.open("GET", "/{id}", READ_ONE, refuses=(NotAcceptable, *READING), responses=PRINTED)
async def read_emergency_disclosure(id: str, request: Request, permit: Permitted[RecordPermit]) -> EmergencyRecord:
    """Read one disclosure in an emergency with the facility's name, or print it as the record for the person's file.

    The print has blank lines for the names of people and the time, which are written by hand and nowhere else.
    """
    told, facility = await service.by_id(permit, permit.record.id), await service.facility(permit)
    if _prints(request):
        drawn = await asyncio.to_thread(writers.emergency, told, facility)
        return Printed(drawn, PDF, sorted(told.keys() - {"code", "id"}), "emergency.pdf")  # type: ignore[return-value]
    return EmergencyRecord(**_emergency(told), facility=facility)
