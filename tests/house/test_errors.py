"""Every refusal is a leaf of one tree, with a status, a code and a page; none repeats what was sent."""

import ast
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic_core._pydantic_core import list_all_errors

from tests.house.building import SOURCE, place_of, source_files, tree_of
from tests.world import refused
from true_api.api.problems import _SAFE_SENTENCES
from true_api.kernel import errors
from true_api.kernel.errors import Problem
from true_api.security.trail import TrailEntry

LEAVES = Problem.leaves()
STATUSES = {400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 416, 422, 428, 429, 431, 500, 503}
CALLS_WITH_MORE_THAN_FIXED_WORDS = {
    "src/true_api/api/passage.py": "names a part of a request, never what stood in it",
    "src/true_api/api/problems.py": "turns pydantic's own faults into ours; held by the tests below",
    "src/true_api/kernel/codes.py": "says which symbol, never which letter",
    "src/true_api/privacy/narrative.py": "names a field, never what stood in it",
    "src/true_api/journeys/offered_terms.py": "names words of ours that are called alike",
    "src/true_api/outlets/dashboard/desk.py": "names tables and periods of the grid, never what was asked for",
    "src/true_api/outlets/feed/reading.py": "names the kinds that there are, never what was asked for",
    "src/true_api/outlets/insights.py": "names the tables that there are, never what was asked for",
    "src/true_api/outlets/sealed/grid_paths.py": "names tables and periods of the grid, never what was asked for",
    "src/true_api/rooms/directory/judging.py": "passes on where and what; whoever calls it says it in fixed words",
}
KNOWN_TO_US = {"expected", "gt", "ge", "lt", "le", "min_length", "max_length", "field_type", "class_name"}
"""Parts of pydantic's sentences that come from our schemas, not from a request."""
COUNTED = {"actual_length", "expected_plural"}


@pytest.fixture
async def front(closed: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The open doors, which ask no database."""
    transport = httpx2.ASGITransport(app=closed)
    async with httpx2.AsyncClient(transport=transport, base_url="http://house") as opened:
        yield opened


def _branches(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from _branches(inner)


def test_there_is_one_tree_and_every_leaf_has_a_status_and_a_code() -> None:
    assert len(LEAVES) > 40
    assert {leaf.status for leaf in LEAVES} == STATUSES
    without = [kind for kind in _branches(Problem) if not kind.__subclasses__() and "code" not in vars(kind)]
    assert without == []


def test_codes_are_unique_and_fit_into_the_trail() -> None:
    codes = [leaf.code for leaf in LEAVES]
    assert len(set(codes)) == len(codes)
    longest = TrailEntry.__table__.c.problem.type.length  # type: ignore[attr-defined]
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code) or len(code) > longest] == []


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_a_leaf_says_in_one_sentence_which_rule_was_broken(leaf: type[Problem]) -> None:
    first = (vars(leaf).get("__doc__") or "").splitlines()[0]
    assert first.endswith(".")
    assert first[0].isupper()
    assert 10 < len(first) <= 120


def test_no_two_refusals_are_told_in_the_same_words() -> None:
    titles = [leaf.title() for leaf in LEAVES]
    assert len(set(titles)) == len(titles)


def test_the_drawing_of_the_tree_shows_every_refusal_of_the_kernel() -> None:
    drawn = set(re.findall(r"[A-Z]\w+", errors.__doc__ or ""))
    assert {kind.__name__ for kind in _branches(Problem) if kind.__module__ == errors.__name__} <= drawn


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
async def test_every_refusal_has_a_page(front: httpx2.AsyncClient, leaf: type[Problem]) -> None:
    answer = await front.get(f"/problems/{leaf.code}")
    assert answer.status_code == 200
    assert answer.json() == {"code": leaf.code, "status": leaf.status, "title": leaf.title()}


async def test_what_is_no_refusal_has_no_page(front: httpx2.AsyncClient) -> None:
    refused(await front.get("/problems/no_such_code"), 404, "not_found")


def _calls_of(names: set[str], file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in names:
                yield node


def test_a_fault_is_told_in_fixed_words() -> None:
    built = {
        place_of(file)
        for file in source_files()
        for call in _calls_of({"Fault"}, file)
        if not all(
            isinstance(said, ast.Constant) for said in [*call.args, *(keyword.value for keyword in call.keywords)]
        )
    }
    assert built == set(CALLS_WITH_MORE_THAN_FIXED_WORDS)


def test_a_refusal_takes_faults_headers_and_members_and_no_words() -> None:
    names = {kind.__name__ for kind in _branches(Problem)}
    for file in source_files():
        for call in _calls_of(names, file):
            said = [argument for argument in call.args if isinstance(argument, ast.Constant | ast.JoinedStr)]
            assert said == [], f"{place_of(file)}:{call.lineno}"
            assert {keyword.arg for keyword in call.keywords} <= {"headers", "members"}


def test_a_rule_of_a_schema_is_told_in_fixed_words() -> None:
    """Its text goes out as the detail of a fault."""
    for file in [
        *SOURCE.rglob("schemas.py"),
        *(SOURCE / "journeys").glob("*.py"),
        *(SOURCE / "api").glob("*.py"),
        SOURCE / "privacy" / "profile.py",
    ]:
        for call in _calls_of({"ValueError"}, file):
            assert [type(said) for said in call.args] == [ast.Constant], f"{place_of(file)}:{call.lineno}"
        for call in _calls_of({"Wrong"}, file):
            assert [type(said) for said in call.args[:2]] == [ast.Constant] * 2, f"{place_of(file)}:{call.lineno}"


def test_sentences_of_the_validator_that_are_passed_on_hold_nothing_that_was_sent() -> None:
    templates: dict[str, dict[str, Any]] = {error["type"]: dict(error) for error in list_all_errors()}
    for kind in _SAFE_SENTENCES:
        for language in ("python", "json"):
            template = templates[kind].get(f"message_template_{language}") or ""
            assert set(re.findall(r"{(\w+)}", template)) <= KNOWN_TO_US | COUNTED, kind


def test_a_problem_itself_tells_its_name_alone() -> None:
    assert {str(leaf()) for leaf in LEAVES} == {leaf.__name__ for leaf in LEAVES}
