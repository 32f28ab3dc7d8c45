"""The published schemas of HSDS, from a folder that is named: our declaration and our output against each of them.

`make proof HSDS_SCHEMAS=DIR` names it: a checkout of openreferral/specification, or any folder that holds its schemas
(and, where it has them, its examples). They are not ours to copy, and nothing else here needs them.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.rooms.packaging import BEDS, HARBOR, ROOT, in_order, named, night_service
from tests.rooms.test_directory_packages import archive, by_name, shelf
from tests.world import House, ok
from true_api.rooms.directory.judging import FORMS, BrokenPackage
from true_api.rooms.directory.packages import read_package
from true_api.rooms.directory.shapes import FILES, SHAPES, HsdsObject
from true_api.rooms.directory.shelf import Shelf
from true_api.rooms.directory.tabular import read_archive, written

FOLDER = os.environ.get("HSDS_SCHEMAS", "")
NO_FOLDER = "The published schemas are not here: make proof HSDS_SCHEMAS=DIR names their folder."
pytestmark = [pytest.mark.proof, pytest.mark.skipif(not FOLDER, reason=NO_FOLDER)]

OURS = {
    HsdsObject.ORGANIZATION: {"additional_websites", "services"},
    HsdsObject.SERVICE: {"additional_urls", "capacities"},
    HsdsObject.SERVICE_AT_LOCATION: {"service", "service_areas"},
    HsdsObject.SERVICE_AREA: {"service_at_location_id"},
    HsdsObject.ATTRIBUTE: {"label", "attributes"},
}
"""What stands in later versions, in the examples, or in every object alike, and not in each published schema."""
ALIKE = {"attributes", "metadata"}
FORMATS = {"uuid": "uuid", "email": "email", "uri": "uri", "date-time": "instant"}
LAYS_OUT = {"date": "date", "time": "time"}


@cache
def published() -> dict[str, dict[str, Any]]:
    """The schema of each object by its name; where a folder holds two versions, the later."""
    found = {}
    for file in sorted(Path(FOLDER).rglob("*.json")):
        if "compiled" in file.parts or "examples" in file.parts:
            continue
        schema = json.loads(file.read_text())
        if schema.get("type") == "object" and "properties" in schema and file.stem in set(HsdsObject):
            found[file.stem] = schema
    return found


@cache
def registry() -> Registry[Any]:
    """The schemas by the names with which they name each other; one that is not in the folder lets anything pass."""

    def retrieve(uri: str) -> Resource[Any]:
        schema = published().get(uri.rpartition("/")[2].removesuffix(".json"), {})
        plain = {key: value for key, value in schema.items() if key != "$id"}
        return Resource.from_contents(plain, default_specification=DRAFT202012)

    return Registry(retrieve=retrieve)  # type: ignore[call-arg]


def wrong(kind: str, value: Any) -> list[str]:
    """Where a value breaks the published schema of an object."""
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator({"$ref": f"{kind}.json"}, registry=registry(), format_checker=checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def wrong_row(kind: str, row: dict[str, Any]) -> list[str]:
    """The same of a flat row, in which ids stand for what would be nested."""
    schema = published().get(kind, {})
    needed = {*schema.get("required", ()), *schema.get("tabular_required", ())} - {*SHAPES[HsdsObject(kind)].ones}
    checker = Draft202012Validator.FORMAT_CHECKER
    flat = {"properties": schema.get("properties", {}), "required": sorted(needed)}
    validator = Draft202012Validator(flat, registry=registry(), format_checker=checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(row)]


def test_there_are_schemas_to_hold_ours_against() -> None:
    assert published().keys() >= {kind.value for kind in HsdsObject} - {"url", "service_capacity", "unit"}


def test_our_declaration_says_what_the_published_schemas_say() -> None:
    for name, schema in published().items():
        kind, shape = HsdsObject(name), SHAPES[HsdsObject(name)]
        required = {field for field, known in shape.fields.items() if known.required}
        assert required == {*schema["required"]} - {"unit"}, name
        in_csv = {field for field, known in shape.fields.items() if known.required_in_csv}
        assert in_csv == (required | {*schema.get("tabular_required", ())}), name
        declared = {*shape.fields, *shape.lists, *shape.ones}
        assert schema["properties"].keys() <= declared, name
        assert declared - schema["properties"].keys() - ALIKE <= OURS.get(kind, set()), name
        for field, told in schema["properties"].items():
            assert _declared(kind, field) == _told(told), f"{name}.{field}"


def _declared(kind: HsdsObject, field: str) -> tuple[str, Any]:
    shape = SHAPES[kind]
    if field in shape.lists:
        return "list", shape.lists[field].value
    if field in shape.ones:
        return "one", shape.ones[field][0].value
    form = shape.fields[field].format
    terms = {"weekday", "freq", "service_status", "location_type", "address_type"}
    return ("term", None) if form in terms else (form or "text", None)


def _told(told: dict[str, Any]) -> tuple[str, Any]:
    if told.get("type") == "array":
        return "list", told["items"]["$ref"].removesuffix(".json")
    if "$ref" in told:
        return "one", told["$ref"].removesuffix(".json")
    if "enum" in told:
        return "term", None
    if told["type"] == "number":
        return "number", None
    return FORMATS.get(told.get("format", ""), LAYS_OUT.get(told.get("datapackage_type", ""), "text")), None


def test_our_terms_are_the_published_ones_and_redacted() -> None:
    checked = 0
    for name, schema in published().items():
        for field, told in schema["properties"].items():
            if "enum" in told:
                lets, _, _ = FORMS[SHAPES[HsdsObject(name)].fields[field].format or ""]
                assert all(map(lets, told["enum"]))
                assert not lets("another")
                checked += 1
    assert checked >= 4
    assert FORMS["location_type"][0]("redacted")


async def test_what_we_give_validates_against_the_published_schemas(house: House) -> None:
    ok(await house.supervisor.post("/v1/directory/imports", {"service": [night_service()], "taxonomy_term": [ROOT]}))
    judged = 0
    for path, kind in (
        (f"services/{named('night')}", "service"),
        (f"service_at_locations/{named('night at pier')}", "service_at_location"),
        (f"organizations/{HARBOR['id']}?full_service=true", "organization"),
        (f"taxonomies/{named('taxonomy')}", "taxonomy"),
        (f"taxonomy_terms/{BEDS['id']}", "taxonomy_term"),
    ):
        assert wrong(kind, ok(await house.http.get(f"/hsds/{path}"))) == [], path
        page = ok(await house.http.get(f"/hsds/{path.partition('/')[0]}"))
        assert [wrong(kind, one) for one in page["contents"]] == [[] for _ in page["contents"]]
        judged += len(page["contents"])
    assert judged >= 6
    for query in ("", "?audience=program"):
        tables = ok(await house.supervisor.get(f"/v1/directory/export{query}"))
        assert [fault for kind, rows in tables.items() for row in rows for fault in wrong_row(kind, row)] == []
    nested = ok(await house.supervisor.get("/v1/directory/export?layout=nested"))
    assert [wrong(kind, one) for kind, listed in nested.items() for one in listed if wrong(kind, one)] == []


def _by_example(kind: str, above: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object made of the examples that its published schema gives of every field."""
    made: dict[str, Any] = {}
    for field, told in published()[kind]["properties"].items():
        inner = told.get("items", told).get("$ref", "").removesuffix(".json")
        if inner:
            if inner in published() and inner not in above and inner != kind:
                one = _by_example(inner, (*above, kind))
                made[field] = [one] if told.get("type") == "array" else one
        elif "example" in told and not field.endswith("_id"):
            made[field] = float(told["example"]) if told["type"] == "number" else str(told["example"])
    return made


