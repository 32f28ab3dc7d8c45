"""The keyring: data keys wrapped by a master key, in a store of its own, where deleting one is forgetting.

It commits before the main store does: a text without its key cannot come about, a key without its text can, and is
swept (privacy.md 6). The two stores are never joined.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select

from true_api.kernel.clock import Clock, SystemClock
from true_api.kernel.database import Database, open_database, shielded
from true_api.kernel.effects import Change, ChangeEach, Effect, Keep, Remove
from true_api.kernel.errors import WriteCollided
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring_cache import KeyCache
from true_api.privacy.keyring_tables import data_keys, forgotten
from true_api.privacy.master_key import HeldKeys, MasterKeys, Wrapped
from true_api.privacy.master_keys import open_master_keys
from true_api.privacy.sealing import DataKey, RecordUnreadable, SealedUnavailable

LENGTH = 32
TRIES = 5
CHUNK = 1_000
LONGEST_UNNEEDED = timedelta(days=2)
"""Two calendar days are more than 24 hours, and those far more than a key stays in memory or a request lasts."""
OWN = UUID("b6f1d0a2-3c5e-4f7b-9a61-54525545204b")
"""The namespace of the program's own secrets; their ids are of version 5, which no sealing subject's is."""


def own_subject(name: str) -> UUID:
    """The subject of one of the program's own secrets."""
    return uuid5(OWN, name)


def open_keyring(settings: Settings, clock: Clock | None = None) -> "Keyring":
    """The keyring that the settings name. A missing master key is met at the first sealed text, as 503.

    Raises `UnsafeMasterKeys` for a master key that is there and may not be used.
    """
    return Keyring(open_database(settings, Store.KEYRING), open_master_keys(settings), clock or SystemClock())


