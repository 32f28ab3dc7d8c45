"""Whether a word that no list has sounds like a name: by its groups of three letters, among names and among words."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator

LETTERS = 28
"""An edge, 26 letters, and any other sign."""
EDGE = "\0"
PLACES = {chr(97 + place): place + 1 for place in range(26)} | {EDGE: 0}
SMOOTH, SPREAD = 0.3, 8.0


def _groups(word: str) -> Iterator[tuple[str, str, str]]:
    """Three signs in a row, with two edges before the word and one behind it."""
    return zip(f"{EDGE}{EDGE}{word}", f"{EDGE}{word}{EDGE}", f"{word}{EDGE}", strict=False)


def _place(group: tuple[str, str, str]) -> int:
    first, second, third = (PLACES.get(sign, LETTERS - 1) for sign in group)
    return (first * LETTERS + second) * LETTERS + third


class Hearing:
    """Counts three letters in a row, in names and in words that are none."""

    def __init__(self) -> None:
        """Without a word yet."""
        self._names, self._words = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()

    def name(self, name: str) -> None:
        """One more name."""
        self._names.update(_groups(name))

    def word(self, word: str) -> None:
        """One more word that is no name."""
        self._words.update(_groups(word))

    def sound(self) -> "Sound":
        """What was heard."""
        return Sound(_counted(self._names), _counted(self._words))


def _counted(groups: Counter[tuple[str, str, str]]) -> "array[int]":
    counts = array("i", bytes(4 * LETTERS**3))
    for group, count in groups.items():
        counts[_place(group)] += count
    return counts


class Sound:
    """How much likelier three letters in a row are in a name than in another word."""

    def __init__(self, names: "array[int]", words: "array[int]") -> None:
        """`names` and `words` count each group of three."""
        self._names, self._words = names, words
        shares = zip(_shares(names), _shares(words), strict=True)
        self._likelier = array("f", (math.log(name / word) for name, word in shares))

    def of_a_name(self, word: str) -> float:
        """The logarithm of how much likelier the word is among names than among words."""
        return sum(self._likelier[_place(group)] for group in _groups(word))

    def without(self, names: Iterable[str]) -> "Sound":
        """The same as if some names had not been heard."""
        fewer = self._names[:]
        for name in names:
            for group in _groups(name):
                fewer[_place(group)] -= 1
        return Sound(fewer, self._words)

    def size(self) -> int:
        """The bytes that it keeps."""
        return sum(len(kept) * kept.itemsize for kept in (self._names, self._words, self._likelier))


def _shares(counts: "array[int]") -> Iterator[float]:
    for start in range(0, LETTERS**3, LETTERS):
        after = counts[start : start + LETTERS]
        total = sum(after) + SPREAD
        yield from ((count + SMOOTH) / total for count in after)
