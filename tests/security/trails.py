"""A sealed trail of 300 entries to alter, and somebody who may do anything to the database that holds it."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from tests.cli.conftest import Operator
from tests.engines import PostgresServer
from tests.house.histories import ask
from tests.world import House, house_settings, open_house
from true_api.kernel.rows import Row, table_of
from true_api.kernel.sequencer import Pending, Position, Turn, advance_all
from true_api.kernel.settings import Settings
from true_api.privacy.cases import Participant
from true_api.security.sealer import seal_all
from true_api.security.trail import Entry, TrailEntry, TrailHead, TrailLeaf, TrailNode, TrailSubject
from true_api.security.trail_publishing import publish

ENTRIES, AT_ONCE, TRIES = 300, 15, 50
GUARDED = (TrailEntry, TrailSubject, Position, TrailLeaf, TrailNode, TrailHead)
REFUSALS = ("no_update", "no_delete", "no_replace")


async def fill(house: House, entries: int = ENTRIES, at_once: int = AT_ONCE) -> None:
    """Requests through the doors, then entries as the gate opens them; each step is sealed under a head of its own."""
    code = await house.peer.enrolls()
    # That the program was founded is the first entry.
    for number in range(2, 2 * AT_ONCE):
        await (house.peer.records(code) if number % 3 else house.supervisor.get("/v1/encounters?limit=2"))
        if (number + 1) % AT_ONCE == 0:
            await settle(house)
    person = (await house.rows(table_of(Participant).select()))[0][0].id
    for first in range(2 * AT_ONCE, entries, at_once):
        opened = [_opened(house, number) for number in range(first, min(first + at_once, entries))]
        closed = [entry.closed(200, subjects=[person], fields=["id"]) for entry in opened]
        await house.installation.database.commit([effect for effects in closed for effect in effects])
        await settle(house)


def _opened(house: House, number: int) -> Entry:
    return Entry(
        at=house.clock.now(),
        request_id=f"request-{number}",
        door="GET /v1/encounters/{id}",
        permission="encounter:read",
        purpose="TREAT",
        actor_id=house.peer.id,
        actor_is_client=False,
        role="peer",
        organization_id=house.peer.organization_id,
    )


async def settle(house: House) -> None:
    """Help the house's own sealer until everything is sealed and published."""
    installation = house.installation
    counts = [select(func.count()).select_from(table_of(kind)) for kind in (Pending, Position, TrailLeaf)]
    for _ in range(TRIES):
        await advance_all(installation.database)
        await seal_all(installation)
        await publish(installation)
        waiting, placed, sealed = (rows[0][0] for rows in await house.rows(*counts))
        if not waiting and placed == sealed:
            return
    raise AssertionError("the trail is not sealed")


@dataclass(frozen=True)
class Place:
    """An installation that nobody runs, with its sealed trail."""

    settings: Settings

    def verify(self, *more: str) -> dict[str, Any]:
        """What `true-api audit verify` says."""
        operator = Operator({"TRUE_DATA_DIR": str(self.settings.data_dir), "TRUE_DATABASE_URL": self._url})
        result = operator.run("audit", "verify", "--json", *more)
        said = _read(result.stdout, result.output)
        assert result.exit_code == (0 if said["whole"] else 1), result.output
        return said

    def found(self, *more: str) -> list[tuple[str, int | None, int | None]]:
        """The alterations that it names, with the first and the last position of each."""
        return [(one["alteration"], one["first"], one["last"]) for one in self.verify(*more)["findings"]]

    def change(self, change: Callable[["Superuser"], None]) -> None:
        """Let a superuser of the database do something, in one transaction."""
        ask(self._url, lambda connection: change(Superuser(connection)))

    @property
    def _url(self) -> str:
        return self.settings.database_url.get_secret_value()


