"""What sort of word a word is: a name, an ordinary word, both, one of the field's, or none that is known.

Words are kept as sorted hashes, since as strings they would cost twenty times the memory. Two words of one hash are one
word here; with 300,000 of them, one in 14,000 words that are in no list meets another's hash.
"""

import re
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from enum import IntEnum

from true_api.privacy.guard.sound import Sound

SPANISH_ENDING = re.compile(
    r"(?:o|as?|amos|an|es?|emos|en|aste|aron|iste|ieron|io|aba|aban|ia|ian|ado|ada|ados|idas?|idos?|ando|iendo|ara|era|ira|s"
    r"|rlo|rla|rme|rse)$"
)
FIRST_FORMS = ("", "ar", "er", "ir", "o", "a")


class Sort(IntEnum):
    """Sorts of words, from what lists of names and counts of words say; of two that a word has, the higher counts."""

    UNKNOWN = 0
    SELDOM = 1
    WRITTEN = 2
    SPANISH = 3
    WORD = 4
    FREQUENT = 5
    LAST_NAME = 6
    NAME = 7
    MAINLY_NAME = 8
    NAME_AND_WORD = 9
    NAME_AND_SPANISH = 10
    NAME_AND_FREQUENT = 11
    FIELD = 12


PLAIN = frozenset({Sort.WORD, Sort.FREQUENT, Sort.SPANISH, Sort.FIELD})


class Table:
    """Words by their hash, each with a small number. Read-only, so that any number of threads may ask."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        """Of a word that comes more than once, the highest number counts."""
        self._hashes, self._numbers = array("I"), bytearray()
        for bucket in _buckets(zlib.crc32(word.encode()) << 8 | number for word, number in words):
            highest = {packed >> 8: packed & 0xFF for packed in sorted(bucket)}
            self._hashes.extend(highest.keys())
            self._numbers.extend(highest.values())

    def number_of(self, word: str) -> int:
        """The number of a word, or 0."""
        place = bisect_left(self._hashes, hashed := zlib.crc32(word.encode()))
        return self._numbers[place] if place < len(self._hashes) and self._hashes[place] == hashed else 0

    def size(self) -> int:
        """The bytes that it keeps."""
        return len(self._hashes) * self._hashes.itemsize + len(self._numbers)


class Lexicon:
    """The sort of every known word, misspellings of those that people write, and the sound of names."""

    def __init__(self, sorts: Table, gaps: Table, sound: Sound) -> None:
        """`gaps` has what `with_a_gap` makes of words, with 1 for each and 2 for a frequent one."""
        self.sorts, self.gaps, self.sound = sorts, gaps, sound

    def sort_of(self, word: str) -> Sort:
        """The sort of a word in plain form."""
        return Sort(self.sorts.number_of(word))

    def misspelling(self, word: str) -> float:
        """How surely one letter makes it a word that people write: 1 for a frequent one, 0.5 for another."""
        if len(word) < 4:
            return 0.0
        if any(self.sort_of(other) in PLAIN or self.is_spanish_form(other) for other in _slips(word)):
            return 1.0
        gaps = [(place, word[:place] + word[place + 1 :]) for place in range(1, len(word))]
        keys = [f"{place}{word}" for place in range(1, len(word) + 1)] + [f"0{short}" for _, short in gaps]
        keys += [f"{near}{short}" for place, short in gaps for near in (place - 1, place, place + 1) if near]
        return max(map(self.gaps.number_of, keys)) / 2

    def is_spanish_form(self, word: str) -> bool:
        """Whether it is a form of a Spanish word of which the first form alone is listed: `quiere` of `querer`."""
        ending = SPANISH_ENDING.search(word)
        if ending is None:
            return False
        stem = word[: ending.start()]
        stems = {stem, stem.replace("ie", "e"), stem.replace("ue", "o"), stem.replace("i", "e")}
        stems |= {stem[:-1] + "z" for stem in stems if stem.endswith("c")}
        stems |= {stem[:-2] + "c" for stem in stems if stem.endswith("qu")}
        known = (self.sort_of(stem + first) for stem in stems if len(stem) > 1 for first in FIRST_FORMS)
        return any(sort is Sort.SPANISH for sort in known)


def with_a_gap(word: str) -> Iterator[str]:
    """The word, and without each of its letters but the first, with the place of the gap before it (after SymSpell)."""
    yield f"0{word}"
    for place in range(1, len(word)):
        yield f"{place}{word[:place]}{word[place + 1 :]}"


def _slips(word: str) -> Iterator[str]:
    """The word with two neighbors swapped, and with one of two equal neighbors."""
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    for place in range(1, len(word)):
        if word[place] == word[place - 1]:
            yield word[:place] + word[place + 1 :]


def _buckets(packed: Iterable[int]) -> "list[array[int]]":
    """In 256 parts, by the first byte of the hash: one list of all would cost the process 30 MB for good."""
    buckets = [array("Q") for _ in range(256)]
    for value in packed:
        buckets[value >> 32].append(value)
    return buckets
