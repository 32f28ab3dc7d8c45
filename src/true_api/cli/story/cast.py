"""The cast: the program, its teams and partners, and how the admin lets everybody in. All names are made up."""

from typing import Any
from uuid import UUID

from true_api.cli.story.inside import Caller, Inside
from true_api.cli.story.selves import OWN_TERMS
from true_api.cli.story.size import PEERS, TEAMS
from true_api.cli.story.stage import Company
from true_api.rooms.partners.founding import found
from true_api.security.accounts import OrganizationKind
from true_api.security.roles import Role
from true_api.security.signing_in import grant_for

PROGRAM, TIME_ZONE, ADMIN = "Riverside Peer Program", "America/New_York", "admin"
TEAM_NAMES = ("Night van", "Drop-in", "Hospital and court")
AGENCY_NAMES = ("Harbor Recovery Housing", "Lakeside Health Center", "Bridge Legal and Benefits")
INTEGRATOR_NAME = "County Health Dashboard"
DEMO = "true-api-demo"


async def let_in(inside: Inside) -> Company:
    """Found the program, and let everybody in through the admin's doors."""
    admin = await found(inside.installation, PROGRAM, TIME_ZONE, ADMIN)
    grant = grant_for(admin.id, DEMO, Role.ADMIN, admin.organization_id)
    company = Company(Caller(inside, grant))
    office = _Office(inside, company)
    await office.program_people(str(admin.organization_id))
    await office.partners()
    await office.own_terms()
    return company


class _Office:
    """The admin's desk."""

    def __init__(self, inside: Inside, company: Company) -> None:
        self._inside, self._company, self._admin = inside, company, company.admin

    async def program_people(self, program: str) -> None:
        """Three teams, a supervisor each, and the peers."""
        teams = [await self._admin.post("/v1/teams", {"name": name}) for name in TEAM_NAMES]
        for number, team in enumerate(teams, start=1):
            supervisor = await self._member(program, Role.SUPERVISOR, f"supervisor-{number:02}", team["id"])
            self._company.supervisors.append(supervisor)
        for peer in range(PEERS):
            team = teams[peer % TEAMS]
            self._company.peers.append(await self._member(program, Role.PEER, f"peer-{peer + 1:02}", team["id"]))

    async def partners(self) -> None:
        """Each agency's system and worker, and whoever reads the numbers."""
        company = self._company
        for name in AGENCY_NAMES:
            agency = await self._organization(OrganizationKind.PARTNER_AGENCY, name)
            company.agency_ids.append(agency)
            company.agencies.append(await self._client(agency, Role.AGENCY, "Intake system"))
            company.agency_workers.append(await self._member(agency, Role.AGENCY, "Worker at the desk"))
        county = await self._organization(OrganizationKind.INTEGRATOR, INTEGRATOR_NAME)
        company.integrators.append(await self._client(county, Role.INTEGRATOR, "Dashboard"))

    async def own_terms(self) -> None:
        """Zones, and what the shared vocabularies have no word for."""
        for term in OWN_TERMS:
            await self._admin.post("/v1/vocabularies/terms", term)

    async def _organization(self, kind: OrganizationKind, name: str) -> str:
        return str((await self._admin.post("/v1/organizations", {"kind": kind, "name": name}))["id"])

    async def _member(self, organization: str, role: Role, label: str, team: str | None = None) -> Caller:
        draft = {"organization_id": organization, "team_id": team, "role": role, "label": label}
        return self._caller(await self._admin.post("/v1/members", draft), DEMO)

    async def _client(self, organization: str, role: Role, label: str) -> Caller:
        draft = {"organization_id": organization, "role": role, "label": label}
        client = await self._admin.post("/v1/clients", draft)
        self._company.client_secrets[client["id"]] = client["secret"]
        return self._caller(client, client["id"])

    def _caller(self, account: dict[str, Any], through: str) -> Caller:
        role = Role(account["role"])
        return Caller(self._inside, grant_for(UUID(account["id"]), through, role, UUID(account["organization_id"])))
