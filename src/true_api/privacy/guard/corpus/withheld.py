"""A lexicon without some names, to measure what a name meets that no list has."""

import random
from functools import lru_cache

from true_api.privacy.guard import sources
from true_api.privacy.guard.corpus.names import Origin, words_of
from true_api.privacy.guard.gazetteer import lexicon, of_count
from true_api.privacy.guard.lexicon import Lexicon, Sort
from true_api.privacy.guard.scripts import plain


class WithoutNames(Lexicon):
    """The lexicon of this process, but for some words that are then no names."""

    def __init__(self, instead: dict[str, Sort]) -> None:
        """`instead` are the words, each with the sort that it has beside being a name."""
        whole = lexicon()
        heard = [word for word in instead if whole.sort_of(word) in {Sort.NAME, Sort.LAST_NAME}]
        super().__init__(whole.sorts, whole.gaps, whole.sound.without(heard) if heard else whole.sound)
        self.instead = instead

    def sort_of(self, word: str) -> Sort:
        """The sort of a word in plain form."""
        return self.instead[word] if word in self.instead else super().sort_of(word)


def without(origin: Origin, share: float, seed: int = 1) -> WithoutNames:
    """A lexicon that lacks a share of the words of an origin's names.

    Only what the lists of the origin alone have is withheld: a name that another list has too is known from there.
    """
    lists, others = _lists(), _words()
    own = sorted(word for word in words_of((*origin.first, *origin.last)) if lists.get(word, set()) <= origin.locales)
    withheld = random.Random(seed).sample(own, round(share * len(own)))
    return WithoutNames({word: others.get(word, Sort.UNKNOWN) for word in withheld})


@lru_cache(maxsize=1)
def _lists() -> dict[str, set[str]]:
    """Each word of a name with the lists that have it."""
    lists: dict[str, set[str]] = {}
    for name, _, listed in sources.names_listed():
        lists.setdefault(name, set()).add(listed)
    return lists


@lru_cache(maxsize=1)
def _words() -> dict[str, Sort]:
    """The sort of each word of a name where it is a word too."""
    names = _lists()
    sorts = {word: Sort.WRITTEN for word in sources.words_written() if word in names}
    spanish = (plain(word) for word, _ in sources.words_said("es"))
    sorts |= {word: Sort.SPANISH for word in spanish if word in names}
    return sorts | {word: of_count(count) for word, count in sources.words_said("en") if word in names}
