"""Whether a word that no list has sounds like a name: by its groups of three letters, among names and among words."""

import math
from array import array
from collections.abc import Iterable, Iterator

LETTERS = 28
"""An edge, 26 letters, and any other sign."""
SMOOTH, SPREAD = 0.3, 8.0


PLACES = {chr(97 + place): place + 1 for place in range(26)} | {"\0": 0}


def _groups(word: str) -> Iterator[int]:
    first = second = 0
    for sign in f"{word}\0":
        group = first * LETTERS**2 + second * LETTERS + PLACES.get(sign, 27)
        yield group
        first, second = second, group % LETTERS


class Sound:
    """Counts of three letters in a row in names and in words, and how much likelier each is in a name."""

    def __init__(self) -> None:
        """Without a word yet."""
        self._names, self._words = array("i", bytes(4 * LETTERS**3)), array("i", bytes(4 * LETTERS**3))
        self._likelier = array("f")

    def heard(self, name: str, times: int = 1) -> None:
        """One more name, or with -1 one less."""
        for group in _groups(name):
            self._names[group] += times

    def read(self, word: str) -> None:
        """One more word that is no name."""
        for group in _groups(word):
            self._words[group] += 1

    def settled(self, without: Iterable[str] = ()) -> "Sound":
        """A copy that is ready to be asked, as if some names had not been heard."""
        sound = Sound()
        sound._names, sound._words = self._names[:], self._words[:]
        for name in without:
            sound.heard(name, -1)
        shares = (_shares(sound._names), _shares(sound._words))
        sound._likelier = array("f", (math.log(name / word) for name, word in zip(*shares, strict=True)))
        return sound

    def size(self) -> int:
        """The bytes that it keeps."""
        return sum(len(kept) * kept.itemsize for kept in (self._names, self._words, self._likelier))

    def of_a_name(self, word: str) -> float:
        """The logarithm of how much likelier the word is among names than among words."""
        return sum(self._likelier[group] for group in _groups(word))


def _shares(counts: "array[int]") -> Iterator[float]:
    for start in range(0, LETTERS**3, LETTERS):
        after = counts[start : start + LETTERS]
        total = sum(after) + SPREAD
        yield from ((count + SMOOTH) / total for count in after)
