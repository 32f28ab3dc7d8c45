"""Letters with accents, drawn with a typeface that has only those without: the base letter, and its mark above it."""

import unicodedata
from collections.abc import Iterator

from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
ACUTE, GRAVE, TILDE, DIAERESIS, CEDILLA = "\u0301", "\u0300", "\u0303", "\u0308", "\u0327"
PLAIN = {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
"""What a telephone's keyboard makes of plain signs, and back."""
ABOVE_SMALL, ABOVE_CAPITAL = 0.58, 0.78
"""Where a mark stands above the baseline, in parts of the type."""


def say(pen: ImageDraw.ImageDraw, left: float, baseline: float, text: str, font: Font, height: int) -> None:
    """Draw a line of text in `height` dots; a sign that the typeface cannot make shows as a question mark."""
    for letter, marks in _letters(text):
        pen.text((left, baseline), letter, fill=0, font=font, anchor="ls")
        wide = font.getlength(letter)
        above = baseline - height * (ABOVE_CAPITAL if letter.isupper() else ABOVE_SMALL)
        for mark in marks:
            _mark(pen, mark, left + wide / 2, above, height)
            if mark == CEDILLA:
                pen.text((left + wide / 2, baseline + height * 0.08), ",", fill=0, font=font, anchor="ms")
        left += wide


def _letters(text: str) -> Iterator[tuple[str, str]]:
    """Each letter with the marks that stand on it; what has no plain letter is shown as a question mark."""
    letter, marks = "", ""
    for sign in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(sign):
            marks += sign
            continue
        if letter:
            yield letter, marks
        letter, marks = (sign if sign.isascii() else PLAIN.get(sign, "?")), ""
    if letter:
        yield letter, marks


def _mark(pen: ImageDraw.ImageDraw, mark: str, middle: float, above: float, height: int) -> None:
    part, thick = height * 0.1, max(height // 14, 1)
    if mark in (ACUTE, GRAVE):
        lean = part if mark == ACUTE else -part
        pen.line((middle - lean / 2, above, middle + lean, above - 1.4 * part), fill=0, width=thick)
    elif mark == TILDE:
        points = [(-1.6, 0.2), (-0.8, -0.5), (0.8, 0.3), (1.6, -0.4)]
        pen.line([(middle + x * part, above - 0.6 * part + y * part) for x, y in points], fill=0, width=thick)
    elif mark == DIAERESIS:
        for x in (-1.1, 1.1):
            dot = (middle + x * part - thick, above - part, middle + x * part + thick, above - part + 2 * thick)
            pen.ellipse(dot, fill=0)
