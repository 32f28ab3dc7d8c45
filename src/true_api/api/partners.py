"""Doors for the admin: organizations, teams, members and clients."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.door import ONCE_ONLY
from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.schemas import Page
from true_api.rooms.partners import service
from true_api.rooms.partners.schemas import (
    ActiveChange,
    ClientDraft,
    ClientView,
    MemberChange,
    MemberDraft,
    MemberView,
    NewClientView,
    OrganizationDraft,
    OrganizationView,
    TeamDraft,
    TeamView,
)
from true_api.security.accounts import Client, Member, Organization, Team
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

organizations = Doors("/organizations", tag="Organizations and staff")
teams = Doors("/teams", tag="Organizations and staff")
members = Doors("/members", tag="Organizations and staff")
clients = Doors("/clients", tag="Organizations and staff")

PLACE = (service.NoSuchOrganization, service.NoSuchTeam, service.RoleDoesNotFit, service.NameTaken)
Paged = Annotated[PageQuery, Query()]


async def _organization_again(permit: Permit, identity: UUID) -> OrganizationView:
    return OrganizationView.of(await service.by_id(permit, Organization, identity))


@organizations.open(
    "POST",
    "",
    StaffGate(Permission.ORGANIZATION_WRITE),
    status=201,
    again=_organization_again,
    refuses=(service.NameTaken, service.OneProgram),
)
async def add_organization(draft: OrganizationDraft, permit: Permitted[StaffPermit]) -> OrganizationView:
    """Add a partner agency or an integrator."""
    return OrganizationView.of(service.add_organization(permit, draft))


@organizations.open("GET", "", ListGate(Permission.ORGANIZATION_READ))
async def list_organizations(page: Paged, permit: Permitted[ListPermit]) -> Page[OrganizationView]:
    """List organizations, so that a peer can choose whom to ask."""
    found, following = await service.listed(permit, Organization, page.request())
    return Page(items=[OrganizationView.of(row) for row in found], next_cursor=following)


@organizations.open("GET", "/{id}", RecordGate(Permission.ORGANIZATION_READ, Organization), of_record=True)
async def read_organization(id: str, permit: Permitted[RecordPermit]) -> OrganizationView:
    """Read an organization."""
    return OrganizationView.of(permit.record)


@organizations.open(
    "PATCH",
    "/{id}",
    RecordGate(Permission.ORGANIZATION_WRITE, Organization),
    of_record=True,
    refuses=(service.OneProgram,),
)
async def change_organization(id: str, change: ActiveChange, permit: Permitted[RecordPermit]) -> OrganizationView:
    """Switch an organization on or off; its members and clients lose access at once."""
    return OrganizationView(**service.change_active(permit, Organization, change))


async def _team_again(permit: Permit, identity: UUID) -> TeamView:
    return TeamView.of(await service.by_id(permit, Team, identity))


@teams.open("POST", "", StaffGate(Permission.TEAM_WRITE), status=201, again=_team_again, refuses=(service.NameTaken,))
async def add_team(draft: TeamDraft, permit: Permitted[StaffPermit]) -> TeamView:
    """Add a team of the program."""
    return TeamView.of(service.add_team(permit, draft))


@teams.open("GET", "", ListGate(Permission.TEAM_WRITE))
async def list_teams(page: Paged, permit: Permitted[ListPermit]) -> Page[TeamView]:
    """List the teams of the program."""
    found, following = await service.listed(permit, Team, page.request())
    return Page(items=[TeamView.of(row) for row in found], next_cursor=following)


@teams.open("GET", "/{id}", RecordGate(Permission.TEAM_WRITE, Team), of_record=True)
async def read_team(id: str, permit: Permitted[RecordPermit]) -> TeamView:
    """Read a team."""
    return TeamView.of(permit.record)


@teams.open("PATCH", "/{id}", RecordGate(Permission.TEAM_WRITE, Team), of_record=True)
async def change_team(id: str, change: ActiveChange, permit: Permitted[RecordPermit]) -> TeamView:
    """Switch a team on or off; nobody is placed in a team that is off."""
    return TeamView(**service.change_active(permit, Team, change))


async def _member_again(permit: Permit, identity: UUID) -> MemberView:
    return MemberView.of(await service.by_id(permit, Member, identity))


@members.open("POST", "", StaffGate(Permission.MEMBER_WRITE), status=201, again=_member_again, refuses=PLACE)
async def add_member(draft: MemberDraft, permit: Permitted[StaffPermit]) -> MemberView:
    """Add somebody who works here or at a partner."""
    return MemberView.of(await service.add_member(permit, draft))


@members.open("GET", "", ListGate(Permission.MEMBER_WRITE))
async def list_members(page: Paged, permit: Permitted[ListPermit]) -> Page[MemberView]:
    """List members."""
    found, following = await service.listed(permit, Member, page.request())
    return Page(items=[MemberView.of(row) for row in found], next_cursor=following)


@members.open("GET", "/{id}", RecordGate(Permission.MEMBER_WRITE, Member), of_record=True)
async def read_member(id: str, permit: Permitted[RecordPermit]) -> MemberView:
    """Read a member."""
    return MemberView.of(permit.record)


@members.open(
    "PATCH",
    "/{id}",
    RecordGate(Permission.MEMBER_WRITE, Member),
    of_record=True,
    refuses=(service.NoSuchOrganization, service.NoSuchTeam, service.RoleDoesNotFit, service.LastAdmin),
)
async def change_member(id: str, change: MemberChange, permit: Permitted[RecordPermit]) -> MemberView:
    """Change a member's team or role, or switch them off; tokens already out follow at once."""
    return MemberView(**await service.change_member(permit, change))


@clients.open("POST", "", StaffGate(Permission.CLIENT_WRITE), status=201, again=ONCE_ONLY, refuses=PLACE)
async def add_client(draft: ClientDraft, permit: Permitted[StaffPermit]) -> NewClientView:
    """Add a partner's system; the secret in the answer is shown this once."""
    client, secret = await service.add_client(permit, draft)
    return NewClientView.of(client, secret=secret)


@clients.open("GET", "", ListGate(Permission.CLIENT_WRITE))
async def list_clients(page: Paged, permit: Permitted[ListPermit]) -> Page[ClientView]:
    """List clients, without their secrets."""
    found, following = await service.listed(permit, Client, page.request())
    return Page(items=[ClientView.of(row) for row in found], next_cursor=following)


@clients.open("GET", "/{id}", RecordGate(Permission.CLIENT_WRITE, Client), of_record=True)
async def read_client(id: str, permit: Permitted[RecordPermit]) -> ClientView:
    """Read a client, without its secret."""
    return ClientView.of(permit.record)


@clients.open("PATCH", "/{id}", RecordGate(Permission.CLIENT_WRITE, Client), of_record=True)
async def change_client(id: str, change: ActiveChange, permit: Permitted[RecordPermit]) -> ClientView:
    """Switch a client on or off; tokens already out follow at once."""
    return ClientView(**service.change_active(permit, Client, change))
