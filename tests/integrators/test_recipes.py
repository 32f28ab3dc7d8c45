"""The pages of docs/integrators run as they stand, against a real server."""

import json
import re
import shutil
from io import BytesIO, StringIO
from pathlib import Path

import httpx2
import pandas as pd
import pytest
from pyarrow import parquet

from tests.integrators.conftest import Given
from tests.integrators.pages import PLACEHOLDER, blocks, of_language, run
from tests.integrators.sealed import EMPTY, FULL, MONTHS, PERIODS
from tests.system import missing
from true_api.outlets.statistics.grid import GRID

# What is rendered depends on no engine; the views of PostgreSQL are tried in test_reporting.py.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SETTINGS = GRID["people-by-setting"].dimensions[0].categories
COLUMNS = ["period", "table", "revision", "is_latest", "setting", "unit", "value", "suppressed"]


@pytest.fixture(autouse=True)
def _curl() -> None:
    if shutil.which("curl") is None:
        missing("curl", "the recipes call the doors with it")


def played(page: str, given: Given, folder: Path) -> list[str]:
    """What each block of a page in shell or Python prints, one after the other in one folder."""
    return [run(language, code, folder, given.environment) for language, code in blocks(page, "sh", "python")]


def test_an_admin_makes_a_key_as_the_index_says_and_it_reads_releases(given: Given, tmp_path: Path) -> None:
    (said,) = played("README.md", given, tmp_path)
    made = json.loads(said)["secret"]
    assert made.startswith("true_rk_")
    answer = httpx2.get(f"{given.base}/v1/releases", headers={"Authorization": f"Bearer {made}"})
    assert {line["period"] for line in answer.json()["releases"]} == set(PERIODS)


def test_curl(given: Given, tmp_path: Path) -> None:
    first, there_is, again, others = played("curl.md", given, tmp_path)
    assert first.split()[0] == ",".join(COLUMNS)
    releases, calendar = (json.loads(line) for line in re.findall(r"\{.*?\}(?=\{\"|\s*$)", there_is, re.DOTALL))
    assert {table["name"] for table in releases["tables"]} == set(GRID)
    assert calendar
    assert again.split() == ["200", "304"]
    assert (tmp_path / "people.csv").read_text().count("\n") == 1 + len(SETTINGS) * len(PERIODS)
    lines = [json.loads(line) for line in others.splitlines()]
    assert [line["setting"] for line in lines[:-1]] == list(SETTINGS)
    assert lines[-1]["rows"][0]["table"] == "people"
    assert pd.read_parquet(tmp_path / "people.parquet")["period"].tolist() == list(PERIODS)


def test_pandas_and_pyarrow(given: Given, tmp_path: Path) -> None:
    pivot, types, arrow = played("pandas.md", given, tmp_path)
    assert all(month in pivot for month in MONTHS)
    assert "2026-Q3" not in pivot
    assert "<NA>" in pivot
    assert re.search(r"^value\s+Int64$", types, re.MULTILINE)
    assert re.search(r"^zone\s+string", types, re.MULTILINE)
    assert "value: int64" in arrow
    assert arrow.rstrip().endswith("True")


def test_duckdb(given: Given, tmp_path: Path) -> None:
    fetched, asked = played("duckdb.md", given, tmp_path)
    assert fetched == ""
    assert "kept back" in asked
    assert "incomplete" in asked


def test_duckdbs_own_download_names_a_door_that_answers(given: Given) -> None:
    """The extension cannot be fetched here; its URL can."""
    (url,) = set(re.findall(r"https://\S+?\.parquet", of_language("duckdb.md", "sql")[0]))
    assert given.get(url.removeprefix(PLACEHOLDER)).content[:4] == b"PAR1"


def test_the_feed_tells_of_releases_once(given: Given, tmp_path: Path) -> None:
    ((_, program),) = blocks("changes.md", "python")
    first = run("python", program, tmp_path, given.environment)
    assert set(re.findall(r"changed (\S+)/people$", first, re.MULTILINE)) == set(PERIODS)
    assert run("python", program, tmp_path, given.environment) == "0 new\n"


def test_grafanas_data_source_and_panel_fit_the_doors(given: Given) -> None:
    source, panel = (json.loads(block) for block in of_language("grafana.md", "json"))
    assert source["type"] == panel["datasource"]["type"]
    assert panel["url"].startswith(tuple(source["jsonData"]["allowedHosts"]))
    assert source["secureJsonData"]["basicAuthPassword"].startswith("true_rk_")
    url = panel["url"].replace(PLACEHOLDER, given.base)
    answer = httpx2.request(panel["url_options"]["method"], url, auth=(source["basicAuthUser"], given.key))
    rows = answer.json()[panel["root_selector"]]
    assert {column["selector"] for column in panel["columns"]} <= set(rows[0])
    kinds = {"string": str, "number": int, "boolean": bool}
    for column in panel["columns"]:
        assert {type(row[column["selector"]]) for row in rows} <= {kinds[column["type"]], type(None)}, column
    shut_out = re.findall(r"contains '(\w+)'", panel["filterExpression"])
    months = {row["period"] for row in rows if not any(word in row["period"] for word in shut_out)}
    assert months == set(MONTHS)


def test_power_bis_query_fits_the_door_in_an_empty_month_too(given: Given) -> None:
    (query,) = of_language("power-bi.md", "powerquery")
    (path,) = re.findall(r'RelativePath = "([^"]+)"', query)
    assert f'Base = "{PLACEHOLDER}"' in query
    typed = re.findall(r'\{"(\w+)", (type \w+|Int64\.Type)\}', query)
    assert [name for name, _ in typed] == COLUMNS
    for url in (f"{given.base}/{path}", f"{given.base}/v1/releases/{EMPTY}/people-by-setting.csv"):
        answer = httpx2.get(url, auth=("anything", given.key))
        assert answer.headers["content-type"].startswith("text/csv")
        sheet = pd.read_csv(StringIO(answer.text))
        assert sheet.columns.tolist() == COLUMNS
        assert sheet["suppressed"].dtype == bool
    assert query.count("(") == query.count(")")
    assert query.count("{") == query.count("}")


def test_an_empty_month_has_the_same_columns_types_and_rows_as_a_full_one(given: Given) -> None:
    for table in GRID:
        shapes = []
        for month in (EMPTY, FULL[-1]):
            header = given.get(f"/v1/releases/{month}/{table}.csv").text.splitlines()[0]
            schema = parquet.read_schema(BytesIO(given.get(f"/v1/releases/{month}/{table}.parquet").content))
            rows = given.get(f"/v1/releases/{month}/{table}").json()["rows"]
            shown = [row.pop("value") for row in rows]
            assert [row.pop("suppressed") for row in rows] == [value is None for value in shown]
            assert all(value is None for value in shown) == (month == EMPTY), table
            shapes.append((header, schema, [{**row, "period": ""} for row in rows]))
        assert shapes[0] == shapes[1], table
