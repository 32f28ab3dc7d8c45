"""Errands: a job of the outbox being done, by the program's own operator, in one commit with its end and its trace."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog

from true_api.kernel.clock import local_day
from true_api.kernel.database import Database, shielded
from true_api.kernel.effects import Effect, Refusal, Unit
from true_api.kernel.errors import Unavailable, WriteCollided
from true_api.kernel.outbox import TRIES, Job, done, due, later, put_off, waiting_for
from true_api.kernel.rows import Row
from true_api.security.installation import Installation
from true_api.security.trail import entry_of_operator

AT_A_TIME = 50

log = structlog.get_logger()


@dataclass
class Errand:
    """A job at hand: what it is about, when it is done, and the unit in which its writes are collected.

    Nothing is committed by who does it: the writes, the end of the job and the entry in the trail are one commit.
    """

    kind: str
    record_id: UUID
    due_at: datetime
    now: datetime
    today: date
    time_zone: str
    database: Database
    unit: Unit = field(default_factory=Unit)
    subjects: set[UUID] = field(default_factory=set)

    def keep(self, row: Row, or_else: Refusal = WriteCollided) -> None:
        """Record a new row."""
        self.unit.keep(row, or_else)

    def change(self, kind: type[Row], row: Any, or_else: Refusal = WriteCollided, **new: Any) -> None:
        """Give a row new values, if nobody else did since it was read."""
        self.unit.change(kind, row, new, or_else)

    def later(self, kind: str, record_id: UUID, due_at: datetime) -> None:
        """Have another job done with a record once it is due."""
        self.unit.effects.append(later(kind, record_id, due_at))

    async def no_longer(self, kind: str, record_id: UUID) -> None:
        """Have the jobs of a kind that wait for a record go."""
        waiting = (await self.database.read(waiting_for(kind, record_id)))[0]
        self.unit.remove(Job, *(job.id for job in waiting))

    def about(self, participant: UUID | None) -> None:
        """Name a person whom this touches, for the trail."""
        if participant is not None:
            self.subjects.add(participant)


Handler = Callable[[Installation, Errand], Awaitable[None]]
"""Does one kind of job: reads, and collects effects in the errand. Asked again, it leaves what it finds done."""


async def run_errands(installation: Installation, handlers: Mapping[str, Handler]) -> int:
    """Do what is due, once through; how many were done. What could not be done is tried again, or given up aloud."""
    now, standing = installation.clock.now(), await installation.standing()
    today = local_day(now, standing.time_zone)
    count = 0
    for job in (await installation.database.read(due(now, handlers, AT_A_TIME)))[0]:
        errand = Errand(job.kind, job.record_id, job.due_at, now, today, standing.time_zone, installation.database)
        try:
            await handlers[job.kind](installation, errand)
            await shielded(installation.database.commit([*_trailed(errand, standing.program_id), *done(job)]))
            count += 1
        except Unavailable:
            raise
        except WriteCollided:
            # Done by another worker, or what it is about was changed at this moment: in either case not in vain.
            await _put_off(installation, job, errand, "WriteCollided")
        except Exception as error:
            await _put_off(installation, job, errand, type(error).__name__)
    return count


def _trailed(errand: Errand, program_id: UUID) -> list[Effect]:
    """The writes with their entry in the trail; what found nothing to do leaves none."""
    effects = errand.unit.effects
    if not effects:
        return []
    entry = entry_of_operator(errand.now, f"job {errand.kind}", program_id)
    return [*effects, *entry.closed(200, subjects=sorted(errand.subjects), record_id=errand.unit.resource)]


async def _put_off(installation: Installation, job: Any, errand: Errand, why: str) -> None:
    postponed = put_off(job, errand.now, errand.today)
    try:
        await shielded(installation.database.commit([postponed]))
    except WriteCollided:
        return
    if job.tries + 1 >= TRIES:
        log.error("job_given_up", work=job.kind, kind=why)
    else:
        log.warning("job_put_off", work=job.kind, kind=why, tries=job.tries + 1)
