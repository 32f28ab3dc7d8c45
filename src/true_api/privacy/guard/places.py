"""Names that are not of a person in a note: of streets, shelters and towns, of brands and saints, of drugs."""

from true_api.privacy.guard import vocabulary as said
from true_api.privacy.guard.brands import IN_PHRASES, LONGEST_PHRASE, PHRASES
from true_api.privacy.guard.lexicon import Sort
from true_api.privacy.guard.tokens import Note

JOINED, NUMBERED = {"and", "n", "y"}, {"st", "nd", "rd", "th"}
COULD_BE_A_NAME = {
    Sort.UNKNOWN,
    Sort.WRITTEN,
    Sort.LAST_NAME,
    Sort.NAME,
    Sort.MAINLY_NAME,
    Sort.NAME_AND_WORD,
    Sort.NAME_AND_SPANISH,
    Sort.NAME_AND_FREQUENT,
}


def is_of_a_thing(note: Note, place: int) -> bool:
    """Whether the word there is part of a brand's name or the like, or a drug's name on the street."""
    word = note.words[place]
    return (word.plain in IN_PHRASES and _is_in_a_phrase(note, place)) or _is_a_drug(note, place)


def _is_in_a_phrase(note: Note, place: int) -> bool:
    for first in range(max(0, place - LONGEST_PHRASE + 1), place + 1):
        said_here = tuple(
            f"{word.plain}'s" if word.possessive else word.plain for word in note.words[first : first + LONGEST_PHRASE]
        )
        if any(said_here[:length] in PHRASES for length in range(place - first + 1, len(said_here) + 1)):
            return True
    return False


def _is_a_drug(note: Note, place: int) -> bool:
    word = note.words[place]
    if word.plain not in said.STREET_NAMES_OF_DRUGS or word.possessive:
        return False
    before, earlier = note.before(place), note.plain(place - 2)
    taken = (
        before in said.USING
        or (before == "of" and earlier in said.USING)
        or (before in {"on", "off", "up"} and earlier in said.HIGH)
    )
    if taken and note.after(place) not in said.DONE_BY_A_PERSON:
        return True
    if note.after(place) == "going" and note.plain(place + 2) == "around":
        return True
    joined = {"and", "n", "or", "w", "with", "plus", "y", "con"}
    return any(
        note.plain(place + step) in said.DRUGS
        or (note.plain(place + step) in joined and note.plain(place + 2 * step) in said.DRUGS)
        for step in (-1, 1)
    )


def is_of_a_place(note: Note, place: int) -> bool:
    """Whether the word there names a street, a town, a building or an agency."""
    return _before_a_head(note, place) or _after_a_place_word(note, place) or _is_called_after(note, place)


def _is_called_after(note: Note, place: int) -> bool:
    """`Angel's Wings`: something with a capital that is not a person's thing."""
    after = note.words[place + 1] if place + 1 < len(note.words) else None
    owned = note.cased and note.words[place].possessive and after is not None and not after.apart
    return owned and after is not None and after.capital and after.plain not in said.THINGS_OF_A_PERSON


def _before_a_head(note: Note, place: int) -> bool:
    """`Grace Baptist church`, `the Jackson st overpass`, `St. Mary's shelter`; a person's house is no agency."""
    words = note.words
    for head in range(place + 1, min(place + 5, len(words))):
        between = words[head]
        if between.begins and not (between.after.strip() == "." and words[head - 1].plain == "st"):
            return False
        if between.plain in {"and", "n"} and head + 2 < len(words) and words[head + 2].plain in said.HEADS_OF_PLACES:
            continue
        if len(between.plain) > 1 and between.plain in said.DONE_BY_A_PERSON | said.BESIDE_A_PERSON:
            return False
        if between.plain in said.HEADS_OF_PLACES:
            owned = words[head - 1].possessive
            capital = note.cased and between.capital
            if owned and between.plain in said.HEADS_AT_HOME and not capital and not _after_saint(note, place):
                return False
            return owned or between.plain not in said.SURNAMES_TOO or not _acts(note, place, head)
        if (
            between.sort not in COULD_BE_A_NAME
            and between.plain not in {"of", "de", "del", "la"}
            and len(between.plain) > 1
        ):
            return False
    return False


def _after_saint(note: Note, place: int) -> bool:
    return note.plain(place - 1) in {"st", "saint", "san", "santa"}


def _acts(note: Note, first: int, last: int) -> bool:
    """Whether the words from one to the other do what people do, or are met as people are: James Hill, not a hill."""
    met = said.TO_A_PERSON | said.WITH | said.TITLES_OF_NAMES | said.KIN
    return note.after(last) in said.DONE_BY_A_PERSON or note.before(first) in met


def _after_a_place_word(note: Note, place: int) -> bool:
    word, before = note.words[place], note.plain(place - 1) if place else ""
    paused = word.begins or (word.apart and note.before(place) == "")
    if before in said.BEFORE_PLACES and (not paused or (before in said.SHORTENED and word.after.strip() == ".")):
        return True
    if before == "de" and place > 2 and note.plain(place - 3) in {"st", "saint", "san", "santa"}:
        return True
    if _is_a_crossing(note, place):
        return True
    if paused or word.possessive:
        return False
    if before == "of" and note.plain(place - 2) == "out":
        return True
    if before in {"at", "into"} and note.plain(place - 2) in said.ANGRY:
        return False
    if before in said.AT_PLACES or "@" in word.after or (before == "by" and note.plain(place - 2) in said.STANDING):
        return note.after(place) not in said.DONE_BY_A_PERSON
    if before == "from":
        return note.plain(place - 2) in said.LEAVING
    return before in {"to", "a"} and _moves(note, place)


def _moves(note: Note, place: int) -> bool:
    """Whether somebody goes to it: a word of moving in the same sentence, at most six words before."""
    for at in range(place - 1, max(-1, place - 7), -1):
        if note.plain(at) in said.MOVING:
            return True
        if note.words[at].begins:
            return False
    return False


def _is_a_crossing(note: Note, place: int) -> bool:
    """`8th and Folsom`, `Folsom and 8th`, `the corner of Turk and Hyde`."""
    if note.before(place) in JOINED and place > 1 and _is_of_a_street(note, place - 2):
        return True
    after = note.words[place + 2].after if place + 2 < len(note.words) else ""
    if note.after(place) in JOINED and note.plain(place + 2) in NUMBERED and after[-1:].isdigit():
        return True
    corner, of = {note.plain(place - 2), note.plain(place - 4)}, {note.plain(place - 1), note.plain(place - 3)}
    return "corner" in corner and "of" in of


def _is_of_a_street(note: Note, place: int) -> bool:
    return note.plain(place) in NUMBERED or is_of_a_thing(note, place) or is_of_a_place(note, place)
