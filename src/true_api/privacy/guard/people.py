"""Probable names: each word is weighed by its sort, its form and what stands around it.

The weights were set by hand against the tuned set of the corpus; `make guard-report` measures them on the held-out one.
"""

import re
from collections.abc import Iterator

from true_api.privacy.guard import vocabulary as said
from true_api.privacy.guard.lexicon import Lexicon, Sort
from true_api.privacy.guard.places import is_of_a_place, is_of_a_thing
from true_api.privacy.guard.tokens import Note, Word, note_of

ENOUGH, LONGEST_NAME = 2.5, 5
"""What a word weighs that is a name; and how many more words may belong to one."""
ALONE = {
    Sort.UNKNOWN: 1.5,
    Sort.SELDOM: -1.25,
    Sort.WRITTEN: 0.25,
    Sort.SPANISH: -2.0,
    Sort.WORD: -3.0,
    Sort.FREQUENT: -3.5,
    Sort.LAST_NAME: 2.0,
    Sort.NAME: 3.0,
    Sort.MAINLY_NAME: 2.75,
    Sort.NAME_AND_WORD: 0.0,
    Sort.NAME_AND_SPANISH: 2.0,
    Sort.NAME_AND_FREQUENT: -2.0,
    Sort.FIELD: -6.0,
}
SOUND = 0.2
"""How much it weighs that an unknown word sounds like a name."""
NAMES = {Sort.LAST_NAME, Sort.NAME, Sort.MAINLY_NAME, Sort.NAME_AND_SPANISH}
MAY_BE_NAMES = {*NAMES, Sort.NAME_AND_WORD, Sort.UNKNOWN}
SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh|hs|ts|tz)?"
    r"(?:a|ai|ao|an|ang|o|ou|ong|e|ei|en|eng|er|eh|i|ia|iao|ie|ieh|ien|iu|ian|iang|in|ing|iong|iung|ih|u"
    r"|ua|uo|uai|ui|uei|uan|uang|un|ung"
    r"|ue|ueh|uen)"
)
"""A syllable of Chinese in Pinyin or Wade-Giles; a name has two of them, often with a hyphen."""
ODD_FORM = re.compile(r"(.)\1\1|^[^aeiouy']+$|^(?:ha)+h?$")
MEDICAL_FORM = re.compile(
    r"(?:zosin|pril|sartan|olol|statin|cillin|mycin|cycline|floxacin|azole|azepam|zolam|done|phine|caine"
    r"|triptyline|oxetine|apine|idone|tidine"
    r"|barbital|itis|osis|emia|ectomy|ology|uria|algia|pathy|gram|scopy|ectasis|thyroid|vascular|cardial"
    r"|derma|genic|mab|vir|formin|xaban)$"
)
"""Names of drugs and words of medicine by how they end (USAN stems)."""
SPANISH_FORM = re.compile(
    r"(?:ando|iendo|mente|cion|ciones|aron|ieron|aba|aban|ado|ados|idas?|idos?|ito|itos|rlo|rla|rme|rse)$"
)


