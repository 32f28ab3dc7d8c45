"""Steps that tests of intake share: posting, working the queue, and the clock that runs out."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from tests.stories.steps import every_item
from tests.world import Caller, House, intake, ok
from true_api.journeys.jobs import do_jobs
from true_api.kernel.outbox import Job
from true_api.kernel.rows import table_of
from true_api.rooms.intake.service import FIRST_CONTACT

QUEUE = "/v1/intake-requests"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")
OFFICE_HOURS: dict[str, Any] = {
    "weekly": [{"weekday": day, "opens_at": "09:00", "closes_at": "17:00"} for day in WEEKDAYS]
}


async def posted(house: House, caller: Caller | None = None, **over: Any) -> tuple[str, str]:
    """A request: the reference for the agency, and the id for the program."""
    reference = ok(await (caller or house.agency).post(QUEUE, intake(**over)))["reference"]
    queue = await every_item(house.peer, QUEUE, 200)
    return reference, next(request["id"] for request in queue if request["reference"] == reference)


async def taken_in(caller: Caller, **over: Any) -> str:
    """A request that the program itself takes in: its id."""
    return str(ok(await caller.post(QUEUE, intake(**{"source": "walk_in", **over})))["id"])


async def worked(caller: Caller, request: str, door: str, **said: Any) -> dict[str, Any]:
    """A step in the queue."""
    return ok(await caller.post(f"{QUEUE}/{request}/{door}", said))


async def known(caller: Caller, request: str) -> dict[str, Any]:
    """One request as the caller reads it."""
    return ok(await caller.get(f"{QUEUE}/{request}"))


async def at(house: House, moment: datetime) -> None:
    """It is this time, and whatever is due is done."""
    house.clock.set(moment)
    await due_is_done(house)


async def due_is_done(house: House) -> None:
    """Whatever is due by now is done: by this worker, or by the server's own at the same moment."""
    jobs = table_of(Job)
    while (await house.rows(select(jobs.c.id).where(jobs.c.due_at <= house.clock.now())))[0]:
        await do_jobs(house.installation)


async def clocks(house: House) -> list[str]:
    """The requests whose clock is running."""
    jobs = table_of(Job)
    return [str(job.record_id) for job in (await house.rows(select(jobs).where(jobs.c.kind == FIRST_CONTACT)))[0]]
