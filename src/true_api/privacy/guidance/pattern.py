"""How the patterns of the guidance's file become one regular expression that reads a text once.

In the file a space stands for any space, hyphen or underscore between two words, a letter with an accent for that
letter with the accent or without it, and brackets for the part of a longer phrase that is the term:
`(is|was) [absent]`. The rest is a regular expression that ignores case.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

JOINT = "(?:[\\s_\\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]{1,3})"
APOSTROPHE = "['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}]"
WORD = r"(?<!\w)(?=\w)(?:{})(?!\w)"


def expression(written: str, inside: str) -> str:
    """A pattern of the file as a regular expression; the group `inside` is the term."""
    plain = "".join(_sign(sign) for sign in written)
    grouped = re.sub(r"(?<!\\)\((?!\?)", "(?:", plain)
    if "\x01" in grouped:
        return grouped.replace("\x01", f"(?P<{inside}>").replace("\x02", ")")
    return f"(?P<{inside}>{grouped})"


def plain_expression(written: str) -> str:
    """A pattern in which no part stands out."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", "".join(_sign(sign) for sign in written))


def _sign(sign: str) -> str:
    if sign == " ":
        return JOINT
    if sign == "'":
        return APOSTROPHE
    if sign in "[]":
        return "\x01" if sign == "[" else "\x02"
    apart = unicodedata.normalize("NFD", sign)
    return sign if len(apart) == 1 else f"(?:{sign}|{apart[0]}{apart[1]}?)"


def alternatives(patterns: Iterable[str]) -> str:
    """Any of these, as whole words, the first that fits."""
    return WORD.format("|".join(patterns))


def quotations() -> Iterator[str]:
    """What somebody else is quoted with: quotation marks of both languages, and what follows `she said:`."""
    yield r'(?<![^\s(\[])"(?=\S)[^"\n]{1,500}(?<=\S)"(?!\w)'
    for first, last in ("\u201c\u201d", "\u201e\u201c", "\u201f\u201d", "\u00ab\u00bb", "\u2039\u203a"):
        yield f"{first}[^{first}{last}]{{1,500}}{last}"
    yield "\u2018(?:[^\u2018\u2019\n]|(?<=\\w)\u2019(?=\\w)){1,500}\u2019(?!\\w)"
    yield r"(?<![^\s(\[])'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w)){1,500}(?<=\S)'(?!\w)"
    yield r"(?<!\w)(?i:" + SPEECH + r")(?:[ ]\w+){0,4}[ ]?:(?!\s*[" + OPENING + r"])[^\n.!?]{1,500}"


def proper_names(organizations: Iterable[str]) -> str:
    """A run of capitalized words with one of these among them, as in `Harbor Recovery Center`."""
    named = "(?:" + "|".join(organizations) + ")"
    small = "(?:of|on|and|for|the|in|to|against|de|del|la|las|los|el|y|para|sobre|contra)"
    capital = r"[^\W\d_a-z][\w&]*"
    before = rf"(?:{capital}\s(?:{small}\s){{0,2}}){{1,5}}{named}"
    after = rf"\s(?:{small}\s){{1,2}}{capital}(?:\s(?:{small}\s)?{capital}){{0,4}}"
    return rf"(?-i:(?<!\w)(?:{before}(?:{after})?|{named}{after})(?!\w))"


OPENING = "\"\u201c\u201e\u201f\u00ab\u2039\u2018'"
SPEECH = (
    "said|says|say|told|tells|asked|asks|wrote|writes|texted|texts|answered|answers|replied|quote|in (?:his|her|their)"
    " (?:own )?words|dijo|dice|dijeron|comentó|contestó|respondió|escribió|según|en sus (?:propias )?palabras|cita"
)
