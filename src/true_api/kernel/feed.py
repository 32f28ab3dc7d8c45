"""The feed: what a commit touches is written down with it, by name, for those who follow (docs/adr/0043).

A table declares that it is announced; `Announcing` sees every effect of every unit, on either engine, so that nothing
is kept, changed or removed past it. An entry names and tells nothing: what a reader may see is judged when they read.
Entries have the place of their commit, which the sequencer gives.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Select, Table, delete, insert, select
from sqlmodel import Field

from true_api.kernel.effects import Adjust, Announce, Change, ChangeEach, Effect, FeedEvent, Keep, KeepSelected, Remove
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.positions import Pending
from true_api.kernel.rows import Row, choice, table_of

STREAM = "changes"
"""Commits that have no entry in the trail wait for their place under this name."""


class FeedEntry(Row, table=True):
    """That something came, changed or went in a commit, under the name by which one audience knows it.

    `entry_id` is what the commit's place is given to: its entry in the trail, where it has one.
    """

    __tablename__ = "feed_entries"

    entry_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    audience_id: UUID
    kind: str = Field(max_length=40)
    name: str = Field(max_length=120)
    event: FeedEvent = Field(sa_type=choice(FeedEvent))


class FeedDay(Row, table=True):
    """The last position that was given before a day was first looked at: by it the feed grows old in whole days."""

    __tablename__ = "feed_days"

    id: UUID = Field(default_factory=new_reference, primary_key=True)
    day: date = Field(unique=True)
    position: int = Field(sa_type=BigInteger)


NEW = "new columns"
"""Under this name stand the names of the columns that a change gave new values."""


@dataclass(frozen=True)
class Announced:
    """For a table's `__announced__`: under which kind its rows are told, and to whom by what name.

    `to` gives audiences and names from the columns in `needs` and, of a change, from the names of what is `NEW`; where
    a row goes, from those in `if_gone`. With `only` nothing but a change of these columns is told. `through` names
    another table and a column that both have: rows with the same value in it are told of as changed, too.
    """

    kind: str
    to: Callable[[FeedEvent, Mapping[str, Any]], Iterable[tuple[UUID, object]]]
    needs: tuple[str, ...] = ("id",)
    if_gone: tuple[str, ...] = ("id",)
    only: frozenset[str] = frozenset()
    through: tuple[str, str] | None = None


@cache
def announced_on(table: Table) -> Announced | None:
    """What a table declares; None where it is not announced."""
    kinds = list(Row.__subclasses__())
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    declared = (kind.__dict__.get("__announced__") for kind in kinds if getattr(kind, "__table__", None) is table)
    return next((found for found in declared if found is not None), None)


class Announcing:
    """What one unit touches, noted while it is carried out, and written at its end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told: dict[tuple[UUID, str, str], FeedEvent] = {}
        self._touched: dict[Table, dict[UUID, set[str]]] = {}
        self._entry: UUID | None = None

    def note(self, effect: Effect) -> None:
        """See one effect that was carried out. Raises `LookupError` where nobody could say what it touched."""
        match effect:
            case Keep(table=table, values=values) if table is table_of(Pending):
                self._entry = values["entry_id"]
            case Keep(table=table, values=values, announced=True):
                if declared := announced_on(table):
                    self._tell(declared, FeedEvent.KEPT, values)
            case Change(table=table, id=identity, new=new):
                self._touch(table, [identity], new)
            case ChangeEach(table=table, rows=rows):
                self._touch(table, [row["id"] for row in rows], rows[0])
            case Adjust(table=table, id=identity, delta=delta):
                self._touch(table, [identity], delta)
            case KeepSelected(table=table):
                if announced_on(table):
                    raise LookupError(f"rows of {table.name} are announced, and kept one by one")
            case Announce(kind=kind, name=name, audience=audience, event=event):
                self._told[(audience, kind, name)] = event

    def remove(self, effect: Remove) -> None:
        """Carry out a removal, and note which rows went."""
        statement = delete(effect.table).where(effect.table.c[effect.column].in_(effect.ids))
        declared = announced_on(effect.table)
        if declared is None:
            self._connection.execute(statement)
            return
        returned = (effect.table.c[name] for name in declared.if_gone)
        for row in self._connection.execute(statement.returning(*returned)):
            self._tell(declared, FeedEvent.GONE, dict(row._mapping))

    def write(self) -> None:
        """Write what was noted, in the place of this commit."""
        for table, ids in self._touched.items():
            self._look_at(table, ids)
        if not self._told:
            return
        entry = self._entry or new_id()
        rows = [
            {"entry_id": entry, "number": n, "audience_id": audience, "kind": kind, "name": name, "event": event}
            for n, ((audience, kind, name), event) in enumerate(self._told.items())
        ]
        self._connection.execute(insert(table_of(FeedEntry)), rows)
        if self._entry is None:
            self._connection.execute(insert(table_of(Pending)), [{"entry_id": entry, "stream": STREAM}])

    def _touch(self, table: Table, ids: Iterable[UUID], new: Iterable[str]) -> None:
        declared = announced_on(table)
        if declared is not None and (not declared.only or declared.only.intersection(new)):
            touched = self._touched.setdefault(table, {})
            for identity in ids:
                touched.setdefault(identity, set()).update(new)

    def _look_at(self, table: Table, touched: Mapping[UUID, set[str]]) -> None:
        """Tell of rows as they are at the end of the commit."""
        declared = announced_on(table)
        assert declared is not None
        if declared.needs == ("id",):
            rows: Iterable[Mapping[str, Any]] = ({"id": identity} for identity in sorted(touched))
        else:
            columns = [table.c[name] for name in dict.fromkeys(("id", *declared.needs))]
            rows = self._read(select(*columns).where(table.c.id.in_(touched)).order_by(table.c.id))
        for values in rows:
            self._tell(declared, FeedEvent.CHANGED, {**values, NEW: touched[values["id"]]})
            if declared.through is not None:
                self._look_through(declared.through, values)

    def _look_through(self, through: tuple[str, str], values: Mapping[str, Any]) -> None:
        other, column = FeedEntry.metadata.tables[through[0]], through[1]
        declared = announced_on(other)
        assert declared is not None
        columns = [other.c[name] for name in declared.needs]
        for found in self._read(select(*columns).where(other.c[column] == values[column]).order_by(*columns)):
            self._tell(declared, FeedEvent.CHANGED, {**found, NEW: {column}})

    def _read(self, asked: Select[Any]) -> list[Mapping[str, Any]]:
        return [dict(row._mapping) for row in self._connection.execute(asked)]

    def _tell(self, declared: Announced, event: FeedEvent, values: Mapping[str, Any]) -> None:
        for audience, name in declared.to(event, values):
            told = (audience, declared.kind, str(name))
            if event is not FeedEvent.CHANGED or told not in self._told:
                self._told[told] = event
