"""A worker in a process of its own that does everything of a job but to commit, says so, and waits to be killed."""

import asyncio
import os

from true_api.kernel.clock import SystemClock
from true_api.kernel.database import open_database
from true_api.kernel.ids import new_id
from true_api.kernel.sequencer import Pending
from true_api.kernel.settings import read_settings
from true_api.privacy.keyring import open_keyring
from true_api.security.errands import Errand, run_errands
from true_api.security.installation import Installation
from true_api.security.tokens import open_tokens

KIND, WRITTEN, HELD = "proof_job", "proof", b"held\n"


async def put_down(_installation: Installation, errand: Errand) -> None:
    """Writes something that would be there twice, if it were done twice."""
    errand.keep(Pending(entry_id=new_id(), stream=WRITTEN))


async def hold(installation: Installation, errand: Errand) -> None:
    """Writes something, and never comes to commit it."""
    await put_down(installation, errand)
    print(HELD.decode(), end="", flush=True)
    await asyncio.sleep(600)


async def work() -> None:
    """Do what is due, until killed."""
    settings, clock = read_settings(os.environ), SystemClock()
    installation = Installation(
        settings, clock, open_database(settings), open_keyring(settings, clock), open_tokens(settings)
    )
    await run_errands(installation, {KIND: hold})


if __name__ == "__main__":
    asyncio.run(work())
