"""Participant codes: 10 random Crockford base-32 symbols and 2 Reed-Solomon check symbols over GF(32).

A code is the polynomial whose coefficients are its symbols, the first one leading; it is valid when alpha^1
and alpha^2 are its roots. That detects every wrong symbol and every two wrong symbols. Nothing is ever
corrected: a guess at what was meant could open another person's record.
"""

import secrets
from collections.abc import Callable
from typing import NoReturn

from true_api.kernel.code_words import spells_a_word
from true_api.kernel.errors import CodeMistyped, Fault

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
RANDOM_SYMBOLS = 10
LONGEST_INPUT = 64

_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_FOLD = str.maketrans(
    {symbol.lower(): symbol for symbol in SYMBOLS}
    | dict.fromkeys("IiLl", "1")
    | dict.fromkeys("Oo", "0")
    | dict.fromkeys(" -")
)


def _powers_of_alpha() -> tuple[int, ...]:
    """The 31 non-zero elements of GF(32) under x^5 + x^2 + 1, each alpha times the one before."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 0b100000 else doubled)
    return tuple(powers)


_POWER = _powers_of_alpha()
_LOG = {element: exponent for exponent, element in enumerate(_POWER)}


def _times(element: int, exponent: int) -> int:
    """An element multiplied by a power of alpha."""
    return _POWER[(_LOG[element] + exponent) % 31] if element else 0


_TIMES_ALPHA = tuple(_times(element, 1) for element in range(32))
_TIMES_ALPHA_SQUARED = tuple(_times(element, 2) for element in range(32))


def new_code(choose: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh code in its canonical form: 12 upper-case symbols without dashes, 50 random bits.

    A code that spells one of the words of `code_words` is drawn anew, so each of the others is as likely as any.
    """
    while spells_a_word(code := drawn_code(choose)):
        pass
    return code


def drawn_code(choose: Callable[[int], int] = secrets.randbelow) -> str:
    """Ten drawn symbols and the two check symbols that follow from them, whatever they spell."""
    drawn = [choose(32) for _ in range(RANDOM_SYMBOLS)]
    at_alpha, at_alpha_squared = _syndromes([*drawn, 0, 0])
    # The two check symbols p, q make p * alpha + q and p * alpha^2 + q equal to what is left at the roots.
    next_to_last = _times(at_alpha ^ at_alpha_squared, -_LOG[_POWER[1] ^ _POWER[2]])
    last = at_alpha ^ _TIMES_ALPHA[next_to_last]
    return "".join(SYMBOLS[value] for value in (*drawn, next_to_last, last))


def shown(code: str) -> str:
    """A canonical code as people see it: K7QP-2M9X-4TRD."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def read_code(text: str, *, pointer: str = "/code") -> str:
    """The canonical form of a typed code; raises CodeMistyped, and never says what was typed or meant."""
    if len(text) > LONGEST_INPUT:
        _refuse(pointer, "code_length", "A code has 12 letters and digits.")
    # Only ASCII is folded, by table: upper() would turn a dotless i or full-width letters into symbols.
    code = text.translate(_FOLD)
    values = [_VALUES.get(symbol, -1) for symbol in code]
    if -1 in values:
        _refuse(pointer, "code_symbol", f"Symbol {values.index(-1) + 1} is not one that codes use.")
    if len(values) != LENGTH:
        _refuse(pointer, "code_length", "A code has 12 letters and digits.")
    syndromes = _syndromes(values)
    if syndromes != (0, 0):
        _refuse(pointer, "code_check", _suspicion(*syndromes))
    return code


def _syndromes(values: list[int]) -> tuple[int, int]:
    """The code's polynomial at alpha and at alpha squared; both are zero for a code as issued."""
    at_alpha = at_alpha_squared = 0
    for value in values:
        at_alpha = _TIMES_ALPHA[at_alpha] ^ value
        at_alpha_squared = _TIMES_ALPHA_SQUARED[at_alpha_squared] ^ value
    return at_alpha, at_alpha_squared


def _suspicion(at_alpha: int, at_alpha_squared: int) -> str:
    """Which symbol was probably mistyped, where one wrong symbol explains both syndromes."""
    if at_alpha and at_alpha_squared:
        degree = (_LOG[at_alpha_squared] - _LOG[at_alpha]) % 31
        if degree < LENGTH:
            return f"Probably symbol {LENGTH - degree} was mistyped."
    return "More than one symbol was mistyped."


def _refuse(pointer: str, code: str, detail: str) -> NoReturn:
    raise CodeMistyped(Fault(pointer=pointer, code=code, detail=detail))
