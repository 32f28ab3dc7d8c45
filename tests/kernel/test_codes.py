"""Participant codes: what is detected, what is forgiven, and that nothing is ever corrected."""

import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.kernel.codes import LENGTH, SYMBOLS, new_code, read_code, shown
from true_api.kernel.errors import CodeMistyped, Fault

CHOOSER = random.Random(20261101)
PRINTED = "K7QP-2M9X-4TRD"
drawn_codes = st.randoms(use_true_random=False).map(lambda source: new_code(source.randrange))
values = st.integers(min_value=0, max_value=31)


def outcome(text: str) -> str | Fault:
    """What is read, or the one fault that is found."""
    try:
        return read_code(text)
    except CodeMistyped as refused:
        (fault,) = refused.faults
        return fault


def refusal(text: str) -> Fault:
    found = outcome(text)
    assert isinstance(found, Fault)
    return found


def with_symbol(code: str, position: int, symbol: str) -> str:
    return code[:position] + symbol + code[position + 1 :]


def others(symbol: str) -> str:
    return SYMBOLS.replace(symbol, "")


def test_a_new_code_has_twelve_symbols_of_the_alphabet_and_reads_back() -> None:
    for _ in range(100):
        code = new_code()
        assert len(code) == LENGTH
        assert set(code) <= set(SYMBOLS)
        assert read_code(code) == code


def test_the_alphabet_leaves_out_what_is_easily_confused() -> None:
    assert sorted(set(SYMBOLS)) == list(SYMBOLS)
    assert len(SYMBOLS) == 32
    assert not set("ILOU") & set(SYMBOLS)


def test_a_code_is_shown_in_three_groups_of_four() -> None:
    assert shown(PRINTED.replace("-", "")) == PRINTED


def test_the_check_symbols_make_alpha_and_alpha_squared_roots() -> None:
    """Written out a second time, with polynomial arithmetic instead of tables."""

    def product(left: int, right: int) -> int:
        carryless = 0
        for bit in range(5):
            carryless ^= (left << bit) * (right >> bit & 1)
        for bit in range(8, 4, -1):
            carryless ^= (0b100101 << (bit - 5)) * (carryless >> bit & 1)
        return carryless

    for root in (0b00010, 0b00100):
        remainder = 0
        for symbol in new_code(CHOOSER.randrange):
            remainder = product(remainder, root) ^ SYMBOLS.index(symbol)
        assert remainder == 0


def test_all_372_single_errors_are_refused_and_point_at_the_right_symbol() -> None:
    code = new_code(CHOOSER.randrange)
    refused = 0
    for position, symbol in enumerate(code):
        for wrong in others(symbol):
            fault = refusal(with_symbol(code, position, wrong))
            assert fault.code == "code_check"
            assert fault.detail == f"Probably symbol {position + 1} was mistyped."
            refused += 1
    assert refused == 372


def doubles_refused(code: str) -> int:
    """How many of a code's double errors are refused."""
    refused = 0
    for first, second in combinations(range(LENGTH), 2):
        for one in others(code[first]):
            once = with_symbol(code, first, one)
            for two in others(code[second]):
                refused += isinstance(outcome(with_symbol(once, second, two)), Fault)
    return refused


def test_all_63426_double_errors_are_refused() -> None:
    """The code is linear, so the patterns refused on one code are refused on every code."""
    assert doubles_refused(new_code(CHOOSER.randrange)) == 63_426


@pytest.mark.proof
def test_all_double_errors_of_a_hundred_fresh_codes_are_refused() -> None:
    """The same without leaning on linearity, on codes drawn as the server draws them."""
    assert {doubles_refused(new_code()) for _ in range(100)} == {63_426}


@given(drawn_codes, drawn_codes)
def test_the_code_is_linear(one: str, two: str) -> None:
    total = "".join(SYMBOLS[SYMBOLS.index(a) ^ SYMBOLS.index(b)] for a, b in zip(one, two, strict=True))
    assert read_code(total) == total


