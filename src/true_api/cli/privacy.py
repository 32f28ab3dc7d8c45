"""`true-api privacy report`: what is promised to participants, measured on this version and this installation."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import structlog
import typer

from true_api import __version__
from true_api.cli import scratch_forgetting, scratch_people, scratch_telling, start_up
from true_api.cli.grounds import revision_of, settings_here
from true_api.cli.privacy_facts import facts
from true_api.cli.scratch import prepared
from true_api.cli.words import Refused, show_json
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_schema import newest_revision
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.outlets.measures.figures import Figure, Size
from true_api.outlets.measures.report import OF_MECHANISMS, SECTIONS, Report, Source

DOCS = Path(__file__).parents[3] / "docs"
PAGE = "privacy-report.md"
NOT_MET = 1

privacy = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""What is promised, and what was measured of it."""

OF_HOUSES: tuple[Source, ...] = (
    Source(frozenset("34"), scratch_people.figures),
    Source(frozenset("6"), scratch_forgetting.figures),
    Source(frozenset("78"), scratch_telling.figures),
    Source(frozenset({"10"}), lambda _size, _seed: start_up.figures()),
)
"""What takes a whole installation: one is made in a folder of its own, and goes away."""

SECTIONS_OF_FACTS = frozenset("16")


@privacy.callback()
def about_privacy() -> None:
    """What is promised to participants, measured."""


@privacy.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a script to read.")] = False,
    full: Annotated[bool, typer.Option("--full", help="The full sizes, which take about an hour.")] = False,
    section: Annotated[
        list[str] | None, typer.Option(help="Only this section of privacy.md; may be given several times.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed that everything synthetic is drawn from.")] = 1,
    write_docs: Annotated[
        bool, typer.Option("--write-docs", help="Write docs/privacy-report.md, in a checkout.")
    ] = False,
) -> None:
    """Measure every privacy figure, and look at this installation where there is one. 1 if a goal is not met."""
    chosen = _chosen(section)
    if write_docs and (chosen != set(SECTIONS) or not DOCS.is_dir()):
        raise Refused("--write-docs writes a whole report, and needs the folder docs/ of a checkout.")
    # Installations are made and called in this process; their access lines are for operators of real ones.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    size = Size.FULL if full else Size.SMALL
    found = Report.of(size, [figure for figure in _figures(size, seed, chosen) if figure.section in chosen])
    if as_json:
        show_json(found.as_json())
    else:
        typer.echo("\n".join(found.lines()))
    if write_docs:
        (DOCS / PAGE).write_text(found.page(__version__, _today()), encoding="utf-8")
    if found.missed:
        raise typer.Exit(NOT_MET)


def _today() -> date:
    return SystemClock().now().date()


def _chosen(sections: list[str] | None) -> set[str]:
    unknown = set(sections or ()) - set(SECTIONS)
    if unknown:
        raise Refused(f"There are figures for sections {', '.join(SECTIONS)}.")
    return set(sections or SECTIONS)


def _figures(size: Size, seed: int, chosen: set[str]) -> Iterator[Figure]:
    if chosen & SECTIONS_OF_FACTS:
        settings = settings_here()
        if _stands(settings):
            yield from facts(settings, "of this installation")
        else:
            with prepared() as made:
                yield from facts(made, "of one made for this, as there is none here")
    for source in (*OF_MECHANISMS, *OF_HOUSES):
        if chosen & source.sections:
            yield from source.take(size, seed)


def _stands(settings: Settings) -> bool:
    """Whether there is an installation here to look at, at the newest revision of both stores."""
    return all(revision_of(settings, store) == newest_revision(store) for store in Store)
