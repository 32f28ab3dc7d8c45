"""Cards: the code to read and to scan, and nothing else; the same bytes for the same card."""

import io
import random
import re
from itertools import pairwise

import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from true_api.kernel.codes import SYMBOLS, new_code, read_code, shown
from true_api.outlets.cards.drawings import png, svg
from true_api.outlets.cards.layout import HEIGHT, QR_LEFT, QR_SIDE, WIDTH, Card, Paper
from true_api.outlets.cards.paper import A_PAGE, pdf, sheet

CHOOSER = random.Random(20261102)
CODE = new_code(CHOOSER.randrange)
LINE = "Back at 5, <b> & all that"
DRAWN = {"svg": svg, "png": png, "pdf": pdf}
fresh_codes = st.integers(0, 2**32).map(lambda seed: new_code(random.Random(seed).randrange))


def scanned(picture: Image.Image) -> list[str]:
    """What a scanner reads off a picture."""
    return sorted(found.text for found in zxingcpp.read_barcodes(picture))


def pages(document: bytes) -> list[tuple[Image.Image, str]]:
    """Each page of a PDF as a picture of 144 dots per inch, and the text that can be marked on it."""
    opened = pypdfium2.PdfDocument(document)
    return [(page.render(scale=2).to_pil(), page.get_textpage().get_text_range()) for page in opened]


def painted(drawing: str) -> Image.Image:
    """The QR code of an SVG card, painted from its path."""
    (path,) = re.findall(r' d="([^"]+)"', drawing)
    (module,) = re.findall(r"scale\(([\d.]+)\)", drawing)
    picture = Image.new("L", (290, 290), 255)
    pen = ImageDraw.Draw(picture)
    side = 0
    for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        left, top, right = (int(column) + 4) * 10, (int(row) + 4) * 10, (int(column) + int(length) + 4) * 10
        pen.rectangle((left, top, right - 1, top + 9), fill=0)
        side = max(side, int(column) + int(length))
    assert float(module) * side == pytest.approx(QR_SIDE, abs=0.01)
    return picture


def texts(drawing: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawing)


@given(code=fresh_codes)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_kind_of_card_scans_as_the_code_that_is_printed_on_it(code: str) -> None:
    card = Card(code)
    ((page, text),) = pages(pdf(card))
    drawing = svg(card).decode()
    seen = [*scanned(page), *scanned(Image.open(io.BytesIO(png(card)))), *scanned(painted(drawing))]
    assert seen == [shown(code)] * 3
    assert {read_code(scan) for scan in seen} == {code}
    assert text.split() == shown(code).split("-")
    assert "".join(texts(drawing)) == code


@pytest.mark.parametrize("kind", DRAWN)
def test_a_card_says_nothing_but_the_code(kind: str) -> None:
    """Neither the program's name, nor an address to look up, nor a word that says what it is for."""
    drawn = DRAWN[kind](Card(CODE))
    said = drawn.replace(b"http://www.w3.org/2000/svg", b"").decode("latin-1").lower()
    assert [word for word in ("true", "api", "http", "peer", "program", "harm", "fpdf", "pillow") if word in said] == []


def test_a_pdf_tells_neither_day_nor_maker() -> None:
    told = pypdfium2.PdfDocument(pdf(Card(CODE))).get_metadata_dict()
    assert {name: value for name, value in told.items() if value} == {"CreationDate": "D:19700101000000Z"}


@pytest.mark.parametrize("kind", DRAWN)
def test_the_same_card_is_the_same_bytes_and_another_is_not(kind: str) -> None:
    draw = DRAWN[kind]
    assert draw(Card(CODE)) == draw(Card(CODE))
    assert len({draw(Card(CODE)), draw(Card(CODE, LINE)), draw(Card(new_code(CHOOSER.randrange)))}) == 3


def test_a_program_may_print_a_line_of_its_own() -> None:
    card = Card(CODE, LINE)
    ((page, text),) = pages(pdf(card))
    assert LINE in text
    assert texts(svg(card).decode())[-1] == LINE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert scanned(page) == scanned(Image.open(io.BytesIO(png(card)))) == [shown(CODE)]


