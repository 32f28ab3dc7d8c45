"""What an attacker knows before anything is published: programs like this one, and how the noise is drawn."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from tests.attacks.beliefs import Weights, counted
from tests.attacks.programs import Span
from tests.attacks.publishing import Name
from true_api.outlets.statistics.grid import GRID
from true_api.privacy.noise import FLOOR, REACH, Drawn

HIGHEST_HIDDEN = FLOOR - 1 + REACH * 12
"""Above this nothing is ever kept back."""
LARGEST = 40
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
        return 1.0 if value < FLOOR else float(self.weights[: max(FLOOR - value + self.reach, 0)].sum())


LawOf = Callable[[str, int], Law]
"""The law of the noise in a table and a revision."""


@cache
def laplace(scale: int) -> Law:
    """The discrete Laplace distribution, cut off."""
    steps = np.arange(-REACH * scale, REACH * scale + 1)
    weights = np.exp(-np.abs(steps) / scale)
    return Law(REACH * scale, weights / weights.sum())


def keyed_law(table: str, revision: int) -> Law:
    """The law of the real noise."""
    return laplace(Drawn("", revision, 0, GRID[table].cap or 1, GRID[table].adds_up_by).scale)


def silent_law(_table: str, _revision: int) -> Law:
    """The law of no noise at all."""
    return SILENT


SILENT = Law(0, np.ones(1))


def likely(laws: Sequence[Law], seen: Sequence[int | None]) -> tuple[int, Weights]:
    """What a cell may be, given what each revision says of it."""
    shown = [(value, law.reach) for value, law in zip(seen, laws, strict=True) if value is not None]
    low = max([FLOOR, *(value - reach for value, reach in shown)]) if shown else 0
    high = min([value + reach for value, reach in shown] or [FLOOR - 1 + min(law.reach for law in laws)])
    values, weights = np.arange(low, high + 1), np.ones(high - low + 1)
    for value, law in zip(seen, laws, strict=True):
        told = [law.hides(n) if value is None else law.at(value - n) for n in values]
        weights = weights * np.asarray(told)
    return low, weights


class Experience:
    """Other programs, of which the attacker knows everything: how large each cell is, and how it moves in time."""

    def __init__(self, truths: Sequence[Mapping[Name, int]], spans: Mapping[str, Span]) -> None:
        self._spans = spans
        self._sizes: dict[Any, list[int]] = defaultdict(list)
        beside: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for truth in truths:
            for name, value in truth.items():
                for kind in self._kinds(name):
                    self._sizes[kind].append(min(value, HIGHEST_HIDDEN))
            for one, other, how in self.neighbors(truth):
                beside[how].append((truth[one], truth[other]))
        self.beside = {how: counted(pairs, LARGEST) for how, pairs in beside.items()}

    def _kinds(self, name: Name) -> tuple[Any, Any]:
        kind = self._spans[name[1]].kind
        return (name[0], kind, name[2]), (name[0], kind)

    @cache  # noqa: B019
    def _sized(self, kind: Any) -> Weights:
        return np.bincount(self._sizes[kind], minlength=HIGHEST_HIDDEN + 1).astype(float)

    def before(self, name: Name) -> Weights:
        """How large such a cell is elsewhere."""
        own, table = map(self._sized, self._kinds(name))
        return own + 3 * table / max(float(table.sum()), 1) + 0.05

    def blind(self, name: Name) -> int:
        """The best guess at a small hidden cell of somebody who has read no release."""
        return 1 + int(self.before(name)[1:FLOOR].argmax())

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
