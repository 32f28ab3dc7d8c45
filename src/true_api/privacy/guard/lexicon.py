"""What sort of word a word is: a name, an ordinary word, both, one of the field's, or none that is known.

Built from packages at the first note, in about a second, and kept as sorted hashes: as strings it would cost twenty times
the memory. Two words of one hash are one word here; with 300,000 of them a word that is in none meets one in 14,000 times.
"""

import re
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache

from true_api.privacy.guard import sources, vocabulary
from true_api.privacy.guard.scripts import plain
from true_api.privacy.guard.sound import Sound

OFTEN, MAINLY_NAME, SELDOM, DICTIONARY_ONLY = 30_000, 17_000, 2_000, 50
"""Counts of words: common from here; below this a first name of the census is mainly a name; only a dictionary has it."""
MISSPELLED, FREQUENT, SPANISH_OFTEN = 700, 8_000, 8_000
"""A word that people misspell is counted at least so often."""
SPANISH_ENDING = re.compile(
    r"(?:o|as?|amos|an|es?|emos|en|aste|aron|iste|ieron|io|aba|aban|ia|ian|ado|ada|ados|idas?|idos?|ando|iendo|ara|era|ira|s|rlo|rla|rme|rse)$"
)
SORT_BITS, SORT_MASK = 8, 0xFF


class Sort(IntEnum):
    """Sorts of words, from what a gazetteer and a count of words say of them; of two that a word has, the higher counts."""

    UNKNOWN = 0
    SELDOM = 1
    WRITTEN = 2
    SPANISH = 3
    WORD = 4
    COMMON = 5
    LAST_NAME = 6
    NAME = 7
    MAINLY_NAME = 8
    NAME_AND_WORD = 9
    NAME_AND_SPANISH = 10
    NAME_AND_COMMON = 11
    FIELD = 12


def _hash(word: str) -> int:
    return zlib.crc32(word.encode())


class Lexicon:
    """The sort of every known word. Read-only, so that any number of threads may ask."""

    def __init__(self, sorts: Iterable[tuple[str, Sort]], misspelled: Iterable[int]) -> None:
        """`sorts` are words with a sort of each; `misspelled` come from `_with_a_gap`."""
        sound = Sound()
        self._hashes, self._sorts = array("I"), bytearray()
        for packed in _in_order(_hash(word) << SORT_BITS | sort for word, sort in _heard(sorts, sound)):
            if self._hashes and self._hashes[-1] == packed >> SORT_BITS:
                self._sorts[-1] = packed & SORT_MASK
            else:
                self._hashes.append(packed >> SORT_BITS)
                self._sorts.append(packed & SORT_MASK)
        self._misspelled, self._frequent = array("I"), bytearray()
        for packed in _in_order(misspelled):
            if not self._misspelled or self._misspelled[-1] != packed >> SORT_BITS:
                self._misspelled.append(packed >> SORT_BITS)
                self._frequent.append(0)
            self._frequent[-1] |= packed & SORT_MASK

        self.sound = sound.settled()

    def sort_of(self, word: str) -> Sort:
        """The sort of a word in plain form."""
        place = bisect_left(self._hashes, hashed := _hash(word))
        known = place < len(self._hashes) and self._hashes[place] == hashed
        return Sort(self._sorts[place]) if known else Sort.UNKNOWN

    def misspelling(self, word: str) -> float:
        """How surely one letter more, less, other or swapped makes it a word that people write: 1 for a frequent one."""
        if len(word) < 4:
            return 0.0
        gaps = [(place, word[:place] + word[place + 1 :]) for place in range(1, len(word))]
        keys = [f"{place}{word}" for place in range(1, len(word) + 1)] + [f"0{short}" for _, short in gaps]
        keys += [f"{near}{short}" for place, short in gaps for near in (place - 1, place, place + 1) if near]
        found = {known for key in keys if (known := self._gap(key))}
        return max(found, default=0.0)

    def is_spanish_form(self, word: str) -> bool:
        """Whether it is a form of a Spanish verb or noun that is listed only in its first form: `quiere` of `querer`."""
        ending = SPANISH_ENDING.search(word)
        if ending is None:
            return False
        stems = {(stem := word[: ending.start()]), stem.replace("ie", "e"), stem.replace("ue", "o"), stem.replace("i", "e")}
        stems |= {stem[:-1] + "z" for stem in stems if stem.endswith("c")} | {stem[:-2] + "c" for stem in stems if stem.endswith("qu")}
        return any(self.sort_of(stem + first) is Sort.SPANISH for stem in stems if len(stem) > 1 for first in ("", "ar", "er", "ir", "o", "a"))

    def size(self) -> int:
        """The bytes that it keeps."""
        return len(self._hashes) * self._hashes.itemsize + len(self._sorts) + len(self._misspelled) * self._misspelled.itemsize

    def _gap(self, key: str) -> float:
        place = bisect_left(self._misspelled, hashed := _hash(key))
        if place == len(self._misspelled) or self._misspelled[place] != hashed:
            return 0.0
        return 1.0 if self._frequent[place] else 0.5


