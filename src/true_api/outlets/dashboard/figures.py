"""Figures: what the page shows of sealed tables, as plots with their numbers beside them; nothing is worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from true_api.outlets.dashboard.plots import NARROW, WIDE, Drawing, Frame, Series, draw
from true_api.outlets.dashboard.sealed_rows import Number, SealedTable, Sealing, kind_of
from true_api.outlets.dashboard.wording import cell_name, dimension_name, said, tick
from true_api.outlets.statistics.grid import Cell, Table

MOST_COLUMNS = 5
"""So many series stand beside each other in a table that can be read at a glance."""


@dataclass(frozen=True)
class Scale:
    """The sealed periods of one kind in order of time, and the one that the reader looks at."""

    periods: tuple[str, ...]
    chosen: str


@dataclass(frozen=True)
class Line:
    """A line of a table: what it is about, its numbers, and how it was sealed where the line is a period."""

    head: str
    numbers: tuple[Number, ...]
    sealing: Sealing | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table of numbers, for people and for screen readers."""

    caption: str
    corner: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def sealed(self) -> bool:
        """Whether its lines are periods."""
        return any(line.sealing for line in self.lines)


@dataclass(frozen=True)
class Trend:
    """Numbers over periods, drawn once for each width of screen that it is shown on."""

    title: str
    unit: str
    series: tuple[Series, ...]
    drawings: tuple[Drawing, ...]

    @property
    def keeps_back(self) -> bool:
        """Whether a number of it is kept back."""
        return any(each.keeps_back for each in self.series)


@dataclass(frozen=True)
class Bar:
    """One bar: its length in percent of the longest, or none where the number is kept back."""

    head: str
    number: Number
    length: float | None


@dataclass(frozen=True)
class Bars:
    """The cells of one period as bars inside their table."""

    caption: str
    corner: str
    unit: str
    bars: tuple[Bar, ...]
    sealing: Sealing


@dataclass(frozen=True)
class Drawn:
    """What is drawn of one table or of some that belong together: plots, bars, and the table of all numbers in them."""

    key: str
    trends: tuple[Trend, ...] = ()
    bars: Bars | None = None
    sheet: Sheet | None = None

    @property
    def keeps_back(self) -> bool:
        """Whether a number in it is kept back."""
        shown = [bar.number for bar in self.bars.bars] if self.bars else []
        shown += [number for line in (self.sheet.lines if self.sheet else ()) for number in line.numbers]
        return any(number.kept_back for number in shown)


@dataclass(frozen=True)
class Section:
    """One thing the page tells of; `note` says why there is nothing drawn."""

    key: str
    title: str
    lead: str
    drawn: tuple[Drawn, ...] = ()
    note: str = ""


def series_of(sealed: SealedTable, periods: Sequence[str], cells: Mapping[str, Cell]) -> list[Series]:
    """A line for each named cell."""
    return [Series(name, tuple(sealed.at(period, *cell) for period in periods)) for name, cell in cells.items()]


def trend_of(
    title: str, unit: str, series: Sequence[Series], scale: Scale, frames: Sequence[Frame] = (WIDE, NARROW)
) -> Trend:
    """Lines over all periods of a scale."""
    labels = [tick(period) for period in scale.periods]
    at = scale.periods.index(scale.chosen) if scale.chosen in scale.periods else None
    return Trend(title, unit, tuple(series), tuple(draw(series, labels, frame, at) for frame in frames))


def bars_of(sealed: SealedTable, period: str, cells: Sequence[Cell] | None = None) -> Bars:
    """The cells of a table in one period, in the order of the grid, so that the order tells nothing."""
    table = sealed.table
    numbers = [(cell, sealed.at(period, *cell)) for cell in cells or sealed.cells(period)]
    longest = max([number.value for _, number in numbers if number.value is not None], default=0) or 1
    bars = tuple(
        Bar(
            cell_name(table, *cell) or table.title,
            number,
            None if number.value is None else round(100 * number.value / longest, 1),
        )
        for cell, number in numbers
    )
    return Bars(f"{table.title}, {said(period)}", corner_of(table), str(table.unit), bars, sealed.sealings[period])


def sheet_of(series: Sequence[Series], sealed: SealedTable, scale: Scale, caption: str) -> Sheet:
    """Periods down, newest first, and a column for each series; many series stand down instead, and periods across."""
    newest_first = list(enumerate(scale.periods))[::-1]
    if len(series) > MOST_COLUMNS:
        across = tuple(tick(period) for _, period in newest_first)
        lines = [Line(each.name, tuple(each.numbers[place] for place, _ in newest_first)) for each in series]
        return Sheet(caption, corner_of(sealed.table), across, tuple(lines))
    lines = [
        Line(
            said(period),
            tuple(each.numbers[place] for each in series),
            sealed.sealings.get(period),
            period == scale.chosen,
        )
        for place, period in newest_first
    ]
    return Sheet(caption, period_name(scale.periods), tuple(each.name for each in series), tuple(lines))


def corner_of(table: Table) -> str:
    """What the first column of a table holds where its cells stand down."""
    return ", ".join(dimension_name(dimension) for dimension in table.dimensions) or "Whole program"


def period_name(periods: Sequence[str]) -> str:
    """What the periods of a scale are called."""
    kind = kind_of(periods[0]) if periods else "month"
    return {"month": "Month", "quarter": "Quarter", "fiscal_year": "Fiscal year"}[kind]
