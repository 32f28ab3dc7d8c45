"""A consent form as PDF: what it says on one side, and blank lines for a name, a signature and a date."""

from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from true_api.outlets.cards.layout import Paper
from true_api.rooms.consents.printing import FilledForm

MARGIN, LINE, LINE_GAP = 17.0, 4.5, 10.5
"""The margin, one line of text, and from one blank line to the next, in millimeters."""
TITLE, HEADING, TEXT, SMALL = 15, 10, 9.5, 7.5
GRAY = 110
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where PDF wants a day of making: the date on a form is written by hand."""
BLANK_LINES = (("name",), ("signature", "date"), ("guardian", "date"), ("taken_by", "date"))
"""What is written by hand, row by row."""


class _Form(FPDF):
    """A document without an author or a day in it."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format=paper.value)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.set_creation_date(NO_DAY)
        self.set_producer("")

    def say(self, text: str, size: float, style: str = "", after: float = 0) -> None:
        """A paragraph over the whole width."""
        self.set_font("helvetica", style=style, size=size)
        self.multi_cell(0, size * LINE / TEXT, _printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)

    def part(self, heading: str, paragraph: str, text: str) -> None:
        """One part: its heading, the paragraph of the rule at the right, and what it says."""
        top = self.y
        self.set_text_color(GRAY)
        self.set_font("helvetica", size=SMALL)
        self.cell(0, LINE, _printable(paragraph), align="R")
        self.set_text_color(0)
        self.set_xy(MARGIN, top)
        self.say(heading, HEADING, "B")
        self.say(text, TEXT, after=0.8)

    def blanks(self, labels: list[str]) -> None:
        """Blank lines side by side, the first of them wide, with what belongs on each below it."""
        self.ln(LINE_GAP)
        edge, gap = self.c_margin, 6.0
        whole = self.epw - 2 * edge
        widths = [whole] if len(labels) == 1 else [whole * 0.68 - gap / 2, whole * 0.32 - gap / 2]
        left, top = MARGIN + edge, self.y
        self.set_font("helvetica", size=SMALL)
        self.set_line_width(0.2)
        for label, width in zip(labels, widths, strict=True):
            self.line(left, top, left + width, top)
            self.text(left, top + 3.2, _printable(label))
            left += width + gap
        self.set_xy(MARGIN, top + 1)


def pdf(form: FilledForm, paper: Paper) -> bytes:
    """The form on paper. It shows no code; the same bytes for the same filled form."""
    document = _Form(paper)
    document.set_title(_printable(form.title))
    document.set_lang(form.language)
    document.add_page()
    document.say(form.title, TITLE, "B", after=1)
    document.say(
        f"{form.lines['reference']}: {form.reference}    {form.lines['version']} {form.version}", TEXT, after=2
    )
    for section in form.sections:
        document.part(section.heading, section.paragraph, section.text)
    with document.unbreakable() as whole:
        for names in BLANK_LINES:
            whole.blanks([form.lines[name] for name in names])
        whole.ln(6)
        whole.say(form.lines["keep"], SMALL)
    return bytes(document.output())


def _printable(text: str) -> str:
    """The letters that a printer's own typeface has (Western European); another letter shows as a question mark."""
    return text.encode("latin-1", "replace").decode("latin-1")
