"""Forms to sign: every element of 42 CFR 2.31 in two languages, blank where a person is named, and never the code."""

import re
from typing import Any
from uuid import UUID

import pypdfium2
import pytest

from tests.stories.steps import items, named
from tests.world import House, ok, refused
from true_api.kernel.codes import read_code
from true_api.privacy.consent_forms import CURRENT_FORM, FormLanguage, form, forms
from true_api.privacy.consents import Category, ConsentKind
from true_api.privacy.notices import CURRENT_NOTICE, SHORT_FORM, notice, notices
from true_api.privacy.purposes import ConsentPurpose

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_2_31 = {f"42 CFR 2.31(a)({number})" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}
HAND = {"en": ("My name", "My signature", "Date", "guardian"), "es": ("Mi nombre", "Mi firma", "Fecha", "tutor")}


def text_of(document: bytes) -> str:
    """The text of a printed form, all lines of all pages in one."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document)]
    return " ".join(" ".join(pages).split())


async def printed(house: House, code: str, **query: str) -> str:
    """The text of a form for this person and the harbor."""
    asked = {"preset": "referral_loop", "organization_id": str(house.organizations["harbor"]), **query}
    answer = await house.peer.get(f"/v1/participants/{code}/consents/form", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    return text_of(answer.content)


async def test_a_form_has_every_element_and_neither_code_nor_id(house: House) -> None:
    code = await house.peer.enrolls(age_band="25_34")
    for language in FormLanguage:
        await _has_every_element(house, code, language)


async def _has_every_element(house: House, code: str, language: FormLanguage) -> None:
    text = await printed(house, code, language=language.value, paper="a4")
    assert {part for part in OF_2_31 if part in text} == OF_2_31
    assert [line for line in HAND[language.value] if line not in text] == []
    assert "Riverside Peer Program" in text
    assert "harbor" in text
    assert "180" in text
    wording = form(CURRENT_FORM).wordings[language.value]
    assert all(" ".join(wording.categories[one].split()) in text for one in (Category.REFERRAL, Category.ONWARD_STATUS))
    assert "{" not in text
    plain = text.upper().replace("-", "").replace(" ", "")
    assert code not in text
    assert read_code(code) not in plain
    (reference,) = UUIDS.findall(text)
    assert UUID(reference).version == 4
    ids = {str(one) for one in (*house.organizations.values(), house.peer.id)}
    assert reference not in ids


async def test_what_is_signed_is_recorded_under_the_reference_on_the_paper_once(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    first, second = [UUIDS.findall(await printed(house, code))[0] for _ in range(2)]
    assert first != second, "each form is another one"
    path = f"/v1/participants/{code}/consents"
    given = ok(await house.peer.post(path, named(harbor, reference=first)))
    assert given["reference"] == first
    refused(await house.peer.post(path, named(harbor, reference=first)), 409, "reference_taken")
    assert len(await items(house.peer, path)) == 1


async def test_a_form_is_filled_in_like_the_consent_that_it_becomes(house: House) -> None:
    code, bridge = await house.peer.enrolls(), str(house.organizations["bridge"])
    network = await printed(house, code, preset="care_network", recipients=bridge, days="30")
    assert "bridge" in network
    assert "42 CFR 2.31(a)(4)(ii)" in network
    assert "30 days" in network
    own = {"preset": "referral_loop", "categories": "referral,intake_status", "purpose": "treatment"}
    text = await printed(house, code, **own)
    wording = form(CURRENT_FORM).wordings["en"]
    assert wording.categories[Category.INTAKE_STATUS] in text
    assert wording.categories[Category.ONWARD_STATUS] not in text
    assert "For my treatment." in text
    assert "42 CFR 2.31(d)" in await printed(house, code, preset="legal_proceeding")
    assert "42 CFR 2.31(b)" in await printed(house, code, preset="counseling_notes")


async def test_a_form_that_no_consent_could_follow_is_not_printed_and_every_wording_can_be_read(house: House) -> None:
    code, harbor = await house.peer.enrolls(), str(house.organizations["harbor"])
    path = f"/v1/participants/{code}/consents/form"

    async def asks(accept: str = "*/*", **query: str) -> Any:
        return await house.peer.get(path, params=query, headers={"Accept": accept})

    loop = {"preset": "referral_loop", "organization_id": harbor}
    refused(await asks(organization_id=harbor), 422, "invalid_shape")
    refused(await asks(preset="care_network", organization_id=harbor), 422, "invalid_shape")
    refused(await asks(preset="nothing_to_this_agency", organization_id=harbor), 422, "invalid_shape")
    refused(await asks(**{**loop, "organization_id": str(house.organizations["county"])}), 409, "not_a_partner_agency")
    refused(await asks("text/html", **loop), 406, "not_acceptable")
    refused(await house.stranger.get(path, params=loop), 404, "not_found")
    await _every_version_can_be_read(house)


async def _every_version_can_be_read(house: House) -> None:
    listed = ok(await house.peer.get("/v1/consent-forms"))
    assert [one["version"] for one in listed["forms"]] == [one.version for one in forms()]
    assert [one["version"] for one in listed["notices"]] == [one.version for one in notices()]
    texts = listed["forms"][-1]["texts"]
    assert {(one["language"], one["kind"]) for one in texts} == {
        (language.value, kind.value) for language in FormLanguage for kind in ConsentKind
    }
    refused(await house.agency.get("/v1/consent-forms"), 403, "not_permitted")


def test_every_form_says_the_same_in_both_languages_and_names_its_paragraphs() -> None:
    for version in forms():
        english, spanish = version.wordings["en"], version.wordings["es"]
        for kind in ConsentKind:
            both = [[part.paragraph for part in one.sections(kind)] for one in (english, spanish)]
            assert both[0] == both[1]
            elements = {part.replace("(a)(4)(ii)", "(a)(4)") for part in both[0]}
            assert elements >= OF_2_31
        for one in (english, spanish):
            assert (set(one.categories), set(one.purposes)) == (set(Category), set(ConsentPurpose))
            assert english.lines.keys() == one.lines.keys()
    with pytest.raises(LookupError):
        form("2019-01")


def test_the_notice_is_the_prescribed_sentence_and_what_it_means_in_both_languages() -> None:
    """42 CFR 2.32(a)(2) prescribes the sentence; the rest is our own."""
    present = notice(CURRENT_NOTICE)
    assert present.short == SHORT_FORM
    for language in ("en", "es"):
        assert present.text(language).startswith(SHORT_FORM)
        assert "2.61" in present.text(language)
    assert notice("before-2026-11").short == SHORT_FORM
    with pytest.raises(LookupError):
        notice("2019-01")


async def test_whoever_received_a_disclosure_reads_the_notice_that_came_with_it(house: House) -> None:
    read = ok(await house.http.get(f"/v1/notices/{CURRENT_NOTICE}"))
    assert (read["version"], read["short"]) == (CURRENT_NOTICE, SHORT_FORM)
    assert {text["language"] for text in read["explained"]} == {"en", "es"}
    refused(await house.http.get("/v1/notices/2019-01"), 404, "not_found")
