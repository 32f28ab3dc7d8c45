"""The report: what was measured, and how far it is from the goals."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.rounds import Round, median, ratio

HELLO = "hello ASGI"
CREATE_PG, CREATE_BARE = "create, PostgreSQL", "  bare FastAPI create"
CREATE_SQLITE, RAW_SQLITE = "create, SQLite", "  raw SQLite transactions"
TIMELINE_PG, LIST_BARE = "timeline of 50, PostgreSQL", "  bare FastAPI list of 50"
TIMELINE_SQLITE = "timeline of 50, SQLite"

NOT_MEASURED = (
    "two workers beside pgbench's two-INSERT (`true-api serve` runs one process)",
    "PocketBase, Directus and the template pattern (they are not installed with the tests)",
)


@dataclass(frozen=True)
class Goal:
    """A number and what it should be."""

    says: str
    measured: float
    wanted: float
    at_least: bool
    unit: str
    beside: str = ""
    """What the number was made of."""

    @property
    def reached(self) -> bool:
        """Whether it is good enough."""
        return self.measured >= self.wanted if self.at_least else self.measured <= self.wanted


@dataclass(frozen=True)
class Starts:
    """The server's starts: seconds to the first answer, and megabytes held when nobody asks."""

    seconds: float
    megabytes: float


def goals(found: dict[str, list[Round]], starts: Starts) -> list[Goal]:
    """What speed.md asks for, where this run can say."""
    return [
        _per_cpu("create on PostgreSQL per CPU-second, of bare FastAPI's", found, (CREATE_PG, CREATE_BARE), 1.3),
        Goal(
            "create on SQLite per second, of the raw limit",
            ratio(found[CREATE_SQLITE], found[RAW_SQLITE], "per_second"),
            0.45,
            True,
            "x",
        ),
        _per_cpu("timeline on PostgreSQL per CPU-second, of a bare list", found, (TIMELINE_PG, LIST_BARE), 0.8),
        _per_cpu("timeline on SQLite per CPU-second, of a bare list", found, (TIMELINE_SQLITE, LIST_BARE), 0.8),
        Goal("start to first answer", starts.seconds, 2.0, False, "s"),
        Goal("resident memory of an idle server", starts.megabytes, 130.0, False, "MB"),
    ]


def _per_cpu(says: str, found: dict[str, list[Round]], ours_and_theirs: tuple[str, str], wanted: float) -> Goal:
    ours, theirs = ours_and_theirs
    return Goal(says, ratio(found[theirs], found[ours], "cpu_us"), wanted, True, "x")


def lines(
    ground: dict[str, Any], found: dict[str, list[Round]], reached: list[Goal], left_out: Sequence[str] = NOT_MEASURED
) -> Iterator[str]:
    """The report for people."""
    yield "  ".join(f"{name} {value}" for name, value in ground.items())
    yield ""
    yield f"{'':30}{'req/s':>9}{'p99 ms':>9}{'CPU us':>9}{'DB us':>9}{'odd':>6}{'others':>8}"
    for name, rounds in found.items():
        one = median(rounds)
        database = f"{one.database_us:9.0f}" if one.database_us else f"{'-':>9}"
        yield (
            f"{name:30}{one.per_second:9.0f}{one.p99_ms:9.1f}{one.cpu_us:9.0f}{database}"
            f"{one.unexpected:6.0f}{one.other_cores:8.2f}"
        )
    yield ""
    for goal in reached:
        bound, verdict = (">=" if goal.at_least else "<="), "reached" if goal.reached else "BELOW THE GOAL"
        yield f"{goal.says:60}{goal.measured:8.2f} {goal.unit:2}  goal {bound} {goal.wanted:g}  {verdict}"
        if goal.beside:
            yield f"{'':4}{goal.beside}"
    yield from (f"not measured: {what}" for what in left_out)


def as_json(ground: dict[str, Any], found: dict[str, list[Round]], reached: list[Goal]) -> dict[str, Any]:
    """The report for programs."""
    return {
        "ground": ground,
        "medians": {name.strip(): asdict(median(rounds)) for name, rounds in found.items()},
        "rounds": {name.strip(): [asdict(one) for one in rounds] for name, rounds in found.items()},
        "goals": [{**asdict(goal), "reached": goal.reached} for goal in reached],
        "not_measured": list(NOT_MEASURED),
    }
