"""What this room decides: who took part in a session, what was agreed, and what two of them reflect on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.supervision.schemas import ReflectionDraft, SupervisionChange, SupervisionDraft
from true_api.rooms.supervision.tables import (
    AgreedAction,
    SupervisionAttendance,
    SupervisionReflection,
    SupervisionSession,
)
from true_api.rooms.supervision.vocabulary import AgreedDoer, AgreedState
from true_api.security.accounts import Member
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Role

WORKS_WITH_PEOPLE = (Role.PEER, Role.SUPERVISOR)

Told = Mapping[str, Any]


class SessionNotYetHeld(Conflict):
    """A session is written down after it was held, never before."""

    code = "session_not_yet_held"


class NoSuchColleague(Conflict):
    """Who takes part in a session are other peers and supervisors who work here now."""

    code = "no_such_colleague"


class SharedWithWhom(Conflict):
    """A reflection is shared between the supervisor and one of those who took part: say with whom."""

    code = "shared_with_whom"


class AgreedSettled(Conflict):
    """What was agreed was done or let go before."""

    code = "agreed_action_settled"


async def record(permit: StaffPermit, draft: SupervisionDraft) -> Told:
    """Keep a session that the caller gave. Raises `SessionNotYetHeld`, `NoSuchColleague`."""
    if draft.held_on > permit.today:
        raise SessionNotYetHeld
    await _judge_colleagues(permit, draft.member_ids)
    session = permit.keep(
        SupervisionSession(
            supervisor_id=permit.actor.id,
            held_on=draft.held_on,
            minutes=draft.minutes,
            form=draft.form,
            topics=sorted(draft.topics),
        )
    )
    for member in draft.member_ids:
        permit.keep(SupervisionAttendance(session_id=session.id, member_id=member))
    agreed = [
        permit.keep(
            AgreedAction(
                session_id=session.id,
                member_id=action.member_id or draft.member_ids[0],
                with_id=permit.actor.id,
                doer=action.doer,
                kind=action.kind,
                due_on=action.due_on,
                agreed_on=permit.today,
            )
        )
        for action in draft.agreed
    ]
    return {**session.model_dump(), "member_ids": sorted(draft.member_ids), "agreed": agreed}


async def _judge_colleagues(permit: Permit, wanted: Sequence[UUID]) -> None:
    members = table_of(Member)
    working = members.c.active, members.c.role.in_(WORKS_WITH_PEOPLE), members.c.id != permit.actor.id
    found = (await permit.database.read(select(members.c.id).where(members.c.id.in_(wanted), *working)))[0]
    if len(found) != len(wanted):
        raise NoSuchColleague


async def change(permit: RecordPermit, news: SupervisionChange) -> Told:
    """Put right what was written down wrongly. Raises `SessionNotYetHeld`."""
    told = dict(news.news())
    if told.get("held_on", permit.today) > permit.today:
        raise SessionNotYetHeld
    if "topics" in told:
        told["topics"] = sorted(told["topics"])
    permit.change(SupervisionSession, permit.record, **told)
    return {**(await together(permit, [permit.record]))[0], **told}


async def by_id(permit: Permit, session: UUID) -> Told:
    """One session within reach."""
    return (await together(permit, [await permit.one(SupervisionSession, _sessions().c.id == session)]))[0]


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Told], str | None]:
    """Sessions that the caller gave or took part in, newest first."""
    by = [_sessions().c.held_on, _sessions().c.id]
    rows, following = await permit.page(SupervisionSession, permit.own(SupervisionSession), by, page)
    return await together(permit, rows), following


async def together(permit: Permit, sessions: Sequence[Any]) -> list[Told]:
    """Sessions with who took part, and with what was agreed as far as the caller reaches it."""
    actions = table_of(AgreedAction)
    there = await permit.parts(SupervisionAttendance, sessions)
    mine = permit.own(AgreedAction).where(
        actions.c.session_id.in_(there),
        or_(actions.c.member_id == permit.actor.id, actions.c.with_id == permit.actor.id),
    )
    agreed = await permit.rows(AgreedAction, mine.order_by(actions.c.due_on, actions.c.id)) if there else []
    return [
        {
            **session._mapping,
            "member_ids": [row.member_id for row in there[session.id]],
            "agreed": [action for action in agreed if action.session_id == session.id],
        }
        for session in sessions
    ]


def _sessions() -> Any:
    return table_of(SupervisionSession)


async def reflect(permit: RecordPermit, draft: ReflectionDraft) -> SupervisionReflection:
    """Keep what one of two thinks of after a session. Raises `SharedWithWhom`."""
    session = permit.record
    there = [row.member_id for row in await permit.parts_of_record(SupervisionAttendance)]
    of_peer = permit.actor.id != session.supervisor_id
    named = permit.actor.id if of_peer else draft.member_id or (there[0] if len(there) == 1 else None)
    if named not in there or draft.member_id not in (None, named):
        raise SharedWithWhom
    reflection = permit.keep(
        SupervisionReflection(
            session_id=session.id,
            member_id=named,
            with_id=session.supervisor_id,
            author_id=permit.actor.id,
            written_on=permit.today,
        )
    )
    permit.texts.keep(SupervisionReflection, reflection.id, reflection.id, words=draft.words)
    return reflection


async def reflections(permit: RecordPermit) -> list[Any]:
    """What was written after this session and lies within the caller's reach, without the words."""
    table = table_of(SupervisionReflection)
    mine = permit.own(SupervisionReflection).where(table.c.session_id == permit.record.id)
    return await permit.rows(SupervisionReflection, mine.order_by(table.c.id))


async def reflection(permit: Permit, identity: UUID) -> SupervisionReflection:
    """One reflection within reach, without its words."""
    return await permit.one(SupervisionReflection, table_of(SupervisionReflection).c.id == identity)


async def settle(permit: RecordPermit, state: AgreedState) -> AgreedAction:
    """Say that what was agreed was done, or let go. Raises `AgreedSettled`."""
    if permit.record.state is not AgreedState.OPEN:
        raise AgreedSettled
    news = {"state": state, "settled_on": permit.today}
    permit.change(AgreedAction, permit.record, WriteCollided.meanwhile(), **news)
    return AgreedAction(**{**permit.record._mapping, **news})


async def agreed(permit: Permit, identity: UUID) -> AgreedAction:
    """One agreed action within reach."""
    return await permit.one(AgreedAction, table_of(AgreedAction).c.id == identity)


async def all_agreed(
    permit: ListPermit, state: AgreedState | None, page: PageRequest
) -> tuple[list[AgreedAction], str | None]:
    """What was agreed within reach, the latest day first; all, or those in one state."""
    actions = table_of(AgreedAction)
    asked = permit.own(AgreedAction) if state is None else permit.own(AgreedAction).where(actions.c.state == state)
    return await permit.page(AgreedAction, asked, [actions.c.due_on, actions.c.id], page)


async def for_today(permit: Permit, limit: int) -> Sequence[Any]:
    """What the caller said they would do in supervision and is due by today, the oldest first."""
    actions = table_of(AgreedAction)
    theirs = or_(
        and_(actions.c.doer == AgreedDoer.PEER, actions.c.member_id == permit.actor.id),
        and_(actions.c.doer == AgreedDoer.SUPERVISOR, actions.c.with_id == permit.actor.id),
    )
    due = permit.own(AgreedAction).where(theirs, actions.c.state == AgreedState.OPEN, actions.c.due_on <= permit.today)
    return await permit.rows(AgreedAction, due.order_by(actions.c.due_on, actions.c.id).limit(limit))
