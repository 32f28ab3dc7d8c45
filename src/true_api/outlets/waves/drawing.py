"""A wave as SVG: one line for each ruler, told apart by its form and not by color; up and down are drawn alike."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from xml.sax.saxutils import escape

from true_api.outlets.waves.curve import Point, path
from true_api.outlets.waves.wording import RULERS, Wording

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 40.0, 616.0, 46.0, 206.0
HIGHEST: Final = 10
TICKS, DAYS, LEGEND = BOTTOM + 16, BOTTOM + 36, BOTTOM + 66
"""Baselines below the rulers: that somebody spoke at all, the days, and what the lines are."""
ROOM_OF_A_DAY = 92
BESIDE: Final = (-6, 0, 6)
"""So that marks of one day that are alike stand beside each other."""
INK, SOFT, GRID = "#26323a", "#5c6870", "#d5dbdf"
LINES: Final = {
    "importance": ("#1d4f7c", "", '<circle r="4.2"/>'),
    "confidence": ("#5b3f8c", "9 5", '<rect x="-3.8" y="-3.8" width="7.6" height="7.6"/>'),
    "readiness": ("#6d4a12", "1.5 5", '<path d="M0-5.2 5.2 0 0 5.2-5.2 0z"/>'),
}
"""The color, the dashes and the mark of each ruler; the colors are equally dark, and no traffic light's."""


def svg(notes: Sequence[Any], words: Wording) -> bytes:
    """The notes, from the first day to the last, as a drawing that needs nothing from elsewhere."""
    said = "".join(_drawn(notes, words)) if notes else _line(WIDTH / 2, HEIGHT / 2, words.nothing, anchor="middle")
    told = " ".join(_told(note, words) for note in notes) or words.nothing
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img" aria-labelledby="title told"><title id="title">{escape(words.title)}</title>'
        f'<desc id="told">{escape(told)}</desc><rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="#fff"/>'
        f'<g font-family="Helvetica,Arial,sans-serif" font-size="13" fill="{INK}">'
        f'<text x="{LEFT}" y="26" font-size="15" font-weight="bold">{escape(words.title)}</text>{said}</g></svg>\n'
    ).encode()


def _drawn(notes: Sequence[Any], words: Wording) -> Iterator[str]:
    for mark in (0, HIGHEST // 2, HIGHEST):
        yield f'<path d="M{LEFT} {_y(mark):.1f}H{RIGHT}" stroke="{GRID}"/>'
        yield _line(LEFT - 8, _y(mark) + 4, str(mark), anchor="end", fill=SOFT)
    places = _places(notes)
    for name, beside in zip(RULERS, BESIDE, strict=True):
        yield _ruler(name, [(x + beside, note) for x, note in zip(places, notes, strict=True)])
    for x, note in zip(places, notes, strict=True):
        told = escape(_told(note, words))
        yield f'<circle cx="{x:.1f}" cy="{TICKS}" r="2.6" fill="{SOFT}"><title>{told}</title></circle>'
    yield from _days(places, [note.occurred_on for note in notes], words)
    yield from _legend(words)


def _ruler(name: str, marked: Sequence[tuple[float, Any]]) -> str:
    color, dashes, mark = LINES[name]
    points: list[Point] = [(x, _y(getattr(note, name))) for x, note in marked if getattr(note, name) is not None]
    drawn = path(points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    line = f'<path d="{drawn}" fill="none" stroke="{color}" stroke-width="2.2" stroke-linecap="round"{dashed}/>'
    marks = "".join(f'<g transform="translate({x:.1f} {y:.1f})">{mark}</g>' for x, y in points)
    return f'{line if drawn else ""}<g fill="{color}" stroke="#fff" stroke-width="1.2">{marks}</g>' if points else ""


def _places(notes: Sequence[Any]) -> list[float]:
    """Where on the line of time each note is: every day as wide as the others, notes of one day side by side in it."""
    days = [note.occurred_on for note in notes]
    span = (days[-1] - days[0]).days + 1
    nth = [days[:at].count(day) for at, day in enumerate(days)]
    parts = ((day - days[0]).days + (which + 0.5) / days.count(day) for day, which in zip(days, nth, strict=True))
    return [LEFT + 14 + part / span * (RIGHT - LEFT - 28) for part in parts]


def _days(places: Sequence[float], days: Sequence[date], words: Wording) -> Iterator[str]:
    """The first and the last day, and of those between as many as there is room for."""
    last = len(days) - 1
    shown: list[int] = []
    for at in (0, last, *range(1, last)):
        if all(abs(places[at] - places[other]) >= ROOM_OF_A_DAY for other in shown):
            shown.append(at)
            middle = min(max(places[at], LEFT + 24), RIGHT - 34)
            yield _line(middle, DAYS, words.on(days[at]), anchor="middle", fill=SOFT)


def _legend(words: Wording) -> Iterator[str]:
    for at, name in enumerate(RULERS):
        color, dashes, mark = LINES[name]
        x = LEFT + at * (RIGHT - LEFT) / len(RULERS)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield (
            f'<path d="M{x:.1f} {LEGEND - 4}h28" stroke="{color}" stroke-width="2.2" stroke-linecap="round"{dashed}/>'
            f'<g fill="{color}" stroke="#fff" stroke-width="1.2" transform="translate({x + 14:.1f} {LEGEND - 4})">'
            f"{mark}</g>{_line(x + 35, LEGEND, words.rulers[name])}"
        )


def _told(note: Any, words: Wording) -> str:
    marked = words.marked(note)
    parts = (f"{words.on(note.occurred_on)}:", f"{marked}." if marked else None, words.said(note))
    return " ".join(part for part in parts if part).rstrip(":")


def _y(mark: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * mark / HIGHEST


def _line(x: float, y: float, text: str, **style: str) -> str:
    styled = "".join(f' {"text-anchor" if name == "anchor" else name}="{value}"' for name, value in style.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{styled}>{escape(text)}</text>'
