"""Zones: the program's own areas, which several rooms name by their key."""

from true_api.kernel.database import Database
from true_api.kernel.errors import Conflict
from true_api.privacy.safe_contact import zone_by_key


class NoSuchZone(Conflict):
    """A zone that is told is one of the program's own, and in use."""

    code = "no_such_zone"


async def must_be_a_zone(database: Database, zone: str | None) -> None:
    """Raises `NoSuchZone` for a key that is none of the program's own zones; no zone at all is a full answer."""
    if zone is not None and not (await database.read(zone_by_key(zone)))[0]:
        raise NoSuchZone
