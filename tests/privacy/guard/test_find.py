"""Spans lie within the note, in order, and never overlap, whatever is written; and they never hold the words."""

import threading
from dataclasses import fields
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.privacy.guard.marked import kinds, marked
from true_api.privacy.guard.find import find
from true_api.privacy.guard.spans import Span, SpanKind

WORDS = (
    "my",
    "brother",
    "Maria",
    "sibusiso",
    "call",
    "415-555-0134",
    "at",
    "gmail",
    "dot",
    "com",
    "@",
    "st.",
    "mary's",
    "12",
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
LIKELY = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
AROUND = st.text("abc XYZ,.\n-é", max_size=20)


@settings(max_examples=150)
@given(ANY_TEXT | LIKELY)
@example("")
@example("\u0301\u200b")
@example("\uff2d\uff41\uff52\uff49\uff41 called from \uff14\uff11\uff15 555 0134")
@example("İstanbul ẞ ŉ Ǆ")
def test_spans_lie_within_the_note_in_order_and_never_overlap(note: str) -> None:
    spans = find(note)
    assert all(span.length > 0 for span in spans)
    assert all(before.end <= after.offset for before, after in pairwise(spans))
    assert all(span.offset >= 0 and span.end <= len(note) for span in spans)


@settings(max_examples=60)
@given(AROUND, AROUND)
def test_a_mail_address_is_found_wherever_it_stands(before: str, after: str) -> None:
    note = f"{before} quiet.river@example.org {after}"
    assert any("quiet.river@example.org" in said for said in marked(note, SpanKind.EMAIL))


@settings(max_examples=60)
@given(AROUND, AROUND)
def test_a_phone_number_is_found_wherever_it_stands(before: str, after: str) -> None:
    note = f"{before} 415-555-0134 {after}"
    start = len(before) + 1
    covered = {place for span in find(note) for place in range(span.offset, span.end)}
    assert {place for place in range(start, start + 12) if note[place].isdigit()} <= covered


@pytest.mark.parametrize(
    "note", ["a" * 2_000, "Maria " * 333, "1" * 2_000, "1 " * 1_000, "a@" * 1_000, "st. " * 500, "(" * 2_000]
)
def test_a_note_of_one_thing_over_and_over_is_answered(note: str) -> None:
    assert isinstance(find(note), tuple)


def test_offsets_count_code_points_of_the_note_as_it_was_sent() -> None:
    note = "👩‍👩‍👧 e\u0301 called Mari\u0301a today"
    (span,) = find(note)
    assert note[span.offset : span.end] == "Mari\u0301a"


def test_a_span_holds_a_place_and_a_kind_and_no_words() -> None:
    kept = {part.name: part.type for part in fields(Span)}
    assert kept == {"offset": int, "length": int, "kind": SpanKind}


def test_the_same_note_has_the_same_spans_from_many_threads() -> None:
    note, found = "gave Sibusiso Maluleka 2 kits, cell 415-555-0134", []
    threads = [threading.Thread(target=lambda: found.append(find(note))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {find(note)}


def test_one_note_may_hold_many_kinds() -> None:
    note = (
        "Maria Lopez, dob 3/14/1985, ssn 123-45-6789, lives at 1420 Mission St apt 4, 415-555-0134, maria@example.org"
    )
    assert kinds(note) == {
        SpanKind.NAME,
        SpanKind.DATE_OF_BIRTH,
        SpanKind.GOVERNMENT_NUMBER,
        SpanKind.ADDRESS,
        SpanKind.PHONE,
        SpanKind.EMAIL,
    }
