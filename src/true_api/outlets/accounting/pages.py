"""Pages of plain text on Letter paper, without an author, a day of making or the name of a program in the file."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF

NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where PDF wants a day of making, so that the same page is the same bytes."""
MARGIN, LINE, TYPE = 20.0, 5.0, 10.0


class Sheet(FPDF):
    """A document of headings, paragraphs, lines to write on, and tables that go on over pages."""

    def __init__(self) -> None:
        super().__init__(format="letter")
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.set_creation_date(NO_DAY)
        self.set_producer("")
        self.add_page()

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-MARGIN + LINE)
        self.set_font("helvetica", size=TYPE - 2)
        self.cell(0, LINE, f"Page {self.page_no()} of {{nb}}", align="C")

    def heading(self, text: str) -> None:
        """A line that says what follows."""
        self.set_font("helvetica", style="B", size=TYPE + 3)
        self._said(text, LINE + 2)
        self.ln(2)

    def paragraph(self, text: str) -> None:
        """Sentences."""
        self.set_font("helvetica", size=TYPE)
        self._said(text, LINE)
        self.ln(3)

    def fact(self, name: str, value: str) -> None:
        """What something is, on a line of its own."""
        self.set_font("helvetica", size=TYPE)
        self._said(f"**{plain(name)}:** {plain(value)}", LINE, markdown=True)
        self.ln(1)

    def blank(self, name: str) -> None:
        """A line to write on by hand."""
        self.set_font("helvetica", size=TYPE)
        self.ln(4)
        start = self.get_x() + 60
        self.cell(60, LINE, plain(name))
        self.line(start, self.get_y() + LINE, self.w - MARGIN, self.get_y() + LINE)
        self.ln(LINE + 2)

    def rows(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table whose head stands on every page."""
        self.set_font("helvetica", size=TYPE - 2)
        with self.table(col_widths=tuple(widths), line_height=LINE - 1, text_align="LEFT") as table:
            for texts in (head, *rows):
                table.row([plain(text) for text in texts])

    def _said(self, text: str, height: float, markdown: bool = False) -> None:
        said = text if markdown else plain(text)
        self.multi_cell(0, height, said, markdown=markdown, new_x="LMARGIN", new_y="NEXT")


def plain(text: str) -> str:
    """A text in the letters that every reader of PDF has by itself (Latin-1); others lose their marks, or are `?`."""
    if text.isascii():
        return text
    letters = (sign if ord(sign) < 256 else unicodedata.normalize("NFKD", sign) for sign in text)
    bare = (sign for sign in "".join(letters) if not unicodedata.combining(sign))
    return "".join(bare).encode("latin-1", "replace").decode("latin-1")
