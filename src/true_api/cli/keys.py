"""`true-api keys`: a new signing key takes over without downtime, and old ones go when nobody needs them."""

from datetime import timedelta
from typing import Annotated

import typer

from true_api.cli.grounds import settings_here
from true_api.kernel.clock import SystemClock
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, LONGEST_LIFETIME
from true_api.security.signing_keys import load_keys, retire_keys, rotate_keys

ROOM_FOR_OTHER_CLOCKS = 60

keys = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The signing keys."""


@keys.callback()
def about_keys() -> None:
    """The keys that sign access tokens: rotate, retire."""


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
