"""Coarsening: making a data set coarser until everybody in it looks like ten others; what cannot, is left out.

Of somebody in a data set all that could tell them apart is looked at together: what stands about them, and the whole
set of periods in which they appear, because one code joins those (privacy.md 3). It is made coarser step by step, each
time by the step that leaves the fewest people to be left out, until few enough are; then those are left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from true_api.outlets.exports.vocabulary import Quasi

K = 11
"""How many people have to look alike (privacy.md 9: below it, numbers are people)."""

MOST_LEFT_OUT = 0.05
"""While more than this share would be left out and something can be made coarser, it is."""

ANY = "any"
UNSAID = frozenset({"does_not_know", "prefers_not_to_say", "not_asked"})

_WIDER = {
    "under_18": "under_25",
    "18_24": "under_25",
    "25_34": "25_44",
    "35_44": "25_44",
    "45_54": "45_plus",
    "55_64": "45_plus",
    "65_plus": "45_plus",
}


def _wider(age: str) -> str:
    return _WIDER.get(age, "not_said")


def _gender(gender: str) -> str:
    return gender if gender in ("woman", "man") else "another_or_not_said"


def _one_or_more(terms: str) -> str:
    return "more_than_one" if "|" in terms else "not_said" if terms in UNSAID else terms


def _quarter(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def _year(month: str) -> str:
    return month[:4]


def _same(value: str) -> str:
    return value


def _any(_value: str) -> str:
    return ANY


LEVELS: dict[Quasi, tuple[tuple[str, Any], ...]] = {
    Quasi.ZONE: (("zone", _same), ("no_zone", _any)),
    Quasi.RACE_ETHNICITY: (("terms", _same), ("one_or_more", _one_or_more), ("no_race_ethnicity", _any)),
    Quasi.AGE_BAND: (("ten_years", _same), ("twenty_years", _wider), ("no_age", _any)),
    Quasi.GENDER: (("gender", _same), ("woman_man_another", _gender), ("no_gender", _any)),
    Quasi.PERIOD: (("months", _same), ("quarters", _quarter), ("years", _year), ("no_periods", _any)),
}
"""What can tell people apart, and how coarse it can become; where two steps do as much, the upper one is taken."""

PROFILE = tuple(quasi for quasi in LEVELS if quasi is not Quasi.PERIOD)


@dataclass(frozen=True)
class Person:
    """What could tell somebody apart: what stands about them, in the order of `PROFILE`, and their months."""

    profile: tuple[str, ...]
    months: frozenset[str]


@dataclass(frozen=True)
class Step:
    """One step: what was made coarser, to which level, and how many people would still have been left out."""

    quasi: Quasi
    level: str
    people_left_out: int


@dataclass(frozen=True)
class Coarse:
    """How coarse each thing is by now."""

    at: Mapping[Quasi, int]

    def told(self, quasi: Quasi, value: str) -> str:
        """A value as it may be told."""
        return str(LEVELS[quasi][self.at[quasi]][1](value))

    def looks(self, person: Person) -> tuple[Any, ...]:
        """Everything that could tell somebody apart, as it may be told."""
        profile = tuple(self.told(quasi, value) for quasi, value in zip(PROFILE, person.profile, strict=True))
        return (*profile, frozenset(self.told(Quasi.PERIOD, month) for month in person.months))

    def coarser(self) -> "Iterable[tuple[Quasi, Coarse]]":
        """Every next step that there is."""
        for quasi, levels in LEVELS.items():
            if self.at[quasi] + 1 < len(levels):
                yield quasi, Coarse({**self.at, quasi: self.at[quasi] + 1})


@dataclass(frozen=True)
class Outcome:
    """How a data set may be told: how coarse, by which steps, and which looks are too few to be told at all."""

    coarse: Coarse
    steps: Sequence[Step]
    kept: frozenset[tuple[Any, ...]]
    people: int
    people_left_out: int

    def holds(self, person: Person) -> bool:
        """Whether somebody stands in the data set."""
        return self.coarse.looks(person) in self.kept


FINE = Coarse(dict.fromkeys(LEVELS, 0))


def coarsen(people: Iterable[Person]) -> Outcome:
    """How a data set about these people may be told."""
    alike = Counter(people)
    total, coarse, steps = sum(alike.values()), FINE, list[Step]()
    few = _left_out(alike, coarse)
    while few > total * MOST_LEFT_OUT and (chosen := _next(alike, coarse)) is not None:
        quasi, coarse, few = chosen
        steps.append(Step(quasi, LEVELS[quasi][coarse.at[quasi]][0], few))
    looks = _looks(alike, coarse)
    kept = frozenset(look for look, many in looks.items() if many >= K)
    return Outcome(coarse, steps, kept, total - few, few)


def _next(alike: Mapping[Person, int], coarse: Coarse) -> tuple[Quasi, Coarse, int] | None:
    tried = [(quasi, coarser, _left_out(alike, coarser)) for quasi, coarser in coarse.coarser()]
    return min(tried, key=lambda one: one[2], default=None)


def _looks(alike: Mapping[Person, int], coarse: Coarse) -> Counter[tuple[Any, ...]]:
    looks: Counter[tuple[Any, ...]] = Counter()
    for person, many in alike.items():
        looks[coarse.looks(person)] += many
    return looks


def _left_out(alike: Mapping[Person, int], coarse: Coarse) -> int:
    return sum(many for many in _looks(alike, coarse).values() if many < K)
