"""What callers say and see of a participant."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from true_api.kernel.schemas import Change, Draft, Flag, Several, View, examples
from true_api.privacy.cases import Basis
from true_api.privacy.narrative import SealedWords, ShortOwnWords, Worded, WordsKept
from true_api.privacy.profile import (
    AgeBand,
    Community,
    Gender,
    Language,
    RaceEthnicity,
    TermKey,
    no_answer_stands_alone,
)
from true_api.privacy.spoken import Word

Backgrounds = Annotated[Several[RaceEthnicity], AfterValidator(no_answer_stands_alone)]
Languages = Annotated[Several[Language], AfterValidator(no_answer_stands_alone)]
Communities = Annotated[Several[Community], AfterValidator(no_answer_stands_alone)]

PARTICIPANT = {
    "code": "K7QP-2M9X-4TRD",
    "handle": "amber-heron",
    "basis": "enrolled",
    "history_open": True,
    "enrolled_on": "2026-11-02",
    "may_be_returning": False,
    "age_band": "25_34",
    "gender": "not_asked",
    "race_ethnicity": ["prefers_not_to_say"],
    "languages": ["en", "es", "other"],
    "communities": ["parents"],
    "zone": "river-side",
    "local_terms": ["mam"],
}


class Profile(Worded):
    """What a person may say of themselves: all of it optional, none of it asked for."""

    may_be_returning: Flag = Field(
        False, description="True for somebody who may have been here before under another code; link the two later."
    )
    age_band: AgeBand = AgeBand.NOT_ASKED
    pronouns: ShortOwnWords | None = Field(
        None, description="In the person's own words, or `does_not_know`, `prefers_not_to_say`, `not_asked`."
    )
    gender: Gender = Gender.NOT_ASKED
    gender_words: ShortOwnWords | None = Field(
        None, description="Gender in the person's own words, or one of the three kinds of no answer."
    )
    race_ethnicity: Backgrounds = Field((RaceEthnicity.NOT_ASKED,), min_length=1)
    languages: Languages = Field((Language.NOT_ASKED,), min_length=1)
    communities: Communities = Field(
        (Community.NOT_ASKED,), min_length=1, description="Communities that the person wants to be matched for."
    )
    zone: TermKey = Field("not_asked", description="The key of one of the program's zones, or a kind of no answer.")
    local_terms: Several[TermKey] = Field(
        (),
        description="Keys of the program's own terms; the shared term that each is counted as comes into its field.",
    )


class Enrollment(Profile):
    """Enrolling asks nothing; whatever the person offers by themselves may come along."""

    model_config = examples({})


class ProfileChange(Profile, Change):
    """The coarse profile, as far as it changes."""

    model_config = examples({"age_band": "25_34", "languages": ["en", "es"], "pronouns": "she/they"})


class ParticipantView(View):
    """A participant as one member of the program sees them; the profile only where history is open."""

    model_config = examples(PARTICIPANT)

    code: str = Field(description="The participant's code in the program.")
    handle: str | None = Field(description="Two words by which only this peer knows the person; null for others.")
    basis: Basis = Field(description="Why the caller (or their team) works with the person.")
    history_open: bool = Field(description="False after a shown code: greeting and new records only.")
    enrolled_on: date | None = None
    may_be_returning: bool | None = None
    age_band: AgeBand | None = None
    gender: Gender | None = None
    race_ethnicity: list[RaceEthnicity] | None = None
    languages: list[Language] | None = None
    communities: list[Community] | None = None
    zone: str | None = None
    local_terms: list[str] | None = None

    def tagged(self) -> View:
        """Without words: the version grows with them, and a change is tagged as what it changed is then read."""
        return ParticipantView.of(self)


class ParticipantKept(ParticipantView, WordsKept):
    """A participant just enrolled or changed, and which of their own words are kept."""

    model_config = examples({**PARTICIPANT, "words_kept": ["pronouns"], "returned": None})


class ParticipantRecord(ParticipantView):
    """One participant with their own words."""

    model_config = examples({**PARTICIPANT, "pronouns": "she/they", "gender_words": "not_asked"})

    pronouns: SealedWords | None = Field(None, description="In the person's own words, or a kind of no answer.")
    gender_words: SealedWords | None = Field(None, description="In the person's own words, or a kind of no answer.")


class CaseloadItem(View):
    """One line of a caseload."""

    model_config = examples(
        {
            "code": "K7QP-2M9X-4TRD",
            "handle": "amber-heron",
            "member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
            "basis": "enrolled",
            "history_open": True,
            "since": "2026-11-02",
        }
    )

    code: str
    handle: str | None
    member_id: UUID = Field(description="Who works with the person: the caller, or a member of their team.")
    basis: Basis
    history_open: bool
    since: date


class LinkDraft(Draft):
    """The code of another record of the same person."""

    model_config = examples({"code": "9VXW-81GF-ZKQ4"})

    code: str = Field(max_length=64)


class LinkView(View):
    """A supervisor's word that two records are of one person."""

    model_config = examples(
        {
            "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
            "codes": ["K7QP-2M9X-4TRD", "9VXW-81GF-ZKQ4"],
            "member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
            "linked_on": "2026-11-02",
            "reversible_until": "2027-01-31",
            "undone_on": None,
        }
    )

    id: UUID
    codes: list[str] = Field(description="The codes of the two records. Both keep working.")
    member_id: UUID = Field(description="Who said so.")
    linked_on: date
    reversible_until: date = Field(description="The last day on which it can be undone.")
    undone_on: date | None = None


class ShownCode(Draft):
    """The code on the card that a person shows, and their confirmation word if they say one."""

    model_config = examples({"code": "K7QP-2M9X-4TRD", "word": "lantern"}, {"code": "K7QP-2M9X-4TRD"})

    code: str = Field(max_length=64)
    word: Word | None = Field(None, description="Opens the person's history. A wrong one is answered like none.")


class Assignment(Draft):
    """The member of the supervisor's own team who is to work with the person, history included."""

    model_config = examples({"member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"})

    member_id: UUID