@given(drawn_codes)
def test_two_neighbors_swapped_are_refused(code: str) -> None:
    for position, (left, right) in enumerate(pairwise(code)):
        if left != right:
            assert refusal(code[:position] + right + left + code[position + 2 :]).code == "code_check"


def test_two_errors_that_no_single_one_explains_are_called_more_than_one() -> None:
    code = new_code(CHOOSER.randrange)
    details = {
        refusal(with_symbol(with_symbol(code, 0, one), 5, two)).detail
        for one in others(code[0])
        for two in others(code[5])
    }
    guesses = {f"Probably symbol {position} was mistyped." for position in range(1, LENGTH + 1)}
    assert details - guesses == {"More than one symbol was mistyped."}


@given(drawn_codes, st.data())
def test_case_spaces_dashes_and_look_alikes_are_forgiven(code: str, data: st.DataObject) -> None:
    typed = ""
    for symbol in code:
        alike = {"1": "1IiLl", "0": "0Oo"}.get(symbol, symbol + symbol.lower())
        typed += data.draw(st.text(" -", max_size=2)) + data.draw(st.sampled_from(alike))
    assert read_code(typed) == code


@given(drawn_codes, st.dictionaries(st.integers(0, 11), values, max_size=LENGTH))
def test_a_mistyped_code_is_refused_and_never_corrected(code: str, changes: dict[int, int]) -> None:
    typed = code
    for position, value in changes.items():
        typed = with_symbol(typed, position, SYMBOLS[value])
    found = outcome(typed)
    if isinstance(found, Fault):
        assert typed != code
        assert code not in repr(found)
    else:
        assert found == typed


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_one_fixed_sentence(text: str) -> None:
    sentences = {
        "A code has 12 letters and digits.",
        "More than one symbol was mistyped.",
        *(f"Symbol {position} is not one that codes use." for position in range(1, 65)),
        *(f"Probably symbol {position} was mistyped." for position in range(1, 13)),
    }
    found = outcome(text)
    if isinstance(found, Fault):
        assert found.code in {"code_length", "code_symbol", "code_check"}
        assert found.detail in sentences
    else:
        assert len(found) == LENGTH


@pytest.mark.parametrize("text", ["", "-", "K7QP", "K7QP-2M9X-4TR", "K7QP-2M9X-4TRDD", "0" * 65, "\u0131" * 10_000])
def test_a_code_of_another_length_is_refused(text: str) -> None:
    assert refusal(text).code == "code_length"


@pytest.mark.parametrize(
    "foreign",
    [
        "U",
        "u",
        "!",
        "_",
        "\t",
        "\n",
        "\x00",
        "\u0131",
        "\u0130",
        "\uff11",
        "\u0661",
        "\u2013",
        "\u00a0",
        "\u017f",
        "\u212a",
    ],
)
def test_a_symbol_outside_the_alphabet_is_refused_with_its_position(foreign: str) -> None:
    fault = refusal("K7-" + foreign + "P2M9X4TRD0")
    assert fault.code == "code_symbol"
    assert fault.detail == "Symbol 3 is not one that codes use."


def test_the_pointer_names_the_field_the_code_stood_in() -> None:
    with pytest.raises(CodeMistyped) as caught:
        read_code("K7QP", pointer="/participants/3/code")
    assert caught.value.faults[0].pointer == "/participants/3/code"
    assert refusal("K7QP").pointer == "/code"


def test_symbols_are_drawn_evenly() -> None:
    chooser = random.Random(7)
    counts = dict.fromkeys(SYMBOLS, 0)
    codes = 4_000
    for _ in range(codes):
        for symbol in new_code(chooser.randrange):
            counts[symbol] += 1
    expected = codes * LENGTH / len(SYMBOLS)
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values())
    # 61.1 is the 0.1 % point of chi-square with 31 degrees of freedom.
    assert chi_square < 61.1
