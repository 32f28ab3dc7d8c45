"""What callers say and see of supervision: days, minutes and codes; reflections are sealed, for the two of them."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, Strict, model_validator

from true_api.kernel.schemas import Change, Day, Draft, Several, View, examples
from true_api.privacy.narrative import Narrative, SealedWords, Worded, WordsKept
from true_api.rooms.supervision.vocabulary import (
    AgreedDoer,
    AgreedKind,
    AgreedState,
    SupervisionForm,
    SupervisionTopic,
)

SESSION = "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a"
PEER = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
SUPERVISOR = "01936f1e-4b1c-7d2e-9f3a-4b5c6d7e8f90"
AGREED = {"doer": "peer", "kind": "practice_a_skill", "due_on": "2026-11-16"}
HELD = {
    "held_on": "2026-11-02",
    "minutes": 50,
    "form": "individual",
    "topics": ["boundaries", "self_care"],
}

Minutes = Annotated[int, Strict(), Field(ge=5, le=600)]
"""How long a session was: from 5 minutes to 10 hours."""


class AgreedDraft(Draft):
    """What one of the two does, and by which day."""

    model_config = examples(AGREED)

    member_id: UUID | None = Field(None, description="With which peer it was agreed; needed where several took part.")
    doer: AgreedDoer = AgreedDoer.PEER
    kind: AgreedKind
    due_on: Day


class SupervisionDraft(Draft):
    """A session that the caller gave."""

    model_config = examples({"member_ids": [PEER], **HELD, "agreed": [AGREED]})

    member_ids: Several[UUID] = Field(min_length=1, description="Who took part; the caller is the supervisor.")
    held_on: Day
    minutes: Minutes
    form: SupervisionForm
    topics: Several[SupervisionTopic] = ()
    agreed: Annotated[tuple[AgreedDraft, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _between_two(self) -> Self:
        if self.form is SupervisionForm.INDIVIDUAL and len(self.member_ids) != 1:
            raise ValueError("an individual session is with one person")
        if any(agreed.due_on < self.held_on for agreed in self.agreed):
            raise ValueError("what is agreed is due on the day of the session or later")
        for agreed in self.agreed:
            named = agreed.member_id
            if named not in self.member_ids if named is not None else len(self.member_ids) != 1:
                raise ValueError("what is agreed is agreed with one of those who took part")
        return self


class SupervisionChange(Change):
    """What was written down wrongly of a session."""

    model_config = examples({"minutes": 40})

    held_on: Day = date(2000, 1, 1)
    minutes: Minutes = 5
    form: SupervisionForm = SupervisionForm.FIELD
    topics: Several[SupervisionTopic] = ()


class AgreedView(View):
    """What was agreed, and where it stands."""

    model_config = examples(
        {
            "id": "01936f21-0b1c-7d2e-9f3a-4b5c6d7e8f90",
            "session_id": SESSION,
            "member_id": PEER,
            "with_id": SUPERVISOR,
            **AGREED,
            "state": "open",
            "agreed_on": "2026-11-02",
            "settled_on": None,
        }
    )

    id: UUID
    session_id: UUID
    member_id: UUID = Field(description="The peer with whom it was agreed.")
    with_id: UUID = Field(description="The supervisor.")
    doer: AgreedDoer
    kind: AgreedKind
    due_on: date
    state: AgreedState
    agreed_on: date
    settled_on: date | None


class SupervisionView(View):
    """A session, as those see it who took part."""

    model_config = examples(
        {"id": SESSION, "supervisor_id": SUPERVISOR, "member_ids": [PEER], **HELD, "agreed": []},
    )

    id: UUID
    supervisor_id: UUID
    member_ids: list[UUID]
    held_on: date
    minutes: int
    form: SupervisionForm
    topics: list[SupervisionTopic]
    agreed: list[AgreedView] = Field(description="What was agreed with the caller.")


class ReflectionDraft(Worded):
    """What one of two thinks of after a session; nobody but these two can ever read it."""

    model_config = examples({"words": "What stayed with me is how quiet the van was on the way home."})

    words: Narrative
    member_id: UUID | None = Field(
        None, description="By the supervisor, where several took part: with whom the reflection is shared."
    )


REFLECTION: dict[str, Any] = {
    "id": "01936f22-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "session_id": SESSION,
    "member_id": PEER,
    "with_id": SUPERVISOR,
    "author_id": PEER,
    "written_on": "2026-11-02",
}


class ReflectionView(View):
    """That a reflection was written, and between whom."""

    model_config = examples(REFLECTION)

    id: UUID
    session_id: UUID
    member_id: UUID
    with_id: UUID
    author_id: UUID
    written_on: date


class Reflections(View):
    """The reflections after one session that the caller is one of the two of."""

    model_config = examples({"items": [REFLECTION]})

    items: list[ReflectionView]


class ReflectionKept(ReflectionView, WordsKept):
    """A reflection that was written."""

    model_config = examples({**REFLECTION, "words_kept": ["words"], "returned": None})


class ReflectionRecord(ReflectionView):
    """A reflection with its words, for the two of them."""

    model_config = examples({**REFLECTION, "words": "What stayed with me is how quiet the van was on the way home."})

    words: SealedWords | None


class PracticeDraft(Draft):
    """How often everybody in the team has supervision, and which share of encounters is drawn for sign-off."""

    model_config = examples({"interval_days": 14, "sampled_percent": 5})

    interval_days: Annotated[int, Strict(), Field(ge=7, le=92)] = 30
    sampled_percent: Annotated[int, Strict(), Field(ge=0, le=100)] = Field(
        0, description="Of encounters from tomorrow on; 0 is none, and what a team begins with."
    )


class PracticeView(View):
    """What a team has said of its supervision and of sign-off."""

    model_config = examples(
        {"interval_days": 14, "sampled_percent": 0, "sampled_percent_next": 5, "sampled_from": "2026-11-03"}
    )

    interval_days: int
    sampled_percent: int = Field(description="Of the encounters of today.")
    sampled_percent_next: int | None = Field(description="The share that holds from tomorrow on, if it is another.")
    sampled_from: date | None


class SupervisedHours(View):
    """How one person of the team is supervised: days and minutes, and no topics."""

    member_id: UUID
    label: str
    sessions: int
    minutes: int
    last_on: date | None = Field(description="The last session of all, in whichever quarter.")
    overdue: bool = Field(description="No session within the interval that the team set.")
    actions_overdue: int = Field(description="What was agreed, is open, and was due before today.")


class SupervisionOverview(View):
    """One quarter of the caller's team."""

    model_config = examples(
        {
            "quarter": "2026-Q4",
            "interval_days": 14,
            "items": [
                {
                    "member_id": PEER,
                    "label": "peer-07",
                    "sessions": 3,
                    "minutes": 150,
                    "last_on": "2026-11-02",
                    "overdue": False,
                    "actions_overdue": 0,
                }
            ],
        }
    )

    quarter: str
    interval_days: int
    items: list[SupervisedHours]
