"""What this room decides: recording, amending and voiding contacts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, not_, select

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.profile import LocalTerm, Vocabulary
from true_api.rooms.encounters.schemas import ActDraft, EncounterDraft, NoteDraft, VoidDraft
from true_api.rooms.encounters.tables import Encounter, EncounterAct, EncounterRevision
from true_api.rooms.encounters.vocabulary import ContactKind, Revised
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit, StaffPermit

Together = tuple[Any, Sequence[Any], Any]
"""An encounter, its acts, and its revision if it has one."""


class NotYetHappened(Conflict):
    """An encounter is recorded after it happens, never before."""

    code = "encounter_not_yet_happened"


class ContactKindElsewhere(Conflict):
    """With a participant, or without one: a contact is recorded at the door of its kind."""

    code = "contact_kind_elsewhere"


class HeadsOfOne(Conflict):
    """Heads are counted in a group or a drop-in; this contact was of another kind."""

    code = "heads_of_one"


class HeadsMissing(Conflict):
    """Of a group or a drop-in it is said how many people it had."""

    code = "heads_missing"


class NoSuchActTerm(Conflict):
    """A word of the program's own goes with the act that it is counted as; GET /v1/vocabularies lists them."""

    code = "no_such_act_term"


class AlreadyRevised(Conflict):
    """This encounter was amended or voided before; only the current one can be."""

    code = "encounter_already_revised"


async def must_be_own(permit: Permit, acts: Sequence[ActDraft], *, before: bool = False) -> None:
    """Raises `NoSuchActTerm` for a word that the program does not offer for its act.

    What was told `before` may be told again in a word that was switched off meanwhile.
    """
    said = {(act.own_term, act.act.value) for act in acts if act.own_term is not None}
    if not said:
        return
    terms = table_of(LocalTerm)
    of_acts = terms.c.vocabulary == Vocabulary.ACT, terms.c.key.in_([key for key, _ in said])
    known = select(terms.c.key, terms.c.shared_term).where(*of_acts)
    found = (await permit.database.read(known if before else known.where(terms.c.active)))[0]
    if said - {(term.key, term.shared_term) for term in found}:
        raise NoSuchActTerm


def record(permit: CasePermit, draft: EncounterDraft) -> Together:
    """Record a contact with a participant."""
    return _keep(permit, draft, participant_id=permit.participant, member_id=permit.actor.id, team_id=permit.team)


def record_without_participant(permit: StaffPermit, draft: EncounterDraft) -> Together:
    """Record a contact with somebody of whom there is no record."""
    return _keep(permit, draft, participant_id=None, member_id=permit.actor.id, team_id=permit.team)


def _keep(permit: Permit, draft: EncounterDraft, **whose: Any) -> Together:
    if draft.occurred_on > permit.today:
        raise NotYetHappened
    collecting = draft.collecting
    encounter = permit.keep(
        Encounter(
            **whose,
            kind=_kind(draft, with_participant=whose["participant_id"] is not None),
            setting=draft.setting,
            outcome=draft.outcome,
            occurred_on=draft.occurred_on,
            part_of_day=draft.part_of_day,
            heads=draft.heads,
            for_self=None if collecting is None else collecting.for_self,
            for_others=None if collecting is None else collecting.others,
        )
    )
    permit.texts.keep(Encounter, encounter.id, _subject(encounter), note=draft.note)
    acts = [
        permit.keep(EncounterAct(encounter_id=encounter.id, place=place, **vars(act)))
        for place, act in enumerate(draft.acts)
    ]
    return encounter, acts, None


def _kind(draft: EncounterDraft, with_participant: bool) -> ContactKind:
    """The kind that was said, or the one that goes without saying; held against the door and the heads."""
    usual = ContactKind.WITH_PARTICIPANT if with_participant else ContactKind.ANONYMOUS
    kind = draft.kind or usual
    if (kind is ContactKind.WITH_PARTICIPANT) != with_participant:
        raise ContactKindElsewhere
    if kind is ContactKind.GROUP_OR_DROP_IN and draft.heads is None:
        raise HeadsMissing
    if kind is not ContactKind.GROUP_OR_DROP_IN and draft.heads is not None:
        raise HeadsOfOne
    return kind


