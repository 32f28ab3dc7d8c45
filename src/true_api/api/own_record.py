"""The door to a person's own record."""

import asyncio
from datetime import date
from typing import Any

from pydantic import Field
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, wanted
from true_api.api.timeline import TimelineItem, view_of
from true_api.journeys import own_record
from true_api.kernel.errors import NotAcceptable
from true_api.kernel.schemas import View, examples
from true_api.outlets.own_record import writers
from true_api.rooms.vocabularies.wording import label_of
from true_api.security.gates import CaseGate
from true_api.security.permits import CasePermit, HistoryClosed
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/participants/{code}/record", tag="Participants")

READ = CaseGate(Permission.RECORD_READ)
JSON, PDF = "application/json", "application/pdf"
PRINTED: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
ON_PAPER = ["items", "looked", "words"]


class LookView(View):
    """Who inside opened this person's records on a day."""

    on: date
    member: str | None = Field(description="Null for somebody whose account is gone.")
    role: str
    permission: str = Field(description="What the doors that they opened ask for, such as `timeline:read`.")
    times: int


class OwnRecord(View):
    """Everything that is kept of a person, and who inside looked."""

    model_config = examples(
        {
            "items": [],
            "looked": [
                {"on": "2026-11-02", "member": "night peer", "role": "peer", "permission": "timeline:read", "times": 1}
            ],
        }
    )

    items: list[TimelineItem] = Field(description="Newest first, of all linked records.")
    looked: list[LookView] = Field(description="In the last three years, the latest day first.")


@doors.open("GET", "", READ, refuses=(HistoryClosed, NotAcceptable, *READING), responses=PRINTED)
async def read_own_record(code: str, request: Request, permit: Permitted[CasePermit]) -> OwnRecord:
    """Give the person their own record: everything that is kept of them, and who inside looked.

    As JSON the facts, without words; as a PDF to hand out, by Accept, with what was written down too, and without code,
    name or program. Which partner agencies were told stands in the accounting.
    """
    items, looks = await own_record.everything(permit), await own_record.looks(permit)
    told = [view_of(permit, item) for item in items]
    if wanted(request, (JSON, PDF)) == JSON:
        return OwnRecord(items=told, looked=[LookView.of(vars(look)) for look in looks])
    words = await own_record.words(permit, items)
    entries = [
        (item.on, label_of("kind", item.kind), getattr(seen, item.kind.value), words.get(item.record_id, {}))
        for item, seen in zip(items, told, strict=True)
    ]
    names = await own_record.names(permit)
    drawn = await asyncio.to_thread(writers.paper, entries, looks, names, permit.today)
    return Printed(drawn, PDF, ON_PAPER, "record.pdf")  # type: ignore[return-value]
