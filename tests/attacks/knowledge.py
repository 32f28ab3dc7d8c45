"""What an attacker knows before anything is published: programs like this one, and how the noise is drawn."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.attacks.beliefs import Weights, counted
from tests.attacks.programs import Span
from tests.attacks.publishing import Name
from true_api.privacy.noise import FLOOR, REACH, SCALE

LARGEST = 2 * FLOOR + REACH * SCALE
"""Numbers up to here are looked at beside each other from month to month."""


@dataclass(frozen=True)
class Law:
    """How likely each noise is; the mechanism is no secret, its key is."""

    reach: int
    weights: Weights

    def at(self, noise: int) -> float:
        """How likely this noise is."""
        return float(self.weights[noise + self.reach]) if abs(noise) <= self.reach else 0.0

    def hides(self, value: int) -> float:
        """How likely a number is kept back."""
        return 1.0 if value < FLOOR else sum(self.at(noise) for noise in range(-self.reach, FLOOR - value))


def keyed_law() -> Law:
    """The law of the real noise."""
    steps = np.arange(-REACH * SCALE, REACH * SCALE + 1)
    weights = np.exp(-np.abs(steps) / SCALE)
    return Law(REACH * SCALE, weights / weights.sum())


SILENT = Law(0, np.ones(1))
"""The law of no noise at all."""


def likely(law: Law, seen: Sequence[int | None]) -> tuple[int, Weights]:
    """What a cell may be, given what each revision says of it."""
    numbers = [value for value in seen if value is not None]
    if numbers:
        low, high = max(max(numbers) - law.reach, FLOOR), min(numbers) + law.reach
    else:
        low, high = 0, FLOOR - 1 + law.reach
    values = range(low, high + 1)
    weights = [np.prod([law.hides(n) if value is None else law.at(value - n) for value in seen]) for n in values]
    return low, np.asarray(weights)


class Experience:
    """Other programs, of which the attacker knows everything: how large each cell is, and how it moves in time."""

    def __init__(self, truths: Sequence[Mapping[Name, int]], spans: Mapping[str, Span]) -> None:
        self._spans = spans
        self._sizes: dict[Any, list[int]] = defaultdict(list)
        beside: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for truth in truths:
            for name, value in truth.items():
                self._sizes[self._kind(name)].append(value)
                self._sizes[name[0], self._spans[name[1]].kind].append(value)
            for one, other, how in self.neighbors(truth):
                beside[how].append((truth[one], truth[other]))
        self.beside = {how: counted(pairs, LARGEST) for how, pairs in beside.items()}

    def _kind(self, name: Name) -> Any:
        return name[0], self._spans[name[1]].kind, name[2]

    def before(self, name: Name, law: Law) -> Weights:
        """How large such a cell is elsewhere, over all that it may be when it is kept back."""
        most = FLOOR - 1 + law.reach
        own, table = (
            np.bincount([min(size, most) for size in self._sizes[kind]], minlength=most + 1)[: most + 1].astype(float)
            for kind in (self._kind(name), (name[0], self._spans[name[1]].kind))
        )
        return own + 3 * table / max(table.sum(), 1) + 0.05

    def blind(self, name: Name, law: Law) -> int:
        """The best guess at a small hidden cell of somebody who has read no release."""
        return 1 + int(self.before(name, law)[1:FLOOR].argmax())

    def neighbors(self, names: Mapping[Name, Any]) -> Iterator[tuple[Name, Name, str]]:
        """Cells of the same words in one month and the next, and in a month and what it is part of."""
        within = defaultdict(list)
        for span in self._spans.values():
            for other in self._spans.values():
                follows = other.kind == span.kind and other.months[0] == span.months[-1] + 1
                part = other.kind != span.kind and set(span.months) < set(other.months)
                if follows or part:
                    within[span.name].append((other.name, f"{span.kind} {other.kind}"))
        for table, period, words in names:
            for other_period, how in within[period]:
                yield (table, period, words), (table, other_period, words), f"{table} {how}"
