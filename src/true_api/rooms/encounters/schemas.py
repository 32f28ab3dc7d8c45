"""What callers say and see of an encounter."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Count, Day, Draft, Several, View, examples
from true_api.privacy.narrative import Narrative, SealedWords, Worded, WordsKept
from true_api.rooms.encounters.vocabulary import (
    COUNTED,
    Act,
    Outcome,
    PartOfDay,
    Revised,
    Setting,
    VoidReason,
)

ENCOUNTER: dict[str, Any] = {
    "setting": "street",
    "outcome": "engaged",
    "occurred_on": "2026-11-02",
    "part_of_day": "evening",
    "acts": [{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}],
}
NOTE = "Slept outside, feet are sore. Wants to talk again about a place with a door that locks."


class ActDraft(Draft):
    """One act; `quantity` only where things are counted (kits, strips, packs, syringes)."""

    act: Act
    quantity: Count | None = None

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.quantity is not None and self.act not in COUNTED:
            raise ValueError("this act has no quantity")
        return self


class EncounterDraft(Worded):
    """A contact that has already happened."""

    model_config = examples({**ENCOUNTER, "note": NOTE})

    setting: Setting
    outcome: Outcome = Outcome.ENGAGED
    occurred_on: Day
    part_of_day: PartOfDay
    acts: Several[ActDraft] = ()
    note: Narrative | None = Field(None, description="What the codes do not say. Never a name, a number or an address.")

    @model_validator(mode="after")
    def _each_act_once(self) -> Self:
        if len({act.act for act in self.acts}) != len(self.acts):
            raise ValueError("each act is listed once, with its whole quantity")
        return self


class NoteDraft(Worded):
    """A note that is added to an encounter, or takes the place of the one it has; always judged strictly."""

    model_config = examples({"note": NOTE})

    note: Narrative


class VoidDraft(Draft):
    """Why this encounter should not count."""

    model_config = examples({"reason": "recorded_twice"})

    reason: VoidReason


class ActView(View):
    """One act and its quantity."""

    act: Act
    quantity: int | None = None


SEEN = {
    "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    **ENCOUNTER,
    "with_participant": True,
    "revised": None,
    "amended_by": None,
}


class EncounterView(View):
    """An encounter as it was recorded, and what became of it; its words stand in no list."""

    model_config = examples(SEEN)

    id: UUID
    setting: Setting
    outcome: Outcome
    occurred_on: date
    part_of_day: PartOfDay
    acts: list[ActView]
    with_participant: bool = Field(description="False for a contact with somebody of whom there is no record.")
    revised: Revised | None = Field(None, description="Null while the encounter is current.")
    amended_by: UUID | None = Field(None, description="The encounter that stands in its place.")


class EncounterKept(EncounterView, WordsKept):
    """An encounter just recorded, and whether its note was kept."""

    model_config = examples({**SEEN, "words_kept": ["note"], "returned": None})


class EncounterRecord(EncounterView):
    """One encounter with its words."""

    model_config = examples({**SEEN, "note": NOTE})

    note: SealedWords | None = Field(description="Null where there is none.")
