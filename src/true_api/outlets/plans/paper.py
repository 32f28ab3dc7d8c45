"""A plan as PDF: the pages that the layout made, drawn with a printer's own typeface."""

import unicodedata
from dataclasses import replace

from fpdf import FPDF

from true_api.outlets.cards.paper import NO_DAY
from true_api.outlets.plans.layout import FRAME, POINT, Page, Placed, pages
from true_api.outlets.plans.papers import FORMS, Form, PlanPaper
from true_api.outlets.plans.sheet import Sheet
from true_api.outlets.plans.wording import WORDINGS
from true_api.outlets.slips.accents import PLAIN

MISSING = "?"
LIKE = PLAIN | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i", "œ": "oe", "Œ": "OE", "€": "EUR", "•": "-"}
"""What is printed in the place of signs that have no plain form of their own."""
NUMBER_GRAY = 90


class _Print(FPDF):
    """A document without an author, a day or the name of a program in it."""

    def __init__(self, form: Form) -> None:
        super().__init__(format=(form.width, form.height))
        self.form = form
        self._wide: dict[tuple[str, bool], float] = {}
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_creation_date(NO_DAY)
        self.set_producer("")
        self.set_line_width(0.2)

    def wide(self, text: str, type_: float, bold: bool) -> float:
        """How wide a text is in millimeters: as wide as its signs, for this typeface knows no pairs."""
        for sign in text:
            if (sign, bold) not in self._wide:
                self._set(1, bold)
                self._wide[sign, bold] = float(self.get_string_width(sign))
        return sum(self._wide[sign, bold] for sign in text) * type_

    def _set(self, type_: float, bold: bool) -> None:
        self.set_font("helvetica", style="B" if bold else "", size=type_)

    def draw(self, page: Page, number: str) -> None:
        """Draw one page, and its number where there are several."""
        self.add_page()
        self._frame([placed for placed in page if placed.row.boxed])
        for placed in page:
            if placed.row.blank:
                self._blanks(placed)
            else:
                self._text(placed)
        if number:
            self.set_text_color(NUMBER_GRAY)
            middle = (self.form.width - self.wide(number, self.form.number, bold=False)) / 2
            self._set(self.form.number, bold=False)
            self.text(middle, self.form.height - self.form.margin * 0.6, number)
            self.set_text_color(0)

    def _text(self, placed: Placed) -> None:
        row, left = placed.row, self.form.margin + placed.row.indent
        (text,) = row.texts
        self._set(row.type, row.bold)
        self.text(left, placed.baseline, text)
        if row.bullet:
            self.set_fill_color(0)
            em = row.type * POINT
            self.circle(left - em * 0.5, placed.baseline - em * 0.26, em * 0.13, style="F")

    def _blanks(self, placed: Placed) -> None:
        """The first of two is the wider: a name is longer than a number."""
        shares = {1: (1.0,), 2: (0.6, 0.4)}[len(placed.row.texts)]
        gap, left = 5.0, self.form.margin
        for label, share in zip(placed.row.texts, shares, strict=True):
            long = self.form.room * share - (gap if share < 0.5 else 0.0)
            left += gap if share < 0.5 else 0.0
            self.line(left, placed.rule, left + long, placed.rule)
            self._set(placed.row.type, bold=False)
            self.text(left, placed.baseline, label)
            left += long

    def _frame(self, boxed: list[Placed]) -> None:
        if boxed:
            inner = self.form.text * POINT * FRAME
            top, last = boxed[0].top - inner, boxed[-1]
            high = last.top + last.row.height - top
            self.set_line_width(0.5)
            self.rect(self.form.margin, top, self.form.room, high, round_corners=True, corner_radius=1.5)
            self.set_line_width(0.2)


def pdf(sheet: Sheet, paper: PlanPaper) -> bytes:
    """The plan on paper; the same bytes for the same plan.

    A printer's own typeface has the letters of Western Europe. A letter with another mark is printed without it, any
    other sign as a question mark, and a line at the end says so.
    """
    shown = printable(sheet)
    document = _Print(FORMS[paper])
    document.set_title(shown.title)
    document.set_lang(sheet.language.value)
    laid = pages(shown, document.form, document.wide)
    for at, page in enumerate(laid, start=1):
        document.draw(page, f"{at} / {len(laid)}" if len(laid) > 1 else "")
    return bytes(document.output())


def printable(sheet: Sheet) -> Sheet:
    """The sheet in signs that the typeface has, with a note where one of them could not be printed."""
    parts = tuple(replace(part, entries=tuple(map(_shown, part.entries))) for part in sheet.parts)
    said = (sign for part in sheet.parts for entry in part.entries for sign in _signs(entry))
    lost = any(_sign(sign) == MISSING != sign for sign in said)
    return replace(sheet, parts=parts, notes=(WORDINGS[sheet.language].unprintable,) if lost else ())


def _shown(text: str) -> str:
    return "".join(_sign(sign) for sign in _signs(text))


def _signs(text: str) -> str:
    return "".join(LIKE.get(sign, sign) for sign in unicodedata.normalize("NFC", text))


def _sign(sign: str) -> str:
    """The sign itself, or the letter below its marks, or a question mark; of marks and joiners alone, nothing."""
    if sign.encode("latin-1", "ignore"):
        return sign
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if part.encode("latin-1", "ignore"))
    silent = unicodedata.category(sign) in ("Mn", "Cf")
    return plain or ("" if silent else MISSING)
