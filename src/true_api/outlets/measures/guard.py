"""The narrative guard, measured on the held-out part of its generated corpus (privacy.md 5)."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from true_api.outlets.measures.figures import Figure, Size, at_least, at_most
from true_api.privacy.guard.corpus.identifiers import MAKERS, identified
from true_api.privacy.guard.corpus.making import Hidden, Made, Style, quiet_note, several
from true_api.privacy.guard.corpus.names import Origin, origins, words_of
from true_api.privacy.guard.corpus.styles import HELD_OUT
from true_api.privacy.guard.corpus.withheld import WithoutNames, without
from true_api.privacy.guard.find import find, find_with
from true_api.privacy.guard.gazetteer import lexicon
from true_api.privacy.guard.spans import Span, SpanKind

SECTION = "5"
AS_WRITTEN, LOWER = "as written", "all lower case"
CASES = (AS_WRITTEN, LOWER)
WITHHELD = 0.25
"""The floors are asked with one word in four withheld of those that an origin's own lists alone have."""
KIND_FLOORS = {
    SpanKind.PHONE: 99.0,
    SpanKind.EMAIL: 99.0,
    SpanKind.GOVERNMENT_NUMBER: 99.0,
    SpanKind.DATE_OF_BIRTH: 99.0,
    SpanKind.ADDRESS: 90.0,
}
NAMES_FLOOR, ORIGIN_FLOOR, QUIET_CEILING = 95.0, 85.0, 5.0
OF_NAMES = {Size.SMALL: 40, Size.FULL: 1_000}
OF_KINDS = {Size.SMALL: 80, Size.FULL: 3_000}
OF_QUIET = {Size.SMALL: 500, Size.FULL: 10_000}
"""Notes of each origin, of each kind, and without an identifier; each in both cases."""


@dataclass
class Count:
    """How many of how many."""

    hits: int = 0
    all: int = 0

    def add(self, hit: bool) -> None:
        """One more."""
        self.hits += hit
        self.all += 1

    @property
    def percent(self) -> float:
        """The share in percent, with two digits; 100 of none."""
        return round(100 * self.hits / self.all, 2) if self.all else 100.0


@dataclass
class Names:
    """Names of one origin in one case: all, and those of which a word is in no list."""

    origin: str
    case: str
    every: Count = field(default_factory=Count)
    unlisted: Count = field(default_factory=Count)
    missed: Counter[str] = field(default_factory=Counter)
    """Templates, by how often a name in them was not found."""


def is_found(made: Made, hidden: Hidden, spans: Iterable[Span]) -> bool:
    """Whether every letter and digit of what is hidden lies in a span, of whatever kind."""
    covered = {place for span in spans for place in range(span.offset, span.end)}
    return all(place in covered for place in range(hidden.start, hidden.end) if made.text[place].isalnum())


def in_both_cases(notes: Iterable[Made]) -> Iterator[tuple[str, Made]]:
    """Each note as it is written, and all in lower case."""
    for made in notes:
        yield AS_WRITTEN, made
        yield LOWER, made.lowered()


def kinds(style: Style, seed: int, count: int) -> dict[tuple[SpanKind, str], Count]:
    """Every identifier but names, by kind and case: how many are found."""
    counts: dict[tuple[SpanKind, str], Count] = {}
    for kind in MAKERS:
        for case, made in in_both_cases(identified(kind, style, str(seed), count)):
            found = is_found(made, made.hidden[0], find(made.text))
            counts.setdefault((kind, case), Count()).add(found)
    return counts


def names(style: Style, seed: int, count: int, share: float) -> list[Names]:
    """Names by origin and case, with a share of each origin's own names withheld from the gazetteer."""
    return [counted for origin in origins() for counted in _names_of(origin, style, (seed, count, share))]


def _names_of(origin: Origin, style: Style, sizes: tuple[int, int, float]) -> list[Names]:
    seed, count, share = sizes
    known = without(origin, share, seed)
    cases = {case: Names(origin.name, case) for case in CASES}
    for case, made in in_both_cases(several(style, origin, str(seed), count)):
        spans = find_with(made.text, known)
        for hidden in made.hidden:
            _count(cases[case], made, hidden, is_found(made, hidden, spans), known)
    return list(cases.values())


def _count(counted: Names, made: Made, hidden: Hidden, found: bool, known: WithoutNames) -> None:
    counted.every.add(found)
    if known.instead.keys() & words_of([made.text[hidden.start : hidden.end]]):
        counted.unlisted.add(found)
    if not found:
        counted.missed[made.template] += 1


def together(counts: Iterable[Count]) -> Count:
    """All of several counts."""
    every = Count()
    for count in counts:
        every.hits += count.hits
        every.all += count.all
    return every


def quiet(style: Style, seed: int, count: int) -> dict[str, Count]:
    """Notes without an identifier, by case: how many are flagged all the same."""
    chance = random.Random(f"{seed}/quiet")
    flagged = {case: Count() for case in CASES}
    for case, made in in_both_cases(quiet_note(style, chance) for _ in range(count)):
        flagged[case].add(bool(find(made.text)))
    return flagged


def milliseconds(style: Style, seed: int, count: int) -> float:
    """How long one note takes, on average over quiet ones."""
    chance = random.Random(f"{seed}/speed")
    notes = [quiet_note(style, chance).text for _ in range(count)]
    lexicon()
    began = time.perf_counter()
    for note in notes:
        find(note)
    return round((time.perf_counter() - began) / count * 1_000, 2)


def megabytes() -> float:
    """What the words and names cost a process while it lives."""
    kept = lexicon()
    return round((kept.sorts.size() + kept.gaps.size() + kept.sound.size()) / 1e6, 1)


@lru_cache(maxsize=2)
def figures(size: Size, seed: int = 1) -> list[Figure]:
    """Recall and false alarms of the guard, on templates that no recognizer was tuned on."""
    withheld = names(HELD_OUT, seed, OF_NAMES[size], WITHHELD)
    shipped = names(HELD_OUT, seed, OF_NAMES[size] // 2, 0.0)
    return [
        *_of_kinds(kinds(HELD_OUT, seed, OF_KINDS[size])),
        at_least(SECTION, "names found", together(part.every for part in withheld).percent, NAMES_FLOOR, "%"),
        *(_least(withheld, case) for case in CASES),
        Figure(SECTION, "names found that no list has", together(part.unlisted for part in withheld).percent, "%"),
        Figure(SECTION, "names found with every list", together(part.every for part in shipped).percent, "%"),
        *(
            at_most(SECTION, f"notes without an identifier that are flagged, {case}", count.percent, QUIET_CEILING, "%")
            for case, count in quiet(HELD_OUT, seed, OF_QUIET[size]).items()
        ),
        Figure(SECTION, "time of the guard for a note", milliseconds(HELD_OUT, seed, 200), "ms", "2 to 5"),
        Figure(SECTION, "memory of words and names", megabytes(), "MB"),
    ]


def _of_kinds(counts: dict[tuple[SpanKind, str], Count]) -> Iterator[Figure]:
    for (kind, case), count in counts.items():
        said = f"{kind.value.replace('_', ' ')} found, {case}"
        floor = KIND_FLOORS.get(kind)
        yield at_least(SECTION, said, count.percent, floor, "%") if floor else Figure(SECTION, said, count.percent, "%")


def _least(counted: list[Names], case: str) -> Figure:
    least = min((part for part in counted if part.case == case), key=lambda part: part.every.percent)
    said = f"names found of the origin found least, {case} ({least.origin})"
    return at_least(SECTION, said, least.every.percent, ORIGIN_FLOOR, "%")
