"""Names that are not of a person in a note: of streets, shelters and towns, of brands and saints, of drugs."""

from true_api.privacy.guard import vocabulary as said
from true_api.privacy.guard.lexicon import Sort
from true_api.privacy.guard.tokens import Note

COULD_BE_A_NAME = {
    Sort.LAST_NAME, Sort.NAME, Sort.MAINLY_NAME, Sort.NAME_AND_WORD, Sort.NAME_AND_SPANISH, Sort.NAME_AND_COMMON, Sort.UNKNOWN, Sort.WRITTEN,
}  # fmt: skip


def is_of_a_thing(note: Note, place: int) -> bool:
    """Whether the word there is part of a brand's name or the like, or a drug's name on the street."""
    for first in range(max(0, place - said.LONGEST_PHRASE + 1), place + 1):
        said_here = tuple(f"{word.plain}'s" if word.possessive else word.plain for word in note.words[first : first + said.LONGEST_PHRASE])
        if any(said_here[:length] in said.PHRASES for length in range(place - first + 1, len(said_here) + 1)):
            return True
    return _is_a_drug(note, place)


def _is_a_drug(note: Note, place: int) -> bool:
    word = note.words[place]
    if word.plain not in said.STREET_NAMES_OF_DRUGS or word.possessive:
        return False
    around = (place - 1, place + 1, place - 2, place + 2)
    if note.before(place) in said.USING and note.after(place) not in said.DONE_BY_A_PERSON:
        return True
    near = [note.words[at] for at in around if 0 <= at < len(note.words)]
    return any(other.sort is Sort.FIELD and other.plain in said.FIELD for other in near)


def is_of_a_place(note: Note, place: int) -> bool:
    """Whether the word there names a street, a town, a building or an agency."""
    return _before_a_head(note, place) or _after_a_place_word(note, place)


def _before_a_head(note: Note, place: int) -> bool:
    """`Grace Baptist church`, `the Jackson st overpass`, `St. Mary's shelter`; a person's house is no agency."""
    words = note.words
    for head in range(place + 1, min(place + 4, len(words))):
        between = words[head]
        if between.begins and not (between.after.strip() == "." and words[head - 1].plain == "st"):
            return False
        if between.plain in said.HEADS_OF_PLACES:
            owned = words[head - 1].possessive
            capital = note.cased and between.capital
            if owned and between.plain in said.HEADS_AT_HOME and not capital and not _after_saint(note, place):
                return False
            return owned or between.plain not in said.SURNAMES_TOO or not _acts(note, place, head)
        if between.sort not in COULD_BE_A_NAME and between.plain not in said.PARTICLES:
            return False
    return False


def _after_saint(note: Note, place: int) -> bool:
    return note.plain(place - 1) in {"st", "saint", "san", "santa"}


def _acts(note: Note, first: int, last: int) -> bool:
    """Whether the words from the one to the other do what people do, or are met as people are: James Hill, not the hill."""
    met = said.TO_A_PERSON | said.WITH | said.TITLES_OF_NAMES | said.KIN
    return note.after(last) in said.DONE_BY_A_PERSON or note.before(first) in met


def _after_a_place_word(note: Note, place: int) -> bool:
    before = note.plain(place - 1) if place else ""
    if before in said.BEFORE_PLACES and (not note.words[place].begins or note.words[place].after.strip() == "."):
        return not (before in {"st", "san"} and note.words[place - 1].begins and note.after(place) in said.DONE_BY_A_PERSON)
    if note.words[place].begins or note.words[place].possessive:
        return False
    if before in said.AT_PLACES or "@" in note.words[place].after:
        return note.after(place) not in said.DONE_BY_A_PERSON
    if before in {"and", "n"} and note.plain(place - 2) in {"st", "nd", "rd", "th"}:
        return True
    moving = {note.plain(at) for at in range(max(0, place - 5), place - 1)}
    return before == "to" and bool(moving & said.MOVING)
