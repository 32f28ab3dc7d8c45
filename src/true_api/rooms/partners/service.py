"""What this room decides: who belongs to what, and which role fits which organization."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import Caseload
from true_api.privacy.covers import Cover
from true_api.rooms.partners.schemas import (
    ActiveChange,
    ClientDraft,
    MemberChange,
    MemberDraft,
    OrganizationDraft,
    TeamDraft,
)
from true_api.security.accounts import Client, Member, Organization, OrganizationKind, Team
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import CLIENT_ROLES, Role
from true_api.security.secrets import hash_secret, new_secret

R = TypeVar("R", bound=Row)

ROLES_OF = {
    OrganizationKind.PROGRAM: frozenset({Role.PEER, Role.SUPERVISOR, Role.ADMIN}),
    OrganizationKind.PARTNER_AGENCY: frozenset({Role.AGENCY}),
    OrganizationKind.INTEGRATOR: frozenset({Role.INTEGRATOR}),
}
IN_A_TEAM = frozenset({Role.PEER, Role.SUPERVISOR})


class NameTaken(Conflict):
    """This name or label is taken."""

    code = "name_taken"


class OneProgram(Conflict):
    """An installation serves one program; it is named at setup."""

    code = "one_program"


class NoSuchOrganization(Conflict):
    """There is no active organization with this id."""

    code = "no_such_organization"


class NoSuchTeam(Conflict):
    """There is no active team with this id."""

    code = "no_such_team"


class RoleDoesNotFit(Conflict):
    """This role does not fit the organization, the team, or this kind of account."""

    code = "role_does_not_fit"


class LastAdmin(Conflict):
    """The last active admin stays one, so that somebody can still let others in."""

    code = "last_admin"


def add_organization(permit: StaffPermit, draft: OrganizationDraft) -> Organization:
    """Add a partner agency or an integrator."""
    if draft.kind is OrganizationKind.PROGRAM:
        raise OneProgram
    return permit.keep(Organization(kind=draft.kind, name=draft.name, created_at=permit.now), or_else=NameTaken)


def add_team(permit: StaffPermit, draft: TeamDraft) -> Team:
    """Add a team."""
    return permit.keep(Team(name=draft.name, created_at=permit.now), or_else=NameTaken)


async def add_member(permit: StaffPermit, draft: MemberDraft) -> Member:
    """Add a member."""
    await _judge_place(permit, draft.organization_id, draft.role, draft.team_id)
    return permit.keep(Member(**draft.model_dump(), created_at=permit.now), or_else=NameTaken)


async def add_client(permit: StaffPermit, draft: ClientDraft) -> tuple[Client, str]:
    """Add a client; its secret comes along this once."""
    if draft.role not in CLIENT_ROLES:
        raise RoleDoesNotFit
    await _judge_place(permit, draft.organization_id, draft.role, None)
    secret = new_secret()
    kept = Client(**draft.model_dump(), secret_hash=await hash_secret(secret), created_at=permit.now)
    return permit.keep(kept, or_else=NameTaken), secret


async def _judge_place(permit: Permit, organization_id: UUID, role: Role, team_id: UUID | None) -> None:
    organizations, teams = table_of(Organization), table_of(Team)
    found, found_teams = await permit.database.read(
        select(organizations).where(organizations.c.id == organization_id, organizations.c.active),
        select(teams).where(teams.c.id == team_id, teams.c.active),
    )
    if not found:
        raise NoSuchOrganization
    if role not in ROLES_OF[found[0].kind] or (role in IN_A_TEAM) != (team_id is not None):
        raise RoleDoesNotFit
    if team_id is not None and not found_teams:
        raise NoSuchTeam


async def change_member(permit: RecordPermit, change: MemberChange) -> dict[str, Any]:
    """Change team, role or whether the member may call."""
    member, news = permit.record, dict(change.news())
    after = {**member._mapping, **news}
    if after["active"]:
        await _judge_place(permit, member.organization_id, after["role"], after["team_id"])
    stays_admin = after["role"] is Role.ADMIN and after["active"]
    if member.role is Role.ADMIN and member.active and not stays_admin:
        members = table_of(Member)
        admins = select(members.c.id).where(members.c.role == Role.ADMIN, members.c.active, members.c.id != member.id)
        if not (others := (await permit.database.read(admins))[0]):
            raise LastAdmin
        permit.require(admins.where(members.c.id == others[0].id), [(others[0].id,)], or_else=LastAdmin)
    permit.change(Member, member, **news)
    if after["team_id"] != member.team_id and after["team_id"] is not None:
        await _take_along(permit, member.id, after["team_id"])
    return after


async def _take_along(permit: RecordPermit, member_id: UUID, team_id: UUID) -> None:
    """Trust is with the peer: whom they work with goes with them to the new team, and the old team sees no more.

    So nobody of the one team stands in for anybody of the other any more.
    """
    caseload, covers = table_of(Caseload), table_of(Cover)
    part_of = or_(covers.c.away_id == member_id, covers.c.covering_id == member_id)
    entries, standing = await permit.database.read(
        select(caseload).where(caseload.c.member_id == member_id),
        select(covers).where(part_of, covers.c.ended_on.is_(None), covers.c.until >= permit.today),
    )
    for cover in standing:
        permit.change(Cover, cover, ended_on=permit.today)
    for entry in entries:
        permit.about(entry.participant_id)
        permit.change(Caseload, entry, team_id=team_id)


def change_active(permit: RecordPermit, kind: type[Row], change: ActiveChange) -> dict[str, Any]:
    """Switch an organization, a team or a client on or off."""
    if permit.record.id == permit.program_id and change.news().get("active") is False:
        raise OneProgram
    permit.change(kind, permit.record, **change.news())
    return {**permit.record._mapping, **change.news()}


async def listed(permit: ListPermit, kind: type[R], page: PageRequest) -> tuple[list[R], str | None]:
    """Rows of one kind, newest first."""
    return await permit.page(kind, permit.own(kind), [table_of(kind).c.id], page)


async def by_id(permit: Permit, kind: type[R], identity: UUID) -> R:
    """One row of one kind."""
    return await permit.one(kind, table_of(kind).c.id == identity)
