"""The outbox: a job is kept with what asked for it, done once whoever looks, and given up aloud or not at all."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.kernel.holding import HELD, KIND, WRITTEN, put_down
from tests.world import NOON
from true_api.cli.worker import take_up
from true_api.kernel.clock import HeldClock
from true_api.kernel.database import open_database
from true_api.kernel.effects import Require, Unit
from true_api.kernel.errors import Unavailable, WriteCollided
from true_api.kernel.ids import new_id
from true_api.kernel.outbox import LONGEST_PAUSE, TRIES, Job, later
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Pending
from true_api.kernel.settings import Settings
from true_api.privacy.keyring import open_keyring
from true_api.security.errands import Errand, run_errands
from true_api.security.housekeeping import sweep
from true_api.security.installation import Installation
from true_api.security.tokens import open_tokens
from true_api.security.trail import OPERATOR, TrailEntry

MANY, WORKERS = 30, 5
ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def at_work(settings: Settings) -> AsyncIterator[Installation]:
    """One worker's installation, on a clock that stands still at noon."""
    clock = HeldClock(NOON)
    installation = Installation(
        settings, clock, open_database(settings), open_keyring(settings, clock), open_tokens(settings)
    )
    try:
        yield installation
    finally:
        await installation.stop()


@pytest.fixture
async def worker(here: Settings) -> AsyncIterator[Installation]:
    async with at_work(here) as installation:
        yield installation


async def stumbles(_installation: Installation, errand: Errand) -> None:
    """Writes something, and then cannot go on."""
    errand.keep(Pending(entry_id=new_id(), stream=WRITTEN))
    raise RuntimeError("somebody synthetic")


async def ask(installation: Installation, count: int = 1, due_in: timedelta = timedelta()) -> list[UUID]:
    records = [new_id() for _ in range(count)]
    await installation.database.commit([later(KIND, record, NOON + due_in) for record in records])
    return records


async def jobs(installation: Installation) -> list[Any]:
    return list((await installation.database.read(select(table_of(Job)).order_by(table_of(Job).c.id)))[0])


async def written(installation: Installation) -> int:
    pending = table_of(Pending)
    return len((await installation.database.read(select(pending).where(pending.c.stream == WRITTEN)))[0])


async def traces(installation: Installation) -> list[Any]:
    entries = table_of(TrailEntry)
    return list((await installation.database.read(select(entries).where(entries.c.door == f"job {KIND}")))[0])


async def test_a_job_is_kept_with_the_commit_that_asks_for_it_or_not_at_all(worker: Installation) -> None:
    unit = Unit([later(KIND, new_id(), NOON)])
    unit.effects.append(Require(select(table_of(Job).c.id), frozenset()))
    with pytest.raises(WriteCollided):
        await worker.database.commit(unit)
    assert await jobs(worker) == []
    assert len(await ask(worker)) == len(await jobs(worker)) == 1


async def test_a_job_is_done_once_it_is_due_and_leaves_nothing_of_itself(worker: Installation) -> None:
    await ask(worker, due_in=timedelta(seconds=1))
    assert await run_errands(worker, {KIND: put_down}) == 0
    assert isinstance(worker.clock, HeldClock)
    worker.clock.move(timedelta(seconds=1))
    assert await run_errands(worker, {KIND: put_down}) == 1
    assert await run_errands(worker, {KIND: put_down}) == 0
    assert (await jobs(worker), await written(worker)) == ([], 1)


async def test_jobs_come_in_the_order_in_which_they_are_due_and_of_a_kind_unknown_here_none_is_touched(
    worker: Installation,
) -> None:
    seen: list[UUID] = []

    async def look(_installation: Installation, errand: Errand) -> None:
        seen.append(errand.record_id)

    (second,), (first,) = await ask(worker), await ask(worker, due_in=-timedelta(hours=1))
    await worker.database.commit([later("newer_kind", new_id(), NOON - timedelta(days=1))])
    assert await run_errands(worker, {KIND: look}) == 2
    assert seen == [first, second]
    assert [job.kind for job in await jobs(worker)] == ["newer_kind"]
    assert await traces(worker) == [], "who found nothing to do leaves no trace"


