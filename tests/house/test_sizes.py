"""Nothing in the house is too large to live in, or called by a name that says nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.building import ROOT, place_of, source_files, tree_of

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 40
REASON = re.compile(r"Longer than 300 lines because \w+")
"""What the docstring of a longer file says."""

SAYS_NOTHING = frozenset(
    ["util", "utils", "helper", "helpers", "common", "commons", "manager", "data", "info", "obj", "misc"]
)
NAMED_BY_OTHERS = {
    "src/true_api/api/server.py: data": "asyncio calls Protocol.data_received and its parameter so",
    "src/true_api/privacy/sealing.py: data": "what a master key wraps is everywhere called a data key (privacy.md 6)",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
FILES = source_files()


def _of_project() -> Iterator[Path]:
    """Every file that somebody wrote; what is in history was written by a machine and is never edited."""
    yield from FILES
    for folder in ("tests", "benchmarks"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def _functions(tree: ast.Module) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def _words(name: str) -> set[str]:
    """The words of a name; `data_dir` is one word, of the setting TRUE_DATA_DIR."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return set(apart.replace("data_dir", "datadir").split("_"))


def test_there_are_files_to_measure() -> None:
    assert len(FILES) > 80


def test_no_file_is_longer_than_300_lines_without_a_reason() -> None:
    long = [
        f"{place_of(file)}: {lines}"
        for file in _of_project()
        if (lines := len(file.read_text().splitlines())) > MOST_LINES
        and not REASON.search(ast.get_docstring(tree_of(file)) or "")
    ]
    assert long == []


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{place_of(file)}: {function.name}"
        for file in FILES
        for function in _functions(tree_of(file))
        if (function.end_lineno or 0) - function.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("file", FILES, ids=place_of)
def test_every_module_says_what_it_is_in_one_line(file: Path) -> None:
    first = (ast.get_docstring(tree_of(file)) or "").partition("\n")[0]
    assert first.endswith((".", "?"))
    assert len(first) <= 117


def test_nothing_is_imported_inside_a_function() -> None:
    inside = [
        f"{place_of(file)}: {function.name}"
        for file in FILES
        for function in _functions(tree_of(file))
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]
    assert inside == []


def _names(file: Path) -> Iterator[str]:
    """The file's own name, and those of its classes, functions, parameters and variables."""
    yield from file.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(tree_of(file)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _words(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name.lower().strip("_")


def test_no_name_says_nothing() -> None:
    hollow = {f"{place_of(file)}: {name}" for file in FILES for name in _names(file) if name in SAYS_NOTHING}
    assert hollow == set(NAMED_BY_OTHERS)
