"""What an admin says and sees of organizations, teams, members and clients."""

from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Change, Draft, Flag, Label, View, examples
from true_api.security.accounts import OrganizationKind
from true_api.security.roles import Role

ID = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"


class OrganizationDraft(Draft):
    """A partner agency, or an organization that reads numbers."""

    model_config = examples({"kind": "partner_agency", "name": "Harbor Recovery Housing"})

    kind: OrganizationKind
    name: Label


class ActiveChange(Change):
    """Whether it may be used; what is switched off acts at once."""

    model_config = examples({"active": False})

    active: Flag = True


class OrganizationView(View):
    """An organization."""

    model_config = examples({"id": ID, "kind": "partner_agency", "name": "Harbor Recovery Housing", "active": True})

    id: UUID
    kind: OrganizationKind
    name: str
    active: bool


class TeamDraft(Draft):
    """A team of the program."""

    model_config = examples({"name": "Night van"})

    name: Label


class TeamView(View):
    """A team of the program."""

    model_config = examples({"id": ID, "name": "Night van", "active": True})

    id: UUID
    name: str
    active: bool


class MemberDraft(Draft):
    """Somebody who works here or at a partner. Peers and supervisors belong to a team."""

    model_config = examples({"organization_id": ID, "team_id": ID, "role": "peer", "label": "peer-07"})

    organization_id: UUID
    team_id: UUID | None = None
    role: Role
    label: Label = Field(description="What colleagues call this account; it may be a work name.")


class MemberChange(Change):
    """Another team or role, or whether the member may call at all; acts at once, on tokens already out too."""

    model_config = examples({"active": False})

    team_id: UUID | None = None
    role: Role = Role.PEER
    active: Flag = True


class MemberView(View):
    """A member."""

    model_config = examples(
        {
            "id": ID,
            "organization_id": ID,
            "team_id": ID,
            "role": "peer",
            "label": "peer-07",
            "active": True,
        }
    )

    id: UUID
    organization_id: UUID
    team_id: UUID | None
    role: Role
    label: str
    active: bool


class ClientDraft(Draft):
    """A partner's system: an agency's, or an integrator's."""

    model_config = examples({"organization_id": ID, "role": "agency", "label": "Intake system"})

    organization_id: UUID
    role: Role
    label: Label


class ClientView(View):
    """A client, without its secret."""

    model_config = examples(
        {"id": ID, "organization_id": ID, "role": "agency", "label": "Intake system", "active": True}
    )

    id: UUID = Field(description="The client_id.")
    organization_id: UUID
    role: Role
    label: str
    active: bool


class NewClientView(ClientView):
    """A client with its secret, which is shown this once and kept only as a hash."""

    model_config = examples(
        {
            "id": ID,
            "organization_id": ID,
            "role": "agency",
            "label": "Intake system",
            "active": True,
            "secret": "shown-once-and-never-again",
        }
    )

    secret: str
