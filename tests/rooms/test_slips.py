"""Slips: what a person carries to an agency, by which it recognizes who arrives; found on the street it says little."""

import asyncio
import io
import re
from datetime import date
from typing import Any

import httpx2
import pypdfium2
import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.security.traces import entry_of
from tests.stories.steps import agrees, items, moves, refers
from tests.world import Caller, House, ok, refused
from true_api.kernel.codes import new_code, read_code, shown
from true_api.outlets.cards.layout import HEIGHT, WIDTH
from true_api.outlets.slips.layout import LEFT, Slip, Told, wrapped
from true_api.outlets.slips.wording import WORDINGS, SlipLanguage, told
from true_api.outlets.slips.writers import DRAW
from true_api.privacy.terms import PartOfDay
from true_api.rooms.referrals.slips import ToCarry
from true_api.rooms.referrals.vocabulary import ThingToBring

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""

PDF, SVG, PNG = "application/pdf", "image/svg+xml", "image/png"
WORDS = {"location": "The side door by the river.", "ask_for_desk": "the day desk"}
ARRANGED = {"on": "2026-11-04", "part_of_day": "morning", "bring": ["any_id"], "held_until": "2026-11-06", **WORDS}
SAID = [
    *("Where", "The side door by the river.", "When", "Wednesday, November 4, in the morning"),
    *("A place is held until", "Friday, November 6", "Ask for", "the day desk"),
    *("Bring along", "any paper with your name"),
]


async def slip(caller: Caller, referral: dict[str, Any], accept: str = SVG, query: str = "") -> httpx2.Response:
    """The slip of a referral."""
    return await caller.get(f"/v1/referrals/{referral['id']}/slip{query}", headers={"Accept": accept})


async def agreed_and_asked(house: House, **over: Any) -> tuple[str, dict[str, Any]]:
    """Somebody who agreed and is expected: their code in the program, and the referral."""
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    return code, await refers(house.peer, code, house.organizations["harbor"], arrangement=ARRANGED, **over)


def texts(drawing: str) -> list[str]:
    """What stands on an SVG slip below the code, line by line."""
    return re.findall(r"<text[^>]*font-size[^>]*>([^<]*)</text>", drawing)


def picture(drawn: bytes, media_type: str) -> Image.Image:
    """A slip as a picture."""
    if media_type == PDF:
        return pypdfium2.PdfDocument(drawn)[0].render(scale=3).to_pil().convert("L")
    return Image.open(io.BytesIO(drawn)).convert("L")


@ON_SQLITE
async def test_a_slip_shows_the_agencys_code_where_when_and_what_to_bring(house: House) -> None:
    code, asked = await agreed_and_asked(house)
    answer = await slip(house.peer, asked)
    assert (answer.status_code, answer.headers["content-type"], answer.headers["vary"]) == (200, SVG, "Accept")
    joined = " ".join(texts(answer.text))
    assert joined == " ".join(SAID)
    assert f"<title>{asked['agency_code']}</title>" in answer.text
    for media_type in (PDF, PNG):
        drawn = await slip(house.peer, asked, media_type)
        (found,) = zxingcpp.read_barcodes(picture(drawn.content, media_type))
        assert (drawn.headers["content-type"], found.text) == (media_type, asked["agency_code"])
        assert read_code(found.text) != read_code(code)
    refused(await slip(house.peer, asked, "application/json"), 406, "not_acceptable")
    entry = await entry_of(house, answer)
    assert (entry.door, entry.outcome) == ("GET /v1/referrals/{id}/slip", 200)
    assert {"code", "on", "location", "ask_for_desk", "organization"} <= set(entry.fields)


@ON_SQLITE
async def test_a_slip_found_on_the_street_says_neither_who_nor_what_for(house: House) -> None:
    code, asked = await agreed_and_asked(house, note="Slept by the river.", wishes=["keeps_methadone"])
    for language in SlipLanguage:
        drawing = (await slip(house.peer, asked, query=f"?language={language}")).text
        document = pypdfium2.PdfDocument((await slip(house.peer, asked, PDF, f"?language={language}")).content)
        said = f"{drawing} {document[0].get_textpage().get_text_range()} {document.get_metadata_dict()}".lower()
        for word in (code, code.replace("-", ""), "riverside", "peer", "program", "recovery", "housing", "methadone"):
            assert word.lower() not in said
        for hidden in (asked["id"], asked["reference"], "slept", "2026"):
            assert hidden not in said.replace("www.w3.org/2000/svg", "")


async def test_with_the_code_on_the_slip_the_agency_finds_its_own_record_and_nobody_else_anything(
    house: House,
) -> None:
    """The loop at the desk: scan, look up, say that the person came."""
    _, asked = await agreed_and_asked(house)
    (found,) = zxingcpp.read_barcodes(picture((await slip(house.peer, asked, PNG)).content, PNG))
    (seen,) = await items(house.agency, f"/v1/referrals?code={found.text}")
    assert seen["reference"] == asked["reference"]
    assert await items(house.other_agency, f"/v1/referrals?code={found.text}") == []
    ok(await house.agency.post(f"/v1/referrals/{seen['reference']}/hand-offs", {"how": "in_person", "arrived": "yes"}))
    (arrival,) = ok(await house.peer.get(f"/v1/referrals/{asked['id']}"))["hand_offs"]
    assert (arrival["arrived"], arrival["by_agency"]) == ("yes", True)


