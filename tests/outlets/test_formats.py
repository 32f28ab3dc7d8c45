"""Rows as JSON, CSV, NDJSON and Parquet: the same columns when empty, nothing lost, no formula, little memory."""

import csv
import io
import json
import tracemalloc
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from true_api.outlets import formats
from true_api.outlets.formats import BEGINS_A_FORMULA, Column, Format, Kind, ParquetNotInstalled, cell, whole, write

COLUMNS = (
    Column("name"),
    Column("people", Kind.WHOLE),
    Column("share", Kind.DECIMAL),
    Column("suppressed", Kind.FLAG),
    Column("on", Kind.DAY),
)
NAMES = [column.name for column in COLUMNS]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
            "people": st.none() | st.integers(-(2**40), 2**40),
            "share": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "suppressed": st.booleans(),
            "on": st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)),
        }
    ),
    max_size=6,
)


def read_back(content: bytes) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    return parquet.read_table(io.BytesIO(content)).to_pylist()


@settings(deadline=None)
@given(ROWS)
def test_nothing_is_lost_or_reordered_in_any_format(rows: list[dict[str, Any]]) -> None:
    spelled = json.loads(json.dumps(rows, default=str))
    assert json.loads(whole(rows, COLUMNS, Format.JSON)) == {"rows": spelled}
    assert [json.loads(line) for line in whole(rows, COLUMNS, Format.NDJSON).decode().split("\n")[:-1]] == spelled
    assert read_back(whole(rows, COLUMNS, Format.PARQUET)) == rows
    sheet = list(csv.reader(io.StringIO(whole(rows, COLUMNS, Format.CSV).decode(), newline="")))
    assert sheet == [NAMES, *([cell(row[name]) for name in NAMES] for row in rows)]


@settings(deadline=None, max_examples=30)
@given(ROWS, st.integers(1, 3))
async def test_in_pieces_it_is_byte_for_byte_the_same(rows: list[dict[str, Any]], batch: int) -> None:
    async def one_by_one() -> AsyncIterator[Mapping[str, Any]]:
        for row in rows:
            yield row

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(formats, "BATCH", batch)
        for form in Format:
            assert b"".join([piece async for piece in write(rows, COLUMNS, form)]) == whole(rows, COLUMNS, form)
            assert b"".join([piece async for piece in write(one_by_one(), COLUMNS, form)]) == whole(rows, COLUMNS, form)


def test_without_rows_there_are_the_same_columns_of_the_same_types() -> None:
    one = [{"name": "a", "people": 1, "share": 0.5, "suppressed": False, "on": date(2026, 10, 1)}]
    empty, full = (pyarrow.BufferReader(whole(rows, COLUMNS, Format.PARQUET)) for rows in ([], one))
    assert parquet.read_schema(empty).equals(parquet.read_schema(full))
    assert whole([], COLUMNS, Format.CSV) == b"name,people,share,suppressed,on\r\n"
    assert whole(one, COLUMNS, Format.CSV).splitlines()[1] == b"a,1,0.5,false,2026-10-01"
    assert whole([], COLUMNS, Format.JSON) == b'{"rows":[]}'
    assert whole([], COLUMNS, Format.NDJSON) == b""


@pytest.mark.parametrize("form", [Format.NDJSON, Format.CSV, Format.PARQUET])
async def test_many_cells_pass_through_little_memory(form: Format) -> None:
    def many() -> Iterator[Mapping[str, Any]]:
        for number in range(70_000):
            yield {"name": f"row {number}", "people": number, "share": 0.5, "suppressed": False, "on": None}

    passed = most = 0
    tracemalloc.start()
    try:
        async for piece in write(many(), COLUMNS, form):
            passed, most = passed + len(piece), max(most, len(piece))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert passed > 300_000
    assert most < 2_000_000
    assert peak < 8_000_000


def test_without_the_library_parquet_is_refused_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "parquet", None)
    with pytest.raises(ParquetNotInstalled) as refusal:
        whole([], COLUMNS, Format.PARQUET)
    assert (refusal.value.status, refusal.value.code) == (406, "parquet_not_installed")
    assert whole([], COLUMNS, Format.NDJSON) == b""


@given(st.text(max_size=12))
def test_no_cell_is_a_formula(text: str) -> None:
    assert not cell(text).lstrip().startswith(BEGINS_A_FORMULA)
    assert not cell(text).startswith(("\t", "\r", "\n"))
    assert cell(text).endswith(text)


def test_what_a_spreadsheet_would_carry_out_is_a_text_in_it_and_a_number_stays_one() -> None:
    assert cell('=HYPERLINK("https://example.org")') == '\'=HYPERLINK("https://example.org")'
    assert (cell(" +1"), cell(-3), cell(None), cell(2.5), cell(True)) == ("' +1", "-3", "", "2.5", "true")
    assert (cell("\uff1dcmd"), cell("\ufeff=1"), cell("\n=1")) == ("'\uff1dcmd", "'\ufeff=1", "'\n=1")
