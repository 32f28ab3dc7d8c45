"""What the trail costs: encounters recorded with it and without it, on both engines, in one run."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.house import SERVE, Place, running_house
from benchmarks.report import Goal
from benchmarks.rounds import Round, Target, ratio

LEAST = 0.7
ENGINES = ("SQLite", "PostgreSQL")
UNTRAILED = ["benchmarks.untrailed"]
WRITERS = 16


@contextmanager
def with_and_without(folder: Path, urls: dict[str, list[str]], database: int) -> Iterator[list[Target]]:
    """Every server started; of each engine the whole program is measured, then the one without a trail beside it."""
    with ExitStack() as opened:
        targets = []
        for engine in ENGINES:
            for number, (name, program) in enumerate(zip(_titles(engine), (SERVE, UNTRAILED), strict=True)):
                home = folder / f"{engine}-{number}"
                home.mkdir()
                place = opened.enter_context(running_house(home, urls[engine][number], program))
                targets.append(_target(name, place, database if engine == "PostgreSQL" else 0))
        yield targets


def _target(name: str, place: Place, database: int) -> Target:
    return Target(name, lambda: place.create(connections=WRITERS), place.server.pid, database)


def _titles(engine: str) -> tuple[str, str]:
    return f"record, {engine}", f"  record, {engine}, no trail"


def goals(found: dict[str, list[Round]]) -> list[Goal]:
    """Requests per second, of those that the same door answers without a trail."""
    return [
        Goal(
            f"record with {WRITERS} writers on {engine}, of the same without a trail",
            ratio(*(found[name] for name in _titles(engine)), "per_second"),
            LEAST,
            True,
            "x",
        )
        for engine in ENGINES
    ]
