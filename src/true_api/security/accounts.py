"""Accounts: the program, its organizations and teams, and the members and clients who call."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row as ResultRow
from sqlalchemy import Select, UniqueConstraint, bindparam, select
from sqlmodel import Field

from true_api.kernel.effects import Question
from true_api.kernel.errors import Unauthenticated
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, table_of
from true_api.privacy.reach import Reach, Sight, Viewer, every_row
from true_api.security.roles import POLICY, SIGHT, Permission, Purpose, Role
from true_api.security.tokens import Claims


class OrganizationKind(StrEnum):
    """What an organization is to the program."""

    PROGRAM = "program"
    PARTNER_AGENCY = "partner_agency"
    INTEGRATOR = "integrator"


class Organization(Row, table=True):
    """The program itself, a partner agency, or whoever reads numbers. Each is a realm."""

    __tablename__ = "organizations"
    __reach__: ClassVar[Reach] = Reach(program=every_row, keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    kind: OrganizationKind = Field(sa_type=choice(OrganizationKind))
    name: str = Field(max_length=80, unique=True)
    active: bool = True
    created_at: datetime


class Program(Row, table=True):
    """The one program of this installation, and the time zone of its days."""

    __tablename__ = "programs"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    organization_id: UUID = Field(foreign_key="organizations.id")
    time_zone: str = Field(max_length=64)


class Team(Row, table=True):
    """A team of the program."""

    __tablename__ = "teams"
    __reach__: ClassVar[Reach] = Reach(keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    name: str = Field(max_length=80, unique=True)
    active: bool = True
    created_at: datetime


class Member(Row, table=True):
    """A person who works here or at a partner."""

    __tablename__ = "members"
    __reach__: ClassVar[Reach] = Reach(keeper=every_row)
    __table_args__ = (UniqueConstraint("organization_id", "label"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    organization_id: UUID = Field(foreign_key="organizations.id")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    label: str = Field(max_length=80)
    active: bool = True
    created_at: datetime


class Client(Row, table=True):
    """A partner's system, with a secret of its own (kept as an Argon2id hash)."""

    __tablename__ = "clients"
    __reach__: ClassVar[Reach] = Reach(keeper=every_row)
    __table_args__ = (UniqueConstraint("organization_id", "label"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    organization_id: UUID = Field(foreign_key="organizations.id")
    role: Role = Field(sa_type=choice(Role))
    label: str = Field(max_length=80)
    secret_hash: str = Field(max_length=200)
    active: bool = True
    created_at: datetime


@dataclass(frozen=True)
class Actor:
    """Who is calling, as the database says at this moment."""

    id: UUID
    is_client: bool
    role: Role
    organization_id: UUID
    team_id: UUID | None
    permissions: frozenset[Permission]
    purpose: Purpose
    label: str

    def may(self, permission: Permission) -> bool:
        """Whether role and scope include a permission."""
        return permission in self.permissions


def account_of(claims: Claims) -> Question:
    """The live account behind a token: a client acts for itself (RFC 9068: sub = client_id), a member through one."""
    return _account(Client if claims.sub == claims.client_id else Member), {"account_id": UUID(claims.sub)}


@cache
def _account(kind: type[Row]) -> Select[Any]:
    table = table_of(kind)
    organizations = table_of(Organization)
    known = [column for column in table.c if column.key != "secret_hash"]
    return (
        select(*known, organizations.c.active.label("organization_active"), organizations.c.kind)
        .join(organizations, organizations.c.id == table.c.organization_id)
        .where(table.c.id == bindparam("account_id"))
    )


def actor_from(claims: Claims, found: list[ResultRow[Any]]) -> Actor:
    """The actor, if the account is live and still what the token says. Raises `Unauthenticated` otherwise."""
    row = found[0] if found else None
    if row is None or not row.active or not row.organization_active:
        raise Unauthenticated
    if row.role.value != claims.role or row.organization_id != UUID(claims.organization):
        raise Unauthenticated
    return Actor(
        id=row.id,
        is_client=claims.sub == claims.client_id,
        role=row.role,
        organization_id=row.organization_id,
        team_id=getattr(row, "team_id", None),
        permissions=permissions_of(claims),
        purpose=Purpose(claims.purpose_of_use),
        label=row.label,
    )


def permissions_of(claims: Claims) -> frozenset[Permission]:
    """What role and scope together allow; a scope can only take away."""
    scopes = frozenset(claims.scope.split())
    return frozenset(allowed for allowed in POLICY[Role(claims.role)] if allowed.value in scopes)


def viewer_of(claims: Claims, today: Any) -> Viewer:
    """Whose eyes the gate's query is narrowed to; the team is looked up inside that same query."""
    members = table_of(Member)
    identity, sight = UUID(claims.sub), SIGHT[Role(claims.role)]
    team = select(members.c.team_id).where(members.c.id == identity).scalar_subquery()
    return Viewer(
        sight=sight,
        id=identity,
        organization_id=UUID(claims.organization),
        team=team if sight is Sight.TEAM_CASELOAD else None,
        today=today,
        purpose=Purpose(claims.purpose_of_use),
    )
