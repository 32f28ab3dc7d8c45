"""The keyring's ground: its tables and its first master key, made only where nothing can be lost by it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from true_api.cli.grounds import revision_of, unreachable
from true_api.cli.words import Refused
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_schema import migrate, row_counts
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import Keyring, open_keyring
from true_api.privacy.master_key import HeldKeys
from true_api.privacy.master_key_custody import make_first_master_key
from true_api.privacy.master_key_file import SECONDS_BETWEEN_CHECKS, FileKey
from true_api.privacy.recall_tables import RecallToken
from true_api.privacy.words import SealedText

NEED_KEYS = (table_of(SealedText).name, table_of(RecallToken).name)
"""Tables of the main store whose rows are worth nothing without the keyring."""

ROUNDS, SECONDS_BETWEEN_ROUNDS = 10, 1.2 * SECONDS_BETWEEN_CHECKS
LEFT = (
    "{rows:,} keys are still wrapped with an older master key. Either a server goes on making some, because it does not"
    " see the new one, or they were altered and no master key here opens them."
)
OTHER_KEY = (
    "These sheets hide master key {found}, and the keyring needs {needed}. Nothing was written; find the sheets of that"
    " key."
)
LOST = (
    "There is no keyring here, but the database holds what only a keyring opens, and a new one would not."
    " Restore the newest keyring-....tar (`true-api restore`), or name the right one in TRUE_KEYRING_URL."
)


def keyring_is_lost(settings: Settings) -> bool:
    """Whether the keyring is empty while the database holds what was sealed under its keys."""
    if revision_of(settings, Store.KEYRING) is not None:
        return False
    try:
        counted = asyncio.run(row_counts(settings.url_of(Store.MAIN)))
    except Exception as error:
        # Each driver fails in its own way; what cannot be seen is not called lost, and not made anew either.
        raise Refused(unreachable(error)) from None
    return any(counted.get(str(name)) for name in NEED_KEYS)


def move_keyring(settings: Settings) -> str | None:
    """Make the keyring's tables or move them on, and the first master key; the key's id, if one was made.

    Refused where the keyring was lost. Raises `UnsafeMasterKeys`, and whatever a migration meets.
    """
    if keyring_is_lost(settings):
        raise Refused(LOST)
    migrate(settings.url_of(Store.KEYRING), store=Store.KEYRING)
    return asyncio.run(make_first_master_key(settings, SystemClock().now().date()))


async def rows_by_master_key(settings: Settings) -> dict[str, int]:
    """How many keys each master key wraps."""
    async with _opened(settings) as keyring:
        return await keyring.rows_by_master_key()


async def rows_on_strange_keys(settings: Settings) -> dict[str, int]:
    """How many keys of the keyring are wrapped with which master key that is not here. Raises `UnsafeMasterKeys`."""
    async with _opened(settings) as keyring:
        known = await keyring.masters.known()
        return {name: rows for name, rows in (await keyring.rows_by_master_key()).items() if name not in known}


async def rows_on_old_keys(settings: Settings) -> int:
    """How many keys still need an older master key. Raises `SealedUnavailable` without any."""
    async with _opened(settings) as keyring:
        return await keyring.rows_on_old_keys()


async def wrap_anew(settings: Settings) -> tuple[str, int]:
    """Wrap every key with the current master key, until no process makes old ones: its id, and how many keys."""
    async with _opened(settings) as keyring:
        current, rows = await keyring.masters.current(), 0
        for _ in range(ROUNDS):
            rows += await keyring.rotate()
            # A server may wrap with the old master key until it looks at the file again.
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
            if not (left := await keyring.rows_on_old_keys()):
                return current, rows
    raise Refused(LEFT.format(rows=left))


async def try_out(settings: Settings, key: FileKey) -> int:
    """How many keys a master key opens. Refused when the keyring needs another one."""
    async with _opened(settings) as keyring:
        counted, known = await keyring.rows_by_master_key(), await keyring.masters.known()
        strange = [name for name in counted if name not in known]
        if strange and key.id not in strange:
            raise Refused(OTHER_KEY.format(found=key.id, needed=", ".join(sorted(strange))))
        return await keyring.tried_with(HeldKeys([key.key]))


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Keyring]:
    keyring = open_keyring(settings)
    try:
        yield keyring
    finally:
        await keyring.stop()
