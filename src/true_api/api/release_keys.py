"""Doors to release keys: made and taken away by an admin, for tools that refresh their numbers by themselves."""

from typing import Annotated

from fastapi import Query

from true_api.api.door import ONCE_ONLY
from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.errors import WriteCollided
from true_api.kernel.schemas import Page
from true_api.rooms.partners import release_keys, service
from true_api.rooms.partners.release_key_schemas import NewReleaseKeyView, ReleaseKeyDraft, ReleaseKeyView
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, RecordPermit, StaffPermit
from true_api.security.release_keys import ReleaseKey
from true_api.security.roles import Permission

doors = Doors("/release-keys", tag="Organizations and staff")

MAKE = StaffGate(Permission.CLIENT_WRITE)
LIST = ListGate(Permission.CLIENT_WRITE)
REVOKE = RecordGate(Permission.CLIENT_WRITE, ReleaseKey)


@doors.open(
    "POST",
    "",
    MAKE,
    status=201,
    again=ONCE_ONLY,
    refuses=(release_keys.NotAnIntegrator, release_keys.KeyLifeOutOfRange),
)
async def add_release_key(draft: ReleaseKeyDraft, permit: Permitted[StaffPermit]) -> NewReleaseKeyView:
    """Make a key that reads sealed releases and nothing else; the secret in the answer is shown this once.

    For tools that refresh by themselves: as a bearer token, or as the password of HTTP Basic with any name.
    """
    key, secret = await release_keys.add(permit, draft)
    return NewReleaseKeyView.of(key, secret=secret)


@doors.open("GET", "", LIST)
async def list_release_keys(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[ReleaseKeyView]:
    """List release keys without their secrets, newest first, the revoked and the expired too."""
    found, following = await service.listed(permit, ReleaseKey, page.request())
    return Page(items=[ReleaseKeyView.of(key) for key in found], next_cursor=following)


@doors.open("DELETE", "/{id}", REVOKE, refuses=(WriteCollided,))
async def revoke_release_key(id: str, permit: Permitted[RecordPermit]) -> ReleaseKeyView:
    """Take a release key away; from now on it opens nothing."""
    return ReleaseKeyView(**release_keys.revoke(permit))
