"""What the doctor looks at in the keyring: its tables, the master keys, and whether the two belong together."""

import asyncio

from true_api.cli.findings import Finding
from true_api.cli.grounds import NO_KEYRING, revision_of, stale, unreachable
from true_api.cli.keyring_ground import LOST, keyring_is_lost
from true_api.cli.words import Refused
from true_api.kernel.database_schema import newest_revision
from true_api.kernel.settings import Settings, UnsafeSettings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import open_keyring
from true_api.privacy.master_key_custody import Custody, look_over, place_of_master_keys

NO_MASTER_KEY = (
    "There is no master key in {place}: nothing sealed can be read or written. If there was one, put the file back or"
    " run `true-api keyring recover`; else run `true-api setup`, or `true-api keyring rotate` where there is a program."
)
STRANGE = (
    "{rows:,} keys need master key {ids}, which is not here: what they seal cannot be read. Put that key back, or run"
    " `true-api keyring recover`."
)
OLD = "{rows:,} keys are still wrapped with an older master key. Run `true-api keyring rotate --no-new-key`."
APART = "The database is on a server, and the keyring is a file that no other machine reaches. See TRUE_KEYRING_URL."


def of_keyring(settings: Settings) -> list[Finding]:
    """Whether the keyring stands, whether it can be opened, and who else can look at it."""
    masters, custody = _of_master_keys(settings)
    try:
        present, newest = revision_of(settings, Store.KEYRING), newest_revision(Store.KEYRING)
        lost = present is None and keyring_is_lost(settings)
    except Refused as refused:
        return [masters, Finding("fail", "keyring", str(refused))]
    if present is None:
        return [masters, Finding("fail", "keyring", LOST if lost else NO_KEYRING)]
    if present != newest:
        return [masters, Finding("fail", "keyring", stale(present, newest, Store.KEYRING))]
    try:
        return [masters, *_of_place(settings), asyncio.run(_of_content(settings, custody))]
    except Exception as error:
        return [masters, Finding("fail", "keyring", unreachable(error, Store.KEYRING))]


def _of_master_keys(settings: Settings) -> tuple[Finding, Custody | None]:
    try:
        custody = asyncio.run(look_over(settings))
    except UnsafeSettings as unsafe:
        return Finding("fail", "master", str(unsafe)), None
    if not custody.ids:
        return Finding("fail", "master", NO_MASTER_KEY.format(place=place_of_master_keys(settings))), custody
    more = len(custody.ids) - 1
    older = f" {more} older still open what they wrapped; `true-api keyring retire` drops them." if more else ""
    return Finding("ok", "master", f"Master key {custody.ids[0]} wraps.{older}"), custody


def _of_place(settings: Settings) -> list[Finding]:
    file = settings.file_of(Store.KEYRING)
    if file is None:
        return []
    found = []
    if file.stat().st_mode & 0o077 and file.parent.stat().st_mode & 0o077:
        found.append(Finding("warn", "keyring", "Other accounts can read the keyring's file. Set its mode to 0600."))
    if settings.file_of(Store.MAIN) is None:
        found.append(Finding("warn", "keyring", APART))
    return found


async def _of_content(settings: Settings, custody: Custody | None) -> Finding:
    keyring = open_keyring(settings)
    try:
        counted, known = await keyring.rows_by_master_key(), await keyring.masters.known()
    finally:
        await keyring.stop()
    strange = {name: rows for name, rows in counted.items() if name not in known}
    if strange:
        return Finding("fail", "keyring", STRANGE.format(rows=sum(strange.values()), ids=", ".join(sorted(strange))))
    old = sum(rows for name, rows in counted.items() if custody is None or name not in custody.ids[:1])
    if old:
        return Finding("warn", "keyring", OLD.format(rows=old))
    words = f"Keys in the keyring: {sum(counted.values()):,}; this master key opens them all."
    return Finding("ok", "keyring", words)
