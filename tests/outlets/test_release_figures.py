"""The figures of sealed releases: numbers are near enough to plan by, and subtraction works only without noise."""

import pytest

from true_api.outlets.measures.figures import Size
from true_api.outlets.measures.releases import error_of, figures, knowing_all_else, newcomer_told, without_noise


def test_numbers_are_near_enough_to_plan_by() -> None:
    error, kept_back = error_of(2_500, 1)
    assert error <= 1.7
    assert 0 < kept_back < 60


def test_without_noise_one_newcomer_is_seen_at_once() -> None:
    assert newcomer_told(without_noise, 200, 1) == 100
    assert 60 < knowing_all_else() < 65


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_goal_is_met(seed: int) -> None:
    for figure in figures(Size.FULL, seed):
        print(figure)
        assert figure.met in (True, None), figure
