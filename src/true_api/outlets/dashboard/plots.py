"""Plots: where the lines, marks and ticks of a trend stand. A number that is kept back is a gap with a mark below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

from true_api.outlets.dashboard.sealed_rows import Number

MOST_LEVELS, LABELS, ROW = 5, 26, 18
"""Levels above zero, and how high the labels of the periods and each row of marks for what is kept back stand."""


@dataclass(frozen=True)
class Series:
    """One line of a plot: its name, and a number for each period."""

    name: str
    numbers: tuple[Number, ...]

    @property
    def keeps_back(self) -> bool:
        """Whether a number of it is kept back."""
        return any(number.kept_back for number in self.numbers)


@dataclass(frozen=True)
class Frame:
    """The size of a drawing, in units of its view box."""

    name: str
    width: int
    height: int
    left: int = 52
    right: int = 16
    top: int = 14
    label_width: int = 72
    """How much room the label of a period takes."""


WIDE = Frame("wide", 760, 250, right=30)
NARROW = Frame("narrow", 320, 210, left=44, right=24)
SMALL = Frame("small", 340, 190, left=44, right=26)


@dataclass(frozen=True)
class Mark:
    """A point of a series: where it stands, and what it says."""

    x: float
    y: float
    says: str


@dataclass(frozen=True)
class Line:
    """One series as it is drawn: pieces between gaps, a mark for each number, and a mark below for each kept back."""

    name: str
    pieces: tuple[str, ...]
    marks: tuple[Mark, ...]
    kept_back: tuple[Mark, ...]
    name_at: Mark | None
    """Where the row of what is kept back is told apart from others."""


@dataclass(frozen=True)
class Tick:
    """A label on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """Everything of a trend that is drawn in one frame."""

    frame: Frame
    height: float
    bottom: float
    lines: tuple[Line, ...]
    levels: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    chosen: float | None


@dataclass(frozen=True)
class Axes:
    """Where a period and a value stand in a frame."""

    frame: Frame
    periods: int
    top: float

    @property
    def bottom(self) -> float:
        """Where zero stands."""
        return self.frame.height - LABELS

    @property
    def between(self) -> float:
        """How far apart two periods are."""
        return (self.frame.width - self.frame.left - self.frame.right) / max(1, self.periods)

    def x(self, place: int) -> float:
        """Where a period stands, counted from the first."""
        return round(self.frame.left + self.between * (place + 0.5), 1)

    def y(self, value: float) -> float:
        """Where a value stands."""
        return round(self.bottom - (self.bottom - self.frame.top) * value / self.top, 1)


def draw(series: Sequence[Series], labels: Sequence[str], frame: Frame, chosen: int | None = None) -> Drawing:
    """Place everything of a trend; `chosen` is the period that the reader looks at."""
    top, step = axis_of([number.value for each in series for number in each.numbers if number.value is not None])
    axes = Axes(frame, len(labels), top)
    rows = [each for each in series if each.keeps_back]
    below = {each.name: axes.bottom + ROW * (place + 0.6) for place, each in enumerate(rows)}
    every = max(1, ceil(frame.label_width / axes.between))
    last = len(labels) - 1
    return Drawing(
        frame=frame,
        height=frame.height + ROW * len(rows),
        bottom=axes.bottom,
        lines=tuple(_line(each, labels, axes, below.get(each.name, axes.bottom)) for each in series),
        levels=tuple(Tick(axes.y(step * level), f"{step * level:,}") for level in range(top // step + 1)),
        ticks=tuple(Tick(axes.x(at), label) for at, label in enumerate(labels) if (last - at) % every == 0),
        chosen=None if chosen is None else axes.x(chosen),
    )


def axis_of(values: Sequence[int]) -> tuple[int, int]:
    """The highest level of an axis that begins at zero, and the step between its levels, both round numbers."""
    greatest = max([*values, 1])
    step = next(step for step in _round_numbers() if step * MOST_LEVELS >= greatest)
    return ceil(greatest / step) * step, step


def _round_numbers() -> Iterator[int]:
    for power in count():
        yield from (factor * 10**power for factor in (1, 2, 5))


def _line(series: Series, labels: Sequence[str], axes: Axes, below: float) -> Line:
    pieces, marks, kept_back = [list[str]()], [], []
    for place, (number, label) in enumerate(zip(series.numbers, labels, strict=True)):
        says = f"{series.name}, {label}: {number.text}"
        if number.value is not None:
            marks.append(Mark(axes.x(place), axes.y(number.value), says))
            pieces[-1].append(f"{axes.x(place)},{axes.y(number.value)}")
        else:
            pieces.append([])
        if number.kept_back:
            kept_back.append(Mark(axes.x(place), below, says))
    drawn = tuple(" ".join(each) for each in pieces if len(each) > 1)
    name_at = Mark(axes.frame.left - 12, below, series.name) if kept_back else None
    return Line(series.name, drawn, tuple(marks), tuple(kept_back), name_at)
