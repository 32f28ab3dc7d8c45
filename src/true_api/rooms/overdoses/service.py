"""What this room decides: an overdose event is about nobody unless the person asked, and a fatal one always is."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, not_

from true_api.kernel.errors import Conflict, Fault, InvalidShape
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.zones import must_be_a_zone
from true_api.rooms.overdoses.schemas import OverdoseAmendment, OverdoseDraft, OverdoseVoidDraft
from true_api.rooms.overdoses.tables import OverdoseEvent, OverdoseRevision, OverdoseSubstance
from true_api.rooms.overdoses.vocabulary import EventRevised, OverdoseKind, YesNoUnknown
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

Told = tuple[Any, Sequence[Any], Any]
"""An overdose event, its substances, and its revision if it has one."""

SURVIVED = {OverdoseKind.REVERSAL: YesNoUnknown.YES, OverdoseKind.FATAL: YesNoUnknown.NO}
"""What the kind says of whether the person survived."""
AS_TOLD = ("kind", "occurred_on", "part_of_day", "product", "doses", "given_by", "ems_called", "hospitalized")


class OverdoseNotYetHappened(Conflict):
    """An overdose event is recorded after it happens, never before."""

    code = "overdose_not_yet_happened"


class DosesWithoutNaloxone(Conflict):
    """Doses, a product and who gave it are told of naloxone that was used, and used means one dose at least."""

    code = "doses_without_naloxone"


class SurvivalContradictsKind(Conflict):
    """A reversal was survived; an overdose that somebody died of is a fatal one, and no other."""

    code = "survival_contradicts_kind"


class OverdoseAlreadyRevised(Conflict):
    """This overdose event was amended or voided before; only the current one can be."""

    code = "overdose_already_revised"


async def record(permit: StaffPermit, draft: OverdoseDraft) -> Told:
    """Record what happened; with the person who showed their code, where they asked for it.

    Raises `InvalidShape` for a link on a fatal one: a code of its own would tell the trail that this person died.
    """
    if draft.link_to_person and draft.kind is OverdoseKind.FATAL:
        raise InvalidShape(Fault("/link_to_person", "fatal_links_nobody", "A fatal overdose is linked to nobody."))
    participant = permit.person.id if draft.link_to_person else None
    return await _keep(permit, draft, participant_id=participant, member_id=permit.actor.id, team_id=permit.team)


async def amend(permit: RecordPermit, draft: OverdoseAmendment) -> Told:
    """Tell it anew in the old one's place, with the same link or none. The old one stays readable.

    Raises `InvalidShape` where a linked one would become fatal: it would lead from the person to their death.
    """
    old = permit.record
    if old.participant_id is not None and draft.kind is OverdoseKind.FATAL:
        raise InvalidShape(Fault("/kind", "fatal_links_nobody", "Void this event, and record the fatal one anew."))
    amended = await _keep(
        permit, draft, participant_id=old.participant_id, member_id=old.member_id, team_id=old.team_id
    )
    _revise(permit, EventRevised.AMENDED, amended_by=amended[0].id)
    return amended


async def void(permit: RecordPermit, draft: OverdoseVoidDraft) -> Told:
    """Say that it should not count, and why."""
    revision = _revise(permit, EventRevised.VOIDED, void_reason=draft.reason)
    permit.unit.resource = permit.record.id
    return permit.record, await permit.parts_of_record(OverdoseSubstance), revision


async def _keep(permit: Permit, draft: OverdoseAmendment, **whose: Any) -> Told:
    if draft.occurred_on > permit.today:
        raise OverdoseNotYetHappened
    naloxone, survived = naloxone_used(draft), survived_or_not(draft)
    await must_be_a_zone(permit.database, draft.zone)
    event = permit.keep(
        OverdoseEvent(
            **whose,
            **{name: getattr(draft, name) for name in AS_TOLD},
            naloxone_used=naloxone,
            survived=survived,
            place=draft.place,
            zone=draft.zone,
        )
    )
    believed = [permit.keep(OverdoseSubstance(event_id=event.id, substance=each)) for each in draft.substances]
    return event, believed, None


def naloxone_used(draft: OverdoseAmendment) -> YesNoUnknown:
    """Whether naloxone was used: as it was said, else as the doses say. Raises `DosesWithoutNaloxone`."""
    details = bool(draft.doses) or draft.product is not None or draft.given_by is not None
    none_given = draft.doses == 0
    if (details and none_given) or (details and draft.naloxone_used in (YesNoUnknown.NO, YesNoUnknown.UNKNOWN)):
        raise DosesWithoutNaloxone
    if draft.naloxone_used is YesNoUnknown.YES and none_given:
        raise DosesWithoutNaloxone
    if draft.naloxone_used is not None:
        return draft.naloxone_used
    if details:
        return YesNoUnknown.YES
    return YesNoUnknown.NO if none_given else YesNoUnknown.UNKNOWN


def survived_or_not(draft: OverdoseAmendment) -> YesNoUnknown:
    """Whether the person survived: as it was said, else as the kind says. Raises `SurvivalContradictsKind`."""
    follows = SURVIVED.get(draft.kind)
    said = draft.survived or follows or YesNoUnknown.UNKNOWN
    if said is not (follows or said) or (follows is None and said is YesNoUnknown.NO):
        raise SurvivalContradictsKind
    return said


def _revise(permit: RecordPermit, revised: EventRevised, **more: Any) -> OverdoseRevision:
    return permit.keep(
        OverdoseRevision(
            event_id=permit.record.id,
            revised=revised,
            member_id=permit.actor.id,
            revised_on=permit.today,
            **more,
        ),
        or_else=OverdoseAlreadyRevised,
    )


async def by_id(permit: Permit, event: UUID) -> Told:
    """One overdose event within reach, current or not. Raises `NotFound`."""
    return (await told(permit, [await permit.one(OverdoseEvent, table_of(OverdoseEvent).c.id == event)]))[0]


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, Told]:
    """Overdose events within reach, by id."""
    rows = await permit.rows(OverdoseEvent, permit.own(OverdoseEvent).where(table_of(OverdoseEvent).c.id.in_(ids)))
    return {found[0].id: found for found in await told(permit, rows)}


async def this(permit: RecordPermit) -> Told:
    """The overdose event that the gate admitted."""
    return (await told(permit, [permit.record]))[0]


async def listed(permit: ListPermit, kind: OverdoseKind | None, page: PageRequest) -> tuple[list[Told], str | None]:
    """Current overdose events within reach, newest day first; all, or those of one kind."""
    events = table_of(OverdoseEvent)
    asked = permit.own(OverdoseEvent).where(current(events))
    asked = asked if kind is None else asked.where(events.c.kind == kind)
    rows, following = await permit.page(OverdoseEvent, asked, [events.c.occurred_on, events.c.id], page)
    return await told(permit, rows), following


async def about_nobody(permit: Permit, event: UUID) -> bool:
    """Whether there is such an event within reach that counts, and is linked to nobody."""
    events = table_of(OverdoseEvent)
    asked = permit.own(OverdoseEvent).where(events.c.id == event, events.c.participant_id.is_(None), current(events))
    return bool(await permit.rows(OverdoseEvent, asked))


async def told(permit: Permit, rows: Sequence[Any]) -> list[Told]:
    """Overdose events with their substances and revisions."""
    believed: Mapping[UUID, list[Any]] = await permit.parts(OverdoseSubstance, rows)
    revisions: Mapping[UUID, list[Any]] = await permit.parts(OverdoseRevision, rows)
    return [(row, believed[row.id], next(iter(revisions[row.id]), None)) for row in rows]


def current(events: Any) -> Any:
    """Whether an overdose event counts: neither amended nor voided."""
    return not_(exists().where(table_of(OverdoseRevision).c.event_id == events.c.id))
