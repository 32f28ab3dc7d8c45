"""A walk through every guarded door, each time by somebody whom it opens for."""

from collections.abc import AsyncIterator

from tests.house.visits import VISITS, Visit, set_accounts, set_person, set_scene
from tests.world import Caller, House
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.security.gates import Gate
from true_api.security.roles import POLICY, Role

ACCOUNTS = ("/v1/organizations", "/v1/teams", "/v1/members", "/v1/clients")


async def every_guarded_door(house: House) -> AsyncIterator[tuple[Door, Caller, Visit]]:
    """Door, caller and visit; what a visit used up is there again for the next."""
    scene = await set_scene(house)
    for door in every_door():
        if isinstance(door.gate, Gate):
            caller = next(house.people[role.value] for role in Role if door.gate.permission in POLICY[role])
            yield door, caller, VISITS[door.name](house, scene, caller.role)
            if door.method != "GET":
                await (set_accounts if door.path.startswith(ACCOUNTS) else set_person)(house, scene)
