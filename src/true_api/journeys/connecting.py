"""From an intake request to a participant: an existing one who shows their code, or somebody new, in one commit."""

from typing import Any

from true_api.rooms.intake import service as intake
from true_api.rooms.participants import service as participants
from true_api.rooms.participants.schemas import Enrollment
from true_api.security.permits import RecordPermit


async def connect(permit: RecordPermit) -> dict[str, Any]:
    """Connect the admitted request to the person whose code was presented, or enroll somebody new."""
    if permit.person is not None:
        connected = await intake.connect(permit, permit.person.id)
        return {**connected, "code": permit.person.code}
    code, _, participant = await participants.enroll(permit, Enrollment())
    connected = await intake.connect(permit, participant.id)
    return {**connected, "code": code.code}
