"""Handles: neutral words that cannot be taken for one another, drawn evenly and never twice."""

import random
import re
from itertools import combinations

import pytest

from true_api.kernel.handles import PAIRS, WORDS_ONE, WORDS_TWO, spare_handles

# Parts of words that would call to mind a drug, a body, an insult, a religion, a brand or a diagnosis.
NEVER = re.compile(
    "high|stone|weed|grass|poppy|hemp|snow|crystal|glass|smok|smack|dope|junk|tar$|crack|pill|speed|bud|blow|"
    "fat|skin|hair|butt|breast|body|foot$|naked|lame|dumb|crazy|mad|loon|nut|dirt|filth|slow|ugly|coon|gyp|squaw|"
    "god|angel|cross|saint|monk|holy|^apple|amazon|jaguar|puma|dove|shell$|manic|lunatic|polar|tranq|grey|colour"
)


def fits(shorter: str, longer: str) -> bool:
    """Whether leaving out one letter of the longer word gives the shorter one."""
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def one_letter_apart(one: str, two: str) -> bool:
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) == len(longer):
        return sum(left != right for left, right in zip(one, two, strict=True)) <= 1
    return len(longer) - len(shorter) == 1 and fits(shorter, longer)


@pytest.mark.parametrize("words", [WORDS_ONE, WORDS_TWO])
def test_words_are_many_short_and_plain(words: tuple[str, ...]) -> None:
    assert len(words) >= 128
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in words)
    assert list(words) == sorted(set(words))


@pytest.mark.parametrize("words", [WORDS_ONE, WORDS_TWO])
def test_no_two_words_of_a_list_are_one_letter_apart(words: tuple[str, ...]) -> None:
    assert [pair for pair in combinations(words, 2) if one_letter_apart(*pair)] == []


def test_one_letter_apart_means_a_letter_changed_added_or_left_out() -> None:
    assert one_letter_apart("gannet", "garnet")
    assert one_letter_apart("stream", "streams")
    assert one_letter_apart("inlet", "islet")
    assert not one_letter_apart("heron", "otter")
    assert not one_letter_apart("teal", "steals")


def test_no_word_stands_in_both_lists() -> None:
    assert not set(WORDS_ONE) & set(WORDS_TWO)


def test_no_word_calls_to_mind_what_a_handle_must_not() -> None:
    assert [word for word in (*WORDS_ONE, *WORDS_TWO) if NEVER.search(word)] == []


def test_a_handle_is_two_words_with_a_dash() -> None:
    for _ in range(50):
        one, two = spare_handles(1)[0].split("-")
        assert one in WORDS_ONE
        assert two in WORDS_TWO


def test_every_handle_can_be_drawn_and_only_once() -> None:
    numbers = iter(range(PAIRS))
    assert len({spare_handles(1, lambda _: next(numbers))[0] for _ in range(PAIRS)}) == PAIRS
    assert len(WORDS_ONE) * len(WORDS_TWO) == PAIRS


def test_spare_handles_are_distinct_even_when_all_are_wanted() -> None:
    chooser = random.Random(11)
    every = spare_handles(PAIRS, chooser.randrange)
    assert len(set(every)) == PAIRS
    assert every != sorted(every)
    assert len(set(spare_handles(100))) == 100
    assert spare_handles(0) == []


def test_spare_handles_follow_the_chooser() -> None:
    assert spare_handles(3, lambda left: 0)[0] == f"{WORDS_ONE[0]}-{WORDS_TWO[0]}"
    assert len(set(spare_handles(3, lambda left: 0))) == 3
    assert len(set(spare_handles(3, lambda left: left - 1))) == 3
    assert spare_handles(5, random.Random(3).randrange) == spare_handles(5, random.Random(3).randrange)


def test_spare_handles_are_drawn_evenly() -> None:
    chooser = random.Random(5)
    firsts = [0] * len(WORDS_ONE)
    for _ in range(400):
        for handle in spare_handles(50, chooser.randrange):
            firsts[WORDS_ONE.index(handle.split("-")[0])] += 1
    expected = sum(firsts) / len(firsts)
    chi_square = sum((count - expected) ** 2 / expected for count in firsts)
    freedom = len(firsts) - 1
    # Four standard deviations above the mean of chi-square.
    assert chi_square < freedom + 4 * (2 * freedom) ** 0.5


@pytest.mark.parametrize("count", [-1, PAIRS + 1])
def test_more_handles_than_there_are_cannot_be_had(count: int) -> None:
    with pytest.raises(ValueError, match="not that many"):
        spare_handles(count)
