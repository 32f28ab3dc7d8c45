"""A scratch installation: the whole application over a folder that goes away, to measure what this version does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from true_api.api.app import create_app
from true_api.cli.accounts import CLIENT_OF_MEMBERS, acting_admin
from true_api.cli.grounds import opened
from true_api.cli.keyring_ground import move_keyring
from true_api.cli.story.inside import Caller, Inside
from true_api.cli.story.selves import OWN_TERMS
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_schema import migrate
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, Settings, read_settings
from true_api.outlets.measures.recall_tokens import REDUCED
from true_api.rooms.partners.founding import found
from true_api.security.roles import Role
from true_api.security.signing_in import grant_for
from true_api.security.signing_keys import make_first_keys

ROOMY = "1000000/minute"
TIME_ZONE = "America/New_York"


@dataclass(frozen=True)
class Scratch:
    """The application with a peer who calls, and a partner agency to refer to; Argon2id costs next to nothing."""

    inside: Inside
    peer: Caller
    agency_id: str


@contextmanager
def prepared() -> Iterator[Settings]:
    """Keys, stores and a program of their own on SQLite, as `true-api setup` makes them; gone afterwards."""
    with TemporaryDirectory(prefix="true-api-scratch-") as folder:
        settings = read_settings(
            {},
            demo=True,
            data_dir=Path(folder),
            token_lifetime=LONGEST_DEMO_LIFETIME,
            rate_per_address=ROOMY,
            rate_per_caller=ROOMY,
        )
        make_first_keys(settings.keys_dir, SystemClock().now(), demo=True)
        migrate(settings.effective_database_url)
        move_keyring(settings)
        asyncio.run(_found(settings))
        yield settings


async def _found(settings: Settings) -> None:
    async with opened(settings) as installation:
        await found(installation, "Scratch", TIME_ZONE, "operator")


@asynccontextmanager
async def scratch(settings: Settings) -> AsyncIterator[Scratch]:
    """The application on a prepared ground."""
    app = create_app(settings)
    inside = Inside(app)
    inside.installation.slow_hash = REDUCED
    try:
        yield await _settled(inside)
    finally:
        await inside.installation.stop()


async def _settled(inside: Inside) -> Scratch:
    account = await acting_admin(inside.installation, None)
    admin = Caller(inside, account.grant())
    agency = await admin.post("/v1/organizations", {"kind": "partner_agency", "name": "Harbor"})
    team = await admin.post("/v1/teams", {"name": "Night van"})
    for term in OWN_TERMS:
        await admin.post("/v1/vocabularies/terms", term)
    draft = {"organization_id": str(account.organization_id), "role": "peer", "label": "peer-01", "team_id": team["id"]}
    peer = await admin.post("/v1/members", draft)
    grant = grant_for(UUID(peer["id"]), CLIENT_OF_MEMBERS, Role.PEER, account.organization_id)
    return Scratch(inside, Caller(inside, grant), agency["id"])
