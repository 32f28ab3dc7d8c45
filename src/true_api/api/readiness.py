"""Doors to readiness notes."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.schemas import Page
from true_api.rooms.readiness import service
from true_api.rooms.readiness.schemas import ReadinessNoteDraft, ReadinessNoteView
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.security.gates import CaseGate, RecordGate
from true_api.security.permits import CasePermit, NoTeam, RecordPermit
from true_api.security.roles import Permission

of_participant = Doors("/participants/{code}/readiness-notes", tag="Readiness")
doors = Doors("/readiness-notes", tag="Readiness")

WRITE = CaseGate(Permission.READINESS_WRITE)
READ = CaseGate(Permission.READINESS_READ)
READ_ONE = RecordGate(Permission.READINESS_READ, ReadinessNote)


async def _again(permit: CasePermit, note: UUID) -> ReadinessNoteView:
    return ReadinessNoteView.of(await service.by_id(permit, note))


@of_participant.open("POST", "", WRITE, status=201, again=_again, refuses=(service.NotYetSaid, NoTeam))
async def record_readiness_note(
    code: str, draft: ReadinessNoteDraft, permit: Permitted[CasePermit]
) -> ReadinessNoteView:
    """Record what a person said about change.

    Any move in any direction is legal, and nothing is scored.
    """
    return ReadinessNoteView.of(service.note(permit, draft))


@of_participant.open("GET", "", READ)
async def list_readiness_notes(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ReadinessNoteView]:
    """List a participant's readiness notes, newest first."""
    notes, following = await service.listed(permit, page.request())
    return Page(items=[ReadinessNoteView.of(note) for note in notes], next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE)
async def read_readiness_note(id: str, permit: Permitted[RecordPermit]) -> ReadinessNoteView:
    """Read one readiness note."""
    return ReadinessNoteView.of(permit.record)
