"""What callers say and see of matching; no view of one side holds an answer of the other."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Draft, Several, View, examples
from true_api.privacy.profile import NO_ANSWER, Community, Gender, Language, TermKey
from true_api.rooms.matching.vocabulary import CaseloadFullness, LivedExperience, MatchReason

NOBODYS = NO_ANSWER | {"other"}
"""Terms that nobody can be matched on."""
TRAITS: dict[str, Any] = {
    "languages": ["es"],
    "genders": [],
    "communities": ["parents"],
    "experiences": ["methadone", "incarceration"],
    "local_terms": [],
}
NOTHING: dict[str, Any] = {name: [] for name in TRAITS}
KINDS = tuple(TRAITS)


class PeerTraits(Draft):
    """Languages, genders, communities and experiences; all optional, and none of them a kind of no answer."""

    model_config = examples(TRAITS)

    languages: Several[Language] = ()
    genders: Several[Gender] = ()
    communities: Several[Community] = ()
    experiences: Several[LivedExperience] = ()
    local_terms: Several[TermKey] = Field((), description="Keys of the program's own languages, communities, genders.")

    @model_validator(mode="after")
    def _can_be_matched(self) -> Self:
        for name in KINDS:
            if NOBODYS.intersection(map(str, getattr(self, name))):
                raise ValueError("nobody is matched on `other` or on a kind of no answer")
        return self

    def columns(self) -> dict[str, list[str]]:
        """As a row, or a sealed text, keeps them."""
        return {name: [str(term) for term in getattr(self, name)] for name in KINDS}


class MatchingDraft(Draft):
    """What a member is willing to be matched on: openly, or quietly. What is not said is matched on by nobody."""

    model_config = examples({"openly": TRAITS, "quietly": {"experiences": ["suicidal_thoughts"]}})

    openly: PeerTraits = Field(
        PeerTraits(), description="A suggestion may say that this is what was asked for, and so that it fits you."
    )
    quietly: PeerTraits = Field(
        PeerTraits(),
        description="Weighed for supervisors alone, only among at least three wishes that nothing open of yours"
        " fits, and never named.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        for name in KINDS:
            if set(getattr(self.openly, name)) & set(getattr(self.quietly, name)):
                raise ValueError("a term is matched on openly or quietly, not both")
        return self


class PeerTraitsView(View):
    """Languages, genders, communities and experiences."""

    languages: list[str]
    genders: list[str]
    communities: list[str]
    experiences: list[str]
    local_terms: list[str]


class MatchingView(View):
    """What the caller is willing to be matched on; nobody else can read it."""

    model_config = examples(
        {
            "openly": TRAITS,
            "quietly": {**NOTHING, "experiences": ["suicidal_thoughts"]},
            "answered_on": "2026-11-02",
        }
    )

    openly: PeerTraitsView
    quietly: PeerTraitsView
    answered_on: date | None = Field(description="Null where nothing was said. Kept for thirteen months, then gone.")


class PeerWishesDraft(PeerTraits):
    """What somebody asks for in a peer: languages and genders as alternatives, the rest one by one."""

    model_config = examples(TRAITS)


class PeerWishesView(PeerTraitsView):
    """What somebody asks for in a peer; empty lists ask for nothing."""

    model_config = examples({**TRAITS, "asked_on": "2026-11-02"})

    asked_on: date | None = Field(description="Null where nobody asked for anything.")


class ReasonView(View):
    """Why somebody is suggested, as a code and in words."""

    reason: MatchReason
    in_words: str


class MatchView(View):
    """One member of the team, and why they may fit."""

    member_id: UUID
    label: str
    reasons: list[ReasonView]
    caseload: CaseloadFullness
    works_with_person: bool = Field(description="Whether they work with the person already.")


MATCH: dict[str, Any] = {
    "member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    "label": "peer-07",
    "reasons": [{"reason": "language", "in_words": "Speaks a language that was asked for"}],
    "caseload": "few",
    "works_with_person": False,
}


class SuggestionView(View):
    """The team's peers, those who fit best first. Only a suggestion: assigning is a door of its own."""

    model_config = examples({"asked_for": ["language"], "matches": [MATCH]})

    asked_for: list[MatchReason] = Field(description="In what respects something was asked for, never what.")
    matches: list[MatchView]
