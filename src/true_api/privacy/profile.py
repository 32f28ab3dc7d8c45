"""The coarse profile: what a participant may say of themselves, with three kinds of "no answer"."""

from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar
from uuid import UUID

from pydantic import Field as Bounds
from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach, every_row
from true_api.privacy.terms import Act

T = TypeVar("T")
NO_ANSWER = frozenset({"does_not_know", "prefers_not_to_say", "not_asked"})

TermKey = Annotated[str, Bounds(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
"""The key of one of the program's own terms, or a kind of no answer."""


def no_answer_stands_alone(terms: tuple[T, ...]) -> tuple[T, ...]:
    """Terms that do not contradict each other. Raises `ValueError` for a "no answer" beside anything else."""
    if len(terms) > 1 and NO_ANSWER.intersection(map(str, terms)):
        raise ValueError("a kind of no answer stands alone")
    return terms


class AgeBand(StrEnum):
    """Age, coarse (privacy.md 1)."""

    UNDER_18 = "under_18"
    FROM_18_TO_24 = "18_24"
    FROM_25_TO_34 = "25_34"
    FROM_35_TO_44 = "35_44"
    FROM_45_TO_54 = "45_54"
    FROM_55_TO_64 = "55_64"
    FROM_65 = "65_plus"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    NOT_ASKED = "not_asked"


class Gender(StrEnum):
    """Gender, as the person describes it, in an open code."""

    WOMAN = "woman"
    MAN = "man"
    NON_BINARY = "non_binary"
    TWO_SPIRIT = "two_spirit"
    QUESTIONING = "questioning"
    DIFFERENT_IDENTITY = "different_identity"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    NOT_ASKED = "not_asked"


class RaceEthnicity(StrEnum):
    """Race and ethnicity, as many as the person names (HUD HMIS data standards 3.04)."""

    AMERICAN_INDIAN_OR_ALASKA_NATIVE_OR_INDIGENOUS = "american_indian_alaska_native_or_indigenous"
    ASIAN_OR_ASIAN_AMERICAN = "asian_or_asian_american"
    BLACK_AFRICAN_AMERICAN_OR_AFRICAN = "black_african_american_or_african"
    HISPANIC_OR_LATINA_E_O = "hispanic_latina_e_o"
    MIDDLE_EASTERN_OR_NORTH_AFRICAN = "middle_eastern_or_north_african"
    NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER = "native_hawaiian_or_pacific_islander"
    WHITE = "white"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    NOT_ASKED = "not_asked"


class Language(StrEnum):
    """Languages the program's region speaks most (ISO 639; the list grows)."""

    AMERICAN_SIGN_LANGUAGE = "ase"
    ARABIC = "ar"
    CHINESE = "zh"
    ENGLISH = "en"
    FRENCH = "fr"
    HAITIAN_CREOLE = "ht"
    KOREAN = "ko"
    NAVAJO = "nv"
    PORTUGUESE = "pt"
    RUSSIAN = "ru"
    SOMALI = "so"
    SPANISH = "es"
    TAGALOG = "tl"
    VIETNAMESE = "vi"
    YORUBA = "yo"
    ZULU = "zu"
    OTHER = "other"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    NOT_ASKED = "not_asked"


class Community(StrEnum):
    """Communities that a person wants to be matched for (domain.md); the list is open."""

    BLACK = "black"
    DEAF_OR_HARD_OF_HEARING = "deaf_or_hard_of_hearing"
    DISABILITY = "disability"
    IMMIGRANT_OR_REFUGEE = "immigrant_or_refugee"
    INDIGENOUS = "indigenous"
    LATINE = "latine"
    LGBTQ = "lgbtq"
    LIVING_WITH_HIV = "living_with_hiv"
    OLDER_ADULTS = "older_adults"
    PARENTS = "parents"
    RETURNING_FROM_JAIL_OR_PRISON = "returning_from_jail_or_prison"
    SEX_WORK = "sex_work"
    TRANSGENDER = "transgender"
    VETERANS = "veterans"
    WOMEN = "women"
    YOUNG_ADULTS = "young_adults"
    OTHER = "other"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    NOT_ASKED = "not_asked"


class Vocabulary(StrEnum):
    """What a program may add terms of its own to. Certificates, zones and places for papers have no shared terms."""

    ACT = "act"
    CERTIFICATE = "certificate"
    COMMUNITY = "community"
    GENDER = "gender"
    LANGUAGE = "language"
    PAPER_PLACE = "paper_place"
    RACE_ETHNICITY = "race_ethnicity"
    ZONE = "zone"


SHARED: dict[Vocabulary, type[StrEnum]] = {
    Vocabulary.ACT: Act,
    Vocabulary.COMMUNITY: Community,
    Vocabulary.GENDER: Gender,
    Vocabulary.LANGUAGE: Language,
    Vocabulary.RACE_ETHNICITY: RaceEthnicity,
}
"""The shared terms of each vocabulary that has some."""


class LocalTerm(Row, table=True):
    """A program's own term, mapped to the shared one under which it is counted; a zone stands for itself.

    Records name it by `key`, so that it is switched off and never deleted, and its mapping never changes.
    """

    __tablename__ = "local_terms"
    __reach__: ClassVar[Reach] = Reach(program=every_row, agency=every_row, keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    vocabulary: Vocabulary = Field(sa_type=choice(Vocabulary))
    key: str = Field(max_length=40, unique=True)
    label: str = Field(max_length=80)
    shared_term: str | None = Field(default=None, max_length=60)
    active: bool = True


class HiddenTerm(Row, table=True):
    """A shared term that the program does not offer. Records that hold it keep it, and it is taken where it comes."""

    __tablename__ = "hidden_terms"
    __table_args__ = (UniqueConstraint("vocabulary", "term"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row, agency=every_row, keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    vocabulary: str = Field(max_length=60)
    term: str = Field(max_length=60)
