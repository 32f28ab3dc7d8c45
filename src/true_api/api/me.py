"""The door to oneself."""

from datetime import date
from uuid import UUID

from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.kernel.schemas import View, examples
from true_api.security.gates import StaffGate
from true_api.security.permits import StaffPermit
from true_api.security.roles import Permission, Purpose, Role

doors = Doors("/me", tag="Me")


class Me(View):
    """Who the caller is here, and what they may do."""

    model_config = examples(
        {
            "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
            "label": "peer-07",
            "role": "peer",
            "organization_id": "01936f1e-11aa-7c3e-8a51-0a6f4d1c2b3a",
            "team_id": "01936f1e-22bb-7c3e-8a51-0a6f4d1c2b3a",
            "purpose_of_use": "TREAT",
            "permissions": ["encounter:read", "encounter:write"],
            "today": "2026-11-02",
        }
    )

    id: UUID
    label: str
    role: Role
    organization_id: UUID
    team_id: UUID | None
    purpose_of_use: Purpose
    permissions: list[Permission]
    today: date = Field(description="The program's local day.")


@doors.open("GET", "", StaffGate(Permission.ME_READ))
async def read_me(permit: Permitted[StaffPermit]) -> Me:
    """Read who I am here and what I may do."""
    actor = permit.actor
    return Me.of(
        actor,
        purpose_of_use=actor.purpose,
        permissions=sorted(actor.permissions, key=lambda permission: permission.value),
        today=permit.today,
    )
