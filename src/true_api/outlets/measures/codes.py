"""Figures of the participant codes: evenly drawn, and every one or two wrong symbols noticed (privacy.md 2)."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations
from math import sqrt
from statistics import NormalDist

from true_api.kernel.code_words import WORDS, as_read
from true_api.kernel.codes import LENGTH, RANDOM_SYMBOLS, SYMBOLS, new_code, read_code
from true_api.kernel.errors import CodeMistyped
from true_api.outlets.measures.figures import Figure, Size, at_most

SECTION = "2"
CODES = {Size.SMALL: 10_000, Size.FULL: 100_000}
PEOPLE = 10_000_000
FALSE_ALARM = 0.001
"""How often even codes would be called uneven, over all positions together."""

SINGLES = LENGTH * (len(SYMBOLS) - 1)
DOUBLES = LENGTH * (LENGTH - 1) // 2 * (len(SYMBOLS) - 1) ** 2


def figures(size: Size, seed: int) -> list[Figure]:
    """How even fresh codes are, what mistyping goes unnoticed, and how far a guess gets."""
    choose = random.Random(seed).randrange
    fresh = [new_code(choose) for _ in range(CODES[size])]
    singles, doubles = errors_noticed(fresh[0])
    kept = share_kept()
    return [
        Figure(SECTION, "fresh codes drawn", len(fresh), "codes"),
        at_most(
            SECTION, "worst chi-square of the 12 positions", worst_position(fresh), limit(31, FALSE_ALARM / LENGTH)
        ),
        at_most(SECTION, "chi-square of the two check symbols together", check_symbols(fresh), limit(1023)),
        at_most(SECTION, f"of {SINGLES:,} single errors, unnoticed", SINGLES - singles, 0, "errors"),
        at_most(SECTION, f"of {DOUBLES:,} double errors, unnoticed", DOUBLES - doubles, 0, "errors"),
        at_most(SECTION, "swapped groups, unnoticed", round(100 * swaps_unnoticed(fresh), 3), 0.4, "%"),
        at_most(
            SECTION, "one random guess hits, at 10 million people", PEOPLE / (kept * 32**RANDOM_SYMBOLS), 1e-8, "chance"
        ),
        Figure(SECTION, "codes skipped, because they spell a word", round(100 * (1 - kept), 2), "%"),
    ]


def limit(freedom: int, chance: float = FALSE_ALARM) -> float:
    """The chi-square that even codes exceed with this chance (the approximation of Wilson and Hilferty)."""
    spread = 2 / (9 * freedom)
    return float(round(freedom * (1 - spread + NormalDist().inv_cdf(1 - chance) * sqrt(spread)) ** 3, 1))


def chi_square(seen: Counter[str], shares: dict[str, float]) -> float:
    """How far what was seen lies from what these shares let expect."""
    total = seen.total()
    return round(sum((seen[term] - total * share) ** 2 / (total * share) for term, share in shares.items()), 1)


def worst_position(codes: Sequence[str]) -> float:
    """The chi-square of the symbols at the position where they are least even; 31 degrees of freedom."""
    counts = [Counter(symbols) for symbols in zip(*codes, strict=True)]
    return max(chi_square(seen, shares) for seen, shares in zip(counts, expected_at_positions(), strict=True))


def check_symbols(codes: Sequence[str]) -> float:
    """The chi-square of the pairs that the two check symbols make; 1,023 degrees of freedom."""
    return chi_square(Counter(code[RANDOM_SYMBOLS:] for code in codes), expected_check_symbols())


def errors_noticed(code: str) -> tuple[int, int]:
    """How many single and double errors of a code are noticed; it is linear, so of every other code as many."""
    singles = doubles = 0
    for first in range(LENGTH):
        singles += sum(noticed(wrong) for wrong in _wrong_at(code, first))
    for first, second in combinations(range(LENGTH), 2):
        doubles += sum(noticed(twice) for once in _wrong_at(code, first) for twice in _wrong_at(once, second))
    return singles, doubles


def noticed(typed: str) -> bool:
    """Whether this is refused as mistyped."""
    try:
        read_code(typed)
    except CodeMistyped:
        return True
    return False


def swaps_unnoticed(codes: Sequence[str]) -> float:
    """The share of swaps of two groups of four that still read as a code, which is then another one."""
    swapped = [
        other
        for one, two, three in ((code[:4], code[4:8], code[8:]) for code in codes)
        for other in (two + one + three, one + three + two, three + two + one)
        if other != one + two + three
    ]
    return sum(not noticed(other) for other in swapped) / len(swapped)


def _wrong_at(code: str, position: int) -> Iterator[str]:
    for symbol in SYMBOLS.replace(code[position], ""):
        yield code[:position] + symbol + code[position + 1 :]


# What even codes look like once some are skipped: a symbol that many words hold is a little rarer. Any ten symbols of
# a code are drawn evenly together (its distance is three), so symbols are followed one by one as if all were.

Ends = dict[str, float]
"""For each beginning of a word that what was read so far ends with, how likely that is and no word was spelled."""


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(as_read(word)[:length] for word in WORDS for length in range(len(word)))


@cache
def _read_on(end: str, symbol: str) -> str | None:
    """The end after one more symbol; None once a word is spelled."""
    words = _folded_words()
    text = end + as_read(symbol)
    tails = [text[start:] for start in range(len(text) + 1)]
    return None if words.intersection(tails) else next(tail for tail in tails if tail in _beginnings())


@cache
def _folded_words() -> frozenset[str]:
    return frozenset(map(as_read, WORDS))


def _forward(ends: Ends) -> Ends:
    following: Ends = {}
    for end, likely in ends.items():
        for symbol in SYMBOLS:
            if (longer := _read_on(end, symbol)) is not None:
                following[longer] = following.get(longer, 0.0) + likely / len(SYMBOLS)
    return following


def _keeps(left: int) -> Callable[[str | None], float]:
    """How likely `left` more symbols spell no word, by what was read before."""
    chances: dict[str | None, float] = dict.fromkeys(_beginnings(), 1.0)
    for _ in range(left):
        chances = {
            end: sum(chances.get(_read_on(end, symbol), 0.0) for symbol in SYMBOLS) / len(SYMBOLS)
            for end in _beginnings()
        }
    return lambda end: chances.get(end, 0.0)


@cache
def share_kept() -> float:
    """The share of all codes that spell no word."""
    return _keeps(LENGTH)("")


@cache
def expected_at_positions() -> tuple[dict[str, float], ...]:
    """The share of each symbol at each position, among codes that spell no word."""
    ends, found = {"": 1.0}, []
    for position in range(LENGTH):
        keeps = _keeps(LENGTH - 1 - position)
        found.append(
            _shares(
                {
                    symbol: sum(likely * keeps(_read_on(end, symbol)) for end, likely in ends.items())
                    for symbol in SYMBOLS
                }
            )
        )
        ends = _forward(ends)
    return tuple(found)


@cache
def expected_check_symbols() -> dict[str, float]:
    """The share of each pair of check symbols, among codes that spell no word."""
    ends = {"": 1.0}
    for _ in range(RANDOM_SYMBOLS):
        ends = _forward(ends)
    likely = dict.fromkeys((one + two for one in SYMBOLS for two in SYMBOLS), 0.0)
    for end, chance in ends.items():
        for one in SYMBOLS:
            if (longer := _read_on(end, one)) is not None:
                for two in SYMBOLS:
                    likely[one + two] += chance * (_read_on(longer, two) is not None)
    return _shares(likely)


def _shares(likely: dict[str, float]) -> dict[str, float]:
    total = sum(likely.values())
    return {term: chance / total for term, chance in likely.items()}
