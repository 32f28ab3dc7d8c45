"""Reading the feed: entries in the order of their commits, and of each what the caller may see of it now.

What is found is judged twice: first which names lead anywhere within reach, then the rows themselves, as every list
reads them, of those that are told. So nobody is accounted for, or named in the trail, who is not on the page.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, and_, or_, select

from true_api.kernel.effects import FeedEvent
from true_api.kernel.errors import Fault, InvalidShape
from true_api.kernel.feed import FeedEntry
from true_api.kernel.positions import Position
from true_api.kernel.rows import table_of
from true_api.outlets.feed.kinds import Followed, Following, following
from true_api.outlets.feed.places import BEGINNING, Place, at, days, must_hold, not_before, oldest, read_place
from true_api.outlets.feed.schemas import ChangeView, FeedChange, FeedPage
from true_api.privacy.announcing import ChangedKind
from true_api.privacy.cursors import Cursors
from true_api.privacy.scopes import DisclosureView
from true_api.security.permits import ListPermit
from true_api.security.telling import ONWARD

AT_A_TIME = 200
MOST_STEPS = 20
"""After so many entries that tell the caller nothing, the page ends, and says that there is more."""

UNKNOWN_KIND = "This is no kind of change that you may follow; those that are there are named."


@dataclass(frozen=True)
class Asked:
    """From where on, how many, and of which kinds; none named is all."""

    after: str | None = None
    limit: int = 50
    kinds: str | None = None


@dataclass(frozen=True)
class _Item:
    """A change that is told, and the place after it."""

    kind: ChangedKind
    name: str
    change: FeedChange
    place: Place
    disclosure: DisclosureView | None = None


@dataclass
class _Reader:
    """One request's way through the feed."""

    permit: ListPermit
    scope: Following
    wanted: Collection[ChangedKind]
    limit: int
    items: list[_Item] = field(default_factory=list)
    more: bool = False

    async def read_from(self, place: Place) -> Place:
        """Fill the page, and give the place up to which it was read."""
        steps = 0
        while True:
            entries = (await self.permit.database.read(self._entries(place)))[0]
            found, room = await self._found(entries, place), self.limit - len(self.items)
            self.items += await self._still_there(found[:room])
            at_the_end = len(entries) < AT_A_TIME
            if len(found) > room or (len(found) == room and not at_the_end):
                self.more = True
                return found[room - 1].place
            if at_the_end:
                return _after(entries[-1]) if entries else place
            place, steps = _after(entries[-1]), steps + 1
            if steps == MOST_STEPS and self.permit.viewer.sight.of_program:
                self.more = True
                return place

    def _entries(self, place: Place) -> Select[Any]:
        feed, positions = table_of(FeedEntry), table_of(Position)
        told = [*self.wanted, *(self.scope.bringing if self._about_people else ())]
        # An entry that brings many is read again until all of them were told.
        rest = feed.c.number >= place.number if place.record != BEGINNING.record else feed.c.number > place.number
        later = or_(positions.c.position > place.position, and_(positions.c.position == place.position, rest))
        return (
            select(positions.c.position, feed)
            .join(positions, positions.c.entry_id == feed.c.entry_id)
            .where(feed.c.audience_id.in_(self.scope.audiences), feed.c.kind.in_(told), later)
            .where(positions.c.position >= place.position)
            .order_by(positions.c.position, feed.c.number)
            .limit(AT_A_TIME)
        )

    @property
    def _about_people(self) -> list[Followed]:
        return [kind for kind in self.scope.about_people if kind.kind in self.wanted]

    async def _found(self, entries: Sequence[Any], place: Place) -> list[_Item]:
        """What these entries tell the caller, the last of each name, in their order."""
        items = [*await self._named(entries), *await self._brought(entries, place)]
        last = {(item.kind, item.name): item for item in sorted(items, key=_in_order)}
        return sorted(last.values(), key=_in_order)

    async def _named(self, entries: Sequence[Any]) -> list[_Item]:
        kinds = [self.scope.kinds[kind] for kind in self.wanted]
        by_kind = {kind: [entry for entry in entries if entry.kind == kind.kind] for kind in kinds}
        asked = {
            kind: kind.seen(self.permit).where(kind.named([entry.name for entry in named]))
            for kind, named in by_kind.items()
            if named
        }
        found = await self.permit.database.read(*asked.values()) if asked else []
        return [
            item
            for kind, rows in zip(asked, found, strict=True)
            for item in _told(kind, by_kind[kind], {kind.name_of(row): row for row in rows})
        ]

    async def _brought(self, entries: Sequence[Any], place: Place) -> list[_Item]:
        """What may be seen since somebody came onto the caseload, or agreed."""
        items: list[_Item] = []
        for entry in entries:
            bringing = self.scope.bringing.get(entry.kind)
            if bringing is None:
                continue
            kinds, here = self._about_people, _after(entry)
            asked = [bringing.brought(kind, self.permit, entry.name) for kind in kinds]
            found = await self.permit.database.read(*asked) if asked else []
            for kind, rows in zip(kinds, found, strict=True):
                items += [
                    _Item(kind.kind, kind.name_of(row), FeedChange.CHANGED, replace(here, record=row.id))
                    for row in rows
                    if kind.told(row, FeedEvent.CHANGED) and not _before(replace(here, record=row.id), place)
                ]
        return items

    async def _still_there(self, items: Sequence[_Item]) -> list[_Item]:
        """The rows themselves of those that are about people, noted as shown; what went meanwhile is left out."""
        there: dict[tuple[ChangedKind, str], DisclosureView | None] = {}
        about_people = {kind.kind for kind in self.scope.about_people}
        for kind in self.scope.about_people:
            names = sorted({i.name for i in items if i.kind is kind.kind and i.change is FeedChange.CHANGED})
            if names:
                rows = await self.permit.rows(kind.table, kind.reach(self.permit).where(kind.named(names)))
                there |= {(kind.kind, kind.name_of(row)): self._goes_with(row) for row in rows}
        return [
            replace(item, disclosure=there.get((item.kind, item.name)))
            for item in items
            if item.change is FeedChange.GONE or item.kind not in about_people or (item.kind, item.name) in there
        ]

    def _goes_with(self, row: Any) -> DisclosureView | None:
        return self.permit.disclosure_with(row) or self.permit.disclosure_with(row, ONWARD)


