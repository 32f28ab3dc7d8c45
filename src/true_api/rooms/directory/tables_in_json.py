"""The tabular layout of HSDS: flat rows by object, which name their places, and the nested objects that they make."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from true_api.rooms.directory.shapes import ENTRIES, FILES, LINKS, SHAPES, HsdsObject

FlatRow = dict[str, Any]
Tables = dict[HsdsObject, list[FlatRow]]
Place = tuple[HsdsObject, str]


@dataclass(frozen=True)
class Given:
    """One object as it was given, and where."""

    kind: HsdsObject
    body: dict[str, Any]
    at: str


def standing_together(rows: Iterable[Given]) -> list[Given]:
    """Rows of tables as nested objects: each part inside everything that it names as its place, or by itself."""
    bodies = [Given(row.kind, dict(row.body), row.at) for row in rows]
    index = {(row.kind, row.body["id"].lower()): row.body for row in bodies}
    by_id = {identity: kind for kind, identity in index}
    alone = []
    for row in bodies:
        places = [] if row.kind in ENTRIES else [place for place in _places(row, index, by_id) if place in index]
        for place in places:
            name = next(name for name, inner in SHAPES[place[0]].lists.items() if inner is row.kind)
            index[place].setdefault(name, []).append(row.body)
        if not places:
            alone.append(row)
    return alone


def _places(row: Given, index: Mapping[Place, Any], by_id: Mapping[str, HsdsObject]) -> Iterator[Place]:
    if row.kind in LINKS:
        by, named = LINKS[row.kind]
        identity = row.body.get(by, "").lower()
        said = FILES.get(row.body.get(named, ""))
        # Packages name the table in many ways: an id says by itself what it is the id of.
        found = said if said and (said, identity) in index else by_id.get(identity)
        if found is not None and found is not row.kind:
            yield found, identity
        return
    for name, kind in SHAPES[row.kind].leads().items():
        if name in row.body and row.kind in SHAPES[kind].lists.values():
            yield kind, row.body[name].lower()


def rows_of(kind: HsdsObject, body: Mapping[str, Any], belongs_to: UUID | None) -> Iterator[tuple[HsdsObject, FlatRow]]:
    """An entry and its parts as flat rows, each with the places where it stands; one object may come more than once."""
    yield from _laid_flat(kind, body, {"organization_id": str(belongs_to)} if belongs_to else {})


def _laid_flat(
    kind: HsdsObject, body: Mapping[str, Any], place: Mapping[str, str]
) -> Iterator[tuple[HsdsObject, FlatRow]]:
    shape = SHAPES[kind]
    row = {name: value for name, value in body.items() if name not in shape.lists and name not in shape.ones}
    for name, (_, by) in shape.ones.items():
        if name in body:
            row[by] = body[name]["id"]
    yield kind, {**{name: value for name, value in place.items() if name in shape.fields}, **row}
    for name, inner in shape.lists.items():
        for part in body.get(name, ()):
            if inner in LINKS:
                by, named = LINKS[inner]
                yield from _laid_flat(inner, part, {by: body["id"], named: kind.value})
            else:
                yield from _laid_flat(inner, part, {f"{kind.value}_id": body["id"]})


def tables_of(rows: Iterable[tuple[HsdsObject, FlatRow]]) -> Tables:
    """One row for each object, with all places that it can name.

    A row names one place of a kind. What stands in two of them gets a second row under an id of its own, made from
    both, as the specification says of contacts.
    """
    tables: dict[HsdsObject, dict[str, FlatRow]] = {}
    for kind, row in rows:
        table, places = tables.setdefault(kind, {}), SHAPES[kind].places()
        known = table.setdefault(row["id"].lower(), row)
        if any(known[name] != row[name] for name in places & row.keys() & known.keys()):
            here = "|".join(str(row.get(name)) for name in sorted(places))
            other = str(uuid5(UUID(row["id"]), here))
            table.setdefault(other, {**row, "id": other})
        else:
            known.update({name: value for name, value in row.items() if name not in known})
    return {kind: list(tables[kind].values()) for kind in SHAPES if kind in tables}
