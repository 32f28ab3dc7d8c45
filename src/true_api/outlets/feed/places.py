"""Places in the feed: how far a caller has read, sealed, and whether it can be read on from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.errors import Gone
from true_api.kernel.feed import FeedDay
from true_api.kernel.positions import Position
from true_api.kernel.rows import table_of
from true_api.privacy.cursors import Cursors

KEPT_FOR = timedelta(days=30)
WHOLE_COMMIT = 1_000_000_000
"""Larger than the number of any entry in a commit."""
NOTHING = UUID(int=0)
KINDS = (str, UUID, str, UUID)


class FeedTooOld(Gone):
    """Changes are kept for 30 days, and this cursor is older, or of before a restore: list anew, then follow anew."""

    code = "feed_too_old"


@dataclass(frozen=True)
class Place:
    """After one entry of one commit; `record` where that entry stands for many and not all of them were told.

    `anchor` names the commit, or the day whose beginning it is: after a restore from a backup another one is there.
    """

    position: int
    anchor: UUID
    number: int = WHOLE_COMMIT
    record: UUID = NOTHING

    def sealed(self, cursors: Cursors) -> str:
        """As a caller keeps it: always of one length, whatever has happened here until then."""
        return cursors.write((f"{self.position:019d}", self.anchor, f"{self.number:010d}", self.record))


BEGINNING = Place(0, NOTHING)


def read_place(cursor: str, cursors: Cursors) -> Place:
    """The place in a cursor. Raises `InvalidCursor` for anything that was not issued to this caller for these kinds."""
    position, anchor, number, record = cursors.read(cursor, KINDS)
    assert isinstance(anchor, UUID)
    assert isinstance(record, UUID)
    return Place(int(str(position)), anchor, int(str(number)), record)


def days() -> Select[Any]:
    """Which position each day of the feed began with, the last first."""
    table = table_of(FeedDay)
    return select(table).order_by(table.c.day.desc())


def at(position: int) -> Select[Any]:
    """What was committed in a position."""
    table = table_of(Position)
    return select(table.c.entry_id).where(table.c.position == position)


def beginning_of(day: Any) -> Place:
    """The place right before everything of a day."""
    return Place(day.position, day.id)


def oldest(known: Sequence[Any], today: date) -> Place:
    """Before the oldest entry that is kept."""
    outlived = [day for day in known if day.day <= today - KEPT_FOR]
    return beginning_of(outlived[0]) if outlived else BEGINNING


def must_hold(place: Place, known: Sequence[Any], there: Sequence[Any], today: date) -> None:
    """Raises `FeedTooOld` unless everything after a place is still kept, and the place is still what it was."""
    anchors = {row.entry_id for row in there} | {day.id for day in known if day.position == place.position}
    if place.position == 0:
        anchors.add(NOTHING)
    if place.position < oldest(known, today).position or place.anchor not in anchors:
        raise FeedTooOld


def not_before(place: Place, known: Sequence[Any]) -> Place:
    """The place, or the beginning of the latest day where that is further on and nothing was between."""
    return beginning_of(known[0]) if known and known[0].position >= place.position else place