def test_the_examples_in_the_published_schemas_come_out_again_equal() -> None:
    for kind in ("service", "organization", "location", "taxonomy_term"):
        made = _by_example(kind)
        assert wrong(kind, made) == [], kind
        read = shelf(read_package({kind: [made]}))
        assert in_order(read.nested(read.of(HsdsObject(kind))[0])) == in_order(made), kind
        tables = read.tables()
        assert in_order(by_name(shelf(read_archive(written(tables))).tables())) == in_order(by_name(tables))


def _examples(pattern: str) -> Iterator[Path]:
    for folder in sorted({file.parent for file in Path(FOLDER).rglob(pattern) if "examples" in file.parts}):
        yield from sorted(folder.glob(pattern))


def test_the_example_files_of_the_specification_come_out_again_equal() -> None:
    files = [file for file in _examples("*.json") if file.name not in ("base.json", "datapackage.json")]
    if not files:
        pytest.skip("This folder holds schemas and no examples.")
    for file in files:
        given = json.loads(file.read_text())
        if _breaks_its_schema(given):
            with pytest.raises(BrokenPackage):
                read_package(given)
            continue
        read = shelf(read_package(given))
        if file.name.startswith("tabular"):
            assert in_order(by_name(read.tables())) == in_order(given), file.name
        for one in given.get("contents", [given] if "id" in given else []):
            assert in_order(_shown(read, one, deep="contents" not in given)) == in_order(one), file.name


def _shown(read: Shelf, given: dict[str, Any], deep: bool) -> dict[str, Any]:
    """An example as the read profile shows it."""
    if "service" in given:
        service = read.find(HsdsObject.SERVICE, given["service"]["id"])
        assert service is not None
        (place,) = service.body["service_at_locations"]
        return read.place(service, place, deep=deep)
    entry = next(found for kind in HsdsObject if (found := read.find(kind, given["id"])) is not None)
    shown = read.nested(entry, deep=deep)
    if "services" in given:
        inside = frozenset({HsdsObject.ORGANIZATION})
        theirs = [one for one in read.of(HsdsObject.SERVICE) if one.belongs_to == entry.reference]
        shown["services"] = [read.nested(one, leave_out=inside) for one in theirs]
    return shown


def _breaks_its_schema(given: dict[str, Any]) -> bool:
    """An old example in tables, which its own schema refuses, is refused here as well."""
    return "id" not in given and any(
        wrong_row(name, row) for name, rows in given.items() if name in set(HsdsObject) for row in rows
    )


def test_the_example_tables_of_the_specification_come_out_again_equal() -> None:
    files = [file for file in _examples("*.csv") if file.parent.name == "csv" and file.stem in FILES]
    if not files:
        pytest.skip("This folder holds schemas and no tables.")
    packed = archive(**{file.stem: file.read_text() for file in files})
    tables = shelf(read_archive(packed)).tables()
    assert set(tables) == {FILES[file.stem] for file in files}
    assert in_order(by_name(shelf(read_archive(written(tables))).tables())) == in_order(by_name(tables))
