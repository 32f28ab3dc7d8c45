"""What a visit used up is there again for the next: as little of the scene as the door can have used."""

from collections.abc import Awaitable, Callable
from functools import cache

from tests.house.colleagues import PREFIXES
from tests.house.scenes import (
    Scene,
    set_accounts,
    set_encounter,
    set_links,
    set_offers,
    set_outside,
    set_parted,
    set_person,
    set_plans,
    set_promise,
    set_recall,
    set_stock,
    set_supply_watch,
)
from tests.house.set_colleagues import set_colleagues
from tests.house.set_directory import set_directory
from tests.house.set_exports import set_exports
from tests.house.set_submissions import set_submissions
from tests.world import House
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.security.gates import PresentedCodeGate

ONCE = ("/v1/participants/{code}/ending", "/v1/participants/{code}/exclusions")
"""What can be said of a person once, although it is listed: it stands until it is taken back."""

Setter = Callable[[House, Scene], Awaitable[None]]
USED: tuple[tuple[tuple[str, ...], Setter], ...] = (
    (("/v1/organizations", "/v1/teams", "/v1/members", "/v1/clients", "/v1/vocabularies"), set_accounts),
    (("/v1/participants/{code}/links",), set_links),
    (("/v1/participants/{code}/offers", "/v1/offers", "/v1/capacity-questions", "/v1/agency"), set_offers),
    (("/v1/emergency-disclosures", "/v1/legal-demands"), set_outside),
    (("/v1/participants/recall", "/v1/recall-tries"), set_recall),
    (("/v1/overdose-events", "/v1/drug-checks", "/v1/alerts"), set_supply_watch),
    (("/v1/supplies", "/v1/sites"), set_stock),
    (("/v1/safety-plans", "/v1/plans"), set_plans),
    (("/v1/encounters",), set_encounter),
    (("/v1/promises",), set_promise),
    (("/v1/submissions",), set_submissions),
    (("/v1/exports",), set_exports),
    ((*ONCE, "/v1/caseload/{code}", "/v1/covers", "/v1/debriefs"), set_parted),
    (("/v1/directory",), set_directory),
    (PREFIXES, set_colleagues),
)
"""By the beginning of a door's path; at every other door a visit may use up the person."""


def uses_up(door: Door) -> bool:
    """Whether what somebody did there may not be possible again; adding to what can be listed always is."""
    if door.method == "GET" or (door.method == "POST" and door.path in _listed() and door.path not in ONCE):
        return False
    return "{" in door.path or door.path == "/v1/hand-overs" or isinstance(door.gate, PresentedCodeGate)


@cache
def _listed() -> frozenset[str]:
    return frozenset(door.path for door in every_door() if door.method == "GET")


async def set_again(house: House, scene: Scene, door: Door) -> None:
    """Put back what this door may have used up."""
    if uses_up(door):
        found = (setter for beginnings, setter in USED if door.path.startswith(beginnings))
        await next(found, set_person)(house, scene)
