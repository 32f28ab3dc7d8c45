"""`true-api worker`: does what is due later, in a process of its own."""

import asyncio
import signal
import sys
from contextlib import suppress
from typing import Annotated

import structlog
import typer

from true_api.api.all_doors import every_door
from true_api.cli.forgets import forget_again
from true_api.cli.grounds import opened, require_program, settings_here
from true_api.journeys.jobs import do_jobs
from true_api.kernel.errors import Unavailable
from true_api.kernel.logs import configure_logs
from true_api.kernel.outbox import given_up, taken_up_again
from true_api.kernel.settings import Settings
from true_api.outlets.exports.jobs import do_exports, keep_making_exports
from true_api.security.installation import Installation

SECONDS_BETWEEN_LOOKS = 1.0
AT_A_TIME = 500

log = structlog.get_logger()


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, say how much it was, and end.")] = False,
    again: Annotated[bool, typer.Option("--again", help="First take up again what was given up.")] = False,
) -> None:
    """Do what is due later. As many may run as there are machines; with TRUE_WORKER=apart the servers do none of it."""
    settings = settings_here()
    require_program(settings)
    forget_again(settings)
    configure_logs(readable=sys.stderr.isatty())
    count = asyncio.run(_work(settings, once, again))
    if once:
        typer.echo(f"{count:,} done.")


async def _work(settings: Settings, once: bool, again: bool) -> int:
    assert every_door(), "the doors declare every table"
    async with opened(settings) as installation:
        if again:
            await take_up(installation)
        if once:
            return await do_jobs(installation) + await do_exports(installation)
        await _work_until_told(installation)
        return 0


async def _work_until_told(installation: Installation) -> None:
    """Look every second until SIGTERM or SIGINT; the job at hand is finished first."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    log.info("working", seconds=SECONDS_BETWEEN_LOOKS)
    exporting = asyncio.create_task(keep_making_exports(installation))
    while not told.is_set():
        try:
            await do_jobs(installation)
        except Unavailable as error:
            log.error("jobs_wait", kind=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), SECONDS_BETWEEN_LOOKS)
    # An export that is cut short is made from its beginning by whoever looks next.
    exporting.cancel()
    with suppress(asyncio.CancelledError):
        await exporting
    log.info("stopped")


async def take_up(installation: Installation) -> int:
    """Have everything that was given up tried from the beginning; how much it was."""
    count = 0
    while found := (await installation.database.read(given_up(AT_A_TIME)))[0]:
        now = installation.clock.now()
        await installation.database.commit([taken_up_again(job, now) for job in found])
        count += len(found)
    return count
