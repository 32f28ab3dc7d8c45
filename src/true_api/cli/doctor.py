"""`true-api doctor`: what is wrong with this installation, in plain words, and what to do about it."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from pydantic import SecretStr
from sqlalchemy import func, select

from true_api.cli.audit_findings import of_seals
from true_api.cli.findings import (
    Finding,
    of_clock,
    of_data_dir,
    of_keys,
    of_restore,
    of_settings,
    of_space,
)
from true_api.cli.grounds import NO_TABLES, NOT_SET_UP, revision_of, settings_here, stale, unreachable
from true_api.cli.keyring_findings import of_keyring
from true_api.cli.words import Refused
from true_api.kernel.clock import SystemClock
from true_api.kernel.database import ONE_WALL, Database, open_database, open_second_wall
from true_api.kernel.database_schema import newest_revision
from true_api.kernel.outbox import counted
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Pending
from true_api.kernel.settings import PREFIX, Settings, UnsafeSettings
from true_api.kernel.stores import Store
from true_api.security.accounts import Member, Organization, Program
from true_api.security.roles import Role
from true_api.security.trail import TrailEntry

LARGEST_BACKLOG = 1_000
LATEST_JOB = timedelta(minutes=10)


def doctor() -> None:
    """Look the installation over: settings, stores, clock, keys, disk, backups. Fails when something is wrong."""
    try:
        settings = settings_here()
    except UnsafeSettings as unsafe:
        _report([Finding("fail", "settings", str(unsafe))], None)
        raise typer.Exit(1) from None
    findings = examine(settings, SystemClock().now())
    _report(findings, settings)
    if any(finding.level == "fail" for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Everything there is to find, in the order in which to put it right."""
    return [
        *of_settings(settings),
        of_data_dir(settings),
        of_space(settings),
        *of_keys(settings, now),
        *_of_database(settings, now),
        *of_keyring(settings),
        of_restore(settings, now),
        of_restore(settings, now, Store.KEYRING),
    ]


def _of_database(settings: Settings, now: datetime) -> list[Finding]:
    without_trail, newest = of_clock(now, None), newest_revision()
    try:
        present = revision_of(settings)
    except Refused as refused:
        return [Finding("fail", "database", str(refused)), without_trail]
    if present is None:
        return [Finding("fail", "schema", NO_TABLES), without_trail]
    if present != newest:
        return [Finding("fail", "schema", stale(present, newest)), without_trail]
    schema = Finding("ok", "schema", f"The tables stand at revision {present}, the newest.")
    try:
        return [schema, *asyncio.run(_of_content(settings, now))]
    except Exception as error:
        return [schema, Finding("fail", "database", unreachable(error)), without_trail]


async def _of_content(settings: Settings, now: datetime) -> list[Finding]:
    database = open_database(settings)
    try:
        entries, pending = table_of(TrailEntry), table_of(Pending)
        newest, backlog, jobs = await database.read(
            select(entries.c.at).order_by(entries.c.id.desc()).limit(1),
            select(func.count()).select_from(pending),
            counted(now - LATEST_JOB),
        )
        return [
            *await _of_engine(database),
            await _of_second_wall(settings),
            of_clock(now, newest[0].at if newest else None),
            *await _of_program(database),
            of_backlog(backlog[0][0]),
            *await of_seals(database, settings),
            of_jobs(jobs),
        ]
    finally:
        await database.stop()


async def _of_engine(database: Database) -> list[Finding]:
    name, version, journal, warnings = await database.about()
    answers = Finding("ok", "database", f"{name} {version} answers ({journal}).")
    return [answers, *(Finding("warn", "database", warning) for warning in warnings)]


async def _of_second_wall(settings: Settings) -> Finding:
    wall = open_second_wall(settings)
    if wall is None:
        return Finding("ok", "wall", ONE_WALL)
    try:
        stands, words = await wall.standing()
        return Finding("ok" if stands else "fail", "wall", words)
    finally:
        await wall.stop()


async def _of_program(database: Database) -> list[Finding]:
    members, organizations, programs = table_of(Member), table_of(Organization), table_of(Program)
    admins = (
        select(func.count())
        .select_from(members.join(organizations, organizations.c.id == members.c.organization_id))
        .where(members.c.role == Role.ADMIN, members.c.active, organizations.c.active)
    )
    program, live = await database.read(select(programs), admins)
    if not program:
        return [Finding("fail", "program", NOT_SET_UP)]
    if not live[0][0]:
        return [Finding("fail", "program", "There is no active admin, so nobody can let anybody in. Restore a backup.")]
    try:
        ZoneInfo(program[0].time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return [Finding("fail", "program", "The program's time zone is not known to this Python. Install tzdata.")]
    return [Finding("ok", "program", f"The program is set up; active admins: {live[0][0]}.")]


def of_backlog(waiting: int) -> Finding:
    """Whether the sequencer keeps up; a running server gives every entry its place within seconds."""
    words = f"Entries of the trail that wait for their place: {waiting:,}."
    if waiting > LARGEST_BACKLOG:
        return Finding("warn", "sequencer", f"{words} Start the server; if it runs, read its log.")
    return Finding("ok", "sequencer", words)


def of_jobs(found: Sequence[Any]) -> Finding:
    """Whether somebody does what is due; by kind alone, for a job says nothing else."""
    lost = [f"{job.kind} ({job.given_up:,})" for job in found if job.given_up]
    late = [f"{job.kind} ({job.late:,})" for job in found if job.late]
    if lost:
        again = "Read the log, then run `true-api worker --once --again`."
        return Finding("fail", "jobs", f"Given up after many tries: {', '.join(lost)}. {again}")
    if late:
        running = "Start the server; with TRUE_WORKER=apart, also `true-api worker`."
        return Finding("warn", "jobs", f"Due for longer than ten minutes: {', '.join(late)}. {running}")
    return Finding("ok", "jobs", "Nothing that is due waits for long, and nothing was given up.")


def _report(findings: list[Finding], settings: Settings | None) -> None:
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        typer.echo(f"{finding.level:4}  {finding.what.ljust(width)}  {finding.words}")
    typer.echo("\nSettings, each an environment variable:")
    for line in settings_lines(settings):
        typer.echo(f"  {line}")


def settings_lines(settings: Settings | None) -> Iterable[str]:
    """Every setting with its value and what it means; of a secret one, only whether it is set."""
    for name, field in Settings.model_fields.items():
        variable = f"{PREFIX}{name.upper()}"
        is_set = variable in os.environ
        if settings is None or isinstance(getattr(settings, name), SecretStr):
            shown = " (set)" if is_set else " (not set)"
        else:
            value = getattr(settings, name)
            shown = f"={value}" + ("" if is_set else " (default)") if str(value) else " (not set)"
        yield f"{variable}{shown}: {field.description}"
