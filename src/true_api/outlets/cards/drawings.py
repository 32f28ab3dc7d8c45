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


def drawn(card: Card) -> str:
    """The code of a card, to scan and to read, as elements of an SVG in millimeters."""
    module = QR_SIDE / card.modules
    bars = "".join(f"M{bar.start} {bar.row}h{bar.length}v1h-{bar.length}z" for bar in card.bars)
    groups = "".join(
        f'<text x="{" ".join(map(str, group.middles))}" y="{group.baseline}">{group.symbols}</text>'
        for group in card.groups
    )
    return (
        f'<path transform="translate({QR_LEFT} {QR_TOP}) scale({module:.5f})" shape-rendering="crispEdges" d="{bars}"/>'
        f'<g font-family="{_TYPEFACES}" font-weight="bold" font-size="{LETTER}" text-anchor="middle">{groups}</g>'
    )


def svg(card: Card) -> bytes:
    """The card as a drawing in millimeters."""
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
        f"{drawn(card)}{line}</svg>\n"
    ).encode()


def png(card: Card) -> bytes:
    """The card in black and white; the same bytes for the same card."""
    picture, pen = blank(HEIGHT)
    paint(pen, card)
    if card.line:
        pen.text((dots(LINE_MIDDLE), dots(LINE_BASELINE)), card.line, fill=0, font=_fonts()[1], anchor="ms")
    return written(picture)


def blank(height: float) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A white picture as wide as a card and so many millimeters high, and a pen to draw on it."""
    picture = Image.new("L", (dots(WIDTH), dots(height)), 255)
    return picture, ImageDraw.Draw(picture)


def paint(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """The code of a card, to scan and to read, drawn where it stands on a card."""
    module = dots(QR_SIDE) // card.modules
    for bar in card.bars:
        left, top = dots(QR_LEFT) + bar.start * module, dots(QR_TOP) + bar.row * module
        pen.rectangle((left, top, left + bar.length * module - 1, top + module - 1), fill=0)
    for group in card.groups:
        for symbol, middle in zip(group.symbols, group.middles, strict=True):
            place = (dots(middle), dots(group.baseline))
            pen.text(place, symbol, fill=0, font=_fonts()[0], anchor="ms", stroke_width=_STROKE)


def written(picture: Image.Image) -> bytes:
    """A picture as PNG; the same bytes for the same picture."""
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return kept.getvalue()


@cache
def _fonts() -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, ...]:
    """Pillow's own typeface, read once: it is there wherever Pillow is."""
    return ImageFont.load_default(dots(_LARGE)), ImageFont.load_default(dots(LINE_TYPE))


def dots(millimeters: float) -> int:
    """Millimeters in dots of the picture."""
    return round(millimeters * _DOT)
