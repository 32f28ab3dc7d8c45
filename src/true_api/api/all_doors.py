"""All doors of the house, in the order of the documentation."""

from true_api.api import (
    cards,
    consents,
    encounters,
    forgetting,
    holds,
    intake,
    links,
    me,
    numbers,
    oauth,
    pages,
    participants,
    partners,
    readiness,
    recall,
    referrals,
    safe_contacts,
    timeline,
    vocabularies,
)
from true_api.api.door import Door
from true_api.api.doors import Doors

ALL_DOORS: tuple[Doors, ...] = (
    oauth.doors,
    oauth.well_known,
    me.doors,
    participants.doors,
    participants.caseload,
    recall.asked,
    recall.of_participant,
    recall.tries,
    cards.of_participant,
    cards.code_batches,
    safe_contacts.doors,
    links.doors,
    forgetting.doors,
    holds.doors,
    timeline.doors,
    encounters.of_participant,
    encounters.doors,
    readiness.of_participant,
    readiness.doors,
    consents.doors,
    referrals.of_participant,
    referrals.doors,
    intake.doors,
    vocabularies.doors,
    numbers.insight_doors,
    numbers.release_doors,
    partners.organizations,
    partners.teams,
    partners.members,
    partners.clients,
    pages.doors,
)


def every_door() -> list[Door]:
    """Every door that hangs anywhere."""
    return [door for doors in ALL_DOORS for door in doors.hung]
