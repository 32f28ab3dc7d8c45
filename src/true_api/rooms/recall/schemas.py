"""What callers send and see of recall. Answers and words only ever come in."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, SecretStr, model_validator

from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.cases import Basis
from true_api.privacy.recall import QUESTIONS
from true_api.privacy.spoken import Answer, Word, one_form

FEWEST_DIFFERENT = 6
SPOKEN = ["rosa", "Okafor", "Abuela Luz", "Kims", "Lake Erie", "marbles", "liver", "kite", "pilot"]

Answers = Annotated[
    tuple[Answer, ...],
    Field(min_length=QUESTIONS, max_length=QUESTIONS, description="The nine answers, in the order of the questions."),
]


def _forms(*told: SecretStr) -> list[str]:
    return [one_form(one.get_secret_value()) for one in told]


class RecallDraft(Draft):
    """The nine answers and the word by which a person wants to be found again."""

    model_config = examples({"answers": SPOKEN, "word": "lantern"})

    answers: Answers
    word: Word = Field(description="None of the answers.")

    @model_validator(mode="after")
    def _hard_to_guess(self) -> Self:
        answers = _forms(*self.answers)
        if len(set(answers)) < FEWEST_DIFFERENT:
            raise ValueError("six of the nine answers are different ones")
        if _forms(self.word)[0] in answers:
            raise ValueError("the word is none of the answers")
        return self


class RecallAttempt(Draft):
    """The nine answers and the word of somebody who comes without a card."""

    model_config = examples({"answers": SPOKEN, "word": "lantern"})

    answers: Answers
    word: Word


class WordDraft(Draft):
    """A confirmation word, with or without recall."""

    model_config = examples({"word": "lantern"})

    word: Word


class RecallState(View):
    """What a person has left so as to be known again; never the answers or the word."""

    model_config = examples({"recall": True, "confirmation_word": True})

    recall: bool = Field(description="Whether they can be found by nine answers and their word.")
    confirmation_word: bool = Field(description="Whether their word opens their history where they show their code.")


class Recalled(View):
    """The answers and the word are of one person, who is now on the caller's caseload with their history."""

    model_config = examples(
        {
            "found": True,
            "code": "K7QP-2M9X-4TRD",
            "handle": "amber-heron",
            "basis": "recalled",
            "history_open": True,
        }
    )

    found: Literal[True] = True
    code: str = Field(description="The person's code, for a new card.")
    handle: str | None
    basis: Basis
    history_open: bool


class NotRecalled(View):
    """Nobody was attached, for whatever reason: there is one and the same answer for each."""

    model_config = examples({"found": False, "reference": "0b6f3a52-6d0e-4b0f-9a53-3e1f6a2b7c8d"})

    found: Literal[False] = False
    reference: UUID = Field(description="For a supervisor of the team, who tries whether it can be approved.")


class ApprovedRecall(View):
    """A near hit that a supervisor approved: the person is on the caseload of the peer who tried."""

    model_config = examples(
        {
            "code": "K7QP-2M9X-4TRD",
            "member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
            "basis": "recalled",
            "history_open": True,
            "approved_on": "2026-11-02",
        }
    )

    code: str
    member_id: UUID = Field(description="The peer who tried, and works with the person now.")
    basis: Basis
    history_open: bool
    approved_on: date


class AskedQuestion(View):
    """One question, as a peer asks it aloud."""

    name: str
    en: str
    es: str
    how: str = Field(description="For the peer: what to listen for.")


class QuestionSet(View):
    """The questions of recall, in the order in which the answers are sent."""

    model_config = examples(
        {
            "version": 1,
            "how_to_ask": "Offer it once somebody feels well enough, never at a first contact.",
            "questions": [
                {
                    "name": "first_friend",
                    "en": "What was the first name of your first friend?",
                    "es": "¿Cómo se llamaba tu primera amistad?",
                    "how": "A child they played with, not a relative.",
                }
            ],
            "word": {
                "name": "word",
                "en": "Choose a word that only you would say here.",
                "es": "Elige una palabra que solo tú dirías aquí.",
                "how": "No answer from above.",
            },
        }
    )

    version: int
    how_to_ask: str
    questions: list[AskedQuestion]
    word: AskedQuestion
