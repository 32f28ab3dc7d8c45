"""A sealed text opens in the place it was sealed for, with the key it was sealed with, or not at all."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.kernel.errors import Problem
from true_api.privacy.sealing import SHORTEST, DataKey, Place, RecordUnreadable

PERSON, OTHER_PERSON = UUID(int=7), UUID(int=8)
KEY = DataKey(PERSON, bytes(range(100, 132)))
PLACE = Place("encounters", "note", UUID(int=1))
SAID = b"said at the van, in the person's own words"


@given(st.binary(max_size=3_000))
def test_what_was_sealed_opens_in_its_place(text: bytes) -> None:
    sealed = KEY.seal(text, PLACE)
    assert KEY.open(sealed, PLACE) == text
    assert len(sealed) == len(text) + SHORTEST


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, row_id=UUID(int=2)),
        replace(PLACE, column="summary"),
        replace(PLACE, table="referrals"),
        replace(PLACE, schema_version=2),
        Place("encounter", "snote", PLACE.row_id),
    ],
    ids=["row", "column", "table", "version", "names that run together"],
)
def test_a_text_that_was_moved_is_refused(elsewhere: Place) -> None:
    sealed = KEY.seal(SAID, PLACE)
    with pytest.raises(RecordUnreadable):
        KEY.open(sealed, elsewhere)
    assert KEY.open(sealed, PLACE) == SAID


def test_a_text_of_another_person_is_refused_even_under_the_same_key() -> None:
    with pytest.raises(RecordUnreadable):
        DataKey(OTHER_PERSON, KEY.key).open(KEY.seal(SAID, PLACE), PLACE)


def test_a_text_sealed_with_another_key_is_refused() -> None:
    with pytest.raises(RecordUnreadable):
        DataKey(PERSON, bytes(range(32))).open(KEY.seal(SAID, PLACE), PLACE)


def test_no_bit_of_a_sealed_text_can_be_altered() -> None:
    sealed = KEY.seal(SAID, PLACE)
    for place in range(len(sealed)):
        for bit in range(8):
            altered = bytearray(sealed)
            altered[place] ^= 1 << bit
            with pytest.raises(RecordUnreadable):
                KEY.open(bytes(altered), PLACE)


def test_a_sealed_text_that_was_cut_or_continued_is_refused() -> None:
    sealed = KEY.seal(SAID, PLACE)
    for length in range(len(sealed)):
        with pytest.raises(RecordUnreadable):
            KEY.open(sealed[:length], PLACE)
    with pytest.raises(RecordUnreadable):
        KEY.open(sealed + b"\0", PLACE)


def test_the_same_words_sealed_twice_look_different() -> None:
    assert len({KEY.seal(SAID, PLACE) for _ in range(100)}) == 100


def test_a_key_never_shows_itself() -> None:
    assert KEY.key.hex() not in repr(KEY)
    assert repr(KEY.key) not in repr(KEY)


def test_an_unreadable_record_is_the_servers_own_and_trailed_all_the_same() -> None:
    assert (RecordUnreadable.status, RecordUnreadable.code) == (500, "record_unreadable")
    assert [leaf for leaf in Problem.leaves() if leaf.always_trailed] == [RecordUnreadable]