def people(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where probable names start and end."""
    note = note_of(text, lexicon)
    words = note.words
    weights = [_weight(note, place) for place in range(len(words))]
    named = {place for place, weight in enumerate(weights) if weight + _beside(note, place, weights) >= ENOUGH}
    for place in sorted(named):
        named.update(_onward(note, place))
    for place in sorted(named, reverse=True):
        named.update(_backward(note, place))
    for place in sorted(named):
        yield words[place].start, words[place].end


def _weight(note: Note, place: int) -> float:
    word = note.words[place]
    if not word.plain or (word.plain in said.BETWEEN and not word.foreign):
        return 0.0 if _is_half_of_chinese(note, place - 1) or _is_half_of_chinese(note, place) else -9.0
    if word.plain in said.BEFORE_PLACES or is_of_a_thing(note, place):
        return -9.0
    weight = _alone(note, word) + _called(note, place) + _left(note, place) + _right(note, place)
    return weight - (6.0 if is_of_a_place(note, place) else 0.0)


def _alone(note: Note, word: Word) -> float:
    weight = -2.0 if word.plain in said.DAYS else ALONE[word.sort]
    if word.plain in said.KIN or word.plain in said.TITLES or word.plain in said.HEADS_OF_PLACES:
        weight -= 4.0
    if word.sort is Sort.UNKNOWN:
        weight = _unknown(note, word)
    if word.sort in {Sort.WRITTEN, Sort.SELDOM}:
        weight += _sounds(note, word)
    if _is_a_names_own(note, word):
        weight = max(weight, 2.0)
    if word.foreign and word.sort not in {Sort.WORD, Sort.FIELD, Sort.SPANISH}:
        weight = max(weight, 1.0) + 1.5
    if word.sort is Sort.NAME and not word.capital:
        unsure = note.lexicon.misspelling(word.plain)
        weight -= max(0.0, 0.75 * unsure - max(0.0, 0.5 * _sounds(note, word))) if unsure else 0.0
    if word.sort is Sort.LAST_NAME and not word.capital and note.lexicon.misspelling(word.plain):
        weight -= 2.5 * note.lexicon.misspelling(word.plain)
    if len(word.plain) <= 3 and word.sort in NAMES and not word.capital and not word.foreign:
        weight -= 0.75 if len(word.plain) == 3 else 3.0
    if note.cased and word.capital and not word.shouted:
        weight += 0.4 if word.begins else 1.6 if word.sort is not Sort.FREQUENT else 0.5
    return weight


def _is_a_names_own(note: Note, word: Word) -> bool:
    """`marias mom`: a name with its apostrophe left out."""
    apart = word.sort in {Sort.UNKNOWN, Sort.WRITTEN, Sort.SELDOM} and word.plain.endswith("s")
    return apart and note.lexicon.sort_of(word.plain[:-1]) in NAMES


def _unknown(note: Note, word: Word) -> float:
    """A word that no list has is a name, unless it looks like haste, shorthand or Spanish."""
    if word.foreign:
        return 1.0
    if len(word.plain) < 3 or ODD_FORM.search(word.plain) or (word.shouted and len(word.plain) < 6):
        return -2.0
    if MEDICAL_FORM.search(word.plain) and len(word.plain) > 6:
        return -2.0
    if SPANISH_FORM.search(word.plain) or note.lexicon.is_spanish_form(word.plain):
        return -2.0
    return (2.0 if len(word.plain) > 3 else 0.75) + _sounds(note, word) - 3.5 * note.lexicon.misspelling(word.plain)


def _sounds(note: Note, word: Word) -> float:
    return max(-1.5, min(1.75, SOUND * note.lexicon.sound.of_a_name(word.plain)))


def _called(note: Note, place: int) -> float:
    """Said to be a name: `goes by`, `named`, `name is`, `calls herself`."""
    before = note.before(place)
    earlier = note.plain(place - 2) if before and not note.words[place - 1].begins else ""
    if before in said.NAMED_SO:
        return 6.0
    if (
        (before, earlier) in said.CALLED_SO
        or (before in said.THEM and earlier in said.CALLS)
        or _known_as(before, earlier)
    ):
        return 6.0
    if before in {"is", "es"} and earlier in said.KIN:
        return 2.5
    if before in {"soy", "im", "i'm"} or (before, earlier) in {
        ("is", "this"),
        ("am", "i"),
        ("es", "este"),
        ("es", "ella"),
    }:
        return 1.5
    return 0.0


def _known_as(before: str, earlier: str) -> bool:
    return before == "as" and (earlier == "known" or earlier in said.THEM)


def _left(note: Note, place: int) -> float:
    before = note.before(place)
    if not before:
        return 1.25 if _heads_a_list(note, place) else 0.5
    earlier = note.plain(place - 2)
    if before in said.TITLES_OF_NAMES:
        return 4.0
    if before in said.KIN:
        return 3.5 if earlier in said.OF_WHOM or earlier in said.KIN else 2.5
    if before in said.SOFT_TITLES:
        return 2.0
    if before in said.TO_A_PERSON:
        return 2.0
    if before in said.WITH:
        return 1.5
    if before == "from":
        return 2.0 if earlier in said.TO_A_PERSON or earlier in said.MESSAGES else 0.0
    if before in said.PREPOSITIONS:
        return 2.0 if earlier in said.TO_A_PERSON or earlier in said.ANGRY else 0.75
    if before in said.ARTICLES:
        return -1.0 if note.words[place].sort in {Sort.NAME, Sort.UNKNOWN} else -2.0
    return 0.0


def _heads_a_list(note: Note, place: int) -> bool:
    """`X - socks`, `X: glasses`, `X, who`, `X (the tall one)`."""
    return place + 1 < len(note.words) and note.words[place + 1].after.strip()[:1] in {"-", ":", ",", "("}


def _right(note: Note, place: int) -> float:
    word, after = note.words[place], note.after(place)
    if word.possessive or (_is_a_names_own(note, word) and after in said.THINGS_OF_A_PERSON):
        return 2.0 if after in said.THINGS_OF_A_PERSON else 1.0
    if after in said.THINGS_OF_A_PERSON and word.sort in MAY_BE_NAMES:
        return 0.75
    if after in said.DONE_BY_A_PERSON:
        return 2.0
    return 1.0 if after in said.BESIDE_A_PERSON else 0.0


def _beside(note: Note, place: int, weights: list[float]) -> float:
    """Two words that may be names side by side are a first and a last name."""
    word = note.words[place]
    if _is_half_of_chinese(note, place - 1) or _is_half_of_chinese(note, place):
        return 6.0
    if word.sort not in MAY_BE_NAMES or weights[place] < 0.5:
        return 0.0
    left = place > 0 and not word.apart and _may_follow(note, place - 1, weights)
    right = place + 1 < len(note.words) and not note.words[place + 1].apart and _may_follow(note, place + 1, weights)
    if left or right:
        return 1.25
    return 0.75 if _in_a_list(note, place, weights) else 0.0


def _in_a_list(note: Note, place: int, weights: list[float]) -> bool:
    """Whether a comma or a slash is between it and another probable name."""
    neighbors = ((place - 1, place), (place + 1, place + 1))
    return any(
        0 <= other < len(note.words) and note.words[at].after.strip() in {",", "/", "&", "+"} and weights[other] >= 2.0
        for other, at in neighbors
        if at < len(note.words)
    )


def _is_half_of_chinese(note: Note, place: int) -> bool:
    """Whether the word there and the next are two syllables with a hyphen, of which one at least is no English word."""
    if not 0 <= place < len(note.words) - 1 or note.words[place + 1].after != "-":
        return False
    two = note.words[place : place + 2]
    if any(word.plain in said.ENGLISH_SYLLABLES or not SYLLABLE.fullmatch(word.plain) for word in two):
        return False
    return any(word.sort not in {Sort.WORD, Sort.FREQUENT, Sort.FIELD} for word in two)


def _may_follow(note: Note, place: int, weights: list[float]) -> bool:
    return note.words[place].sort in MAY_BE_NAMES and weights[place] >= 0.5


def _onward(note: Note, place: int) -> Iterator[int]:
    """The words after a name that belong to it: last names, particles before them, initials."""
    words = note.words
    held: list[int] = []
    last = min(len(words) - 1, place + LONGEST_NAME)
    while place < last and not words[place].possessive and not words[place + 1].apart:
        place += 1
        if len(words[place].plain) == 1 and words[place].capital:
            yield place
        elif words[place].plain in said.PARTICLES or len(words[place].plain) == 1:
            held.append(place)
        elif _belongs(note, place):
            yield from (*held, place)
            held.clear()
        else:
            return


def _backward(note: Note, place: int) -> Iterator[int]:
    first = max(0, place - LONGEST_NAME)
    while place > first and not note.words[place].apart and not note.words[place - 1].possessive:
        place -= 1
        if not _belongs(note, place) or len(note.words[place].plain) == 1:
            return
        yield place


def _belongs(note: Note, place: int) -> bool:
    """Whether a word beside a name is part of it."""
    word = note.words[place]
    if word.plain in said.NEVER_LAST or is_of_a_thing(note, place) or is_of_a_place(note, place):
        return False
    if word.after == "-" and note.words[place - 1].sort in NAMES:
        return len(word.plain) > 2
    if word.capital and note.cased and not word.begins:
        return word.foreign or word.sort not in {Sort.FREQUENT, Sort.FIELD} or len(word.plain) == 1
    if word.sort is Sort.UNKNOWN:
        return _unknown(note, word) > 0
    return word.sort in NAMES or word.sort is Sort.NAME_AND_WORD
