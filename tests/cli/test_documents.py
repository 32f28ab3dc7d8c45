"""What the application says of itself needs no installation, and is the same every time."""

import json
from pathlib import Path

from tests.cli.conftest import Operator
from true_api.api.all_doors import every_door


def test_the_document_is_printed_sorted_and_compared_with_a_file(newcomer: Operator, tmp_path: Path) -> None:
    printed, file = newcomer.does("openapi"), tmp_path / "openapi.json"
    document = json.loads(printed)
    assert document["openapi"].startswith("3.1")
    assert printed == json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert not newcomer.settings.data_dir.exists()

    file.write_text(printed, encoding="utf-8")
    newcomer.does("openapi", "--check", str(file))
    file.write_text(printed.replace('"/v1/me"', '"/v1/you"'), encoding="utf-8")
    words = newcomer.is_refused("openapi", "--check", str(file))
    assert '"/v1/you"' in words
    assert "make openapi" in words


def test_every_door_is_listed_with_its_gate(newcomer: Operator) -> None:
    lines = newcomer.does("doors").splitlines()
    assert len(lines) == len(every_door()) + 1
    [enroll] = [line for line in lines if line.startswith("POST /v1/participants ")]
    assert enroll.split()[-2:] == ["StaffGate", "participant:enroll"]