async def test_without_consent_there_is_no_slip_and_after_a_new_one_another_code(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    asked = await refers(house.peer, code, harbor, arrangement=ARRANGED)
    refused(await slip(house.peer, asked), 409, "slip_needs_consent")
    titles = []
    for _ in range(2):
        consent = await agrees(house.peer, code, harbor)
        titles += re.findall(r"<title>(.*)</title>", (await slip(house.peer, asked)).text)
        ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
        refused(await slip(house.peer, asked), 409, "slip_needs_consent")
    assert len(set(titles)) == 2


@ON_SQLITE
async def test_who_goes_alone_carries_where_and_when_and_no_code(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    bare = await refers(house.peer, code, harbor, mode="goes_alone")
    assert texts((await slip(house.peer, bare)).text) == ["Where", "harbor"], "the agency's name, where no words are"
    await agrees(house.peer, code, harbor)
    alone = await refers(house.peer, code, harbor, mode="goes_alone", arrangement=ARRANGED)
    for media_type in (PDF, PNG):
        drawn = (await slip(house.peer, alone, media_type)).content
        assert zxingcpp.read_barcodes(picture(drawn, media_type)) == []
    drawing = (await slip(house.peer, alone)).text
    assert "<title>" not in drawing
    assert "harbor" not in drawing, "whoever says where in words need not name the agency"


@ON_SQLITE
@pytest.mark.parametrize("state", ["draft", "cancelled", "completed", "entered_in_error"])
async def test_a_slip_is_for_what_is_on_its_way(house: House, state: str) -> None:
    _, asked = await agreed_and_asked(house, draft=state == "draft")
    why: dict[str, Any] = {
        "cancelled": {"reason": "other", "decided_by": "person"},
        "completed": {"outcomes": ["other"]},
    }
    if state != "draft":
        await moves(house.peer, asked["id"], state, **why.get(state, {}))
    refused(await slip(house.peer, asked), 409, "nothing_to_carry")


@ON_SQLITE
async def test_who_works_with_the_person_prints_the_slip_and_nobody_else(house: House) -> None:
    _, asked = await agreed_and_asked(house)
    same = await asyncio.gather(*(slip(caller, asked) for caller in (house.peer, house.supervisor)))
    assert same[0].content == same[1].content
    refused(await slip(house.stranger, asked), 404, "not_found")
    for caller in (house.agency, house.integrator, house.admin):
        refused(await slip(caller, {"id": asked["reference"]}), 403, "not_permitted")


FULL = ToCarry(
    code=new_code(),
    agency="Harbor House",
    location="Über der Brücke, ça va, mañana",
    ask_for_desk="the day desk",
    on=date(2026, 11, 4),
    part_of_day=PartOfDay.NIGHT,
    held_until=date(2026, 12, 31),
    bring=list(ThingToBring),
)


@pytest.mark.parametrize("language", SlipLanguage)
@pytest.mark.parametrize("media_type", DRAW)
def test_the_same_slip_is_the_same_bytes_in_each_language(language: SlipLanguage, media_type: str) -> None:
    once, other = [Slip(FULL.code, told(FULL, each)) for each in (language, _other(language))]
    assert DRAW[media_type](once) == DRAW[media_type](once) != DRAW[media_type](other)
    words = WORDINGS[language]
    assert set(words.things) == set(ThingToBring)
    assert set(words.parts) == set(PartOfDay)
    assert (len(words.weekdays), len(words.months)) == (7, 12)


def _other(language: SlipLanguage) -> SlipLanguage:
    return SlipLanguage.ES if language is SlipLanguage.EN else SlipLanguage.EN


@given(text=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=80))
@example(text="Chez l\u2019\u0153uvre, 5 \u20ac")
@settings(max_examples=25, deadline=None)
def test_whatever_is_said_stays_on_the_slip_and_nothing_is_lost(text: str) -> None:
    lines = wrapped(text)
    assert "".join("".join(lines).split()) == "".join(text.split())
    drawn = Slip(None, (Told("Where", text),))
    for media_type in (PDF, PNG):
        page = picture(DRAW[media_type](drawn), media_type)
        right = round(page.width * (1 - LEFT / WIDTH / 3))
        assert page.crop((right, 0, page.width, page.height)).getextrema()[0] > 200, "the margin stays white"
    assert len(texts(DRAW[SVG](drawn).decode())) == 1 + len(lines)


def test_even_the_widest_words_are_broken_before_the_edge() -> None:
    for letter in "W@M%mO":
        drawn = Slip(FULL.code, (Told("Where", letter * 80), Told("When", "l" * 80)))
        for media_type in (PDF, PNG):
            page = picture(DRAW[media_type](drawn), media_type)
            top = round(page.height * HEIGHT / drawn.height)
            margin = page.crop((round(page.width * (1 - 3 / WIDTH)), top, page.width, page.height))
            assert margin.getextrema()[0] > 200, letter
            (found,) = zxingcpp.read_barcodes(page)
            assert found.text == shown(str(FULL.code))
