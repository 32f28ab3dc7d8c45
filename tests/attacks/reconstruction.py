"""Reconstruction: from all that was ever published, what are the numbers that were kept back?"""

from collections.abc import Iterator, Mapping, Sequence

from tests.attacks.beliefs import Beliefs, Pair, Sum, numbers_of
from tests.attacks.knowledge import LARGEST, Experience, Law, likely
from tests.attacks.programs import EACH_ONE, Shape
from tests.attacks.publishing import Name, Published
from true_api.privacy.noise import FLOOR

ROUNDS = 20


def sums(shapes: Sequence[Shape], spans: Sequence[str]) -> Iterator[Sum]:
    """What adds up: of a table whose last or first dimension puts everybody in one category, to the table without it."""
    known = {frozenset(axis.name for axis in shape.axes): shape for shape in shapes}
    for shape in shapes:
        for place, axis in enumerate(shape.axes):
            rest = shape.axes[:place] + shape.axes[place + 1 :]
            coarser = known.get(frozenset(other.name for other in rest))
            if axis.name not in EACH_ONE or coarser is None:
                continue
            for span in spans:
                parts: dict[tuple[str, ...], list[Name]] = {}
                for words in shape.cells():
                    parts.setdefault(words[:place] + words[place + 1 :], []).append((shape.name, span, words))
                for words, names in parts.items():
                    yield Sum((coarser.name, span, words), tuple(names))


def by_beliefs(
    published: Published, shapes: Sequence[Shape], law: Law, experience: Experience
) -> dict[Name, int]:
    """The most likely value of every hidden cell, of everything that is known."""
    weights = {}
    for name, seen in published.values.items():
        low, spread = likely(law, seen)
        weights[name] = (low, spread * experience.before(name, law) if published.is_hidden(name) else spread)
    hidden = [name for name in published.values if published.is_hidden(name)]
    relations: list[Sum | Pair] = list(sums(shapes, list(published.spans)))
    of_hidden = set(hidden)
    for one, other, how in experience.neighbors(weights):
        small = all(low + len(spread) <= LARGEST + 1 for low, spread in (weights[one], weights[other]))
        if small and (one in of_hidden or other in of_hidden):
            relations.append(Pair(one, other, experience.beside[how]))
    beliefs = Beliefs(numbers_of(weights), relations)
    beliefs.settle(ROUNDS)
    return {name: beliefs.numbers[name].guess(1, FLOOR - 1) for name in hidden}


def blind(published: Published, law: Law, experience: Experience) -> dict[Name, int]:
    """The best guess at every hidden cell without any number that was published."""
    return {name: experience.blind(name, law) for name in published.values if published.is_hidden(name)}


def best_constant(names: Sequence[Name], truth: Mapping[Name, int]) -> float:
    """How many are met by the one number that meets most of them, in percent: known only to who knows all."""
    values = [truth[name] for name in names]
    return 100 * max(values.count(guess) for guess in range(1, FLOOR)) / max(len(values), 1)
