"""Forgetting on a scratch installation: people leave, and then last week's backups of both stores come back."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from true_api.cli.accounts import CLIENT_OF_MEMBERS, acting_admin
from true_api.cli.forgets import forget_again
from true_api.cli.grounds import opened
from true_api.cli.scratch import Scratch, prepared, scratch
from true_api.cli.scratch_people import settle_people
from true_api.cli.story.inside import Caller
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_backup import make_backup, restore_backup
from true_api.kernel.rows import metadata
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.outlets.measures.figures import Figure, Size
from true_api.outlets.measures.forgetting import Dump, figures_of
from true_api.outlets.measures.recall_people import Crowd
from true_api.privacy.keyring_tables import keyring_metadata
from true_api.security.installation import Installation
from true_api.security.roles import Role
from true_api.security.signing_in import grant_for

PEOPLE = {Size.SMALL: 6, Size.FULL: 60}


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """What leads to people who left: while they were here, afterwards, and after both stores came back."""
    with prepared() as settings:
        codes = asyncio.run(_come(settings, PEOPLE[size], seed))
        before = asyncio.run(_dump(settings))
        files = [make_backup(settings, SystemClock().now(), store=store).file for store in Store]
        leaving = codes[::2]
        asyncio.run(_leave(settings, leaving))
        after = asyncio.run(_dump(settings))
        for file in files:
            restore_backup(settings, SystemClock().now(), file, replace=True)
        forget_again(settings, say=lambda _words: None)
        restored = asyncio.run(_dump(settings))
    return figures_of(before, after, restored, leaving)


async def _come(settings: Settings, count: int, seed: int) -> list[str]:
    async with scratch(settings) as opened:
        known = await settle_people(opened, Crowd(seed).people(count), seed)
    return [person.code for person in known]


async def _leave(settings: Settings, codes: Sequence[str]) -> None:
    async with scratch(settings) as opened:
        supervisor = await _supervisor(opened)
        for code in codes:
            await supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"})


async def _dump(settings: Settings) -> Dump:
    """Every row of every table of both stores."""
    async with opened(settings) as installation:
        return await _dump_of(installation)


async def _dump_of(installation: Installation) -> Dump:
    found: dict[str, list[dict[str, object]]] = {}
    stores = ((metadata, installation.database), (keyring_metadata, installation.keyring.database))
    for declared, database in stores:
        for table in declared.sorted_tables:
            rows = (await database.read(select(table)))[0]
            found[str(table.name)] = [dict(row._mapping) for row in rows]
    return found
