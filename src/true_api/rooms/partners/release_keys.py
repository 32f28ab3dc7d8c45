"""Release keys as an admin keeps them: made for an integrator's client, and taken away for good."""

from typing import Any

from sqlalchemy import select

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.rooms.partners.release_key_schemas import ReleaseKeyDraft
from true_api.security.accounts import Client, Organization
from true_api.security.permits import RecordPermit, StaffPermit
from true_api.security.release_keys import LONGEST_LIFE, ReleaseKey, hash_of_key, new_release_key
from true_api.security.roles import Role


class NotAnIntegrator(Conflict):
    """A release key is for the active client of an integrator."""

    code = "not_an_integrator"


class KeyLifeOutOfRange(Conflict):
    """The last day of a release key is today at the earliest, and at most 366 days away."""

    code = "key_life_out_of_range"


async def add(permit: StaffPermit, draft: ReleaseKeyDraft) -> tuple[ReleaseKey, str]:
    """Make a key; its secret comes along this once."""
    if not permit.today <= draft.expires_on <= permit.today + LONGEST_LIFE:
        raise KeyLifeOutOfRange
    clients, organizations = table_of(Client), table_of(Organization)
    fitting = (
        select(clients.c.id)
        .join(organizations, organizations.c.id == clients.c.organization_id)
        .where(clients.c.id == draft.client_id, clients.c.role == Role.INTEGRATOR)
        .where(clients.c.active, organizations.c.active)
    )
    if not (await permit.database.read(fitting))[0]:
        raise NotAnIntegrator
    secret = new_release_key()
    kept = ReleaseKey(**draft.model_dump(), secret_hash=hash_of_key(secret), created_on=permit.today)
    return permit.keep(kept), secret


def revoke(permit: RecordPermit) -> dict[str, Any]:
    """Take a key away, at once and for good; one that was revoked before stays as it is."""
    key = permit.record
    if key.revoked_on is None:
        permit.change(ReleaseKey, key, revoked_on=permit.today)
    return {**key._mapping, "revoked_on": key.revoked_on or permit.today}
