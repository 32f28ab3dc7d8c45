"""Finds every direct identifier and probable name of a note (privacy.md 5)."""

import re
from collections.abc import Callable, Iterator

from true_api.privacy.guard.addresses import addresses
from true_api.privacy.guard.contacts import emails, handles, phones, public, urls
from true_api.privacy.guard.dates import births
from true_api.privacy.guard.gazetteer import lexicon
from true_api.privacy.guard.lexicon import Lexicon
from true_api.privacy.guard.numbers import government_numbers, plates, record_numbers
from true_api.privacy.guard.people import people
from true_api.privacy.guard.spans import Span, SpanKind

RECOGNIZERS: tuple[tuple[SpanKind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (SpanKind.EMAIL, emails),
    (SpanKind.URL, urls),
    (SpanKind.HANDLE, handles),
    (SpanKind.DATE_OF_BIRTH, births),
    (SpanKind.GOVERNMENT_NUMBER, government_numbers),
    (SpanKind.ADDRESS, addresses),
    (SpanKind.PLATE, plates),
    (SpanKind.RECORD_NUMBER, record_numbers),
    (SpanKind.PHONE, phones),
)
"""In the order in which a place is given to a kind when two would have it."""
NEED_A_DIGIT = frozenset({SpanKind.GOVERNMENT_NUMBER, SpanKind.PLATE, SpanKind.RECORD_NUMBER})
DIGIT = re.compile(r"\d")


def find(text: str) -> tuple[Span, ...]:
    """The spans of a note, in order of offset, never overlapping. Pure; safe to call from many threads."""
    return find_with(text, lexicon())


def find_with(text: str, known: Lexicon) -> tuple[Span, ...]:
    """The same with another lexicon, to measure what a gazetteer without some names finds."""
    taken = bytearray(len(text))
    for start, end in public(text):
        taken[start:end] = b"\x01" * (end - start)
    spans: list[Span] = []
    digits = DIGIT.search(text) is not None
    for kind, recognizer in RECOGNIZERS:
        if kind in NEED_A_DIGIT and not digits:
            continue
        for start, end in recognizer(text):
            spans.extend(Span(first, last - first, kind) for first, last in _free(taken, text, start, end))
    for start, end in people(text, known):
        if not any(taken[start:end]):
            spans.append(Span(start, end - start, SpanKind.NAME))
    return tuple(sorted(spans, key=lambda span: span.offset))


def _free(taken: bytearray, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Takes what is not yet taken of a place, if letters or digits are in it: of two that overlap both are covered."""
    free: list[tuple[int, int]] = []
    while start < end:
        if taken[start]:
            start += 1
            continue
        stop = taken.find(1, start, end)
        last = end if stop < 0 else stop
        if any(sign.isalnum() for sign in text[start:last]):
            taken[start:last] = b"\x01" * (last - start)
            free.append((start, last))
        start = last
    return free
