"""The jobs of exports, apart from all others: one takes minutes, and nothing else may wait for it."""

import asyncio

import structlog

from true_api.kernel.private_files import only_one
from true_api.outlets.exports.making import EXPORT_RUN, make_export
from true_api.security.errands import Handler, run_errands
from true_api.security.installation import Installation

LOCK = "exports.lock"
SECONDS_BETWEEN_LOOKS = 1.0
HANDLERS: dict[str, Handler] = {EXPORT_RUN: make_export}

log = structlog.get_logger()


async def do_exports(installation: Installation) -> int:
    """Make the exports that are due; how many were done. Of the processes of one data folder one does it at a time."""
    folder = installation.settings.data_dir
    with only_one(folder / LOCK) as alone:
        return await run_errands(installation, HANDLERS) if alone else 0


async def keep_making_exports(installation: Installation) -> None:
    """Make what is due, look every second, and never end by itself."""
    while True:
        try:
            await do_exports(installation)
        except Exception as error:
            log.error("exports_wait", kind=type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
