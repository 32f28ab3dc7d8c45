"""The outbox: what is to be done later, kept in the commit of what asked for it, and done exactly once.

A job names a kind and a record, and nothing about a person. Whoever does it collects effects, and they are committed
together with its end: of two workers who do the same job at the same moment one commits, and the other finds it gone.
What a kill interrupts was not committed, and is done by the next worker who looks.

A room asks with `permit.later(kind, record_id, due_at)`; who does a kind stands in journeys/jobs.py.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Select, func, select
from sqlmodel import Field

from true_api.kernel.effects import Change, Effect, Keep, Remove
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of

TRIES = 15
LONGEST_PAUSE = timedelta(hours=1)
"""Fifteen tries, each pause twice as long as the one before: it is given up after some four hours."""


class Job(Row, table=True):
    """Something that is due at a moment. It goes with the commit that does it; one that was given up stays, to be seen.

    `record_id` is all that it holds: of what is to be done with that record, its kind knows.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "due_at", "id"), Index("ix_jobs_record", "record_id"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    kind: str = Field(max_length=40)
    record_id: UUID
    due_at: datetime
    tries: int = 0
    given_up_on: date | None = None


def later(kind: str, record_id: UUID, due_at: datetime) -> Keep:
    """Have a job of this kind done with a record, once it is due."""
    return Keep.row(Job(kind=kind, record_id=record_id, due_at=due_at))


def due(now: datetime, kinds: Collection[str], limit: int) -> Select[Any]:
    """The jobs of these kinds that are due, the oldest first. Of a kind that nobody here knows none is touched."""
    jobs = table_of(Job)
    waiting = jobs.c.kind.in_(sorted(kinds)), jobs.c.given_up_on.is_(None), jobs.c.due_at <= now
    return select(jobs).where(*waiting).order_by(jobs.c.due_at, jobs.c.id).limit(limit)


def waiting_for(kind: str, *records: UUID) -> Select[Any]:
    """The jobs of a kind that wait for these records."""
    jobs = table_of(Job)
    return select(jobs).where(jobs.c.record_id.in_(records), jobs.c.kind == kind, jobs.c.given_up_on.is_(None))


def done(job: Any) -> list[Effect]:
    """The end of a job, for the end of the commit that does it. Meets `WriteCollided` where somebody else did it."""
    jobs = table_of(Job)
    return [Change(jobs, job.id, job.version, {"tries": job.tries + 1}), Remove(jobs, "id", (job.id,))]


def put_off(job: Any, now: datetime, today: date) -> Change:
    """Have a job tried again after a pause, or give it up when it was tried often enough."""
    tries = job.tries + 1
    news: dict[str, Any] = {"tries": tries, "due_at": now + min(LONGEST_PAUSE, timedelta(seconds=2**tries))}
    return Change(table_of(Job), job.id, job.version, news | ({"given_up_on": today} if tries >= TRIES else {}))


def taken_up_again(job: Any, now: datetime) -> Change:
    """Have a job that was given up tried from the beginning."""
    return Change(table_of(Job), job.id, job.version, {"tries": 0, "due_at": now, "given_up_on": None})


def given_up(limit: int) -> Select[Any]:
    """The jobs that were given up."""
    jobs = table_of(Job)
    return select(jobs).where(jobs.c.given_up_on.is_not(None)).order_by(jobs.c.id).limit(limit)


def counted(now: datetime) -> Select[Any]:
    """How many jobs were given up, and how many have been due since before this moment, by kind."""
    jobs = table_of(Job)
    late = (jobs.c.due_at < now) & jobs.c.given_up_on.is_(None)
    lost = jobs.c.given_up_on.is_not(None)
    counts = func.count().filter(lost).label("given_up"), func.count().filter(late).label("late")
    return select(jobs.c.kind, *counts).where(late | lost).group_by(jobs.c.kind).order_by(jobs.c.kind)
