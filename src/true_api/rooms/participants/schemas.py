"""What callers say and see of a participant."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from true_api.kernel.schemas import Change, Draft, Several, View, examples
from true_api.privacy.cases import Basis
from true_api.privacy.profile import AgeBand, Gender, Language, RaceEthnicity, no_answer_stands_alone
from true_api.privacy.spoken import Word

Backgrounds = Annotated[Several[RaceEthnicity], AfterValidator(no_answer_stands_alone)]
Languages = Annotated[Several[Language], AfterValidator(no_answer_stands_alone)]

PARTICIPANT = {
    "code": "K7QP-2M9X-4TRD",
    "handle": "amber-heron",
    "basis": "enrolled",
    "history_open": True,
    "enrolled_on": "2026-11-02",
    "age_band": "25_34",
    "gender": "not_asked",
    "race_ethnicity": ["prefers_not_to_say"],
    "languages": ["en", "es"],
}


class Enrollment(Draft):
    """Enrolling asks nothing; whatever the person offers by themselves may come along."""

    model_config = examples({})

    age_band: AgeBand = AgeBand.NOT_ASKED
    gender: Gender = Gender.NOT_ASKED
    race_ethnicity: Backgrounds = Field((RaceEthnicity.NOT_ASKED,), min_length=1)
    languages: Languages = Field((Language.NOT_ASKED,), min_length=1)


class ProfileChange(Change):
    """The coarse profile, as far as it changes."""

    model_config = examples({"age_band": "25_34", "languages": ["en", "es"]})

    age_band: AgeBand = AgeBand.NOT_ASKED
    gender: Gender = Gender.NOT_ASKED
    race_ethnicity: Backgrounds = Field((RaceEthnicity.NOT_ASKED,), min_length=1)
    languages: Languages = Field((Language.NOT_ASKED,), min_length=1)


class ParticipantView(View):
    """A participant as one member of the program sees them; the profile only where history is open."""

    model_config = examples(PARTICIPANT)

    code: str = Field(description="The participant's code in the program.")
    handle: str | None = Field(description="Two words by which only this peer knows the person; null for others.")
    basis: Basis = Field(description="Why the caller (or their team) works with the person.")
    history_open: bool = Field(description="False after a shown code: greeting and new records only.")
    enrolled_on: date | None = None
    age_band: AgeBand | None = None
    gender: Gender | None = None
    race_ethnicity: list[RaceEthnicity] | None = None
    languages: list[Language] | None = None


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


class ShownCode(Draft):
    """The code on the card that a person shows, and their confirmation word if they say one."""

    model_config = examples({"code": "K7QP-2M9X-4TRD", "word": "lantern"}, {"code": "K7QP-2M9X-4TRD"})

    code: str = Field(max_length=64)
    word: Word | None = Field(None, description="Opens the person's history. A wrong one is answered like none.")


class Assignment(Draft):
    """The member of the supervisor's own team who is to work with the person, history included."""

    model_config = examples({"member_id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"})

    member_id: UUID