def _told(kind: Followed, entries: Sequence[Any], found: Mapping[str, Any]) -> Iterator[_Item]:
    """What becomes of each entry: what is there and may be told has changed, what is not may be gone."""
    for entry in entries:
        row = found.get(entry.name)
        if row is None or kind.ends:
            if kind.known or entry.event is FeedEvent.GONE:
                yield _Item(kind.kind, entry.name, FeedChange.GONE, _after(entry))
        elif kind.told(row, entry.event):
            yield _Item(kind.kind, entry.name, FeedChange.CHANGED, _after(entry))


def _after(entry: Any) -> Place:
    return Place(entry.position, entry.entry_id, entry.number)


def _in_order(item: _Item) -> tuple[int, int, bytes]:
    return item.place.position, item.place.number, item.place.record.bytes


def _before(place: Place, other: Place) -> bool:
    """Whether a brought record was told before, by its place in the entry that brings it."""
    return (place.position, place.number) == (other.position, other.number) and place.record <= other.record


def _wanted(scope: Following, kinds: str | None) -> list[ChangedKind]:
    """The kinds that were asked for. Raises `InvalidShape` for one that the caller may not follow."""
    if kinds is None:
        return list(scope.kinds)
    named = kinds.split(",")
    if not set(named) <= {kind.value for kind in scope.kinds}:
        near = tuple(sorted(kind.value for kind in scope.kinds))
        raise InvalidShape(Fault("?kinds", "unknown_kind", UNKNOWN_KIND, near))
    return [kind for kind in scope.kinds if kind.value in named]


async def read_feed(permit: ListPermit, asked: Asked) -> FeedPage:
    """One page of what came, changed or went. Raises `InvalidCursor`, `FeedTooOld` and `InvalidShape`."""
    scope = following(permit)
    wanted = _wanted(scope, asked.kinds)
    bound_to = f"changes|{','.join(sorted(wanted)) if asked.kinds else ''}|{permit.actor.id}"
    cursors = Cursors(permit.cursor_secret, bound_to)
    place = BEGINNING if asked.after is None else read_place(asked.after, cursors)
    known, there = await permit.database.read(days(), at(place.position))
    if asked.after is None:
        place = oldest(known, permit.today)
    must_hold(place, known, there, permit.today)
    reader = _Reader(permit, scope, wanted, asked.limit)
    read_upto = await reader.read_from(place)
    if not reader.more and not permit.viewer.sight.of_program:
        # How far entries went that tell nothing is not for callers from outside.
        read_upto = reader.items[-1].place if reader.items else place
    following_on = read_upto if reader.more else not_before(read_upto, known)
    return FeedPage(
        items=[ChangeView.of(item, reference=item.name, cursor=item.place.sealed(cursors)) for item in reader.items],
        next=following_on.sealed(cursors),
        more=reader.more,
    )
