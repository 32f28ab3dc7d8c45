"""What a partner agency is told of people in a scratch installation, and what the trail holds of all that was asked."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from true_api.cli.accounts import CLIENT_OF_MEMBERS, acting_admin
from true_api.cli.scratch import Scratch, prepared, scratch
from true_api.cli.story.inside import Caller
from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import advance_all
from true_api.kernel.settings import Settings
from true_api.outlets.measures.figures import Figure, Size, at_least, at_most
from true_api.security.roles import Role
from true_api.security.signing_in import grant_for
from true_api.security.trail import TrailEntry
from true_api.security.trail_statements import Held, held_after

PEOPLE = {Size.SMALL: 12, Size.FULL: 200}
CONSENT, TRAIL = "7", "8"
SALT, MOST_ENTRIES = bytes(16), 2_000


@dataclass
class Asking:
    """The agency, and a supervisor who can say what it was told; `asked` counts every request at a gate."""

    scratch: Scratch
    agency: Caller
    supervisor: Caller
    asked: int = 0

    async def ask(self, caller: Caller, method: str, path: str, draft: Any = None) -> Any:
        """One request."""
        self.asked += 1
        return (await caller.call(method, path, draft)).json()

    async def told(self) -> int:
        """Of how many referrals the agency is told now."""
        return len((await self.ask(self.agency, "GET", "/v1/referrals?limit=200"))["items"])


async def _settled(opened: Scratch) -> Asking:
    account = await acting_admin(opened.inside.installation, None)
    admin, agency = Caller(opened.inside, account.grant()), UUID(opened.agency_id)
    client = await admin.post("/v1/clients", {"organization_id": opened.agency_id, "role": "agency", "label": "system"})
    teams = await admin.get("/v1/teams")
    draft = {"organization_id": str(account.organization_id), "role": "supervisor", "label": "supervisor-01"}
    member = await admin.post("/v1/members", {**draft, "team_id": teams["items"][0]["id"]})
    supervisor = grant_for(UUID(member["id"]), CLIENT_OF_MEMBERS, Role.SUPERVISOR, account.organization_id)
    theirs = grant_for(UUID(client["id"]), client["id"], Role.AGENCY, agency)
    return Asking(opened, Caller(opened.inside, theirs), Caller(opened.inside, supervisor))


async def _measure(settings: Settings, size: Size) -> list[Figure]:
    async with scratch(settings) as opened:
        asking, count = await _settled(opened), PEOPLE[size]
        before = await _entries(opened.inside.installation.database)
        figures = await _consent(asking, count)
        return [*figures, *await _trail(asking, before)]


async def _consent(asking: Asking, count: int) -> list[Figure]:
    """Everybody is referred; the agency asks before they agreed, after, and once they took it back."""
    peer, agency = asking.scratch.peer, {"organization_id": asking.scratch.agency_id}
    places: list[str] = []
    consents: list[str] = []
    for _ in range(count):
        place = f"/v1/participants/{(await asking.ask(peer, 'POST', '/v1/participants', {}))['code']}"
        asking.asked += 1
        await peer.post(
            f"{place}/referrals", {**agency, "need": "legal-aid"}, idempotency_key=f"asked-for-{len(places):06}"
        )
        places.append(place)
    unasked = await asking.told()
    for place in places:
        agreed = await asking.ask(peer, "POST", f"{place}/consents", {**agency, "preset": "referral_loop"})
        consents.append(agreed["id"])
    agreed_to = await asking.told()
    accounts = [await asking.ask(asking.supervisor, "GET", f"{place}/accounting") for place in places]
    accounted = sum(len(one["items"]) for one in accounts)
    for place, consent in zip(places, consents, strict=True):
        await asking.ask(peer, "POST", f"{place}/consents/{consent}/revoke")
    after = await asking.told()
    return [
        at_most(CONSENT, f"referrals of {count} people that an agency was told of without a consent", unasked, 0),
        at_least(CONSENT, f"of {count} that it was told of once they had agreed", agreed_to, count),
        at_most(CONSENT, "of these, missing in the accounting or there twice", abs(accounted - agreed_to), 0),
        at_most(CONSENT, "that it was told of after they had taken it back", after, 0),
    ]


async def _entries(database: Database) -> int:
    return int((await database.read(select(func.count()).select_from(table_of(TrailEntry))))[0][0][0])


async def _trail(asking: Asking, before: int) -> list[Figure]:
    """Every request left its entry, and no entry says what it said once one of its columns is another."""
    database = asking.scratch.inside.installation.database
    left = await _entries(database) - before
    await advance_all(database)
    held = await held_after(database, 0, 1 << 62, MOST_ENTRIES)
    altered = [(one, other) for one in held for other in _altered(one)]
    unnoticed = sum(one.leaf(SALT) == other.leaf(SALT) for one, other in altered)
    return [
        at_most(TRAIL, f"of {asking.asked} requests, entries missing or twice", abs(asking.asked - left), 0),
        at_most(TRAIL, f"of {len(altered)} alterations of one column, leaves that stay the same", unnoticed, 0),
    ]


def _altered(held: Held) -> list[Held]:
    """The same entry in another place, with another subject, and with each column changed."""
    values = dict(held.values or {})
    changed = [replace(held, values={**values, name: f"{value}x"}) for name, value in values.items()]
    moved = replace(held, position=held.position + 1)
    return [*changed, moved, replace(held, subjects=(*held.subjects, "somebody else"))]


def figures(size: Size, _seed: int = 1) -> list[Figure]:
    """What an agency is told with a consent and without, and what the trail holds of it."""
    with prepared() as settings:
        return asyncio.run(_measure(settings, size))
