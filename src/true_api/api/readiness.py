"""Doors to readiness notes."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.schemas import Page
from true_api.rooms.readiness import service
from true_api.rooms.readiness.schemas import (
    ReadinessNoteDraft,
    ReadinessNoteKept,
    ReadinessNoteRecord,
    ReadinessNoteView,
)
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.security.gates import CaseGate, RecordGate
from true_api.security.permits import CasePermit, NoTeam, RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}/readiness-notes", tag="Readiness")
doors = Doors("/readiness-notes", tag="Readiness")

WRITE = CaseGate(Permission.READINESS_WRITE)
READ = CaseGate(Permission.READINESS_READ)
READ_ONE = RecordGate(Permission.READINESS_READ, ReadinessNote)


async def _again(permit: CasePermit, note: UUID) -> ReadinessNoteKept:
    words = await permit.texts.present(ReadinessNote, note)
    return ReadinessNoteKept.of(await service.by_id(permit, note), words_kept=words)


@of_participant.open("POST", "", WRITE, status=201, again=_again, refuses=(service.NotYetSaid, NoTeam))
async def record_readiness_note(
    code: str, draft: ReadinessNoteDraft, permit: Permitted[CasePermit]
) -> ReadinessNoteKept:
    """Record what a person said about change.

    Any move in any direction is legal, and nothing is scored.
    """
    note = service.note(permit, draft)
    return ReadinessNoteKept.of(note, words_kept=permit.texts.kept(note.id))


@of_participant.open("GET", "", READ)
async def list_readiness_notes(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ReadinessNoteView]:
    """List a participant's readiness notes, newest first."""
    notes, following = await service.listed(permit, page.request())
    return Page(items=[ReadinessNoteView.of(note) for note in notes], next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=READING)
async def read_readiness_note(id: str, permit: Permitted[RecordPermit]) -> ReadinessNoteRecord:
    """Read one readiness note with its words."""
    words = await permit.texts.read(ReadinessNote, permit.record.id)
    return ReadinessNoteRecord.of(permit.record, **words)
