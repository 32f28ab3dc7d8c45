"""What callers say and see of a readiness note."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from true_api.kernel.schemas import Day, Flag, Ruler, Several, View, examples
from true_api.privacy.narrative import OwnWords, SealedWords, Worded, WordsKept
from true_api.rooms.readiness.vocabulary import (
    IN_WORDS,
    STAGES,
    Focus,
    NextStep,
    Stage,
    StageInWords,
    SupportOffered,
)


def _stage_of(said: object) -> object:
    return next((stage for words, stage in STAGES.items() if words.value == said), said)


def _in_words(stage: object) -> object:
    return IN_WORDS[stage] if isinstance(stage, Stage) else stage


StageSaid = Annotated[Stage, BeforeValidator(_stage_of, json_schema_input_type=Stage | StageInWords)]
"""A stage by its name in the literature, or as it is said in plain words."""
StageShown = Annotated[StageInWords, BeforeValidator(_in_words)]
"""A stage as it is shown: in plain words, never by its name (domain.md, "Readiness notes")."""

NOTE = {
    "occurred_on": "2026-11-02",
    "stage": "thinking_about_it",
    "focus": "safer_use",
    "next_step": "carry_naloxone",
    "importance": 7,
    "confidence": 4,
}
WORDS = {
    "what_helps": "Mornings by the river, and the drop-in being open on Sundays.",
    "next_step_words": "Keep a kit in the blue bag, and show the people in the next tent how it works.",
}


class ReadinessNoteDraft(Worded):
    """What the person said today; everything but the day may be left out."""

    model_config = examples({**NOTE, **WORDS})

    occurred_on: Day
    stage: StageSaid = Field(
        Stage.NOT_ASKED, description="Only what the person said of themselves, as it is said or by the name of a stage."
    )
    focus: Focus = Focus.NOT_ASKED
    next_step: NextStep = NextStep.NOT_ASKED
    importance: Ruler | None = Field(None, description="How much it matters to the person, 0 to 10.")
    confidence: Ruler | None = Field(None, description="How sure they feel that they could, 0 to 10.")
    readiness: Ruler | None = Field(None, description="How ready they feel, 0 to 10.")
    returned_to_use: Flag = Field(
        False, description="That the person says so: no step back, and a day on which support is offered."
    )
    support_offered: Several[SupportOffered] = Field(
        (), description="What was offered to somebody who returned to use; `not_today` where that was their answer."
    )
    what_helps: OwnWords | None = Field(None, description="What helps, in the person's words.")
    what_gets_in_the_way: OwnWords | None = Field(None, description="What gets in the way, in the person's words.")
    next_step_words: OwnWords | None = Field(None, description="One next step, in the person's words.")
    focus_words: OwnWords | None = Field(None, description="What it is that the person would change, for `other`.")

    @model_validator(mode="after")
    def _own_words_for_other(self) -> Self:
        if self.focus_words is not None and self.focus is not Focus.OTHER:
            raise ValueError("own words for the focus come with the focus `other`")
        return self

    @model_validator(mode="after")
    def _met_with_support(self) -> Self:
        if self.returned_to_use != bool(self.support_offered):
            raise ValueError("a return to use is recorded with the support that was offered, and each with the other")
        return self


SEEN = {
    "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    **NOTE,
    "readiness": None,
    "returned_to_use": False,
    "support_offered": [],
}


class ReadinessNoteView(View):
    """A readiness note as it was recorded; its words stand in no list."""

    model_config = examples(SEEN)

    id: UUID
    occurred_on: date
    stage: StageShown
    focus: Focus
    next_step: NextStep
    importance: int | None
    confidence: int | None
    readiness: int | None
    returned_to_use: bool
    support_offered: list[SupportOffered]


class ReadinessNoteKept(ReadinessNoteView, WordsKept):
    """A readiness note just recorded, and which of its words were kept."""

    model_config = examples({**SEEN, "words_kept": ["next_step_words", "what_helps"], "returned": None})


class ReadinessNoteRecord(ReadinessNoteView):
    """One readiness note with its words; null where nothing was said."""

    model_config = examples({**SEEN, **WORDS, "what_gets_in_the_way": None, "focus_words": None})

    what_helps: SealedWords | None = None
    what_gets_in_the_way: SealedWords | None = None
    next_step_words: SealedWords | None = None
    focus_words: SealedWords | None = None


class WavePoint(View):
    """What somebody said on one day."""

    occurred_on: date
    importance: int | None
    confidence: int | None
    readiness: int | None
    stage: StageShown
    focus: Focus
    next_step: NextStep
    in_words: str | None = Field(description="The same in plain words, in the language that was asked for.")


class ReadinessWave(View):
    """What somebody said of change, from day to day. Nothing is derived from it: no mean, no trend, no verdict."""

    model_config = examples(
        {
            "points": [
                {
                    "occurred_on": "2026-11-02",
                    "importance": 7,
                    "confidence": 4,
                    "readiness": None,
                    "stage": "thinking_about_it",
                    "focus": "safer_use",
                    "next_step": "carry_naloxone",
                    "in_words": "Thinking about it. About safer use. Next: carry naloxone.",
                }
            ],
            "earlier": False,
        }
    )

    points: list[WavePoint] = Field(description="The first day first.")
    earlier: bool = Field(description="Whether there are earlier notes than the first of these.")
