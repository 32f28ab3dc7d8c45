"""The dashboard's figures, without a house: what is kept back is a gap and a mark, never a zero; nothing is summed."""

import re
from dataclasses import dataclass
from datetime import date
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.outlets.dashboard.overview import PARTS, by_cell, crossed, glance, one_table, overview, tables_needed
from true_api.outlets.dashboard.page import Desk, Refused, dashboard, refusal, sign_in, spread_of
from true_api.outlets.dashboard.plots import NARROW, SMALL, WIDE, Series, axis_of, draw
from true_api.outlets.dashboard.sealed_rows import KEPT_BACK, WHY_KEPT_BACK, Number, SealedTable, in_order
from true_api.outlets.dashboard.wording import said, tick
from true_api.outlets.statistics.grid import GRID
from true_api.privacy.noise import REACH, SCALE

MONTHS = [f"2026-{month:02}" for month in range(5, 11)]
HIDDEN = Number(None, kept_back=True)
numbers = st.lists(st.none() | st.integers(11, 100_000), min_size=1, max_size=40)


@dataclass(frozen=True)
class Sealed:
    """As much of a release as the page reads."""

    period: str
    revision: int = 0
    sealed_on: date = date(2026, 11, 10)


def row(table: str, period: str, cell: tuple[str, ...], value: int | None, **over: object) -> dict[str, object]:
    """A row as it is published."""
    names = [dimension.name for dimension in GRID[table].dimensions]
    head = {"period": period, "table": table, "revision": 0, "is_latest": True}
    return {**head, **dict(zip(names, cell, strict=True)), "value": value, "suppressed": value is None, **over}


def sealed(table: str, value: int | None = 40, periods: list[str] = MONTHS) -> SealedTable:
    """A table in which every cell says the same."""
    rows = [row(table, period, cell, value) for period in periods for cell in GRID[table].cells]
    return SealedTable.of(GRID[table], rows, map(Sealed, periods))


def of(*values: int | None) -> Series:
    """A line through these numbers."""
    return Series("line", tuple(Number(value, value is None) for value in values))


@given(numbers)
def test_every_number_is_one_mark_and_every_gap_has_a_mark_below_zero(values: list[int | None]) -> None:
    labels = [str(place) for place in range(len(values))]
    for frame in (WIDE, NARROW, SMALL):
        drawing = draw([of(*values)], labels, frame)
        (line,) = drawing.lines
        assert len(line.marks) == sum(value is not None for value in values)
        assert len(line.kept_back) == values.count(None)
        assert all(frame.top <= mark.y <= drawing.bottom for mark in line.marks)
        assert all(drawing.bottom < mark.y < drawing.height for mark in line.kept_back)
        assert all(KEPT_BACK in mark.says for mark in line.kept_back)
        assert drawing.levels[0].text == "0"
        assert drawing.ticks[-1].text == labels[-1]
        assert all(0 <= tick.at <= frame.width for tick in drawing.ticks)


@given(numbers)
def test_no_line_goes_through_a_gap(values: list[int | None]) -> None:
    (line,) = draw([of(*values)], [str(place) for place in range(len(values))], WIDE).lines
    runs = "".join("x" if value is None else "." for value in values).split("x")
    assert [len(piece.split()) for piece in line.pieces] == [len(run) for run in runs if len(run) > 1]


@given(st.lists(st.integers(11, 10**7), max_size=5))
def test_an_axis_begins_at_zero_and_has_few_round_levels(values: list[int]) -> None:
    top, step = axis_of(values)
    assert top >= max([*values, 1])
    assert top % step == 0
    assert top // step <= 5
    assert str(step).rstrip("0") in ("1", "2", "5")


def test_a_period_that_is_not_sealed_is_a_gap_without_a_mark_and_is_not_called_kept_back() -> None:
    table = sealed("people", 40, ["2026-05", "2026-07"])
    assert (table.at("2026-06").text, table.at("2026-05").text) == ("not sealed", "40")
    (line,) = draw([Series("people", (Number(12), Number(None), HIDDEN))], ["a", "b", "c"], WIDE).lines
    assert len(line.kept_back) == 1


def test_earlier_revisions_are_left_out() -> None:
    rows = [row("people", "2026-05", (), 90, is_latest=False), row("people", "2026-05", (), 95, revision=1)]
    table = SealedTable.of(GRID["people"], rows, [Sealed("2026-05", 1)])
    assert table.at("2026-05").value == 95
    assert table.sealings["2026-05"].revision == 1


