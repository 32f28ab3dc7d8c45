"""What this room decides: a way with a person ends once, is known by then, and can be taken up again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import QUIET, Caseload, live_code
from true_api.privacy.exclusions import members_excluded_from
from true_api.rooms.endings.schemas import EndingDraft
from true_api.rooms.endings.tables import DebriefOffer, Ending
from true_api.rooms.endings.vocabulary import DebriefAnswer, EndingKind
from true_api.security.accounts import Member
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit

LATELY = timedelta(days=90)
"""Who worked with the person within as many days is offered a debrief after a death (domain.md, endings)."""


class AlreadyEnded(Conflict):
    """An ending stands for this person; undo it first where it was another one."""

    code = "already_ended"


class NothingToUndo(Conflict):
    """No ending stands for this person."""

    code = "no_ending_to_undo"


class NotYetKnown(Conflict):
    """An ending is known from today or from a day that is over."""

    code = "ending_not_yet_known"


async def record(permit: CasePermit, draft: EndingDraft) -> Ending:
    """Record how the way with a person ended. Raises `HistoryClosed`, `NotYetKnown`, `AlreadyEnded`."""
    permit.need_history()
    if draft.known_from > permit.today:
        raise NotYetKnown
    if await standing(permit):
        raise AlreadyEnded
    return permit.keep(
        Ending(
            participant_id=permit.participant,
            member_id=permit.actor.id,
            team_id=permit.team,
            kind=draft.kind,
            known_from=draft.known_from,
            confirmed=draft.confirmed,
            recorded_on=permit.today,
        ),
        or_else=AlreadyEnded.meanwhile(),
    )


async def standing(permit: CasePermit) -> list[Any]:
    """The endings that stand for the person, by this record or by one that is linked with it."""
    undone = table_of(Ending).c.undone_on
    return list(await permit.rows(Ending, _with_code(permit).where(undone.is_(None))))


async def undo(permit: CasePermit) -> list[Any]:
    """Undo what stands; the endings as they were. Raises `HistoryClosed`, `NothingToUndo`."""
    permit.need_history()
    found = await standing(permit)
    if not found:
        raise NothingToUndo
    for ending in found:
        news = {"undone_on": permit.today, "undone_by": permit.actor.id}
        permit.change(Ending, ending, WriteCollided.meanwhile(), **news)
    return found


def _with_code(permit: Permit) -> Select[Any]:
    code = live_code(permit.program_id, table_of(Ending).c.participant_id).label("code")
    return permit.own(Ending).add_columns(code)


async def by_id(permit: Permit, ending_id: UUID) -> Any:
    """One ending within reach. Raises `NotFound`."""
    found = await permit.rows(Ending, _with_code(permit).where(table_of(Ending).c.id == ending_id))
    if not found:
        raise NotFound
    return found[0]


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """The endings of a person, those that were undone too, the latest known first."""
    permit.need_history()
    endings = table_of(Ending)
    return await permit.page(Ending, _with_code(permit), [endings.c.known_from, endings.c.id], page)


async def offer_debriefs(permit: CasePermit, ending: Ending, met_by: Select[Any]) -> None:
    """After a death, offer a debrief to whoever works or lately worked with the person; `met_by` names more of them.

    Nobody who is kept apart from the person is told: they may know them privately.
    """
    if ending.kind is not EndingKind.DIED:
        return
    members = table_of(Member)
    whom = select(members.c.id).where(
        or_(members.c.id.in_(_worked_with(permit)), members.c.id.in_(met_by)),
        members.c.id.not_in(members_excluded_from(*permit.people)),
        members.c.active,
    )
    for member in (await permit.database.read(whom.order_by(members.c.id)))[0]:
        permit.keep(
            DebriefOffer(
                ending_id=ending.id,
                participant_id=permit.participant,
                member_id=member.id,
                offered_on=permit.today,
            )
        )


def _worked_with(permit: CasePermit) -> Select[Any]:
    entries = table_of(Caseload)
    live = and_(entries.c.ended_on.is_(None), or_(entries.c.history_open, entries.c.active_on >= permit.today - QUIET))
    lately = or_(live, entries.c.ended_on >= permit.today - LATELY)
    return select(entries.c.member_id).where(entries.c.participant_id.in_(permit.people), lately)


async def reply(permit: RecordPermit, answer: DebriefAnswer) -> dict[str, Any]:
    """Say yes to a debrief, or not now; the offer as it will be."""
    offer = await debrief(permit, permit.record.id)
    news = {"answer": answer, "answered_on": permit.today}
    permit.change(DebriefOffer, offer, WriteCollided.meanwhile(), **news)
    return {**offer._mapping, **news}


def debriefs(permit: Permit) -> Select[Any]:
    """What was offered to the caller, each with their own two words for the person."""
    offers, entries = table_of(DebriefOffer), table_of(Caseload)
    handle = (
        select(entries.c.handle)
        .where(entries.c.participant_id == offers.c.participant_id, entries.c.member_id == permit.actor.id)
        .correlate(offers)
        .scalar_subquery()
    )
    return permit.own(DebriefOffer).add_columns(handle.label("handle"))


async def debrief(permit: Permit, offer_id: UUID) -> Any:
    """One offer of a debrief to the caller. Raises `NotFound`."""
    found = await permit.rows(DebriefOffer, debriefs(permit).where(table_of(DebriefOffer).c.id == offer_id))
    if not found:
        raise NotFound
    return found[0]


async def debriefs_listed(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """What was offered to the caller, newest first."""
    offers = table_of(DebriefOffer)
    return await permit.page(DebriefOffer, debriefs(permit), [offers.c.offered_on, offers.c.id], page)


async def for_today(permit: Permit, limit: int) -> Sequence[Any]:
    """Offers that the caller has not answered, newest first."""
    offers = table_of(DebriefOffer)
    open_still = debriefs(permit).where(offers.c.answer.is_(None))
    return await permit.rows(DebriefOffer, open_still.order_by(offers.c.offered_on.desc(), offers.c.id).limit(limit))
