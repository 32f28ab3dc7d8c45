"""What callers say and see of a readiness note."""

from datetime import date
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Day, Draft, Ruler, View, examples
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage

NOTE = {
    "occurred_on": "2026-11-02",
    "stage": "contemplation",
    "focus": "safer_use",
    "next_step": "carry_naloxone",
    "importance": 7,
    "confidence": 4,
}


class ReadinessNoteDraft(Draft):
    """What the person said today; everything but the day may be left out."""

    model_config = examples(NOTE)

    occurred_on: Day
    stage: Stage = Field(Stage.NOT_ASKED, description="Only what the person said of themselves.")
    focus: Focus = Focus.NOT_ASKED
    next_step: NextStep = NextStep.NOT_ASKED
    importance: Ruler | None = Field(None, description="How much it matters to the person, 0 to 10.")
    confidence: Ruler | None = Field(None, description="How sure they feel that they could, 0 to 10.")
    readiness: Ruler | None = Field(None, description="How ready they feel, 0 to 10.")


class ReadinessNoteView(View):
    """A readiness note as it was recorded."""

    model_config = examples({"id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", **NOTE, "readiness": None})

    id: UUID
    occurred_on: date
    stage: Stage
    focus: Focus
    next_step: NextStep
    importance: int | None
    confidence: int | None
    readiness: int | None
