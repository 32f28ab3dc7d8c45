"""What the documentation names exists: files, headings, commands, doors, settings and codes of refusals."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.house.building import ROOT, place_of
from true_api.api.all_doors import every_door
from true_api.cli.commands import app
from true_api.kernel.errors import Problem
from true_api.kernel.settings import PREFIX, RESERVED_FOR_TESTS, Settings

DOCS = ROOT / "docs"
PAGES = [*(page for page in [ROOT / "README.md", ROOT / "SECURITY.md"] if page.exists()), *sorted(DOCS.rglob("*.md"))]
OF_THE_PROXY = {"TRUE_API_CERTIFICATE"}
"""Read by docs/deploy/haproxy.cfg, not by us."""

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
IN_LINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\btrue-api(?! +true-api)((?: +[a-z][a-z-]*)+)([^\n|;`]*)")
OPTION = re.compile(r"(?<=\s)--[a-z][a-z-]*")
CALL = re.compile(r"(?:\b(GET|POST|PATCH|PUT|DELETE) )?(/v1/[^\s\"'`?)|,;]*[^\s\"'`?)|,;.:/])")
SETTING = re.compile(r"\bTRUE_[A-Z0-9_]*[A-Z0-9]\b")
REFUSAL_ROW = re.compile(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| ([0-9, ]+) \|", re.MULTILINE)


def _code_of(text: str) -> str:
    """Only what is written as code, a line each; a line that goes on after a backslash is one."""
    spans = [*FENCE.findall(text), *IN_LINE.findall(FENCE.sub("", text))]
    return "\n".join(spans).replace("\\\n", " ")


def _headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made from their words."""
    lines = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield ((page.parent / path).resolve() if path else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=place_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = list(_links(page))
    assert [str(target) for target, _ in links if not target.exists()] == []
    assert [anchor for target, anchor in links if anchor and anchor not in _headings(target)] == []


def test_every_page_is_found_from_the_index_or_from_that_of_its_folder() -> None:
    found = {target for index in DOCS.rglob("README.md") for target, _ in _links(index)}
    assert [place_of(page) for page in DOCS.rglob("*.md") if page not in found | {DOCS / "README.md"}] == []


@pytest.mark.parametrize("page", PAGES, ids=place_of)
def test_every_command_and_option_that_is_named_exists(page: Path) -> None:
    for words, rest in COMMAND.findall(_code_of(page.read_text())):
        command: Any = get_command(app)
        for word in words.split():
            if not hasattr(command, "commands"):
                break
            assert word in command.commands, f"true-api{words}"
            command = command.commands[word]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert set(OPTION.findall(rest)) <= options, f"true-api{words}{rest}"


@pytest.mark.parametrize("page", PAGES, ids=place_of)
def test_every_path_that_is_named_is_a_doors(page: Path) -> None:
    doors = [(door.method, re.compile(re.sub(r"\{[a-z]+\}", "[^/]+", door.path))) for door in every_door()]
    unknown = [
        f"{method} {path}".strip()
        for method, path in CALL.findall(page.read_text())
        if not any(pattern.fullmatch(path) and method in ("", its) for its, pattern in doors)
    ]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=place_of)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | OF_THE_PROXY
    named = {name for name in SETTING.findall(page.read_text()) if not name.startswith(RESERVED_FOR_TESTS)}
    assert named - known == set()


def test_the_operators_guide_lists_every_setting_with_its_default() -> None:
    rows = re.findall(
        r"^\| `(TRUE_[A-Z0-9_]+)` \|(?: `([^`]*)`)? +\|", (DOCS / "guides/operator.md").read_text(), re.MULTILINE
    )
    defaults = Settings()
    said = {name: str(getattr(defaults, name.removeprefix(PREFIX).lower())) for name, _ in rows}
    assert dict(rows) == said
    assert set(said) == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_every_refusal_in_the_table_for_front_ends_has_that_status() -> None:
    statuses = {leaf.code: leaf.status for leaf in Problem.leaves()}
    rows = REFUSAL_ROW.findall((DOCS / "guides/front-end.md").read_text())
    assert len(rows) > 30
    for codes, said in rows:
        assert {statuses.get(code) for code in IN_LINE.findall(codes)} == {int(status) for status in said.split(",")}
