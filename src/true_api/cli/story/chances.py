"""How likely what is: the draws from which encounters, notes and profiles are made.

The weights are made up so that every word of the vocabularies turns up; they describe no program that exists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from true_api.cli.story import notes
from true_api.cli.story.selves import said_of_themselves
from true_api.privacy.profile import AgeBand, Gender, Language, RaceEthnicity
from true_api.rooms.encounters.vocabulary import COUNTED, Act, Outcome, PartOfDay, Setting
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage

T = TypeVar("T")


def one_of(chance: Random, weights: Mapping[T, int]) -> T:
    """One of several, each as likely as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def some_of(chance: Random, weights: Mapping[T, int], count: int) -> list[T]:
    """Different ones of several, up to a number."""
    return list(dict.fromkeys(chance.choices(list(weights), list(weights.values()), k=count)))


@dataclass(frozen=True)
class Ways:
    """Where and when a team usually works."""

    settings: Mapping[Setting, int]
    parts: Mapping[PartOfDay, int]


NIGHT_VAN = Ways(
    {
        Setting.STREET: 50,
        Setting.MOBILE_UNIT: 34,
        Setting.SHELTER: 6,
        Setting.PHONE: 5,
        Setting.TEXT: 3,
        Setting.EVENT: 2,
    },
    {PartOfDay.NIGHT: 45, PartOfDay.EVENING: 45, PartOfDay.AFTERNOON: 10},
)
DROP_IN = Ways(
    {Setting.DROP_IN: 62, Setting.PHONE: 14, Setting.TEXT: 10, Setting.VIDEO: 5, Setting.MAIL: 5, Setting.EVENT: 4},
    {PartOfDay.MORNING: 40, PartOfDay.AFTERNOON: 50, PartOfDay.EVENING: 10},
)
HOSPITAL_AND_COURT = Ways(
    {
        Setting.HOSPITAL: 36,
        Setting.JAIL_OR_COURT: 22,
        Setting.HOME_VISIT: 14,
        Setting.SHELTER: 14,
        Setting.PHONE: 10,
        Setting.VIDEO: 4,
    },
    {PartOfDay.MORNING: 45, PartOfDay.AFTERNOON: 40, PartOfDay.EVENING: 15},
)

AT_A_DISTANCE = frozenset({Setting.PHONE, Setting.TEXT, Setting.VIDEO})

OUTCOMES = {
    Outcome.ENGAGED: 72,
    Outcome.BRIEF: 14,
    Outcome.NOT_TODAY: 6,
    Outcome.ENDED_BY_PARTICIPANT: 3,
    Outcome.DECLINED: 2,
    Outcome.UNABLE_TO_REACH: 2,
    Outcome.OTHER: 1,
}
WITHOUT_ACTS = frozenset({Outcome.NOT_TODAY, Outcome.DECLINED, Outcome.UNABLE_TO_REACH})

SAID_OR_DONE = {
    Act.LISTENING: 40,
    Act.OVERDOSE_EDUCATION: 12,
    Act.NALOXONE_TRAINING: 8,
    Act.WOUND_CARE_INFO: 6,
    Act.SAFETY_PLANNING: 8,
    Act.GROUNDING: 5,
    Act.COPING_SKILLS: 7,
    Act.CRISIS_SUPPORT: 3,
    Act.TREATMENT_OPTIONS_EXPLAINED: 9,
    Act.LIVED_EXPERIENCE_SHARED: 12,
    Act.NAVIGATION: 9,
    Act.ACCOMPANIMENT: 5,
    Act.TESTING_HIV_HCV_OFFERED: 5,
    Act.CHECK_IN_AFTER_OVERDOSE: 2,
    Act.FOLLOW_UP_PROMISED: 8,
    Act.FOLLOW_UP_KEPT: 6,
}
GIVEN = {
    Act.NALOXONE_GIVEN: 30,
    Act.FENTANYL_STRIPS_GIVEN: 18,
    Act.XYLAZINE_STRIPS_GIVEN: 7,
    Act.DRUG_CHECK_DONE: 5,
    Act.STERILE_SUPPLIES_GIVEN: 26,
    Act.SYRINGES_COLLECTED: 12,
    Act.SAFER_SEX_SUPPLIES: 9,
    Act.HYGIENE_FOOD_CLOTHING: 22,
}
MOST_GIVEN = {
    Act.NALOXONE_GIVEN: 4,
    Act.DRUG_CHECK_DONE: 2,
    Act.HYGIENE_FOOD_CLOTHING: 3,
    Act.STERILE_SUPPLIES_GIVEN: 40,
    Act.SYRINGES_COLLECTED: 60,
}
STRIPS_OR_PACKS = 10


