"""Doors to capacity: questions about places that name no person, and what an agency says of tonight."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.errors import WriteCollided
from true_api.kernel.schemas import Page
from true_api.rooms.capacity import service
from true_api.rooms.capacity.schemas import (
    AgencyAnswer,
    AgencyTonightView,
    AskedOfAgency,
    CapacityAnswerDraft,
    CapacityQuestionDraft,
    CapacityQuestionView,
    TonightDraft,
    TonightView,
)
from true_api.rooms.capacity.tables import CapacityAnswer, CapacityQuestion
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

questions = Doors("/capacity-questions", tag="Capacity")
tonight = Doors("/agency/tonight", tag="Capacity")
of_agencies = Doors("/agencies/tonight", tag="Capacity")

ASK = StaffGate(Permission.CAPACITY_ASK)
LIST = ListGate(Permission.CAPACITY_READ)
READ_ONE = RecordGate(Permission.CAPACITY_ASK, CapacityQuestion)
ANSWER = RecordGate(Permission.CAPACITY_ANSWER, CapacityAnswer, by_reference=True)
SAY = StaffGate(Permission.CAPACITY_ANSWER)
READ_TONIGHT = ListGate(Permission.CAPACITY_ASK)

Paged = Annotated[PageQuery, Query()]
AnyPage = Page[CapacityQuestionView] | Page[AskedOfAgency]


def _view(permit: Permit, asked: service.Question) -> CapacityQuestionView:
    question, answers = asked
    said = [
        AgencyAnswer.of(answer, minutes_old=service.minutes_old(answer.answered_at, permit.now)) for answer in answers
    ]
    of_each = {"need": answers[0].need, "tonight": answers[0].tonight}
    return CapacityQuestionView.of(question, answers=said, **of_each)


def _for_agency(permit: Permit, known: Any, **more: Any) -> AskedOfAgency:
    named = {**known._mapping, **more}
    return AskedOfAgency.of({**named, "minutes_old": service.minutes_old(named["answered_at"], permit.now)})


def _tonight(permit: Permit, said: Any) -> dict[str, Any]:
    """What may still be relied on, with its age."""
    left = max(0, -int((permit.now - said.holds_until).total_seconds() // 60))
    known = {"minutes_old": service.minutes_old(said.said_at, permit.now), "minutes_left": left}
    return known if left else {**known, "takes_people_tonight": None, "needs": [], "places": None}


async def _asked_again(permit: StaffPermit, question: UUID) -> CapacityQuestionView:
    return _view(permit, await service.by_id(permit, question))


async def _answered_again(permit: RecordPermit, _answer: UUID) -> AskedOfAgency:
    return _for_agency(permit, permit.record)


@questions.open("POST", "", ASK, status=201, again=_asked_again, refuses=(service.NotAnAgency, NoTeam))
async def ask_for_capacity(draft: CapacityQuestionDraft, permit: Permitted[StaffPermit]) -> CapacityQuestionView:
    """Ask agencies whether there is a place for a need.

    No person is in the question, so nobody has to agree to it; no agency sees that another is asked.
    """
    return _view(permit, await service.ask(permit, draft))


@questions.open("GET", "", LIST)
async def list_capacity_questions(page: Paged, permit: Permitted[ListPermit]) -> AnyPage:
    """List questions: for the program those of the caller's team with the answers, for an agency what it is asked."""
    if permit.viewer.sight.of_program:
        found, following = await service.listed(permit, page.request())
        return Page[CapacityQuestionView](items=[_view(permit, one) for one in found], next_cursor=following)
    rows, following = await service.asked(permit, page.request())
    return Page[AskedOfAgency](items=[_for_agency(permit, row) for row in rows], next_cursor=following)


@questions.open("GET", "/{id}", READ_ONE)
async def read_capacity_question(id: str, permit: Permitted[RecordPermit]) -> CapacityQuestionView:
    """Read one question with the answers to it, and how old each of them is."""
    return _view(permit, await service.by_id(permit, permit.record.id))


@questions.open("POST", "/{reference}/answer", ANSWER, again=_answered_again, refuses=(service.AnsweredMeanwhile,))
async def answer_capacity_question(
    reference: str, draft: CapacityAnswerDraft, permit: Permitted[RecordPermit]
) -> AskedOfAgency:
    """Say what places there are; the last answer counts, as long as the question is open."""
    return _for_agency(permit, permit.record, **await service.answer(permit, draft))


@tonight.open("PUT", "", SAY, refuses=(WriteCollided,))
async def say_of_tonight(draft: TonightDraft, permit: Permitted[StaffPermit]) -> TonightView:
    """Say whether your agency takes people tonight, and for how many hours that holds."""
    said = await service.say_of_tonight(permit, draft)
    return TonightView.of(said, **_tonight(permit, said))


@tonight.open("GET", "", SAY)
async def read_own_tonight(permit: Permitted[StaffPermit]) -> TonightView:
    """Read what your agency last said of tonight."""
    said = await service.own_tonight(permit)
    return TonightView.of(said, **_tonight(permit, said))


@of_agencies.open("GET", "", READ_TONIGHT)
async def list_agencies_tonight(page: Paged, permit: Permitted[ListPermit]) -> Page[AgencyTonightView]:
    """List what agencies say of tonight, with its age; what is too old to rely on is told as nothing but its age."""
    rows, following = await service.tonight(permit, page.request())
    return Page(items=[AgencyTonightView.of(row, **_tonight(permit, row)) for row in rows], next_cursor=following)
