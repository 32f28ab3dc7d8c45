"""Direct identifiers in the ways that people write them; public numbers, doses, times and counts are none."""

import pytest

from tests.privacy.guard.marked import kinds, marked
from true_api.privacy.guard.find import find
from true_api.privacy.guard.spans import SpanKind

FOUND = {
    SpanKind.PHONE: (
        "415-555-0134",
        "(415) 555 0134",
        "4155550134",
        "+1 415.555.0134",
        "555-0134",
        "555 0134",
        "415 / 555 / 0134",
        "415_555_0134",
        "four one five, five five five, oh one three four",
        "five five five oh one three four",
        "+52 55 1234 5678",
        "415, 555, 0134",
        "+44 20 7946 0958",
    ),
    SpanKind.EMAIL: (
        "joe@example.org",
        "joe.smith at gmail dot com",
        "bigdog22@yahoo",
        "joe22 at hotmail",
        "joe [at] example [dot] org",
        "joe_22 arroba gmail punto com",
    ),
    SpanKind.GOVERNMENT_NUMBER: ("123-45-6789", "123 45 6789", "123456789", "1EG4-TE5-MK72", "A012345678"),
    SpanKind.URL: ("https://example.org/joe", "www.example.org", "facebook.com/joe.smith", "linktr.ee/joe"),
    SpanKind.HANDLE: ("@big_dog22", "$bigdog"),
    SpanKind.ADDRESS: (
        "1420 Mission St",
        "1420 mission st apt 4b",
        "88 5th ave",
        "po box 445",
        "apt 12",
        "room 214",
        "twelve forty main street",
        "calle alameda 305",
        "163 washington dr",
    ),
    SpanKind.PLATE: ("7ABC123",),
    SpanKind.DATE_OF_BIRTH: (
        "3/14/1985",
        "1985-03-14",
        "March 14, 1985",
        "14 de marzo de 1985",
        "march fourteenth nineteen eighty five",
    ),
    SpanKind.RECORD_NUMBER: ("24-CR-01993",),
}
AFTER_A_WORD = {
    "dob 3-14": SpanKind.DATE_OF_BIRTH,
    "born in march 14": SpanKind.DATE_OF_BIRTH,
    "his bday 03141985": SpanKind.DATE_OF_BIRTH,
    "last 4 of his ssn 1234": SpanKind.GOVERNMENT_NUMBER,
    "last four 1234 of the social": SpanKind.GOVERNMENT_NUMBER,
    "dl D1234567": SpanKind.GOVERNMENT_NUMBER,
    "mrn 12345": SpanKind.RECORD_NUMBER,
    "case # 445566": SpanKind.RECORD_NUMBER,
    "booking no. AB1234": SpanKind.RECORD_NUMBER,
    "snap is bigdog22": SpanKind.HANDLE,
    "ig big.dog": SpanKind.HANDLE,
    "$34bigdog on cashapp": SpanKind.HANDLE,
    "gray civic abc1234": SpanKind.PLATE,
    "63 washington dr, upstairs": SpanKind.ADDRESS,
    "plate says 8xyz44": SpanKind.PLATE,
    "lives at 1420 mission": SpanKind.ADDRESS,
    "space 4b at the rv park": SpanKind.ADDRESS,
    "zip 94110": SpanKind.ADDRESS,
}
PUBLIC = (
    "988",
    "911",
    "211",
    "741741",
    "1-800-662-4357",
    "(800) 662-4357",
    "8006624357",
    "1.877.565.8860",
    "1 888 373 7888",
)
NO_IDENTIFIERS = (
    "took 8 mg at 10:30 and 16 mg at noon",
    "bp 150/95, sugar 412",
    "gave 100-2000 mg",
    "court is 5/12/2026 at 9:15 am in dept 12",
    "walked 2 blocks to main st",
    "has 3 upcoming court dates",
    "2 dr appts this week",
    "case manager called 3 times",
    "bus 38R to 5th and Main",
    "paid $150 for a bag, owes $1,200",
    "open 2023-2024, closed since",
    "posted on facebook that the camp moved",
    "12 kits, 4 pipes and 30 strips",
    "see findtreatment.gov or 988lifeline.org",
    "used 5x this week, 2-3 bags a day",
)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in FOUND.items() for value in values])
def test_an_identifier_is_found_whole_and_by_its_kind(kind: SpanKind, value: str) -> None:
    for note in (value, f"asked today: {value}", f"{value} he said", f"({value})".lower()):
        covered = {place for span in find(note) for place in range(span.offset, span.end)}
        start = note.lower().index(value.lower())
        assert all(place in covered for place in range(start, start + len(value)) if note[place].isalnum()), note
        assert kind in kinds(note), note


@pytest.mark.parametrize(("note", "kind"), AFTER_A_WORD.items())
def test_a_short_number_is_one_after_the_word_that_says_so(note: str, kind: SpanKind) -> None:
    assert kind in kinds(note)


@pytest.mark.parametrize("number", PUBLIC)
def test_numbers_that_anybody_may_write_down_are_allowed(number: str) -> None:
    assert marked(f"call {number} any time") == []
    assert marked(number) == []


def test_a_number_that_only_begins_like_a_public_one_is_a_persons() -> None:
    assert marked("call 801-662-4357", SpanKind.PHONE) == ["801-662-4357"]


@pytest.mark.parametrize("note", NO_IDENTIFIERS)
def test_doses_times_counts_and_places_are_left_alone(note: str) -> None:
    assert marked(note) == []
    assert marked(note.lower()) == []
