"""The door to the guidance: which terms of a text label a person, and what can be said instead."""

from typing import Annotated, Literal

from pydantic import Field

from true_api.api.door import NOTHING_KEPT
from true_api.api.doors import Doors, Permitted
from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.guidance.advise import advise
from true_api.privacy.guidance.terms import guidance
from true_api.privacy.narrative import WordGuidance
from true_api.security.gates import StaffGate
from true_api.security.permits import StaffPermit
from true_api.security.roles import Permission

doors = Doors("/language", tag="Language")

ADVICE = {
    "pointer": "/text",
    "term": "drug of choice",
    "span": {"offset": 13, "length": 14},
    "why": "It makes of an illness a choice.",
    "instead": ["the drug they use most"],
}


class LanguageDraft(Draft):
    """A text to look at; nothing of it is kept."""

    model_config = examples({"text": "Asked what a drug of choice is mixed with.", "language": "en"})

    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    language: Literal["en", "es"] | None = Field(None, description="Of the text; without it, both are looked for.")


class LanguageView(View):
    """What the guidance says of a text. Advice: nothing is refused for it."""

    model_config = examples({"version": "2026-11", "guidance": [ADVICE]})

    version: str = Field(description="Of the guidance.")
    guidance: list[WordGuidance] = Field(description="In the order of the text; empty where there is nothing to say.")


@doors.open("POST", "/check", StaffGate(Permission.LANGUAGE_CHECK), again=NOTHING_KEPT)
async def check_language(draft: LanguageDraft, permit: Permitted[StaffPermit]) -> LanguageView:
    """Look for terms that label a person, and learn what can be said instead.

    Advice, which blocks nothing. Quoted speech, a person's own words and proper names are left alone. The text is
    neither kept nor written to the trail or a log, and an Idempotency-Key means nothing here.
    """
    found = [WordGuidance.at("/text", advice) for advice in advise(draft.text, draft.language)]
    return LanguageView(version=guidance().version, guidance=found)