def _read(stdout: str, output: str) -> dict[str, Any]:
    assert stdout.startswith("{"), output
    return json.loads(stdout)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Superuser:
    """Somebody to whom the database refuses nothing, and who knows how the trail is made."""

    connection: Connection

    def __post_init__(self) -> None:
        for kind in GUARDED:
            name = table_of(kind).name
            if self.connection.dialect.name == "postgresql":
                self.connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
            else:
                for refusal in REFUSALS:
                    self.connection.execute(text(f"DROP TRIGGER IF EXISTS {name}_{refusal}"))

    def entry_at(self, position: int) -> UUID:
        """The entry in a place."""
        return self.row(Position, position=position).entry_id  # type: ignore[no-any-return]

    def row(self, kind: type[Row], **where: Any) -> Any:
        """The one row that fits."""
        return self.connection.execute(select(table_of(kind)).filter_by(**where)).one()

    def set(self, kind: type[Row], where: dict[str, Any], **new: Any) -> None:
        """Change rows."""
        done = self.connection.execute(update(table_of(kind)).filter_by(**where).values(**new))
        assert done.rowcount, (kind, where)

    def drop(self, kind: type[Row], **where: Any) -> None:
        """Delete rows."""
        self.connection.execute(delete(table_of(kind)).filter_by(**where))

    def drop_from(self, kind: type[Row], column: str, first: int) -> None:
        """Delete all rows from a number on."""
        table = table_of(kind)
        self.connection.execute(delete(table).where(table.c[column] >= first))

    def add(self, kind: type[Row], **values: Any) -> None:
        """Insert a row."""
        self.connection.execute(insert(table_of(kind)).values(**values))

    def drop_entries(self, positions: range) -> None:
        """Delete entries with their subjects, and leave everything else."""
        for position in positions:
            entry = self.entry_at(position)
            self.drop(TrailSubject, entry_id=entry)
            self.drop(TrailEntry, id=entry)

    def exchange(self, table: Table, key: str, one: Any, other: Any, columns: list[str]) -> None:
        """Exchange the values of two rows, by way of values that are nobody's."""
        rows = {row._mapping[key]: row for row in self.connection.execute(select(table)).all()}
        values = [{name: rows[which]._mapping[name] for name in columns} for which in (one, other)]
        nobody = {name: uuid4() if isinstance(value, UUID) else value for name, value in values[0].items()}
        for which, new in ((one, nobody), (other, values[0]), (one, values[1])):
            self.connection.execute(update(table).where(table.c[key] == which).values(**new))

    def cut_off(self, last: int) -> None:
        """Take everything after a position away, with all traces of it inside the database."""
        number = self.row(TrailLeaf, position=last).number
        gone = range(last + 1, self.row(Turn).last_position + 1)
        self.drop_entries(gone)
        self.drop_from(Position, "position", last + 1)
        self.drop_from(TrailLeaf, "number", number + 1)
        self.drop_from(TrailHead, "size", number + 2)
        self.set(Turn, {}, last_position=last)

    def unseal(self) -> None:
        """Take away everything that the sealer made."""
        for kind in (TrailLeaf, TrailNode, TrailHead):
            self.drop(kind)

    def nobody_else(self, entry: UUID) -> UUID:
        """The trail's name of somebody whom an entry is not about."""
        subjects, people = table_of(TrailSubject), table_of(Participant)
        named = select(subjects.c.trail_id).where(subjects.c.entry_id == entry)
        found = self.connection.execute(select(people.c.trail_id).where(people.c.trail_id.not_in(named))).first()
        return found.trail_id if found else uuid4()


def seal_again(settings: Settings) -> None:
    """What a thief of the whole machine does: let our own sealer run over what was altered."""

    async def work() -> None:
        async with open_house(settings) as house:
            await settle(house)

    asyncio.run(work())


@contextmanager
def copied(settings: Settings, folder: Path, server: PostgresServer | None) -> Iterator[Place]:
    """A copy of an installation with its database, its keys and its heads outside."""
    for name in ("keys", "heads"):
        shutil.copytree(settings.data_dir / name, folder / name)
    shutil.copy(settings.data_dir / "keyring.db", folder / "keyring.db")
    url = settings.database_url.get_secret_value()
    if server is None:
        with closing(sqlite3.connect(settings.data_dir / "true.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(settings.data_dir / "true.db", folder / "true.db")
        yield Place(house_settings(folder, f"sqlite:///{folder / 'true.db'}"))
        return
    name = f"altered_{uuid4().hex[:12]}"
    try:
        yield Place(house_settings(folder, server.create(name, url.rpartition("/")[2])))
    finally:
        server.drop(name)
