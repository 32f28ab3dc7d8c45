"""The stolen dump: what the main store and everybody's true answers tell about tokens, without the recall key.

Who has no key can make no token. What could be left to see is equality: two people who share a token share eight
answers or nine; with everybody's answers an attacker knows who does, and looks for the same pattern in the dump.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from true_api.outlets.measures.figures import Figure, at_least, at_most
from true_api.outlets.measures.recall_tokens import SECTION, first_bits, tokens_of
from true_api.privacy.recall import SLOTS, RecallKeys

ROUNDS = 3
ATTACKED_WITH_GUESSES = 50
Neighbors = dict[int, Counter[int]]


def of_a_dump(dump: Sequence[int], keys: RecallKeys, told: Sequence[Sequence[str]]) -> list[Figure]:
    """What comes of attacking a dump, ten tokens in a row for each person; `told` are true answers of people in it."""
    stolen, enrolled = set(dump), len(dump) // SLOTS
    elsewhere = RecallKeys((b"the recall key of another program",))
    made = [token for answers in told for token in _tokens(elsewhere, answers)]
    own = [token for answers in told for token in _tokens(keys, answers)]
    guessed = [
        token
        for key in guesses(dump)
        for answers in told[:ATTACKED_WITH_GUESSES]
        for token in _tokens(RecallKeys((key,)), answers)
    ]
    above_chance = _percent(linked(dump) - 1, enrolled)
    return [
        at_most(SECTION, "tokens that two programs with the same people share", _met(made, stolen), 0),
        at_most(SECTION, "tokens met with true answers and a key guessed from the dump", _met(guessed, stolen), 0),
        at_least(SECTION, "tokens met with the key itself", round(100 * _met(own, stolen) / len(own), 1), 95, "%"),
        at_most(SECTION, "rows linked to people by shared tokens, above chance", above_chance, 0, "%"),
    ]


def of_equal_tokens(dump: Sequence[int]) -> Figure:
    """The same attack on a dump in which equal answers have equal tokens: it works, which is why they have not."""
    above_chance = _percent(linked(dump) - 1, len(dump) // SLOTS)
    return Figure(SECTION, "the same, were equal answers kept as equal tokens", above_chance, "%")


def guesses(dump: Sequence[int]) -> list[bytes]:
    """Keys that an attacker has at hand: nothing, zeros, and what stands in the dump itself."""
    step = max(1, len(dump) // 8)
    return [b"", bytes(32), *(dump[place].to_bytes(8, "big") * 4 for place in range(0, len(dump), step))]


def linked(dump: Sequence[int]) -> int:
    """How many rows are linked to the right person, on average, by who shares how many tokens with whom.

    People who show the same pattern cannot be told apart: of each pattern one row is guessed right on average, as one
    row of all would be by chance.
    """
    shared = neighbors(dump)
    pattern: dict[int, object] = dict.fromkeys(shared, 0)
    for _ in range(ROUNDS):
        pattern = {
            person: tuple(sorted((times, str(pattern[other])) for other, times in others.items()))
            for person, others in shared.items()
        }
    nobody = int(len(shared) * SLOTS < len(dump))
    return len(set(pattern.values())) + nobody


def neighbors(dump: Sequence[int]) -> Neighbors:
    """For each person who shares a token: with whom, and how many."""
    twice = {token for token, after in pairwise(sorted(dump)) if token == after}
    holders: dict[int, list[int]] = defaultdict(list)
    for place, token in enumerate(dump):
        if token in twice:
            holders[token].append(place // SLOTS)
    found: Neighbors = defaultdict(Counter)
    for people in holders.values():
        for one, other in combinations(people, 2):
            found[one][other] += 1
            found[other][one] += 1
    return found


def _tokens(keys: RecallKeys, answers: Sequence[str]) -> list[int]:
    return [first_bits(token) for token in tokens_of(keys, answers)]


def _met(tokens: Iterable[int], stolen: set[int]) -> int:
    return sum(token in stolen for token in tokens)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 5)
