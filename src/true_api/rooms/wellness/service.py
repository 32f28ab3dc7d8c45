"""What this room decides: a pulse is its peer's alone, and what is shared of it is what the peer says."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.quarters import Quarter
from true_api.kernel.rows import table_of
from true_api.rooms.wellness.schemas import PulseDraft, SupportDraft
from true_api.rooms.wellness.tables import KEPT_AFTER_QUARTER, SupportRequest, WellnessPulse
from true_api.rooms.wellness.vocabulary import SupportState
from true_api.security.accounts import Member
from true_api.security.colleagues import ProgramLead
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Role

OVER = (SupportState.SETTLED, SupportState.WITHDRAWN)


class PulseQuarterClosed(Conflict):
    """This pulse stands in the counts of a closed quarter: it goes by itself, with all of that quarter."""

    code = "pulse_quarter_closed"


class NoSuchSupervisor(Conflict):
    """Support is asked of somebody else who supervises here now."""

    code = "no_such_supervisor"


class SupportSettled(Conflict):
    """This request for support was settled or withdrawn before."""

    code = "support_settled"


def take_pulse(permit: StaffPermit, draft: PulseDraft) -> WellnessPulse:
    """Keep how the caller is today."""
    return permit.keep(
        WellnessPulse(
            member_id=permit.actor.id,
            taken_on=permit.today,
            quarter_ends_on=Quarter.of(permit.today).last_day,
            counted=permit.actor.role is Role.PEER,
            **draft.model_dump(),
        )
    )


def told(pulse: Any) -> dict[str, Any]:
    """A pulse with the day until which it is kept."""
    held = pulse.model_dump() if isinstance(pulse, WellnessPulse) else pulse._mapping
    return {**held, "kept_until": pulse.quarter_ends_on + timedelta(days=KEPT_AFTER_QUARTER)}


async def pulse(permit: Permit, identity: UUID) -> WellnessPulse:
    """One pulse of the caller's own."""
    return await permit.one(WellnessPulse, table_of(WellnessPulse).c.id == identity)


async def pulses(permit: ListPermit, page: PageRequest) -> tuple[list[WellnessPulse], str | None]:
    """The caller's own pulses, newest first."""
    by = [table_of(WellnessPulse).c.taken_on, table_of(WellnessPulse).c.id]
    return await permit.page(WellnessPulse, permit.own(WellnessPulse), by, page)


def let_go(permit: RecordPermit) -> None:
    """Take back a pulse of the running quarter. Raises `PulseQuarterClosed`: a count that changed would tell."""
    if permit.record.quarter_ends_on < permit.today:
        raise PulseQuarterClosed
    permit.remove(WellnessPulse, permit.record.id)


async def ask_for_support(permit: Permit, draft: SupportDraft) -> SupportRequest:
    """Ask somebody for support, past one's own supervisor if one likes. Raises `NoSuchSupervisor`."""
    members = table_of(Member)
    there = members.c.active, members.c.role == Role.SUPERVISOR, members.c.id != permit.actor.id
    asked = select(members.c.id).where(members.c.id == draft.to_member_id, *there)
    if not (await permit.database.read(asked))[0]:
        raise NoSuchSupervisor
    kept = permit.keep(
        SupportRequest(member_id=permit.actor.id, with_id=draft.to_member_id, wish=draft.wish, asked_on=permit.today)
    )
    permit.texts.keep(SupportRequest, kept.id, kept.id, words=draft.words)
    return kept


async def support(permit: Permit, identity: UUID) -> SupportRequest:
    """One request that the caller made or was asked."""
    return await permit.one(SupportRequest, table_of(SupportRequest).c.id == identity)


async def requests(permit: ListPermit, page: PageRequest) -> tuple[list[SupportRequest], str | None]:
    """Requests that the caller made or was asked, newest first."""
    by = [table_of(SupportRequest).c.asked_on, table_of(SupportRequest).c.id]
    return await permit.page(SupportRequest, permit.own(SupportRequest), by, page)


def move(permit: RecordPermit, state: SupportState) -> dict[str, Any]:
    """Take a request up, settle it or withdraw it. Raises `SupportSettled`."""
    if permit.record.state in OVER:
        raise SupportSettled
    news = {"state": state, **({"settled_on": permit.today} if state in OVER else {})}
    permit.change(SupportRequest, permit.record, WriteCollided.meanwhile(), **news)
    return {**permit.record._mapping, **news}


async def supervisors(permit: ListPermit) -> list[dict[str, Any]]:
    """Everybody who supervises here now, the caller's own team first."""
    members, leads = table_of(Member), table_of(ProgramLead)
    asked = select(members.c.id, members.c.label, members.c.team_id, leads.c.id.label("lead"))
    asked = asked.outerjoin(leads, leads.c.member_id == members.c.id)
    found = (await permit.database.read(asked.where(members.c.active, members.c.role == Role.SUPERVISOR)))[0]
    listed = [
        {
            "member_id": row.id,
            "label": row.label,
            "own_team": row.team_id == permit.actor.team_id,
            "leads_program": row.lead is not None,
        }
        for row in found
    ]
    return sorted(listed, key=lambda one: (not one["own_team"], one["label"]))


async def for_today(permit: Permit, limit: int) -> Sequence[Any]:
    """Requests for support that wait for the caller, the oldest first."""
    table = table_of(SupportRequest)
    waiting = permit.own(SupportRequest).where(table.c.with_id == permit.actor.id, table.c.state == SupportState.ASKED)
    return await permit.rows(SupportRequest, waiting.order_by(table.c.asked_on, table.c.id).limit(limit))
