"""Words in one plain form: without case, without accents, and in Latin letters whatever script they were written in."""

import unicodedata
from functools import lru_cache

UNDECOMPOSED = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "\u0131": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e"}
    | dict.fromkeys("\u2018\u2019\u02bb\u02bc", "'")
)
ONE_SOUND = "абвгдезийклмнопрстуфыэіґј", "abvgdeziyklmnoprstufyeigj"
"""Letters of Cyrillic, and what passports write for them after BGN/PCGN."""
MORE_SOUNDS = {
    "ї": "yi", "є": "ye", "ё": "yo", "ж": "zh", "\u0445": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "ћ": "c", "ђ": "dj", "љ": "lj",
    "њ": "nj", "џ": "dzh", "ѓ": "g", "ќ": "k", "\u0455": "dz",
}  # fmt: skip
CYRILLIC = dict(zip(*ONE_SOUND, strict=True)) | MORE_SOUNDS

BRAHMIC_BLOCKS = range(0x0900, 0x0D00)
"""Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada: 128 places each, a letter at the same one."""
VOWELS_SAID, SIGNS_SAID = "a a i i u u ri li e e e ai o o o au", "a i i u u ri ri e e e ai o o o au"
VOWELS = dict(zip(range(0x05, 0x15), VOWELS_SAID.split(), strict=True))
SIGNS = dict(zip(range(0x3E, 0x4D), SIGNS_SAID.split(), strict=True))
SOUNDS = "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l zh v sh sh s h"
CONSONANTS = dict(zip(range(0x15, 0x3A), SOUNDS.split(), strict=True))
NASALS = {0x01: "n", 0x02: "n", 0x03: "h"}
SILENT = 0x4D


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """The word without case and accents; other scripts stay as they are."""
    if word.isascii():
        return word.casefold()
    lowered = word.casefold().translate(UNDECOMPOSED)
    return "".join(sign for sign in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(sign))


def latin(word: str) -> str:
    """The word in plain Latin letters, from Latin, Cyrillic or a Brahmic script; empty where it is in none of them."""
    written = "".join(CYRILLIC.get(sign, sign) for sign in word.casefold())
    if any(ord(sign) in BRAHMIC_BLOCKS for sign in written):
        written = _brahmic(written)
    folded = plain(written)
    return folded if folded.isascii() else ""


def _brahmic(word: str) -> str:
    """Consonants carry an `a` unless a sign follows, or the word ends, as it is spoken."""
    spoken: list[str] = []
    bare = False
    for sign in word:
        place = ord(sign) % 128 if ord(sign) in BRAHMIC_BLOCKS else -1
        if place in CONSONANTS:
            spoken.append(("a" if bare else "") + CONSONANTS[place])
            bare = True
            continue
        if place in SIGNS or place in VOWELS:
            spoken.append(SIGNS.get(place) or VOWELS[place])
        elif place in NASALS:
            spoken.append(("a" if bare else "") + NASALS[place])
        elif place == -1:
            spoken.append(sign)
        bare = False
    return "".join(spoken)
