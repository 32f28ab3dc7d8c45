"""Where things stand on a card, in millimeters: a QR code of the participant code alone, and the code in large letters.

No program name, no address and no word that says what the card is for: found in a pocket, it tells nothing
(privacy.md 2). A program may have one short line of its own printed (`TRUE_CARD_LINE`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import segno

from true_api.kernel.codes import shown

WIDTH, HEIGHT = 85.6, 53.98
"""A bank card's size (ISO/IEC 7810, ID-1)."""

QR_LEFT, QR_TOP, QR_SIDE = 7.0, 10.5, 33.0
"""The dark square; four modules around it stay white (ISO/IEC 18004), which are 6.3 mm of this."""

CELL, LETTER = 8.1, 13.4
"""How wide one letter of the code has its place, and how high its type is."""
FIRST_LETTER, FIRST_BASELINE, LEADING = 51.0, 16.8, 14.2
"""The middle of a group's first letter; the baseline of the first group; and from there to the next."""

LINE_MIDDLE, LINE_BASELINE, LINE_TYPE = WIDTH / 2, 51.0, 2.9


class Paper(StrEnum):
    """What is in the printer."""

    LETTER = "letter"
    A4 = "a4"


@dataclass(frozen=True)
class Group:
    """Four symbols of the code on one baseline, and where the middle of each is."""

    symbols: str
    baseline: float
    middles: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The middle of all four."""
        return (self.middles[0] + self.middles[-1]) / 2


@dataclass(frozen=True)
class Bar:
    """Dark modules side by side in one row of the QR code, counted in modules."""

    row: int
    start: int
    length: int


@dataclass(frozen=True)
class Card:
    """What one card shows: a canonical code, and the program's own line if it has one."""

    code: str
    line: str = ""

    @property
    def groups(self) -> Iterator[Group]:
        """The three groups of the code, one below the other."""
        middles = tuple(round(FIRST_LETTER + place * CELL, 2) for place in range(4))
        for row, symbols in enumerate(shown(self.code).split("-")):
            yield Group(symbols, round(FIRST_BASELINE + row * LEADING, 2), middles)

    @cached_property
    def _modules(self) -> tuple[bytearray, ...]:
        # Level Q: a quarter of the card may be worn or wet. The code stands in it as it is printed beside it.
        return segno.make_qr(shown(self.code), error="q", version=1, boost_error=False).matrix

    @property
    def modules(self) -> int:
        """How many modules a side of the QR code has."""
        return len(self._modules)

    @property
    def bars(self) -> Iterator[Bar]:
        """The dark modules of the QR code, row by row."""
        for row, modules in enumerate(self._modules):
            start = 0
            while start < len(modules):
                end = start
                while end < len(modules) and modules[end]:
                    end += 1
                if end > start:
                    yield Bar(row, start, end - start)
                start = end + 1
