"""Waves: what was said, drawn so that no direction is better, for eyes that see color and eyes that do not."""

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from true_api.outlets.waves.curve import path
from true_api.outlets.waves.drawing import BOTTOM, LEFT, RIGHT, TOP, WIDTH, svg
from true_api.outlets.waves.wording import RULERS, WORDINGS, WaveLanguage
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage, StageInWords

SVG = "{http://www.w3.org/2000/svg}"
ruler = st.none() | st.integers(0, 10)


@dataclass(frozen=True)
class Said:
    """A note, as the room keeps it."""

    occurred_on: date
    importance: int | None = None
    confidence: int | None = None
    readiness: int | None = None
    stage: Stage = Stage.NOT_ASKED
    focus: Focus = Focus.NOT_ASKED
    next_step: NextStep = NextStep.NOT_ASKED


@st.composite
def waves(draw: st.DrawFn) -> list[Said]:
    days = sorted(draw(st.lists(st.integers(0, 900), max_size=12)))
    marks = st.tuples(ruler, ruler, ruler)
    return [Said(date(2025, 1, 1) + timedelta(days=day), *draw(marks)) for day in days]


def mirrored(note: Said) -> Said:
    turned = {name: mark if (mark := getattr(note, name)) is None else 10 - mark for name in RULERS}
    return Said(note.occurred_on, **turned)


def numbers(drawn: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", drawn)]


points = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10)), min_size=2, unique_by=lambda point: point[0]).map(
    lambda found: [(float(x), float(y)) for x, y in sorted(found)]
)


@given(points=points)
@settings(max_examples=25, deadline=None)
def test_between_two_marks_the_line_stays_between_them(points: list[tuple[float, float]]) -> None:
    """So that it never says more, or less, than somebody said."""
    steps = [[float(n) for n in step.split()] for step in path(points).split("C")[1:]]
    assert len(steps) == len(points) - 1
    for (here, there), step in zip(pairwise(points), steps, strict=True):
        low, high = sorted((here[1], there[1]))
        assert all(low - 0.06 <= y <= high + 0.06 for y in step[1::2])
        assert step[4:] == [round(there[0], 1), round(there[1], 1)]


@given(points=points)
@settings(max_examples=25, deadline=None)
def test_the_line_of_a_fall_is_the_line_of_a_rise_turned_over(points: list[tuple[float, float]]) -> None:
    turned = numbers(path([(x, 10 - y) for x, y in points]))
    assert turned == pytest.approx([10 - n if at % 2 else n for at, n in enumerate(numbers(path(points)))], abs=0.11)


@given(notes=waves())
@settings(max_examples=25, deadline=None)
def test_up_and_down_are_drawn_alike(notes: list[Said]) -> None:
    """A wave and its mirror image differ in heights alone: no color, no width, no word tells one from the other."""
    words = WORDINGS[WaveLanguage.EN]
    drawn, turned = (
        re.sub(r"[\d.]+", "0", re.sub(r"<(desc|title).*?</\1>", "", svg(wave, words).decode()))
        for wave in (notes, [mirrored(note) for note in notes])
    )
    assert drawn == turned


@given(notes=waves(), language=st.sampled_from(WaveLanguage))
@settings(max_examples=25, deadline=None)
def test_a_wave_is_told_to_who_hears_it_and_needs_nothing_from_elsewhere(
    notes: list[Said], language: WaveLanguage
) -> None:
    drawn = svg(notes, WORDINGS[language]).decode()
    root = Tree.fromstring(drawn)
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert title.text == WORDINGS[language].title
    assert str(told.text).count("202") >= len(notes)
    assert re.findall(r"href|url\(|<script|<style|<image|@import", drawn) == []
    assert drawn.count("http") == 1
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(str(text.get("x"))) <= WIDTH
    for place in re.findall(r"translate\(([\d.]+) ([\d.]+)\)", drawn)[: sum(_marks(note) for note in notes)]:
        assert LEFT <= float(place[0]) <= RIGHT
        assert TOP <= float(place[1]) <= BOTTOM


def _marks(note: Said) -> int:
    return sum(getattr(note, name) is not None for name in RULERS)


@given(notes=waves())
@settings(max_examples=25, deadline=None)
def test_days_that_are_written_below_it_do_not_touch(notes: list[Said]) -> None:
    root = Tree.fromstring(svg(notes, WORDINGS[WaveLanguage.ES]))
    written = [text for text in root.iter(f"{SVG}text") if re.search(r"\d{4}$", text.text or "")]
    places = [float(str(text.get("x"))) for text in written]
    assert all(abs(one - other) >= 75 for one, other in combinations(places, 2))
    assert len(places) >= min(len(notes), 1)


def test_its_lines_are_told_apart_without_color_and_none_is_red_or_green() -> None:
    notes = [Said(date(2026, 11, day), 3, 5, 7) for day in (1, 2)]
    drawn = svg(notes, WORDINGS[WaveLanguage.EN]).decode()
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', drawn))) == 2
    for red, green, blue in (_parts(color) for color in re.findall(r"#[0-9a-f]{6}", drawn)):
        gray = 0.3 * red + 0.59 * green + 0.11 * blue
        assert max(red, green, blue) < 150 or gray > 190, "dark enough to read, or as light as the paper"
        assert red < 2 * max(green, blue, 1), "no red"
        assert green < 1.5 * max(red, blue, 1), "no green"


def _parts(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def test_two_hundred_notes_of_one_day_have_room() -> None:
    chance = random.Random(7)
    notes = [Said(date(2026, 11, 2), *(chance.randint(0, 10) for _ in RULERS)) for _ in range(200)]
    root = Tree.fromstring(svg(notes, WORDINGS[WaveLanguage.EN]))
    places = [float(str(mark.get("cx"))) for mark in root.iter(f"{SVG}circle") if mark.get("cx")]
    assert places == sorted(places)
    assert LEFT <= places[0] < places[-1] <= RIGHT


@pytest.mark.parametrize("language", WaveLanguage)
def test_every_answer_has_words_and_none_of_them_is_the_name_of_a_stage(language: WaveLanguage) -> None:
    words = WORDINGS[language]
    unsaid = {"not_asked"}
    assert {*map(str, words.stages)} == {*map(str, StageInWords)} - unsaid
    assert {*map(str, words.steps)} == {*map(str, NextStep)} - unsaid
    assert {*map(str, words.focuses)} == {*map(str, Focus)} - unsaid - {"prefers_not_to_say"}
    said = " ".join([*words.stages.values(), *words.steps.values(), *words.focuses.values()]).lower()
    assert [stage for stage in list(Stage)[:5] if re.search(rf"\b{stage}\b", said)] == []
    assert words.said(Said(date(2026, 11, 2))) is None
