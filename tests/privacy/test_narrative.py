"""A text is a Narrative or nothing: bounded, judged once, and never kept where it may find a person."""

import json
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from true_api.kernel.schemas import Draft
from true_api.privacy.guard.spans import Span, SpanKind
from true_api.privacy.narrative import (
    AgencyNarrative,
    Narrative,
    NarrativeRefused,
    OwnReference,
    ShortNarrative,
    Worded,
    has_words,
    judge,
    narratives_in,
    overrides_names,
)
from true_api.privacy.safe_contact import ReachedAt

KINDS = (Narrative, AgencyNarrative, ShortNarrative, OwnReference, ReachedAt)
MAIL = "write to quiet.river@example.org"
AT = {"offset": 9, "length": 23, "kind": "email"}
NAMED = "came with my brother Michael Johnson"
QUIET = "Slept by the river, and wants to talk again."


class Inner(Draft):
    """A draft inside another."""

    word: ShortNarrative | None = None
    number: OwnReference | None = None


class Outer(Worded):
    """A draft with texts at every depth."""

    fact: int = 1
    note: Narrative | None = None
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()


class OnlyWords(Worded):
    """Nothing but its text."""

    note: Narrative


class Wordless(Draft):
    """A draft without text."""

    fact: int = 1
    label: Annotated[str, Field(max_length=10)] = ""


def read(text: str, kind: type[Narrative] = Narrative) -> Narrative:
    """A text as it arrives."""
    return TypeAdapter(kind).validate_json(json.dumps(text))


def outer(**said: Any) -> Outer:
    return Outer.model_validate_json(json.dumps(said))


def refused(draft: Draft, lenient: bool = False) -> list[Any]:
    with pytest.raises(NarrativeRefused) as caught:
        judge(draft, lenient)
    texts = caught.value.members["texts"]
    assert isinstance(texts, list)
    assert [fault.pointer for fault in caught.value.faults] == [text["pointer"] for text in texts]
    return texts


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_has_its_length_and_not_one_character_more(kind: type[Narrative]) -> None:
    assert read("é" * kind.longest, kind).text == "é" * kind.longest
    with pytest.raises(ValidationError):
        read("é" * (kind.longest + 1), kind)
    assert TypeAdapter(kind).json_schema() == {"type": "string", "minLength": 1, "maxLength": kind.longest}


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_says_something_and_holds_no_control_characters(kind: type[Narrative]) -> None:
    for text in ("", " ", "\n\t ", "a\x00", "a\x07b", "\x1b[31m", "a\x7f", "a\x85b", "a\x9fb"):
        with pytest.raises(ValidationError):
            read(text, kind)
    for text in ("one\ntwo", "one\r\ntwo", "one\ttwo", "❄️ नमस्ते 你好 שלום"):
        assert read(text, kind).text == text


def test_a_text_is_kept_as_it_was_sent() -> None:
    text = "  spaces, ÅÅ, and a decomposed é stay \n"
    assert read(text).text == text


def test_a_text_and_what_was_found_in_it_never_stand_in_a_trace() -> None:
    assert "quiet.river" not in repr(read(MAIL))
    assert "quiet.river" not in repr(outer(note=MAIL))


def test_the_guard_reads_every_text_but_those_that_are_exempt() -> None:
    for kind in KINDS:
        assert bool(read(MAIL, kind).spans) is kind.guarded, kind
    assert [kind for kind in KINDS if not kind.guarded] == [OwnReference, ReachedAt]


def test_strict_handling_refuses_the_whole_and_says_where_in_code_points() -> None:
    assert refused(outer(note=MAIL)) == [{"pointer": "/note", "spans": [AT]}]
    assert refused(outer(note=f"❄️é{MAIL}"))[0]["spans"] == [{**AT, "offset": 9 + len("❄️é")}]


