"""What this room decides of hand-overs: many people in one call, one outcome each, nothing opened that was closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.codes import read_code
from true_api.kernel.errors import NotFound, WriteCollided
from true_api.kernel.handles import spare_handles
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Basis, Caseload, RealmCode, live_code, still_works_with
from true_api.privacy.exclusions import not_excluded
from true_api.privacy.reach import Sight, Viewer
from true_api.rooms.assignments.members import teammates
from true_api.rooms.assignments.schemas import MOST_PEOPLE, HandOverDraft
from true_api.rooms.assignments.tables import HandedOverPerson, HandOver
from true_api.rooms.assignments.vocabulary import HandedOverAs
from true_api.security.permits import CasePermit, StaffPermit

HANDLES_TO_SPARE = 8


@dataclass(frozen=True)
class Outcome:
    """A person's code, and what became of them."""

    code: str
    outcome: HandedOverAs


async def hand_over(permit: StaffPermit, draft: HandOverDraft) -> tuple[HandOver, list[Outcome]]:
    """Hand people over from one member of the caller's team to another, each by themselves.

    Who was only shown a code hands on just that: greeting and new records. Raises `NotFound` where a member is not
    of the team, and for a mistyped code what every door does.
    """
    await teammates(permit, draft.from_id, draft.to_id)
    named = None if draft.codes is None else enumerate(draft.codes)
    codes = None if named is None else [read_code(code, pointer=f"/codes/{place}") for place, code in named]
    found: Sequence[Any] = await permit.rows(Caseload, _worked_by(permit, draft.from_id, codes).limit(MOST_PEOPLE + 1))
    entries = found[:MOST_PEOPLE]
    more = len(found) > MOST_PEOPLE
    said = permit.keep(
        HandOver(from_id=draft.from_id, to_id=draft.to_id, team_id=permit.team, handed_on=permit.today, more=more)
    )
    outcomes = await _each(permit, draft.to_id, entries)
    for entry, outcome in zip(entries, outcomes, strict=True):
        permit.keep(HandedOverPerson(hand_over_id=said.id, participant_id=entry.participant_id, outcome=outcome))
    told = [Outcome(entry.code, outcome) for entry, outcome in zip(entries, outcomes, strict=True)]
    missing = sorted(set(codes or ()) - {one.code for one in told})
    permit.unit.resource = said.id
    return said, [*told, *(Outcome(code, HandedOverAs.NOT_FOUND) for code in missing)]


async def again(permit: StaffPermit, hand_over_id: UUID) -> tuple[Any, list[Outcome]]:
    """A hand-over made before, with the people whom the caller still reaches; codes that led nowhere are gone."""
    said = await permit.one(HandOver, table_of(HandOver).c.id == hand_over_id)
    people = table_of(HandedOverPerson)
    code = live_code(permit.program_id, people.c.participant_id).label("code")
    theirs = permit.own(HandedOverPerson).add_columns(code).where(people.c.hand_over_id == hand_over_id)
    found: Sequence[Any] = await permit.rows(HandedOverPerson, theirs.order_by(people.c.id))
    return said, [Outcome(row.code, row.outcome) for row in found if row.code is not None]


def _worked_by(permit: StaffPermit, member_id: UUID, codes: Sequence[str] | None) -> Select[Any]:
    entries, known = table_of(Caseload), table_of(RealmCode)
    theirs = (
        permit.own(Caseload)
        .add_columns(known.c.code)
        .join(known, known.c.participant_id == entries.c.participant_id)
        .where(known.c.realm_id == permit.program_id, known.c.retired_on.is_(None), entries.c.member_id == member_id)
        .order_by(entries.c.since, entries.c.id)
    )
    return theirs if codes is None else theirs.where(known.c.code.in_(codes))


async def _each(permit: StaffPermit, to_id: UUID, entries: Sequence[Any]) -> list[HandedOverAs]:
    people = [entry.participant_id for entry in entries]
    table = table_of(Caseload)
    receiving = Viewer(Sight.OWN_CASELOAD, to_id, permit.actor.organization_id, None, permit.today)
    held = select(table).where(table.c.member_id == to_id, table.c.participant_id.in_(people))
    allowed = select(table.c.id).where(
        table.c.id.in_([entry.id for entry in entries]), not_excluded(table.c.participant_id, receiving)
    )
    theirs, may = await permit.database.read(held, allowed)
    own, free = {row.participant_id: row for row in theirs}, {row.id for row in may}
    handles = await _free_handles(permit, to_id, len(entries))
    outcomes = []
    for entry in entries:
        if entry.id not in free:
            outcomes.append(HandedOverAs.NOT_THIS_PEER)
            continue
        outcomes.append(_take_on(permit, entry, own.get(entry.participant_id), to_id, handles))
        permit.change(Caseload, entry, WriteCollided.meanwhile(), ended_on=permit.today)
    return outcomes


def _take_on(permit: StaffPermit, entry: Any, own: Any, to_id: UUID, handles: list[str]) -> HandedOverAs:
    """The receiving member's entry: a new one, the one that had ended, or the one that they have."""
    opens: dict[str, Any] = {"basis": Basis.ASSIGNED, "history_open": True} if entry.history_open else {}
    closed: dict[str, Any] = {"basis": Basis.SHOWN_CODE, "history_open": False}
    if own is None:
        permit.keep(
            Caseload(
                participant_id=entry.participant_id,
                member_id=to_id,
                team_id=permit.team,
                handle=handles.pop(),
                since=permit.today,
                active_on=entry.active_on,
                **(opens or closed),
            ),
            or_else=WriteCollided.meanwhile(),
        )
        return HandedOverAs.HANDED_OVER
    working = still_works_with(own, permit.today)
    if working and (own.history_open or not entry.history_open):
        return HandedOverAs.ALREADY_THEIRS
    news: Mapping[str, Any] = {"team_id": permit.team, "ended_on": None, **opens}
    if not working:
        news = {**news, "since": permit.today, "active_on": entry.active_on, **(opens or closed)}
    permit.change(Caseload, own, WriteCollided.meanwhile(), **news)
    return HandedOverAs.HANDED_OVER


async def _free_handles(permit: StaffPermit, member_id: UUID, count: int) -> list[str]:
    entries, drawn = table_of(Caseload), spare_handles(count + HANDLES_TO_SPARE)
    used = select(entries.c.handle).where(entries.c.member_id == member_id, entries.c.handle.in_(drawn))
    taken = {row.handle for row in (await permit.database.read(used))[0]}
    free = [handle for handle in dict.fromkeys(drawn) if handle not in taken]
    if len(free) < count:
        raise WriteCollided.meanwhile()
    return free


async def leave(permit: CasePermit) -> None:
    """The caller works with the person no longer. Raises `NotFound` for who stands in, or reaches them by a link."""
    entries = table_of(Caseload)
    own = select(entries).where(
        entries.c.participant_id == permit.participant,
        entries.c.member_id == permit.actor.id,
        entries.c.ended_on.is_(None),
    )
    found = (await permit.database.read(own))[0]
    if not found:
        raise NotFound
    permit.change(Caseload, found[0], WriteCollided.meanwhile(), ended_on=permit.today)
