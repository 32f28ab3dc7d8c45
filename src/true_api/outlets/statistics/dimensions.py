"""What tables of the grid are split by, what they count, and which records they are counted from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from true_api.outlets.statistics.terms import (
    EDUCATION_TOPICS,
    NOT_SAID,
    Connection,
    FirstContact,
    ReferralEnd,
    Returning,
)
from true_api.privacy.profile import NO_ANSWER, AgeBand, Gender, RaceEthnicity
from true_api.privacy.terms import Act
from true_api.rooms.encounters.vocabulary import EducationMaterial, Setting
from true_api.rooms.overdoses.vocabulary import OverdoseKind
from true_api.rooms.supplies.vocabulary import NALOXONE, SupplyItem


class Unit(StrEnum):
    """What is counted."""

    PEOPLE = "people"
    ENCOUNTERS = "encounters"
    KITS = "kits"
    DOSES = "doses"
    ITEMS = "items"
    EVENTS = "events"
    REQUESTS = "requests"
    REFERRALS = "referrals"


class Source(StrEnum):
    """Records that numbers are counted from."""

    ENCOUNTERS = "encounters"
    HISTORY = "history"
    INTAKE = "intake"
    OVERDOSES = "overdoses"
    READINESS = "readiness"
    REFERRALS = "referrals"
    SUPPLIES = "supplies"


@dataclass(frozen=True)
class Dimension:
    """By what a table is split. `own_terms` says that the program's own terms come before its `categories`."""

    name: str
    categories: tuple[str, ...]
    own_terms: bool = False
    several: bool = False
    """Whether a person may stand in more than one category."""

    def with_own(self, terms: Iterable[str]) -> "Dimension":
        """The dimension with the program's own terms, where it has such."""
        if not self.own_terms:
            return self
        return replace(self, categories=(*terms, *(one for one in self.categories if one not in terms)))


def _terms(kind: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(term.value for term in kind)


_NOT_TOLD = tuple(sorted(NO_ANSWER))
SETTING = Dimension("setting", _terms(Setting), several=True)
ZONE = Dimension("zone", _NOT_TOLD, own_terms=True)
AGE_BAND = Dimension("age_band", _terms(AgeBand))
GENDER = Dimension("gender", _terms(Gender))
RACE_ETHNICITY = Dimension("race_ethnicity", _terms(RaceEthnicity), several=True)
ACT = Dimension("act", _terms(Act), several=True)
RETURN = Dimension("return", _terms(Returning))
CONNECTION = Dimension("connection", _terms(Connection), several=True)
TOPIC = Dimension("topic", EDUCATION_TOPICS, several=True)
MATERIAL = Dimension("material", _terms(EducationMaterial), several=True)
ITEM = Dimension("item", _terms(SupplyItem), several=True)
PRODUCT = Dimension("product", (*sorted(item.value for item in NALOXONE), NOT_SAID), several=True)
KIND = Dimension("kind", _terms(OverdoseKind), several=True)
OUTCOME = Dimension("outcome", _terms(ReferralEnd), several=True)
FIRST_CONTACT = Dimension("first_contact", _terms(FirstContact), several=True)
