"""Tools read releases from a real server with a token or a release key, as their own documentation says."""

import asyncio
import base64
from urllib.request import Request, urlopen

import pandas
import pyarrow
import pytest
from pyarrow import parquet

from tests.api.loopback import serving
from tests.outlets.sealed_by_hand import publishes
from tests.security.test_release_keys import makes
from tests.world import House, ok
from true_api.outlets.statistics.grid import GRID

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Bytes on a socket are the same whatever they were read from."""

TABLE = "people-by-setting"


async def test_pandas_and_pyarrow_read_a_table_by_its_address(house: House) -> None:
    await publishes(house, TABLE, "2026-10")
    rows = ok(await house.integrator.get(f"/v1/releases/tables/{TABLE}"))["rows"]
    bearer = {"Authorization": f"Bearer {house.integrator.token()}"}
    secret = (await makes(house))["secret"]
    basic = {"Authorization": f"Basic {base64.b64encode(f'key:{secret}'.encode()).decode()}"}
    async with serving(house) as there:
        address = f"http://127.0.0.1:{there.port}/v1/releases/tables/{TABLE}"
        for headers in (bearer, basic):
            named = {**headers, "Accept": "text/csv"}
            by_accept = await asyncio.to_thread(pandas.read_csv, address, storage_options=named)
            by_ending = await asyncio.to_thread(pandas.read_csv, f"{address}.csv", storage_options=headers)
            assert by_accept.equals(by_ending)
            columnar = await asyncio.to_thread(pandas.read_parquet, f"{address}.parquet", storage_options=headers)
            assert [None if pandas.isna(value) else value for value in columnar["value"]] == [
                row["value"] for row in rows
            ]
            for frame in (by_ending, columnar):
                assert list(frame.columns) == list(rows[0])
                assert frame["setting"].tolist() == [row["setting"] for row in rows]
                assert frame["suppressed"].tolist() == [row["suppressed"] for row in rows]
                assert int(frame["value"].sum()) == sum(row["value"] or 0 for row in rows)


async def test_an_empty_table_is_read_with_the_same_columns_and_types(house: House) -> None:
    bearer = {"Authorization": f"Bearer {house.integrator.token()}"}

    def fetched(address: str) -> bytes:
        with urlopen(Request(address, headers=bearer)) as answer:
            return bytes(answer.read())

    async with serving(house) as there:
        address = f"http://127.0.0.1:{there.port}/v1/releases/tables/{TABLE}"
        sheet = await asyncio.to_thread(pandas.read_csv, f"{address}.csv", storage_options=bearer)
        before = parquet.read_table(pyarrow.BufferReader(await asyncio.to_thread(fetched, f"{address}.parquet")))
        await publishes(house, TABLE, "2026-10")
        after = parquet.read_table(pyarrow.BufferReader(await asyncio.to_thread(fetched, f"{address}.parquet")))
    assert list(sheet.columns) == before.column_names
    assert before.schema.equals(after.schema)
    assert (before.num_rows, after.num_rows) == (0, len(GRID[TABLE].cells))
