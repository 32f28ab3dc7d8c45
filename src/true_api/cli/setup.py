"""`true-api setup`: from nothing to a program with its first admin; `true-api migrate`: the schemas move on."""

import asyncio
import os
import sys
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from pydantic import TypeAdapter, ValidationError

from true_api.cli.grounds import CALLED, has_program, opened, revision_of, settings_here, stale
from true_api.cli.keyring_ground import move_keyring
from true_api.cli.keys import make_key_of_numbers
from true_api.cli.words import UNSAFE, Refused
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_schema import MigrationRefused, is_known, newest_revision
from true_api.kernel.database_schema import migrate as migrate_schema
from true_api.kernel.schemas import Label
from true_api.kernel.settings import Settings, UnsafeSettings
from true_api.kernel.stores import Store
from true_api.privacy.master_key_custody import place_of_master_keys
from true_api.rooms.partners.founding import found
from true_api.rooms.partners.service import OneProgram
from true_api.security.accounts import Member
from true_api.security.signing_keys import load_keys, make_first_keys
from true_api.security.statistics_key import statistics_key

LABELS: TypeAdapter[str] = TypeAdapter(Label)
DONE_BEFORE = (
    "This installation is set up already; an installation serves one program. `true-api doctor` looks it over."
)
NEW_MASTER_KEY = """Master key {made} was made in {place}
Without it nothing that is sealed can be read, and no backup holds it: `true-api keyring sheets` writes three sheets to
print, of which any two bring it back."""
LABEL_FORM = "begins with a letter or digit and holds at most 80 letters, digits, spaces and . , & ' ( ) / -"

NEXT = """Done. Next:
  true-api serve                                    starts the server
  true-api people teams add --name "Night van"      adds a team
  true-api people members add --role peer --label peer-01 --team "Night van"
  true-api token --member peer-01                   prints a token to try it with"""


def setup(
    name: Annotated[str | None, typer.Option(help="What the program is called.")] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Whose days the program keeps, such as America/New_York.")
    ] = None,
    admin: Annotated[str | None, typer.Option(help="What the first admin's account is called.")] = None,
) -> None:
    """Make the data directory, the keys, the database and its keyring, the program and its first admin; once."""
    settings = settings_here()
    _refuse_when_done(settings)
    name = _label("name", name, "Name of the program")
    time_zone = _zone(time_zone)
    admin = _label("admin", admin, "Label of the first admin's account")
    _make_data_dir(settings)
    make_first_keys(settings.keys_dir, SystemClock().now(), settings.demo)
    load_keys(settings.keys_dir, settings.demo)
    statistics_key(settings.keys_dir)
    _move_schemas(settings)
    asyncio.run(_found(settings, name, time_zone, admin))
    typer.echo(NEXT)


def migrate() -> None:
    """Move the schemas of database and keyring to what this version needs (`upgrade` also backs up first)."""
    settings = settings_here()
    before = {store: revision_of(settings, store) for store in Store}
    newest = {store: newest_revision(store) for store in Store}
    for store, present in before.items():
        if present is not None and not is_known(present, store):
            raise Refused(stale(present, newest[store], store))
    if before == newest:
        typer.echo(f"The database stands at revision {newest[Store.MAIN]}, the newest. Nothing to do.")
        return
    _make_data_dir(settings)
    _move_schemas(settings)
    make_key_of_numbers(settings, before[Store.MAIN])
    for store in Store:
        if before[store] != newest[store]:
            typer.echo(f"The {CALLED[store]} went from revision {before[store] or 'none'} to {newest[store]}.")


def _refuse_when_done(settings: Settings) -> None:
    if (present := revision_of(settings)) is None:
        return
    if present != (newest := newest_revision()):
        raise Refused(stale(present, newest))
    if has_program(settings):
        raise Refused(DONE_BEFORE)


def _make_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Refused(f"The data directory cannot be made ({why}). Name another in TRUE_DATA_DIR.") from None


def _move_schemas(settings: Settings) -> None:
    try:
        migrate_schema(settings.effective_database_url)
        made = move_keyring(settings)
    except (Refused, UnsafeSettings):
        raise
    except MigrationRefused as refused:
        raise Refused(str(refused)) from None
    except Exception as error:
        # Whatever a migration meets; its message may quote a row.
        raise Refused(
            f"The migration failed ({type(error).__name__}). Each of its steps is whole or undone;"
            " `true-api doctor` says where the database stands."
        ) from None
    if made:
        typer.echo(NEW_MASTER_KEY.format(made=made, place=place_of_master_keys(settings)))


async def _found(settings: Settings, name: str, time_zone: str, admin: str) -> Member:
    async with opened(settings) as installation:
        try:
            return await found(installation, name, time_zone, admin)
        except OneProgram:
            raise Refused(DONE_BEFORE) from None


def _asked(option: str, given: str | None, question: str) -> str:
    if given is None:
        if not sys.stdin.isatty():
            raise Refused(f"setup needs --{option}; at a terminal it asks.", UNSAFE)
        given = str(typer.prompt(question))
    return given.strip()


def _label(option: str, given: str | None, question: str) -> str:
    try:
        return LABELS.validate_python(_asked(option, given, question))
    except ValidationError:
        raise Refused(f"--{option} {LABEL_FORM}", UNSAFE) from None


def _zone(given: str | None) -> str:
    name = _asked("time-zone", given, "Time zone of its days, such as America/New_York")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("--time-zone is not an IANA name such as America/New_York.", UNSAFE) from None
