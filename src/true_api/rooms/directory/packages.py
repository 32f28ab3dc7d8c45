"""Packages of HSDS in JSON: told apart by their layout, judged whole, and taken apart into entries.

Taken are a nested object, a list of them, a page of them (`contents`), and lists by the name of the object, nested or
in the tabular layout. An entry holds its parts as they were given; another entry that was nested in it stands on its
own, and where it was named by nothing but its place, only its id stays behind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from true_api.rooms.directory.judging import Faults, judge
from true_api.rooms.directory.shapes import ENTRIES, FILES, SHAPES, HsdsObject
from true_api.rooms.directory.tables_in_json import Given, standing_together

Key = tuple[HsdsObject, UUID]
Seen = dict[tuple[HsdsObject, str], Mapping[str, Any]]
DETECTED = (
    HsdsObject.ORGANIZATION,
    HsdsObject.SERVICE,
    HsdsObject.LOCATION,
    HsdsObject.SERVICE_AT_LOCATION,
    HsdsObject.TAXONOMY,
    HsdsObject.TAXONOMY_TERM,
)
"""What a single object may be; the first of them whose shape it has."""
ONLY_ID = {"id"}


@dataclass
class Entry:
    """One entry with its parts inside, and the organization that it belongs to."""

    kind: HsdsObject
    id: UUID
    body: dict[str, Any]
    belongs_to: UUID | None = None

    @property
    def key(self) -> Key:
        """What it is, and which one."""
        return self.kind, self.id

    @property
    def redacted(self) -> bool:
        """Whether nobody outside of the program is told where this is."""
        return self.body.get("location_type") == "redacted"


@dataclass
class Package:
    """What came in: entries by what they are and which one; `whole` where they are said in full, lists and all."""

    whole: bool
    entries: dict[Key, Entry] = field(default_factory=dict)


def read_entry(kind: HsdsObject, value: Any) -> Package:
    """One nested object that takes no field beside those of the specification. Raises `BrokenPackage`."""
    faults = Faults(strict=True)
    if not isinstance(value, dict):
        faults.add("", "object_expected", "This is a JSON object.")
        faults.settle()
    _judge_all(Given(kind, value, ""), faults, {})
    faults.settle()
    return taken_apart([Given(kind, value, "")], whole=False)


def read_package(value: Any) -> Package:
    """A JSON package. Raises `BrokenPackage` with a pointer to everything that is wrong."""
    faults = Faults()
    given = list(_laid_out(value, faults))
    faults.settle()
    flat = _is_tabular(value, given)
    seen: Seen = {}
    for one in given:
        _judge_all(one, faults, seen)
    faults.settle()
    return taken_apart(standing_together(given) if flat else given, whole=flat)


def taken_apart(given: list[Given], whole: bool) -> Package:
    """The entries in what was given, which was judged before."""
    package = Package(whole)
    for one in given:
        _take(package, one, None)
    return package


def _laid_out(value: Any, faults: Faults) -> Iterator[Given]:
    if isinstance(value, list):
        yield from _each(None, value, "", faults)
    elif not isinstance(value, dict):
        faults.add("", "package_expected", "A package is a JSON object or a list of them.")
    elif isinstance(value.get("contents"), list):
        yield from _each(None, value["contents"], "/contents", faults)
    elif "id" in value:
        yield Given(_detected(value), value, "")
    elif not value:
        faults.add("", "empty_package", "There is nothing in this package.")
    else:
        yield from _by_name(value, faults)


def _by_name(value: Mapping[str, Any], faults: Faults) -> Iterator[Given]:
    for name, listed in value.items():
        if name not in FILES:
            faults.add("", "unknown_object", "A member of the package is no object of the specification.")
        elif not isinstance(listed, list):
            faults.add(f"/{FILES[name].value}", "list_expected", "This is a list of JSON objects.")
        else:
            yield from _each(FILES[name], listed, f"/{name}", faults)


def _each(kind: HsdsObject | None, listed: list[Any], at: str, faults: Faults) -> Iterator[Given]:
    for number, one in enumerate(listed):
        if not isinstance(one, dict):
            faults.add(f"{at}/{number}", "object_expected", "This is a JSON object.")
        else:
            yield Given(kind or _detected(one), one, f"{at}/{number}")


def _detected(given: Mapping[str, Any]) -> HsdsObject:
    """What an object is by its fields: the first whose shape it has, else the one with which it has most in common."""

    def known(kind: HsdsObject) -> set[str]:
        shape = SHAPES[kind]
        return {*shape.fields, *shape.lists, *shape.ones}

    def fits(kind: HsdsObject) -> bool:
        needed = {name for name, field in SHAPES[kind].fields.items() if field.required}
        return needed <= given.keys() <= known(kind)

    whole = next((kind for kind in DETECTED if fits(kind)), None)
    return whole or max(DETECTED, key=lambda kind: len(known(kind) & given.keys()))


def _is_tabular(value: Any, given: list[Given]) -> bool:
    """Whether this is the tabular layout: lists by name, with nothing nested in anything."""
    by_name = isinstance(value, dict) and not {"id", "contents"} & value.keys()
    return by_name and not any(
        name in one.body for one in given for name in (*SHAPES[one.kind].lists, *SHAPES[one.kind].ones)
    )


def _judge_all(one: Given, faults: Faults, seen: Seen) -> None:
    judge(one.kind, one.body, one.at, faults)
    if isinstance(identity := one.body.get("id"), str):
        plain = {name: value for name, value in one.body.items() if name in SHAPES[one.kind].fields}
        known = seen.setdefault((one.kind, identity.lower()), plain)
        if any(known[name] != plain[name] for name in plain.keys() & known.keys() - SHAPES[one.kind].places()):
            faults.add(one.at, "contradiction", "The same object is given elsewhere, and says something else there.")
    for inner in _inside(one):
        _judge_all(inner, faults, seen)


def _inside(one: Given) -> Iterator[Given]:
    """The objects that stand in an object; what an organization names by an id alone is given elsewhere."""
    shape = SHAPES[one.kind]
    for name, kind in shape.lists.items():
        for number, inner in enumerate(_dicts(one.body.get(name))):
            if not (kind in ENTRIES and inner.keys() == ONLY_ID):
                yield Given(kind, inner, f"{one.at}/{name}/{number}")
    for name, (kind, _) in shape.ones.items():
        if isinstance(one.body.get(name), dict):
            yield Given(kind, one.body[name], f"{one.at}/{name}")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _take(package: Package, one: Given, organization: str | None) -> None:
    """Take an entry, or a part that stands by itself, into the package with the entries that are nested in it."""
    body = one.body
    if one.kind is HsdsObject.SERVICE_AT_LOCATION and isinstance(body.get("service"), dict):
        # The specification's other way round: the service stands inside of the place where it is given.
        rest = {name: value for name, value in body.items() if name != "service"}
        turned = {**body["service"], "service_at_locations": [rest]}
        _take(package, Given(HsdsObject.SERVICE, turned, one.at), None)
        return
    kept = _kept(package, one)
    named = kept.get("organization_id") or kept.get("organization", {}).get("id") or organization
    belongs = UUID(named) if one.kind in ENTRIES and named else None
    entry = Entry(one.kind, UUID(body["id"]), kept, belongs)
    known = package.entries.setdefault(entry.key, entry)
    if known is not entry:
        _unite(known, entry)


def _kept(package: Package, one: Given) -> dict[str, Any]:
    """An object with its parts; the entries in it are taken out of it."""
    shape, kept = SHAPES[one.kind], dict(one.body)
    for inner in _inside(one):
        if inner.kind in ENTRIES:
            _take(package, inner, one.body["id"] if one.kind is HsdsObject.ORGANIZATION else None)
    for name, kind in shape.lists.items():
        if name in kept and kind in ENTRIES:
            del kept[name]
        elif name in kept:
            kept[name] = [_kept(package, Given(kind, part, one.at)) for part in kept[name]]
    for name, (_, by) in shape.ones.items():
        if name in kept:
            identity = kept.pop(name)["id"]
            if by not in kept:
                kept[name] = {"id": identity}
    return kept


def _unite(known: Entry, again: Entry) -> None:
    """The same entry was given more than once, and may say less at one time than at the other."""
    for name, value in again.body.items():
        held = known.body.setdefault(name, value)
        if held is not value and name in SHAPES[known.kind].lists:
            ids = {part["id"].lower() for part in held}
            known.body[name] = [*held, *(part for part in value if part["id"].lower() not in ids)]
    known.belongs_to = known.belongs_to or again.belongs_to