def encounter(chance: Random, ways: Ways, on: date) -> dict[str, object]:
    """A contact as a peer of this team would record it."""
    setting, outcome = one_of(chance, ways.settings), one_of(chance, OUTCOMES)
    acts = [] if outcome in WITHOUT_ACTS else some_of(chance, SAID_OR_DONE, chance.randint(1, 2))
    if outcome not in WITHOUT_ACTS and setting not in AT_A_DISTANCE:
        acts += some_of(chance, GIVEN, chance.randint(0, 2))
    return {
        "setting": setting,
        "outcome": outcome,
        "occurred_on": on.isoformat(),
        "part_of_day": one_of(chance, ways.parts),
        "acts": [_act(chance, act) for act in acts],
        **notes.of_encounter(chance),
    }


def _act(chance: Random, act: Act) -> dict[str, object]:
    if act not in COUNTED:
        return {"act": act}
    return {"act": act, "quantity": chance.randint(1, MOST_GIVEN.get(act, STRIPS_OR_PACKS))}


STAGES = (Stage.PRECONTEMPLATION, Stage.CONTEMPLATION, Stage.PREPARATION, Stage.ACTION, Stage.MAINTENANCE)
NOT_SAID = {None: 88, Stage.NOT_ASKED: 8, Stage.PREFERS_NOT_TO_SAY: 4}
MOVES_OF_STAGE = {1: 36, 0: 34, -1: 30}
MOVES_OF_RULER = {-3: 4, -2: 12, -1: 22, 0: 20, 1: 24, 2: 13, 3: 5}
EVERY_FOCUS = {focus: 20 if focus in (Focus.SAFER_USE, Focus.HEALTH, Focus.HOUSING) else 6 for focus in Focus}
EVERY_NEXT_STEP = {step: 16 if step is NextStep.CARRY_NALOXONE else 6 for step in NextStep}


class Readiness:
    """What one person says of change from visit to visit: it goes up, and down, and stays."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._stage = chance.choices(range(len(STAGES)), [30, 34, 18, 12, 6])[0]
        self._importance, self._confidence = chance.randint(2, 9), chance.randint(1, 7)

    def said(self, on: date) -> dict[str, object]:
        """A note of what they say on a day."""
        chance, focus = self._chance, one_of(self._chance, EVERY_FOCUS)
        self._stage = min(max(self._stage + one_of(chance, MOVES_OF_STAGE), 0), len(STAGES) - 1)
        self._importance, self._confidence = self._moved(self._importance), self._moved(self._confidence)
        note: dict[str, object] = {
            "occurred_on": on.isoformat(),
            "stage": one_of(chance, NOT_SAID) or STAGES[self._stage],
            "focus": focus,
            "next_step": one_of(chance, EVERY_NEXT_STEP),
            **notes.of_readiness(chance, focus is Focus.OTHER),
        }
        if chance.random() < 0.8:
            note |= {"importance": self._importance, "confidence": self._confidence}
        if chance.random() < 0.4:
            note["readiness"] = (self._importance + self._confidence) // 2
        return note

    def _moved(self, ruler: int) -> int:
        return min(max(ruler + one_of(self._chance, MOVES_OF_RULER), 0), 10)


AGES = {
    AgeBand.FROM_18_TO_24: 12,
    AgeBand.FROM_25_TO_34: 27,
    AgeBand.FROM_35_TO_44: 28,
    AgeBand.FROM_45_TO_54: 17,
    AgeBand.FROM_55_TO_64: 9,
    AgeBand.FROM_65: 2,
    AgeBand.DOES_NOT_KNOW: 1,
    AgeBand.PREFERS_NOT_TO_SAY: 4,
}
GENDERS = {gender: 8 if gender in (Gender.WOMAN, Gender.MAN) else 1 for gender in Gender}
ORIGINS: Sequence[RaceEthnicity] = tuple(RaceEthnicity)[:7]
TONGUES = {language: 20 if language is Language.SPANISH else 2 for language in tuple(Language)[:16]}


def profile(chance: Random) -> dict[str, object]:
    """What somebody may say of themselves; most say little, and some say nothing."""
    said: dict[str, object] = {}
    if chance.random() < 0.6:
        said["age_band"] = one_of(chance, AGES)
    if chance.random() < 0.45:
        said["gender"] = one_of(chance, GENDERS)
    if chance.random() < 0.4:
        said["race_ethnicity"] = chance.sample(ORIGINS, 2 if chance.random() < 0.15 else 1)
    if chance.random() < 0.35:
        said["languages"] = list(dict.fromkeys([Language.ENGLISH, one_of(chance, TONGUES)]))
    return said | said_of_themselves(chance)
