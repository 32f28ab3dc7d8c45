"""What is committed as the API's document is what the application says of itself, to the letter."""

import json
from itertools import chain, islice
from typing import Any

import pytest

from tests.house.building import ROOT
from true_api import __version__
from true_api.api.openapi import serialized

GOLDEN = ROOT / "openapi" / "openapi.json"
REPAIR = "run `make openapi`, and read what changed before you keep it"
LINES_SHOWN = 20


@pytest.fixture(scope="session")
def committed() -> str:
    """The committed document."""
    if not GOLDEN.exists():
        pytest.fail(f"openapi/openapi.json is missing: {REPAIR}")
    return GOLDEN.read_text(encoding="utf-8")


def test_the_committed_document_is_the_one_the_application_gives(committed: str, document: dict[str, Any]) -> None:
    if committed == (present := serialized(document)):
        return
    before, after = committed.splitlines(), present.splitlines()
    had, has = set(before), set(after)
    gone = (f"- {line}" for line in before if line not in has)
    new = (f"+ {line}" for line in after if line not in had)
    differing = "\n".join(islice(chain(gone, new), LINES_SHOWN))
    pytest.fail(f"openapi/openapi.json is not what the application gives: {REPAIR}\n{differing}", pytrace=False)


def test_the_committed_document_names_its_version(committed: str) -> None:
    assert json.loads(committed)["info"]["version"] == __version__


def test_a_document_is_written_the_same_way_whatever_order_it_was_built_in(document: dict[str, Any]) -> None:
    backwards = dict(reversed(document.items()))
    assert list(backwards) != list(document)
    assert serialized(backwards) == serialized(document)
    assert json.loads(serialized(document)) == document
