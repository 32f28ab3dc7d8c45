"""`true-api openapi` and `true-api doors`: what the application says of itself, without an installation."""

import asyncio
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from true_api.api.all_doors import every_door
from true_api.api.app import create_app
from true_api.api.door import Door
from true_api.api.openapi import serialized
from true_api.cli.words import Refused, show_table
from true_api.kernel.clock import SystemClock
from true_api.kernel.settings import read_settings
from true_api.security.gates import OpenGate
from true_api.security.signing_keys import make_first_keys


def openapi(
    check: Annotated[
        Path | None, typer.Option(help="Compare with this file instead of printing.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Print the OpenAPI document, or compare it with a file."""
    document = _document()
    if check is None:
        typer.echo(document, nl=False)
        return
    before = check.read_text(encoding="utf-8")
    if before == document:
        typer.echo("The file is the application's document.")
        return
    pairs = zip_longest(before.splitlines(), document.splitlines(), fillvalue="")
    number, (theirs, ours) = next((found for found in enumerate(pairs, 1) if len(set(found[1])) > 1), (0, ("", "")))
    raise Refused(
        f"The file is not the application's document; line {number} differs first:\n- {theirs}\n+ {ours}\n"
        "`make openapi` writes it anew."
    )


def doors() -> None:
    """Print every door with its gate and permission."""
    show_table(("door", "gate", "permission"), [_row(door) for door in every_door()])


def _row(door: Door) -> tuple[str, str, str]:
    gate = door.gate
    permission = f"open: {gate.reason}" if isinstance(gate, OpenGate) else gate.permission.value
    return door.name, type(gate).__name__, permission


def _document() -> str:
    """The document of an application that is built for this alone; no setting changes it."""
    with TemporaryDirectory() as folder:
        settings = read_settings({}, data_dir=folder)
        make_first_keys(settings.keys_dir, SystemClock().now(), False)
        app = create_app(settings)
        try:
            return serialized(app.openapi())
        finally:
            asyncio.run(app.state.installation.stop())
