"""What callers say and see of a plan: parts are lists of entries in the person's own words (domain.md)."""

from datetime import date
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Draft, View, examples
from true_api.privacy.narrative import OwnWords, SealedWords, Worded, WordsKept
from true_api.rooms.plans.vocabulary import OverdoseStep, PlanKind, PlanLanguage, SupporterRole


class PlanWords(OwnWords):
    """One entry of a plan, as the person says it: at most 300 characters, so that it can be read at a bad moment."""

    longest = 300


class PlanEntryDraft(Draft):
    """One entry of a part, in the person's own words."""

    model_config = examples({"words": "I stop answering my phone."})

    words: PlanWords | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("an entry says something")
        return self


class SupporterEntryDraft(PlanEntryDraft):
    """Somebody who can help: as what, or in words. Their name and number are written on paper, by hand."""

    model_config = examples({"role": "family", "words": "She has a key, and does not ask questions."})

    role: SupporterRole | None = None


class OverdoseEntryDraft(PlanEntryDraft):
    """Something against an overdose: what was chosen, or in words, or both."""

    model_config = examples({"step": "naloxone_at_hand", "words": "In the blue bag, on top."})

    step: OverdoseStep | None = None


E = TypeVar("E", bound=Draft)
Part = Annotated[tuple[E, ...], Field(min_length=1, max_length=12)]
"""A part of a plan: 1 to 12 entries; a part of which nothing is said is left out."""
OneStep = Annotated[tuple[PlanEntryDraft, ...], Field(min_length=1, max_length=1)]
"""One next step at a time."""

SAFETY: dict[str, Any] = {
    "warning_signs": [{"words": "I stop answering my phone."}, {"words": "Two nights without sleep."}],
    "coping": [{"words": "Cold water on my wrists, then the long way along the river."}],
    "distractions": [{"words": "The library, second floor, until they close."}],
    "people_to_ask": [{"role": "family", "words": "She has a key, and does not ask questions."}],
    "services": [{"words": "The warm line of the county, until midnight."}],
    "safer_surroundings": [{"words": "My medicine stays with my sister, a week at a time."}],
    "reasons_for_living": [{"words": "The dog."}],
    "overdose_safety": [{"step": "naloxone_at_hand", "words": "In the blue bag, on top."}, {"step": "not_alone"}],
    "strengths": [{"words": "I came back twice when it was hard."}],
}
OWN: dict[str, Any] = {
    "hopes": [{"words": "A door that I can lock."}],
    "next_step": [{"words": "Ask for the list of rooms on Thursday."}],
    "what_helps": [{"words": "Somebody who comes along."}],
    "who_helps": [{"role": "peer_specialist"}],
    "strengths": [{"words": "I keep the place tidy for all of us."}],
}
WRITTEN = {"written_on": "2026-11-02", "written_in": "en", "review_on": "2027-02-02"}
ID = "01936f22-3c4d-7e5f-8a9b-0c1d2e3f4a5b"


class PlanDraft(Worded):
    """What every plan says of itself."""

    written_on: Day = Field(description="The day on which it was written with the person.")
    written_in: PlanLanguage = Field(PlanLanguage.EN, description="The language of its words and of the printed copy.")
    review_on: Day | None = Field(None, description="The day on which the two look at it again.")
    supersedes: UUID | None = Field(
        None, description="The version that it was written from; refused where another has come since."
    )

    def parts(self) -> dict[str, tuple[Draft, ...]]:
        """The parts of which something was said, by name."""
        names = [name for name in type(self).model_fields if name not in PlanDraft.model_fields]
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class SafetyPlanDraft(PlanDraft):
    """What helps on hard days, in the person's own words; every part may be left out, and one at least is there."""

    model_config = examples({**WRITTEN, **SAFETY})

    warning_signs: Part[PlanEntryDraft] | None = Field(None, description="How the person notices that it gets hard.")
    coping: Part[PlanEntryDraft] | None = Field(None, description="What they can do by themselves.")
    distractions: Part[PlanEntryDraft] | None = Field(None, description="Where they go, and whose company helps.")
    people_to_ask: Part[SupporterEntryDraft] | None = Field(None, description="Whom they can ask for help, as roles.")
    services: Part[PlanEntryDraft] | None = Field(
        None, description="Professionals and services near by; 988 is printed in any case."
    )
    safer_surroundings: Part[PlanEntryDraft] | None = Field(None, description="What makes the place safer.")
    reasons_for_living: Part[PlanEntryDraft] | None = Field(None, description="What is worth staying for.")
    overdose_safety: Part[OverdoseEntryDraft] | None = Field(
        None, description="Not using alone, testing first, naloxone and who knows, less after a break, mixing, signs."
    )
    strengths: Part[PlanEntryDraft] | None = Field(None, description="What is going well.")


class OwnPlanDraft(PlanDraft):
    """What somebody wants for themselves, in their own words; one next step at a time."""

    model_config = examples({**WRITTEN, **OWN})

    hopes: Part[PlanEntryDraft] | None = Field(None, description="What they hope for.")
    next_step: OneStep | None = Field(None, description="One step; the next comes with the next version.")
    what_helps: Part[PlanEntryDraft] | None = Field(None, description="What helps on the way.")
    who_helps: Part[SupporterEntryDraft] | None = Field(None, description="Who helps, as roles.")
    strengths: Part[PlanEntryDraft] | None = Field(None, description="What is going well.")


class PlanReviewed(Draft):
    """The two looked at it, and it still holds."""

    model_config = examples({"review_on": "2027-05-02"})

    review_on: Day | None = Field(None, description="The day on which they look at it again.")


SEEN = {"id": ID, "kind": "safety", **WRITTEN, "reviewed_on": None, "superseded_on": None}


class PlanView(View):
    """One version of a plan; its words stand in no list."""

    model_config = examples(SEEN)

    id: UUID
    kind: PlanKind
    written_on: date
    written_in: PlanLanguage
    review_on: date | None
    reviewed_on: date | None
    superseded_on: date | None = Field(description="The day of a later version; null for the one in force.")


class PlanKept(PlanView, WordsKept):
    """A version just written, and which of its parts were kept."""

    model_config = examples({**SEEN, "words_kept": ["coping", "warning_signs"], "returned": None})


class PlanEntry(View):
    """One entry."""

    words: SealedWords | None = None


class SupporterEntry(PlanEntry):
    """Somebody who can help."""

    role: SupporterRole | None = None


class OverdoseEntry(PlanEntry):
    """Something against an overdose."""

    step: OverdoseStep | None = None


class SafetyPlanRecord(PlanView):
    """One version of a safety plan with its words; null where nothing was said."""

    model_config = examples({**SEEN, **SAFETY})

    warning_signs: list[PlanEntry] | None = None
    coping: list[PlanEntry] | None = None
    distractions: list[PlanEntry] | None = None
    people_to_ask: list[SupporterEntry] | None = None
    services: list[PlanEntry] | None = None
    safer_surroundings: list[PlanEntry] | None = None
    reasons_for_living: list[PlanEntry] | None = None
    overdose_safety: list[OverdoseEntry] | None = None
    strengths: list[PlanEntry] | None = None


class OwnPlanRecord(PlanView):
    """One version of somebody's own plan with its words; null where nothing was said."""

    model_config = examples({**SEEN, "kind": "own", **OWN})

    hopes: list[PlanEntry] | None = None
    next_step: list[PlanEntry] | None = None
    what_helps: list[PlanEntry] | None = None
    who_helps: list[SupporterEntry] | None = None
    strengths: list[PlanEntry] | None = None
