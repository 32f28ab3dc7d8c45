"""Signing in: a client proves its secret and gets a short-lived token."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Malformed, Unauthenticated
from true_api.kernel.rows import table_of
from true_api.security.accounts import Client, Organization
from true_api.security.installation import Installation
from true_api.security.roles import POLICY, PURPOSES, USUAL_PURPOSE, Permission, Purpose, Role
from true_api.security.secrets import secret_fits
from true_api.security.tokens import Grant


class InvalidClient(Unauthenticated):
    """The client is unknown, or its secret does not fit."""

    code = "invalid_client"


class InvalidScope(Malformed):
    """A scope or purpose was asked for that this client's role does not include."""

    code = "invalid_scope"


class UnsupportedGrantType(Malformed):
    """The grant types served here are: client_credentials."""

    code = "unsupported_grant_type"


@dataclass(frozen=True)
class Issued:
    """An access token, how many seconds it lives, and what it allows."""

    token: str
    lifetime: int
    scope: str


def basic_credentials(header: str) -> tuple[str, str]:
    """Client id and secret from an Authorization header (RFC 6749 2.3.1). Raises `InvalidClient`."""
    scheme, _, encoded = header.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise _refused() from None
    if scheme.lower() != "basic" or not colon:
        raise _refused()
    return client_id, secret


async def sign_in_client(
    installation: Installation, client_id: str, secret: str, scope: str | None, purpose: str | None
) -> Issued:
    """A token for a client whose secret fits. Unknown, wrong, empty, disabled and huge do the same work."""
    client = await _client(installation, client_id)
    fits = await secret_fits(secret, client.secret_hash if client is not None else None)
    if client is None or not fits:
        raise _refused()
    grant = grant_for(client.id, str(client.id), client.role, client.organization_id, scope=scope, purpose=purpose)
    lifetime = installation.settings.token_lifetime
    return Issued(installation.tokens.issue(grant, installation.clock.now(), lifetime), lifetime, grant.scope)


async def _client(installation: Installation, client_id: str) -> Any:
    try:
        identity = UUID(client_id)
    except ValueError:
        identity = UUID(int=0)
    clients, organizations = table_of(Client), table_of(Organization)
    statement = (
        select(clients)
        .join(organizations, organizations.c.id == clients.c.organization_id)
        .where(clients.c.id == identity, clients.c.active, organizations.c.active)
    )
    found = (await installation.database.read(statement))[0]
    return found[0] if found else None


def grant_for(
    subject: UUID,
    client_id: str,
    role: Role,
    organization_id: UUID,
    *,
    scope: str | None = None,
    purpose: str | None = None,
) -> Grant:
    """What a token of this role may hold; a scope takes away, never adds. Raises `InvalidScope`."""
    allowed = {permission.value for permission in POLICY[role]}
    wanted = set(scope.split()) if scope else allowed
    try:
        chosen = Purpose(purpose) if purpose else USUAL_PURPOSE[role]
    except ValueError:
        raise InvalidScope from None
    if not wanted or not wanted <= allowed or chosen not in PURPOSES[role]:
        raise InvalidScope
    return Grant(
        subject=subject,
        client_id=client_id,
        role=role.value,
        organization=organization_id,
        scope=" ".join(sorted(Permission(name).value for name in wanted)),
        purpose_of_use=chosen.value,
    )


def _refused() -> InvalidClient:
    return InvalidClient(headers={"WWW-Authenticate": 'Basic realm="TRUE API"'})
