"""Forgetting on a scratch installation: people leave, and then last week's backups of both stores come back."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from true_api.api.app import create_app
from true_api.cli.accounts import CLIENT_OF_MEMBERS, acting_admin
from true_api.cli.forgets import replayed
from true_api.cli.grounds import opened
from true_api.cli.scratch import Scratch, prepared, scratch
from true_api.cli.story.inside import Caller, Inside
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
from true_api.security.tokens import Grant

PEOPLE = {Size.SMALL: 6, Size.FULL: 60}


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """What leads to people who left: while they were here, afterwards, and after both stores came back."""
    with prepared() as settings:
        codes, supervisor = asyncio.run(_come(settings, PEOPLE[size], seed))
        before = asyncio.run(_dump(settings))
        files = [make_backup(settings, SystemClock().now(), store=store).file for store in Store]
        leaving = codes[::2]
        asyncio.run(_leave(settings, supervisor, leaving))
        after = asyncio.run(_dump(settings))
        for file in files:
            restore_backup(settings, SystemClock().now(), file, replace=True)
        asyncio.run(replayed(settings))
        restored = asyncio.run(_dump(settings))
    return figures_of(before, after, restored, leaving)


async def _come(settings: Settings, count: int, seed: int) -> tuple[list[str], Grant]:
    """Made-up people, and a supervisor of their peer's team."""
    async with scratch(settings) as opened:
        crowd = Crowd(seed)
        codes = [await _lives(opened, crowd.told(person)) for person in crowd.people(count)]
        return codes, await _supervisor(opened.inside)


async def _lives(scratch: Scratch, told: Sequence[str]) -> str:
    """A person's records of every kind, through the doors; their code as it is kept."""
    peer, agency = scratch.peer, {"organization_id": scratch.agency_id}
    code = str((await peer.post("/v1/participants", {"languages": ["en"]}))["code"])
    place, day = f"/v1/participants/{code}", SystemClock().now().date() - timedelta(days=2)
    met = {"setting": "street", "occurred_on": day.isoformat(), "part_of_day": "night", "note": "Slept by the river."}
    await peer.post(f"{place}/encounters", met)
    said = {"occurred_on": day.isoformat(), "importance": 5, "what_helps": "Mornings by the water."}
    await peer.post(f"{place}/readiness-notes", said)
    await peer.call("PUT", f"{place}/recall", {"answers": list(told), "word": "lantern"})
    await peer.call("PUT", f"{place}/safe-contact", {"okay_to_check_in": "yes"})
    await peer.post(f"{place}/consents", {**agency, "preset": "referral_loop"})
    asked = {**agency, "need": "recovery-housing"}
    await peer.post(f"{place}/referrals", asked, idempotency_key=f"referral-{code}")
    return code.replace("-", "")


async def _supervisor(inside: Inside) -> Grant:
    account = await acting_admin(inside.installation, None)
    admin = Caller(inside, account.grant())
    (team,) = (await admin.get("/v1/teams"))["items"]
    draft = {"organization_id": str(account.organization_id), "role": "supervisor", "label": "lead-01"}
    added = await admin.post("/v1/members", {**draft, "team_id": team["id"]})
    return grant_for(UUID(added["id"]), CLIENT_OF_MEMBERS, Role.SUPERVISOR, account.organization_id)


async def _leave(settings: Settings, supervisor: Grant, codes: Sequence[str]) -> None:
    inside = Inside(create_app(settings))
    try:
        for code in codes:
            await Caller(inside, supervisor).post(f"/v1/participants/{code}/forget", {"asked_by": "participant"})
    finally:
        await inside.installation.stop()


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
