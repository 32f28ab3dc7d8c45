"""What a team has said of its supervision, and how far it is kept: hours, sessions overdue, actions overdue."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from true_api.kernel.errors import WriteCollided
from true_api.kernel.quarters import Quarter
from true_api.kernel.rows import table_of
from true_api.rooms.supervision.schemas import PracticeDraft
from true_api.rooms.supervision.tables import (
    USUAL_INTERVAL,
    AgreedAction,
    SamplingShare,
    SupervisionAttendance,
    SupervisionPractice,
    SupervisionSession,
)
from true_api.rooms.supervision.vocabulary import AgreedState
from true_api.security.accounts import Member
from true_api.security.permits import ListPermit, Permit, StaffPermit
from true_api.security.roles import Role


async def practice(permit: Permit) -> dict[str, Any]:
    """The interval and the shares of the caller's own team, of today and from tomorrow on."""
    kept = await permit.rows(SupervisionPractice, permit.own(SupervisionPractice))
    return _told(kept[0].interval_days if kept else USUAL_INTERVAL, await shares(permit), permit.today)


async def set_practice(permit: StaffPermit, draft: PracticeDraft) -> dict[str, Any]:
    """Keep what the caller's team does from now on. Another share holds from tomorrow on, so that nobody can pick."""
    kept = await permit.rows(SupervisionPractice, permit.own(SupervisionPractice))
    again = WriteCollided.meanwhile()
    if kept:
        permit.change(SupervisionPractice, kept[0], again, interval_days=draft.interval_days)
    else:
        permit.keep(SupervisionPractice(team_id=permit.team, interval_days=draft.interval_days), again)
    before, tomorrow = await shares(permit), permit.today + timedelta(days=1)
    of_tomorrow = [share for share in before if share.from_on == tomorrow]
    fresh = SamplingShare(team_id=permit.team, from_on=tomorrow, percent=draft.sampled_percent)
    if of_tomorrow:
        permit.change(SamplingShare, of_tomorrow[0], again, percent=draft.sampled_percent)
    elif percent_on(before, tomorrow) != draft.sampled_percent:
        permit.keep(fresh, again)
    return _told(draft.interval_days, [share for share in before if share not in of_tomorrow] + [fresh], permit.today)


def _told(interval: int, known: Sequence[Any], today: date) -> dict[str, Any]:
    tomorrow = today + timedelta(days=1)
    now, following = percent_on(known, today), percent_on(known, tomorrow)
    more = now != following
    return {
        "interval_days": interval,
        "sampled_percent": now,
        "sampled_percent_next": following if more else None,
        "sampled_from": tomorrow if more else None,
    }


async def shares(permit: Permit) -> list[Any]:
    """All shares that the caller's team ever set, the first one first."""
    table = table_of(SamplingShare)
    return await permit.rows(SamplingShare, permit.own(SamplingShare).order_by(table.c.from_on))


def percent_on(known: Sequence[Any], day: date) -> int:
    """The share that holds on a day; none before a team has set one."""
    return max(((share.from_on, share.percent) for share in known if share.from_on <= day), default=(day, 0))[1]


async def overview(permit: ListPermit, quarter: Quarter) -> list[dict[str, Any]]:
    """Everybody of the caller's team with their hours of a quarter, and what is overdue today."""
    interval = (await practice(permit))["interval_days"]
    members, there = table_of(Member), table_of(SupervisionAttendance)
    sessions, actions = table_of(SupervisionSession), table_of(AgreedAction)
    within = sessions.c.held_on.between(quarter.first_day, quarter.last_day)
    minutes = func.coalesce(func.sum(sessions.c.minutes).filter(within), 0).label("minutes")
    attended = permit.own(SupervisionAttendance).with_only_columns(
        there.c.member_id,
        func.count().filter(within).label("sessions"),
        minutes,
        func.max(sessions.c.held_on).label("last_on"),
    )
    attended = attended.join(sessions, sessions.c.id == there.c.session_id).group_by(there.c.member_id)
    late = actions.c.state == AgreedState.OPEN, actions.c.due_on < permit.today
    overdue = permit.own(AgreedAction).with_only_columns(actions.c.member_id, func.count().label("late"))
    people = select(members.c.id, members.c.label, members.c.created_at).where(
        members.c.team_id == permit.team, members.c.role == Role.PEER, members.c.active
    )
    peers, hours, open_actions = await permit.database.read(
        people.order_by(members.c.label), attended, overdue.where(*late).group_by(actions.c.member_id)
    )
    known, counted = {row.member_id: row for row in hours}, {row.member_id: row.late for row in open_actions}
    return [_line(peer, known.get(peer.id), counted.get(peer.id, 0), permit.today, interval) for peer in peers]


def _line(peer: Any, hours: Any, late: int, today: date, interval: int) -> dict[str, Any]:
    """Whoever never had a session is overdue once they have been here for an interval."""
    since = hours.last_on if hours else peer.created_at.date()
    return {
        "member_id": peer.id,
        "label": peer.label,
        "sessions": hours.sessions if hours else 0,
        "minutes": hours.minutes if hours else 0,
        "last_on": hours.last_on if hours else None,
        "overdue": today - since > timedelta(days=interval),
        "actions_overdue": late,
    }
