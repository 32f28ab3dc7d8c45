"""Doors to readiness notes."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, wanted
from true_api.api.queries import PageQuery, digits
from true_api.kernel.errors import NotAcceptable
from true_api.kernel.schemas import Draft, Page, examples
from true_api.outlets.waves.drawing import svg
from true_api.outlets.waves.wording import RULERS, WORDINGS, WaveLanguage
from true_api.rooms.readiness import service
from true_api.rooms.readiness.schemas import (
    ReadinessNoteDraft,
    ReadinessNoteKept,
    ReadinessNoteRecord,
    ReadinessNoteView,
    ReadinessWave,
    WavePoint,
)
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.security.gates import CaseGate, RecordGate
from true_api.security.permits import CasePermit, NoTeam, RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}/readiness-notes", tag="Readiness")
waves = Doors("/participants/{code}/readiness", tag="Readiness")
doors = Doors("/readiness-notes", tag="Readiness")

WRITE = CaseGate(Permission.READINESS_WRITE)
READ = CaseGate(Permission.READINESS_READ)
READ_ONE = RecordGate(Permission.READINESS_READ, ReadinessNote)


JSON, SVG = "application/json", "image/svg+xml"


class WaveQuery(Draft):
    """How much of a wave, and in which language."""

    model_config = examples({"latest": 60, "language": "es"})

    latest: Annotated[int, BeforeValidator(digits)] = Field(60, ge=1, le=200, description="As many notes at most.")
    language: WaveLanguage = WaveLanguage.EN


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


@waves.open(
    "GET", "", READ, refuses=(NotAcceptable,), responses={200: {"content": {SVG: {"schema": {"type": "string"}}}}}
)
async def read_readiness(
    code: str, query: Annotated[WaveQuery, Query()], request: Request, permit: Permitted[CasePermit]
) -> ReadinessWave:
    """Read what a person said of change, day by day, as a wave: up and down are both part of it.

    JSON, or a small drawing (SVG) by Accept. Nothing is derived, and no stage is named.
    """
    media_type = wanted(request, (JSON, SVG))
    notes, earlier = await service.wave(permit, query.latest)
    words = WORDINGS[query.language]
    if media_type == SVG:
        drawn = await asyncio.to_thread(svg, notes, words)
        return Printed(drawn, SVG, [*RULERS, "focus", "next_step", "occurred_on", "stage"], "wave.svg")  # type: ignore[return-value]
    return ReadinessWave(points=[WavePoint.of(note, in_words=words.said(note)) for note in notes], earlier=earlier)
