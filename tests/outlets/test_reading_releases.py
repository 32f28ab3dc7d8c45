"""Reading releases: a closed grid of tables and periods, the same bytes for everybody for good, in four formats."""

import asyncio
import csv
import hashlib
import io
import json
import random
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from sqlalchemy import func, select

from tests.outlets.sealed_by_hand import publishes
from tests.security.traces import entry_of
from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.outlets import formats
from true_api.outlets.formats import MEDIA_TYPES, Format
from true_api.outlets.sealed import reading
from true_api.outlets.sealed.reading import Rendering, Shelf
from true_api.outlets.sealed.tables import Release
from true_api.outlets.statistics.grid import GRID
from true_api.security.trail import TrailEntry

RELEASES = "/v1/releases"
OCTOBER, FLAT = f"{RELEASES}/2026-10/people-by-setting", f"{RELEASES}/tables/people-by-setting"
COLUMNS = ["period", "table", "revision", "is_latest", "setting", "unit", "value", "suppressed"]
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What no engine decides."""


def accept(form: Format) -> dict[str, str]:
    """The header that asks for a format."""
    return {"Accept": MEDIA_TYPES[form]}


def spelled(answer: httpx2.Response) -> list[list[Any]]:
    """Rows as they were given in any format, each value as JSON would write it."""
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == MEDIA_TYPES[Format.JSON]:
        return [list(row.values()) for row in answer.json()["rows"]]
    if kind == MEDIA_TYPES[Format.NDJSON]:
        return [list(json.loads(line).values()) for line in answer.text.splitlines()]
    if kind == MEDIA_TYPES[Format.PARQUET]:
        return [list(row.values()) for row in parquet.read_table(io.BytesIO(answer.content)).to_pylist()]
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))[1:]
    plain = {"": None, "true": True, "false": False}
    return [[plain[cell] if cell in plain else int(cell) if cell.isdigit() else cell for cell in row] for row in rows]


async def test_one_flat_array_with_null_for_what_is_kept_back_and_the_same_in_every_format(house: House) -> None:
    await publishes(house, "people-by-setting", "2026-10")
    rows = ok(await house.integrator.get(OCTOBER))["rows"]
    assert [list(row) for row in rows] == [COLUMNS] * len(GRID["people-by-setting"].cells)
    assert {(row["value"] is None, row["suppressed"]) for row in rows} == {(True, True), (False, False)}
    assert 0 not in {row["value"] for row in rows}
    for form in Format:
        answer = await house.integrator.get(OCTOBER, headers=accept(form))
        assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[form]
        assert spelled(answer) == [list(row.values()) for row in rows]
        ending = await house.integrator.get(f"{OCTOBER}.{form}", headers={"Accept": "text/html"})
        assert ending.content == answer.content


async def test_all_periods_of_a_table_in_order_of_time(house: House) -> None:
    for period in ("2026-10", "2026-Q3", "2026-09", "FY2026"):
        await publishes(house, "people", period)
    rows = ok(await house.agency.get(f"{RELEASES}/tables/people"))["rows"]
    assert [row["period"] for row in rows] == ["2026-09", "2026-10", "2026-Q3", "FY2026"]
    listed = ok(await house.supervisor.get(RELEASES))
    assert listed["releases"][0]["period"] == "2026-10"
    assert {table["name"] for table in listed["tables"]} == set(GRID)


async def test_where_nothing_is_sealed_the_columns_are_the_same(house: House) -> None:
    empty = {form: await house.integrator.get(FLAT, headers=accept(form)) for form in Format}
    await publishes(house, "people-by-setting", "2026-10")
    full = {form: await house.integrator.get(FLAT, headers=accept(form)) for form in Format}
    assert empty[Format.JSON].json() == {"rows": []}
    assert empty[Format.CSV].text.splitlines() == full[Format.CSV].text.splitlines()[:1] == [",".join(COLUMNS)]
    schemas = [parquet.read_schema(io.BytesIO(each[Format.PARQUET].content)) for each in (empty, full)]
    assert schemas[0].equals(schemas[1])


async def test_a_later_revision_is_another_release_and_the_first_stays_readable(house: House) -> None:
    first = await publishes(house, "people", "2026-09", latest=False)
    await publishes(house, "people", "2026-09", revision=1)
    single, flat = f"{RELEASES}/2026-09/people", f"{RELEASES}/tables/people"
    for path in (single, flat):
        assert [row["revision"] for row in ok(await house.integrator.get(path))["rows"]] == [1]
        every = ok(await house.integrator.get(f"{path}?revision=all"))["rows"]
        assert [(row["revision"], row["is_latest"]) for row in every] == [(0, False), (1, True)]
    assert first.revision == 0


async def looked(house: House, times: int) -> None:
    """Ask for the same numbers over and over, in any order and format, by whoever may, from the shelf and anew."""
    for table in ("people", "people-by-setting", "people-by-zone-and-age-band"):
        await publishes(house, table, "2026-10")
    paths = [OCTOBER, FLAT, f"{RELEASES}/2026-10/people", f"{RELEASES}/tables/people-by-zone-and-age-band"]
    callers = (house.integrator, house.agency, house.other_agency, house.supervisor)
    drawn, seen = random.Random(0), dict[tuple[str, str], set[tuple[bytes, str]]]()
    wishes = [(drawn.choice(paths), drawn.choice(list(Format)), drawn.choice(callers)) for _ in range(times)]
    for start in range(0, times, 20):
        some = wishes[start : start + 20]
        answers = await asyncio.gather(*(who.get(path, headers=accept(form)) for path, form, who in some))
        for (path, form, _), answer in zip(some, answers, strict=True):
            assert answer.status_code == 200
            assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
            seen.setdefault((path, form), set()).add((answer.content, answer.headers["etag"]))
        if drawn.random() < 0.3:
            reading.RENDERED.clear()
    assert {len(answers) for answers in seen.values()} == {1}
    assert len(seen) == len(paths) * len(Format)


async def test_however_often_and_by_whomever_it_is_asked_for_the_bytes_are_the_same(house: House) -> None:
    await looked(house, 100)


@pytest.mark.proof
async def test_a_thousand_times_it_is_the_same_bytes(house: House) -> None:
    await looked(house, 1_000)


@ON_SQLITE
async def test_what_a_reader_has_already_is_not_sent_again(house: House) -> None:
    await publishes(house, "people-by-setting", "2026-10")
    for path, kept in ((OCTOBER, "private, max-age=3600"), (FLAT, "private, no-cache")):
        first = await house.integrator.get(path, headers=accept(Format.CSV))
        again = await house.agency.get(
            path, headers={**accept(Format.CSV), "If-None-Match": f'"nothing", {first.headers["etag"]}'}
        )
        asked = await house.integrator.call("HEAD", path, headers=accept(Format.CSV))
        assert (again.status_code, again.content) == (304, b"")
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["content-length"] == str(len(first.content))
        for answer in (first, again, asked):
            assert answer.headers["cache-control"] == kept
            assert answer.headers["vary"] == "Accept"
            assert answer.headers["etag"] == first.headers["etag"]
    other = await house.integrator.get(OCTOBER, headers=accept(Format.JSON))
    assert other.headers["etag"] != first.headers["etag"]
    for path in (RELEASES, f"{RELEASES}/calendar", f"{RELEASES}/2026-10/nowhere", "/v1/me"):
        assert (await house.integrator.get(path)).headers["cache-control"] == "no-store"


@ON_SQLITE
async def test_the_format_that_is_preferred_and_no_other_than_there_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publishes(house, "people-by-setting", "2026-10")
    csv_rather = "application/json;q=0.4, text/csv;q=0.9, application/vnd.apache.parquet;q=0.1"
    for asked, form in ((csv_rather, Format.CSV), ("*/*", Format.JSON), ("text/*", Format.CSV), ("", Format.JSON)):
        answer = await house.integrator.get(OCTOBER, headers={"Accept": asked})
        assert answer.headers["content-type"].startswith(MEDIA_TYPES[form])
    for path in (OCTOBER, FLAT):
        refused(await house.integrator.get(path, headers={"Accept": "text/html"}), 406, "not_acceptable")
        refused(await house.integrator.get(path, headers={"Accept": "text/csv;q=0"}), 406, "not_acceptable")
        problem = refused(await house.integrator.get(f"{path}.xlsx"), 422, "outside_the_grid")
        assert "people-by-setting.csv" in problem["errors"][0]["near"]
    monkeypatch.setattr(formats, "parquet", None)
    reading.RENDERED.clear()
    only, or_else = MEDIA_TYPES[Format.PARQUET], f"{MEDIA_TYPES[Format.PARQUET]}, text/csv;q=0.1"
    refused(await house.integrator.get(OCTOBER, headers={"Accept": only}), 406, "parquet_not_installed")
    refused(await house.integrator.get(f"{OCTOBER}.parquet"), 406, "parquet_not_installed")
    answer = await house.integrator.get(OCTOBER, headers={"Accept": or_else})
    assert answer.headers["content-type"].startswith("text/csv")


async def test_whatever_lies_outside_the_grid_is_told_what_there_is_and_never_a_number(house: House) -> None:
    await publishes(house, "people-by-setting", "2026-10")
    for path, code, named in (
        ("2026-10/people-by-seting", "unknown_table", "people-by-setting"),
        ("tables/participants", "unknown_table", "people"),
        ("2026-10/people-by-setting-and-gender", "unknown_table", "people-by-setting"),
        ("2026-10-05/people-by-setting", "unknown_period", "2026-10"),
        ("2026-W41/people-by-setting", "unknown_period", "2026-Q4"),
        ("2026-Q4/naloxone-kits", "unknown_period", "2026-10"),
        ("1999-10/people-by-setting", "unknown_period", "FY2027"),
        ("2026-08/people-by-setting", "unknown_period", "2026-10"),
        ("2031-01/people-by-setting", "unknown_period", "2026-10"),
    ):
        (fault,) = refused(await house.integrator.get(f"{RELEASES}/{path}"), 422, "outside_the_grid")["errors"]
        assert fault["code"] == code
        assert named in fault["near"], path
    for query in ("setting=street", "gender=woman", "from=2026-10", "limit=5", "cursor=x", "zone=", "revision=2"):
        for path in (OCTOBER, FLAT):
            refused(await house.integrator.get(f"{path}?{query}"), 422, "invalid_shape")
    refused(await house.integrator.get(f"{RELEASES}?table=people"), 422, "invalid_shape")


async def test_of_a_period_that_is_not_sealed_yet_the_refusal_says_when_it_will_be(house: House) -> None:
    for period, day in (("2026-11", "2026-12-10"), ("2026-Q4", "2027-01-10"), ("FY2027", "2027-07-10")):
        problem = refused(await house.integrator.get(f"{RELEASES}/{period}/people"), 404, "period_not_sealed")
        assert problem["seals_on"] == day
    calendar = {line["period"]: line for line in ok(await house.agency.get(f"{RELEASES}/calendar"))["periods"]}
    assert calendar["2026-11"]["state"] == "open"
    assert calendar["2026-11"]["seals_on"] == "2026-12-10"
    assert set(calendar) == {"2026-11", "2026-Q4", "FY2027"}


PARTS = st.one_of(
    st.sampled_from([*GRID, "people.csv", "people.parquet", "calendar", "tables", "2026-10", "2026-Q4", "FY2027"]),
    st.from_regex(r"\A[A-Za-z0-9._-]{1,24}\Z"),
    st.from_regex(r"\A20[0-9]{2}-(0[1-9]|1[0-2]|Q[1-4]|W[0-9]{2})\Z"),
    st.sampled_from(
        [
            "%00",
            "%2e%2e",
            "people%2fby",
            "*",
            "people;drop",
            "people,people-by-zone",
            "%F0%9F%92%89",
            "\uff12\uff10\uff12\uff16-10",
        ]
    ),
)
WISHES = st.tuples(
    PARTS,
    PARTS,
    st.sampled_from(
        ["", "", "?zone=river", "?revision=all", "?revision=9", "?limit=1", "?from=2026-10&to=2026-11", "?a&a"]
    ),
    st.sampled_from([*MEDIA_TYPES.values(), "*/*", "text/html", "application/vnd.ms-excel", ";;", "text/csv;q=2"]),
)


async def fuzzed(house: House, wishes: list[tuple[str, str, str, str]]) -> None:
    """Ask for anything: what is answered lies in the grid, and all else is refused by name."""
    if not (await house.rows(select(table_of(Release))))[0]:
        await publishes(house, "people-by-setting", "2026-10")
    for one, other, query, wish in wishes:
        path = f"{RELEASES}/{one}/{other}{query}"
        answer = await house.integrator.get(path, headers={"Accept": wish})
        if answer.status_code == 200:
            assert (one, other.partition(".")[0]) in {
                ("2026-10", "people-by-setting"),
                *(("tables", name) for name in GRID),
            }
            assert query in ("", "?revision=all")
        else:
            assert answer.status_code in (404, 406, 422), (path, answer.status_code)
            assert answer.headers["content-type"] == "application/problem+json"
            assert "rows" not in answer.json()


FUZZ = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@ON_SQLITE
@settings(max_examples=4, **FUZZ)
@given(st.lists(WISHES, min_size=10, max_size=15))
async def test_anything_may_be_asked_for_and_only_the_grid_answers(house: House, wishes: Any) -> None:
    await fuzzed(house, wishes)


@pytest.mark.proof
@settings(max_examples=20, **FUZZ)
@given(st.lists(WISHES, min_size=25, max_size=25))
async def test_five_hundred_things_may_be_asked_for_and_only_the_grid_answers(house: House, wishes: Any) -> None:
    await fuzzed(house, wishes)


async def test_reading_is_about_nobody_and_leaves_no_entry_but_a_refusal_does(house: House) -> None:
    await publishes(house, "people-by-setting", "2026-10")
    trail = select(func.count()).select_from(table_of(TrailEntry))
    before = (await house.rows(trail))[0][0][0]
    for path in (OCTOBER, FLAT, RELEASES, f"{RELEASES}/calendar"):
        ok(await house.integrator.get(path))
    assert (await house.rows(trail))[0][0][0] == before
    absent = await house.integrator.get(f"{RELEASES}/2026-11/people")
    assert (await entry_of(house, absent)).problem == "period_not_sealed"
    for caller in (house.peer, house.admin):
        turned_away = await caller.get(OCTOBER)
        refused(turned_away, 403, "not_permitted")
        assert (await entry_of(house, turned_away)).outcome == 403
    refused(await house.http.get(OCTOBER), 401, "unauthenticated")


def test_the_shelf_holds_what_was_used_last_and_no_more_than_its_limit() -> None:
    shelf = Shelf(limit=10)
    for name in ("first", "second"):
        shelf.put(name, Rendering(b"1234", name))
    assert shelf.get("first") == Rendering(b"1234", "first")
    shelf.put("third", Rendering(b"1234", "third"))
    assert [shelf.get(name) is not None for name in ("first", "second", "third")] == [True, False, True]
    shelf.put("too large", Rendering(b"12345678901", "too large"))
    assert shelf.get("too large") is None
    shelf.put("whole", Rendering(b"1234567890", "whole"))
    assert [shelf.get(name) is not None for name in ("first", "third", "whole")] == [False, False, True]