RULES = (NotYetHappened, ContactKindElsewhere, HeadsOfOne, HeadsMissing, NoSuchActTerm)
"""What recording and amending may refuse."""


def _subject(encounter: Any) -> UUID:
    """Whose data key seals its words: the person's, or its own where there is no record of the person."""
    subject: UUID = encounter.participant_id or encounter.id
    return subject


async def write_note(permit: RecordPermit, draft: NoteDraft) -> Together:
    """Add a note, or put it in the place of the one there is. Raises `AlreadyRevised` for what no longer counts."""
    found = await this(permit)
    if found[2] is not None:
        raise AlreadyRevised
    await permit.texts.replace(Encounter, permit.record.id, _subject(permit.record), note=draft.note)
    return found


async def drop_note(permit: RecordPermit) -> Together:
    """Take the note away, whatever became of the encounter; harmless where there is none."""
    await permit.texts.replace(Encounter, permit.record.id, _subject(permit.record), note=None)
    return await this(permit)


def amend(permit: RecordPermit, draft: EncounterDraft) -> Together:
    """Record it anew in the old one's place, as a contact of who made it. The old one stays readable."""
    old = permit.record
    amended = _keep(permit, draft, participant_id=old.participant_id, member_id=old.member_id, team_id=old.team_id)
    _revise(permit, Revised.AMENDED, amended_by=amended[0].id)
    return amended


async def void(permit: RecordPermit, draft: VoidDraft) -> Together:
    """Say that it should not count, and why."""
    revision = _revise(permit, Revised.VOIDED, void_reason=draft.reason)
    permit.unit.resource = permit.record.id
    return permit.record, await permit.parts_of_record(EncounterAct), revision


def _revise(permit: RecordPermit, revised: Revised, **more: Any) -> EncounterRevision:
    return permit.keep(
        EncounterRevision(
            encounter_id=permit.record.id,
            revised=revised,
            member_id=permit.actor.id,
            revised_on=permit.today,
            **more,
        ),
        or_else=AlreadyRevised,
    )


async def by_id(permit: Permit, encounter: UUID) -> Together:
    """One encounter within reach, current or not."""
    return (await together(permit, [await permit.one(Encounter, table_of(Encounter).c.id == encounter)]))[0]


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, Together]:
    """Encounters within reach, by id."""
    rows = await permit.rows(Encounter, permit.own(Encounter).where(table_of(Encounter).c.id.in_(ids)))
    return {found[0].id: found for found in await together(permit, rows)}


async def this(permit: RecordPermit) -> Together:
    """The encounter that the gate admitted."""
    return (await together(permit, [permit.record]))[0]


async def listed(permit: CasePermit | ListPermit, page: PageRequest) -> tuple[list[Together], str | None]:
    """Current encounters within reach, newest day first."""
    encounters = table_of(Encounter)
    rows, following = await permit.page(
        Encounter,
        permit.own(Encounter).where(current(encounters)),
        [encounters.c.occurred_on, encounters.c.id],
        page,
    )
    return await together(permit, rows), following


async def together(permit: Permit, rows: Sequence[Any]) -> list[Together]:
    """Encounters with their acts and revisions."""
    acts: Mapping[UUID, list[Any]] = await permit.parts(EncounterAct, rows)
    revisions: Mapping[UUID, list[Any]] = await permit.parts(EncounterRevision, rows)
    return [(row, acts[row.id], next(iter(revisions[row.id]), None)) for row in rows]


def current(encounters: Any) -> Any:
    """Whether an encounter counts: neither amended nor voided."""
    return not_(exists().where(table_of(EncounterRevision).c.encounter_id == encounters.c.id))
