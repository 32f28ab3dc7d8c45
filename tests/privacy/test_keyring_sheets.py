"""Recovery sheets: any two of three bring the master key back; one alone does not, nor two of different writings."""

import os
import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from true_api.privacy.master_key import UnsafeMasterKeys, key_id
from true_api.privacy.recovery_sheets import SHEETS, read_sheet, rebuild, write_sheets

DAY = "2026-11-02"


def words_of(page: str) -> list[str]:
    return read_sheet(page).words.split()


@settings(max_examples=6, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_any_two_sheets_bring_any_key_back_in_either_order(key: bytes) -> None:
    pages = write_sheets(key, DAY)
    assert len(pages) == SHEETS
    for one, other in combinations(map(read_sheet, pages), 2):
        assert rebuild([one, other]) == rebuild([other, one]) == key


def test_a_page_names_its_key_and_its_number_and_can_be_typed_in_as_words_alone() -> None:
    key = os.urandom(32)
    for number, page in enumerate(write_sheets(key, DAY), 1):
        sheet = read_sheet(page)
        assert sheet.number == number
        assert f"recovery sheet {number} of 3" in page
        assert key_id(key) in page
        assert DAY in page
        assert all(len(line) <= 80 for line in page.splitlines())
        assert read_sheet(sheet.words) == read_sheet(f"  {sheet.words.upper()}\n") == sheet
        assert len(sheet.words.split()) == 33
        assert key.hex() not in page


def test_one_sheet_is_not_enough_however_often_it_is_shown() -> None:
    sheet = read_sheet(write_sheets(os.urandom(32), DAY)[0])
    for shown in ([sheet], [sheet, sheet], []):
        with pytest.raises(UnsafeMasterKeys, match="same sheet twice"):
            rebuild(shown)


def test_sheets_of_different_writings_do_not_go_together() -> None:
    key = os.urandom(32)
    first, second = write_sheets(key, DAY), write_sheets(key, DAY)
    with pytest.raises(UnsafeMasterKeys, match="not written together"):
        rebuild([read_sheet(first[0]), read_sheet(second[1])])


def test_a_word_that_was_mistyped_is_noticed_on_its_sheet_and_not_repeated() -> None:
    key = os.urandom(32)
    one, other = (words_of(page) for page in write_sheets(key, DAY)[:2])
    for place in range(len(one)):
        for wrong in ("marigold", other[place] if other[place] != one[place] else "zero"):
            mistyped = " ".join([*one[:place], wrong, *one[place + 1 :]])
            with pytest.raises(UnsafeMasterKeys, match="not a whole sheet") as refused:
                read_sheet(mistyped)
            assert wrong not in re.findall(r"\w+", str(refused.value))
            assert refused.value.__suppress_context__


@pytest.mark.parametrize("place", range(32))
def test_words_in_another_order_are_noticed(place: int) -> None:
    words = words_of(write_sheets(bytes(range(7, 39)), DAY)[0])
    if words[place] == words[place + 1]:
        return
    words[place : place + 2] = reversed(words[place : place + 2])
    with pytest.raises(UnsafeMasterKeys, match="not a whole sheet"):
        read_sheet(" ".join(words))


@pytest.mark.parametrize("text", ["", "word", "1. one 2. two", "\x00", "zero " * 33, "ä" * 200])
def test_what_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(UnsafeMasterKeys, match="not a whole sheet"):
        read_sheet(text)


def test_a_sheet_does_not_follow_from_the_key() -> None:
    """Its words are drawn anew each time, so whoever holds one sheet can rule out no key."""
    key = os.urandom(32)
    assert len({tuple(words_of(write_sheets(key, DAY)[0])[4:30]) for _ in range(8)}) == 8
