"""The ground a command stands on: settings, schema and program, each there or refused in plain words."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from true_api.cli.words import Refused
from true_api.kernel.clock import SystemClock
from true_api.kernel.database import open_database
from true_api.kernel.database_schema import is_known, newest_revision, present_revision
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings, read_settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import open_keyring
from true_api.security.accounts import Program
from true_api.security.installation import Installation
from true_api.security.tokens import open_tokens

NO_TABLES = "The database holds no tables yet. Run `true-api setup`."
NO_KEYRING = (
    "The keyring holds no tables yet. Run `true-api setup`, or `true-api upgrade` where there is a program. Was there a"
    " keyring? Restore it, or name it in TRUE_KEYRING_URL."
)
CALLED = {Store.MAIN: "database", Store.KEYRING: "keyring"}
VARIABLE = {Store.MAIN: "TRUE_DATABASE_URL", Store.KEYRING: "TRUE_KEYRING_URL"}
NOT_SET_UP = "This installation has no program yet. Run `true-api setup`."


def settings_here(**over: object) -> Settings:
    """The settings of this process; options of a command win. Raises `UnsafeSettings`."""
    return read_settings(os.environ, **over)


def revision_of(settings: Settings, store: Store = Store.MAIN) -> str | None:
    """The revision at which a store stands; None when it is empty. Refused when it cannot be reached."""
    try:
        return asyncio.run(present_revision(settings.url_of(store)))
    except Exception as error:
        # Each driver fails in its own way, with messages that may hold an address or a name.
        raise Refused(unreachable(error, store)) from None


def unreachable(error: Exception, store: Store = Store.MAIN) -> str:
    """What to say of a store that does not answer."""
    return (
        f"The {CALLED[store]} cannot be reached ({type(error).__name__})."
        f" Look at {VARIABLE[store]} and TRUE_DATA_DIR, and whether the database server runs."
    )


def require_schema(settings: Settings) -> None:
    """Refuse to work on schemas that this version was not written for."""
    _require_newest(settings, Store.MAIN, NO_TABLES)
    require_keyring(settings)


def require_keyring(settings: Settings) -> None:
    """Refuse to work on a keyring that is not there, or that this version was not written for."""
    _require_newest(settings, Store.KEYRING, NO_KEYRING)


def _require_newest(settings: Settings, store: Store, nothing: str) -> None:
    present, newest = revision_of(settings, store), newest_revision(store)
    if present is None:
        raise Refused(nothing)
    if present != newest:
        raise Refused(stale(present, newest, store))


def stale(present: str, newest: str, store: Store = Store.MAIN) -> str:
    """What to say of a schema that is not the newest."""
    if not is_known(present, store):
        return f"A newer version of TRUE API made this {CALLED[store]}. Run that version, or restore an older backup."
    return (
        f"The {CALLED[store]} stands at revision {present}, and this version needs {newest}."
        " Run `true-api upgrade`, which backs up first; `true-api migrate` does not."
    )


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Installation]:
    """The installation itself, without the application; its stores are closed at the end. Raises `UnsafeKeys`."""
    tokens = open_tokens(settings)
    clock = SystemClock()
    installation = Installation(settings, clock, open_database(settings), open_keyring(settings, clock), tokens)
    try:
        yield installation
    finally:
        await installation.stop()


def has_program(settings: Settings) -> bool:
    """Whether the program has been founded, in a database whose schema is the newest."""
    return asyncio.run(_has_program(settings))


async def _has_program(settings: Settings) -> bool:
    database = open_database(settings)
    try:
        return bool((await database.read(select(table_of(Program))))[0])
    finally:
        await database.stop()


def require_program(settings: Settings) -> None:
    """Refuse to work on another schema than the newest, or without a program."""
    require_schema(settings)
    if not has_program(settings):
        raise Refused(NOT_SET_UP)
