"""What callers say and see of wellness: four numbers for themselves, and a wish that they share."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, Strict

from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.narrative import OwnWords, SealedWords, Worded, WordsKept
from true_api.rooms.wellness.vocabulary import PulseItem, SupportState, SupportWish

PULSE = "01936f23-0b1c-7d2e-9f3a-4b5c6d7e8f90"
PEER = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
SUPERVISOR = "01936f1e-4b1c-7d2e-9f3a-4b5c6d7e8f90"
ANSWERS = {"energy": 2, "load": 3, "exposure": 3, "support_wanted": 1}
WORDS = "I would like a quiet hour this week to talk about last Friday."

FromZeroToFour = Annotated[int, Strict(), Field(ge=0, le=4)]
"""From 0, none, to 4, very much."""


class PulseDraft(Draft):
    """How you are today, from 0 to 4. Nobody but you can ever read it."""

    model_config = examples(ANSWERS)

    energy: FromZeroToFour = Field(description="How much energy there is.")
    load: FromZeroToFour = Field(description="How much there is to carry.")
    exposure: FromZeroToFour = Field(description="How much there was that is hard to see or hear.")
    support_wanted: FromZeroToFour = Field(description="How much support would be welcome.")


class PulseView(View):
    """A pulse, as only who took it sees it."""

    model_config = examples({"id": PULSE, "taken_on": "2026-11-02", **ANSWERS, "kept_until": "2027-04-10"})

    id: UUID
    taken_on: date
    energy: int
    load: int
    exposure: int
    support_wanted: int
    kept_until: date


class SupportDraft(Worded):
    """What you ask for, and of whom. Only what stands here is shared: no answer of a pulse is."""

    model_config = examples({"to_member_id": SUPERVISOR, "wish": "talk", "words": WORDS})

    to_member_id: UUID = Field(
        description="Your supervisor, or another supervisor of your choice: `GET /v1/supervisors` lists them."
    )
    wish: SupportWish
    words: OwnWords | None = None


REQUEST = {
    "id": "01936f24-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "member_id": PEER,
    "to_member_id": SUPERVISOR,
    "wish": "talk",
    "state": "asked",
    "asked_on": "2026-11-02",
    "settled_on": None,
}


class SupportView(View):
    """A request for support, as the two see it."""

    model_config = examples(REQUEST)

    id: UUID
    member_id: UUID = Field(description="Who asks.")
    to_member_id: UUID = Field(description="Who is asked.")
    wish: SupportWish
    state: SupportState
    asked_on: date
    settled_on: date | None


class SupportKept(SupportView, WordsKept):
    """A request for support that was kept."""

    model_config = examples({**REQUEST, "words_kept": ["words"], "returned": None})


class SupportRecord(SupportView):
    """A request for support with its words."""

    model_config = examples({**REQUEST, "words": WORDS})

    words: SealedWords | None


class SupervisorView(View):
    """A supervisor whom somebody may turn to."""

    member_id: UUID
    label: str
    own_team: bool = Field(description="Whether it is the caller's own team that they supervise.")
    leads_program: bool


class Supervisors(View):
    """Everybody who supervises here now."""

    model_config = examples(
        {"items": [{"member_id": SUPERVISOR, "label": "supervisor-02", "own_team": True, "leads_program": False}]}
    )

    items: list[SupervisorView]


class PulseCounts(View):
    """How many peers gave each answer to one question."""

    item: PulseItem
    answers: list[int] | None = Field(
        description="Peers who answered 0, 1, 2, 3 and 4, by their last pulse of the quarter; null where all are alike."
    )


class WellnessCounts(View):
    """A closed quarter of the whole program; there is no other level, for two of them could be subtracted."""

    model_config = examples(
        {"quarter": "2026-Q3", "answered": 9, "items": [{"item": "energy", "answers": [0, 2, 4, 3, 0]}]},
        {"quarter": "2026-Q2", "answered": None, "items": []},
    )

    quarter: str
    answered: int | None = Field(description="How many peers answered; null below six, and then nothing is told.")
    items: list[PulseCounts]
