"""Where things stand on a slip, in millimeters: the agency's own code as on a card, and below it where, when, what.

No name of a program or a person, no code of the program's, and nothing of what it is for. As wide as a bank card, so
that it goes into the same pocket, and as long as it has to be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from true_api.outlets.cards.layout import HEIGHT, QR_LEFT, WIDTH, Card

LEFT, ROOM = QR_LEFT, WIDTH - 2 * QR_LEFT
TOP_WITHOUT_CODE, BOTTOM = 12.0, 9.0
LABEL_TYPE, TEXT_TYPE = 3.0, 4.2
AFTER_LABEL, LEADING, AFTER_TEXT = 5.4, 5.4, 8.0
"""From a label to its text, from one line to the next, and from the last line of a text to the next label."""

_WIDTHS: Final[Mapping[str, float]] = (
    dict.fromkeys(" .,:;'!|ijl/()-", 0.34) | dict.fromkeys("@%W", 1.02) | dict.fromkeys("MmwQOG", 0.86)
)
"""How wide a letter is at most, in parts of its type; a capital is 0.75, and any other sign of ASCII 0.6."""


@dataclass(frozen=True)
class Told:
    """One thing that a slip says, under its label."""

    label: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of type: where its baseline begins, and how high it is."""

    text: str
    baseline: float
    type: float


@dataclass(frozen=True)
class Slip:
    """What one slip shows: the agency's code if it has one, and what is told."""

    code: str | None
    told: tuple[Told, ...]

    @property
    def card(self) -> Card | None:
        """The code as it stands on a card."""
        return None if self.code is None else Card(self.code)

    def lines(self) -> Iterator[Line]:
        """Labels and texts from top to bottom."""
        baseline = TOP_WITHOUT_CODE if self.code is None else HEIGHT + 2
        for told in self.told:
            yield Line(told.label, baseline, LABEL_TYPE)
            baseline += AFTER_LABEL
            for text in wrapped(told.text):
                yield Line(text, baseline, TEXT_TYPE)
                baseline += LEADING
            baseline += AFTER_TEXT - LEADING

    @property
    def height(self) -> float:
        """How long it is."""
        return max((line.baseline for line in self.lines()), default=HEIGHT) + BOTTOM


def wrapped(text: str) -> Sequence[str]:
    """The lines of a text, none of them wider than a slip; a word that is too long for a line is broken."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word):
            longer = f"{lines[-1]} {piece}".lstrip()
            if _wide(longer) <= ROOM:
                lines[-1] = longer
            else:
                lines.append(piece)
    return [line for line in lines if line]


def _pieces(word: str) -> Iterator[str]:
    piece = ""
    for letter in word:
        if _wide(piece + letter) > ROOM:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _wide(text: str) -> float:
    return sum(_part(letter) for letter in text) * TEXT_TYPE


def _part(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if not letter.isascii():
        return 1.02 if not letter.islower() or ord(letter) > 0x24F else 0.6
    return 0.75 if letter.isupper() else 0.6
