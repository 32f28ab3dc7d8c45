"""The grid and its indicators as data: closed, whole, and each held to the other; and periods as they are written."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import House, ok
from true_api.kernel.errors import InvalidShape
from true_api.outlets.statistics.events import EVENTS
from true_api.outlets.statistics.grid import GRID, INSIDE, Unit
from true_api.outlets.statistics.indicators import indicators
from true_api.outlets.statistics.keeping import KEPT
from true_api.outlets.statistics.periods import FiscalYear, Month, PeriodKind, Quarter, Span, read_period

TABLES = GRID | INSIDE
days = st.dates(date(2020, 1, 1), date(2099, 12, 31))


def test_every_indicator_is_told_in_tables_that_exist_and_every_table_tells_an_indicator() -> None:
    told = indicators().indicators
    assert {table for one in told for table in one.tables} == set(TABLES)
    for one in told:
        tables = [TABLES[name] for name in one.tables]
        assert {table.unit for table in tables} == {one.unit}, one.id
        dimensions = {dimension.name for table in tables for dimension in table.dimensions}
        assert (sorted(one.dimensions), len(one.dimensions)) == (sorted(dimensions), len(dimensions)), one.id
        assert set(one.source) == {source for table in tables for source in table.sources}, one.id
        assert {table.belief for table in tables} & {one.belief}, one.id
        assert one.released is not any(name in INSIDE for name in one.tables)
        assert all((one.name, one.name_es, one.definition.endswith(".")))


def test_the_grid_is_closed_and_tells_one_total_alone() -> None:
    assert [name for name, table in GRID.items() if not table.dimensions] == ["people"]
    assert {len(table.dimensions) for table in TABLES.values()} == {0, 1, 2}
    for name, table in TABLES.items():
        assert (table.name, len(set(table.cells))) == (name, len(table.cells))
        people = table.unit is Unit.PEOPLE
        assert (table.cap is None) == people == (len(table.periods) == 3) == (name not in EVENTS)
        assert PeriodKind.MONTH in table.periods
        assert name in KEPT
    own = TABLES["people-by-zone"].with_own(["harbor", "not_asked"])
    assert own.dimensions[0].categories == ("harbor", "not_asked", "does_not_know", "prefers_not_to_say")


@given(day=days, starts=st.integers(1, 12))
def test_every_day_lies_in_one_month_one_quarter_and_one_fiscal_year(day: date, starts: int) -> None:
    for period in (Month.of(day), Quarter.of(day), FiscalYear.of(day, starts)):
        assert period.first_day <= day < period.end
        assert period.following.first_day == period.end
        assert period.following.previous == period == period.previous.following
        assert period.months[0].first_day == period.first_day
        assert period.months[-1].end == period.end
        assert all(one.following == other for one, other in zip(period.months, period.months[1:], strict=False))
        assert read_period(str(period), starts) == period
    year = FiscalYear.of(day, starts)
    assert year.end - timedelta(days=1) >= date(year.year, 1, 1)
    assert (year.end - timedelta(days=1)).year == year.year
    assert (year.first_day.month, len(year.months)) == (starts, 12)


WRONG = ("", "2026", "2026-13", "2026-00", "26-10", "2026-Q5", "2026-q4", "FY26", "fy2027", "2026-10-01", " 2026-10")


@pytest.mark.parametrize("text", [*WRONG, "\uff12\uff10\uff12\uff16-10", "1999-10"])
def test_whatever_is_not_written_like_a_period_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="a period is written"):
        read_period(text)


def test_a_span_has_months_and_not_too_many() -> None:
    assert [str(month) for month in Span(Month(2026, 11), Month(2027, 2)).months()] == ["2026-11", "2026-12", "2027-01"]
    for wrong in (Span(Month(2026, 11), Month(2026, 11)), Span(Month(2020, 1), Month(2026, 1))):
        with pytest.raises(InvalidShape):
            wrong.months()


async def test_everybody_reads_what_is_counted_and_why(house: House) -> None:
    answers: list[dict[str, Any]] = []
    for caller in (house.peer, house.supervisor, house.agency, house.integrator, house.admin):
        answer = await caller.get("/v1/indicators")
        answers.append(ok(answer))
        again = await caller.get("/v1/indicators", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["version"] == indicators().version
    assert [one["id"] for one in answers[0]["indicators"]] == [one.id for one in indicators().indicators]