class Keyring:
    """Makes, hands out, re-wraps and destroys data keys."""

    def __init__(self, database: Database, masters: MasterKeys, clock: Clock) -> None:
        self.database, self.masters = database, masters
        self._clock = clock
        self._cache = KeyCache()

    async def keys(self, epochs: Mapping[UUID, int]) -> dict[UUID, DataKey]:
        """The keys of those subjects that have one; `epochs` gives the participant's epoch, or 0.

        Raises `SealedUnavailable` when there are some and no master key to unwrap them with, `RecordUnreadable` for
        one that was altered.
        """
        held = self._cache.of(epochs)
        missing = [subject for subject in epochs if subject not in held]
        if not missing:
            return held
        turn = self._cache.turn
        found = await self._unwrapped(await self._rows(missing))
        self._cache.take(found, epochs, turn)
        return held | {key.subject: key for key in found}

    async def keys_made(self, epochs: Mapping[UUID, int]) -> dict[UUID, DataKey]:
        """The keys of all these subjects; those that were missing are on disk when this returns.

        Two processes that make the same key get the same one. Raises like `keys`.
        """
        for _ in range(TRIES):
            found = await self.keys(epochs)
            missing = sorted(epochs.keys() - found.keys())
            if not missing:
                return found
            turn = self._cache.turn
            fresh = [DataKey(subject, secrets.token_bytes(LENGTH)) for subject in missing]
            try:
                await self._commit([Keep(data_keys, row) for row in await self._rows_of(fresh)])
            except WriteCollided:
                continue
            self._cache.take(fresh, epochs, turn)
            return found | {key.subject: key for key in fresh}
        raise SealedUnavailable

    async def own_key(self, name: str) -> bytes:
        """One of the program's own secrets, 32 bytes; made when there is none yet."""
        subject = own_subject(name)
        return (await self.keys_made({subject: 0}))[subject].key

    async def destroy(self, subjects: Iterable[UUID], mark: str, on: date) -> None:
        """Delete keys for good, and in the same commit note the mark of whom they were about; again is harmless.

        Raises `Unavailable` when the bytes could not yet be taken out of the files: then call it again.
        """
        ids = tuple(sorted(set(subjects)))
        for _ in range(TRIES):
            known = (await self.database.read(select(forgotten.c.mark).where(forgotten.c.mark == mark)))[0]
            noted = [] if known else [Keep(forgotten, {"mark": mark, "forgotten_on": on})]
            try:
                await self._commit([Remove(data_keys, "id", ids), *noted])
            except WriteCollided:
                continue
            break
        else:
            raise WriteCollided
        self._cache.let_go(ids)
        await self.database.scrub()

    async def marks(self) -> Sequence[Any]:
        """Every forgotten person's `mark` and `forgotten_on`, oldest first."""
        return (await self.database.read(select(forgotten).order_by(forgotten.c.forgotten_on, forgotten.c.mark)))[0]

    async def subjects(self, after: UUID | None = None, limit: int = CHUNK) -> list[tuple[UUID, date]]:
        """Subjects that have a key, and the day it was made, by id from `after` on; none of the program's own."""
        found: list[tuple[UUID, date]] = []
        while len(found) < limit:
            page = select(data_keys.c.id, data_keys.c.made_on).order_by(data_keys.c.id).limit(limit)
            rows = (await self.database.read(page.where(data_keys.c.id > after) if after else page))[0]
            if not rows:
                break
            after = rows[-1].id
            found += [(row.id, row.made_on) for row in rows if row.id.version != 5]
        return found[:limit]

    async def drop(self, subjects: Iterable[UUID], today: date) -> int:
        """Let go of keys that no text refers to; how many are gone.

        Said once, the key is only noted as unneeded, and any use of it takes the note away; said again two days
        later, the key goes. So a text that is being sealed at this very moment never loses its key.
        """
        rows = await self._rows(list(subjects), noted=True)
        due = [row for row in rows if row.unneeded_since and today - row.unneeded_since >= LONGEST_UNNEEDED]
        noted = [row for row in rows if row.unneeded_since is None]
        changes = [{"id": row.id, "version": row.version, "unneeded_since": today} for row in noted]
        if changes:
            await self._commit([ChangeEach(data_keys, tuple(changes))])
        gone = 0
        for row in due:
            # One by one: whoever took the note away meanwhile keeps the key, and nobody else pays for it.
            taken = Change(data_keys, row.id, row.version, {"unneeded_since": row.unneeded_since})
            try:
                await self._commit([taken, Remove(data_keys, "id", (row.id,))])
            except WriteCollided:
                continue
            gone += 1
        self._cache.let_go([row.id for row in due])
        if gone:
            await self.database.scrub()
        return gone

    async def rotate(self) -> int:
        """Wrap every key with the current master key, in chunks, while others read and write; how many it saw to."""
        rewrapped = 0
        current = await self.masters.current()
        after: UUID | None = None
        while rows := await self._on_old(current, after):
            after = rows[-1].id
            rewrapped += await self._rewrap(rows)
        self._cache.let_all_go()
        await self.database.scrub()
        return rewrapped

    async def tried_with(self, held: HeldKeys) -> int:
        """How many keys a master key opens, of the first thousand. Raises `RecordUnreadable` for one that it should."""
        page = select(data_keys).where(data_keys.c.master_key.in_(held.ids)).order_by(data_keys.c.id).limit(CHUNK)
        rows = (await self.database.read(page))[0]
        return len([held.unwrap(Wrapped(row.master_key, row.wrapped, _bound(row.id))) for row in rows])

    async def rows_on_old_keys(self) -> int:
        """How many keys are wrapped with another master key than the current one."""
        current = await self.masters.current()
        counted = select(func.count()).select_from(data_keys).where(data_keys.c.master_key != current)
        return int((await self.database.read(counted))[0][0][0])

    async def rows_by_master_key(self) -> dict[str, int]:
        """How many keys each master key wraps; of those that wrap none, nothing is known here."""
        counted = select(data_keys.c.master_key, func.count().label("rows")).group_by(data_keys.c.master_key)
        return {row.master_key: row.rows for row in (await self.database.read(counted))[0]}

    async def stop(self) -> None:
        """Forget every key, and close the store."""
        self._cache.let_all_go()
        await self.database.stop()
        await self.masters.stop()

    async def _rows(self, subjects: Collection[UUID], noted: bool = False) -> list[Any]:
        """The rows of these subjects; unless asked for with their notes, a note that one is unneeded is taken away."""
        rows = (await self.database.read(select(data_keys).where(data_keys.c.id.in_(subjects))))[0]
        unneeded = [] if noted else [row for row in rows if row.unneeded_since]
        if not unneeded:
            return list(rows)
        reprieved = [Change(data_keys, row.id, row.version, {"unneeded_since": None}) for row in unneeded]
        try:
            await self._commit(reprieved)
        except WriteCollided:
            return await self._rows(subjects)
        return list(rows)

    async def _unwrapped(self, rows: Sequence[Any]) -> list[DataKey]:
        if not rows:
            return []
        wrapped = [Wrapped(row.master_key, row.wrapped, _bound(row.id)) for row in rows]
        keys = await self.masters.unwrap(wrapped)
        return [DataKey(row.id, key) for row, key in zip(rows, keys, strict=True)]

    async def _rows_of(self, keys: Sequence[DataKey]) -> list[dict[str, object]]:
        wrapped = await self.masters.wrap([(key.key, _bound(key.subject)) for key in keys])
        fixed = {"version": 1, "made_on": self._clock.now().date(), "unneeded_since": None}
        return [
            {"id": key.subject, "master_key": one.key_id, "wrapped": one.content, **fixed}
            for key, one in zip(keys, wrapped, strict=True)
        ]

    async def _on_old(self, current: str, after: UUID | None) -> Sequence[Any]:
        needed = select(data_keys.c.id, data_keys.c.version, data_keys.c.master_key, data_keys.c.wrapped)
        page = needed.where(data_keys.c.master_key != current).order_by(data_keys.c.id).limit(CHUNK)
        return (await self.database.read(page.where(data_keys.c.id > after) if after else page))[0]

    async def _rewrap(self, rows: Sequence[Any]) -> int:
        """Those that no master key here opens are left as they are: one altered row never holds up the others."""
        keys = {key.subject: key for key in await self._readable(rows)}
        if not keys:
            return 0
        opened = [row for row in rows if row.id in keys]
        wrapped = await self.masters.wrap([(keys[row.id].key, _bound(row.id)) for row in opened])
        changes = [
            {"id": row.id, "version": row.version, "master_key": one.key_id, "wrapped": one.content}
            for row, one in zip(opened, wrapped, strict=True)
        ]
        await self._commit([ChangeEach(data_keys, tuple(changes))])
        return len(changes)

    async def _readable(self, rows: Sequence[Any]) -> list[DataKey]:
        try:
            return await self._unwrapped(rows)
        except (RecordUnreadable, SealedUnavailable):
            if len(rows) == 1:
                return []
            half = len(rows) // 2
            return [*await self._readable(rows[:half]), *await self._readable(rows[half:])]

    async def _commit(self, effects: Sequence[Effect]) -> None:
        await shielded(self.database.commit(effects))


def _bound(subject: UUID) -> bytes:
    """What a wrapped key is bound to: whose it is, and the form of the table."""
    return b"true-api data key\0" + b"1\0" + subject.bytes
