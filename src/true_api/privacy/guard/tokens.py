"""A note as words with their places, each with what its form and its neighbors say."""

import re
from dataclasses import dataclass

from true_api.privacy.guard import vocabulary
from true_api.privacy.guard.field import FIELD
from true_api.privacy.guard.lexicon import Lexicon, Sort
from true_api.privacy.guard.scripts import latin, plain

MARK = "\u0300-\u036f\u200b-\u200d"
LETTERS = rf"[^\W\d_][^\W\d_{MARK}]*(?:[{MARK}]+[^\W\d_]*)*"
WORD = re.compile(rf"{LETTERS}(?:['\u2019\u02bb\u02bc`]{LETTERS})*")
POSSESSIVE = re.compile(r"['\u2019\u02bc`][sS]$")
ENDS_A_SENTENCE = re.compile(r"[.!?;\n•|]|^\s*-|--|\s[-/]\s")
JOINS = re.compile(r"[ \t]*|-|[ \t]?['\u2019][ \t]?")
FOREIGN = re.compile(rf"[^a-zA-Z'áéíóúñüÁÉÍÓÚÑÜ\u2019\u02bc`{MARK}]")
PAUSES = re.compile(r"[\d,]")
DIACRITIC = re.compile(rf"[{MARK}]")


@dataclass(slots=True)
class Word:
    """A word of a note: where it stands, its plain form without a possessive ending, and what it looks like."""

    start: int
    end: int
    plain: str
    sort: Sort
    capital: bool
    shouted: bool
    possessive: bool
    begins: bool
    apart: bool
    """Something other than a space or a hyphen stands between it and the word before."""
    after: str
    """What stands between it and the word before."""
    foreign: bool
    """It has letters that neither English nor Spanish has."""


@dataclass(frozen=True, slots=True)
class Note:
    """The words of a note, and what is the same for all of them."""

    words: list[Word]
    lexicon: Lexicon
    cased: bool
    """Capitals say something: most words have none."""

    def plain(self, place: int) -> str:
        """The word there, or nothing."""
        return self.words[place].plain if 0 <= place < len(self.words) else ""

    def before(self, place: int) -> str:
        """The word before, within the same sentence and with no number or comma between."""
        word = self.words[place]
        return "" if word.begins or (word.apart and PAUSES.search(word.after)) else self.plain(place - 1)

    def after(self, place: int) -> str:
        """The word after, within the same sentence."""
        later = self.words[place + 1] if place + 1 < len(self.words) else None
        return "" if later is None or later.begins or PAUSES.search(later.after) else later.plain


def note_of(text: str, lexicon: Lexicon) -> Note:
    """A note, taken apart."""
    words = split(text, lexicon)
    capitals = sum(word.capital for word in words)
    return Note(words, lexicon, 0 < capitals < 0.6 * len(words) or len(words) < 4)


def split(text: str, lexicon: Lexicon) -> list[Word]:
    """The words of a note, in order."""
    words: list[Word] = []
    before = 0
    for found in WORD.finditer(text):
        raw, after = found.group(), text[before : found.start()]
        possessive = POSSESSIVE.search(raw)
        stem = raw[: possessive.start()] if possessive else raw
        foreign = FOREIGN.search(stem) is not None
        form = plain(DIACRITIC.sub("", stem))
        form = form if form.isascii() else latin(form)
        words.append(
            Word(
                found.start(),
                found.start() + len(stem),
                form,
                _sort_at(found.start(), text, form, words) or _sort(form, stem, foreign, lexicon),
                stem[:1].isupper(),
                len(stem) > 1 and stem.isupper(),
                possessive is not None,
                not words or _ends_a_sentence(words[-1].plain, after),
                not words or JOINS.fullmatch(after) is None,
                after,
                foreign,
            )
        )
        before = found.end()
    return words


def _sort_at(start: int, text: str, form: str, words: list[Word]) -> Sort | None:
    """Letters after a digit, as in `4ish` and `3rd`, and the second half of a word of the field, as in `medi-cal`."""
    sign = text[start - 1 : start]
    half = sign == "-" and words and f"{words[-1].plain}-{form}" in FIELD
    return Sort.FIELD if sign.isdigit() or half else None


def _ends_a_sentence(before: str, after: str) -> bool:
    if before in vocabulary.SHORTENED and after.strip(" ") == ".":
        return False
    return ENDS_A_SENTENCE.search(after) is not None


def _sort(form: str, stem: str, foreign: bool, lexicon: Lexicon) -> Sort:
    """A word of another script counts only where the gazetteer has it: no dictionary here knows its language."""
    sort = Sort.FREQUENT if form in vocabulary.BETWEEN else lexicon.sort_of(form)
    if sort is Sort.UNKNOWN and "'" in form:
        return max((lexicon.sort_of(part) for part in form.split("'") if len(part) > 1), default=Sort.UNKNOWN)
    if not plain(stem).isascii():
        return sort if sort in {Sort.NAME, Sort.LAST_NAME} else Sort.WORD
    return Sort.UNKNOWN if foreign and sort in {Sort.FREQUENT, Sort.NAME_AND_FREQUENT, Sort.NAME_AND_WORD} else sort
