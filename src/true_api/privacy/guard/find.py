"""Finds every direct identifier and probable name of a note."""

import re

from true_api.privacy.guard.lexicon import Lexicon, lexicon
from true_api.privacy.guard.people import people
from true_api.privacy.guard.spans import Span, SpanKind

_PATTERNS = (
    (SpanKind.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (SpanKind.URL, re.compile(r"https?://\S+|www\.\S+")),
    (SpanKind.GOVERNMENT_NUMBER, re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    (SpanKind.PHONE, re.compile(r"\(?\b\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}\b")),
)


def find(text: str) -> tuple[Span, ...]:
    """The spans of a note, in order of offset, never overlapping. Pure; safe to call from many threads."""
    return find_with(text, lexicon())


def find_with(text: str, known: Lexicon) -> tuple[Span, ...]:
    """The same with another lexicon, to measure what a gazetteer without some names finds."""
    found: list[Span] = []
    for kind, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            span = Span(hit.start(), hit.end() - hit.start(), kind)
            if all(span.end <= other.offset or other.end <= span.offset for other in found):
                found.append(span)
    for start, end in people(text, known):
        span = Span(start, end - start, SpanKind.NAME)
        if all(span.end <= other.offset or other.end <= span.offset for other in found):
            found.append(span)
    return tuple(sorted(found, key=lambda span: span.offset))
