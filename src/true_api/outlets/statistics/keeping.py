"""Counted months that are kept: read where nothing was written since, counted anew where something was.

The engine notes every write to a month in the write's own commit, so an answer is exact at every moment, and what is
kept decides only how fast it comes. Counting anew happens beside the requests; of several at it, one is believed.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from true_api.kernel.database import Database, shielded
from true_api.kernel.effects import Remove, Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.outlets.statistics.counting import count
from true_api.outlets.statistics.grid import GRID, INSIDE, Cell, Source, Table
from true_api.outlets.statistics.monthly import MONTHLY, count_monthly
from true_api.outlets.statistics.periods import Month, PeriodKind
from true_api.outlets.statistics.tables import CountedCell, CountedMonth, TouchedMonth
from true_api.security.installation import Installation

RULES = 1
"""Grows whenever something is counted by other rules than before: then nothing is believed that was kept."""

TURN = "turn"
"""Not a table: its one row is changed by every commit of this module, so that of two at once one comes to nothing."""

IDS_AT_A_TIME = 5_000
Values = Mapping[Cell, int]


@dataclass(frozen=True)
class Kept:
    """Something that is counted by the month and kept: what from, and how."""

    name: str
    sources: frozenset[Source]
    count: Callable[[Database, Month], Awaitable[Values]]


def _of_grid(table: Table) -> Kept:
    async def counted(database: Database, month: Month) -> Values:
        counts = await count(database, table, month, exact=True)
        return {cell: found.value for cell, found in counts.items() if found.value}

    return Kept(table.name, table.sources, counted)


def _of_months(name: str) -> Kept:
    async def counted(database: Database, month: Month) -> Values:
        return {(field,): many for field, many in (await count_monthly(database, name, month)).items() if many}

    return Kept(name, frozenset({MONTHLY[name][0]}), counted)


KEPT: dict[str, Kept] = {
    **{table.name: _of_grid(table) for table in (GRID | INSIDE).values() if PeriodKind.MONTH in table.periods},
    **{name: _of_months(name) for name in MONTHLY},
}

_Touched = Mapping[str, frozenset[Source]]


def _is_stale(kept: Kept, month: Month, touched: _Touched) -> bool:
    """Whether something was written since that it counts; of who came back, in any month before too."""
    if kept.sources & touched.get(str(month), frozenset()):
        return True
    if Source.HISTORY not in kept.sources:
        return False
    return any(Source.ENCOUNTERS in sources for earlier, sources in touched.items() if earlier < str(month))


async def exact(database: Database, names: Iterable[str], months: Sequence[Month]) -> dict[tuple[str, Month], Values]:
    """The cells in which there is something, of each of these and of each month, as they are at this moment."""
    wanted = [KEPT[name] for name in names]
    touches, cells = table_of(TouchedMonth), _cells([kept.name for kept in wanted], months)
    # What was touched is read first: what is counted anew in between is newer, and just as true.
    touched_rows, kept_rows = await database.read(select(touches.c.month, touches.c.source).distinct(), cells)
    touched = _by_month((row.month, row.source) for row in touched_rows)
    stored: dict[tuple[str, str], dict[Cell, int]] = defaultdict(dict)
    for row in kept_rows:
        held = stored[row.table, row.month]
        if row.value is not None:
            held[(row.one, row.other) if row.other else (row.one,) if row.one else ()] = row.value
    found: dict[tuple[str, Month], Values] = {}
    for kept in wanted:
        for month in months:
            kept_cells = stored.get((kept.name, str(month)))
            if kept_cells is None or _is_stale(kept, month, touched):
                found[kept.name, month] = await kept.count(database, month)
            else:
                found[kept.name, month] = kept_cells
    return found


def _cells(names: Sequence[str], months: Sequence[Month]) -> Any:
    months_kept, cells = table_of(CountedMonth), table_of(CountedCell)
    return (
        select(months_kept.c.table, months_kept.c.month, cells.c.one, cells.c.other, cells.c.value)
        .select_from(months_kept.outerjoin(cells, cells.c.counted_id == months_kept.c.id))
        .where(
            months_kept.c.table.in_(names),
            months_kept.c.month >= str(months[0]),
            months_kept.c.month <= str(months[-1]),
            months_kept.c.rules == RULES,
        )
    )


def _by_month(rows: Iterable[tuple[str, Source]]) -> _Touched:
    found: dict[str, set[Source]] = defaultdict(set)
    for month, source in rows:
        found[month].add(source)
    return {month: frozenset(sources) for month, sources in found.items()}


async def keep_counts(installation: Installation) -> int:
    """Count every month anew that something was written to, each once; how many months that were.

    The earliest first: what is known of who came back later follows from it.
    """
    database, done = installation.database, 0
    touches = table_of(TouchedMonth)
    following = select(func.min(touches.c.month).label("month"))
    last = ""
    while (month := (await database.read(following.where(touches.c.month > last)))[0][0].month) is not None:
        try:
            await _count_anew(database, Month.read(month))
        except WriteCollided:
            # Somebody else is at it, and began earlier.
            break
        last, done = month, done + 1
    return done


@dataclass(frozen=True)
class _Standing:
    """What there is of a month before it is counted anew. The turn is read first, then what was touched."""

    turn: Any
    touched: Mapping[UUID, Source]
    kept: Mapping[str, Any]
    later: Sequence[str]


async def _standing(database: Database, month: Month) -> _Standing:
    touches, months = table_of(TouchedMonth), table_of(CountedMonth)
    turn, touched, kept, later = await database.read(
        select(months).where(months.c.table == TURN),
        select(touches.c.id, touches.c.source).where(touches.c.month == str(month)),
        select(months).where(months.c.month == str(month)),
        select(months.c.month).where(months.c.month > str(month), months.c.table.in_(_OF_HISTORY)),
    )
    return _Standing(
        turn=next(iter(turn), None),
        touched={row.id: row.source for row in touched},
        kept={row.table: row for row in kept},
        later=sorted({row.month for row in later}),
    )


_OF_HISTORY = sorted(kept.name for kept in KEPT.values() if Source.HISTORY in kept.sources)


async def _count_anew(database: Database, month: Month) -> None:
    """Count what was touched in a month, and keep it in one commit with the removal of the touches that were read."""
    before = await _standing(database, month)
    sources = frozenset(before.touched.values())
    unit = Unit()
    _take_turn(unit, before.turn)
    for kept in KEPT.values():
        row = before.kept.get(kept.name)
        if row is None or row.rules != RULES or kept.sources & sources:
            _keep(unit, kept.name, month, row, await kept.count(database, month))
    waiting = iter(before.touched)
    while some := tuple(islice(waiting, IDS_AT_A_TIME)):
        unit.effects.append(Remove(table_of(TouchedMonth), "id", some))
    if Source.ENCOUNTERS in sources:
        for later in before.later:
            unit.keep(TouchedMonth(source=Source.HISTORY, month=later))
    await shielded(database.commit(unit))


def _take_turn(unit: Unit, turn: Any) -> None:
    if turn is None:
        unit.keep(CountedMonth(table=TURN, month="", rules=RULES))
    else:
        unit.change(CountedMonth, turn, {})


def _keep(unit: Unit, name: str, month: Month, row: Any, values: Values) -> None:
    if row is None:
        new = CountedMonth(table=name, month=str(month), rules=RULES)
        unit.keep(new)
        identity = new.id
    else:
        unit.change(CountedMonth, row, {"rules": RULES})
        unit.effects.append(Remove(table_of(CountedCell), "counted_id", (row.id,)))
        identity = row.id
    for cell, value in values.items():
        one, other = (*cell, "", "")[:2]
        unit.keep(CountedCell(counted_id=identity, one=one, other=other, value=value))
