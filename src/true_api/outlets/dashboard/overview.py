"""The overview: which sealed tables the page tells of, in which order, and in which words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from true_api.outlets.dashboard.figures import (
    Drawn,
    Line,
    Scale,
    Section,
    Sheet,
    bars_of,
    series_of,
    sheet_of,
    trend_of,
)
from true_api.outlets.dashboard.plots import SMALL, Series
from true_api.outlets.dashboard.sealed_rows import Number, SealedTable, kind_of
from true_api.outlets.dashboard.wording import cell_name, dimension_name, said, term_name

MOST_LINES = 5
"""So many lines can still be told apart in one plot; with more of them there is the table."""

Tables = Mapping[str, SealedTable]
Draw = Callable[[SealedTable, str], Drawn]


@dataclass(frozen=True)
class Part:
    """A section of the overview: the tables that it is made of, and how each is drawn."""

    title: str
    lead: str
    draws: Mapping[str, Draw]

    def section(self, tables: Tables, period: str) -> Section | None:
        """The section for a period; None while nothing of it was ever sealed."""
        held = {name: tables[name] for name in self.draws if name in tables and tables[name].sealings}
        if not held:
            return None
        drawn = tuple(self.draws[name](each, period) for name, each in held.items() if period in each.sealings)
        note = "" if drawn else _elsewhere(held, period)
        return Section(next(iter(self.draws)), self.title, self.lead, drawn, note)


def _elsewhere(held: Tables, period: str) -> str:
    kinds = {kind_of(each) for sealed in held.values() for each in sealed.sealings}
    if kind_of(period) not in kinds:
        return f"This is sealed month by month, and {said(period)} is longer. Choose a month to see it."
    return f"Nothing of this is sealed for {said(period)}."


def over_time(sealed: SealedTable, period: str) -> Drawn:
    """All cells over all periods of the kind that is looked at, as lines where they can be told apart."""
    series, scale = _lines(sealed, period)
    trend = trend_of(sealed.table.title, str(sealed.table.unit), series, scale)
    trends = (trend,) if len(series) <= MOST_LINES else ()
    return Drawn(sealed.table.name, trends, None, sheet_of(series, sealed, scale, f"{sealed.table.title} over time"))


def by_cell(sealed: SealedTable, period: str) -> Drawn:
    """The cells of one period as bars, and all periods as over time."""
    drawn = over_time(sealed, period)
    return Drawn(drawn.key, drawn.trends, bars_of(sealed, period), drawn.sheet)


def side_by_side(sealed: SealedTable, period: str) -> Drawn:
    """A small plot for each cell, every one with a scale of its own: few and many are to be seen alike."""
    series, scale = _lines(sealed, period)
    shown = [each for each in series if any(number.value is not None for number in each.numbers)]
    trends = tuple(trend_of(each.name, str(sealed.table.unit), [each], scale, [SMALL]) for each in shown)
    return Drawn(sealed.table.name, trends, None, sheet_of(series, sealed, scale, f"{sealed.table.title} over time"))


def crossed(sealed: SealedTable, period: str) -> Drawn:
    """One period of a table with two dimensions: the first down, the second across."""
    down, across = sealed.table.dimensions
    cells = sealed.cells(period)
    columns = tuple(dict.fromkeys(column for _, column in cells))
    lines = tuple(
        Line(term_name(down, row), tuple(sealed.at(period, row, column) for column in columns))
        for row in dict.fromkeys(row for row, _ in cells)
    )
    heads = tuple(term_name(across, column) for column in columns)
    sheet = Sheet(f"{sealed.table.title}, {said(period)}", dimension_name(down), heads, lines)
    return Drawn(sealed.table.name, sheet=sheet)


def _lines(sealed: SealedTable, period: str) -> tuple[list[Series], Scale]:
    scale = Scale(tuple(sealed.periods(kind_of(period))), period)
    cells = {cell_name(sealed.table, *cell) or sealed.table.title: cell for cell in sealed.cells()}
    return series_of(sealed, scale.periods, cells), scale


def one_table(sealed: SealedTable, period: str) -> Section:
    """A single table of the grid, whole."""
    table = sealed.table
    draw: Draw = (over_time, by_cell, crossed)[len(table.dimensions)]
    part = Part(table.title, table.definition, {table.name: draw})
    section = part.section({table.name: sealed}, period)
    return section or Section(table.name, part.title, part.lead, note="Nothing of this table is sealed yet.")


def overview(tables: Tables, period: str) -> list[Section]:
    """All sections of which something is sealed."""
    return [section for part in PARTS if (section := part.section(tables, period)) is not None]


def glance(tables: Tables, period: str) -> list[tuple[str, Number]]:
    """The few numbers that are read first, as far as they are sealed for the period."""
    return [
        (said_as, tables[name].at(period, *cell))
        for name, cell, said_as in AT_A_GLANCE
        if name in tables and period in tables[name].sealings
    ]


def tables_needed() -> Sequence[str]:
    """The tables of the grid that the overview is made of."""
    return tuple(name for part in PARTS for name in part.draws)


AT_A_GLANCE = (
    ("people", (), "People reached"),
    ("overdose-events", ("reversal",), "Overdoses reversed"),
    ("referrals-by-outcome", ("completed",), "Referrals completed"),
    ("time-to-first-contact", ("same_day",), "Met on the same day"),
)
"""Table, cell, and how it is called."""

PARTS = (
    Part(
        "People reached",
        "Distinct people with whom somebody of the program had contact. Somebody who came in two months counts in "
        "both, so months do not add up to a year.",
        {"people": over_time},
    ),
    Part(
        "What was done",
        "Contacts that reached somebody, once for every act that was done in them.",
        {"encounters-by-act": by_cell},
    ),
    Part(
        "Naloxone and reversals",
        "Overdoses that somebody told of and how they ended, and what was given out against them.",
        {"overdose-events": over_time, "naloxone-doses": side_by_side, "naloxone-kits": by_cell},
    ),
    Part(
        "The referral loop",
        "What became of the referrals that were requested in a month, as they stood when it was sealed.",
        {"referrals-by-outcome": by_cell},
    ),
    Part(
        "Time to first contact",
        "How many days went by from the day an agency asked until a peer met the person.",
        {"time-to-first-contact": by_cell},
    ),
    Part(
        "Who is reached, and who is connected",
        "By the groups that people name for themselves; somebody who names several counts in each. A difference "
        "between groups says where the program has work to do, and nothing about the people.",
        {"people-by-race-ethnicity-and-connection": crossed},
    ),
)
