"""Release keys: read-only secrets with which a dashboard reads what was sealed, again and again, and nothing else.

A key acts for an integrator's client, so it ends with the client; and it holds one permission, whatever the client has.
It is 256 random bits, so that a plain hash of it, quick to check at every request, tells nobody anything.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from true_api.kernel.clock import local_day
from true_api.kernel.errors import Unauthenticated
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.reach import Reach, every_row
from true_api.security.accounts import Client
from true_api.security.installation import Installation
from true_api.security.roles import USUAL_PURPOSE, Permission, Role
from true_api.security.tokens import Claims

PREFIX = "true_rk_"
FORM = re.compile(r"true_rk_[A-Za-z0-9_-]{43}", re.ASCII)
OPENS = frozenset({Permission.RELEASE_READ, Permission.INDICATOR_READ})
"""All that a key has: of the gates with these permissions it opens those that say so (`by_key`)."""
LONGEST_LIFE = timedelta(days=366)


class ReleaseKey(Row, table=True):
    """A key of an integrator's client (kept as a SHA-256 hash), good until the end of its last day."""

    __tablename__ = "release_keys"
    __reach__: ClassVar[Reach] = Reach(keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    client_id: UUID = Field(foreign_key="clients.id", index=True)
    label: str = Field(max_length=80)
    secret_hash: str = Field(max_length=64, unique=True)
    created_on: date
    expires_on: date
    revoked_on: date | None = None


def new_release_key() -> str:
    """A key as it is shown once."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of_key(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def credential(headers: Sequence[str]) -> str:
    """The token or key of a request; a key may also come as the password of HTTP Basic. Raises `Unauthenticated`."""
    scheme, _, presented = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    if scheme.lower() == "bearer":
        return presented
    if scheme.lower() != "basic":
        raise Unauthenticated
    try:
        _, _, password = base64.b64decode(presented.strip(), validate=True).decode().partition(":")
    except ValueError:
        raise Unauthenticated from None
    # An access token is no password: tools keep passwords for good.
    if not is_release_key(password):
        raise Unauthenticated
    return password


def is_release_key(presented: str) -> bool:
    """Whether this is a release key rather than an access token, good or not."""
    return presented.startswith(PREFIX)


async def claims_of(installation: Installation, presented: str, now: datetime) -> Claims:
    """Whom a release key stands for. Raises `Unauthenticated` for unknown, revoked and expired alike."""
    if not FORM.fullmatch(presented):
        raise Unauthenticated
    mark, keys, clients = hash_of_key(presented), table_of(ReleaseKey), table_of(Client)
    asked = (
        select(keys, clients.c.organization_id)
        .join(clients, clients.c.id == keys.c.client_id)
        .where(keys.c.secret_hash == mark)
    )
    found = (await installation.database.read(asked))[0]
    today = local_day(now, (await installation.standing()).time_zone)
    if not found or not hmac.compare_digest(found[0].secret_hash, mark):
        raise Unauthenticated
    key = found[0]
    if key.revoked_on is not None or key.expires_on < today:
        raise Unauthenticated
    role = Role.INTEGRATOR
    return Claims(
        iss=installation.settings.issuer,
        aud=installation.settings.issuer,
        sub=str(key.client_id),
        client_id=str(key.client_id),
        jti=str(key.id),
        iat=int(now.timestamp()),
        exp=int(now.timestamp()) + 1,
        role=role.value,
        organization=str(key.organization_id),
        scope=" ".join(sorted(permission.value for permission in OPENS)),
        purpose_of_use=USUAL_PURPOSE[role].value,
    )
