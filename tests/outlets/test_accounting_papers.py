"""What is printed of disclosures: in letters that every reader has, over as many pages as it takes."""

from datetime import date

import pypdfium2
import pytest

from tests.rooms.telling import printed
from true_api.outlets.accounting import papers, writers
from true_api.outlets.accounting.pages import plain
from true_api.privacy.disclosures import DisclosurePurpose, LegalBasis, Recipient
from true_api.rooms.disclosures.accounting import Line

UNTIL = date(2026, 11, 2)
SINCE = date(2023, 11, 2)


def line(day: int, **over: object) -> Line:
    told = Line(
        disclosed_on=date(2026, 10, day),
        recipient=Recipient.PARTNER_AGENCY,
        organization="Harbor House",
        basis=LegalBasis.CONSENT,
        purpose=DisclosurePurpose.COORDINATION_OF_CARE,
        consents=("7d0c2f61-3c52-4d8e-9d43-54b7f4a0a5f1",),
        categories=("referral",),
        fields=("need", "requested_in"),
        times=3,
    )
    return Line(**{**vars(told), **over})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Río Clinic", "Río Clinic"),
        ("Łódź", "?ódz"),
        ("Trung tâm Y tế", "Trung tâm Y te"),
        ("診療所", "???"),
        ("A", "A"),
    ],
)
def test_letters_that_are_not_in_the_typeface_lose_their_marks_or_are_question_marks(written: str, read: str) -> None:
    assert plain(written) == read


def test_an_accounting_goes_on_over_pages_and_every_page_has_the_head_of_the_table() -> None:
    paper = writers.accounting([line(1 + number % 28) for number in range(90)], SINCE, UNTIL)
    document = pypdfium2.PdfDocument(paper)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    assert len(pages) > 2
    assert all("Allowed by" in page for page in pages)
    assert sum(page.count("Harbor House") for page in pages) == 90
    assert printed(paper).count("requested in") == 90


def test_the_same_is_the_same_bytes_and_tells_neither_maker_nor_day() -> None:
    assert papers.letter() == papers.letter()
    for paper in (papers.letter(), papers.accounting([line(1)], SINCE, UNTIL), papers.intermediary([], SINCE, UNTIL)):
        told = pypdfium2.PdfDocument(paper).get_metadata_dict()
        assert {name for name, value in told.items() if value and "1970" not in value} == set()
