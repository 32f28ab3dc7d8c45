"""Packages of HSDS: what came in comes out again equal, in each layout; and what is wrong is told where it is."""

import io
import json
from types import SimpleNamespace
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.rooms.packaging import HARBOR, PIER, in_order, named, night_service, phone
from true_api.rooms.directory import tabular
from true_api.rooms.directory.judging import MOST_FAULTS, BrokenPackage
from true_api.rooms.directory.packages import Package, read_package
from true_api.rooms.directory.shapes import SHAPES, HsdsObject
from true_api.rooms.directory.shelf import Shelf
from true_api.rooms.directory.tables_in_json import Tables
from true_api.rooms.directory.tabular import read_archive, written


def shelf(package: Package, whole: bool = True) -> Shelf:
    """The entries of a package, as the directory would have them."""
    rows = [
        SimpleNamespace(kind=entry.kind, reference=entry.id, belongs_to=entry.belongs_to, body=entry.body)
        for entry in package.entries.values()
    ]
    return Shelf(rows, whole)


def by_name(tables: Tables) -> dict[str, Any]:
    return {kind.value: rows for kind, rows in tables.items()}


def faults(read: Any, value: Any) -> dict[str, str]:
    """What a refusal says: codes by pointer."""
    with pytest.raises(BrokenPackage) as refused:
        read(value)
    return {fault.pointer: fault.code for fault in refused.value.faults}


def archive(**files: str) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as inside:
        for name, text in files.items():
            inside.writestr(f"{name}.csv", text)
    return packed.getvalue()


def test_a_nested_package_comes_out_again_equal() -> None:
    for given_as in (
        night_service(),
        [night_service()],
        {"contents": [night_service()]},
        {"service": [night_service()]},
    ):
        assert in_order(shelf(read_package(given_as)).package()) == in_order({"service": [night_service()]})


def test_a_package_in_tables_comes_out_again_equal_as_json_and_as_an_archive() -> None:
    tables = shelf(read_package(night_service())).tables()
    assert {kind.value for kind in tables} >= {"service", "organization", "phone", "language", "metadata", "unit"}
    as_json = shelf(read_package(json.loads(json.dumps(by_name(tables))))).tables()
    assert in_order(by_name(as_json)) == in_order(by_name(tables))
    as_archive = shelf(read_archive(written(tables))).tables()
    assert in_order(by_name(as_archive)) == in_order(by_name(tables))


def test_from_tables_to_nested_and_back_nothing_is_lost() -> None:
    tables = shelf(read_package(night_service())).tables()
    nested = shelf(read_archive(written(tables))).package()
    assert in_order(by_name(shelf(read_package(nested)).tables())) == in_order(by_name(tables))


def test_one_telephone_in_many_places_is_one_row_that_names_them_all() -> None:
    desk = phone("desk")
    service = night_service(phones=[desk], contacts=[{"id": named("desk"), "phones": [desk]}])
    rows = shelf(read_package(service)).tables()[HsdsObject.PHONE]
    assert rows == [{**desk, "service_id": service["id"], "contact_id": named("desk")}]


def test_what_stands_in_two_places_of_one_kind_gets_a_second_row_and_comes_out_as_it_went_in() -> None:
    desk = phone("desk")
    other = night_service(id=named("other"), name="Other", service_at_locations=[], phones=[desk], contacts=[])
    package = {"service": [night_service(phones=[desk], contacts=[]), other]}
    read = shelf(read_package(package))
    assert in_order(read.package()) == in_order(package)
    rows = read.tables()[HsdsObject.PHONE]
    assert {row["service_id"] for row in rows} == {named("night"), named("other")}
    assert len({row["id"] for row in rows}) == 2


def test_a_place_given_with_its_service_inside_is_the_same_the_other_way_round() -> None:
    service = night_service()
    place = {**service.pop("service_at_locations")[0], "service": service}
    assert in_order(shelf(read_package(place)).package()) == in_order({"service": [night_service()]})


def test_rows_that_lead_nowhere_are_kept_as_they_are() -> None:
    tables = {"phone": [{"id": named("lost"), "number": "1", "service_id": named("nobody")}]}
    assert by_name(shelf(read_package(tables)).tables()) == tables


def test_fields_of_a_profile_of_their_own_come_along() -> None:
    service = {"id": named("own"), "name": "Own", "status": "active", "own_field": {"deep": [1, "two"]}}
    assert shelf(read_package(service)).package() == {"service": [service]}


texts = some.text(some.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
numbers = some.integers(-(10**6), 10**6) | some.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 4))


def _services(names: list[str]) -> some.SearchStrategy[dict[str, Any]]:
    """Services with some of their parts, by names that are used once."""
    own = {
        "id": some.just(named(names[0])),
        "name": texts,
        "status": some.sampled_from(["active", "defunct"]),
        "organization": some.just(HARBOR),
    }
    inner = some.lists(some.sampled_from(names[1:]), max_size=3, unique=True)
    parts = inner.map(lambda chosen: [{"id": named(name), "number": name} for name in chosen])
    more = {"description": texts, "minimum_age": numbers, "alert": texts, "phones": parts}
    return some.fixed_dictionaries(own, optional=more)


packages = some.lists(
    some.sampled_from([["a", "b", "c", "d"], ["e", "f", "g", "h"], ["i", "j", "k", "l"]]), max_size=3, unique_by=tuple
).flatmap(lambda chosen: some.tuples(*map(_services, chosen)))


