"""Plans on paper: every word is there, nothing is cut, nothing touches, and nothing says whose it is or from where."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Any, NamedTuple
from uuid import UUID

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.rooms.planning import OWN, SAFETY
from true_api.outlets.plans.layout import broken
from true_api.outlets.plans.paper import pdf
from true_api.outlets.plans.papers import FORMS, PlanPaper
from true_api.outlets.plans.sheet import ALWAYS, PEOPLE, Sheet, sheet
from true_api.outlets.plans.text import LINE, text
from true_api.outlets.plans.wording import WORDINGS
from true_api.rooms.plans.schemas import OwnPlanRecord, SafetyPlanRecord
from true_api.rooms.plans.tables import Plan
from true_api.rooms.plans.vocabulary import OverdoseStep, PlanKind, PlanLanguage, SupporterRole

WHO, TEAM = UUID("01936f22-3c4d-7e5f-8a9b-0c1d2e3f4a5b"), UUID("01936f23-3c4d-7e5f-8a9b-0c1d2e3f4a5b")
AT_THE_END = "\ufffe"
"""How the reader of PDF tells a hyphen that ends a line."""

POINT = 25.4 / 72
SPANISH = (
    "Dejo de contestar el teléfono y no abro las cortinas en todo el día.",
    "Paso dos noches sin dormir y empiezo a discutir con todo el mundo por cosas pequeñas que no me importarían.",
    "Agua fría en las muñecas, y después camino despacio por la orilla del río hasta el puente, contando los pasos.",
    "¿Y si no funciona? ¡Vuelvo a empezar!",
    "Mi güera tiene llave: entra, pone café y no hace preguntas.",
    "El perro.",
)


def plan(kind: PlanKind = PlanKind.SAFETY, language: PlanLanguage = PlanLanguage.ES) -> Plan:
    days = {"written_on": date(2026, 11, 2), "review_on": date(2027, 2, 2)}
    return Plan(participant_id=WHO, member_id=WHO, team_id=TEAM, kind=kind, written_in=language, **days)


def entries_of(kind: PlanKind, said: list[str]) -> dict[str, list[dict[str, str]]]:
    """The same words in every part, and with them everything that can be chosen."""
    parts = SAFETY if kind is PlanKind.SAFETY else OWN
    entries = {part: [{"words": words} for words in said] for part in parts}
    chosen = {"people_to_ask": ("role", SupporterRole), "who_helps": ("role", SupporterRole)}
    for part, (name, terms) in {**chosen, "overdose_safety": ("step", OverdoseStep)}.items():
        if part in entries:
            entries[part] += [{name: term.value} for term in terms]
    return entries


def long_plan(language: PlanLanguage = PlanLanguage.ES) -> Sheet:
    """Twelve entries in every part, some of them of several lines."""
    return sheet(plan(language=language), entries_of(PlanKind.SAFETY, [*SPANISH, *SPANISH]))


class Box(NamedTuple):
    """Where a piece of text stands on a page, in millimeters from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    said: str


def boxes(page: Any) -> list[Box]:
    """Every piece of text of a page as the reader of PDF finds it."""
    said = page.get_textpage()
    high = page.get_height()
    found = []
    for at in range(said.count_rects()):
        left, bottom, right, top = said.get_rect(at)
        place = [left * POINT, (high - top) * POINT, right * POINT, (high - bottom) * POINT]
        found.append(Box(*place, said.get_text_bounded(left, bottom, right, top).replace(AT_THE_END, "-").strip()))
    return [box for box in found if box.said]


def written(document: bytes) -> str:
    """All words of a PDF in their order, without page numbers and without spaces."""
    pages = [page.get_textpage().get_text_range().replace(AT_THE_END, "-") for page in pypdfium2.PdfDocument(document)]
    numbered = len(pages) > 1
    kept = [re.sub(r"\s*\d+ / \d+\s*$", "", page) if numbered else page for page in pages]
    return "".join("".join(kept).split())


