"""Figures of sealed releases: what the noise leaves to somebody who subtracts, and what it costs those who count.

The attacks with more knowledge (sums over months and over two-way tables, linear programming, other programs) need
solvers that are no part of a running house: `make proof ARGS="tests/attacks"` runs them. What is here is the simplest
one, which breaks plain suppression whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, prod
from random import Random
from statistics import median

from true_api.outlets.measures.figures import Figure, Size, at_least, at_most
from true_api.outlets.statistics.grid import GRID, Table
from true_api.privacy.noise import FLOOR, REACH, SCALE, Drawn, KeyedNoise, Noise, shown

SECTION = "9"
TRIALS = {Size.SMALL: 4_000, Size.FULL: 40_000}
USUAL = (34.0, 26.0, 18.0, 12.0, 7.0)
"""How many of a hundred people each usual category of a table has, beside a rare one with one to ten people."""
SHARES: dict[str, Sequence[float]] = {
    "zone": (30, 22, 16, 10, 5, 2),
    "age_band": (0, 9, 30, 28, 18, 9, 2, 0, 0, 4),
    "gender": (36, 54, 3, 0, 0, 0, 0, 0, 7),
    "race_ethnicity": (3, 1.2, 24, 18, 1, 0.6, 50, 0.4, 1, 4),
    "setting": (50, 30, 22, 2, 9, 2.4, 1.2, 8, 6, 0.6, 3, 1.5),
    "act": (55, 40, 30, 26, 20, 16, 12, 9, 7, 5, 4, 3, 2.4, 2, 1.6, 1.2, 1, 0.8, 0.6, 0.5, 0.4),
    "return": (30, 50, 20),
    "connection": (100, 12, 5),
}
"""How usual each category is in made-up programs: some are frequent, and most are rare."""
TOLD = {Size.SMALL: 62.0, Size.FULL: 60.0}
KEY_BITS = 32
YEAR = ((12, 1.0), (4, 1.8), (1, 3.4))
"""A year's months, quarters and the year itself, and how many more people than a month's each has."""
LARGE = {2_500: 1.5, 20_000: 0.3}
"""Of programs with so many people, the median relative error in percent that numbers may have."""


@dataclass(frozen=True)
class Split:
    """People of one period, split by one dimension in which everybody stands once; of each cell its size and key."""

    cells: Sequence[tuple[int, int]]

    @property
    def whole(self) -> tuple[int, int]:
        """Everybody."""
        return sum(size for size, _ in self.cells), sum(key for _, key in self.cells) % 2**KEY_BITS

    def published(self, noise: Noise) -> tuple[int | None, list[int | None]]:
        """The total, and each cell, as they leave."""
        total, *cells = [_number(noise, size, key) for size, key in (self.whole, *self.cells)]
        return total, cells


def _number(noise: Noise, size: int, key: int, revision: int = 0) -> int | None:
    return shown(size, size, noise(Drawn("people", revision, key)))


def without_noise(_drawn: Drawn) -> int:
    """What is measured beside the real noise; nothing that is sealed can be given it."""
    return 0


def one_rare_cell(chance: Random) -> Split:
    """A few hundred people, and one category in which there are one to ten."""
    people = chance.randint(150, 900)
    sizes = [max(FLOOR + 25, round(people * share / 100)) for share in USUAL]
    return Split([(size, chance.getrandbits(KEY_BITS)) for size in (*sizes, chance.randint(1, FLOOR - 1))])


def recovered(noise: Noise, trials: int, seed: int) -> float:
    """How often subtraction finds the rare cell, in percent, where the best of ten answers is taken."""
    chance, right = Random(seed), 0
    for _ in range(trials):
        split = one_rare_cell(chance)
        total, cells = split.published(noise)
        if total is not None:
            found = total - sum(value or 0 for value in cells)
            right += min(max(found, 1), FLOOR - 1) == split.cells[-1][0]
    return 100 * right / trials


def newcomer_told(noise: Noise, trials: int, seed: int) -> float:
    """How often seal and revision of a cell tell rightly whether one person came in between, in percent.

    A number that went up by one or more is taken for a newcomer; without noise that is always right.
    """
    chance, right = Random(seed), 0
    for _ in range(trials):
        size, key, came = chance.randint(60, 400), chance.getrandbits(KEY_BITS), chance.random() < 0.5
        first = _number(noise, size, key)
        second = _number(noise, size + came, key + came * chance.getrandbits(KEY_BITS), 1)
        right += (second is not None and first is not None and second > first) == came
    return 100 * right / trials


def knowing_all_else() -> float:
    """The best that can be said of a newcomer from one number of a seal by who knows the true count, in percent."""
    weights = [exp(-abs(step) / SCALE) for step in range(-REACH * SCALE, REACH * SCALE + 1)]
    whole = sum(weights)
    moved = [abs(one - other) for one, other in zip([*weights, 0.0], [0.0, *weights], strict=True)]
    return 50 * (1 + sum(moved) / whole / 2)


def error_of(people: int, seed: int) -> tuple[float, float]:
    """The median relative error of a year's numbers of people, where so many are met in a month; and how many numbers
    are kept back. Both in percent.
    """
    chance, noise = Random(seed), _noise(seed)
    errors: list[float] = []
    cells = 0
    for times, larger in YEAR:
        for table in [table for table in GRID.values() if table.cap is None] * times:
            for size in _sizes(table, round(people * larger)):
                value = shown(size, size, noise(Drawn("people", 0, chance.getrandbits(KEY_BITS), 1, table.adds_up_by)))
                cells += 1
                if value is not None:
                    errors.append(abs(value - size) / size)
    return 100 * median(errors), 100 * (1 - len(errors) / cells)


def _sizes(table: Table, people: int) -> list[int]:
    """How many people stand in each cell of a table, as far as its categories are in use."""
    parts = [[share / 100 for share in SHARES[axis.name]] for axis in table.dimensions]
    return [round(people * prod(shares)) for shares in product(*parts)]


def _noise(seed: int) -> KeyedNoise:
    return KeyedNoise(Random(seed).randbytes(32))


def _ledger() -> Iterator[tuple[str, float]]:
    """The nominal epsilon of all tables of a month that count people, and that count events."""
    for name, is_people in (("people", True), ("events", False)):
        spent = 0.0
        for table in (table for table in GRID.values() if (table.cap is None) is is_people):
            most = table.cap or 1
            drawn = Drawn(str(table.unit), 0, 0, most, table.adds_up_by)
            spent += table.cells_of_person * most / drawn.scale
        yield name, spent


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """Subtraction with noise and without, one newcomer, the error of published numbers, the nominal budget."""
    trials = TRIALS[size]
    return [
        Figure(SECTION, "reconstruction over the whole grid, 20 programs", "run by make proof", goal="<= blind + 5"),
        Figure(SECTION, "a blind guess at a lone hidden number meets it", 100 / (FLOOR - 1), "%"),
        Figure(SECTION, "plain subtraction meets it", recovered(_noise(seed), trials, seed), "%"),
        at_least(SECTION, "plain subtraction meets it with noise off", recovered(without_noise, trials, seed), 50, "%"),
        at_most(SECTION, "told whether one came, by seal and revision", _told(seed, trials), TOLD[size], "%"),
        at_least(SECTION, "told it with noise off", newcomer_told(without_noise, trials, seed), 99, "%"),
        Figure(SECTION, "told it by one sealed number, to who knows all else", knowing_all_else(), "%"),
        *(figure for people, goal in LARGE.items() for figure in _errors(people, goal, seed)),
        *(Figure(SECTION, f"nominal epsilon of a month, {name}, at the most", spent) for name, spent in _ledger()),
    ]


def _told(seed: int, trials: int) -> float:
    return newcomer_told(_noise(seed), trials, seed)


def _errors(people: int, goal: float, seed: int) -> Iterator[Figure]:
    error, kept_back = error_of(people, seed)
    yield at_most(SECTION, f"median relative error with {people:,} people", error, goal, "%")
    yield Figure(SECTION, f"numbers kept back with {people:,} people", kept_back, "%")