@given(packages)
@settings(deadline=None, max_examples=25)
def test_any_package_comes_out_again_equal(made: tuple[dict[str, Any], ...]) -> None:
    read = shelf(read_package({"service": list(made)}) if made else Package(whole=True))
    assert in_order(read.package().get("service", [])) == in_order(list(made))
    tables = by_name(read.tables())
    assert not tables or in_order(by_name(shelf(read_package(tables)).tables())) == in_order(tables)
    if made:
        # A cell cannot tell an empty text from none.
        filled = {
            kind: [{name: value for name, value in row.items() if value != "" or name == "name"} for row in rows]
            for kind, rows in tables.items()
        }
        unpacked = by_name(shelf(read_archive(written(read.tables()))).tables())
        assert in_order(unpacked) == in_order(filled)


def test_everything_that_is_wrong_is_told_where_it_is_and_never_what_it_was() -> None:
    broken = night_service(status="closed", minimum_age="18", phones=[{"id": named("p")}], url="no address", email=4)
    broken["service_at_locations"][0]["location"] = {**PIER, "location_type": "hidden", "addresses": {}}
    assert faults(read_package, {"service": [broken, 4], "shops": []}) == {
        "/service/1": "object_expected",
        "": "unknown_object",
    }
    assert faults(read_package, {"service": [broken]}) == {
        "/service/0/status": "unknown_term",
        "/service/0/minimum_age": "number_expected",
        "/service/0/url": "uri_expected",
        "/service/0/email": "text_expected",
        "/service/0/phones/0/number": "missing",
        "/service/0/service_at_locations/0/location/location_type": "unknown_term",
        "/service/0/service_at_locations/0/location/addresses": "list_expected",
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", "night", "uuid_expected"),
        ("name", None, "text_expected"),
        ("name", "x" * 100_001, "too_long"),
        ("assured_date", "2026-02-30", "date_expected"),
        ("last_modified", "yesterday", "instant_expected"),
        ("email", "nobody", "email_expected"),
        ("minimum_age", True, "number_expected"),
        ("organization", [], "object_expected"),
        ("phones", [4], "list_expected"),
    ],
)
def test_a_field_of_another_form_is_refused(field: str, value: Any, code: str) -> None:
    assert faults(read_package, night_service(**{field: value})) == {f"/{field}": code}


@pytest.mark.parametrize("opens", ["8", "25:00", "08:61", "eight"])
def test_hours_are_times_of_day(opens: str) -> None:
    hours = [{"id": named("hours"), "opens_at": opens, "wkst": "MON", "freq": "DAILY"}]
    assert faults(read_package, night_service(schedules=hours)) == {
        "/schedules/0/opens_at": "time_expected",
        "/schedules/0/wkst": "unknown_term",
        "/schedules/0/freq": "unknown_term",
    }


def test_the_same_object_never_says_two_things() -> None:
    other = {**HARBOR, "name": "Another house"}
    second = night_service(id=named("second"), organization=other)
    assert faults(read_package, {"service": [night_service(), second]}) == {"/service/1/organization": "contradiction"}


@pytest.mark.parametrize("value", [4, "text", None, {}, {"service": {}}])
def test_what_is_no_package_at_all_is_refused(value: Any) -> None:
    assert faults(read_package, value).keys() <= {"", "/service"}


def test_no_report_is_longer_than_somebody_reads() -> None:
    with pytest.raises(BrokenPackage) as refused:
        read_package({"service": [{} for _ in range(MOST_FAULTS)]})
    assert len(refused.value.faults) == MOST_FAULTS


SERVICES = "id,organization_id,name,status,minimum_age\n"


def test_in_an_archive_file_line_and_column_are_told() -> None:
    night, harbor = named("night"), named("harbor")
    text = f'{SERVICES}{night},{harbor},"Night\nbeds",active,18\n{night},,,open,old\n,,,,\n1,2,3,4,5,6\n'
    assert faults(read_archive, archive(services=text)) == {
        "services.csv:4/organization_id": "missing",
        "services.csv:4/status": "unknown_term",
        "services.csv:4/minimum_age": "number_expected",
        "services.csv:4/id": "contradiction",
        "services.csv:6": "broken_table",
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no archive", "not_an_archive"),
        (archive(), "empty_package"),
        (archive(shops="id\n1\n"), "unknown_object"),
        (archive(services="id,id\n"), "broken_table"),
        (archive(services='id\n"'), "broken_table"),
        (archive(services="id\n\0\n"), "broken_table"),
        (archive(services=SERVICES)[:-30], "not_an_archive"),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused(content: bytes, code: str) -> None:
    assert set(faults(read_archive, content).values()) == {code}


def test_an_archive_is_unpacked_no_further_than_a_directory_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MOST_BYTES", 100_000)
    swollen = archive(services="x" * 10_000_000)
    assert len(swollen) < 20_000
    assert faults(read_archive, swollen) == {"": "too_large"}
    assert faults(read_archive, archive(**{f"file{number}": "" for number in range(65)})) == {"": "too_many_files"}


def test_text_that_is_not_utf_8_is_refused() -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as inside:
        inside.writestr("services.csv", b"id\n\xff\n")
    assert faults(read_archive, packed.getvalue()) == {"": "not_utf8"}


def test_an_archive_may_say_itself_what_its_files_hold() -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as inside:
        inside.writestr("a/list.csv", f"{SERVICES}{named('night')},{named('harbor')},Night,active,\n")
        inside.writestr("datapackage.json", json.dumps({"resources": [{"name": "service", "path": "list.csv"}]}))
    (entry,) = read_archive(packed.getvalue()).entries.values()
    assert entry.kind is HsdsObject.SERVICE


def test_every_object_says_in_which_file_its_rows_stand() -> None:
    files = [shape.file for shape in SHAPES.values()]
    assert len(set(files)) == len(files) == len(HsdsObject)
