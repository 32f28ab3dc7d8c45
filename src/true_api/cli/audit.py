"""`true-api audit`: is the trail what it was? What its heads say, a proof of an entry, a new key for the heads."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from true_api.cli.grounds import opened, require_program, settings_here
from true_api.cli.words import Refused, show_json, show_table
from true_api.kernel.clock import SystemClock
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings
from true_api.security.trail import TrailHead
from true_api.security.trail_check import Check, Report
from true_api.security.trail_findings import Finding
from true_api.security.trail_heads import Head, head_of, read_keys
from true_api.security.trail_keys import PublicKeys, known_trail_keys, rotate_trail_key
from true_api.security.trail_outside import Outside
from true_api.security.trail_proofs import Proof, prove
from true_api.security.trail_publishing import HEADS_FILE

ALTERED, UNKNOWN = 1, 2

audit = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""The trail, held against what was signed."""

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for a script to read.")]
NOTHING_OUTSIDE = """No head from outside was compared. What somebody does who can change the database and holds the key
of the trail, or who cuts its end off, shows only beside a head that was kept elsewhere: name one with --head."""


@audit.callback()
def about_audit() -> None:
    """The trail of who did what: verify it, read its heads, prove an entry, change the key of the heads."""


@audit.command()
def verify(
    head: Annotated[
        list[Path] | None,
        typer.Option("--head", help="A file with heads that was kept elsewhere; again for another one."),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Public keys of heads, a JWK set that was kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole trail and hold it against its leaves, its signed heads and those outside.

    Ends with 0 when nothing was altered, with 1 when something was, and with 2 when that cannot be found out.
    """
    settings = settings_here()
    require_program(settings)
    files = _files(settings, head or [])
    report = asyncio.run(_verify(settings, Outside(files), keys))
    if as_json:
        show_json(_as_json(report))
    else:
        for line in _said(report):
            typer.echo(line)
    if not report.is_whole:
        raise typer.Exit(ALTERED)


@audit.command()
def heads(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many of the newest.")] = 10, as_json: AsJson = False
) -> None:
    """The newest signed heads, the newest first; with --json as they are written outside, a line each."""
    settings = settings_here()
    require_program(settings)
    found = asyncio.run(_heads(settings, last))
    if as_json:
        for one in found:
            typer.echo(json.dumps(one.told(), sort_keys=True))
        return
    rows = [(f"{one.size:,}", f"{one.at:%Y-%m-%d %H:%M:%S}", one.root.hex()[:16] + "…", one.kid) for one in found]
    show_table(("entries", "signed (UTC)", "root", "key"), rows)


@audit.command()
def proof(entry: Annotated[UUID, typer.Argument(help="The id of an entry.")]) -> None:
    """Prove that an entry is in the trail, as JSON, to whoever holds a head of it."""
    settings = settings_here()
    require_program(settings)
    found = asyncio.run(_prove(settings, entry))
    if found is None:
        raise Refused("There is no such entry, or it waits to be sealed, which a running server does every second.")
    show_json(
        {
            "entry_id": str(entry),
            "position": found.position,
            "number": found.number,
            "statement": found.statement,
            "salt": found.salt.hex(),
            "leaf": found.leaf.hex(),
            "path": [beside.hex() for beside in found.path],
            "head": found.head.told(),
        }
    )


@audit.command(name="rotate-key")
def rotate_key() -> None:
    """Make a new key for the heads; the old one is deleted, and its public half still verifies what it signed."""
    settings = settings_here()
    known_trail_keys(settings.keys_dir, settings.demo)
    kid = rotate_trail_key(settings.keys_dir, SystemClock().now())
    typer.echo(f"Key {kid} signs the heads from now on; a running server takes it up with the next one.")


def _files(settings: Settings, named: Sequence[Path]) -> list[Path]:
    if missing := [file for file in named if not file.is_file()]:
        raise Refused(f"--head names a file that is not there: {missing[0]}", UNKNOWN)
    usual = settings.heads_place / HEADS_FILE
    return list(named) or ([usual] if usual.is_file() else [])


async def _verify(settings: Settings, outside: Outside, keys: Path | None) -> Report:
    async with opened(settings) as installation:
        origin = (await installation.standing()).program_id
        return await Check(installation.database, origin, _keys(settings, keys), outside).run()


def _keys(settings: Settings, file: Path | None) -> PublicKeys:
    if file is None:
        return known_trail_keys(settings.keys_dir, settings.demo).public
    try:
        return read_keys(file.read_bytes())
    except (OSError, ValueError):
        raise Refused("--keys names no file with a JWK set of public keys.", UNKNOWN) from None


async def _heads(settings: Settings, last: int) -> list[Head]:
    table = table_of(TrailHead)
    async with opened(settings) as installation:
        origin = (await installation.standing()).program_id
        rows = (await installation.database.read(select(table).order_by(table.c.size.desc()).limit(last)))[0]
    return [head_of(origin, row) for row in rows]


async def _prove(settings: Settings, entry: UUID) -> Proof | None:
    async with opened(settings) as installation:
        origin = (await installation.standing()).program_id
        return await prove(installation.database, origin, entry)


def _as_json(report: Report) -> dict[str, object]:
    return {
        "whole": report.is_whole,
        "sealed": report.sealed,
        "waiting": report.waiting,
        "heads": report.heads,
        "heads_outside": report.heads_outside,
        "unreadable_lines": report.unreadable_lines,
        "sealed_since": report.first_head and report.first_head.isoformat(),
        "sealed_last": report.last_head and report.last_head.isoformat(),
        "findings": [asdict(finding) for finding in report.findings.kept],
        "more_findings": report.findings.more,
    }


def _said(report: Report) -> Iterator[str]:
    for finding in report.findings.kept:
        yield f"{finding.alteration.upper()}  {_place(finding)}: {finding.says}."
    if report.findings.more:
        yield f"And {report.findings.more:,} more."
    if report.first_head is not None and report.last_head is not None:
        since, last = f"{report.first_head:%Y-%m-%d %H:%M:%S}", f"{report.last_head:%Y-%m-%d %H:%M:%S}"
        yield f"{report.sealed:,} entries are sealed under {report.heads:,} heads, since {since} and until {last} UTC."
    yield f"{report.waiting:,} wait to be sealed. {report.heads_outside:,} heads from outside were compared."
    if report.unreadable_lines:
        yield f"Lines outside that are no heads, as a crash may leave one: {report.unreadable_lines:,}."
    if not report.heads_outside:
        yield NOTHING_OUTSIDE
    yield "The trail is whole." if report.is_whole else "THE TRAIL IS NOT WHAT IT WAS."


def _place(finding: Finding) -> str:
    names = []
    if finding.first is not None:
        several = finding.last is not None and finding.last != finding.first
        names.append(f"positions {finding.first} to {finding.last}" if several else f"position {finding.first}")
    if finding.entry_id is not None:
        names.append(f"entry {finding.entry_id}")
    return ", ".join(names) or "heads"
