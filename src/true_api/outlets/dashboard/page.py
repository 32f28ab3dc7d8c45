"""The page: sealed numbers, the sign-in form and refusals as HTML, from templates that escape what they are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from true_api.outlets.dashboard import wording
from true_api.outlets.dashboard.figures import Section
from true_api.outlets.dashboard.sealed_rows import WHY_KEPT_BACK, Number, Sealing
from true_api.outlets.statistics.grid import GRID, Table
from true_api.outlets.statistics.periods import read_period
from true_api.privacy.noise import REACH

HERE = Path(__file__).parent
ASSETS = {"dashboard.css": "text/css", "icon.svg": "image/svg+xml"}
OVERVIEW = "overview"
ONE_IN_TWENTY = 0.05


@dataclass(frozen=True)
class Spread:
    """How far numbers of a unit are from the true count: 19 of 20 `usually`, and all of them `at_most`."""

    unit: str
    usually: int
    at_most: int


@dataclass(frozen=True)
class Desk:
    """Everything the page shows of sealed numbers to whoever reads them; `period` is empty while nothing is sealed."""

    title: str
    table: str
    tables: Sequence[Table]
    next: str
    period: str = ""
    periods: Mapping[str, Sequence[str]] | None = None
    sealing: Sealing | None = None
    glance: Sequence[tuple[str, Number]] = ()
    spreads: Sequence[Spread] = ()
    sections: Sequence[Section] = ()


@dataclass(frozen=True)
class Refused:
    """A refusal as a person reads it."""

    status: int
    title: str
    says: str = ""
    links: Sequence[tuple[str, str]] = ()
    """What there is instead: in words, and where."""


def spread_of(unit: str, scale: int) -> Spread:
    """What noise with such a b does to the numbers of a unit."""
    share = exp(-1 / scale)
    usually = next(k for k in range(REACH * scale) if (k + 1) * log(share) + log(2 / (1 + share)) <= log(ONE_IN_TWENTY))
    return Spread(unit, usually, REACH * scale)


def dashboard(desk: Desk) -> str:
    """The page with its numbers, or the one that says that there are none yet."""
    return _render("dashboard.html", desk=desk, kept_back=WHY_KEPT_BACK)


def place(period: str, table: str) -> dict[str, str]:
    """Where a reader wanted to go, as far as it lies in the grid, and nothing else that was sent."""
    try:
        wanted = {"period": str(read_period(period))}
    except ValueError:
        wanted = {}
    return wanted | ({"table": table} if table in (OVERVIEW, *GRID) else {})


def sign_in(refused: Refused | None = None, wanted: Mapping[str, str] | None = None) -> str:
    """The form that takes a token; it says what was wrong with the last one, and knows where the reader wants to go."""
    return _render("sign_in.html", refused=refused, wanted=wanted or {})


def refusal(refused: Refused, request_id: str, signed_in: bool) -> str:
    """A page that says what is not possible, and where to go from there."""
    return _render("refused.html", refused=refused, request_id=request_id, signed_in=signed_in)


def named(name: str) -> str:
    """What a table or a period is called for a person."""
    if name in GRID:
        return GRID[name].title
    return name.capitalize() if name == OVERVIEW else wording.said(name)


@cache
def asset(name: str) -> bytes:
    """The stylesheet or the icon."""
    return (HERE / "assets" / name).read_bytes()


def _render(template: str, **shown: object) -> str:
    return _environment().get_template(template).render(**shown)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["said"] = wording.said
    environment.filters["sealed"] = wording.sealed
    environment.filters["sealed_in_short"] = wording.sealed_in_short
    return environment
