"""`true-api retention`: how long each table is kept, and letting go of what has been kept long enough."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from true_api.api.all_doors import every_door
from true_api.cli.grounds import opened, require_program, settings_here
from true_api.cli.words import show_json, show_table
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings
from true_api.privacy.retention import Kept, every_kind, retention_of
from true_api.security.housekeeping import Due, sweep

retention = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""How long what is kept."""

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for a script to read.")]


@retention.callback()
def about_retention() -> None:
    """What each table declares of how long its rows are kept. A legal hold is exempt from all of it."""


@retention.command()
def show(as_json: AsJson = False) -> None:
    """Every rule, with its reason."""
    rules = list(_rules())
    if as_json:
        show_json(rules)
        return
    show_table(
        ("table", "goes", "after", "why"),
        [tuple(str(rule[name]) for name in ("table", "goes", "after", "because")) for rule in rules],
    )


@retention.command(name="sweep")
def sweep_now(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and let nothing go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let go of what has been kept long enough; a running server does the same once a day."""
    settings = settings_here()
    require_program(settings)
    found = asyncio.run(_sweep(settings, dry_run))
    if as_json:
        show_json({"dry_run": dry_run, "rules": [asdict(due) for due in found]})
        return
    _say(found, dry_run)


def _rules() -> Iterator[dict[str, Any]]:
    assert every_door(), "the doors declare every table"
    for kind in every_kind():
        for rule in retention_of(kind):
            named = {"table": str(table_of(kind).name), "because": rule.because}
            if isinstance(rule, Kept):
                yield {
                    **named,
                    "goes": rule.goes.value,
                    "after": f"{rule.after} + {_days(rule.days)}",
                    "days": rule.days,
                }
            else:
                yield {**named, "goes": "stays", "after": "", "days": None}


async def _sweep(settings: Settings, dry_run: bool) -> list[Due]:
    async with opened(settings) as installation:
        return await sweep(installation, dry_run=dry_run)


def _say(found: list[Due], dry_run: bool) -> None:
    went = "would go" if dry_run else "gone"
    rows = [
        (
            due.table,
            due.goes,
            f"{due.after} + {_days(due.days)}",
            str(due.due if dry_run else due.gone),
            due.oldest or "",
        )
        for due in found
    ]
    show_table(("table", "what", "after", went, "since"), rows)
    total = sum(due.due if dry_run else due.gone for due in found)
    typer.echo(f"{total:,} {went}." + (" Nothing was touched." if dry_run else ""))


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"
