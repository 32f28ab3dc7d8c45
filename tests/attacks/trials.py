"""Trials: the same attack on many programs, with the real noise and with none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.attacks.knowledge import Experience, LawOf, keyed_law, silent_law
from tests.attacks.programs import PEOPLE_TABLES, Program
from tests.attacks.publishing import hidden_small, keyed, publish, truth_of
from tests.attacks.reconstruction import Attacker, sums
from tests.attacks.weakened import no_noise

ELSEWHERE = 1_000
"""Seeds from here on are programs that the attacker knows all about."""
KNOWN = 20
ADDS_UP = frozenset(name for each in sums(PEOPLE_TABLES, [""]) for name, *_ in each.parts)
"""The tables whose cells add up to those of others: the ones that can be attacked at all."""


@dataclass
class Tally:
    """How many hidden cells of one to ten people there were, and how many were guessed exactly."""

    cells: int = 0
    recovered: int = 0
    blind: int = 0
    by_table: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Recovered by the attack, in percent."""
        return 100 * self.recovered / self.cells

    @property
    def share_blind(self) -> float:
        """Recovered by a blind guess, in percent."""
        return 100 * self.blind / self.cells


@dataclass(frozen=True)
class Build:
    """What is attacked: the real thing, or the one with noise off."""

    noisy: bool
    revisions: int = 1

    @property
    def law(self) -> LawOf:
        """How noise is distributed in it, which is no secret."""
        return keyed_law if self.noisy else silent_law


@dataclass(frozen=True)
class Setting:
    """Programs of a size, over some months."""

    people: int
    months: int
    seeds: Sequence[int]

    def program(self, seed: int) -> Program:
        """One of them."""
        return Program(seed, self.people, self.months, PEOPLE_TABLES)


def attacked(setting: Setting, build: Build) -> tuple[Tally, Tally]:
    """All hidden cells of one to ten people of the grid, and those of tables that add up."""
    every, adding = Tally(), Tally()
    others = [truth_of(setting.program(ELSEWHERE + number)) for number in range(KNOWN)]
    spans = publish(setting.program(ELSEWHERE), no_noise).spans
    attacker = Attacker(PEOPLE_TABLES, build.law, Experience(others, spans))
    for seed in setting.seeds:
        program = setting.program(seed)
        truth = truth_of(program)
        published = publish(program, keyed(seed) if build.noisy else no_noise, build.revisions)
        guesses, blind = attacker.by_beliefs(published), attacker.blind(published)
        if not build.noisy:
            guesses = attacker.by_bounds(published, guesses)
        for name in hidden_small(published, truth):
            for tally in (every, adding) if name[0] in ADDS_UP else (every,):
                tally.cells += 1
                tally.recovered += guesses[name] == truth[name]
                tally.blind += blind[name] == truth[name]
                tally.by_table[name[0]] += 1
    return every, adding
