"""Spoken: answers and words by which a person is recognized. They are made one form of, hashed, and never kept.

One person tells, another types: letters, accents and spacing differ from time to time where the answer is the same
(privacy.md 4). What is folded here is folded for everybody alike, so it can never part two equal answers.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

LONGEST = 80
SHORTEST_WORD = 3

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_UNITS_ES = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
_ABOVE_SIXTEEN = ("seventeen diecisiete", "eighteen dieciocho", "nineteen diecinueve")
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS_ES = "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS_ES = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_NUMBERS = {
    **{word: number for words in (_UNITS, _UNITS_ES) for number, word in enumerate(words.split())},
    **{word: number for number, words in enumerate(_ABOVE_SIXTEEN, 17) for word in words.split()},
    **{word: number for words in (_ORDINALS, _ORDINALS_ES) for number, word in enumerate(words.split(), 1)},
    **{word: 10 * number for words in (_TENS, _TENS_ES) for number, word in enumerate(words.split(), 2)},
    **{f"veinti{word}": 20 + number for number, word in enumerate(_UNITS_ES.split()[:10]) if number},
    "una": 1,
    "primera": 1,
}
_BETWEEN_TENS_AND_UNIT = frozenset({"and", "y"})
_SAID_OR_NOT = frozenset({"the", "mr", "mrs", "ms", "miss", "mister", "sr", "sra", "srta", "senor", "senora"})
"""Never part of a name that is also written in one word, as `La` of Latoya is."""
_APOSTROPHES = frozenset("'`\u00b4\u2018\u2019\u201b\u02b9\u02bb\u02bc\uff07")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_SPELLINGS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("z", "s"))
"""Cathy and Kathy, Sofia and Sophia, Eric and Erick, Susan and Suzan: whoever types cannot hear which."""
_TWICE = re.compile(r"([^\d])\1+")
_ORDINAL_IN_DIGITS = re.compile(r"(\d+)(?:st|nd|rd|th)")


def one_form(told: str) -> str:
    """The form in which an answer or a word is hashed, however it was typed; empty where nothing was said."""
    plain = unicodedata.normalize("NFKD", told).casefold()
    plain = "".join(_letters(unicodedata.normalize("NFKD", plain)))
    words = unicodedata.normalize("NFKC", plain).translate(_LETTERS).split()
    said = [word for word in words if word not in _SAID_OR_NOT] or words
    joined = "".join(_numbered(said))
    for variant, spelling in _SPELLINGS:
        joined = joined.replace(variant, spelling)
    return _TWICE.sub(r"\1", joined)


def _letters(text: str) -> Iterator[str]:
    """Letters, digits as 0 to 9, and a space where anything else parts two words."""
    for sign in text:
        category = unicodedata.category(sign)
        if category == "Nd":
            yield str(unicodedata.decimal(sign))
        elif sign in _APOSTROPHES or category == "Cf" or _is_accent(sign):
            continue
        else:
            yield sign if category[0] in "LNM" else " "


def _is_accent(sign: str) -> bool:
    """Marks above and below letters, and the vowel points of Hebrew, Arabic and Syriac, which are often left out.

    Vowel signs of Indic and Thai script and the voicing marks of kana have other classes: they are letters.
    """
    kind = unicodedata.combining(sign)
    return 10 <= kind <= 36 or kind >= 200


def _numbered(words: Iterable[str]) -> list[str]:
    """The words, with numbers in digits: `twenty one` and `treinta y uno` are one number each."""
    found: list[str] = []
    rest = list(words)
    while rest:
        number = _NUMBERS.get(word := rest.pop(0))
        if number is None:
            found.append(_ORDINAL_IN_DIGITS.sub(r"\1", word))
            continue
        after = rest[1:] if rest and rest[0] in _BETWEEN_TENS_AND_UNIT else rest
        unit = _NUMBERS.get(after[0], 0) if after else 0
        if number in range(20, 100, 10) and 0 < unit < 10:
            number, rest = number + unit, after[1:]
        found.append(str(number))
    return found


def _says_something(told: SecretStr) -> SecretStr:
    if not one_form(told.get_secret_value()):
        raise ValueError("an answer has a letter or a digit in it")
    return told


def _is_a_word(told: SecretStr) -> SecretStr:
    if len(one_form(told.get_secret_value())) < SHORTEST_WORD:
        raise ValueError("a confirmation word has at least three letters or digits")
    return told


Answer = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST), AfterValidator(_says_something)]
"""What a person answers to a question of recall. Its text shows in no log and no error."""

Word = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST), AfterValidator(_is_a_word)]
"""The word by which a person confirms who they are. Its text shows in no log and no error."""
