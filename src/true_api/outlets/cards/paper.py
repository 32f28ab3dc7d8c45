"""A card as PDF in its own size, and sheets of ten cards with lines to cut along."""

from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF

from true_api.outlets.cards.layout import (
    HEIGHT,
    LETTER,
    LINE_BASELINE,
    LINE_MIDDLE,
    LINE_TYPE,
    QR_LEFT,
    QR_SIDE,
    QR_TOP,
    WIDTH,
    Card,
    Paper,
)

ACROSS, DOWN = 2, 5
A_PAGE = ACROSS * DOWN
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where PDF wants a day of making, so that the same card is the same bytes and tells no day."""
POINT = 25.4 / 72


class Print(FPDF):
    """A document without an author, a day or the name of a program in it."""

    def __init__(self, size: tuple[float, float] | str) -> None:
        super().__init__(format=size)
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_creation_date(NO_DAY)
        self.set_producer("")

    def card(self, card: Card, left: float, top: float) -> None:
        """Draw a card with its upper left corner here."""
        module = QR_SIDE / card.modules
        self.set_fill_color(0)
        for bar in card.bars:
            x, y = left + QR_LEFT + bar.start * module, top + QR_TOP + bar.row * module
            self.rect(x, y, bar.length * module, module, style="F")
        self.set_font("courier", style="B", size=LETTER / POINT)
        for group in card.groups:
            self._centered(group.symbols, left + group.middle, top + group.baseline)
        if card.line:
            self.set_font("helvetica", size=LINE_TYPE / POINT)
            self._centered(card.line, left + LINE_MIDDLE, top + LINE_BASELINE)

    def _centered(self, text: str, middle: float, baseline: float) -> None:
        self.text(middle - self.get_string_width(text) / 2, baseline, text)

    def cuts(self, left: float, top: float, rows: int) -> None:
        """Thin lines around every card of a page."""
        self.set_draw_color(170)
        self.set_line_width(0.1)
        for column in range(ACROSS + 1):
            x = left + column * WIDTH
            self.line(x, top, x, top + rows * HEIGHT)
        for row in range(rows + 1):
            y = top + row * HEIGHT
            self.line(left, y, left + ACROSS * WIDTH, y)


def pdf(card: Card) -> bytes:
    """The card on a page of its own size; the same bytes for the same card."""
    document = Print((WIDTH, HEIGHT))
    document.add_page()
    document.card(card, 0, 0)
    return bytes(document.output())


def sheet(cards: Sequence[Card], paper: Paper) -> bytes:
    """All cards, ten on a page, with lines to cut along; the same bytes for the same cards."""
    document = Print(paper.value)
    left, top = (document.w - ACROSS * WIDTH) / 2, (document.h - DOWN * HEIGHT) / 2
    for first in range(0, len(cards), A_PAGE):
        here = cards[first : first + A_PAGE]
        document.add_page()
        document.cuts(left, top, -(-len(here) // ACROSS))
        for place, card in enumerate(here):
            row, column = divmod(place, ACROSS)
            document.card(card, left + column * WIDTH, top + row * HEIGHT)
    return bytes(document.output())
