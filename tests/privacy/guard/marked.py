"""What the guard marks in a note, as words and kinds, for tests that read like notes."""

from true_api.privacy.guard.find import find
from true_api.privacy.guard.spans import SpanKind


def marked(note: str, kind: SpanKind | None = None) -> list[str]:
    """The words that are marked, of one kind or of any."""
    return [note[span.offset : span.end] for span in find(note) if kind is None or span.kind is kind]


def kinds(note: str) -> set[SpanKind]:
    """The kinds that are marked."""
    return {span.kind for span in find(note)}
