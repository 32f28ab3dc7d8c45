"""The overview: which sealed tables the page tells of, in which order, and in which words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from true_api.outlets.dashboard.figures import (
    Cell,
    Drawn,
    Line,
    Scale,
    Section,
    Sheet,
    bars_of,
    cells_of,
    series_of,
    sheet_of,
    trend_of,
)
from true_api.outlets.dashboard.plots import SMALL
from true_api.outlets.dashboard.sealed_rows import SealedTable, kind_of
from true_api.outlets.dashboard.wording import cell_name, dimension_name, said, term_name

MOST_LINES = 4
"""So many lines can still be told apart in one plot; with more of them there is the table."""

Tables = Mapping[str, SealedTable]


@dataclass(frozen=True)
class Part:
    """A section of the overview: the tables it is made of, the cells of them that it shows, and what draws it."""

    title: str
    lead: str
    draw: Callable[[Sequence[SealedTable], str, Mapping[str, Sequence[Cell]]], Drawn]
    tables: tuple[str, ...]
    only: Mapping[str, Sequence[Cell]] = field(default_factory=dict)

    def section(self, tables: Tables, period: str) -> Section | None:
        """The section for a period; None while nothing of it was ever sealed."""
        held = [tables[name] for name in self.tables if name in tables and tables[name].sealings]
        if not held:
            return None
        here = [sealed for sealed in held if period in sealed.sealings]
        if not here:
            return Section(self.tables[0], self.title, self.lead, None, _elsewhere(held, period))
        return Section(self.tables[0], self.title, self.lead, self.draw(here, period, self.only))


def _elsewhere(held: Sequence[SealedTable], period: str) -> str:
    kinds = {kind_of(each) for sealed in held for each in sealed.sealings}
    if kind_of(period) not in kinds:
        return f"This is sealed month by month, and {said(period)} is longer. Choose a month to see it."
    return f"Nothing of this is sealed for {said(period)}."


def scale_of(sealed: SealedTable, period: str) -> Scale:
    """All sealed periods of the kind that the reader looks at."""
    return Scale(tuple(sealed.periods(kind_of(period))), period)


def _named(sealed: SealedTable, cells: Sequence[Cell]) -> dict[str, Cell]:
    return {cell_name(sealed.table, *cell) or sealed.table.title: cell for cell in cells}


def over_time(tables: Sequence[SealedTable], period: str, only: Mapping[str, Sequence[Cell]]) -> Drawn:
    """The lines of the first table over all periods."""
    sealed = tables[0]
    scale = scale_of(sealed, period)
    cells = only.get(sealed.table.name, cells_of(sealed.table))
    series = series_of(sealed, scale.periods, _named(sealed, cells))
    trend = trend_of(sealed.table.title, str(sealed.table.unit), series, scale)
    return Drawn((trend,), None, sheet_of(series, sealed, scale, f"{sealed.table.title}, all periods"))


def by_cell(tables: Sequence[SealedTable], period: str, only: Mapping[str, Sequence[Cell]]) -> Drawn:
    """The cells of one period as bars, and all periods as a table; lines too where they can be told apart."""
    sealed = tables[0]
    cells = only.get(sealed.table.name, cells_of(sealed.table))
    drawn = over_time(tables, period, {sealed.table.name: cells})
    return Drawn(drawn.trends if len(cells) <= MOST_LINES else (), bars_of(sealed, period, cells), drawn.sheet)


def side_by_side(tables: Sequence[SealedTable], period: str, only: Mapping[str, Sequence[Cell]]) -> Drawn:
    """A small plot for each cell, every one with a scale of its own: doses, kits and events are not alike."""
    scale, trends, series = scale_of(tables[0], period), [], []
    for sealed in tables:
        cells = _named(sealed, only.get(sealed.table.name, cells_of(sealed.table)))
        for each in series_of(sealed, scale.periods, cells):
            trends.append(trend_of(each.name, str(sealed.table.unit), [each], scale, [SMALL]))
            series.append(each)
    return Drawn(tuple(trends), None, sheet_of(series, tables[0], scale, "All periods"))


def crossed(tables: Sequence[SealedTable], period: str, only: Mapping[str, Sequence[Cell]]) -> Drawn:
    """One period of a table with two dimensions: the first down, the second across."""
    sealed = tables[0]
    down, across = sealed.table.dimensions
    lines = tuple(
        Line(
            term_name(down, row),
            tuple(sealed.at(period, row, column) for column in across.categories),
        )
        for row in down.categories
    )
    heads = tuple(term_name(across, column) for column in across.categories)
    caption = f"{sealed.table.title}, {said(period)}"
    return Drawn((), None, Sheet(caption, dimension_name(down), heads, lines))


def one_table(sealed: SealedTable, period: str) -> Section:
    """A single table of the grid, whole."""
    draw = (over_time, by_cell, crossed)[len(sealed.table.dimensions)]
    part = Part(sealed.table.title, sealed.table.definition, draw, (sealed.table.name,))
    section = part.section({sealed.table.name: sealed}, period)
    return section or Section(sealed.table.name, part.title, part.lead, None, "Nothing of this table is sealed yet.")


def overview(tables: Tables, period: str) -> list[Section]:
    """All sections of which something is sealed."""
    return [section for part in PARTS if (section := part.section(tables, period)) is not None]


PARTS = (
    Part(
        "People reached",
        "Distinct people with whom somebody of the program had contact. Somebody who came in two months counts in both, "
        "so months do not add up to a year.",
        over_time,
        ("people",),
    ),
    Part(
        "What was done",
        "Contacts by what was done in them. A contact counts under each of its acts.",
        by_cell,
        ("encounters-by-act",),
    ),
    Part(
        "Naloxone, kits and reversals",
        "What was given out, and how often somebody told of an overdose that was reversed.",
        side_by_side,
        ("naloxone-doses", "supplies-given", "overdose-events"),
    ),
    Part(
        "The referral loop",
        "What became of the referrals that were asked for in the month.",
        by_cell,
        ("referrals-by-outcome",),
    ),
    Part(
        "Time to first contact",
        "How soon somebody of the program reached the person after an agency asked for it.",
        by_cell,
        ("time-to-first-contact",),
    ),
    Part(
        "Who is reached, and who is connected",
        "By the words that people use for themselves; somebody who uses several counts in each. "
        "Differences between groups say where the program has work to do, never something about the people.",
        crossed,
        ("people-by-race-ethnicity-and-connection",),
    ),
)
