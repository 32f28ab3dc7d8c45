"""Running an export: whom it is about, its files one after the other, and one commit that says it is done.

Whatever interrupts it leaves a job in the outbox and files that nothing names; the next who looks starts over. Called
off it stops within a second or so. Somebody whom it is about and who asks to be forgotten makes it start over without
them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.database import shielded
from true_api.kernel.effects import Adjust, Change, Effect
from true_api.kernel.rows import table_of
from true_api.outlets.exports.people import how_many, let_go, still_there
from true_api.outlets.exports.pieces import Pieces, in_chunks
from true_api.outlets.exports.shelf import Shelf
from true_api.outlets.exports.tables import Export, ExportFile
from true_api.outlets.exports.vocabulary import PERSON_LEVEL, ExportState
from true_api.security.installation import Installation


SECONDS_BETWEEN_LOOKS = 1.0
"""How often a long file is told of and asked whether it is still wanted; the end of each file asks once more."""


class CalledOff(Exception):
    """Whoever asked wants it no more, or it is no longer what it was when it began."""


class SomebodyLeft(Exception):
    """Somebody whom it is about asked to be forgotten meanwhile."""


@dataclass
class Run:
    """One attempt at an export."""

    installation: Installation
    export: Any
    today: Any
    after_each: Callable[[], Awaitable[None]] | None = None
    people: int = 0
    written: list[dict[str, Any]] = field(default_factory=list)
    news: dict[str, Any] = field(default_factory=dict)
    """What will stand in the row of the export beside that it is done."""

    @property
    def id(self) -> UUID:
        """Which export."""
        identity: UUID = self.export.id
        return identity

    async def commit(self, *effects: Effect) -> None:
        """What has to be there before the end."""
        await shielded(self.installation.database.commit(list(effects)))

    async def begin(self, people: Effect | None) -> None:
        """Say that it runs, with nothing done yet, and keep whom it is about."""
        export = (await self.installation.database.read(one_export(self.id)))[0][0]
        if export.state not in (ExportState.QUEUED, ExportState.RUNNING):
            raise CalledOff
        fresh: dict[str, Any] = {"state": ExportState.RUNNING, "rows_done": 0}
        found = [] if people is None else [people]
        await self.commit(Change(table_of(Export), self.id, export.version, fresh), *let_go(self.id), *found)
        self.export = (await self.installation.database.read(one_export(self.id)))[0][0]
        self.people = int((await self.installation.database.read(how_many(self.id)))[0][0].people)

    async def goes_on(self) -> None:
        """Raises `CalledOff` or `SomebodyLeft` where there is a reason to stop."""
        asked = [one_export(self.id)]
        if self.export.kind in PERSON_LEVEL:
            asked.append(still_there(self.id, self.export.kind, self.today))
        found = await self.installation.database.read(*asked)
        if not found[0] or found[0][0].version != self.export.version:
            raise CalledOff
        if len(found) > 1 and found[1][0].people != self.people:
            raise SomebodyLeft

    async def write(self, file: Any, pieces: Pieces) -> None:
        """One file from its beginning to its end."""
        shelf, rows, untold = Shelf.of(self.installation), 0, 0
        looked = monotonic()
        salt, writer = await shelf.begin(self.id, file.place)
        with writer:
            async with aclosing(in_chunks(pieces)) as chunks:
                async for chunk in chunks:
                    await asyncio.to_thread(writer.take, chunk.content)
                    rows += chunk.rows
                    untold += chunk.rows
                    if self.after_each is not None:
                        await self.after_each()
                    if monotonic() - looked >= SECONDS_BETWEEN_LOOKS:
                        await self._told(untold)
                        looked, untold = monotonic(), 0
        await self._told(untold)
        await asyncio.to_thread(shelf.finished, self.id)
        finished = {"rows": rows, "size": writer.size, "digest": writer.digest, "salt": salt}
        self.written.append({"place": file.place, "table": file.table, **finished})

    async def _told(self, rows: int) -> None:
        await self.goes_on()
        if rows:
            await self.commit(Adjust(table_of(Export), self.id, {"rows_done": rows}))


def one_export(export: UUID) -> Any:
    """A select of one export."""
    exports = table_of(Export)
    return select(exports).where(exports.c.id == export)


def files_of(export: UUID) -> Any:
    """A select of the files of an export, in their order."""
    files = table_of(ExportFile)
    return select(files).where(files.c.export_id == export).order_by(files.c.place)
