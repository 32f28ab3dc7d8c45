"""Who may import whom, and where the names of engines may stand."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.building import ROOT, SOURCE, place_of, source_files, tree_of

TOKENS = "src/true_api/security/tokens.py"
HTTP = {"fastapi", "fastapi_offline", "starlette", "uvicorn"}
MAY_IMPORT: dict[str, set[str]] = {
    "jose": {TOKENS},
    "cryptography": {"src/true_api/security/signing_keys.py", "src/true_api/security/trail_keys.py"},
    "argon2": set(),
}
SPEAKS_HTTP = ("src/true_api/api/", "src/true_api/cli/")

DIALECT = re.compile(r"sqlite|postgres|asyncpg|psycopg|pragma", re.IGNORECASE)
KNOWS_THE_ENGINE = "src/true_api/kernel/database"
ALSO_NAMES_AN_ENGINE = {
    "src/true_api/cli/backups.py": "says how to go back: a file is moved aside, a server's database is not touched",
    "src/true_api/kernel/backup_archive.py": "an archive holds one file of SQLite, or one per table of PostgreSQL",
    "src/true_api/kernel/backup_manifest.py": "a backup goes back to the engine that it was taken from, so it names it",
    "src/true_api/kernel/settings.py": "the setting that chooses the engine is a URL",
    "src/true_api/privacy/cases.py": "a partial index is declared once per engine: one live code per person and realm",
    "src/true_api/privacy/endings.py": "a partial index is declared once per engine: one ending that stands per person",
    "src/true_api/privacy/exclusions.py": "a partial index is declared once per engine: one that holds per member",
}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _packages(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in _imported(tree_of(file))}


def _words_of_code(tree: ast.Module) -> Iterator[str]:
    """Names, keywords, imports and strings; what documents is left out."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documents:
                yield text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
    yield from _imported(tree)


def test_the_floors_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    judged = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_guarded_library_is_imported_where_it_may_be_and_nowhere_else(package: str) -> None:
    importers = {place_of(file) for file in source_files() if package in _packages(file)}
    outside_privacy = {place for place in importers if not place.startswith("src/true_api/privacy/")}
    assert outside_privacy == MAY_IMPORT[package]
    assert package != "jose" or importers == outside_privacy, "privacy knows no tokens"


def test_only_the_api_floor_and_the_command_line_speak_http() -> None:
    speakers = {place_of(file) for file in source_files() if _packages(file) & HTTP}
    assert {place for place in speakers if not place.startswith(SPEAKS_HTTP)} == set()
    assert any(place.startswith("src/true_api/api/") for place in speakers)


def test_dialects_end_at_the_database_floor() -> None:
    """An engine is named in kernel/database*.py, migrations/, and where it must be, with a reason."""
    speakers = {
        place_of(file) for file in source_files() if any(DIALECT.search(word) for word in _words_of_code(tree_of(file)))
    }
    elsewhere = {place for place in speakers if not place.startswith(KNOWS_THE_ENGINE)}
    assert elsewhere == set(ALSO_NAMES_AN_ENGINE)


def test_no_import_is_relative() -> None:
    relative = [
        place_of(file)
        for file in source_files()
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert relative == []


def test_the_house_does_not_import_its_tests() -> None:
    assert [place_of(file) for file in SOURCE.rglob("*.py") if "tests" in _packages(file)] == []