async def test_many_workers_do_each_job_once(here: Settings, worker: Installation) -> None:
    await ask(worker, MANY)
    async with at_work(here) as another:
        colleagues = [worker, another, worker, another, worker][:WORKERS]
        for _ in range(MANY):
            await asyncio.gather(*(run_errands(one, {KIND: put_down}) for one in colleagues))
            # Who came second has put off what the first took out of their hands; that counts as no try of anybody's.
            if not await jobs(worker):
                break
            assert isinstance(worker.clock, HeldClock)
            worker.clock.move(LONGEST_PAUSE)
    assert (await jobs(worker), await written(worker), len(await traces(worker))) == ([], MANY, MANY)


async def test_what_is_written_stands_in_the_trail_as_the_operators(worker: Installation) -> None:
    await ask(worker)
    await run_errands(worker, {KIND: put_down})
    (entry,) = await traces(worker)
    assert (entry.actor_id, entry.role, entry.permission, entry.purpose) == (OPERATOR, "operator", "job", "HOPERAT")
    assert (entry.organization_id, entry.outcome) == ((await worker.standing()).program_id, 200)


async def test_who_stumbles_keeps_nothing_and_tries_again_after_longer_and_longer_pauses(
    worker: Installation,
) -> None:
    await ask(worker)
    assert isinstance(worker.clock, HeldClock)
    pauses = []
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with capture_logs() as said:
        for _ in range(TRIES):
            assert await run_errands(worker, {KIND: stumbles}) == 0
            (job,) = await jobs(worker)
            pauses.append(job.due_at - worker.clock.now())
            worker.clock.set(job.due_at)
    structlog.configure(**before)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=2), LONGEST_PAUSE)
    assert (await written(worker), await traces(worker)) == (0, [])
    assert [line["event"] for line in said] == ["job_put_off"] * (TRIES - 1) + ["job_given_up"]
    assert "synthetic" not in str(said), "a log line has the kind of an error, never its words"
    assert {line["work"] for line in said} == {KIND}


async def test_what_was_given_up_waits_to_be_seen_and_can_be_taken_up_again(worker: Installation) -> None:
    await ask(worker)
    assert isinstance(worker.clock, HeldClock)
    for _ in range(TRIES):
        await run_errands(worker, {KIND: stumbles})
        worker.clock.move(LONGEST_PAUSE)
    (job,) = await jobs(worker)
    assert (job.tries, job.given_up_on is not None) == (TRIES, True)
    assert await run_errands(worker, {KIND: put_down}) == 0
    worker.clock.move(timedelta(days=80))
    await sweep(worker)
    assert len(await jobs(worker)) == 1
    assert await take_up(worker) == 1
    assert await run_errands(worker, {KIND: put_down}) == 1
    assert (await jobs(worker), await written(worker)) == ([], 1)


async def test_what_was_given_up_goes_after_a_quarter_and_what_waits_stays(worker: Installation) -> None:
    await ask(worker, due_in=timedelta(days=400))
    (lost,) = await ask(worker)
    assert isinstance(worker.clock, HeldClock)
    for _ in range(TRIES):
        await run_errands(worker, {KIND: stumbles})
        worker.clock.move(LONGEST_PAUSE)
    worker.clock.move(timedelta(days=91))
    await sweep(worker)
    assert [job.record_id == lost for job in await jobs(worker)] == [False]


async def test_a_database_that_is_away_counts_as_no_try(worker: Installation) -> None:
    async def away(_installation: Installation, _errand: Errand) -> None:
        raise Unavailable

    await ask(worker)
    with pytest.raises(Unavailable):
        await run_errands(worker, {KIND: away})
    assert [job.tries for job in await jobs(worker)] == [0]


@contextmanager
def another_process(here: Settings, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that holds the job, its work done and not committed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUE_")}
    environment |= {"TRUE_DATA_DIR": str(here.data_dir), "TRUE_DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.kernel.holding"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=ROOT) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == HELD
            yield other
        finally:
            other.kill()


async def test_kill_9_between_the_work_and_its_commit_loses_nothing_and_doubles_nothing(
    here: Settings, worker: Installation, database_url: str
) -> None:
    await ask(worker)
    with another_process(here, database_url) as other:
        other.kill()
        other.wait()
    assert (await written(worker), len(await jobs(worker))) == (0, 1)
    assert await run_errands(worker, {KIND: put_down}) == 1
    assert (await jobs(worker), await written(worker), len(await traces(worker))) == ([], 1, 1)
