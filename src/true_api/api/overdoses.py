"""Doors to overdose events."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.schemas import Page
from true_api.privacy.zones import NoSuchZone
from true_api.rooms.overdoses import service
from true_api.rooms.overdoses.schemas import OverdoseAmendment, OverdoseDraft, OverdoseView, OverdoseVoidDraft
from true_api.rooms.overdoses.tables import OverdoseEvent
from true_api.rooms.overdoses.vocabulary import OverdoseKind
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/overdose-events", tag="Overdoses and drug checking")

WRITE = StaffGate(Permission.OVERDOSE_WRITE, presents_code=True)
LIST = ListGate(Permission.OVERDOSE_READ)
READ_ONE = RecordGate(Permission.OVERDOSE_READ, OverdoseEvent)
REVISE = RecordGate(Permission.OVERDOSE_WRITE, OverdoseEvent)
OF_FACTS = (
    service.OverdoseNotYetHappened,
    service.DosesWithoutNaloxone,
    service.SurvivalContradictsKind,
    NoSuchZone,
)
"""What telling of an overdose may be refused for."""


class OverdoseQuery(PageQuery):
    """All overdose events within reach, or those of one kind."""

    kind: OverdoseKind | None = Field(None, description="Only those of this kind.")


def view(told: service.Told) -> OverdoseView:
    """An overdose event with what is believed of it, and what became of the record."""
    event, believed, revision = told
    return OverdoseView.of(
        event,
        substances=[each.substance for each in believed],
        linked_to_person=event.participant_id is not None,
        revised=revision and revision.revised,
        amended_by=revision and revision.amended_by,
    )


async def _again(permit: Permit, event: UUID) -> OverdoseView:
    return view(await service.by_id(permit, event))


@doors.open("POST", "", WRITE, status=201, again=_again, refuses=(*OF_FACTS, NoTeam))
async def record_overdose_event(draft: OverdoseDraft, permit: Permitted[StaffPermit]) -> OverdoseView:
    """Record an overdose, a reversal or a death by overdose.

    It is about nobody. Where the person asked that it be kept with their own record, their code goes with
    `link_to_person`; a fatal one is never linked to anybody.
    """
    return view(await service.record(permit, draft))


@doors.open("GET", "", LIST)
async def list_overdose_events(
    query: Annotated[OverdoseQuery, Query()], permit: Permitted[ListPermit]
) -> Page[OverdoseView]:
    """List current overdose events that the caller, or their team, recorded, newest first."""
    found, following = await service.listed(permit, query.kind, query.request())
    return Page(items=[view(told) for told in found], next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE)
async def read_overdose_event(id: str, permit: Permitted[RecordPermit]) -> OverdoseView:
    """Read one overdose event, current or not."""
    return view(await service.this(permit))


@doors.open(
    "POST", "/{id}/amendments", REVISE, status=201, again=_again, refuses=(*OF_FACTS, service.OverdoseAlreadyRevised)
)
async def amend_overdose_event(id: str, draft: OverdoseAmendment, permit: Permitted[RecordPermit]) -> OverdoseView:
    """Tell an overdose event anew in this one's place.

    The old one stays readable, and no longer counts; the answer is the new one. A link stays as it is.
    """
    return view(await service.amend(permit, draft))


@doors.open("POST", "/{id}/void", REVISE, again=_again, refuses=(service.OverdoseAlreadyRevised,))
async def void_overdose_event(id: str, draft: OverdoseVoidDraft, permit: Permitted[RecordPermit]) -> OverdoseView:
    """Say that an overdose event should not count, and why."""
    return view(await service.void(permit, draft))
