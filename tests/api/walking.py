"""A walk through every guarded door, each time by somebody whom it opens for."""

from collections.abc import AsyncIterator

from tests.house.scenes import set_scene
from tests.house.set_again import set_again
from tests.house.visits import VISITS, Visit
from tests.world import Caller, House
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.security.gates import Gate
from true_api.security.roles import POLICY, Role

OF_WHOM = {"POST /v1/support-requests/{id}/taken-up": Role.SUPERVISOR}
"""Doors to what was addressed to somebody, who is not the first whose role may open them."""


async def every_guarded_door(house: House) -> AsyncIterator[tuple[Door, Caller, Visit]]:
    """Door, caller and visit; a record that a visit moved on is followed by a new one for the next."""
    scene = await set_scene(house)
    for door in every_door():
        if isinstance(door.gate, Gate):
            asks = OF_WHOM.get(door.name) or next(role for role in Role if door.gate.permission in POLICY[role])
            caller = house.people[asks.value]
            yield door, caller, VISITS[door.name](house, scene, caller.role)
            await set_again(house, scene, door)
