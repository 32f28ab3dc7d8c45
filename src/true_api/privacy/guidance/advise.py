"""Finds the terms of a text that label a person; pure, in one reading, and it keeps nothing."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from true_api.privacy.guidance.pattern import expression, plain_expression, quotations, whole_words
from true_api.privacy.guidance.terms import Term, guidance

Tongue = Literal["en", "es"]


@dataclass(frozen=True)
class Advice:
    """A term, where it stands in code points, why it may hurt, and what can be said instead."""

    term: str
    offset: int
    length: int
    why: str
    instead: tuple[str, ...]


def advise(text: str, language: Tongue | None = None) -> list[Advice]:
    """What the guidance says of a text, in order; of both languages where none is named.

    Left alone: quoted speech, proper names, and the other senses that the file lists. Never raises.
    """
    reading, terms = _compiled(language)
    found = []
    for match in reading.finditer(text):
        group = match.lastgroup
        if group is None or not group.startswith("t"):
            continue
        start, end = match.span("s" + group[1:])
        term = terms[group]
        found.append(Advice(term.key, start, end - start, term.why, term.instead))
    return found


@cache
def _compiled(language: Tongue | None) -> tuple[re.Pattern[str], dict[str, Term]]:
    """What is left alone comes first: it takes its place in the text, so that no term is found inside it."""
    kept = guidance()
    alone = [plain_expression(written) for written in kept.left_alone]
    ways: list[str] = []
    terms: dict[str, Term] = {}
    for term in kept.terms:
        if language is not None and term.language != language:
            continue
        alone += [plain_expression(written) for written in term.left_alone]
        for form in term.forms:
            name = f"t{len(terms)}"
            terms[name] = term
            ways.append(f"(?P<{name}>{expression(form, 's' + name[1:])})")
    quoted = "|".join(quotations())
    names = "|".join(plain_expression(written) for written in kept.names)
    written = f"{quoted}|(?-i:(?<!\\w)(?:{names})(?!\\w))|{whole_words(alone)}|{whole_words(ways)}"
    return re.compile(written, re.IGNORECASE), terms
