"""Finds the terms of a text that label a person; pure, and it keeps nothing.

Most texts have none of the stems, and are read past at once. In one that has some, what is quoted, what is a proper
name and what is left alone of any term is covered first; then just those terms read what stands around the stems.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from true_api.privacy.guidance.pattern import alternatives, expression, plain_expression, proper_names, quotations
from true_api.privacy.guidance.terms import Term, guidance

Tongue = Literal["en", "es"]
AROUND = 80
"""How much of a text before and after a stem decides what is meant."""


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
    low = text.lower()
    present = [term for term in _terms(language) if any(stem in low for stem in term.stems)]
    if not present:
        return []
    covered = text
    for kept_apart in _kept_apart():
        covered = kept_apart.sub(lambda found: "." * len(found[0]), covered)
    places = list(_around_stems(covered))
    return list(_apart(_found(covered, places, present)))


def _found(text: str, places: list[tuple[int, int]], terms: list[Term]) -> list[Advice]:
    """All that these terms find, the first in the text first; of two that begin together the longer one first."""
    found = []
    for term in terms:
        for start, end in places:
            for match in _reading(term).finditer(text, start, end):
                if match.lastgroup is not None:
                    first, last = match.span("said" + match.lastgroup[4:])
                    found.append(Advice(term.key, first, last - first, term.why, term.instead))
    return sorted(found, key=lambda advice: (advice.offset, -advice.length))


def _apart(found: list[Advice]) -> Iterator[Advice]:
    """Those that do not overlap with one before them."""
    end = 0
    for advice in found:
        if advice.offset >= end:
            end = advice.offset + advice.length
            yield advice


@cache
def _terms(language: Tongue | None) -> list[Term]:
    return [term for term in guidance().terms if language in (None, term.language)]


@cache
def _kept_apart() -> tuple[re.Pattern[str], ...]:
    """What is somebody else's, quoted speech and the names of organizations; and what is left alone of any term."""
    theirs = "|".join([*quotations(), proper_names(guidance().organizations)])
    alone = alternatives(plain_expression(written) for written in guidance().left_alone)
    return re.compile(theirs), re.compile(alone, re.IGNORECASE)


@cache
def _reading(term: Term) -> re.Pattern[str]:
    """What is left alone of a term comes first: it takes its place in the text, so that nothing is found inside it."""
    alone = [plain_expression(written) for written in term.left_alone]
    ways = [f"(?P<form{place}>{expression(form, f'said{place}')})" for place, form in enumerate(term.forms)]
    return re.compile(alternatives([*alone, *ways]), re.IGNORECASE)


@cache
def _every_stem() -> re.Pattern[str]:
    stems = {re.escape(stem) for term in guidance().terms for stem in term.stems}
    return re.compile("|".join(sorted(stems)), re.IGNORECASE)


def _around_stems(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text around the stems, from space to space; those that touch are one."""
    start, end = 0, -1
    for hit in _every_stem().finditer(text):
        first = max(text.rfind(" ", 0, max(hit.start() - AROUND, 0)), 0)
        last = text.find(" ", hit.end() + AROUND)
        if first > end:
            if end >= 0:
                yield start, end
            start = first
        end = max(end, len(text) if last < 0 else last)
    if end >= 0:
        yield start, end
