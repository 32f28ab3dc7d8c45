"""The guidance: it finds the published terms, leaves other senses and other people's words alone, and keeps nothing."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import House, encounter, ok, refused
from true_api.privacy.guidance.advise import AROUND, advise
from true_api.privacy.guidance.terms import Term, guidance
from true_api.privacy.narrative import Narrative, OwnReference, OwnWords, ShortOwnWords
from true_api.rooms.participants.schemas import Profile

CHECK = "/v1/language/check"
NOTE = "Came by at noon. A frequent flyer, clean since May, and not 'an addict' at all."

PUBLISHED = {
    "addict": "person who uses drugs",
    "user": "person who uses drugs",
    "junkie": "person who uses drugs",
    "abuser": "person who uses drugs",
    "alcoholic": "person with alcohol use disorder",
    "drug abuse": "substance use",
    "abuse": "use",
    "prescription abuse": "misuse",
    "habit": "substance use disorder",
    "She is clean": "in recovery",
    "He has been clean for two years": "not using now",
    "He is dirty": "using now",
    "clean urine": "negative",
    "dirty test": "positive",
    "former addict": "person in recovery",
    "relapse": "return to use",
    "medication-assisted treatment": "medication for addiction treatment",
    "replacement therapy": "medication for addiction treatment",
    "non-compliant": "declined",
    "frequent flyer": "person who comes often",
    "adicto": "persona que consume drogas",
    "drogadicta": "persona que consume drogas",
    "exadicto": "persona en recuperación",
    "usuarios de heroína": "persona que consume drogas",
    "alcohólica": "persona con trastorno por consumo de alcohol",
    "abuso de drogas": "consumo de sustancias",
    "abuso": "consumo",
    "lleva dos meses limpio": "en recuperación",
    "está sucio": "que consume actualmente",
    "prueba limpia": "negativa",
    "prueba sucia": "positiva",
    "recaída": "volvió a consumir",
    "tratamiento asistido con medicamentos": "medicamentos para tratar la adicción",
}
"""The pairs of domain.md, "Words", and those of the Spanish list of the same institute."""

WRITTEN_OTHERWISE = [
    "ADDICTS",
    "Junkies",
    "drug-user",
    "drug  users",
    "substance\N{NON-BREAKING HYPHEN}abuse",
    "SUBSTANCE_ABUSE",
    "abusing heroin",
    "noncompliance",
    "Non compliant",
    "dropped out",
    "drop-out",
    "relapsed",
    "relapsing again",
    "frequent fliers",
    "Recaida",
    "recai\N{COMBINING ACUTE ACCENT}da",
    "ADICTOS",
    "ex-adicta",
    "medication assisted treatment",
    "She\N{RIGHT SINGLE QUOTATION MARK}s clean.",
    "stays clean",
]

LEFT_ALONE = [
    "Narcotics Anonymous",
    "Alcoholics Anonymous meets at six",
    "National Institute on Drug Abuse",
    "the Substance Abuse and Mental Health Services Administration",
    "Referred to the Harbor Substance Abuse Center",
    "Clean Start Program",
    "Alcohólicos Anónimos y Narcóticos Anónimos",
    "clean needles",
    "Gave clean syringes and clean cookers",
    "clean clothes, dirty laundry",
    "The wound is clean and dry",
    "Keeps the tent clean",
    "Cleaned the van",
    "child abuse hotline",
    "elder abuse",
    "Lived through domestic abuse",
    "Was abused as a child",
    "her abuser came by",
    "in the habit of calling first",
    "good sleep habits",
    "habitat",
    "non-alcoholic drinks",
    "alcoholic hepatitis",
    "hormone replacement therapy",
    "nicotine replacement therapy",
    "wheelchair user",
    "database user",
    "the user name",
    "frequent flyer miles",
    "dropped out of high school",
    "relapsing-remitting",
    "the yoga mat",
    "homelessness",
    "homeless shelter",
    "addiction",
    "sober living house",
    "jeringas limpias",
    "La ropa está limpia",
    "línea de abuso infantil",
    "abuso sexual",
    "bebidas alcohólicas",
    "usuario del servicio",
]

OTHER_PEOPLES_WORDS = [
    'She said "I am such a junkie" and laughed.',
    "\N{LEFT DOUBLE QUOTATION MARK}addict\N{RIGHT DOUBLE QUOTATION MARK} is what they wrote",
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}soy una adicta\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}, dijo",
    "\N{LEFT SINGLE QUOTATION MARK}I\N{RIGHT SINGLE QUOTATION MARK}m an addict"
    "\N{RIGHT SINGLE QUOTATION MARK}, he told us",
    "the nurse wrote 'frequent flyer' on it",
    "She said: my son is a junkie",
    "Dijo: mi hermano es adicto",
    "calls himself an addict",
    "identifies as a recovering alcoholic",
    "I am a recovering addict myself, and said so",
    "se identifica como adicta",
    "soy adicto",
]


@pytest.mark.parametrize("said", PUBLISHED)
def test_the_published_pairs_are_found_with_what_can_be_said_instead(said: str) -> None:
    (found,) = advise(said)
    assert PUBLISHED[said] in found.instead
    assert found.why


@pytest.mark.parametrize("said", WRITTEN_OTHERWISE)
def test_a_term_is_found_however_it_is_written(said: str) -> None:
    assert advise(said)


@pytest.mark.parametrize("said", LEFT_ALONE)
def test_proper_names_and_other_senses_are_left_alone(said: str) -> None:
    assert advise(said) == []


@pytest.mark.parametrize("said", OTHER_PEOPLES_WORDS)
def test_quoted_speech_and_what_somebody_calls_themselves_are_left_alone(said: str) -> None:
    assert advise(said) == []


def test_what_stands_beside_a_quotation_is_looked_at() -> None:
    assert [found.term for found in advise('He said "hi". Known addict, 6\'2" tall, and a "fine" junkie.')] == [
        "addict",
        "junkie",
    ]
    assert [found.term for found in advise("She said: no. A frequent flyer.")] == ["frequent flyer"]


def test_a_language_that_is_named_is_the_only_one_looked_for() -> None:
    assert [found.term for found in advise("addict y adicto", "en")] == ["addict"]
    assert [found.term for found in advise("addict y adicto", "es")] == ["adicto"]
    assert [found.term for found in advise("addict y adicto")] == ["addict", "adicto"]


def test_a_place_is_counted_in_code_points() -> None:
    (found,) = advise("\N{WAVING BLACK FLAG}\N{VARIATION SELECTOR-16} José, junkie")
    assert "\N{WAVING BLACK FLAG}\N{VARIATION SELECTOR-16} José, junkie"[found.offset :][: found.length] == "junkie"


TERMS = guidance().terms


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_what_is_suggested_and_why_hold_no_term_themselves(term: Term) -> None:
    assert [said for said in (*term.instead, term.why) if advise(said)] == []
    assert term.instead
    assert term.source in guidance().sources


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_the_stems_of_a_term_are_in_lower_case_and_without_accents(term: Term) -> None:
    assert all(stem == stem.lower() and stem.isascii() for stem in term.stems)
    assert any(stem in term.key.encode("ascii", "ignore").decode().lower() for stem in term.stems)


def test_the_version_is_a_month() -> None:
    assert re.fullmatch(r"20\d\d-\d\d", guidance().version)


WORDS = st.sampled_from(
    [*PUBLISHED, *WRITTEN_OTHERWISE, *LEFT_ALONE, *OTHER_PEOPLES_WORDS, "he", "was", '"', "'", "\n", ". ", "says:"]
)
NOTES = st.lists(WORDS | st.text(max_size=8), max_size=14).map(" ".join)


@given(NOTES | st.text(max_size=200))
def test_any_text_is_read_and_every_place_lies_within_it(text: str) -> None:
    end = 0
    for found in advise(text):
        assert end <= found.offset < found.offset + found.length <= len(text)
        end = found.offset + found.length


@given(NOTES)
def test_what_was_suggested_is_not_found_once_it_is_said(text: str) -> None:
    """Said instead of what was found, nothing of it is found any more, in the same note."""
    for _ in range(2):
        for found in reversed(advise(text)):
            text = text[: found.offset] + found.instead[0] + text[found.offset + found.length :]
    for found in advise(text):
        assert text[found.offset : found.offset + found.length] not in {said for term in TERMS for said in term.instead}


@given(st.integers(0, 400))
def test_a_term_is_found_wherever_it_stands(at: int) -> None:
    text = ("walked along with her " * 30)[:at] + " frequent flyer " + "to the bus " * (AROUND // 4)
    (found,) = advise(text)
    assert found.offset == at + 1


def test_a_note_without_a_term_is_read_past() -> None:
    assert advise("Walked along to the clinic; two kits. " * 50) == []


# At the doors.


async def test_everybody_may_ask_and_is_never_refused_for_a_word(house: House) -> None:
    for caller in house.people.values():
        told = ok(await caller.post(CHECK, {"text": NOTE}))
        assert told["version"] == guidance().version
        assert [(item["term"], item["span"]) for item in told["guidance"]] == [
            ("frequent flyer", {"offset": 19, "length": 14}),
            ("clean", {"offset": 35, "length": 5}),
        ]
        assert all(item["why"] and item["instead"] and item["pointer"] == "/text" for item in told["guidance"])
    spanish: dict[str, Any] = {"text": "Es adicta. An addict.", "language": "es"}
    assert [item["term"] for item in ok(await house.peer.post(CHECK, spanish))["guidance"]] == ["adicto"]
    for wrong in ({}, {"text": ""}, {"text": "x" * 2_001}, {"text": "x", "language": "fr"}, {"text": 5}):
        refused(await house.peer.post(CHECK, wrong), 422, "invalid_shape")


async def test_of_a_text_that_is_looked_at_nothing_is_kept_not_even_its_mark(house: House) -> None:
    from_key = {"Idempotency-Key": "one-key-for-two-texts"}
    for text in (NOTE, "Another text, from Zxqvanya."):
        answer = await house.peer.post(CHECK, {"text": text}, headers=from_key)
        assert "idempotent-replayed" not in answer.headers
        assert "Zxqvanya" not in answer.text


async def test_a_worker_is_advised_on_their_own_note_and_the_note_is_kept_as_it_stands(house: House) -> None:
    code = await house.peer.enrolls()
    recorded = ok(await house.peer.post(f"/v1/participants/{code}/encounters", encounter(note=NOTE)))
    assert [(item["pointer"], item["term"]) for item in recorded["guidance"]] == [
        ("/note", "frequent flyer"),
        ("/note", "clean"),
    ]
    assert ok(await house.peer.get(f"/v1/encounters/{recorded['id']}"))["note"] == NOTE
    plain = ok(await house.peer.post(f"/v1/participants/{code}/encounters", encounter(note="Wants to talk again.")))
    assert plain["guidance"] is None


async def test_nobody_is_advised_on_a_persons_own_words(house: House) -> None:
    enrolled = ok(await house.peer.post("/v1/participants", {"gender_words": "just an addict and a queen"}))
    assert enrolled["guidance"] is None
    assert enrolled["words_kept"] == ["gender_words"]
    for name in ("pronouns", "gender_words"):
        assert ShortOwnWords in getattr(Profile.model_fields[name].annotation, "__args__", ())
    assert Narrative.guided
    assert not any(kind.guided for kind in (OwnWords, ShortOwnWords, OwnReference))
