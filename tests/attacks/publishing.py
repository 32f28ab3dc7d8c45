"""What leaves of a made-up program: its cells, put through the real noise and floor, or through the weakened ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.attacks.programs import Cell, Program, Span
from true_api.privacy.noise import Drawn, KeyedNoise, Noise, shown

Name = tuple[str, str, tuple[str, ...]]
"""A cell as an integrator sees it: table, period, words."""


@dataclass(frozen=True)
class Published:
    """All that was ever published: of each cell a number, or None, for each revision."""

    values: Mapping[Name, tuple[int | None, ...]]
    spans: Mapping[str, Span]

    @property
    def hidden(self) -> set[Name]:
        """The cells of which no revision shows a number."""
        return {name for name in self.values if self.is_hidden(name)}

    def is_hidden(self, name: Name) -> bool:
        """Whether no revision shows a number."""
        return all(value is None for value in self.values[name])


def name_of(cell: Cell) -> Name:
    """What an integrator calls a cell."""
    return cell.table.name, cell.span.name, cell.words


def drawn_of(cell: Cell, revision: int) -> Drawn:
    """What the noise of a cell depends on, as sealing says it."""
    return Drawn(str(cell.table.unit), revision, cell.key, cell.table.cap or 1, cell.table.adds_up_by)


def keyed(seed: int) -> KeyedNoise:
    """The real noise under a key of one's own."""
    return KeyedNoise(seed.to_bytes(32, "big"))


def publish(program: Program, noise: Noise, revisions: int = 1) -> Published:
    """Seal everything, so many times, while nothing changes in the program: the most that is ever told of a cell."""

    def seen(cell: Cell) -> tuple[int | None, ...]:
        draws = [noise(drawn_of(cell, revision)) for revision in range(revisions)]
        return tuple(shown(cell.value, cell.value, drawn) for drawn in draws)

    cells = program.everything
    return Published({name_of(cell): seen(cell) for cell in cells}, {cell.span.name: cell.span for cell in cells})


def truth_of(program: Program) -> dict[Name, int]:
    """What nobody outside knows."""
    return {name_of(cell): cell.value for cell in program.everything}


def hidden_small(published: Published, truth: Mapping[Name, int]) -> list[Name]:
    """The cells that the attack is about: kept back, with one to ten people in them."""
    return sorted(name for name in published.hidden if 1 <= truth[name] <= 10)


def share(names: Sequence[Name], guesses: Mapping[Name, int], truth: Mapping[Name, int]) -> float:
    """How many of these were guessed exactly, in percent."""
    return 100 * sum(guesses[name] == truth[name] for name in names) / max(len(names), 1)
