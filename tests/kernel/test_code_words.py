"""No new code spells a word that insults, exposes or labels who carries it; each other code is as likely as any."""

import codecs
import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.kernel.code_words import WORDS, as_read, spells_a_word
from true_api.kernel.codes import LENGTH, RANDOM_SYMBOLS, SYMBOLS, drawn_code, new_code, read_code
from true_api.outlets.measures.codes import (
    chi_square,
    expected_at_positions,
    figures,
    limit,
    share_kept,
    worst_position,
)
from true_api.outlets.measures.figures import Size

HARMLESS = "K7QP2M9X4TRD"
LOOKS_LIKE = {"I": "1", "L": "1", "O": "0", "U": "V"}
"""What stands in a code where a word has a letter that codes do not use."""
OTHERWISE = {"S": "5", "B": "8", "E": "3", "A": "4", "T": "7", "G": "69", "Z": "2"}


def written(word: str, choose: Callable[[str], str]) -> str:
    """A word as it may stand in a code; `choose` takes one of the symbols that are read as a letter."""
    return "".join(choose(LOOKS_LIKE.get(letter, letter + OTHERWISE.get(letter, ""))) for letter in word)


def test_the_words_are_of_letters_and_fit_into_a_code() -> None:
    assert len(WORDS) == len(set(WORDS)) > 350
    assert all(word.isascii() and word.isalpha() and word.isupper() and 3 <= len(word) <= LENGTH for word in WORDS)


def test_a_word_that_holds_another_adds_nothing() -> None:
    assert [word for word in WORDS if any(other != word and other in word for other in WORDS)] == []


@pytest.mark.parametrize("turned", ["NQQVPG", "UREBVA", "UVI", "IVU", "WHAX", "CHGB", "LBAXV", "FVQBFB"])
def test_words_of_every_kind_are_there(turned: str) -> None:
    """Drugs, diagnoses, insults, in English and in Spanish; turned by thirteen letters here too."""
    assert codecs.decode(turned, "rot13") in WORDS


@pytest.mark.parametrize("start", [0, 2, 3, 4, 6, 8, 9])
@given(source=st.randoms(use_true_random=False))
def test_a_word_is_seen_wherever_it_stands_and_however_it_is_written(start: int, source: random.Random) -> None:
    """Across the dashes too: a code is looked at without them."""
    word = source.choice([word for word in WORDS if start + len(word) <= LENGTH])
    spelled = written(word, source.choice)
    assert set(spelled) <= set(SYMBOLS)
    assert spells_a_word(HARMLESS[:start] + spelled + HARMLESS[start + len(word) :])


def test_what_is_read_alike_is_one() -> None:
    assert as_read("0O 1IL 5S 8B 3E 4A 7T VU 69G 2Z") == "00 111 55 88 33 44 77 VV 666 22"
    assert not spells_a_word(HARMLESS)


def draws_of(*codes: str) -> Callable[[int], int]:
    """A source that draws these codes one after the other, and over again."""
    symbols: Iterator[int] = cycle(SYMBOLS.index(symbol) for code in codes for symbol in code[:RANDOM_SYMBOLS])
    return lambda _: next(symbols)


def test_a_code_that_spells_a_word_is_drawn_anew() -> None:
    spoken = (written(WORDS[1], lambda symbols: symbols[0]) + HARMLESS)[:LENGTH]
    assert spells_a_word(drawn_code(draws_of(spoken)))
    assert new_code(draws_of(spoken, spoken, HARMLESS)) == drawn_code(draws_of(HARMLESS))


@given(st.randoms(use_true_random=False))
def test_the_codes_that_are_issued_are_those_drawn_that_spell_nothing(source: random.Random) -> None:
    """Skipping is all that is done to an even draw, so that the codes left over are even too."""
    seed = source.getrandbits(64)
    one, two = random.Random(seed).randrange, random.Random(seed).randrange
    drawn = [drawn_code(one) for _ in range(40)]
    kept = [code for code in drawn if not spells_a_word(code)]
    assert [new_code(two) for _ in kept] == kept


def test_a_code_from_before_the_list_is_still_read() -> None:
    """A card that was given out stays good, whatever it spells."""
    chooser = random.Random(3)
    code = next(code for code in iter(lambda: drawn_code(chooser.randrange), None) if spells_a_word(code))
    assert read_code(code) == code


def test_the_share_that_is_skipped_is_what_was_worked_out() -> None:
    chooser = random.Random(20261102)
    drawn = 20_000
    skipped = sum(spells_a_word(drawn_code(chooser.randrange)) for _ in range(drawn))
    assert share_kept() > 0.95
    assert abs(skipped / drawn - (1 - share_kept())) < 4 * (0.045 / drawn) ** 0.5


def test_the_expected_shares_are_shares_and_rarer_where_words_are_made_of_the_symbol() -> None:
    for shares in expected_at_positions():
        assert abs(sum(shares.values()) - 1) < 1e-9
        assert shares["S"] == pytest.approx(shares["5"])
        assert 0.97 < 32 * min(shares.values()) < 1 < 32 * max(shares.values()) < 1.03


def test_the_measure_would_notice_an_uneven_source() -> None:
    """One symbol comes half as often again as it should."""
    chooser = random.Random(5)

    def leaning(below: int) -> int:
        return 7 if chooser.random() < 0.015 else chooser.randrange(below)

    even, uneven = ([new_code(source) for _ in range(20_000)] for source in (chooser.randrange, leaning))
    assert worst_position(even) < limit(31, 0.001 / LENGTH) < worst_position(uneven)


def test_the_limit_is_that_of_the_printed_tables() -> None:
    assert limit(31) == pytest.approx(61.1, abs=0.2)
    assert limit(10, 0.05) == pytest.approx(18.31, abs=0.05)
    assert chi_square(Counter({"a": 60, "b": 40}), {"a": 0.5, "b": 0.5}) == 4.0


def test_the_figures_of_a_small_run_meet_their_goals() -> None:
    found = figures(Size.SMALL, 20261102)
    assert [figure.name for figure in found if figure.met is False] == []
    assert sum(figure.met is True for figure in found) == 6


@pytest.mark.proof
def test_the_figures_of_a_hundred_thousand_codes_meet_their_goals() -> None:
    found = figures(Size.FULL, 20261102)
    assert found[0].value == 100_000
    assert [figure.name for figure in found if figure.met is False] == []


@pytest.mark.proof
def test_a_hundred_thousand_codes_of_the_servers_own_source_are_even() -> None:
    """Drawn as the server draws them, with a limit that even codes exceed once in a million runs."""
    codes = [new_code() for _ in range(100_000)]
    assert worst_position(codes) < limit(31, 1e-6 / LENGTH)
    assert len(set(codes)) == len(codes)
    assert not any(map(spells_a_word, codes))
