"""Sample references: eight random symbols, short enough for a bag, and never taken for a participant's code."""

import secrets
from collections.abc import Callable

from true_api.kernel.code_words import spells_a_word
from true_api.kernel.codes import SYMBOLS

LENGTH = 8
WRITTEN = r"^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$"
_MISREAD = str.maketrans("ILO", "110")


def new_sample(choose: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh reference: 40 random bits, so that a mistyped one leads to nothing rather than to another sample."""
    while spells_a_word(drawn := "".join(SYMBOLS[choose(len(SYMBOLS))] for _ in range(LENGTH))):
        pass
    return drawn


def shown_sample(sample: str) -> str:
    """A reference as it is written on a bag: 7QK4-M2XP."""
    return f"{sample[:4]}-{sample[4:]}"


def read_sample(text: str) -> str:
    """The reference behind a text in the form `WRITTEN`: case and dash do not matter, I and L are 1, O is 0."""
    return text.replace("-", "").upper().translate(_MISREAD)
