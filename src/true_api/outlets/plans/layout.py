"""Where things stand on a plan: text is broken before the margin, and what belongs together stays on one page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from true_api.outlets.plans.papers import Form
from true_api.outlets.plans.sheet import Part, Sheet

Wide = Callable[[str, float, bool], float]
"""How wide a text is in millimeters, at so many points, bold or not."""

POINT: Final = 25.4 / 72
LEADING: Final = 1.32
"""From one line to the next, in parts of the type."""
ASCENT: Final = 0.98
"""From the upper edge of a line to its baseline, in parts of the type."""
FRAME: Final = 0.45
"""From a boxed text to its frame, in parts of the text's type."""
SMALL: Final = 0.86
"""The type of days and of what is written under a blank line, in parts of the text's."""


@dataclass(frozen=True)
class Row:
    """One line of a page: its texts side by side, or blank lines with what belongs on each; `boxed` stands in a frame.

    `above` is left free over it, except at the head of a page.
    """

    texts: tuple[str, ...]
    type: float
    height: float
    above: float = 0.0
    bold: bool = False
    indent: float = 0.0
    bullet: bool = False
    blank: bool = False
    boxed: bool = False


@dataclass(frozen=True)
class Placed:
    """A row, and where its upper edge is on the page."""

    row: Row
    top: float

    @property
    def baseline(self) -> float:
        """Where its letters stand. What belongs on a blank line stands small below it."""
        if self.row.blank:
            return self.top + self.row.height - self.row.type * POINT * 0.32
        return self.top + self.row.type * POINT * ASCENT

    @property
    def rule(self) -> float:
        """Where a blank line is drawn."""
        return self.baseline - self.row.type * POINT * ASCENT


Page = Sequence[Placed]


def pages(sheet: Sheet, form: Form, wide: Wide) -> Sequence[Page]:
    """The sheet on as many pages as it needs."""
    done: list[list[Placed]] = [[]]
    at = form.margin
    for group in Setting(form, wide).groups(sheet):
        for rows in _fitting(group, form):
            if at + _height(rows) > form.bottom and done[-1]:
                done.append([])
                at = form.margin
            for row in rows:
                at += row.above if done[-1] else 0.0
                done[-1].append(Placed(row, at))
                at += row.height
    return done


def _fitting(group: Sequence[Row], form: Form) -> Iterator[Sequence[Row]]:
    """The group whole, where a page can hold it; else row by row."""
    if _height(group) <= form.bottom - form.margin:
        yield group
    else:
        yield from ([row] for row in group)


def _height(rows: Iterable[Row]) -> float:
    return sum(row.above + row.height for row in rows)


@dataclass(frozen=True)
class Setting:
    """Sets text for one form."""

    form: Form
    wide: Wide

    def groups(self, sheet: Sheet) -> Iterator[list[Row]]:
        """What stays together, from top to bottom."""
        yield [*self._text(sheet.title, self.form.title, bold=True), *self._small(sheet.days)]
        if sheet.crisis_first:
            yield self._crisis(sheet)
        for part in sheet.parts:
            yield from self._part(part)
        if not sheet.crisis_first:
            yield self._crisis(sheet)
        yield self._small(sheet.notes, above=self._em(1))

    def _part(self, part: Part) -> Iterator[list[Row]]:
        """A heading stands with what comes first below it, and blank lines with what was said last above them."""
        heading = _led(self._text(part.heading, self.form.heading, bold=True), self._em(0.95))
        blanks = [row for labels in part.blanks for row in self._blanks(labels)]
        *others, last = [self._entry(entry) for entry in part.entries] or [[]]
        first, *others = [*others, [*last, *blanks]]
        yield [*heading, *first]
        yield from others

    def _entry(self, entry: str) -> list[Row]:
        indent = self._em(0.9)
        rows = list(self._text(entry, self.form.text, indent=indent))
        return _led([replace(rows[0], bullet=True), *rows[1:]], self._em(0.22))

    def _blanks(self, labels: tuple[str, ...]) -> list[Row]:
        beside = [(label,) for label in labels] if self.form.stacked else [labels]
        return [Row(texts, self.form.text * SMALL, self.form.blank, blank=True) for texts in beside]

    def _crisis(self, sheet: Sheet) -> list[Row]:
        inner = self._em(0.7)
        rows = [row for said in sheet.crisis for row in self._text(said, self.form.text, bold=True, indent=inner)]
        boxed = [replace(row, boxed=True) for row in rows]
        return _led([*boxed[:-1], replace(boxed[-1], height=boxed[-1].height + self._em(FRAME))], self._em(1.3))

    def _small(self, texts: Iterable[str], above: float = 0.6) -> list[Row]:
        type_ = self.form.text * SMALL
        return [row for text in texts for row in _led(self._text(text, type_), above)]

    def _text(self, text: str, type_: float, bold: bool = False, indent: float = 0.0) -> Iterator[Row]:
        room = self.form.room - (2 * indent if bold and indent else indent)
        for line in broken(text, lambda piece: self.wide(piece, type_, bold) <= room):
            yield Row((line,), type_, type_ * POINT * LEADING, bold=bold, indent=indent)

    def _em(self, parts: float) -> float:
        return self.form.text * POINT * parts


def _led(rows: Iterable[Row], above: float) -> list[Row]:
    """The rows with so much left free over the first of them."""
    return [replace(row, above=0.0 if at else above) for at, row in enumerate(rows)]


def broken(text: str, fits: Callable[[str], bool]) -> Sequence[str]:
    """The lines of a text, each of which fits; a word that is too long for a line is broken too."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, fits):
            longer = f"{lines[-1]} {piece}".lstrip()
            if fits(longer):
                lines[-1] = longer
            else:
                lines.append(piece)
    return [line for line in lines if line]


def _pieces(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    piece = ""
    for sign in word if not fits(word) else ():
        if piece and not fits(piece + sign):
            yield piece
            piece = ""
        piece += sign
    yield piece or word
