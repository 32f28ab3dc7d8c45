"""Finds the terms of a text that label a person; pure, and it keeps nothing.

Most texts have none of the stems, and are read past at once. Of one that has some, what is quoted and what is a proper
name is covered first; then the patterns of just those terms read what stands around the stems.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
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
    present = tuple(place for place, term in _terms(language) if any(stem in low for stem in term.stems))
    if not present:
        return []
    covered = _kept_apart().sub(lambda found: "." * len(found[0]), text)
    reading = _reading(present)
    found = []
    for start, end in _around(covered, present):
        for match in reading.finditer(covered, start, end):
            if (group := match.lastgroup) is not None:
                term = guidance().terms[int(group.split("_")[1])]
                first, last = match.span("s" + group[1:])
                found.append(Advice(term.key, first, last - first, term.why, term.instead))
    return found


@cache
def _terms(language: Tongue | None) -> list[tuple[int, Term]]:
    return [(place, term) for place, term in enumerate(guidance().terms) if language in (None, term.language)]


@cache
def _kept_apart() -> re.Pattern[str]:
    """What is somebody else's: quoted speech, and the names of organizations."""
    return re.compile("|".join([*quotations(), proper_names(guidance().organizations)]))


@lru_cache(maxsize=256)
def _reading(present: tuple[int, ...]) -> re.Pattern[str]:
    """What is left alone comes first: it takes its place in the text, so that no term is found inside it."""
    known = [(place, guidance().terms[place]) for place in present]
    alone = [*guidance().left_alone, *(written for _, term in known for written in term.left_alone)]
    ways = [
        f"(?P<t_{place}_{number}>{expression(form, f's_{place}_{number}')})"
        for place, term in known
        for number, form in enumerate(term.forms)
    ]
    return re.compile(alternatives([*(plain_expression(written) for written in alone), *ways]), re.IGNORECASE)


@lru_cache(maxsize=256)
def _stems(present: tuple[int, ...]) -> re.Pattern[str]:
    stems = {re.escape(stem) for place in present for stem in guidance().terms[place].stems}
    return re.compile("|".join(sorted(stems)), re.IGNORECASE)


def _around(text: str, present: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """The parts of a text around the stems, from space to space; those that touch are one."""
    start, end = 0, -1
    for hit in _stems(present).finditer(text):
        first = max(text.rfind(" ", 0, max(hit.start() - AROUND, 0)), 0)
        last = text.find(" ", hit.end() + AROUND)
        last = len(text) if last < 0 else last
        if first > end >= 0:
            yield start, end
            start = first
        elif end < 0:
            start = first
        end = max(end, last)
    if end >= 0:
        yield start, end
