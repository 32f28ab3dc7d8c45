"""Forgets after a restore: nobody who was forgotten comes back, whichever store came back from a backup."""

import asyncio

import typer

from true_api.cli.grounds import has_program, opened, revision_of
from true_api.journeys.replaying import Replayed, replay
from true_api.kernel.database_schema import newest_revision
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store

LATER = "Whoever was forgotten since this backup is forgotten again when the other store is here, or the server starts."


def forget_again(settings: Settings) -> None:
    """Replay the forgets, as the server does when it starts; say so where the other store is not here yet.

    Raises `OtherTombstoneKey` or `SealedUnavailable` when somebody may have come back, and who cannot be told.
    """
    if any(revision_of(settings, store) != newest_revision(store) for store in Store) or not has_program(settings):
        typer.echo(LATER)
        return
    done = asyncio.run(replayed(settings))
    if done.people or done.keys:
        typer.echo(f"Forgotten again, as these people had asked: {done.people:,} records, {done.keys:,} keys.")


async def replayed(settings: Settings) -> Replayed:
    """Forget again whoever came back, and say nothing."""
    async with opened(settings) as installation:
        return await replay(installation)
