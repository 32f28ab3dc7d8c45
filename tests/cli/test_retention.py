"""`true-api retention`: what is kept for how long, said before anything goes and after it went."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cli.conftest import ON_SQLITE, Operator
from tests.cli.reading import keep, rows
from true_api.kernel.rows import table_of
from true_api.privacy.recall_tables import RecallTry
from true_api.privacy.retention import every_kind, retention_of
from true_api.security.accounts import Member

LONG_AGO = datetime.now(UTC).date() - timedelta(days=400)


@pytest.fixture
def tried(operator: Operator) -> list[RecallTry]:
    """Three tries of recall that nobody has to look into any more."""
    (member, *_) = rows(operator.settings, select(table_of(Member)).where(table_of(Member).c.label == "peer"))
    named = {"member_id": member.id, "team_id": member.team_id, "hour": 1}
    made = [RecallTry(number=n, tried_on=LONG_AGO + timedelta(days=n), **named) for n in range(3)]
    keep(operator.settings, made)
    return made


def of_tries(report: dict[str, Any]) -> dict[str, Any]:
    (found,) = [rule for rule in report["rules"] if rule["table"] == "recall_tries"]
    return dict(found)


def left(operator: Operator) -> int:
    return len(rows(operator.settings, select(table_of(RecallTry))))


@ON_SQLITE
def test_a_dry_run_says_what_would_go_and_touches_nothing(operator: Operator, tried: list[RecallTry]) -> None:
    report = operator.reads("retention", "sweep", "--dry-run")
    assert report["dry_run"] is True
    assert of_tries(report) == {
        "table": "recall_tries",
        "goes": "row",
        "after": "tried_on",
        "days": 90,
        "because": "long enough to look into tries that were too many",
        "due": 3,
        "oldest": str(LONG_AGO),
        "gone": 0,
    }
    words = operator.does("retention", "sweep", "--dry-run")
    line = next(line for line in words.splitlines() if line.startswith("recall_tries"))
    assert line.split() == ["recall_tries", "row", "tried_on", "+", "90", "days", "3", str(LONG_AGO)]
    assert words.splitlines()[-1] == "3 would go. Nothing was touched."
    assert left(operator) == len(tried)


@ON_SQLITE
def test_a_sweep_lets_go_and_says_so_once(operator: Operator, tried: list[RecallTry]) -> None:
    assert operator.does("retention", "sweep").splitlines()[-1] == f"{len(tried)} gone."
    assert left(operator) == 0
    again = operator.reads("retention", "sweep")
    assert again["dry_run"] is False
    assert {(rule["due"], rule["gone"], rule["oldest"]) for rule in again["rules"]} == {(0, 0, None)}


def test_every_rule_is_shown_with_its_reason(newcomer: Operator) -> None:
    """Also where nothing is set up: whoever decides whether to use the program can read it first."""
    shown = newcomer.reads("retention", "show")
    declared = [(kind, rule) for kind in every_kind() for rule in retention_of(kind)]
    assert [(rule["table"], rule["because"]) for rule in shown] == [
        (str(table_of(kind).name), rule.because) for kind, rule in declared
    ]
    text = newcomer.does("retention", "show")
    assert all(rule.because in text for _, rule in declared)
    assert len(text.splitlines()) == 1 + len(declared)


def test_a_place_without_a_program_has_nothing_to_sweep(newcomer: Operator) -> None:
    assert "Run `true-api setup`" in newcomer.is_refused("retention", "sweep")
