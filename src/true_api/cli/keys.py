"""`true-api keys`: a new signing key takes over without downtime, old ones go, and the statistics key is made once."""

from datetime import timedelta
from typing import Annotated

import typer

from true_api.cli.grounds import settings_here
from true_api.kernel.clock import SystemClock
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, LONGEST_LIFETIME, Settings
from true_api.security.key_files import locked
from true_api.security.signing_keys import load_keys, retire_keys, rotate_keys
from true_api.security.statistics_key import STATISTICS_KEY, make_statistics_key, statistics_key

ROOM_FOR_OTHER_CLOCKS = 60
FIRST_WITH_NOISE = "0020"
"""Before this revision of the schema nothing was sealed with a statistics key."""
MADE = f"{STATISTICS_KEY} was made: numbers that leave are sealed with its noise. Copy the folder of keys again."

keys = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The signing keys."""


@keys.callback()
def about_keys() -> None:
    """The keys that sign access tokens: rotate, retire; and the key of the noise in releases."""


@keys.command()
def rotate() -> None:
    """Make a new signing key; tokens that the old one signed stay valid until they expire."""
    settings = settings_here()
    load_keys(settings.keys_dir, settings.demo)
    kid = rotate_keys(settings.keys_dir, SystemClock().now())
    load_keys(settings.keys_dir, settings.demo)
    typer.echo(f"Key {kid} signs from now on; a running server takes it up within a second.")
    typer.echo("In a quarter of an hour nobody needs the old one: `true-api keys retire` drops it.")


@keys.command()
def retire(
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Also keys whose tokens are still in use: for a key that was stolen.")
    ] = False,
) -> None:
    """Drop the keys that no valid token was signed with."""
    settings, now = settings_here(), SystemClock().now()
    load_keys(settings.keys_dir, settings.demo)
    longest = LONGEST_DEMO_LIFETIME if settings.demo else LONGEST_LIFETIME
    wait = timedelta(seconds=0 if at_once else longest + ROOM_FOR_OTHER_CLOCKS)
    retired = retire_keys(settings.keys_dir, now - wait)
    for kid in retired:
        typer.echo(f"Key {kid} is gone.")
    if not retired:
        typer.echo("No key to retire.")


@keys.command()
def statistics() -> None:
    """Make the statistics key where there is none. Is a copy of it lost? Put that back instead, if there is one."""
    settings = settings_here()
    load_keys(settings.keys_dir, settings.demo)
    with locked(settings.keys_dir):
        made = make_statistics_key(settings.keys_dir)
    statistics_key(settings.keys_dir)
    typer.echo(MADE if made else f"{STATISTICS_KEY} is there, and stays as it is.")


def make_key_of_numbers(settings: Settings, before: str | None) -> None:
    """Make the statistics key for an installation from a version that had none; never another for a lost one."""
    if before is None or before >= FIRST_WITH_NOISE or not settings.keys_dir.exists():
        return
    with locked(settings.keys_dir):
        if make_statistics_key(settings.keys_dir):
            typer.echo(MADE)
