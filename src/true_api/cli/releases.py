"""`true-api releases`: a month's numbers are sealed once, through the door that an admin has."""

import asyncio
from typing import Annotated, Any

import typer

from true_api.cli.front_door import AsAdmin, admitted_settings, front_door
from true_api.kernel.settings import Settings

releases = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The releases."""


@releases.callback()
def about_releases() -> None:
    """The numbers that may leave the program."""


@releases.command()
def seal(
    month: Annotated[str, typer.Option(help="The month, YYYY-MM; it must have ended.")], by: AsAdmin = None
) -> None:
    """Seal a month's numbers; a release never changes."""
    release = asyncio.run(_seal(admitted_settings(), month, by))
    kept_back = sum(cell["suppressed"] for cell in release["cells"])
    typer.echo(
        f"Sealed {release['period']}, {release['table']}:"
        f" {len(release['cells'])} numbers, {kept_back} of them kept back ({release['mechanism']})."
    )


async def _seal(settings: Settings, month: str, admin: str | None) -> Any:
    async with front_door(settings, "releases seal", admin) as operator:
        return await operator.post("/v1/releases", {"period": month})
