"""What this room decides: a note is kept as it was said."""

from uuid import UUID

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.readiness.schemas import ReadinessNoteDraft
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.security.permits import CasePermit, Permit

WORDS = ("what_helps", "what_gets_in_the_way", "next_step_words", "focus_words")


class NotYetSaid(Conflict):
    """A readiness note is recorded on or after the day it was said."""

    code = "readiness_not_yet_said"


def note(permit: CasePermit, draft: ReadinessNoteDraft) -> ReadinessNote:
    """Keep what the person said. Any move in any direction is legal; nothing is computed from it."""
    if draft.occurred_on > permit.today:
        raise NotYetSaid
    kept = permit.keep(
        ReadinessNote(
            participant_id=permit.participant,
            member_id=permit.actor.id,
            team_id=permit.team,
            occurred_on=draft.occurred_on,
            stage=draft.stage,
            focus=draft.focus,
            next_step=draft.next_step,
            importance=draft.importance,
            confidence=draft.confidence,
            readiness=draft.readiness,
            returned_to_use=draft.returned_to_use,
            support_offered=[support.value for support in draft.support_offered],
        )
    )
    permit.texts.keep(ReadinessNote, kept.id, permit.participant, **{name: getattr(draft, name) for name in WORDS})
    return kept


async def by_id(permit: Permit, note_id: UUID) -> ReadinessNote:
    """One note within reach."""
    return await permit.one(ReadinessNote, table_of(ReadinessNote).c.id == note_id)


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, ReadinessNote]:
    """Notes within reach, by id."""
    notes = table_of(ReadinessNote)
    return {
        note.id: note for note in await permit.rows(ReadinessNote, permit.own(ReadinessNote).where(notes.c.id.in_(ids)))
    }


async def wave(permit: CasePermit, latest: int) -> tuple[list[ReadinessNote], bool]:
    """A participant's latest notes, the first day first, and whether there are earlier ones."""
    found, following = await listed(permit, PageRequest(latest, None))
    return found[::-1], following is not None


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[ReadinessNote], str | None]:
    """A participant's notes, newest day first."""
    notes = table_of(ReadinessNote)
    return await permit.page(ReadinessNote, permit.own(ReadinessNote), [notes.c.occurred_on, notes.c.id], page)
