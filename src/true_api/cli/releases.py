"""`true-api releases`: the numbers that may leave are sealed, looked over and announced."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from true_api.cli.front_door import AsAdmin, admitted_settings, front_door
from true_api.cli.grounds import opened
from true_api.cli.words import UNSAFE, Refused
from true_api.journeys.forgetting import today_of
from true_api.kernel.errors import Conflict
from true_api.kernel.settings import Settings
from true_api.outlets.sealed.calendar import calendar_of
from true_api.outlets.sealed.report import line_of, report_on, written
from true_api.outlets.sealed.sealing import Press, Sealed, seal
from true_api.outlets.statistics.periods import Period, read_period
from true_api.privacy.noise import KeyedNoise
from true_api.security.installation import Installation
from true_api.security.statistics_key import statistics_key

releases = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The releases."""

T = TypeVar("T")
NO_PERIOD = "A period is a month (2026-10), a quarter (2026-Q4) or a fiscal year (FY2027)."
TRIED = "Nothing was kept: this is what sealing it now would do."


@releases.callback()
def about_releases() -> None:
    """The numbers that may leave the program."""


@releases.command("seal")
def seal_period(
    period: Annotated[str, typer.Option(help="A month (2026-10), quarter (2026-Q4) or fiscal year (FY2027); ended.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be kept back, and keep nothing.")] = False,
    revise: Annotated[
        bool, typer.Option("--revise", help="Seal it once more, with what came in late; twice at most.")
    ] = False,
    by: AsAdmin = None,
) -> None:
    """Seal every table of a period that has ended; a release never changes."""
    settings = admitted_settings()
    if dry_run:
        _say_what_would_be(settings, _read(settings, period), revise)
        return
    sealed = asyncio.run(_seal(settings, {"period": period, "revise": revise}, by))
    numbers = sum(table["numbers"] for table in sealed["tables"])
    kept_back = sum(table["kept_back"] for table in sealed["tables"])
    typer.echo(
        f"Sealed {sealed['period']}, revision {sealed['revision']}: {len(sealed['tables'])} tables with {numbers}"
        f" numbers, {kept_back} of them kept back ({sealed['mechanism']})."
    )


@releases.command()
def report(
    period: Annotated[str, typer.Argument(help="A period that was sealed.")],
) -> None:
    """Say of a sealed period what was kept back and why, and where to look instead."""
    settings = admitted_settings()
    wanted = _read(settings, period)
    typer.echo(written(_inside(settings, lambda house: report_on(house.database, wanted))))


@releases.command()
def calendar() -> None:
    """List every period: sealed, due or open, the day it seals, and how many phones have not sent since it ended."""
    for standing in reversed(_inside(admitted_settings(), calendar_of)):
        words = f"{standing.period!s:8}  {standing.state.value:6}  seals on {standing.seals_on}"
        if standing.sealed_on is not None:
            words = f"{standing.period!s:8}  sealed  on {standing.sealed_on}, revision {standing.revision}"
        waiting = standing.phones_not_synced
        typer.echo(words + (f"; phones that have sent nothing since it ended: {waiting}" if waiting else ""))


async def _seal(settings: Settings, draft: dict[str, Any], admin: str | None) -> Any:
    async with front_door(settings, "releases seal", admin) as operator:
        return await operator.post("/v1/releases", draft)


def _say_what_would_be(settings: Settings, period: Period, revise: bool) -> None:
    tried = _inside(settings, lambda house: _tried(house, period, revise))
    typer.echo(TRIED)
    for table in tried.tables:
        line = line_of(table.release.table, period, [cell.value for cell in table.cells])
        typer.echo(f"  {line.title} ({line.table}): {line.kept_back} of {line.numbers} kept back. {line.look_at}")


async def _tried(house: Installation, period: Period, revise: bool) -> Sealed:
    noise = KeyedNoise(statistics_key(house.settings.keys_dir))
    return await seal(Press(house.database, noise, await today_of(house)), period, revise)


def _read(settings: Settings, text: str) -> Period:
    try:
        return read_period(text, settings.fiscal_year_starts)
    except ValueError:
        raise Refused(NO_PERIOD, UNSAFE) from None


def _inside(settings: Settings, work: Callable[[Installation], Any]) -> Any:
    """What some work on the installation gives; a conflict is refused in its own plain words."""

    async def done() -> Any:
        async with opened(settings) as installation:
            return await work(installation)

    try:
        return asyncio.run(done())
    except Conflict as conflict:
        raise Refused(f"{conflict.title()}. ({conflict.code})") from None
