"""What this room decides: a plan is never written over, and a later version takes its place."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.kernel.schemas import Draft
from true_api.privacy.cases import live_code
from true_api.privacy.endings import not_ended
from true_api.privacy.narrative import Narrative
from true_api.privacy.people_reached import people_reached
from true_api.rooms.plans.schemas import PlanDraft, PlanReviewed
from true_api.rooms.plans.tables import Plan
from true_api.rooms.plans.vocabulary import PlanKind
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit


class PlanEmpty(Conflict):
    """A plan says something in one part at least."""

    code = "plan_empty"


class PlanNotYetWritten(Conflict):
    """A plan is recorded on or after the day it was written."""

    code = "plan_not_yet_written"


class ReviewNotAfterwards(Conflict):
    """A plan is looked at again on a day after it was written, or was last looked at."""

    code = "plan_review_not_afterwards"


class PlanNotCurrent(Conflict):
    """Another version has come since; read it before writing the next one."""

    code = "plan_not_current"


async def write(permit: CasePermit, kind: PlanKind, draft: PlanDraft) -> Plan:
    """Keep a version. It takes the place of those in force, unless it was written on paper before them.

    Raises `PlanNotYetWritten`, `ReviewNotAfterwards`, `PlanEmpty`, `PlanNotCurrent`.
    """
    if draft.written_on > permit.today:
        raise PlanNotYetWritten
    if draft.review_on is not None and draft.review_on <= draft.written_on:
        raise ReviewNotAfterwards
    if not (said := _said(draft)):
        raise PlanEmpty
    in_force = await permit.rows(Plan, _in_force(permit, kind))
    if draft.supersedes is not None and draft.supersedes not in {plan.id for plan in in_force[:1]}:
        raise PlanNotCurrent
    kept = _kept(permit, kind, draft, in_force)
    permit.texts.keep(Plan, kept.id, permit.participant, **said)
    # Not the one that it took the place of, though that was changed first.
    permit.unit.resource = kept.id
    return kept


def _kept(permit: CasePermit, kind: PlanKind, draft: PlanDraft, in_force: Sequence[Plan]) -> Plan:
    later = next((plan.written_on for plan in in_force if plan.written_on > draft.written_on), None)
    for plan in in_force if later is None else ():
        permit.change(Plan, plan, WriteCollided.meanwhile(), superseded_on=permit.today)
    return permit.keep(
        Plan(
            participant_id=permit.participant,
            member_id=permit.actor.id,
            team_id=permit.team,
            kind=kind,
            written_in=draft.written_in,
            written_on=draft.written_on,
            review_on=draft.review_on,
            superseded_on=later,
        )
    )


def _said(draft: PlanDraft) -> dict[str, str]:
    """Each part as it is sealed. An entry whose words were not let in, and that says nothing else, is left out."""
    parts = {name: list(_entries(entries)) for name, entries in draft.parts().items()}
    return {name: json.dumps(entries, ensure_ascii=False) for name, entries in parts.items() if entries}


def _entries(entries: Iterable[Draft]) -> Iterable[dict[str, str]]:
    for entry in entries:
        told = {name: getattr(entry, name) for name in type(entry).model_fields}
        entry_said = {name: _plain(value) for name, value in told.items() if value is not None}
        if entry_said:
            yield entry_said


def _plain(value: Any) -> str:
    return value.text if isinstance(value, Narrative) else str(value.value)


async def reviewed(permit: RecordPermit, kind: PlanKind, draft: PlanReviewed) -> dict[str, Any]:
    """The two looked at a plan today and it holds. Raises `NotFound`, `PlanNotCurrent`, `ReviewNotAfterwards`."""
    plan = of_kind(permit, kind)
    if plan.superseded_on is not None:
        raise PlanNotCurrent
    if draft.review_on is not None and draft.review_on <= permit.today:
        raise ReviewNotAfterwards
    news = {"review_on": draft.review_on, "reviewed_on": permit.today}
    permit.change(Plan, plan, WriteCollided.meanwhile(), **news)
    return {**plan._mapping, **news}


def of_kind(permit: RecordPermit, kind: PlanKind) -> Any:
    """The plan that this request is about. Raises `NotFound` for one of the other kind: each has its own doors."""
    if permit.record.kind is not kind:
        raise NotFound
    return permit.record


async def in_force(permit: CasePermit, kind: PlanKind) -> Plan:
    """The version that holds. Raises `NotFound` where none was written."""
    found = await permit.rows(Plan, _in_force(permit, kind).limit(1))
    if not found:
        raise NotFound
    return found[0]


async def words_of(permit: Permit, plan: UUID) -> dict[str, list[dict[str, str]]]:
    """The parts of a version in the clear, each a list of entries."""
    return {part: json.loads(sealed) for part, sealed in (await permit.texts.read(Plan, plan)).items()}


async def by_id(permit: Permit, plan: UUID) -> Plan:
    """One version within reach."""
    return await permit.one(Plan, table_of(Plan).c.id == plan)


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, Plan]:
    """Versions within reach, by id."""
    asked = permit.own(Plan).where(table_of(Plan).c.id.in_(ids))
    return {plan.id: plan for plan in await permit.rows(Plan, asked)}


async def listed(permit: CasePermit, kind: PlanKind, page: PageRequest) -> tuple[list[Plan], str | None]:
    """Every version of a person's plan, the latest first."""
    plans = table_of(Plan)
    asked = permit.own(Plan).where(plans.c.kind == kind)
    return await permit.page(Plan, asked, [plans.c.written_on, plans.c.id], page)


async def for_today(permit: ListPermit, limit: int) -> Sequence[Any]:
    """Plans within reach whose day to be looked at again has come, the longest waiting first, with the person's code.

    Of people with whom the way has ended there are none.
    """
    plans = table_of(Plan)
    code = live_code(permit.program_id, plans.c.participant_id).label("code")
    due = plans.c.superseded_on.is_(None), plans.c.review_on <= permit.today, not_ended(plans.c.participant_id)
    asked = permit.own(Plan).add_columns(code).where(*due, plans.c.participant_id.in_(people_reached(permit.viewer)))
    return await permit.rows(Plan, asked.order_by(plans.c.review_on, plans.c.id).limit(limit))


def _in_force(permit: CasePermit, kind: PlanKind) -> Select[Any]:
    """The latest first; there are several where two people wrote one without knowing of the other."""
    plans = table_of(Plan)
    asked = permit.own(Plan).where(plans.c.kind == kind, plans.c.superseded_on.is_(None))
    return asked.order_by(plans.c.written_on.desc(), plans.c.id.desc())
