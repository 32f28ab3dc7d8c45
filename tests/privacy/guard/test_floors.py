"""The guard finds what privacy.md asks of it, on templates that nobody tuned it on, and leaves quiet notes alone."""

import pytest

from true_api.outlets.measures import guard
from true_api.outlets.measures.figures import Figure, Size
from true_api.privacy.guard.corpus import identifiers, making, names, styles
from true_api.privacy.guard.corpus.withheld import without
from true_api.privacy.guard.gazetteer import lexicon
from true_api.privacy.guard.lexicon import Sort
from true_api.privacy.guard.spans import SpanKind


def _judged(size: Size) -> list[Figure]:
    return [figure for figure in guard.figures(size) if figure.met is not None]


def test_every_floor_holds_at_small_size() -> None:
    assert len(_judged(Size.SMALL)) == 15
    assert [figure for figure in _judged(Size.SMALL) if not figure.met] == []


@pytest.mark.proof
def test_every_floor_holds_at_full_size() -> None:
    assert [figure for figure in _judged(Size.FULL) if not figure.met] == []


@pytest.mark.proof
@pytest.mark.parametrize("share", [0.0, guard.WITHHELD])
def test_names_of_every_origin_are_found_in_both_cases(share: float) -> None:
    counted = guard.names(styles.HELD_OUT, 1, guard.OF_NAMES[Size.FULL], share)
    assert len(counted) == 2 * len(names.origins())
    assert [part for part in counted if part.every.percent < guard.ORIGIN_FLOOR] == []


def test_a_guard_without_recognizers_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "find", lambda _text: ())
    counts = guard.kinds(styles.HELD_OUT, 1, 5)
    assert {count.percent for count in counts.values()} == {0.0}


def test_a_guard_that_flags_everything_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "find", lambda text: (text,))
    assert {count.percent for count in guard.quiet(styles.HELD_OUT, 1, 5).values()} == {100.0}


def test_a_name_is_found_only_when_each_of_its_letters_is() -> None:
    made = making.Made("met Ann Lee", (making.Hidden(4, 11, "name"),), "met {full}")
    first, last = guard.Span(4, 3, SpanKind.NAME), guard.Span(8, 3, SpanKind.NAME)
    assert guard.is_found(made, made.hidden[0], [first, last])
    assert not guard.is_found(made, made.hidden[0], [first])


def test_held_out_templates_stand_in_no_tuned_set() -> None:
    held = {*styles.HELD_OUT.named, *styles.HELD_OUT.quiet}
    tuned = {part for style in styles.TUNED_STYLES.values() for part in (*style.named, *style.quiet)}
    shared = held & tuned
    assert len(held) > 200
    assert len(shared) <= 0.05 * len(held)


def test_what_a_note_hides_is_where_the_corpus_says() -> None:
    for origin in names.origins():
        for made in making.several(styles.HELD_OUT, origin, "1", 5):
            assert made.hidden
            for hidden in made.hidden:
                said = made.text[hidden.start : hidden.end]
                assert said == said.strip()
                assert names.words_of([said]) <= names.words_of([*origin.first, *origin.last])
                assert made.lowered().text[hidden.start : hidden.end].casefold() == said.casefold()


@pytest.mark.parametrize("kind", identifiers.MAKERS)
def test_the_corpus_is_the_same_for_the_same_seed(kind: SpanKind) -> None:
    once, again, other = (
        [made.text for made in identifiers.identified(kind, styles.HELD_OUT, seed, 20)] for seed in ("1", "1", "2")
    )
    assert once == again != other


def test_every_origin_has_names_enough_to_draw_from() -> None:
    few = {origin.name for origin in names.origins() if len({*origin.first, *origin.last}) < 50}
    assert few == set()
    assert len(names.origins()) >= 20


def test_withheld_names_are_no_names_to_the_lexicon() -> None:
    zulu = next(origin for origin in names.origins() if origin.name == "Zulu")
    known = without(zulu, 1.0)
    assert len(known.instead) > 500
    assert {lexicon().sort_of(word) for word in known.instead} & {Sort.NAME, Sort.LAST_NAME}
    assert not {known.sort_of(word) for word in known.instead} & {Sort.NAME, Sort.LAST_NAME, Sort.MAINLY_NAME}