def test_every_text_at_every_depth_is_judged() -> None:
    draft = outer(note=MAIL, inner={"word": MAIL}, several=[{"word": QUIET}, {"word": MAIL}])
    places = ["/note", "/inner/word", "/several/1/word"]
    assert [text["pointer"] for text in refused(draft)] == places
    assert list(narratives_in(draft)) == ["/note", "/inner/word", "/several/0/word", "/several/1/word"]


def test_lenient_handling_keeps_the_fact_and_every_text_that_may_be_kept() -> None:
    draft = outer(fact=7, note=MAIL, inner={"word": MAIL, "number": MAIL}, several=[{"word": QUIET}, {"word": MAIL}])
    kept, returned = judge(draft, lenient=True)
    assert [text.pointer for text in returned] == ["/note", "/inner/word", "/several/1/word"]
    assert [span.model_dump() for span in returned[0].spans] == [AT]
    assert (kept.fact, kept.note) == (7, None)
    assert kept.inner is not None
    assert kept.inner.word is None
    assert kept.inner.number == read(MAIL, OwnReference)
    assert [inner.word and inner.word.text for inner in kept.several] == [QUIET, None]
    assert kept.model_fields_set == {"fact", "inner", "several"}
    assert draft.note is not None, "the draft itself stays as it was sent"


def test_a_text_that_is_all_there_is_to_keep_is_always_judged_strictly() -> None:
    assert refused(OnlyWords.model_validate({"note": MAIL}), lenient=True)[0]["pointer"] == "/note"


def test_a_draft_in_which_nothing_is_found_is_left_as_it_is() -> None:
    draft = outer(note=QUIET, inner={"word": QUIET[:40]})
    for lenient in (True, False):
        assert judge(draft, lenient) == (draft, [])


def test_probable_names_may_be_confirmed_and_nothing_else() -> None:
    (named,) = {span.kind for span in read(NAMED).spans}
    assert named is SpanKind.NAME
    assert refused(outer(note=NAMED))[0]["spans"][0]["kind"] == "name"
    confirmed = outer(note=NAMED, names_confirmed=True)
    assert judge(confirmed, lenient=False) == (confirmed, [])
    assert overrides_names(confirmed)
    both = outer(note=f"{NAMED}, {MAIL}", names_confirmed=True)
    assert [span["kind"] for span in refused(both)[0]["spans"]] == ["email"]


def test_nothing_is_overridden_where_no_name_was_found_or_nobody_said_so() -> None:
    for said in ({"note": NAMED}, {"note": QUIET, "names_confirmed": True}, {"names_confirmed": True}):
        assert not overrides_names(outer(**said))
    assert overrides_names(outer(inner={"word": NAMED}, names_confirmed=True))


def test_a_draft_has_words_when_it_or_a_draft_inside_it_does() -> None:
    class AroundOuter(Draft):
        """A draft whose texts stand two steps below."""

        outer: Outer | None = None

    assert all(has_words(kind) for kind in (OnlyWords, Inner, Outer, AroundOuter))
    assert not has_words(Wordless)


texts = st.sampled_from([QUIET[:40], MAIL, "call 202-555-0143", "ssn 123-45-6789"]) | st.none()
inners = st.fixed_dictionaries({}, optional={"word": texts, "number": texts})


@given(
    said=st.fixed_dictionaries(
        {}, optional={"note": texts, "inner": inners | st.none(), "several": st.lists(inners, max_size=3)}
    )
)
def test_whatever_was_sent_nothing_that_was_found_is_kept_and_nothing_else_is_lost(said: dict[str, Any]) -> None:
    draft = outer(**said)
    kept, returned = judge(draft, lenient=True)
    before, after = narratives_in(draft), narratives_in(kept)
    assert {text.pointer for text in returned} == {at for at, text in before.items() if text.spans}
    assert after == {at: text for at, text in before.items() if not text.spans}
    assert all(not isinstance(span, Span) for text in returned for span in text.spans), "views, not the guard's own"
