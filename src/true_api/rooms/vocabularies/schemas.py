"""What callers say and see of vocabularies."""

from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Change, Draft, Flag, Label, View, examples
from true_api.privacy.profile import NO_ANSWER, SHARED, Community, Gender, Language, RaceEthnicity, TermKey, Vocabulary
from true_api.privacy.terms import Act

SharedTerm = Act | Community | Gender | Language | RaceEthnicity
TERM: dict[str, Any] = {"vocabulary": "language", "key": "mam", "label": "Mam", "shared_term": "other"}


class LocalTermDraft(Draft):
    """A term of the program's own, under the shared one that it is counted as; zones and paper places stand alone."""

    model_config = examples(TERM, {"vocabulary": "zone", "key": "river-side", "label": "River side"})

    vocabulary: Vocabulary
    key: TermKey = Field(description="How records name it; it never changes.")
    label: Label = Field(description="How it is shown. Never anything about a participant.")
    shared_term: SharedTerm | None = Field(
        None, description="Required but for zones, paper places and certificates, and never a kind of no answer."
    )

    @model_validator(mode="after")
    def _mapped(self) -> Self:
        if self.vocabulary not in SHARED:
            if self.shared_term is not None:
                raise ValueError("a zone or a place for papers has no shared term")
        elif self.shared_term is None or self.shared_term in NO_ANSWER:
            raise ValueError("a term is counted under a shared one that is an answer")
        elif self.shared_term not in list(SHARED[self.vocabulary]):
            raise ValueError("the shared term is one of the same vocabulary")
        return self


class LocalTermChange(Change):
    """Another label, or whether it is still offered; records that name it keep it."""

    model_config = examples({"active": False})

    label: Label = "as it was"
    active: Flag = True


class LocalTermView(View):
    """A term of the program's own, as who keeps the vocabularies sees it."""

    model_config = examples({"id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", **TERM, "active": True})

    id: UUID
    vocabulary: Vocabulary
    key: str
    label: str
    shared_term: str | None
    active: bool


class HiddenTermDraft(Draft):
    """A shared term that the program is not to be offered."""

    model_config = examples({"vocabulary": "community", "term": "older_adults"})

    vocabulary: TermKey
    term: TermKey


class HiddenTermView(View):
    """A shared term that the program does not offer."""

    model_config = examples(
        {"id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", "vocabulary": "community", "term": "older_adults"}
    )

    id: UUID
    vocabulary: str
    term: str


class HiddenTerms(View):
    """The shared terms that the program does not offer."""

    model_config = examples(
        {"items": [{"id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", "vocabulary": "community", "term": "older_adults"}]}
    )

    items: list[HiddenTermView]


class OfferedTerm(View):
    """A term of the program's own that is offered at present."""

    vocabulary: Vocabulary
    key: str
    label: str
    shared_term: str | None = Field(description="What it is counted under; null for zones and places for papers.")


class TermView(View):
    """One shared term."""

    key: str
    label: str
    label_es: str = Field(description="In Spanish.")
    definition: str | None = Field(description="Null where the label says it all.")
    definition_es: str | None
    offered: bool = Field(True, description="False for a term that the program hides: records that hold it show it.")


class VocabularyView(View):
    """A vocabulary: what a field of the API may hold. Each may grow: expect terms that you do not know."""

    key: str = Field(description="The schema's name in the OpenAPI document, in snake case: `AgeBand` is `age_band`.")
    label: str
    label_es: str
    definition: str
    definition_es: str
    terms: list[TermView]


class Vocabularies(View):
    """Every vocabulary of the API, and the program's own terms."""

    model_config = examples(
        {
            "version": "5f0c6d1e2a3b",
            "vocabularies": [
                {
                    "key": "urgency",
                    "label": "Urgency",
                    "label_es": "Urgencia",
                    "definition": "How soon.",
                    "definition_es": "Cuán pronto.",
                    "terms": [
                        {
                            "key": "urgent",
                            "label": "Urgent",
                            "label_es": "Urgente",
                            "definition": None,
                            "definition_es": None,
                            "offered": True,
                        },
                    ],
                }
            ],
            "local_terms": [TERM],
        }
    )

    version: str = Field(
        description="Of the shared terms: another one with every change of a term, label or definition."
    )
    vocabularies: list[VocabularyView]
    local_terms: list[OfferedTerm] = Field(description="The program's own terms, by vocabulary and label.")
