"""The report on a sealed period, for a program manager: how much was kept back, why, and where to look instead.

It is made of the numbers that left alone, so that it tells nothing that the releases do not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from true_api.kernel.database import Database
from true_api.outlets.sealed import sealing
from true_api.outlets.sealed.ledger import spent
from true_api.outlets.sealed.refusals import NothingSealed
from true_api.outlets.statistics.grid import GRID, Table
from true_api.outlets.statistics.periods import Period
from true_api.privacy.noise import FLOOR

WHY = (
    f"A number is kept back when it, the people behind it, or the number with its noise is below {FLOOR}; zeros too."
    " Which of the three it was is not told, and not kept."
)
NOTHING_KEPT_BACK = "Every number is shown."
EVERYTHING_KEPT_BACK = "Every number is kept back: too few people came this time to say anything of them."


@dataclass(frozen=True)
class Line:
    """What became of one table."""

    table: str
    title: str
    numbers: int
    kept_back: int
    look_at: str
    """Where a reader finds a number in the place of those that were kept back."""


@dataclass(frozen=True)
class Report:
    """What became of a period."""

    period: str
    revision: int
    sealed_on: str
    mechanism: str
    lines: Sequence[Line]
    epsilon: float
    """The nominal epsilon of all its tables in this revision."""


async def report_on(database: Database, period: Period) -> Report:
    """The report on the latest revision of a period. Raises `NothingSealed`."""
    found = await sealing.latest(database, period)
    if not found:
        raise NothingSealed
    sealed = await sealing.sealed_as(database, found[0].id)
    release = found[0]
    epsilon = sum(line.epsilon for line in await spent(database, str(period)) if line.revision == release.revision)
    lines = [line_of(row.table, period, [cell.value for cell in cells]) for row, cells in sealed]
    return Report(str(period), release.revision, release.sealed_on.isoformat(), release.mechanism, lines, epsilon)


def line_of(name: str, period: Period, values: Sequence[int | None]) -> Line:
    """What became of one table, by the numbers as they left; also before they are kept, in a dry run."""
    table = GRID.get(name)
    hidden = sum(value is None for value in values)
    title = name if table is None else table.title
    return Line(name, title, len(values), hidden, _look_at(table, period, hidden, len(values)))


def _look_at(table: Table | None, period: Period, hidden: int, numbers: int) -> str:
    if not hidden:
        return NOTHING_KEPT_BACK
    said = [EVERYTHING_KEPT_BACK] if hidden == numbers and numbers > 1 else []
    if table is not None:
        said += [f"See {', '.join(coarser)}." for coarser in [_coarser(table, period)] if coarser]
        said += [f"{longer[0].upper()}{longer[1:]} may show more." for longer in _longer(table, period)[:1]]
    return " ".join(said) or "No coarser table has it."


def _coarser(table: Table, period: Period) -> list[str]:
    """Tables of the same thing by fewer dimensions, the nearest first."""
    own = {dimension.name for dimension in table.dimensions}
    named = [
        (len(theirs), other.name)
        for other in GRID.values()
        for theirs in [{dimension.name for dimension in other.dimensions}]
        if other.unit == table.unit and theirs < own and period.kind in other.periods
    ]
    most = max((size for size, _ in named), default=0)
    return [name for size, name in sorted(named) if size == most]


def _longer(table: Table, period: Period) -> list[str]:
    """Longer periods for which the same table is published."""
    order = {"month": 0, "quarter": 1, "fiscal_year": 2}
    words = {"quarter": "the quarter", "fiscal_year": "the fiscal year"}
    kinds = sorted((str(kind) for kind in table.periods), key=order.__getitem__)
    return [words[kind] for kind in kinds if order[kind] > order[str(period.kind)]]


def written(report: Report) -> str:
    """The report as a program manager reads it."""
    kept_back = sum(line.kept_back for line in report.lines)
    numbers = sum(line.numbers for line in report.lines)
    which = "first sealing" if report.revision == 0 else f"revision {report.revision}"
    head = [
        f"{report.period}, {which}, sealed on {report.sealed_on}: {numbers} numbers in {len(report.lines)} tables,"
        f" {kept_back} kept back.",
        WHY,
        f"Mechanism: {report.mechanism}. Nominal epsilon of these tables together: {report.epsilon:g}.",
    ]
    return "\n".join([*head, "", *map(_line, report.lines)])


def _line(line: Line) -> str:
    how = f"{line.kept_back} of {line.numbers} kept back"
    return f"  {line.title} ({line.table}): {how}. {line.look_at}"
