"""A slip as SVG, to show and to scale, and as PNG, to send or to print at 300 dots per inch."""

from functools import cache
from xml.sax.saxutils import escape

from PIL import ImageFont

from true_api.kernel.codes import shown
from true_api.outlets.cards.drawings import blank, dots, drawn, paint, written
from true_api.outlets.cards.layout import WIDTH
from true_api.outlets.slips.accents import Font, say
from true_api.outlets.slips.layout import LEFT, Slip


def svg(slip: Slip) -> bytes:
    """The slip as a drawing in millimeters."""
    title = "" if slip.code is None else f"<title>{shown(slip.code)}</title>"
    code = "" if slip.card is None else drawn(slip.card)
    lines = "".join(
        f'<text x="{LEFT}" y="{line.baseline:.2f}" font-size="{line.type}">{escape(line.text)}</text>'
        for line in slip.lines()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{slip.height:.2f}mm"'
        f' viewBox="0 0 {WIDTH} {slip.height:.2f}" role="img">{title}'
        f'<rect width="{WIDTH}" height="{slip.height:.2f}" fill="#fff"/>'
        f'{code}<g font-family="Helvetica,Arial,sans-serif">{lines}</g></svg>\n'
    ).encode()


def png(slip: Slip) -> bytes:
    """The slip in black and white; the same bytes for the same slip."""
    picture, pen = blank(slip.height)
    if slip.card is not None:
        paint(pen, slip.card)
    for line in slip.lines():
        say(pen, dots(LEFT), dots(line.baseline), line.text, _font(line.type), dots(line.type))
    return written(picture)


@cache
def _font(height: float) -> Font:
    """Pillow's own typeface: it is there wherever Pillow is."""
    return ImageFont.load_default(dots(height))
