"""Whether what somebody is told tells two kinds of cases apart: a plain classifier, and how well chance alone does.

The classifier looks at one feature at a time: it has seen all other cases with the same value, and guesses what most of
them were. What it reaches with its best feature is held against what it reaches when the kinds are dealt out at random,
so that a feature is not believed for being one of many.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

Features = Mapping[str, Hashable]


@dataclass(frozen=True)
class Guessing:
    """How well the best feature tells the kinds apart, and how often random kinds are told apart as well."""

    feature: str
    accuracy: float
    by_chance: float
    """The mean of what the best feature reaches on kinds dealt out at random."""
    p: float


def tell_apart(cases: Sequence[tuple[Hashable, Features]], seed: int = 1, deals: int = 400) -> Guessing:
    """Guess each case from all the others, by the feature that does best; then again on kinds dealt at random."""
    kinds = [kind for kind, _ in cases]
    columns = _columns([features for _, features in cases])
    feature, accuracy = _best(kinds, columns)
    chance, reached = Random(seed), []
    for _ in range(deals):
        dealt = chance.sample(kinds, len(kinds))
        reached.append(_best(dealt, columns)[1])
    as_good = sum(one >= accuracy for one in reached)
    return Guessing(feature, accuracy, sum(reached) / deals, (as_good + 1) / (deals + 1))


def _columns(told: Sequence[Features]) -> dict[str, list[Hashable]]:
    """The values of each feature, case by case; features that are the same throughout, or all alike, once."""
    names = sorted({name for features in told for name in features})
    columns: dict[str, list[Hashable]] = {}
    seen: set[tuple[int, ...]] = set()
    for name in names:
        column = [features.get(name) for features in told]
        first: dict[Hashable, int] = {}
        shape = tuple(first.setdefault(value, len(first)) for value in column)
        if len(first) > 1 and shape not in seen:
            seen.add(shape)
            columns[name] = column
    return columns


def _best(kinds: Sequence[Hashable], columns: Mapping[str, Sequence[Hashable]]) -> tuple[str, float]:
    everybody = Counter(kinds)
    found = {name: _accuracy(kinds, column, everybody) for name, column in columns.items()}
    found[""] = _accuracy(kinds, [None] * len(kinds), everybody)
    best = max(found, key=lambda name: found[name])
    return best, found[best]


def _accuracy(kinds: Sequence[Hashable], column: Sequence[Hashable], everybody: Counter[Hashable]) -> float:
    """How many cases are guessed right from the others that have the same value, and from all others where none has."""
    alike: dict[Hashable, Counter[Hashable]] = {}
    for kind, value in zip(kinds, column, strict=True):
        alike.setdefault(value, Counter())[kind] += 1
    right = sum(_guess(alike[value], everybody, kind) == kind for kind, value in zip(kinds, column, strict=True))
    return right / len(kinds)


def _guess(alike: Counter[Hashable], everybody: Counter[Hashable], own: Hashable) -> Hashable:
    """What most of the others with this value were, the case itself left out."""
    others = alike if alike.total() > 1 else everybody
    return max(others, key=lambda kind: (others[kind] - (kind == own), str(kind)))
