"""Sealing a period at the shell, and what is said of it."""

from tests.cli.conftest import ON_SQLITE, PROGRAM, Operator
from tests.cli.reading import member, trail
from true_api.kernel.database_schema import migrate_back
from true_api.outlets.statistics.grid import GRID
from true_api.security.statistics_key import STATISTICS_KEY


def test_a_month_that_has_ended_is_sealed_once_by_the_admin(operator: Operator) -> None:
    tried = operator.does("releases", "seal", "--period", "2025-01", "--dry-run")
    assert tried.startswith("Nothing was kept")
    assert f"Sealed 2025-01, revision 0: {len(GRID)} tables" in operator.does("releases", "seal", "--period", "2025-01")
    entry = trail(operator.settings)[-1]
    assert (entry.door, entry.actor_id) == ("POST /v1/releases", member(operator.settings, "operator").id)
    for words in ([], ["--dry-run"]):
        refusal = operator.is_refused("releases", "seal", "--period", "2025-01", *words)
        assert refusal.endswith("(already_sealed)")
    refusal = operator.is_refused("releases", "seal", "--period", "2025-01", "--revise")
    assert refusal.endswith("(revised_too_soon)")


@ON_SQLITE
def test_what_cannot_be_sealed_is_refused_in_plain_words(operator: Operator) -> None:
    assert operator.is_refused("releases", "seal", "--period", "2099-12").endswith("(period_still_open)")
    assert operator.is_refused("releases", "seal", "--period", "marigold").endswith("(invalid_shape)")
    assert "2026-Q4" in operator.is_refused("releases", "seal", "--period", "marigold", "--dry-run", code=2)
    assert operator.is_refused("releases", "seal", "--period", "2025-01", "--revise").endswith("(nothing_sealed)")
    assert operator.is_refused("releases", "report", "2025-01").endswith("(nothing_sealed)")


@ON_SQLITE
def test_the_report_and_the_calendar_are_read_by_a_program_manager(operator: Operator) -> None:
    operator.does("releases", "seal", "--period", "2025-01")
    report = operator.does("releases", "report", "2025-01")
    assert report.startswith("2025-01, first sealing, sealed on ")
    assert "A number is kept back when" in report
    assert "People by gender (people-by-gender): 9 of 9 kept back." in report
    assert "See people." in report
    calendar = operator.does("releases", "calendar")
    assert "2025-01   sealed  on " in calendar
    assert "2025-Q1   due     seals on 2025-04-10" in calendar


def test_a_statistics_key_is_made_at_setup_and_once_more_only_where_there_is_none(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    file = newcomer.settings.keys_dir / STATISTICS_KEY
    first = file.read_bytes()
    assert "stays as it is" in newcomer.does("keys", "statistics")
    assert file.read_bytes() == first
    file.unlink()
    assert "statistics.key is missing" in newcomer.is_refused("releases", "seal", "--period", "2026-01", code=2)
    assert "statistics.key is missing" in newcomer.run("doctor").stdout
    assert "Copy the folder of keys again" in newcomer.does("keys", "statistics")
    assert file.read_bytes() != first


def test_an_installation_that_is_upgraded_gets_one_and_one_that_lost_it_does_not(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    file = newcomer.settings.keys_dir / STATISTICS_KEY
    for revision, command, comes in (("0019", "upgrade", True), ("0019", "migrate", True), ("0020", "upgrade", False)):
        migrate_back(newcomer.settings.effective_database_url, revision)
        file.unlink()
        newcomer.does(command)
        assert file.exists() is comes, command
