"""Reconstruction: what was kept back is not found out from all that was published, and would be without the noise."""

import pytest

from tests.attacks.knowledge import SILENT, likely
from tests.attacks.trials import ADDS_UP, Build, Setting, attacked

ABOVE_BLIND = 5.0
WORKS = 50.0
FEW = Setting(people=9_000, months=1, seeds=range(6))
MANY = Setting(people=6_000, months=3, seeds=range(20))
SMALL_PROGRAMS = Setting(people=1_200, months=3, seeds=range(20))
OF_A_FEW = 7.0
"""With a few hundred cells, chance alone is worth two points."""


def test_the_attack_works_where_noise_is_off_and_gets_nowhere_where_it_is_on() -> None:
    _, without = attacked(FEW, Build(noisy=False))
    every, adding = attacked(FEW, Build(noisy=True, revisions=3))
    assert without.share > WORKS > without.share_blind
    assert adding.share <= adding.share_blind + OF_A_FEW
    assert every.share <= every.share_blind + ABOVE_BLIND
    assert set(adding.by_table) <= ADDS_UP < set(every.by_table) | {"people-by-return"} | ADDS_UP


def test_a_number_that_was_kept_back_says_no_more_than_that_it_is_small() -> None:
    low, weights = likely([SILENT], [None])
    assert (low, len(weights)) == (0, 11)


@pytest.mark.proof
@pytest.mark.parametrize("revisions", [1, 3])
def test_over_twenty_programs_the_best_attack_is_no_better_than_a_blind_guess(revisions: int) -> None:
    """All tables, months and the quarter, read once and, while nothing changed, with both revisions."""
    every, adding = attacked(MANY, Build(noisy=True, revisions=revisions))
    print(f"{revisions} seals: {adding.cells} cells, {adding.share:.1f} %, blind {adding.share_blind:.1f} %")
    print(f"with the tables that nothing adds up to: {every.share:.1f} %, blind {every.share_blind:.1f} %")
    assert adding.share <= adding.share_blind + ABOVE_BLIND
    assert every.share <= every.share_blind + ABOVE_BLIND


@pytest.mark.proof
def test_over_twenty_programs_the_same_attack_wins_where_noise_is_off() -> None:
    _, adding = attacked(MANY, Build(noisy=False))
    print(f"noise off: {adding.cells} cells, {adding.share:.1f} %, blind {adding.share_blind:.1f} %")
    assert adding.share > WORKS


@pytest.mark.proof
@pytest.mark.parametrize("revisions", [1, 3])
def test_small_programs_with_many_rare_cells_keep_theirs_too(revisions: int) -> None:
    every, adding = attacked(SMALL_PROGRAMS, Build(noisy=True, revisions=revisions))
    print(f"{revisions} seals: {adding.cells} cells, {adding.share:.1f} %, blind {adding.share_blind:.1f} %")
    assert adding.share <= adding.share_blind + ABOVE_BLIND
    assert every.share <= every.share_blind + ABOVE_BLIND
