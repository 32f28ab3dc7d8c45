"""Beliefs: what can be thought of hidden whole numbers, given what was published and how they add up.

Loopy belief propagation over sums and over pairs: on a tree it is the exact posterior, elsewhere a good one. With
noise of a known distribution its most likely value is the best guess that anybody has.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Name = Hashable
Weights = np.ndarray[Any, np.dtype[np.float64]]
NEVER = 1e-300


@dataclass
class Number:
    """An unknown whole number: what it may be, from `low` on, and how likely each is before anything adds up."""

    low: int
    weights: Weights
    told: dict[int, Weights] = field(default_factory=dict)
    """What each relation says of it."""

    def belief(self, without: int | None = None) -> Weights:
        """How likely each value is by now, leaving out what one relation says."""
        product = self.weights
        for relation, said in self.told.items():
            if relation != without:
                product = product * said
        total = product.sum()
        return product / total if total > NEVER else self.weights / self.weights.sum()

    def guess(self, lowest: int, highest: int) -> int:
        """The most likely value within bounds."""
        values = np.arange(lowest, highest + 1) - self.low
        inside = (values >= 0) & (values < len(self.weights))
        belief = self.belief()
        likely = np.where(inside, belief[np.clip(values, 0, len(belief) - 1)], -1.0)
        return lowest + int(likely.argmax())


@dataclass(frozen=True)
class Sum:
    """One number is the sum of others."""

    whole: Name
    parts: tuple[Name, ...]


@dataclass(frozen=True)
class Pair:
    """How likely two numbers are beside each other; what lies outside of the table is not judged."""

    one: Name
    other: Name
    likely: Weights


class Beliefs:
    """Numbers, and what relates them."""

    def __init__(self, numbers: dict[Name, Number], relations: Sequence[Sum | Pair]) -> None:
        self.numbers, self._relations = numbers, list(enumerate(relations))

    def settle(self, rounds: int) -> None:
        """Let every relation tell its numbers what the others say, so many times."""
        for _ in range(rounds):
            for place, relation in self._relations:
                if isinstance(relation, Sum):
                    self._add_up(place, relation)
                else:
                    self._hold_beside(place, relation)

    def _add_up(self, place: int, relation: Sum) -> None:
        names = (relation.whole, *relation.parts)
        signed = [(-1 if name == relation.whole else 1, self.numbers[name]) for name in names]
        told = [_signed(sign, number.low, number.belief(place)) for sign, number in signed]
        before, after = [(0, np.ones(1))], [(0, np.ones(1))]
        for one in told[:-1]:
            before.append(_added(before[-1], one))
        for one in told[:0:-1]:
            after.append(_added(after[-1], one))
        for (sign, number), ahead, behind in zip(signed, before, after[::-1], strict=True):
            low, weights = _signed(-sign, *_added(ahead, behind))
            number.told[place] = _on(number, low, weights)

    def _hold_beside(self, place: int, pair: Pair) -> None:
        one, other = self.numbers[pair.one], self.numbers[pair.other]
        table = pair.likely[one.low : one.low + len(one.weights), other.low : other.low + len(other.weights)]
        one.told[place] = _kept(table @ other.belief(place))
        other.told[place] = _kept(one.belief(place) @ table)


def _signed(sign: int, low: int, weights: Weights) -> tuple[int, Weights]:
    return (low, weights) if sign > 0 else (-(low + len(weights) - 1), weights[::-1])


def _added(one: tuple[int, Weights], other: tuple[int, Weights]) -> tuple[int, Weights]:
    return one[0] + other[0], np.convolve(one[1], other[1])


def _on(number: Number, low: int, weights: Weights) -> Weights:
    """A distribution, seen where the number may be."""
    places = np.arange(number.low, number.low + len(number.weights)) - low
    inside = (places >= 0) & (places < len(weights))
    return _kept(np.where(inside, weights[np.clip(places, 0, len(weights) - 1)], 0.0))


def _kept(weights: Weights) -> Weights:
    total = weights.sum()
    return np.ones_like(weights) if total <= NEVER else np.maximum(weights / total, 1e-12)


def numbers_of(likely: dict[Name, tuple[int, Weights]]) -> dict[Name, Number]:
    """Fresh numbers."""
    return {name: Number(low, weights) for name, (low, weights) in likely.items()}


def counted(pairs: Sequence[tuple[int, int]], most: int) -> Weights:
    """How often two numbers stood beside each other, spread a little to their neighbors."""
    table = np.full((most + 1, most + 1), 0.02)
    for one, other in pairs:
        if one <= most and other <= most:
            table[one, other] += 1
            for near in (max(other - 1, 0), min(other + 1, most)):
                table[one, near] += 0.3
    columns = table.sum(axis=0, keepdims=True)
    return table / columns / table.sum(axis=1, keepdims=True) * table.sum()
