"""`true-api worker`: what is due is done in a process of its own, once whoever runs, and it leaves when it is told."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.cli.conftest import ON_SQLITE, Operator
from true_api.cli.grounds import opened
from true_api.kernel.effects import Keep, Unit
from true_api.kernel.ids import new_id
from true_api.kernel.outbox import TRIES, Job, later
from true_api.kernel.rows import table_of
from true_api.privacy.profile import Language
from true_api.rooms.intake.service import FIRST_CONTACT
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeSource, IntakeUrgency, MeetsAt, PersonKnows
from true_api.security.trail import TrailEntry

MANY, SECONDS_TO_DO_IT = 60, 60
LONG_AGO = datetime.now(UTC) - timedelta(days=2)


async def _wait(operator: Operator, count: int) -> None:
    """Requests whose clock ran out long ago."""
    async with opened(operator.settings) as installation:
        standing, unit = await installation.standing(), Unit()
        for _ in range(count):
            request = IntakeRequest(
                organization_id=standing.program_id,
                source=IntakeSource.WALK_IN,
                needs=["naloxone"],
                urgency=IntakeUrgency.ROUTINE,
                person_knows=PersonKnows.AGREED,
                meets_at=MeetsAt.AT_THE_DROP_IN,
                language=Language.NOT_ASKED,
                wishes=[],
                posted_on=LONG_AGO.date(),
            )
            unit.keep(request)
            unit.effects.append(later(FIRST_CONTACT, request.id, LONG_AGO))
        await installation.database.commit(unit)


async def _found(operator: Operator) -> tuple[list[int], int, int]:
    """How often each request was escalated, how many jobs are left, and how many of them were trailed."""
    async with opened(operator.settings) as installation:
        entries = select(table_of(TrailEntry).c.id).where(table_of(TrailEntry).c.door == f"job {FIRST_CONTACT}")
        requests, left, trailed = await installation.database.read(
            select(table_of(IntakeRequest).c.escalation), select(table_of(Job).c.id), entries
        )
        return [row.escalation for row in requests], len(left), len(trailed)


@contextmanager
def working(operator: Operator) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as it runs in production."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUE_")}
    command = [sys.executable, "-m", "true_api", "worker"]
    with subprocess.Popen(command, env=environment | operator.environment, stderr=subprocess.PIPE) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def test_two_workers_do_each_job_once_and_leave_in_order_when_they_are_told(operator: Operator) -> None:
    asyncio.run(_wait(operator, MANY))
    with working(operator) as first, working(operator) as second:
        until = time.monotonic() + SECONDS_TO_DO_IT
        while (found := asyncio.run(_found(operator)))[1]:
            assert time.monotonic() < until, found
            time.sleep(0.2)
        for worker, told in ((first, signal.SIGTERM), (second, signal.SIGINT)):
            assert worker.stderr is not None
            heard = b""
            while b"working" not in heard:
                heard += worker.stderr.readline()
            worker.send_signal(told)
            assert worker.wait(SECONDS_TO_DO_IT) == 0
            heard += worker.stderr.read()
            assert b"stopped" in heard
            assert b"rror" not in heard
    assert asyncio.run(_found(operator)) == ([1] * MANY, 0, MANY)


@ON_SQLITE
def test_once_does_what_is_due_and_says_how_much_it_was(operator: Operator) -> None:
    asyncio.run(_wait(operator, 3))
    assert operator.does("worker", "--once").strip() == "3 done."
    assert operator.does("worker", "--once").strip() == "0 done."
    assert asyncio.run(_found(operator)) == ([1, 1, 1], 0, 3)


async def _give_up(operator: Operator, kind: str) -> None:
    lost: dict[str, Any] = {"tries": TRIES, "given_up_on": LONG_AGO.date()}
    async with opened(operator.settings) as installation:
        job = Job(kind=kind, record_id=new_id(), due_at=LONG_AGO, **lost)
        await installation.database.commit([Keep.row(job)])


@ON_SQLITE
def test_the_doctor_tells_what_was_given_up_and_what_nobody_does(operator: Operator) -> None:
    assert "ok    jobs" in operator.run("doctor").stdout
    asyncio.run(_wait(operator, 1))
    late = operator.run("doctor")
    assert f"Due for longer than ten minutes: {FIRST_CONTACT} (1)." in late.stdout
    asyncio.run(_give_up(operator, FIRST_CONTACT))
    lost = operator.run("doctor")
    assert lost.exit_code == 1
    assert f"Given up after many tries: {FIRST_CONTACT} (1)." in lost.stdout
    assert operator.does("worker", "--once", "--again").strip() == "2 done."
    assert "ok    jobs" in operator.run("doctor").stdout


def test_a_worker_is_refused_where_there_is_no_program(newcomer: Operator) -> None:
    assert "true-api setup" in newcomer.is_refused("worker", "--once")
