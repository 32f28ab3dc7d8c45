"""`true-api directory`: packages of HSDS in and out, through the doors that an admin has."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from true_api.cli.front_door import AsAdmin, admitted_settings, front_door
from true_api.cli.words import Refused
from true_api.kernel.settings import Settings

ARCHIVE, JSON = "application/zip", "application/json"
LARGEST = 268_435_456
"""Bytes of a package: at the shell the limit is the machine's, not that of a request from anywhere."""
IMPORTS, EXPORT = "/v1/directory/imports", "/v1/directory/export"

directory = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The directory."""


@directory.callback()
def about_directory() -> None:
    """The directory of services, in packages of HSDS 3.1: JSON, or a ZIP archive of CSV files (.zip)."""


@directory.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="The package: .json, or .zip for an archive of CSV files.")],
    kept_by: Annotated[str | None, typer.Option(help="Id of the partner agency that keeps these entries.")] = None,
    program_only: Annotated[bool, typer.Option(help="Show these entries to nobody outside of the program.")] = False,
    by: AsAdmin = None,
) -> None:
    """Take a package in: all of it, or nothing and a report of what is wrong where."""
    try:
        content = file.read_bytes()
    except OSError:
        raise Refused("This file cannot be read.") from None
    terms = {**({"public": "false"} if program_only else {}), **({"kept_by": kept_by} if kept_by else {})}
    report = asyncio.run(_take_in(admitted_settings(), content, _media_type(file), terms, by))
    typer.echo(
        f"Took in {report['added']} new entries; {report['changed']} changed, {report['unchanged']} stayed as they"
        f" were, {report['loose']} parts name nothing that came with them."
    )


@directory.command("export")
def give_out(
    file: Annotated[Path, typer.Argument(help="Where to write it: .json, or .zip for an archive of CSV files.")],
    nested: Annotated[bool, typer.Option(help="Of JSON: nested, not in tables.")] = False,
    whole: Annotated[bool, typer.Option(help="With what the program alone may see: redacted places too.")] = False,
    by: AsAdmin = None,
) -> None:
    """Write the whole directory to a file, as far as anybody may read it."""
    asked = {"layout": "nested" if nested else "tabular", "audience": "program" if whole else "public"}
    content = asyncio.run(_give_out(admitted_settings(), _media_type(file), asked, by))
    try:
        file.write_bytes(content)
    except OSError:
        raise Refused("This file cannot be written.") from None
    typer.echo(f"Wrote {len(content)} bytes.")


def _media_type(file: Path) -> str:
    known = {".zip": ARCHIVE, ".json": JSON}
    if (media_type := known.get(file.suffix.lower())) is None:
        raise Refused("A package is a file that ends in .json or .zip.")
    return media_type


async def _take_in(
    settings: Settings, content: bytes, media_type: str, terms: dict[str, str], admin: str | None
) -> dict[str, Any]:
    roomy = settings.model_copy(update={"import_limit": LARGEST})
    async with front_door(roomy, "directory import", admin) as operator:
        headers = {"Content-Type": media_type}
        answer = await operator.call("POST", IMPORTS, content=content, headers=headers, params=terms)
        report: dict[str, Any] = answer.json()
        return report


async def _give_out(settings: Settings, media_type: str, asked: dict[str, str], admin: str | None) -> bytes:
    async with front_door(settings, "directory export", admin) as operator:
        answer = await operator.call("GET", EXPORT, params=asked, headers={"Accept": media_type})
        return bytes(answer.content)
