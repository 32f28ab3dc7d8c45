"""Doors to recall: opting in and out, the confirmation word, coming back without a card, a supervisor's approval."""

from uuid import UUID

from true_api.api.doors import Doors, Permitted
from true_api.journeys import returning
from true_api.kernel.codes import shown
from true_api.kernel.errors import NotFound, WriteCollided
from true_api.privacy.recall import QUESTIONS_VERSION
from true_api.privacy.recall_tables import RecallTry
from true_api.privacy.sealing import SealedUnavailable
from true_api.rooms.participants.service import sees_handle
from true_api.rooms.recall import questions, service, words
from true_api.rooms.recall.schemas import (
    ApprovedRecall,
    AskedQuestion,
    NotRecalled,
    QuestionSet,
    RecallAttempt,
    RecallDraft,
    Recalled,
    RecallState,
    WordDraft,
)
from true_api.rooms.recall.tries import TooManyRecallTries
from true_api.security.gates import CaseGate, RecordGate, StaffGate
from true_api.security.permits import CasePermit, HistoryClosed, NoTeam, RecordPermit, StaffPermit
from true_api.security.roles import Permission

asked = Doors("/recall-questions", tag="Recall")
of_participant = Doors("/participants", tag="Recall")
tries = Doors("/recall-tries", tag="Recall")

ASK = StaffGate(Permission.RECALL_TRY)
TRY = StaffGate(Permission.RECALL_TRY)
SET = CaseGate(Permission.RECALL_SET)
APPROVE = RecordGate(Permission.RECALL_APPROVE, RecallTry, by_reference=True)

KEEPS = (HistoryClosed, SealedUnavailable, WriteCollided)


@asked.open("GET", "", ASK)
async def read_recall_questions(permit: Permitted[StaffPermit]) -> QuestionSet:
    """Read the nine questions of recall, and how to ask them."""
    return QuestionSet(
        version=QUESTIONS_VERSION,
        how_to_ask=questions.HOW_TO_ASK,
        questions=[AskedQuestion.of(question) for question in questions.QUESTIONS],
        word=AskedQuestion.of(questions.WORD),
    )


@of_participant.open("PUT", "/{code}/recall", SET, refuses=KEEPS)
async def set_recall(code: str, draft: RecallDraft, permit: Permitted[CasePermit]) -> RecallState:
    """Let a person be found again by nine answers and a word.

    For who wants it and is well enough, never at a first contact. The answers and the word are not kept.
    """
    await service.opt_in(permit, draft)
    return RecallState(recall=True, confirmation_word=True)


@of_participant.open("GET", "/{code}/recall", SET, refuses=(HistoryClosed,))
async def read_recall(code: str, permit: Permitted[CasePermit]) -> RecallState:
    """Read whether a person can be found again, and whether they have a word."""
    recall, word = await service.state(permit)
    return RecallState(recall=recall, confirmation_word=word)


@of_participant.open("DELETE", "/{code}/recall", SET, refuses=(HistoryClosed, WriteCollided))
async def delete_recall(code: str, permit: Permitted[CasePermit]) -> RecallState:
    """Opt out: the tokens and the word are deleted."""
    await service.opt_out(permit)
    return RecallState(recall=False, confirmation_word=False)


@of_participant.open("PUT", "/{code}/confirmation-word", SET, refuses=KEEPS)
async def set_confirmation_word(code: str, draft: WordDraft, permit: Permitted[CasePermit]) -> RecallState:
    """Set the word that opens a person's history where they show their code. The word is not kept."""
    recall, _ = await service.state(permit)
    await words.set_word(permit, draft.word.get_secret_value())
    return RecallState(recall=recall, confirmation_word=True)


@of_participant.open(
    "DELETE", "/{code}/confirmation-word", SET, refuses=(HistoryClosed, WriteCollided, words.RecallNeedsWord)
)
async def delete_confirmation_word(code: str, permit: Permitted[CasePermit]) -> RecallState:
    """Take the word back."""
    await words.take_word_back(permit)
    return RecallState(recall=False, confirmation_word=False)


def _answer(permit: StaffPermit, came: returning.Returned | UUID) -> Recalled | NotRecalled:
    if isinstance(came, UUID):
        return NotRecalled(reference=came)
    handle = came.entry.handle if sees_handle(permit, came.entry.member_id) else None
    return Recalled.of(came.entry, code=shown(came.code), handle=handle)


async def _came_back_again(permit: StaffPermit, resource: UUID) -> Recalled | NotRecalled:
    return _answer(permit, await returning.come_back_again(permit, resource))


@of_participant.open(
    "POST", "/recall", TRY, again=_came_back_again, refuses=(NoTeam, NotFound, SealedUnavailable, TooManyRecallTries)
)
async def recall_participant(draft: RecallAttempt, permit: Permitted[StaffPermit]) -> Recalled | NotRecalled:
    """Look for a person who comes without a card, by nine answers and a word.

    All nine and the word put them on the caller's caseload, history included. Everything else is answered alike,
    with a reference: tell it to a supervisor of the team, who can approve it where eight answers and the word fit.
    """
    return _answer(permit, await returning.come_back(permit, draft))


def _approved(permit: RecordPermit, came: returning.Returned) -> ApprovedRecall:
    approved_on = permit.record.decided_on or permit.today
    return ApprovedRecall.of(came.entry, code=shown(came.code), approved_on=approved_on)


async def _approved_again(permit: RecordPermit, _: UUID) -> ApprovedRecall:
    return _approved(permit, await returning.approve_again(permit))


@tries.open("POST", "/{reference}/approval", APPROVE, again=_approved_again, refuses=(service.AlreadyApproved,))
async def approve_recall(reference: str, permit: Permitted[RecordPermit]) -> ApprovedRecall:
    """Approve a near hit with the right word, a colleague's of the same team, within a week.

    The person is then on the caseload of the peer who tried, history included. Whatever else a reference stands for
    is answered like one that there never was.
    """
    return _approved(permit, await returning.approve(permit))