def _heard(sorts: Iterable[tuple[str, Sort]], sound: Sound) -> Iterator[tuple[str, Sort]]:
    """Tells the sound of names from that of words while they pass."""
    for word, sort in sorts:
        if sort in {Sort.NAME, Sort.LAST_NAME}:
            sound.heard(word)
        elif sort in {Sort.WORD, Sort.SPANISH}:
            sound.read(word)
        yield word, sort


def _with_a_gap(word: str, frequent: bool) -> Iterator[int]:
    """The word without each of its letters but the first, and where the gap is; place 0 has none (after SymSpell)."""
    yield _hash(f"0{word}") << SORT_BITS | frequent
    for place in range(1, len(word)):
        yield _hash(f"{place}{word[:place]}{word[place + 1 :]}") << SORT_BITS | frequent


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of this process, built at the first call."""
    return build()


def build() -> Lexicon:
    """A lexicon of all that the packages have."""
    return Lexicon(_sorted_words(), _misspelled())


def _sorted_words() -> Iterator[tuple[str, Sort]]:
    names: dict[str, bool] = {}
    for name, kind, _ in sources.names_listed():
        if len(name) > 1:
            names[name] = names.get(name, False) or kind == sources.FIRST
    counts, spanish = dict[str, int](), dict[str, int]()
    for word, count in sources.words_said("en"):
        if word in names:
            counts[word] = count
        yield word, of_count(count)
    for word, count in sources.words_said("es"):
        if (form := plain(word)) in names:
            spanish[form] = count
        yield form, Sort.SPANISH
    yield from ((word, Sort.WRITTEN) for word in sources.words_written())
    census = sources.first_names_of_us()
    for name, is_first in names.items():
        english = _of_name(counts.get(name, 0), name in census, is_first)
        if english is Sort.MAINLY_NAME and name in vocabulary.EVERYDAY:
            english = Sort.NAME_AND_WORD
        yield name, _beside_spanish(english, is_first, spanish[name]) if name in spanish else english
    yield from ((word, Sort.FIELD) for word in vocabulary.DAYS | vocabulary.FIELD)


def of_count(count: int) -> Sort:
    """The sort of an English word that is no name."""
    return Sort.COMMON if count >= OFTEN else Sort.WORD if count > DICTIONARY_ONLY else Sort.SELDOM


def _misspelled() -> Iterator[int]:
    for word, count in sources.words_said("en"):
        if count >= MISSPELLED and len(word) > 3:
            yield from _with_a_gap(word, count >= FREQUENT)
    for word, count in sources.words_said("es"):
        if count >= SPANISH_OFTEN and len(word) > 4:
            yield from _with_a_gap(plain(word), False)
    known = (vocabulary.FIELD, vocabulary.DAYS, vocabulary.KIN, vocabulary.TITLES, vocabulary.HEADS_OF_PLACES)
    for word in frozenset[str]().union(*known):
        if len(word) > 5:
            yield from _with_a_gap(word, True)


def _in_order(packed: Iterable[int]) -> Iterator[int]:
    """Hashes with what is packed behind them, sorted a bucket at a time: one list of all would cost 30 MB for good."""
    buckets = [array("Q") for _ in range(256)]
    for value in packed:
        buckets[value >> 24 + SORT_BITS].append(value)
    for bucket in buckets:
        yield from sorted(bucket)
    buckets.clear()


def _of_name(count: int, in_census: bool, is_first: bool) -> Sort:
    if count <= DICTIONARY_ONLY:
        return Sort.NAME if is_first else Sort.LAST_NAME
    if is_first and count < (MAINLY_NAME if in_census else SELDOM):
        return Sort.MAINLY_NAME
    return Sort.NAME_AND_WORD if count < OFTEN or (is_first and count < OFTEN * 2) else Sort.NAME_AND_COMMON


def _beside_spanish(english: Sort, is_first: bool, count: int) -> Sort:
    """The sort of a name that is a Spanish word too: of last names, and of words said often, the word wins."""
    if english is Sort.MAINLY_NAME or english > Sort.MAINLY_NAME:
        return english
    if not is_first:
        return Sort.NAME_AND_WORD if count < SPANISH_OFTEN else Sort.NAME_AND_COMMON
    return Sort.NAME_AND_SPANISH if count < SPANISH_OFTEN else Sort.NAME_AND_WORD
