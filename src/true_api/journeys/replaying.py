"""Forgets are replayed: whoever was forgotten does not come back with a backup, of either store or of both.

A store that came back lacks marks that the others have: the main store's, the keyring's, and those in the file beside
them. Only then anything is searched; otherwise this is three short reads (privacy.md 6).
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.journeys.forgetting import finish, new_marks, today_of
from true_api.journeys.unlinking import effects_of_dropping, requests_with_own_key
from true_api.kernel.database import shielded
from true_api.kernel.effects import ChangeEach
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.forgotten import ForgottenMark
from true_api.privacy.tombstones import Tombstones
from true_api.security.installation import Installation

CHUNK = 2_000


@dataclass(frozen=True)
class Marks:
    """The marks in each of the three places, with the day of each."""

    main: Mapping[str, date]
    keyring: Mapping[str, date]
    file: Mapping[str, date]

    @property
    def all(self) -> dict[str, date]:
        """Every mark that any of them has."""
        return {**self.file, **self.keyring, **self.main}

    def lacking(self, place: Mapping[str, date]) -> dict[str, date]:
        """The marks that one of the places does not have."""
        return {mark: on for mark, on in self.all.items() if mark not in place}


@dataclass(frozen=True)
class Replayed:
    """What a replay did."""

    people: int = 0
    keys: int = 0


async def replay(installation: Installation) -> Replayed:
    """Forget again whoever came back with a backup; nothing to do is the usual case.

    Raises `OtherTombstoneKey` or `SealedUnavailable` (503) when somebody may have come back, and this keyring or this
    process cannot tell who.
    """
    tombstones = Tombstones(installation.keyring, installation.settings.data_dir)
    marks = await _marks(installation, tombstones)
    people = keys = 0
    if missed := marks.lacking(marks.main):
        await tombstones.require_key_of(marks.all)
        people = await _forget_again(installation, tombstones, marks.all)
        await shielded(installation.database.commit(await new_marks(installation, missed)))
    if missed := marks.lacking(marks.keyring):
        keys = await _destroy_again(installation, tombstones, marks.all)
        for mark, on in missed.items():
            await installation.keyring.destroy([], mark, on)
    if missed := marks.lacking(marks.file):
        await asyncio.to_thread(tombstones.note, missed)
    return Replayed(people, keys)


async def is_behind(installation: Installation) -> bool:
    """Whether the main store lacks marks that the file has; the keyring is not asked."""
    main = (await installation.database.read(select(table_of(ForgottenMark))))[0]
    return not Tombstones(installation.keyring, installation.settings.data_dir).noted().keys() <= _by_mark(main).keys()


async def _marks(installation: Installation, tombstones: Tombstones) -> Marks:
    main = (await installation.database.read(select(table_of(ForgottenMark))))[0]
    return Marks(_by_mark(main), _by_mark(await installation.keyring.marks()), tombstones.noted())


def _by_mark(rows: Collection[Any]) -> dict[str, date]:
    return {row.mark: row.forgotten_on for row in rows}


async def _forget_again(installation: Installation, tombstones: Tombstones, marks: Collection[str]) -> int:
    """Mark and finish every person of the main store whose mark is known."""
    forgotten, today = 0, await today_of(installation)
    async for people in _everybody(installation):
        marked = await tombstones.marks_of([person.id for person in people])
        back = [person for person in people if marked[person.id] in marks]
        if not back:
            continue
        leaving = [
            {"id": row.id, "version": row.version, "epoch": row.epoch + 1, "forgetting_since": today} for row in back
        ]
        await shielded(installation.database.commit([ChangeEach(table_of(Participant), leaving)]))
        await finish(installation, [person.id for person in back])
        forgotten += len(back)
    await _drop_again(installation, tombstones, marks)
    return forgotten


async def _drop_again(installation: Installation, tombstones: Tombstones, marks: Collection[str]) -> None:
    """Drop requests that a forgotten person was connected to later than the backup was made."""
    for kind, ids in (await requests_with_own_key(installation.database)).items():
        marked = await tombstones.marks_of(ids)
        back = [identity for identity in ids if marked[identity] in marks]
        await shielded(installation.database.commit(effects_of_dropping(kind, back)))


async def _everybody(installation: Installation) -> AsyncIterator[list[Any]]:
    people, after = table_of(Participant), UUID(int=0)
    page = select(people.c.id, people.c.version, people.c.epoch).order_by(people.c.id).limit(CHUNK)
    while found := (await installation.database.read(page.where(people.c.id > after)))[0]:
        after = found[-1].id
        yield list(found)


async def _destroy_again(installation: Installation, tombstones: Tombstones, marks: Mapping[str, date]) -> int:
    """Destroy every key of the keyring whose subject's mark is known."""
    destroyed, after = 0, None
    while found := [subject for subject, _ in await installation.keyring.subjects(after, CHUNK)]:
        after = found[-1]
        marked = await tombstones.marks_of(found)
        for subject in found:
            if (mark := marked[subject]) in marks:
                await installation.keyring.destroy([subject], mark, marks[mark])
                destroyed += 1
    return destroyed
