"""Builds the lexicon from what the packages have: at the first note, in a second or two."""

from collections.abc import Iterator
from functools import lru_cache

from true_api.privacy.guard import sources, vocabulary
from true_api.privacy.guard.field import FIELD
from true_api.privacy.guard.lexicon import Lexicon, Sort, Table, with_a_gap
from true_api.privacy.guard.scripts import plain
from true_api.privacy.guard.sound import Hearing

OFTEN, MAINLY_NAME, SELDOM, DICTIONARY_ONLY = 30_000, 17_000, 2_000, 50
"""Counts of English words: frequent from here; below this a frequent first name of the United States is mainly a name,
and below that any first name; only a dictionary has the word."""
MISSPELLED, FREQUENT, SPANISH_OFTEN = 300, 8_000, 8_000
"""A word is counted at least so often if its misspellings are to be known; frequent; said often in Spanish."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of this process, built at the first call: made while starting, it keeps no note waiting."""
    hearing = Hearing()
    gaps: list[tuple[str, int]] = []
    sorts = Table(_heard(_sorted_words(gaps), hearing))
    return Lexicon(sorts, Table((gap, number) for word, number in gaps for gap in with_a_gap(word)), hearing.sound())


def of_count(count: int) -> Sort:
    """The sort of an English word that is no name."""
    return Sort.FREQUENT if count >= OFTEN else Sort.WORD if count > DICTIONARY_ONLY else Sort.SELDOM


def _sorted_words(gaps: list[tuple[str, int]]) -> Iterator[tuple[str, Sort]]:
    """Every word with a sort; into `gaps` go those whose misspellings are to be known."""
    names: dict[str, bool] = {}
    for name, kind, _ in sources.names_listed():
        if len(name) > 1:
            names[name] = names.get(name, False) or kind == sources.FIRST
    english, spanish = dict[str, int](), dict[str, int]()
    for word, count in sources.words_said("en"):
        if word in names:
            english[word] = count
        if count >= MISSPELLED and len(word) > 3:
            gaps.append((word, 1 + (count >= FREQUENT)))
        yield word, of_count(count)
    for word, count in ((plain(word), count) for word, count in sources.words_said("es")):
        if word in names:
            spanish[word] = count
        if count >= SPANISH_OFTEN and len(word) > 4:
            gaps.append((word, 1))
        yield word, Sort.SPANISH
    yield from ((word, Sort.WRITTEN) for word in sources.words_written())
    yield from _named(names, english, spanish)
    yield from ((word, Sort.FIELD) for word in vocabulary.DAYS | FIELD)
    gaps.extend((word, 2) for word in vocabulary.MISSPELLED_TOO if len(word) > 4)


def _named(names: dict[str, bool], english: dict[str, int], spanish: dict[str, int]) -> Iterator[tuple[str, Sort]]:
    frequent = sources.first_names_of_us()
    for name, is_first in names.items():
        sort = _of_name(english.get(name, 0), name in frequent, is_first)
        if sort is Sort.MAINLY_NAME and name in vocabulary.EVERYDAY:
            sort = Sort.NAME_AND_WORD
        yield name, _beside_spanish(sort, is_first, spanish[name]) if name in spanish else sort


def _of_name(count: int, is_frequent: bool, is_first: bool) -> Sort:
    if count <= DICTIONARY_ONLY:
        return Sort.NAME if is_first else Sort.LAST_NAME
    if is_first and count < (MAINLY_NAME if is_frequent else SELDOM):
        return Sort.MAINLY_NAME
    return Sort.NAME_AND_WORD if count < OFTEN or (is_first and count < OFTEN * 2) else Sort.NAME_AND_FREQUENT


def _beside_spanish(sort: Sort, is_first: bool, count: int) -> Sort:
    """The sort of a name that is a Spanish word too: of last names, and of words said often, the word wins."""
    if sort >= Sort.MAINLY_NAME:
        return sort
    if not is_first:
        return Sort.NAME_AND_WORD if count < SPANISH_OFTEN else Sort.NAME_AND_FREQUENT
    return Sort.NAME_AND_SPANISH if count < SPANISH_OFTEN else Sort.NAME_AND_WORD


def _heard(sorted_words: Iterator[tuple[str, Sort]], hearing: Hearing) -> Iterator[tuple[str, Sort]]:
    """Tells the sound of names from that of words while they pass."""
    for word, sort in sorted_words:
        if sort in {Sort.NAME, Sort.LAST_NAME}:
            hearing.name(word)
        elif sort in {Sort.WORD, Sort.SPANISH}:
            hearing.word(word)
        yield word, sort
