"""The seal: carries out one unit's effects on an open transaction, and names the conflict each effect met."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from true_api.kernel.effects import Adjust, Change, ChangeEach, Effect, Keep, KeepSelected, Refusal, Remove, Require
from true_api.kernel.feed import Announcing


def carry_out(connection: Connection, effects: Iterable[Effect]) -> None:
    """Carry out every effect in order. Raises the `or_else` of the one that met a conflict.

    Conflicts are named by statement, because SQLite does not say which constraint broke. What is announced is written
    at the end, when every lock is held, so that nothing goes past the feed.
    """
    announcing = Announcing(connection)
    for together in _batches(effects):
        first = together[0]
        try:
            match first:
                case Keep():
                    _insert(connection, together)
                case KeepSelected():
                    _insert_selected(connection, first)
                case Change():
                    _compare_and_set(connection, first)
                case ChangeEach():
                    _set_each(connection, first)
                case Adjust():
                    _add(connection, first)
                case Require():
                    _assert(connection, first)
                case Remove():
                    announcing.remove(first)
        except IntegrityError:
            raise _refusal(first.or_else) from None
        for effect in together:
            announcing.note(effect)
    announcing.write()


def _batches(effects: Iterable[Effect]) -> Iterator[list[Effect]]:
    """Neighboring inserts into one table with one refusal go together; all else goes alone."""

    def kinship(numbered: tuple[int, Effect]) -> object:
        number, effect = numbered
        return (effect.table, effect.or_else) if isinstance(effect, Keep) else number

    for _, together in groupby(enumerate(effects), kinship):
        yield [effect for _, effect in together]


def _insert(connection: Connection, keeps: list[Effect]) -> None:
    rows = [keep for keep in keeps if isinstance(keep, Keep)]
    connection.execute(insert(rows[0].table), [keep.values for keep in rows])


def _insert_selected(connection: Connection, keep: KeepSelected) -> None:
    names = [str(column.key) for column in keep.select.selected_columns]
    connection.execute(insert(keep.table).from_select(names, keep.select), keep.parameters)


def _compare_and_set(connection: Connection, change: Change) -> None:
    table = change.table
    statement = (
        update(table)
        .where(table.c.id == change.id, table.c.version == change.version)
        .values(**change.new, version=table.c.version + 1)
    )
    if connection.execute(statement).rowcount != 1:
        raise _refusal(change.or_else)


def _set_each(connection: Connection, change: ChangeEach) -> None:
    table, names = change.table, change.rows[0].keys() - {"id", "version"}
    statement = (
        update(table)
        .where(table.c.id == bindparam("this_id"), table.c.version == bindparam("this_version"))
        .values(version=table.c.version + 1, **{name: bindparam(f"new_{name}") for name in names})
    )
    places = {"id": "this_id", "version": "this_version", **{name: f"new_{name}" for name in names}}
    connection.execute(statement, [{places[name]: value for name, value in row.items()} for row in change.rows])


def _add(connection: Connection, adjust: Adjust) -> None:
    table = adjust.table
    sums = {name: table.c[name] + delta for name, delta in adjust.delta.items()}
    if connection.execute(update(table).where(table.c.id == adjust.id).values(**sums)).rowcount != 1:
        raise _refusal(adjust.or_else)


def _assert(connection: Connection, require: Require) -> None:
    found = connection.execute(require.select, require.parameters).all()
    if len(found) != len(require.rows) or {tuple(row) for row in found} != require.rows:
        raise _refusal(require.or_else)


def _refusal(or_else: Refusal) -> Exception:
    return or_else() if isinstance(or_else, type) else or_else
