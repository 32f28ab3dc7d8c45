"""A smooth line through what was said: it touches every mark, and between two marks stays between them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]


def path(points: Sequence[Point]) -> str:
    """The line as path data of SVG, after Fritsch and Carlson; a single mark has none."""
    if len(points) < 2:
        return ""
    slopes = list(_slopes(points))
    drawn = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (here, there), (leaving, arriving) in zip(pairwise(points), pairwise(slopes), strict=True):
        third = (there[0] - here[0]) / 3
        first = here[0] + third, here[1] + leaving * third
        second = there[0] - third, there[1] - arriving * third
        drawn.append("C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in (first, second, there)))
    return "".join(drawn)


def _slopes(points: Sequence[Point]) -> Iterator[float]:
    """The slope at each mark: level where the line turns, and at both ends."""
    rises = [(there[1] - here[1]) / (there[0] - here[0]) for here, there in pairwise(points)]
    yield 0.0
    for before, after in pairwise(rises):
        # The harmonic mean of both sides keeps the line between its marks.
        yield 0.0 if before * after <= 0 else 2 * before * after / (before + after)
    yield 0.0