def test_a_card_is_of_the_size_of_a_bank_card() -> None:
    (page,) = pypdfium2.PdfDocument(pdf(Card(CODE)))
    assert [round(side / 72 * 25.4, 1) for side in page.get_size()] == [85.6, 54.0]
    picture = Image.open(io.BytesIO(png(Card(CODE))))
    assert picture.size == (round(WIDTH / 25.4 * 300), round(HEIGHT / 25.4 * 300))
    assert round(picture.info["dpi"][0]) == 300
    assert f'width="{WIDTH}mm" height="{HEIGHT}mm"' in svg(Card(CODE)).decode()


def test_even_the_widest_letters_stay_clear_of_the_qr_code_of_the_edge_and_of_each_other() -> None:
    for symbol in SYMBOLS:
        card = Card(symbol * 4 + "WWWW" + "MMMM")
        for picture in (Image.open(io.BytesIO(png(card))), pages(pdf(card))[0][0].convert("L")):
            wide, high = picture.size
            start = round((QR_LEFT + QR_SIDE + 6) / WIDTH * wide)
            dark = _dark_columns(picture.crop((start, 0, wide, high)))
            assert 0 < dark[0] < dark[-1] < wide - start - wide / WIDTH * 3
        first = Image.open(io.BytesIO(png(card))).crop((start_of_letters(), 0, 1011, round(18 / 25.4 * 300)))
        runs = sum(later - earlier > 1 for earlier, later in pairwise(_dark_columns(first)))
        assert runs >= 3, f"{symbol} touches its neighbor"


def start_of_letters() -> int:
    """The first column of dots beside the QR code's white margin."""
    return round((QR_LEFT + QR_SIDE + 6) / 25.4 * 300)


def _dark_columns(picture: Image.Image) -> list[int]:
    """The columns that hold something dark."""
    return [x for x in range(picture.width) if picture.crop((x, 0, x + 1, picture.height)).getextrema()[0] < 128]


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("count", [1, 10, 23])
def test_a_sheet_holds_every_code_once_ten_on_a_page(paper: Paper, count: int) -> None:
    codes = [new_code(CHOOSER.randrange) for _ in range(count)]
    printed = pages(sheet([Card(code) for code in codes], paper))
    by_page = [codes[first : first + A_PAGE] for first in range(0, count, A_PAGE)]
    assert [text.split() for _, text in printed] == [
        " ".join(map(shown, here)).replace("-", " ").split() for here in by_page
    ]
    assert [scanned(page) for page, _ in printed] == [sorted(map(shown, here)) for here in by_page]


@pytest.mark.parametrize(("paper", "size"), [(Paper.LETTER, (612, 792)), (Paper.A4, (595, 842))])
def test_a_sheet_fits_its_paper_with_a_margin_that_printers_reach(paper: Paper, size: tuple[int, int]) -> None:
    document = sheet([Card(CODE)] * A_PAGE, paper)
    (page,) = pypdfium2.PdfDocument(document)
    assert tuple(round(side) for side in page.get_size()) == size
    picture = page.render(scale=2).to_pil().convert("L")
    edge = round(4.5 / 25.4 * 144)
    for box in (
        (0, 0, picture.width, edge),
        (0, picture.height - edge, picture.width, picture.height),
        (0, 0, edge, picture.height),
        (picture.width - edge, 0, picture.width, picture.height),
    ):
        assert picture.crop(box).getextrema() == (255, 255)
    assert sheet([Card(CODE)] * A_PAGE, paper) == document


def test_there_are_lines_to_cut_along_around_every_card() -> None:
    picture = pages(sheet([Card(CODE)] * 3, Paper.LETTER))[0][0].convert("L")
    scale = 144 / 25.4
    left, top = (215.9 - 2 * WIDTH) / 2 * scale, (279.4 - 5 * HEIGHT) / 2 * scale
    for column in range(3):
        x = round(left + column * WIDTH * scale)
        assert picture.crop((x - 2, round(top + 40), x + 3, round(top + 41))).getextrema()[0] < 250
    for row in range(3):
        y = round(top + row * HEIGHT * scale)
        assert picture.crop((round(left + 40), y - 2, round(left + 41), y + 3)).getextrema()[0] < 250
    below = round(top + 2 * HEIGHT * scale) + 5
    assert picture.crop((0, below, picture.width, picture.height)).getextrema() == (255, 255)
