"""A shelf: entries taken from the directory together, and how one of them is shown with what it names inside of it.

What is shown never goes back to an object that it is already inside of: a service shows its organization, and that does
not show its services again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol
from uuid import UUID

from true_api.rooms.directory.packages import Key
from true_api.rooms.directory.shapes import ENTRIES, SHAPES, HsdsObject
from true_api.rooms.directory.tables_in_json import Tables, rows_of, tables_of

Above = frozenset[HsdsObject]
ROOTS = (HsdsObject.SERVICE, HsdsObject.ORGANIZATION, HsdsObject.LOCATION)
"""The order in which a nested package is laid out: what stands in one of the former is not repeated later."""


class Kept(Protocol):
    """An entry as it is kept."""

    kind: HsdsObject
    reference: UUID
    belongs_to: UUID | None
    body: dict[str, Any]


class Shelf:
    """Entries by what they are and which one; `whole` shows what leads nowhere too, which nobody outside is shown."""

    def __init__(self, entries: Iterable[Kept], whole: bool) -> None:
        self._whole = whole
        self._entries: dict[Key, Kept] = {(entry.kind, entry.reference): entry for entry in entries}
        self._belonging: dict[tuple[UUID, HsdsObject], list[Kept]] = defaultdict(list)
        for entry in self._entries.values():
            if entry.belongs_to is not None:
                self._belonging[entry.belongs_to, entry.kind].append(entry)
        self._shown: set[Key] = set()

    def find(self, kind: HsdsObject, identity: object) -> Kept | None:
        """One entry, if it is on the shelf; an id may be a text as a package has it."""
        try:
            return self._entries.get((kind, identity if isinstance(identity, UUID) else UUID(str(identity))))
        except ValueError:
            return None

    def of(self, kind: HsdsObject) -> list[Kept]:
        """All entries that are this."""
        return [entry for entry in self._entries.values() if entry.kind is kind]

    def nested(self, entry: Kept, *, deep: bool = True, leave_out: Above = frozenset()) -> dict[str, Any]:
        """An entry in full, or with its one-to-one fields alone."""
        return self._nested(entry.kind, entry.body, entry.belongs_to, leave_out, deep)

    def place(self, service: Kept, place: Mapping[str, Any], *, deep: bool = True) -> dict[str, Any]:
        """A service at a location: the place with its location, and with the service inside of it."""
        turned = {**place, "service": {"id": str(service.reference)}}
        return self._nested(HsdsObject.SERVICE_AT_LOCATION, turned, None, frozenset(), deep)

    def _nested(
        self, kind: HsdsObject, body: Mapping[str, Any], belongs_to: UUID | None, above: Above, deep: bool
    ) -> dict[str, Any]:
        shape, inside = SHAPES[kind], above | {kind}
        self._shown |= {(kind, UUID(body["id"]))} if kind in ENTRIES else set()
        shown = {name: value for name, value in body.items() if name not in shape.lists and name not in shape.ones}
        for name, (named, by) in shape.ones.items():
            place = belongs_to if name == "organization" else None
            identity = body.get(name, {}).get("id") or body.get(by) or place
            target = self.find(named, identity) if identity else None
            if target is not None and named not in inside:
                shown[name] = self._nested(named, target.body, target.belongs_to, inside, deep)
            elif target is None and not self._whole:
                shown.pop(by, None)
            elif target is None and name in body:
                shown[by] = identity
        if deep:
            shown |= self._lists(kind, body, inside)
        return shown

    def _lists(self, kind: HsdsObject, body: Mapping[str, Any], inside: Above) -> dict[str, Any]:
        shown = {}
        for name, inner in SHAPES[kind].lists.items():
            if inner in inside:
                continue
            if inner in ENTRIES:
                here = self._belonging.get((UUID(body["id"]), inner), ())
                entries = [self._nested(inner, one.body, one.belongs_to, inside, True) for one in here]
                if entries:
                    shown[name] = entries
            elif name in body:
                shown[name] = [self._nested(inner, part, None, inside, True) for part in body[name]]
        return shown

    def package(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, nested: services, then what stood in none of them."""
        self._shown.clear()
        package: dict[str, list[dict[str, Any]]] = {}
        for kind in dict.fromkeys((*ROOTS, *SHAPES)):
            for entry in self.of(kind):
                if (kind, entry.reference) not in self._shown:
                    leave_out = frozenset({HsdsObject.SERVICE}) if kind is HsdsObject.ORGANIZATION else frozenset()
                    package.setdefault(kind.value, []).append(self.nested(entry, leave_out=leave_out))
        return package

    def tables(self) -> Tables:
        """Everything in the tabular layout."""
        return tables_of(row for entry in self._entries.values() for row in self._rows(entry))

    def _rows(self, entry: Kept) -> Iterator[tuple[HsdsObject, dict[str, Any]]]:
        body = entry.body
        if not self._whole and "service_at_locations" in body:
            # A place whose location nobody outside is told of is no place in a table either.
            body = {**body, "service_at_locations": [place for place in body["service_at_locations"] if self.at(place)]}
        yield from rows_of(entry.kind, body, entry.belongs_to)

    def at(self, place: Mapping[str, Any]) -> Kept | None:
        """The location of a place, if it is on the shelf."""
        return self.find(HsdsObject.LOCATION, place.get("location", {}).get("id") or place.get("location_id"))


def named_in(kind: HsdsObject, body: Mapping[str, Any]) -> Iterator[UUID]:
    """The ids of the entries that an entry or any of its parts names."""
    shape = SHAPES[kind]
    for name, (_, by) in shape.ones.items():
        if identity := body.get(name, {}).get("id") or body.get(by):
            yield UUID(identity)
    for name, inner in shape.lists.items():
        for part in body.get(name, ()):
            yield from named_in(inner, part)
