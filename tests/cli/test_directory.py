"""Packages of the directory at the shell."""

import json
from pathlib import Path

from tests.cli.conftest import ON_SQLITE, Operator
from tests.rooms.packaging import in_order, night_service


@ON_SQLITE
def test_a_package_goes_in_and_comes_out_again_equal(operator: Operator, tmp_path: Path) -> None:
    nested, archive, again = tmp_path / "night.json", tmp_path / "all.zip", tmp_path / "again.json"
    nested.write_text(json.dumps({"service": [night_service()]}))
    assert "Took in 6 new entries" in operator.does("directory", "import", str(nested))
    assert "Wrote" in operator.does("directory", "export", str(archive), "--whole")
    assert "0 new entries" in operator.does("directory", "import", str(archive))
    operator.does("directory", "export", str(again), "--nested")
    (service,) = json.loads(again.read_text())["service"]
    assert in_order(service["schedules"][0])["opens_at"] == "20:00"


@ON_SQLITE
def test_what_is_wrong_is_told_where_it_is(operator: Operator, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"service": [night_service(status="open")]}))
    assert "/service/0/status" in operator.is_refused("directory", "import", str(broken))
    assert "cannot be read" in operator.is_refused("directory", "import", str(tmp_path / "nothing.json"))
    assert ".json or .zip" in operator.is_refused("directory", "export", str(tmp_path / "all.csv"))
    assert "cannot be written" in operator.is_refused("directory", "export", str(tmp_path / "no" / "all.json"))
