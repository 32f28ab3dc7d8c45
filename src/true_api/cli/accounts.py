"""Accounts as an operator names them, and the tokens that the command line issues for them, each trailed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select

from true_api.cli.words import Refused
from true_api.kernel.rows import Row, table_of
from true_api.security.accounts import Client, Member, Organization
from true_api.security.installation import Installation
from true_api.security.roles import Permission, Purpose, Role
from true_api.security.signing_in import Issued, grant_for
from true_api.security.tokens import Grant
from true_api.security.trail import Entry

CLIENT_OF_MEMBERS = "true-api"
"""Through which client a member acts whose token the command line issued."""


@dataclass(frozen=True)
class Account:
    """A member or a client, with whether it may call."""

    id: UUID
    is_client: bool
    role: Role
    organization_id: UUID
    live: bool

    def grant(self, scope: str | None = None, purpose: str | None = None) -> Grant:
        """What a token for this account holds. Raises `InvalidScope`."""
        through = str(self.id) if self.is_client else CLIENT_OF_MEMBERS
        return grant_for(self.id, through, self.role, self.organization_id, scope=scope, purpose=purpose)


async def member_named(installation: Installation, named: str) -> Account:
    """The member with this label or id. Refused when there is none or more than one."""
    members = table_of(Member)
    return _only(await _found(installation, Member, _fits(members, named)), "member")


async def client_named(installation: Installation, named: str) -> Account:
    """The client with this id. Refused when there is none."""
    return _only(await _found(installation, Client, table_of(Client).c.id == _uuid(named)), "client")


async def acting_admin(installation: Installation, label: str | None) -> Account:
    """The admin as whom the operator acts: the one with this label or id, or the first active one."""
    members = table_of(Member)
    named = _fits(members, label) if label is not None else members.c.active
    found = await _found(installation, Member, members.c.role == Role.ADMIN, named)
    live = [account for account in found if account.live]
    if not live:
        raise Refused("There is no active admin with this label." if label else "There is no active admin.")
    return live[0]


async def issue(installation: Installation, account: Account, grant: Grant, door: str, lifetime: int) -> Issued:
    """A token for a live account; the trail says that it was issued here, before it is handed out."""
    if not account.live:
        raise Refused("This account, or its organization, is switched off; it gets no token.")
    now = installation.clock.now()
    issued = Issued(installation.tokens.issue(grant, now, lifetime), lifetime, grant.scope)
    entry = Entry(
        at=now,
        request_id=uuid4().hex,
        door=door,
        permission=(Permission.CLIENT_WRITE if account.is_client else Permission.MEMBER_WRITE).value,
        purpose=Purpose.ADMINISTRATION.value,
        actor_id=account.id,
        actor_is_client=account.is_client,
        role=account.role.value,
        organization_id=account.organization_id,
    )
    closed = entry.closed(201, subjects=[], record_id=account.id, fields=["access_token"])
    await installation.database.commit(closed)
    return issued


def _only(found: list[Account], what: str) -> Account:
    if not found:
        raise Refused(f"There is no such {what}. `true-api people {what}s list` shows those there are.")
    if len(found) > 1:
        raise Refused(f"More than one {what} has this label. Name the {what} by id.")
    return found[0]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _fits(members: Any, named: str) -> ColumnElement[bool]:
    return or_(members.c.label == named, members.c.id == _uuid(named))


async def _found(installation: Installation, kind: type[Row], *where: ColumnElement[bool]) -> list[Account]:
    table, organizations = table_of(kind), table_of(Organization)
    statement = (
        select(table, organizations.c.active.label("organization_active"))
        .join(organizations, organizations.c.id == table.c.organization_id)
        .where(*where)
        .order_by(table.c.id)
    )
    return [
        Account(row.id, kind is Client, row.role, row.organization_id, row.active and row.organization_active)
        for row in (await installation.database.read(statement))[0]
    ]