def expected(shown: Sheet) -> str:
    """What has to stand there, from the text of the same sheet: without bullets, blank lines and spaces."""
    plain = text(shown).decode().replace(f": {LINE}", "")
    return "".join(line.removeprefix("- ") for line in plain.splitlines()).replace(" ", "")


def overlapping(found: list[Box]) -> Iterator[tuple[Box, Box]]:
    for one, other in combinations(found, 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        high = min(one.bottom, other.bottom) - max(one.top, other.top)
        if wide > 0.1 and high > 0.1:
            yield one, other


def judge(shown: Sheet, paper: PlanPaper) -> bytes:
    """Every word is there in its order, within the margins, and none touches another; the document."""
    document, form = pdf(shown, paper), FORMS[paper]
    assert written(document) == expected(shown)
    for page in pypdfium2.PdfDocument(document):
        assert page.get_size() == pytest.approx((form.width / POINT, form.height / POINT), abs=0.1)
        found = boxes(page)
        assert list(overlapping(found)) == []
        for box in found:
            assert box.left >= form.margin - 0.5, box
            assert box.right <= form.width - form.margin + 0.5, box
            assert 0 < box.top < box.bottom <= form.height - form.margin * 0.3, box
    return document


@pytest.mark.parametrize("paper", PlanPaper)
def test_of_a_long_plan_in_spanish_nothing_is_cut_and_nothing_overlaps(paper: PlanPaper) -> None:
    document = judge(long_plan(), paper)
    assert len(pypdfium2.PdfDocument(document)) >= 3


def test_the_same_plan_is_the_same_bytes_and_in_english_it_fits_as_well() -> None:
    assert judge(long_plan(PlanLanguage.EN), PlanPaper.PHONE) == pdf(long_plan(PlanLanguage.EN), PlanPaper.PHONE)


words = st.lists(st.text("abcWMñáü¿@—.,l", min_size=1, max_size=40), min_size=1, max_size=12).map(" ".join)


@given(
    said=st.lists(words, min_size=1, max_size=4),
    parts=st.sets(st.sampled_from(SAFETY), min_size=1),
    paper=st.sampled_from(PlanPaper),
)
@example(said=["W" * 300], parts={"coping"}, paper=PlanPaper.PHONE)
@example(said=["l" * 300, "@" * 300], parts={"people_to_ask", "services"}, paper=PlanPaper.LARGE_PRINT)
@settings(max_examples=10, deadline=None)
def test_whatever_somebody_says_stays_on_the_paper(said: list[str], parts: set[str], paper: PlanPaper) -> None:
    every = entries_of(PlanKind.SAFETY, [one.replace("—", "-") for one in said])
    judge(sheet(plan(), {part: every[part] for part in parts}), paper)


@pytest.mark.parametrize("paper", PlanPaper)
def test_a_heading_never_stands_alone_at_the_foot_of_a_page(paper: PlanPaper) -> None:
    headings = {heading for words in WORDINGS.values() for heading in words.headings.values()}
    for count in (1, 3, 4):
        shown = sheet(plan(), entries_of(PlanKind.SAFETY, list(SPANISH[:count])))
        for page in pypdfium2.PdfDocument(pdf(shown, paper)):
            last = max((box for box in boxes(page) if " / " not in box.said), key=lambda box: box.bottom)
            assert last.said not in headings


@pytest.mark.parametrize("paper", PlanPaper)
def test_there_is_room_to_write_a_name_and_a_number_by_hand(paper: PlanPaper) -> None:
    """Names and numbers of others are stored nowhere (privacy.md 5): a hand needs 8 mm."""
    form, labels = FORMS[paper], ("Nombre", "Número")
    document = pypdfium2.PdfDocument(pdf(sheet(plan(), {}), paper))
    found = [(at, box) for at, page in enumerate(document) for box in boxes(page) if box.said in labels]
    assert len(found) == 2 * (PEOPLE["people_to_ask"] + PEOPLE["services"])
    tops = sorted({(at, round(box.top, 1)) for at, box in found})
    same_page = [(one, other) for one, other in pairwise(tops) if one[0] == other[0]]
    assert same_page
    assert all(other[1] - one[1] >= form.blank - 0.2 >= 8 for one, other in same_page)


def test_in_large_print_nothing_is_small() -> None:
    (first, *_) = pypdfium2.PdfDocument(pdf(long_plan(), PlanPaper.LARGE_PRINT))
    assert min(thing.get_font_size() for thing in first.get_objects(filter=[1])) >= 18


@pytest.mark.parametrize("kind", PlanKind)
def test_a_copy_says_neither_whose_it_is_nor_from_where(kind: PlanKind) -> None:
    shown = sheet(plan(kind, PlanLanguage.EN), entries_of(kind, ["The dog."]))
    for paper in PlanPaper:
        document = pdf(shown, paper)
        told = {name: value for name, value in pypdfium2.PdfDocument(document).get_metadata_dict().items() if value}
        assert told == {"Title": shown.title, "CreationDate": "D:19700101000000Z"}
        said = f"{document.decode('latin-1')} {text(shown).decode()}".lower()
        for word in (str(WHO), WHO.hex, str(TEAM), "http", "fpdf", "true api", "program"):
            assert word not in said


def test_988_is_on_every_copy_in_words_of_its_language() -> None:
    for kind in PlanKind:
        for language, words in WORDINGS.items():
            shown = sheet(plan(kind, language), entries_of(kind, ["x"]))
            said = written(pdf(shown, PlanPaper.PHONE))
            assert all("".join(line.split()) in said for line in words.crisis)
            assert "988" in text(shown).decode()
    assert "AYUDA" in WORDINGS[PlanLanguage.ES].crisis[0]


def test_a_sign_that_paper_cannot_show_is_told_and_stands_in_the_text() -> None:
    said = "Łukasz's café \U0001f642 “yes”… Ελλάδα"
    shown = sheet(plan(PlanKind.OWN, PlanLanguage.EN), {"hopes": [{"words": said}]})
    printed = written(pdf(shown, PlanPaper.LETTER))
    assert 'Lukasz\'scafé?"yes"...??????' in printed
    assert "".join(WORDINGS[PlanLanguage.EN].unprintable.split()) in printed
    assert said in text(shown).decode()
    asked = sheet(plan(PlanKind.OWN, PlanLanguage.EN), {"hopes": [{"words": "Why not?"}]})
    assert "plaintext" not in written(pdf(asked, PlanPaper.LETTER)), "a question is a question"


def test_parts_of_which_nothing_was_said_are_left_out_but_for_whom_to_ask() -> None:
    shown = sheet(plan(), {"reasons_for_living": [{"words": "El perro."}]})
    headings = WORDINGS[PlanLanguage.ES].headings
    kept = [headings[part] for part in (*ALWAYS[PlanKind.SAFETY], "reasons_for_living")]
    assert [part.heading for part in shown.parts] == kept
    assert [part.heading for part in sheet(plan(PlanKind.OWN), {"hopes": [{"words": "x"}]}).parts] == ["Lo que espero"]


@pytest.mark.parametrize("language", PlanLanguage)
def test_every_part_and_every_choice_has_words_of_our_own(language: PlanLanguage) -> None:
    words = WORDINGS[language]
    assert set(words.headings) == {*SAFETY, *OWN}
    assert (set(words.steps), set(words.roles), set(words.titles)) == ({*OverdoseStep}, {*SupporterRole}, {*PlanKind})
    for listed in (words.steps, words.roles):
        assert len(set(listed.values())) == len(listed)
    shown = {*SafetyPlanRecord.model_fields, *OwnPlanRecord.model_fields}
    assert {*SAFETY, *OWN} <= shown


@given(text=words, room=st.integers(3, 30))
def test_lines_fit_and_lose_nothing(text: str, room: int) -> None:
    lines = broken(text, lambda piece: len(piece) <= room)
    assert all(0 < len(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
