"""Rounds: every target in turn, again and again, so that what disturbs the machine disturbs all of them."""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from benchmarks.load import Load, Outcome
from benchmarks.processes import ROOT, cpu_seconds, environment, machine_cpu_seconds

WARM_UP, SETTLE = 1.0, 1.5
"""Seconds; what a server still does after the last answer (giving the trail its order) is on its bill."""


@dataclass(frozen=True)
class Target:
    """Something to measure: a load on a server, or a program that measures itself."""

    name: str
    ask: Callable[[], Load] | Path
    """The load, or the folder in which the raw SQLite loop writes."""
    server: int = 0
    database: int = 0
    """Process ids."""


@dataclass(frozen=True)
class Round:
    """What one round of one target gave."""

    per_second: float
    p99_ms: float
    cpu_us: float
    database_us: float
    unexpected: float
    """Answers that were not the expected ones."""
    other_cores: float
    """Cores that were busy with neither the target nor its load."""


def interleaved(targets: list[Target], rounds: int, seconds: float) -> dict[str, list[Round]]:
    """Warm everything up, then measure every target once per round."""
    for target in targets:
        measured(target, WARM_UP)
    found: dict[str, list[Round]] = {target.name: [] for target in targets}
    for number in range(rounds):
        for target in targets:
            print(f"round {number + 1} of {rounds}: {target.name}", file=sys.stderr, flush=True)
            found[target.name].append(measured(target, seconds))
    return found


def measured(target: Target, seconds: float) -> Round:
    """One round."""
    began, machine, generator = time.perf_counter(), machine_cpu_seconds(), _children_cpu()
    server, database = cpu_seconds(target.server), cpu_seconds(target.database)
    outcome = _outcome(target, seconds)
    time.sleep(SETTLE)
    server, database = cpu_seconds(target.server) - server, cpu_seconds(target.database) - database
    generator, machine = _children_cpu() - generator, machine_cpu_seconds() - machine
    elapsed, took = time.perf_counter() - began, sorted(outcome.took)
    return Round(
        per_second=len(took) / outcome.elapsed,
        p99_ms=took[int(len(took) * 0.99)] * 1000,
        cpu_us=(server if outcome.cpu is None else outcome.cpu) / len(took) * 1e6,
        database_us=database / len(took) * 1e6,
        unexpected=outcome.failed,
        other_cores=max(0.0, machine - generator - server - database) / elapsed,
    )


def _outcome(target: Target, seconds: float) -> Outcome:
    """What the load generator, or the program that measures itself, printed."""
    if isinstance(target.ask, Path):
        command, spoken = ["benchmarks.baselines.raw_sqlite", str(target.ask), str(seconds)], ""
    else:
        command, spoken = ["benchmarks.load"], json.dumps(asdict(replace(target.ask(), seconds=seconds)))
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment(),
        input=spoken,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Outcome(**json.loads(done.stdout))


def _children_cpu() -> float:
    """CPU of the programs of ours that have ended: load generators and raw loops."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def median(rounds: list[Round]) -> Round:
    """Each number's median; of unexpected answers the sum."""
    middle = {one.name: statistics.median(getattr(round_, one.name) for round_ in rounds) for one in fields(Round)}
    return Round(**{**middle, "unexpected": sum(round_.unexpected for round_ in rounds)})


def ratio(of: list[Round], to: list[Round], number: str) -> float:
    """The median of one number's ratios, each between neighbors of the same round."""
    pairs = zip(of, to, strict=True)
    return float(statistics.median(getattr(one, number) / getattr(other, number) for one, other in pairs))
