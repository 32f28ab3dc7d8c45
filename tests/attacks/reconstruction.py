"""Reconstruction: from all that was ever published, what are the numbers that were kept back?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from tests.attacks.beliefs import Beliefs, Pair, Sum, numbers_of
from tests.attacks.knowledge import LARGEST, Experience, LawOf, likely
from tests.attacks.publishing import Name, Published
from true_api.outlets.statistics.grid import Table
from true_api.privacy.noise import FLOOR

ROUNDS = 6
ALMOST = 1e-6


def sums(tables: Sequence[Table], spans: Sequence[str]) -> Iterator[Sum]:
    """What adds up: over a dimension in which everybody stands once, to the table that is not split by it."""
    known = {frozenset(axis.name for axis in table.dimensions): table for table in tables}
    for table in tables:
        for place, axis in enumerate(table.dimensions):
            rest = table.dimensions[:place] + table.dimensions[place + 1 :]
            coarser = known.get(frozenset(other.name for other in rest))
            if axis.several or coarser is None:
                continue
            parts: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
            for words in table.cells:
                parts[words[:place] + words[place + 1 :]].append(words)
            for span in spans:
                for words, within in parts.items():
                    names = tuple((table.name, span, each) for each in within)
                    yield Sum((coarser.name, span, words), names)


@dataclass(frozen=True)
class Attacker:
    """Somebody who reads everything that is published, knows how noise is drawn, and has seen programs like this."""

    tables: Sequence[Table]
    law: LawOf
    experience: Experience

    def by_beliefs(self, published: Published) -> dict[Name, int]:
        """The most likely value of every hidden cell: over sums, over months and what they are part of."""
        weights = {}
        for name, seen in published.values.items():
            low, spread = likely([self.law(name[0], revision) for revision in range(len(seen))], seen)
            if published.is_hidden(name):
                spread = spread * self.experience.before(name)[: len(spread)]
            weights[name] = (low, spread)
        hidden = published.hidden
        relations: list[Sum | Pair] = list(sums(self.tables, list(published.spans)))
        for one, other, how in self.experience.neighbors(weights):
            small = all(low + len(spread) <= LARGEST + 1 for low, spread in (weights[one], weights[other]))
            if small and (one in hidden or other in hidden):
                relations.append(Pair(one, other, self.experience.beside[how]))
        beliefs = Beliefs(numbers_of(weights), relations)
        beliefs.settle(ROUNDS)
        return {name: beliefs.numbers[name].guess(1, FLOOR - 1) for name in hidden}

    def by_bounds(self, published: Published, guesses: Mapping[Name, int]) -> dict[Name, int]:
        """The same guesses where linear programming leaves a choice; the only possible value where it leaves none."""
        found = dict(guesses)
        for span in published.spans:
            for name, low, high in _bounds(published, self.tables, span, self.law):
                found[name] = min(max(found[name], low), high)
        return found

    def blind(self, published: Published) -> dict[Name, int]:
        """The best guess at every hidden cell without any number that was published."""
        return {name: self.experience.blind(name) for name in published.hidden}


def _bounds(published: Published, tables: Sequence[Table], span: str, law: LawOf) -> Iterator[tuple[Name, int, int]]:
    """Between which values each hidden cell of a period must lie, by what adds up."""
    relations = list(sums(tables, [span]))
    names = sorted({name for relation in relations for name in (relation.whole, *relation.parts)})
    places = {name: place for place, name in enumerate(names)}
    equal = np.zeros((len(relations), len(names)))
    for row, relation in enumerate(relations):
        equal[row, places[relation.whole]] = -1
        equal[row, [places[part] for part in relation.parts]] = 1
    within = []
    for name in names:
        seen = published.values[name]
        low, spread = likely([law(name[0], revision) for revision in range(len(seen))], seen)
        within.append((low, low + len(spread) - 1))
    for name in published.hidden & set(names):
        aim = np.zeros(len(names))
        aim[places[name]] = 1
        ends = [linprog(sign * aim, A_eq=equal, b_eq=np.zeros(len(relations)), bounds=within) for sign in (1, -1)]
        if all(end.status == 0 for end in ends):
            yield name, int(np.ceil(ends[0].fun - ALMOST)), int(np.floor(-ends[1].fun + ALMOST))


def pinned(published: Published, tables: Sequence[Table], law: LawOf) -> dict[Name, int]:
    """The hidden cells that can have one value only, whatever is likely."""
    found = {}
    for span in published.spans:
        for name, low, high in _bounds(published, tables, span, law):
            if low == high:
                found[name] = low
    return found
