"""What privacy costs: the same doors with sealing and guard on and off, on both engines, in one run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.house import SERVE, WEAKENED, Place, running_house
from benchmarks.load import Load
from benchmarks.report import Goal
from benchmarks.rounds import Round, Target, ratio

LEAST = 0.6
ENGINES = ("SQLite", "PostgreSQL")
ASKED: dict[str, Callable[[Place], Load]] = {
    "enroll with words": Place.enroll,
    "note an encounter": Place.create_with_note,
}


@contextmanager
def with_and_without(folder: Path, urls: dict[str, list[str]], database: int) -> Iterator[list[Target]]:
    """Every server started; of each door the whole program is measured, then the weakened one beside it."""
    with ExitStack() as opened:
        targets = []
        for engine in ENGINES:
            places = []
            for number, program in enumerate((SERVE, WEAKENED)):
                home = folder / f"{engine}-{number}"
                home.mkdir()
                places.append(opened.enter_context(running_house(home, urls[engine][number], program)))
            process = database if engine == "PostgreSQL" else 0
            for asked, load in ASKED.items():
                for name, place in zip(_titles(asked, engine), places, strict=True):
                    targets.append(_target(name, load, place, process))
        yield targets


def _target(name: str, load: Callable[[Place], Load], place: Place, database: int) -> Target:
    return Target(name, lambda: load(place), place.server.pid, database)


def _titles(asked: str, engine: str) -> tuple[str, str]:
    """What the two are called: the whole program, and the one with sealing and guard off."""
    return f"{asked}, {engine}", f"  {asked.partition(' ')[0]}, {engine}, off"


def goals(found: dict[str, list[Round]]) -> list[Goal]:
    """Requests per second, of those that the same doors answer with sealing and guard off."""
    return [
        Goal(f"{asked} on {engine}, of the same with both off", _share(found, asked, engine), LEAST, True, "x")
        for asked in ASKED
        for engine in ENGINES
    ]


def _share(found: dict[str, list[Round]], asked: str, engine: str) -> float:
    whole, weakened = _titles(asked, engine)
    return ratio(found[whole], found[weakened], "per_second")