def test_bars_keep_the_order_of_the_grid_and_have_no_length_where_a_number_is_kept_back() -> None:
    cells = GRID["referrals-by-outcome"].cells
    values: list[int | None] = [20, None, 80, 40, None]
    rows = [row("referrals-by-outcome", "2026-05", cell, value) for cell, value in zip(cells, values, strict=True)]
    bars = by_cell(SealedTable.of(GRID["referrals-by-outcome"], rows, [Sealed("2026-05")]), "2026-05").bars
    assert bars is not None
    assert [bar.length for bar in bars.bars] == [25.0, None, 100.0, 50.0, None]
    assert [bar.number.text for bar in bars.bars] == ["20", KEPT_BACK, "80", "40", KEPT_BACK]


def test_groups_and_how_far_they_were_connected_stand_in_one_table_of_their_own_numbers() -> None:
    name = "people-by-race-ethnicity-and-connection"
    sheet = crossed(sealed(name), "2026-10").sheet
    assert sheet is not None
    down, across = GRID[name].dimensions
    assert (len(sheet.lines), len(sheet.heads)) == (len(down.categories), len(across.categories))


def test_the_overview_tells_of_all_that_funders_ask_for_and_of_tables_that_there_are() -> None:
    tables = {name: sealed(name) for name in tables_needed()}
    assert set(tables) <= set(GRID)
    shown = overview(tables, "2026-10")
    assert len(shown) == len(PARTS)
    assert all(section.drawn and not section.note for section in shown)
    assert all(drawn.sheet for section in shown for drawn in section.drawn), "no plot without its table"
    assert [name for name, number in glance(tables, "2026-10") if number.value == 40][:2] == [
        "People reached",
        "Overdoses reversed",
    ]


def test_of_a_year_events_are_not_added_up_and_it_is_said_why() -> None:
    tables = {"people": sealed("people", 300, ["FY2026"]), "encounters-by-act": sealed("encounters-by-act")}
    people, acts = overview(tables, "FY2026")
    assert people.drawn
    assert not acts.drawn
    assert acts.note.startswith("This is sealed month by month")


def test_every_table_of_the_grid_can_be_shown_alone() -> None:
    for name in GRID:
        section = one_table(sealed(name, None), "2026-10")
        assert section.title == GRID[name].title
        assert all(drawn.keeps_back for drawn in section.drawn)
        assert section.drawn


def page_of(table: SealedTable, period: str = "2026-10") -> str:
    """The page with one table."""
    return dashboard(
        Desk(
            title="One table",
            table=table.table.name,
            tables=list(GRID.values()),
            next="",
            period=period,
            periods={"Months": MONTHS},
            sealing=table.sealings[period],
            spreads=[spread_of("people", SCALE)],
            sections=[one_table(table, period)],
        )
    )


@pytest.mark.parametrize("table", GRID)
def test_a_page_of_numbers_kept_back_says_so_in_words_and_shows_no_zero(table: str) -> None:
    page = page_of(sealed(table, None))
    cells = re.findall(r'<td class="number">(.*?)</td>', page, re.DOTALL)
    assert cells
    assert all(KEPT_BACK in cell for cell in cells)
    assert WHY_KEPT_BACK in page
    assert '<rect class="bar"' not in page
    assert "<polyline" not in page


def test_nothing_in_a_page_needs_more_than_its_own_stylesheet() -> None:
    for page in (page_of(sealed("encounters-by-act")), sign_in(), refusal(Refused(404, "Not here"), "1f", True)):
        assert "<script" not in page
        assert " style=" not in page
        assert "<style" not in page
        assert not re.search(r"\son[a-z]+=", page)
        assert "http" not in page.replace("http://www.w3.org", "")
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_whatever_a_text_says_it_is_escaped() -> None:
    page = refusal(Refused(404, "<b>not</b> here", "<script>", [("<i>", "/x")]), "<r>", False)
    assert "&lt;b&gt;not" in page
    assert not re.search(r"<(b|script|i|r)>", page)


@pytest.mark.parametrize("scale", [2, 4, 10, 20])
def test_what_is_said_of_the_noise_follows_from_the_noise(scale: int) -> None:
    weights = {k: exp(-abs(k) / scale) for k in range(-REACH * scale, REACH * scale + 1)}

    def further(than: int) -> float:
        return sum(weight for k, weight in weights.items() if abs(k) > than) / sum(weights.values())

    told = spread_of("people", scale)
    assert further(told.usually) <= 0.05 < further(told.usually - 2)
    assert further(told.at_most) == 0
    assert told.at_most == max(weights)


def test_periods_are_put_in_order_and_said_in_words() -> None:
    assert in_order({"2026-10", "FY2026", "2026-Q3", "2026-07"}) == ["FY2026", "2026-07", "2026-Q3", "2026-10"]
    assert [said(period) for period in ("2026-10", "2026-Q3", "FY2026")] == [
        "October 2026",
        "July to September 2026",
        "Fiscal year 2026",
    ]
    assert [tick(period) for period in ("2026-10", "2026-Q3", "FY2026")] == ["Oct 2026", "Q3 2026", "FY2026"]
