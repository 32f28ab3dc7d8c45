"""What callers say and see of a readiness note."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Ruler, View, examples
from true_api.privacy.narrative import Narrative, SealedWords, Worded, WordsKept
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage

NOTE = {
    "occurred_on": "2026-11-02",
    "stage": "contemplation",
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
    stage: Stage = Field(Stage.NOT_ASKED, description="Only what the person said of themselves.")
    focus: Focus = Focus.NOT_ASKED
    next_step: NextStep = NextStep.NOT_ASKED
    importance: Ruler | None = Field(None, description="How much it matters to the person, 0 to 10.")
    confidence: Ruler | None = Field(None, description="How sure they feel that they could, 0 to 10.")
    readiness: Ruler | None = Field(None, description="How ready they feel, 0 to 10.")
    what_helps: Narrative | None = Field(None, description="What helps, in the person's words.")
    what_gets_in_the_way: Narrative | None = Field(None, description="What gets in the way, in the person's words.")
    next_step_words: Narrative | None = Field(None, description="One next step, in the person's words.")
    focus_words: Narrative | None = Field(None, description="What it is that the person would change, for `other`.")

    @model_validator(mode="after")
    def _own_words_for_other(self) -> Self:
        if self.focus_words is not None and self.focus is not Focus.OTHER:
            raise ValueError("own words for the focus come with the focus `other`")
        return self


SEEN = {"id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", **NOTE, "readiness": None}


class ReadinessNoteView(View):
    """A readiness note as it was recorded; its words stand in no list."""

    model_config = examples(SEEN)

    id: UUID
    occurred_on: date
    stage: Stage
    focus: Focus
    next_step: NextStep
    importance: int | None
    confidence: int | None
    readiness: int | None


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
