"""`true-api keyring`: master keys are rotated while the server runs, and brought back from two sheets of paper."""

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from true_api.cli.grounds import require_keyring, settings_here
from true_api.cli.keyring_ground import rows_by_master_key, rows_on_old_keys, try_out, wrap_anew
from true_api.cli.words import UNSAFE, Refused
from true_api.kernel.clock import SystemClock
from true_api.kernel.private_files import move_into_place, private_file, private_folder
from true_api.kernel.settings import Settings
from true_api.privacy.master_key import UnsafeMasterKeys
from true_api.privacy.master_key_custody import (
    add_master_key,
    add_to_file,
    current_key,
    kept_elsewhere,
    look_over,
    place_of_master_keys,
    retire_master_keys,
    where_kept,
)
from true_api.privacy.master_key_file import FileKey
from true_api.privacy.recovery_sheets import NEEDED, Sheet, read_sheet, rebuild, write_sheets

NEEDED_STILL = (
    "{rows:,} keys still need an older master key, so nothing was retired. Run `true-api keyring rotate` first."
)
ROTATED = """{rows:,} keys were wrapped anew; master key {current} now wraps them all.
The old one may go: `true-api keyring retire`. Then write new sheets, and make a backup: archives of the keyring from
before open with the old master key only."""
OTHER_PLACES = "Nothing in the keyring needs the older keys in {places}. Take them away there yourself."
OLDER_THAN_SHEETS = (
    "{rows:,} keys need an older master key than these sheets would hold. Run `true-api keyring rotate`."
)
SHEETS_WRITTEN = """Three sheets of master key {key_id} were written to {folder}
Print them, delete the files, and give each to a different person to lock away. Any two bring the master key back."""
NOTHING_NEEDS_IT = "No key in the keyring is wrapped with it, so it could not be tried. Compare its id with the sheets."

keyring = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The keyring and its master keys."""


@keyring.callback()
def about_keyring() -> None:
    """The master keys that open the keyring: status, rotate, retire, sheets, recover."""


@keyring.command()
def status() -> None:
    """Say which master keys there are, and how many keys of the keyring each of them wraps."""
    settings = settings_here()
    require_keyring(settings)
    custody, counted = asyncio.run(look_over(settings)), asyncio.run(rows_by_master_key(settings))
    typer.echo(f"Master keys are kept in {place_of_master_keys(settings)}")
    for place, name in enumerate(custody.ids):
        role = "wraps" if place == 0 else "only opens"
        typer.echo(f"  {name}  {role}; keys in the keyring: {counted.pop(name, 0):,}")
    for name, rows in sorted(counted.items()):
        typer.echo(f"  {name}  is not there; keys in the keyring: {rows:,}")


@keyring.command()
def rotate(
    no_new_key: Annotated[
        bool, typer.Option("--no-new-key", help="Make none: wrap with the newest master key that there is.")
    ] = False,
    retire_old: Annotated[
        bool, typer.Option("--retire", help="Drop the older master keys at once, when nothing needs them any more.")
    ] = False,
) -> None:
    """Wrap every key of the keyring with a new master key, while the server runs."""
    settings = settings_here()
    require_keyring(settings)
    if not no_new_key and where_kept(settings) != "environment":
        typer.echo(f"Master key {asyncio.run(add_master_key(settings, _today()))} was made.")
    current, rows = asyncio.run(wrap_anew(settings))
    typer.echo(ROTATED.format(rows=rows, current=current))
    if retire_old:
        _retire(settings)


@keyring.command()
def retire() -> None:
    """Drop the older master keys, unless something in the keyring still needs one."""
    settings = settings_here()
    require_keyring(settings)
    _retire(settings)


@keyring.command()
def sheets(
    to: Annotated[
        Path | None, typer.Option(help="The folder to write them to; `sheets` beside the keys if none.")
    ] = None,
) -> None:
    """Write three sheets to print, of which any two bring the master key back."""
    settings = settings_here()
    require_keyring(settings)
    key = current_key(settings)
    if rows := asyncio.run(rows_on_old_keys(settings)):
        raise Refused(OLDER_THAN_SHEETS.format(rows=rows))
    folder = private_folder(to or settings.keys_dir / "sheets")
    for number, page in enumerate(write_sheets(key.key, _today().isoformat()), 1):
        fresh = folder / f"sheet-{number}.txt.new"
        with private_file(fresh) as out:
            out.write(page.encode())
        move_into_place(fresh, folder / f"sheet-{number}-of-3.txt")
    typer.echo(SHEETS_WRITTEN.format(key_id=key.id, folder=folder.absolute()))


@keyring.command()
def recover(
    sheet: Annotated[list[Path] | None, typer.Option(help="A file with a sheet's words; asked for otherwise.")] = None,
) -> None:
    """Bring the master key back from two sheets, try it on the keyring, and only then write the file."""
    settings = settings_here()
    require_keyring(settings)
    if where_kept(settings) != "file":
        raise Refused("Sheets bring back the file of master keys; the environment or a module is in its place here.")
    key = FileKey(_today(), settings.demo, rebuild(_sheets_at_hand(sheet or [])))
    if key.id in asyncio.run(look_over(settings)).ids:
        typer.echo(f"Master key {key.id} is where it belongs. Nothing to do.")
        return
    tried = asyncio.run(try_out(settings, key))
    add_to_file(settings, key, last=False)
    typer.echo(f"Master key {key.id} is back in {place_of_master_keys(settings)}")
    typer.echo(f"It opened {tried:,} keys of the keyring." if tried else NOTHING_NEEDS_IT)


def _retire(settings: Settings) -> None:
    if rows := asyncio.run(rows_on_old_keys(settings)):
        raise Refused(NEEDED_STILL.format(rows=rows))
    retired = [] if where_kept(settings) == "environment" else asyncio.run(retire_master_keys(settings))
    for name in retired:
        typer.echo(f"Master key {name} is gone.")
    if places := kept_elsewhere(settings):
        typer.echo(OTHER_PLACES.format(places=" and ".join(places)))
    elif not retired:
        typer.echo("No master key to retire.")


def _sheets_at_hand(files: list[Path]) -> list[Sheet]:
    """Two sheets, from files or typed in; one that is not whole is asked for again."""
    if files:
        if len(files) != NEEDED:
            raise Refused(f"--sheet is given {NEEDED} times, for {NEEDED} sheets.", UNSAFE)
        return [read_sheet(_text_of(file)) for file in files]
    if not sys.stdin.isatty():
        raise Refused("recover needs --sheet twice; at a terminal it asks.", UNSAFE)
    return [_asked(f"Words of the {which} sheet, with a space between") for which in ("first", "second")]


def _asked(question: str) -> Sheet:
    while True:
        try:
            return read_sheet(str(typer.prompt(question)))
        except UnsafeMasterKeys as not_whole:
            typer.echo(str(not_whole), err=True)


def _text_of(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError):
        raise Refused("A file that --sheet names cannot be read.") from None


def _today() -> date:
    return SystemClock().now().date()
