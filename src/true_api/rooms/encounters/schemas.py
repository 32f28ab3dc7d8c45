"""What callers say and see of an encounter."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, Strict, model_validator

from true_api.kernel.schemas import Count, Day, Draft, Flag, View, Wrong, examples
from true_api.privacy.narrative import Narrative, SealedWords, Worded, WordsKept
from true_api.privacy.profile import TermKey
from true_api.rooms.encounters.vocabulary import (
    COUNTED,
    TAUGHT,
    TOPICS,
    Act,
    ActTopic,
    ContactKind,
    EducationMaterial,
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
    "acts": [
        {"act": "listening"},
        {"act": "treatment_options_explained", "topic": "methadone"},
        {"act": "naloxone_given", "quantity": 2},
    ],
}
NOTE = "Slept outside, feet are sore. Wants to talk again about a place with a door that locks."


Acts = Annotated[tuple["ActDraft", ...], Field(max_length=60)]
Others = Annotated[int, Strict(), Field(ge=0, le=1_000)]


class ActDraft(Draft):
    """One act, what it was about, and how many where things are counted (kits, strips, packs, syringes, leaflets)."""

    act: Act
    topic: ActTopic | None = Field(
        None, description="For treatment options (explaining needs no outcome), navigation and education."
    )
    material: EducationMaterial | None = Field(None, description="For education: what was handed out or shown.")
    quantity: Count | None = None
    own_term: TermKey | None = Field(
        None, description="The program's own word for it, by its key in `local_terms`; it is counted as the act."
    )

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.topic is not None and self.topic not in TOPICS.get(self.act, ()):
            fitting = sorted(TOPICS.get(self.act, ()))
            raise Wrong("topic_of_another_act", "this topic does not go with this act", fitting)
        if self.material is not None and self.act not in TAUGHT:
            raise Wrong("material_without_education", "materials go with education", sorted(TAUGHT))
        if self.quantity is not None and self.act not in COUNTED and self.material is None:
            raise Wrong("quantity_not_counted", "this act has no quantity")
        return self


class CollectingDraft(Draft):
    """For whom somebody collected: themselves, and how many others; nothing of who they are."""

    for_self: Flag = True
    others: Others = 0

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if not self.for_self and not self.others:
            raise Wrong("collected_for_nobody", "who collects does so for themselves, or for one other at least")
        return self


class EncounterDraft(Worded):
    """A contact that has already happened."""

    model_config = examples({**ENCOUNTER, "note": NOTE})

    kind: ContactKind | None = Field(
        None, description="Left out: with the participant of the path, else with one person of whom there is no record."
    )
    setting: Setting
    outcome: Outcome = Outcome.ENGAGED
    occurred_on: Day
    part_of_day: PartOfDay
    acts: Acts = ()
    heads: Count | None = Field(None, description="How many people a group or a drop-in had; only there.")
    collecting: CollectingDraft | None = Field(None, description="Where somebody collected supplies, for whom.")
    note: Narrative | None = Field(None, description="What the codes do not say. Never a name, a number or an address.")

    @model_validator(mode="after")
    def _each_act_once(self) -> Self:
        if len({(act.act, act.topic, act.material, act.own_term) for act in self.acts}) != len(self.acts):
            raise Wrong("act_listed_twice", "each act is listed once for each topic, with its whole quantity")
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
    """One act, what it was about, and its quantity."""

    act: Act
    topic: ActTopic | None = None
    material: EducationMaterial | None = None
    quantity: int | None = None
    own_term: str | None = None


class CollectingView(View):
    """For whom somebody collected."""

    for_self: bool
    others: int


SEEN = {
    "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    **ENCOUNTER,
    "kind": "with_participant",
    "heads": None,
    "collecting": {"for_self": True, "others": 2},
    "with_participant": True,
    "revised": None,
    "amended_by": None,
}


class EncounterView(View):
    """An encounter as it was recorded, and what became of it; its words stand in no list."""

    model_config = examples(SEEN)

    id: UUID
    kind: ContactKind
    setting: Setting
    outcome: Outcome
    occurred_on: date
    part_of_day: PartOfDay
    acts: list[ActView]
    heads: int | None = Field(None, description="How many people a group or a drop-in had.")
    collecting: CollectingView | None = Field(None, description="For whom somebody collected, where they did.")
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
