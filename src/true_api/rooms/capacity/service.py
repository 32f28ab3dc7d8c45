"""What this room decides: who is asked for a place, how long an answer is of use, and how old it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.capacity.schemas import CapacityAnswerDraft, CapacityQuestionDraft, TonightDraft
from true_api.rooms.capacity.tables import AgencyTonight, CapacityAnswer, CapacityQuestion
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

OPEN_TONIGHT, OPEN_OTHERWISE = timedelta(days=1), timedelta(days=7)
"""A night ends on the next day."""

Question = tuple[Any, Sequence[Any]]
"""A question, and the agencies that are asked with what each of them said."""


class NotAnAgency(Conflict):
    """Whether there is a place is asked of active partner agencies of this program."""

    code = "not_an_agency"


class AnsweredMeanwhile(Conflict):
    """Somebody else at your agency answered at the same moment; read the question again."""

    code = "answered_meanwhile"


async def ask(permit: StaffPermit, draft: CapacityQuestionDraft) -> Question:
    """Ask agencies for a place, each under a reference of its own."""
    organizations = table_of(Organization)
    agencies = select(organizations.c.id).where(
        organizations.c.id.in_(draft.organization_ids),
        organizations.c.kind == OrganizationKind.PARTNER_AGENCY,
        organizations.c.active,
    )
    asked = [row.id for row in (await permit.database.read(agencies.order_by(organizations.c.id)))[0]]
    if len(asked) < len(draft.organization_ids):
        raise NotAnAgency
    closes_on = permit.today + (OPEN_TONIGHT if draft.tonight else OPEN_OTHERWISE)
    question = permit.keep(
        CapacityQuestion(member_id=permit.actor.id, team_id=permit.team, asked_on=permit.today, closes_on=closes_on)
    )
    answers = [
        CapacityAnswer(
            question_id=question.id,
            organization_id=organization,
            need=draft.need,
            tonight=draft.tonight,
            closes_on=closes_on,
        )
        for organization in asked
    ]
    return question, [permit.keep(answer) for answer in answers]


async def answer(permit: RecordPermit, draft: CapacityAnswerDraft) -> Mapping[str, Any]:
    """Say what places there are; the last word counts."""
    news = {"answer": draft.answer, "places": draft.places, "answered_at": permit.now}
    permit.change(CapacityAnswer, permit.record, or_else=AnsweredMeanwhile, **news)
    return {**permit.record._mapping, **news}


def minutes_old(said_at: datetime | None, now: datetime) -> int | None:
    """How old something that was said is, in whole minutes; None where nothing was."""
    return None if said_at is None else int((now - said_at) // timedelta(minutes=1))


async def by_id(permit: Permit, question: UUID) -> Question:
    """One question of the caller's team. Raises `NotFound`."""
    found = await permit.one(CapacityQuestion, table_of(CapacityQuestion).c.id == question)
    return (await _answered(permit, [found]))[0]


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Question], str | None]:
    """The questions of the caller's team, newest first."""
    questions = table_of(CapacityQuestion)
    rows, following = await permit.page(
        CapacityQuestion, permit.own(CapacityQuestion), [questions.c.asked_on, questions.c.id], page
    )
    return await _answered(permit, rows), following


async def _answered(permit: Permit, rows: Sequence[Any]) -> list[Question]:
    answers = await permit.parts(CapacityAnswer, rows)
    return [(row, answers[row.id]) for row in rows]


async def asked(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """What an agency is asked; the order says nothing of when, nor of who else is."""
    return await permit.page(CapacityAnswer, permit.own(CapacityAnswer), [table_of(CapacityAnswer).c.reference], page)


async def say_of_tonight(permit: StaffPermit, draft: TonightDraft) -> AgencyTonight:
    """Keep what the caller's agency says of tonight, in the place of what it said before."""
    said = AgencyTonight(
        organization_id=permit.actor.organization_id,
        takes_people_tonight=draft.takes_people_tonight,
        needs=[need.value for need in draft.needs],
        places=draft.places,
        said_at=permit.now,
        holds_until=permit.now + timedelta(hours=draft.holds_for_hours),
    )
    before = await permit.rows(AgencyTonight, permit.own(AgencyTonight))
    if before:
        news = said.model_dump(exclude={"id", "version", "organization_id"})
        permit.change(AgencyTonight, before[0], or_else=WriteCollided.meanwhile(), **news)
    else:
        permit.keep(said, or_else=WriteCollided.meanwhile())
    return said


async def own_tonight(permit: StaffPermit) -> AgencyTonight:
    """What the caller's agency last said of tonight. Raises `NotFound` where it said nothing yet."""
    said = await permit.rows(AgencyTonight, permit.own(AgencyTonight))
    if not said:
        raise NotFound
    return said[0]


async def tonight(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """What active agencies say of tonight, whoever spoke last first."""
    said, organizations = table_of(AgencyTonight), table_of(Organization)
    active = said.c.organization_id.in_(select(organizations.c.id).where(organizations.c.active))
    return await permit.page(AgencyTonight, permit.own(AgencyTonight).where(active), [said.c.said_at, said.c.id], page)
