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


def tell_apart(cases: Sequence[tuple[Hashable, Features]], seed: int = 1, deals: int = 2_000) -> Guessing:
    """Guess each case from all the others, by the feature that does best; then again on kinds dealt at random."""
    kinds = [str(kind) for kind, _ in cases]
    alike = _alike([features for _, features in cases])
    feature, accuracy = _best(kinds, alike)
    chance = Random(seed)
    reached = [_best(chance.sample(kinds, len(kinds)), alike)[1] for _ in range(deals)]
    as_good = sum(one >= accuracy for one in reached)
    return Guessing(feature, accuracy, sum(reached) / deals, (as_good + 1) / (deals + 1))


def _alike(told: Sequence[Features]) -> dict[str, list[list[int]]]:
    """Of each feature, which cases have the same value; of features that divide the cases alike, the first."""
    found: dict[str, list[list[int]]] = {"": [list(range(len(told)))]}
    seen: set[tuple[int, ...]] = set()
    for name in sorted({name for features in told for name in features}):
        groups: dict[Hashable, list[int]] = {}
        for place, features in enumerate(told):
            groups.setdefault(features.get(name), []).append(place)
        first = {place: group[0] for group in groups.values() for place in group}
        shape = tuple(first[place] for place in range(len(told)))
        if len(groups) > 1 and shape not in seen:
            seen.add(shape)
            found[name] = list(groups.values())
    return found


def _best(kinds: Sequence[str], alike: Mapping[str, Sequence[Sequence[int]]]) -> tuple[str, float]:
    everybody = Counter(kinds)
    found = {
        name: sum(_guessed_right(Counter(kinds[place] for place in group), everybody) for group in groups)
        for name, groups in alike.items()
    }
    best = max(found, key=lambda name: found[name])
    return best, found[best] / len(kinds)


def _guessed_right(group: Counter[str], everybody: Counter[str]) -> int:
    """How many of a group are what most of the others in it are; who is alone is guessed from everybody else."""
    seen = group if group.total() > 1 else everybody
    right = 0
    for kind, count in group.items():
        others = [(number - (one == kind), one) for one, number in seen.items()]
        right += count * (max(others)[1] == kind)
    return right
