"""A slip as PDF, on a page of its own size."""

from true_api.outlets.cards.layout import WIDTH
from true_api.outlets.cards.paper import POINT, Print
from true_api.outlets.slips.accents import PLAIN
from true_api.outlets.slips.layout import LEFT, Slip


def pdf(slip: Slip) -> bytes:
    """The slip on one page; the same bytes for the same slip.

    A printer's own typeface has the letters of Western Europe; another letter shows as a question mark.
    """
    document = Print((WIDTH, slip.height))
    document.add_page()
    if slip.card is not None:
        document.card(slip.card, 0, 0)
    for line in slip.lines():
        document.set_font("helvetica", size=line.type / POINT)
        document.text(LEFT, line.baseline, _printable(line.text))
    return bytes(document.output())


def _printable(text: str) -> str:
    plain = "".join(PLAIN.get(sign, sign) for sign in text)
    return plain.encode("latin-1", "replace").decode("latin-1")
