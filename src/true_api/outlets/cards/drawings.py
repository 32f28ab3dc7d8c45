"""A card as SVG, to show and to scale, and as PNG, to send or to print at 300 dots per inch."""

from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from true_api.kernel.codes import shown
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
)

DOTS_PER_INCH = 300
_DOT = DOTS_PER_INCH / 25.4
_LARGE, _STROKE = 8.2, 2
"""The type of the letters in millimeters, small enough for two W side by side, and how many dots it is made bolder."""
_TYPEFACES = "'DejaVu Sans Mono','Liberation Mono','Courier New',monospace"


def svg(card: Card) -> bytes:
    """The card as a drawing in millimeters."""
    module = QR_SIDE / card.modules
    bars = "".join(f"M{bar.start} {bar.row}h{bar.length}v1h-{bar.length}z" for bar in card.bars)
    groups = "".join(
        f'<text x="{" ".join(map(str, group.middles))}" y="{group.baseline}">{group.symbols}</text>'
        for group in card.groups
    )
    line = (
        f'<text x="{LINE_MIDDLE:.2f}" y="{LINE_BASELINE:.2f}" font-family="sans-serif" font-size="{LINE_TYPE}"'
        f' text-anchor="middle">{escape(card.line)}</text>'
        if card.line
        else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{shown(card.code)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<path transform="translate({QR_LEFT} {QR_TOP}) scale({module:.5f})" shape-rendering="crispEdges" d="{bars}"/>'
        f'<g font-family="{_TYPEFACES}" font-weight="bold" font-size="{LETTER}" text-anchor="middle">{groups}</g>'
        f"{line}</svg>\n"
    ).encode()


def png(card: Card) -> bytes:
    """The card in black and white; the same bytes for the same card."""
    picture = Image.new("L", (_dots(WIDTH), _dots(HEIGHT)), 255)
    pen = ImageDraw.Draw(picture)
    module = _dots(QR_SIDE) // card.modules
    for bar in card.bars:
        left, top = _dots(QR_LEFT) + bar.start * module, _dots(QR_TOP) + bar.row * module
        pen.rectangle((left, top, left + bar.length * module - 1, top + module - 1), fill=0)
    large, small = _fonts()
    for group in card.groups:
        for symbol, middle in zip(group.symbols, group.middles, strict=True):
            place = (_dots(middle), _dots(group.baseline))
            pen.text(place, symbol, fill=0, font=large, anchor="ms", stroke_width=_STROKE)
    if card.line:
        pen.text((_dots(LINE_MIDDLE), _dots(LINE_BASELINE)), card.line, fill=0, font=small, anchor="ms")
    written = BytesIO()
    picture.save(written, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return written.getvalue()


@cache
def _fonts() -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, ...]:
    """Pillow's own typeface, read once: it is there wherever Pillow is."""
    return ImageFont.load_default(_dots(_LARGE)), ImageFont.load_default(_dots(LINE_TYPE))


def _dots(millimeters: float) -> int:
    return round(millimeters * _DOT)
