"""Doors to encounters."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import recording, referring
from true_api.journeys.recording import AmendmentDraft, Recorded, RecordingDraft, RecordingKept, RecordingRecord
from true_api.kernel.errors import WriteCollided
from true_api.kernel.schemas import Page
from true_api.rooms.encounters import service
from true_api.rooms.encounters.schemas import ActView, CollectingView, EncounterView, NoteDraft, VoidDraft
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.promises.service import DayIsOver, PromiseSettled
from true_api.rooms.supplies.book import NoSuchLot
from true_api.rooms.supplies.places import NoSuchSite
from true_api.security.gates import CaseGate, ListGate, RecordGate, StaffGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}/encounters", tag="Encounters")
doors = Doors("/encounters", tag="Encounters")

WRITE = CaseGate(Permission.ENCOUNTER_WRITE)
READ = CaseGate(Permission.ENCOUNTER_READ)
WRITE_WITHOUT = StaffGate(Permission.ENCOUNTER_WRITE)
LIST = ListGate(Permission.ENCOUNTER_READ)
READ_ONE = RecordGate(Permission.ENCOUNTER_READ, Encounter)
REVISE = RecordGate(Permission.ENCOUNTER_WRITE, Encounter)
OF_GIFTS = (NoSuchSite, NoSuchLot)
RULES_WITH_NOBODY = (*service.RULES, *OF_GIFTS, recording.PromisedToNobody, NoTeam)
RULES_WITH_SOMEBODY = (
    *service.RULES,
    *OF_GIFTS,
    recording.NoSuchPromise,
    referring.NoSuchReferral,
    DayIsOver,
    PromiseSettled,
    NoTeam,
)


def _seen(together: service.Together) -> dict[str, Any]:
    encounter, acts, revision = together
    collected = encounter.for_self is not None
    collecting = CollectingView(for_self=encounter.for_self, others=encounter.for_others) if collected else None
    return {
        "collecting": collecting,
        "acts": [ActView.of(act) for act in acts],
        "with_participant": encounter.participant_id is not None,
        "revised": revision and revision.revised,
        "amended_by": revision and revision.amended_by,
    }


def view(together: service.Together) -> EncounterView:
    """An encounter with its acts, and what became of it."""
    return EncounterView.of(together[0], **_seen(together))


def _kept(recorded: Recorded, words: Sequence[str]) -> RecordingKept:
    encounter, given = recorded.together[0], recorded.given
    return RecordingKept.of(encounter, **_seen(recorded.together), given=given, words_kept=words)


def _recorded(permit: Permit, recorded: Recorded) -> RecordingKept:
    return _kept(recorded, permit.texts.kept(recorded.together[0].id))


async def _again(permit: Permit, encounter: UUID) -> RecordingKept:
    found = await recording.seen(permit, await service.by_id(permit, encounter))
    return _kept(found, await permit.texts.present(Encounter, encounter))


async def _voided_again(permit: Permit, encounter: UUID) -> EncounterView:
    return view(await service.by_id(permit, encounter))


@of_participant.open("POST", "", WRITE, status=201, again=_again, refuses=RULES_WITH_SOMEBODY)
async def record_encounter(code: str, draft: RecordingDraft, permit: Permitted[CasePermit]) -> RecordingKept:
    """Record one contact with a participant that has already happened.

    What was given moves out of a site's stock, and what was promised or kept is noted, in the same commit. The acts
    that giving, promising and keeping are need not be told as well.
    """
    return _recorded(permit, await recording.record(permit, draft))


@of_participant.open("GET", "", READ)
async def list_encounters_of_participant(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[EncounterView]:
    """List a participant's current encounters, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[view(together) for together in found], next_cursor=following)


@doors.open("POST", "", WRITE_WITHOUT, status=201, again=_again, refuses=RULES_WITH_NOBODY)
async def record_anonymous_contact(draft: RecordingDraft, permit: Permitted[StaffPermit]) -> RecordingKept:
    """Record a contact with somebody of whom there is no record, a group or drop-in by its heads, or supplies alone."""
    return _recorded(permit, await recording.record_without_participant(permit, draft))


@doors.open("GET", "", LIST)
async def list_encounters(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[EncounterView]:
    """List current encounters on the caller's caseload, or their team's, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[view(together) for together in found], next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=READING)
async def read_encounter(id: str, permit: Permitted[RecordPermit]) -> RecordingRecord:
    """Read one encounter with its note and what was given in it, current or not."""
    together, given = await recording.seen(permit, await service.this(permit))
    words = await permit.texts.read(Encounter, permit.record.id)
    return RecordingRecord.of(together[0], **_seen(together), given=given, note=words.get("note"))


@doors.open("PUT", "/{id}/note", REVISE, refuses=(service.AlreadyRevised, WriteCollided))
async def write_encounter_note(id: str, draft: NoteDraft, permit: Permitted[RecordPermit]) -> RecordingKept:
    """Add a note to an encounter, or put it in the place of the one it has.

    For a note that was returned, or that is written later. It is judged strictly, whatever is preferred.
    """
    return _recorded(permit, await recording.seen(permit, await service.write_note(permit, draft)))


@doors.open("DELETE", "/{id}/note", REVISE, refuses=(WriteCollided,))
async def drop_encounter_note(id: str, permit: Permitted[RecordPermit]) -> EncounterView:
    """Take an encounter's note away; the encounter itself stays."""
    return view(await service.drop_note(permit))


@doors.open(
    "POST",
    "/{id}/amendments",
    REVISE,
    status=201,
    again=_again,
    refuses=(service.AlreadyRevised, *service.RULES, *OF_GIFTS),
)
async def amend_encounter(id: str, draft: AmendmentDraft, permit: Permitted[RecordPermit]) -> RecordingKept:
    """Record an encounter anew in this one's place.

    The old one stays readable, its note too, and no longer counts; the answer is the new one. What was given goes
    along, unless the amendment says itself what was given.
    """
    return _recorded(permit, await recording.amend(permit, draft))


@doors.open("POST", "/{id}/void", REVISE, again=_voided_again, refuses=(service.AlreadyRevised,))
async def void_encounter(id: str, draft: VoidDraft, permit: Permitted[RecordPermit]) -> EncounterView:
    """Say that an encounter should not count, and why; what was given in it comes back to stock."""
    return view(await recording.void(permit, draft))
