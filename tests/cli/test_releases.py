"""Sealing a month at the shell."""

from tests.cli.conftest import ON_SQLITE, Operator
from tests.cli.reading import member, trail


def test_a_month_that_has_ended_is_sealed_once_by_the_admin(operator: Operator) -> None:
    assert "Sealed 2025-01" in operator.does("releases", "seal", "--month", "2025-01")
    entry = trail(operator.settings)[-1]
    assert (entry.door, entry.actor_id) == ("POST /v1/releases", member(operator.settings, "operator").id)
    assert operator.is_refused("releases", "seal", "--month", "2025-01").endswith("(already_sealed)")


@ON_SQLITE
def test_a_month_that_runs_still_is_not_sealed(operator: Operator) -> None:
    assert operator.is_refused("releases", "seal", "--month", "2099-12").endswith("(month_still_open)")
    assert operator.is_refused("releases", "seal", "--month", "marigold").endswith("(invalid_shape)")
