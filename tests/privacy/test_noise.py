"""Noise: the same for the same people, cut off, discrete Laplace, and nothing below the floor leaves."""

from collections import Counter
from math import exp
from secrets import token_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.privacy.noise import FLOOR, REACH, SCALE, Drawn, KeyedNoise, shown

KEY = bytes(range(32))
NOISE = KeyedNoise(KEY)
SUMS = st.integers(0, 2**32 - 1)
MANY = 40_000


@given(SUMS, st.integers(0, 2), st.sampled_from([1, 5]), st.binary(min_size=32, max_size=32))
def test_the_same_people_have_the_same_noise_and_it_is_cut_off(
    key: int, revision: int, most: int, secret: bytes
) -> None:
    drawn = Drawn("people", revision, key, most)
    noise = KeyedNoise(secret)(drawn)
    assert noise == KeyedNoise(secret)(Drawn("people", revision, key, most))
    assert abs(noise) <= REACH * drawn.scale


@given(st.integers(-5, 500), st.integers(0, 500), st.integers(-60, 60))
def test_a_number_leaves_only_when_value_people_and_noisy_number_reach_the_floor(
    value: int, contributors: int, noise: int
) -> None:
    number = shown(value, contributors, noise)
    if value >= FLOOR and contributors >= FLOOR and value + noise >= FLOOR:
        assert number == value + noise
    else:
        assert number is None


@pytest.mark.parametrize(
    ("value", "contributors", "noise", "number"),
    [
        (0, 0, 12, None),
        (10, 10, 12, None),
        (11, 11, 0, 11),
        (11, 11, -1, None),
        (60, 10, 0, None),
        (10, 11, 5, None),
        (20, 20, -9, 11),
        (20, 20, -10, None),
    ],
)
def test_either_threshold_alone_keeps_a_number_back(
    value: int, contributors: int, noise: int, number: int | None
) -> None:
    assert shown(value, contributors, noise) == number


@pytest.mark.parametrize("most", [1, 5])
def test_noise_is_spread_as_the_discrete_laplace_distribution_says(most: int) -> None:
    scale = SCALE * most
    values = range(-REACH * scale, REACH * scale + 1)
    whole = sum(exp(-abs(value) / scale) for value in values)
    found = Counter(NOISE(Drawn("people", 0, key, most)) for key in range(MANY))
    expected = {value: MANY * exp(-abs(value) / scale) / whole for value in values}
    chi_square = sum((found[value] - mean) ** 2 / mean for value, mean in expected.items())
    # Six standard deviations above the mean of chi-square with so many degrees of freedom; the key is fixed.
    freedom = len(values) - 1
    assert chi_square < freedom + 6 * (2 * freedom) ** 0.5


def test_unit_revision_width_key_and_secret_each_draw_anew() -> None:
    one = [NOISE(Drawn("people", 0, key)) for key in range(200)]
    for other in (
        [NOISE(Drawn("people", 0, key, 1, 2)) for key in range(200)],
        [NOISE(Drawn("kits", 0, key)) for key in range(200)],
        [NOISE(Drawn("people", 1, key)) for key in range(200)],
        [NOISE(Drawn("people", 0, key + 1)) for key in range(200)],
        [KeyedNoise(token_bytes(32))(Drawn("people", 0, key)) for key in range(200)],
    ):
        same = sum(a == b for a, b in zip(one, other, strict=True))
        assert same < 100


def test_it_is_wider_where_somebody_counts_often_in_two_dimensions_and_in_a_revision() -> None:
    assert [Drawn("people", 0, 7, 1, dimensions).scale for dimensions in (0, 1, 2)] == [SCALE, SCALE, 3 * SCALE]
    assert Drawn("kits", 0, 7, 5).scale == 5 * SCALE
    assert Drawn("people", 1, 7).scale == Drawn("people", 2, 7).scale == 2 * SCALE


def test_it_is_drawn_the_same_on_every_machine() -> None:
    """Pinned: a release that was sealed is explained by its key for good."""
    assert [NOISE(Drawn("people", 0, key)) for key in (0, 1, 2**31, 2**32 - 1)] == PINNED_OF_PEOPLE
    assert [NOISE(Drawn("kits", 1, key, 5)) for key in (0, 1, 2**31, 2**32 - 1)] == PINNED_OF_KITS


def test_the_secret_is_not_told_by_its_holder() -> None:
    assert KEY.hex() not in repr(NOISE)
    assert str(KEY) not in repr(NOISE)


PINNED_OF_PEOPLE = [0, -4, -1, 0]
PINNED_OF_KITS = [-13, 14, 9, -13]
