"""A small directory, set into the scene: an agency's own entry, with everything that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rooms.packaging import BEDS, HARBOR, named, night_service
from tests.world import House, ok

if TYPE_CHECKING:
    from tests.house.scenes import Scene

NAMES = {
    "service": named("night"),
    "place": named("night at pier"),
    "provider": HARBOR["id"],
    "taxonomy": named("taxonomy"),
    "taxonomy_term": BEDS["id"],
}


async def set_directory(house: House, scene: Scene) -> None:
    """Night beds at the pier, kept by the harbor."""
    scene.names |= NAMES
    path = f"/v1/directory/records/service/{NAMES['service']}"
    ok(await house.agency.call("PUT", path, night_service()))
