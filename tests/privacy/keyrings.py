"""What the tests of the keyring share: settings, subjects, and a look at the rows and files themselves."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from tests.world import NOON
from true_api.kernel.clock import HeldClock
from true_api.kernel.effects import Change, Keep
from true_api.kernel.settings import Settings, read_settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import Keyring, open_keyring
from true_api.privacy.keyring_tables import data_keys
from true_api.privacy.sealing import DataKey


def keyring_settings(folder: Path, **over: str) -> Settings:
    """Settings of an installation in a folder; `over` names environment variables."""
    return read_settings({"TRUE_DATA_DIR": str(folder), **over})


def reopened(settings: Settings) -> Keyring:
    """The keyring as a process that starts now opens it."""
    return open_keyring(settings, HeldClock(NOON))


def subjects(count: int) -> dict[UUID, int]:
    """So many sealing subjects, in their first epoch."""
    return {uuid4(): 1 for _ in range(count)}


async def rows_of(keyring: Keyring) -> dict[UUID, Any]:
    """The rows of the keyring itself, by subject."""
    return {row.id: row for row in (await keyring.database.read(select(data_keys)))[0]}


async def rewrite(keyring: Keyring, row: Any, **new: Any) -> None:
    """Somebody with access to the store changes a row behind the keyring's back."""
    await keyring.database.commit([Change(data_keys, row.id, row.version, new)])


async def put_in(keyring: Keyring, row: Any) -> None:
    """Somebody with access to the store puts a row back as it was."""
    await keyring.database.commit([Keep(data_keys, dict(row._mapping))])


def files_of(settings: Settings) -> dict[str, bytes]:
    """The content of the embedded keyring's files: the database, its log and whatever else stands beside it."""
    file = Path(settings.url_of(Store.KEYRING).removeprefix("sqlite:///"))
    return {found.name: found.read_bytes() for found in sorted(file.parent.glob(f"{file.name}*"))}


def made(settings: Settings, count: int) -> dict[UUID, DataKey]:
    """So many new keys in a keyring."""

    async def make() -> dict[UUID, DataKey]:
        keyring = reopened(settings)
        try:
            return await keyring.keys_made(subjects(count))
        finally:
            await keyring.stop()

    return asyncio.run(make())


def kept(settings: Settings) -> int:
    """How many keys a keyring holds."""

    async def count() -> int:
        keyring = reopened(settings)
        try:
            return sum((await keyring.rows_by_master_key()).values())
        finally:
            await keyring.stop()

    return asyncio.run(count())


def opened(settings: Settings, people: dict[UUID, DataKey]) -> bool:
    """Whether a process that starts now finds all these keys as they were."""

    async def read() -> bool:
        keyring = reopened(settings)
        try:
            return await keyring.keys(dict.fromkeys(people, 1)) == people
        finally:
            await keyring.stop()

    return asyncio.run(read())
