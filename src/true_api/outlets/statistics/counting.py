"""Counting: every cell of a table of the grid for one period, exactly as it is or with the caps of releases.

What was amended or voided does not count. Of linked records the one with the least id stands for the whole person.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.outlets.statistics import people
from true_api.outlets.statistics.dimensions import RACE_ETHNICITY
from true_api.outlets.statistics.events import EVENTS, of_nobody, of_people
from true_api.outlets.statistics.grid import Cell, Dimension, Table
from true_api.outlets.statistics.periods import Month, Period
from true_api.outlets.statistics.terms import Connection
from true_api.privacy.cases import Participant
from true_api.privacy.profile import LocalTerm, Vocabulary

KEYS = 2**32
"""Record keys are random numbers below this, and so are their sums."""


@dataclass(frozen=True)
class Counted:
    """A cell: its value, how many contributors it has, and the key that these contributors and nobody else make.

    Contributors are people, and events about nobody. The key is the sum of each one's own random key times what it
    adds to the value; the noise of a release is drawn from it, and neither ever leaves the process.
    """

    value: int = 0
    contributors: int = 0
    key: int = 0

    def plus(self, value: int, contributors: int, key: int) -> "Counted":
        """The cell with more in it."""
        return Counted(self.value + value, self.contributors + contributors, (self.key + key) % KEYS)


Counts = Mapping[Cell, Counted]
NOTHING = Counted()


async def own_zones(database: Database) -> tuple[str, ...]:
    """The program's own zones, those in use no longer too: records still name them."""
    terms = table_of(LocalTerm)
    asked = select(terms.c.key).where(terms.c.vocabulary == Vocabulary.ZONE).order_by(terms.c.key)
    return tuple(row.key for row in (await database.read(asked))[0])


async def count(database: Database, table: Table, period: Period, *, exact: bool = False) -> Counts:
    """Every cell of a table in order, those with nothing in them too.

    `exact` is for the program's own eyes: no event is left out for its person having had many. Raises `ValueError` for
    a kind of period that the table is not told for.
    """
    if period.kind not in table.periods:
        raise ValueError("the table is not told for such periods")
    zones = await own_zones(database) if any(dimension.own_terms for dimension in table.dimensions) else ()
    counted: dict[Cell, Counted] = dict.fromkeys(table.with_own(zones).cells, NOTHING)
    if isinstance(period, Month) and table.name in EVENTS:
        found = await _events(database, table, period, exact)
    else:
        found = await _people(database, table, period)
    for cell, *more in found:
        # A term that is no category any more is told nowhere.
        if cell in counted:
            counted[cell] = counted[cell].plus(*more)
    return counted


_Found = Iterable[tuple[Cell, int, int, int]]


async def _people(database: Database, table: Table, period: Period) -> _Found:
    asked, cells = _ASKED.get(table.name) or _by_profile(table.dimensions)
    rows = (await database.read(asked(period)))[0]
    return [(cell, row.people, row.people, int(row.key or 0) % KEYS) for row in rows for cell in cells(row)]


def _by_profile(by: Sequence[Dimension]) -> tuple[Callable[[Period], Select[Any]], Callable[[Any], list[Cell]]]:
    names = [dimension.name for dimension in by]

    def cells(row: Any) -> list[Cell]:
        if names == [RACE_ETHNICITY.name]:
            return [(group,) for group in groups_of(row.race_ethnicity)]
        return [tuple(str(row._mapping[name]) for name in names)]

    return lambda period: people.by_profile(period, *names), cells


def groups_of(told: str) -> list[str]:
    """The groups that somebody named, from the JSON list in which they stand."""
    return sorted(set(json.loads(told)))


def _one_term(row: Any) -> list[Cell]:
    return [(str(row[0]),)]


def _connection(row: Any) -> list[Cell]:
    came = [Connection.REACHED]
    if row.completed is not None:
        came.append(Connection.REFERRAL_REQUESTED)
    if row.completed:
        came.append(Connection.REFERRAL_COMPLETED)
    return [(group, step.value) for group in groups_of(row.race_ethnicity) for step in came]


_ASKED: dict[str, tuple[Callable[[Period], Select[Any]], Callable[[Any], list[Cell]]]] = {
    "people-by-setting": (people.by_setting, _one_term),
    "people-by-act": (people.by_act, _one_term),
    "people-by-return": (people.by_return, _one_term),
    "people-by-race-ethnicity-and-connection": (people.by_connection, _connection),
}


async def _events(database: Database, table: Table, month: Month, exact: bool) -> _Found:
    cap, participants = None if exact else table.cap, table_of(Participant)
    events = EVENTS[table.name](month)
    key = literal(0) if exact else participants.c.record_key
    somebody, nobody = await database.read(of_people(events, cap, key, participants), of_nobody(events, cap))
    found: list[tuple[Cell, int, int, int]] = [
        ((row.cell,), int(row.value), row.people, int(row.key) % KEYS) for row in somebody
    ]
    for row in nobody:
        many = int(row.many)
        found.append(((row.cell,), many, 1, row.event.int % KEYS * many))
    return found
