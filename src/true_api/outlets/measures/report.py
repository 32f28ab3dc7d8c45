"""The privacy report: every figure in the order of privacy.md, as text, as JSON and as a page (privacy.md 10)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

from true_api.outlets.measures import codes, guard, linkage, recall, releases, sealing
from true_api.outlets.measures.figures import Figure, Size

SECTIONS = {
    "1": "No identity is stored",
    "2": "The participant code",
    "3": "Realms",
    "4": "Recall",
    "5": "Free text",
    "6": "Sealing and forgetting",
    "7": "Consent",
    "8": "The trail",
    "9": "Numbers that may leave",
    "10": "Starting up",
}
"""What is measured by now, by its number in privacy.md."""

Measure = Callable[[Size, int], Sequence[Figure]]


@dataclass(frozen=True)
class Source:
    """A measure, and the sections that it has figures for."""

    sections: frozenset[str]
    take: Measure


OF_MECHANISMS: tuple[Source, ...] = (
    Source(frozenset("2"), codes.figures),
    Source(frozenset("3"), linkage.figures),
    Source(frozenset("4"), recall.figures),
    Source(frozenset("5"), guard.figures),
    Source(frozenset("6"), sealing.figures),
    Source(frozenset("9"), releases.figures),
)
"""What is measured without an installation."""

PAGE = """# Privacy report

What `true-api privacy report` measured of version {version} on {on}: {size}.
Everything in it is synthetic and drawn from a seed. Run it yourself: without options it takes a minute and looks at
your own installation too, `--full` takes the full sizes. What is promised, and how, stands in [privacy.md](privacy.md).

"""
SIZES = {
    Size.SMALL: "small sizes, for a first look",
    Size.FULL: "the full sizes, for which the goals are set",
}


@dataclass(frozen=True)
class Report:
    """Figures, by section."""

    size: Size
    figures: tuple[Figure, ...]

    @classmethod
    def of(cls, size: Size, figures: Sequence[Figure]) -> "Report":
        """In the order of the sections; within one as they were taken."""
        order = list(SECTIONS)
        return cls(size, tuple(sorted(figures, key=lambda figure: order.index(figure.section))))

    @property
    def missed(self) -> list[Figure]:
        """The figures that do not meet their goal."""
        return [figure for figure in self.figures if figure.met is False]

    def _sections(self) -> Iterator[tuple[str, list[Figure]]]:
        for section, figures in groupby(self.figures, lambda figure: figure.section):
            yield f"{section}. {SECTIONS[section]}", list(figures)

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        widest = max((len(figure.name) for figure in self.figures), default=0)
        for title, figures in self._sections():
            yield f"{title}"
            for figure in figures:
                goal = ": ".join(filter(None, [f"goal {figure.goal}" if figure.goal else "", _verdict(figure)]))
                yield f"  {figure.name.ljust(widest)}  {_shown(figure):>24}  {goal}".rstrip()
            yield ""
        goals = [figure for figure in self.figures if figure.met is not None]
        yield f"{len(goals) - len(self.missed)} of {len(goals)} goals are met; sizes: {self.size.value}."

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        return {
            "size": self.size.value,
            "all_met": not self.missed,
            "figures": [{**asdict(figure), "title": SECTIONS[figure.section]} for figure in self.figures],
        }

    def page(self, version: str, on: date) -> str:
        """For the documentation."""
        parts = [PAGE.format(version=version, on=on.isoformat(), size=SIZES[self.size])]
        for title, figures in self._sections():
            parts.append(f"## {title}\n\n| measured | | goal | met |\n| --- | ---: | --- | --- |\n")
            parts += [f"| {one.name} | {_shown(one)} | {one.goal} | {_verdict(one)} |\n" for one in figures]
            parts.append("\n")
        return "".join(parts).rstrip("\n") + "\n"


def _verdict(figure: Figure) -> str:
    return "" if figure.met is None else "met" if figure.met else "NOT MET"


def _shown(figure: Figure) -> str:
    value = figure.value
    if isinstance(value, float):
        value = f"{value:.3g}" if abs(value) < 0.01 and value else f"{value:,.2f}".rstrip("0").rstrip(".")
    elif isinstance(value, int):
        value = f"{value:,}"
    return f"{value} {figure.unit}".rstrip()
