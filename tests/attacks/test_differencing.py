"""Differencing and averaging: somebody came after the seal, or the same people are counted again and again."""

from random import Random
from typing import Any

import numpy as np
import pytest

from tests.attacks.knowledge import Law, keyed_law
from tests.attacks.programs import PEOPLE_TABLES, Program, spans
from tests.attacks.publishing import drawn_of, keyed, name_of
from tests.attacks.weakened import no_noise
from true_api.privacy.noise import FLOOR, Drawn, Noise, shown

MOST = 60.0
WORKS = 99.0
FEW, MANY = 4_000, 200_000
LEFT_TO_CHANCE = {FEW: 2.5, MANY: 0.0}


def _moved(law_before: Law, law_after: Law) -> np.ndarray[Any, np.dtype[np.float64]]:
    """How likely each difference between seal and revision is while nobody came."""
    return np.convolve(law_after.weights, law_before.weights[::-1])


def told_by_one_cell(noise: Noise, trials: int, seed: int) -> float:
    """How often the best judge says rightly whether one person came between seal and revision, in percent.

    Everybody else's rows are as they were. The judge sees both numbers of a cell that is shown, and knows how the noise
    is drawn: whichever of the two cases makes what is seen likelier is said, and a coin where both do.
    """
    chance, right = Random(seed), 0.0
    moved = _moved(keyed_law("people-by-zone", 0), keyed_law("people-by-zone", 1))
    middle = len(moved) // 2
    for _ in range(trials):
        people, key, came = chance.randint(60, 400), chance.getrandbits(32), chance.random() < 0.5
        after = (key + chance.getrandbits(32)) % 2**32 if came else key
        first = shown(people, people, noise(Drawn("people", 0, key)))
        second = shown(people + came, people + came, noise(Drawn("people", 1, after)))
        assert first is not None
        assert second is not None
        step = second - first
        if noise is no_noise:
            right += (step == 1) == came
            continue
        likely = [moved[middle + step - one] if abs(step - one) <= middle else 0.0 for one in (0, 1)]
        right += 0.5 if likely[0] == likely[1] else (likely[1] > likely[0]) == came
    return 100 * right / trials


def told_by_who_knows_all(cells: int) -> float:
    """The same of a judge who knows the true counts before, and how many cells of a revision the newcomer stands in.

    Each cell is an independent draw, so it is said exactly by the law of the likelihood ratio, drawn many times.
    """
    law, rounds = keyed_law("people-by-zone", 1), 40_000
    chance = np.random.default_rng(cells)
    steps = np.arange(-law.reach, law.reach + 1)
    drawn = chance.choice(steps, (2, rounds, cells), p=law.weights)
    drawn[1] += 1

    def log_of(values: Any) -> Any:
        inside = np.abs(values) <= law.reach
        return np.where(inside, np.log(law.weights[np.clip(values + law.reach, 0, 2 * law.reach)]), -1e6)

    score = (log_of(drawn - 1) - log_of(drawn)).sum(axis=2)
    right = (score[0] < 0).mean() + (score[1] > 0).mean() + 0.5 * (score == 0).mean(axis=1).sum()
    return float(50 * right)


def test_whether_one_person_came_between_seal_and_revision_is_hardly_told_by_a_cell() -> None:
    assert told_by_one_cell(keyed(1), FEW, 1) <= MOST + LEFT_TO_CHANCE[FEW]
    assert told_by_one_cell(no_noise, FEW, 1) >= WORKS


def test_not_even_to_somebody_who_knows_the_true_count_before() -> None:
    assert told_by_who_knows_all(1) <= MOST


@pytest.mark.proof
def test_many_times_over_and_what_all_cells_of_a_newcomer_tell_together() -> None:
    """The second is no promise: it is printed, and docs/numbers.md says it."""
    one = told_by_one_cell(keyed(2), MANY, 2)
    print(f"one cell: {one:.1f} %; known true count: {told_by_who_knows_all(1):.1f} %")
    for cells in (5, 10, 30):
        print(f"{cells} cells, everything else known: {told_by_who_knows_all(cells):.1f} %")
    assert one <= MOST


def test_the_same_people_have_one_noise_in_every_table_and_month_so_that_nothing_averages_it_away() -> None:
    """Somebody's own category in two tables, or a group that comes every month: one number, however often."""
    program = Program(3, 400, 4, PEOPLE_TABLES)
    program.met[:] = program.met[:, :1]
    noise = keyed(3)
    numbers: dict[tuple[str, tuple[str, ...]], set[int | None]] = {}
    for cell in program.everything:
        if cell.table.name in {"people", "people-by-zone", "people-by-gender", "people-by-zone-and-age-band"}:
            table, _, words = name_of(cell)
            seen = shown(cell.value, cell.value, noise(drawn_of(cell, 0)))
            numbers.setdefault((table, words), set()).add(seen)
    assert {len(seen) for seen in numbers.values()} == {1}
    assert any(seen != {None} for seen in numbers.values())


def test_a_revision_that_nobody_came_before_is_another_draw_and_two_of_them_still_leave_a_range() -> None:
    noise, values = keyed(5), range(FLOOR + 30, FLOOR + 130)
    draws = [[value + noise(Drawn("people", revision, value)) for revision in range(3)] for value in values]
    exact = sum(round(sum(draw) / 3) == value for draw, value in zip(draws, values, strict=True))
    assert exact <= 45
    assert sum(len(set(draw)) > 1 for draw in draws) > 70


def test_months_quarters_and_years_are_all_looked_at() -> None:
    assert [span.kind for span in spans(12)].count("month") == 12
    assert {span.kind for span in spans(12)} == {"month", "quarter", "fiscal_year"}
