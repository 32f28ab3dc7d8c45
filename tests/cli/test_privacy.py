"""`true-api privacy report`: measured figures beside their goals, and 1 as soon as one of them is not met."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import ON_SQLITE, Operator
from tests.house.building import ROOT
from true_api.cli import scratch_telling, start_up
from true_api.cli.scratch_people import figures as of_scratch_people
from true_api.cli.start_up import SAFE, UNSAFE, Start
from true_api.kernel.stores import Store
from true_api.outlets.measures import sealing
from true_api.outlets.measures.figures import Figure, Size, at_least, at_most
from true_api.outlets.measures.report import SECTIONS, Report

PAGE = ROOT / "docs" / "privacy-report.md"


def said(figures: Sequence[Figure]) -> str:
    return "\n".join(Report.of(Size.SMALL, figures).lines())


def test_a_goal_that_is_not_met_is_said_and_counted() -> None:
    met, missed = at_most("2", "guesses", 1, 2, "%"), at_least("3", "found", 96.5, 97, "%")
    report = Report.of(Size.SMALL, [missed, met, Figure("2", "drawn", 12_000)])
    assert report.missed == [missed]
    assert report.as_json()["all_met"] is False
    lines = list(report.lines())
    assert [line for line in lines if "NOT MET" in line] == [line for line in lines if "found" in line]
    assert lines[-1] == "1 of 2 goals are met; sizes: small."
    assert [line[0] for line in lines if line and line[0].isdigit()][:2] == ["2", "3"]
    assert "12,000" in said([Figure("2", "drawn", 12_000)])
    assert "| found | 96.5 % | >= 97 | NOT MET |" in report.page("0", date(2026, 11, 2))


@ON_SQLITE
def test_an_installation_is_looked_at_and_start_up_is_tried(operator: Operator) -> None:
    printed = operator.does("privacy", "report", "--section", "1", "--section", "10")
    assert "of this installation" in printed
    assert re.search(r"not on the allow-list +0 columns +goal <= 0: met", printed)
    assert re.search(r"a start with demo keys outside demo mode +refused +goal refused: met", printed)
    assert "2. The participant code" not in printed
    assert re.search(r"(\d+) of \1 goals are met; sizes: small\.", printed)


def test_what_is_sealed_is_looked_at_on_both_engines(operator: Operator) -> None:
    printed = operator.reads("privacy", "report", "--section", "6")
    found = {figure["name"]: figure for figure in printed["figures"]}
    assert found["the keyring is kept in"]["value"] == "a file of its own"
    assert found["the master key comes from"]["value"] == "a file"
    assert found["people or records with texts that no key opens"]["value"] == 0
    assert {figure["section"] for figure in printed["figures"]} == {"6"}
    assert printed["all_met"] is True


def _add_column(operator: Operator) -> None:
    """As an operator's own script might."""
    file = operator.settings.file_of(Store.MAIN)
    assert file is not None
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE participants ADD COLUMN phone VARCHAR(20)")


@ON_SQLITE
def test_a_column_that_somebody_added_by_hand_is_found_and_ends_it_with_1(operator: Operator) -> None:
    _add_column(operator)
    result = operator.run("privacy", "report", "--section", "1")
    assert result.exit_code == 1
    assert re.search(r"not on the allow-list +1 columns +goal <= 0: NOT MET", result.stdout)


def test_without_an_installation_one_is_made_for_the_report(newcomer: Operator) -> None:
    printed = newcomer.does("privacy", "report", "--section", "1")
    assert "of one made for this, as there is none here" in printed
    assert not Path(newcomer.environment["TRUE_DATA_DIR"]).exists()


def test_what_it_cannot_do_is_said(newcomer: Operator) -> None:
    assert "There are figures for sections 1, 2" in newcomer.is_refused("privacy", "report", "--section", "11")
    refusal = newcomer.is_refused("privacy", "report", "--section", "2", "--write-docs")
    assert refusal.startswith("--write-docs writes a whole report")


def test_what_an_agency_is_told_and_what_the_trail_holds_of_it_is_measured() -> None:
    figures = scratch_telling.figures(Size.SMALL)
    assert {figure.section for figure in figures} == {"7", "8"}
    assert all(figure.met for figure in figures)


@pytest.mark.parametrize("name", UNSAFE)
def test_start_up_refuses_each_of_these(name: str) -> None:
    assert start_up.refused(UNSAFE[name])


def test_a_safe_start_is_not_refused_and_would_be_missed_if_an_unsafe_one_were_not_either() -> None:
    assert not start_up.refused(SAFE)
    assert not start_up.refused(Start({"TRUE_PORT": "8001"}))


def test_no_text_opens_that_was_moved_or_altered() -> None:
    figures = sealing.figures(Size.SMALL)
    assert [figure for figure in figures if figure.met is False] == []
    assert [figure.value for figure in figures if figure.goal] == [0, 0, 0]


def test_the_committed_page_holds_every_figure_of_this_version_at_full_size_and_every_goal_is_met() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "the full sizes, for which the goals are set" in page
    assert "NOT MET" not in page
    assert [title for number, title in SECTIONS.items() if f"## {number}. {title}" not in page] == []
    names = {line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line.startswith("| ")}
    assert [figure.name for figure in start_up.figures() if figure.name not in names] == []


@pytest.mark.proof
def test_a_stolen_dump_and_two_installations_at_full_size() -> None:
    for figure in of_scratch_people(Size.FULL):
        print(figure)
        assert figure.met in (True, None), figure
