"""From something noticed to an alert: what it rests on is a sample, or an overdose event that is about nobody."""

from typing import Any

from true_api.kernel.errors import Conflict
from true_api.privacy.zones import must_be_a_zone
from true_api.rooms.alerts import service as alerts
from true_api.rooms.alerts.schemas import AlertDraft
from true_api.rooms.drug_checks import service as drug_checks
from true_api.rooms.overdoses import service as overdoses
from true_api.security.permits import StaffPermit


class NoSuchGround(Conflict):
    """An alert rests on a drug check, or on an overdose event of one's own that counts and is linked to nobody."""

    code = "no_such_ground"


async def propose(permit: StaffPermit, draft: AlertDraft) -> dict[str, Any]:
    """Propose an alert. Raises `NoSuchGround`, `NoSuchZone`.

    What is told to the whole program never leads to a person: an event that somebody had linked is no ground.
    """
    await must_be_a_zone(permit.database, draft.zone)
    if draft.drug_check_id is not None and not await drug_checks.exists(permit, draft.drug_check_id):
        raise NoSuchGround
    if draft.overdose_event_id is not None and not await overdoses.about_nobody(permit, draft.overdose_event_id):
        raise NoSuchGround
    return alerts.propose(permit, draft)
