"""The directory through its doors: who keeps what, who reads what, packages in and out, and the search for a place."""

import io
import json
from typing import Any
from zipfile import ZipFile

from tests.rooms.packaging import BEDS, HARBOR, PIER, ROOT, in_order, named, night_service, phone, weekly
from tests.world import Caller, House, ok, refused
from true_api.rooms.directory.packages import read_package
from true_api.rooms.directory.tabular import read_archive

NIGHT = f"/v1/directory/records/service/{named('night')}"
IMPORTS, EXPORT, SEARCH = "/v1/directory/imports", "/v1/directory/export", "/v1/directory/search"
SHELTER = {**PIER, "id": named("shelter"), "name": "A safe house", "location_type": "redacted"}


async def imports(caller: Caller, package: Any, query: str = "") -> dict[str, Any]:
    return ok(await caller.post(f"{IMPORTS}{query}", package))


async def found(caller: Caller, **asked: Any) -> list[str]:
    """The names of the places that a search finds."""
    return [place["name"] for place in ok(await caller.post(SEARCH, asked))["items"]]


async def test_packages_come_out_again_equal_as_json_and_as_an_archive(house: House) -> None:
    package = {"service": [night_service()], "taxonomy_term": [ROOT]}
    report = await imports(house.supervisor, package)
    assert (report["added"], report["changed"], report["unchanged"], report["loose"]) == (7, 0, 0, 0)
    nested = ok(await house.supervisor.get(f"{EXPORT}?layout=nested&audience=program"))
    assert in_order(nested) == in_order(package)
    tables = ok(await house.supervisor.get(f"{EXPORT}?audience=program"))
    packed = await house.supervisor.get(f"{EXPORT}?audience=program", headers={"Accept": "application/zip"})
    assert set(ZipFile(io.BytesIO(packed.content)).namelist()) > {"services.csv", "datapackage.json"}
    again = await house.supervisor.post(IMPORTS, content=packed.content, headers={"Content-Type": "application/zip"})
    assert ok(again)["added"] == 0
    assert in_order(ok(await house.supervisor.get(f"{EXPORT}?audience=program"))) == in_order(tables)
    key = {"Idempotency-Key": "the-same-package-again"}
    first, retry = [ok(await house.admin.post(IMPORTS, tables, headers=key)) for _ in range(2)]
    assert (first["unchanged"], retry) == (7, first)
    assert read_package(tables).entries.keys() == read_archive(packed.content).entries.keys()


async def test_a_package_that_breaks_its_schema_is_told_where_and_nothing_of_it_is_kept(house: House) -> None:
    good, bad = night_service(), {"id": named("bad"), "status": "open"}
    problem = refused(await house.supervisor.post(IMPORTS, {"service": [good, bad]}), 422, "broken_package")
    assert {fault["pointer"]: fault["code"] for fault in problem["errors"]} == {
        "/service/1/name": "missing",
        "/service/1/status": "unknown_term",
    }
    assert ok(await house.peer.get("/v1/directory/records/service"))["items"] == []
    text = await house.supervisor.post(IMPORTS, content=b"id", headers={"Content-Type": "text/csv"})
    refused(text, 415, "unsupported_media_type")
    broken = await house.supervisor.post(IMPORTS, content=b"PK", headers={"Content-Type": "application/zip"})
    refused(broken, 422, "broken_package")
    nobody = f"{IMPORTS}?kept_by={house.organizations['county']}"
    refused(await house.supervisor.post(nobody, night_service()), 409, "no_keeper")


async def test_an_agency_keeps_its_own_entries_and_no_others(house: House) -> None:
    agency, bridge = house.agency, house.other_agency
    kept = ok(await agency.call("PUT", NIGHT, night_service()))
    assert kept["kept_by"] == str(house.organizations["harbor"])
    theirs = night_service(description="Somebody else's words.")
    refused(await bridge.call("PUT", NIGHT, theirs), 404, "not_found")
    refused(await bridge.call("DELETE", NIGHT), 404, "not_found")
    own = {"id": named("legal"), "name": "Legal desk", "status": "active"}
    there = f"/v1/directory/records/service/{own['id']}"
    moved = {"service_at_locations": [{"id": named("legal at pier"), "location": {**PIER, "name": "Ours"}}]}
    refused(await bridge.call("PUT", there, {**own, **moved}), 409, "kept_by_somebody_else")
    refused(await bridge.call("PUT", there, {**own, "organization_id": HARBOR["id"]}), 409, "kept_by_somebody_else")
    refused(await bridge.call("PUT", there, {**own, "id": named("another")}), 409, "other_entry")
    at_pier = {"service_at_locations": [{"id": named("legal at pier"), "location": PIER}]}
    ok(await bridge.call("PUT", there, {**own, **at_pier}))
    ok(await bridge.call("PUT", there, {**own, "alert": "Closed on Friday."}))
    record = ok(await house.peer.get(there))["record"]
    assert (record["alert"], len(record["service_at_locations"])) == ("Closed on Friday.", 1)
    refused(await bridge.post(IMPORTS, night_service()), 403, "not_permitted")
    refused(await house.peer.call("PUT", there, own), 403, "not_permitted")
    provider = f"/v1/directory/records/organization/{HARBOR['id']}"
    refused(await agency.call("DELETE", provider), 409, "still_named")
    ok(await house.supervisor.call("PUT", NIGHT, theirs))
    assert ok(await agency.get(NIGHT))["kept_by"] == str(house.organizations["harbor"])
    ok(await agency.call("DELETE", NIGHT))
    ok(await agency.call("DELETE", provider))
    refused(await agency.get(NIGHT), 404, "not_found")


async def test_what_is_sent_for_one_entry_is_taken_by_the_specification_alone(house: House) -> None:
    service = night_service()
    service["phones"][0]["owner"] = "somebody"
    problem = refused(await house.supervisor.call("PUT", NIGHT, service), 422, "broken_package")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [("/phones/0", "unknown_field")]
    refused(await house.supervisor.call("PUT", NIGHT, [service]), 422, "broken_package")
    refused(await house.supervisor.call("PUT", NIGHT.replace("service/", "phone/"), service), 404, "not_found")
    refused(await house.supervisor.get("/v1/directory/records/shop"), 404, "not_found")


async def test_where_a_redacted_place_is_nobody_outside_of_the_program_is_told(house: House) -> None:
    place = {"id": named("night at pier"), "location": SHELTER}
    await imports(house.supervisor, night_service(service_at_locations=[place]))
    hidden = await imports(house.supervisor, {"id": named("own"), "name": "Own", "status": "active"}, "?public=false")
    assert hidden["added"] == 1
    again = await imports(house.supervisor, {"id": named("own"), "name": "Own", "status": "active"})
    assert again["unchanged"] == 1, "what is not public stays so"
    inside = ok(await house.peer.get(NIGHT))["record"]["service_at_locations"][0]
    assert inside["location"]["addresses"][0]["address_1"] == "12 Pier Road"
    told = [
        (await caller.get(path)).text
        for caller in (house.agency, house.integrator)
        for path in (NIGHT, "/v1/directory/records/location", EXPORT, f"{EXPORT}?layout=nested")
    ]
    told += [(await house.agency.post(SEARCH, {})).text, (await house.supervisor.get(EXPORT)).text]
    told += [(await house.http.get(f"/hsds/{path}")).text for path in ("services?full=true", "service_at_locations")]
    told += [(await house.http.get(f"/hsds/service_at_locations/{named('night at pier')}")).text]
    for said in told:
        assert "Pier Road" not in said
        assert SHELTER["id"] not in said
        assert named("own") not in said
    refused(await house.agency.get(f"{EXPORT}?audience=program"), 409, "for_the_program_alone")
    refused(await house.agency.get(f"/v1/directory/records/service/{named('own')}"), 404, "not_found")
    (found_inside,) = ok(await house.peer.post(SEARCH, {"text": "beds"}))["items"]
    assert (found_inside["redacted"], found_inside["address"]) == (True, "12 Pier Road, Riverside")
    packed = await house.supervisor.get(EXPORT, headers={"Accept": "application/zip"})
    assert "service_at_location.csv" not in ZipFile(io.BytesIO(packed.content)).namelist()


async def test_an_entry_that_nobody_made_sure_of_for_half_a_year_is_stale(house: House) -> None:
    for assured, stale in (("2026-09-14", False), ("2026-05-03", False), ("2026-05-01", True)):
        ok(await house.supervisor.call("PUT", NIGHT, night_service(assured_date=assured)))
        read = ok(await house.integrator.get(NIGHT))
        assert (read["assured_on"], read["stale"]) == (assured, stale)


async def test_a_place_is_found_by_what_somebody_needs(house: House) -> None:
    await imports(house.admin, {"service": [night_service()], "taxonomy_term": [ROOT]})
    day = night_service(
        id=named("day"),
        name="Day desk",
        maximum_age=25,
        attributes=[],
        languages=[],
        service_areas=[],
        capacities=[],
        schedules=[weekly("day", "MO", "09:00", "17:00")],
        service_at_locations=[],
    )
    closed = night_service(id=named("closed"), name="Closed", status="temporarily closed")
    await imports(house.admin, {"service": [day, closed]})
    zone = {"vocabulary": "zone", "key": "shore", "label": "Shore"}
    ok(await house.admin.post("/v1/vocabularies/terms", zone))
    both = ["Day desk", "Night beds"]
    for asked, names in (
        ({}, both),
        ({"need": "recovery-housing"}, ["Night beds"]),
        ({"taxonomy_term_id": ROOT["id"]}, ["Night beds"]),
        ({"taxonomy_term_id": BEDS["id"]}, ["Night beds"]),
        ({"need": "wound-care"}, []),
        ({"language": "es"}, ["Night beds"]),
        ({"language": "Polish"}, ["Night beds"]),
        ({"age": 17}, []),
        ({"age": 26}, ["Night beds"]),
        ({"zone": "shore"}, ["Night beds"]),
        ({"has_capacity": True}, ["Night beds"]),
        ({"text": "shower KEY"}, both),
        ({"text": "pier"}, ["Night beds"]),
        ({"open_now": True}, ["Day desk"]),
        ({"tonight": True}, []),
    ):
        assert await found(house.peer, **asked) == names, asked
    refused(await house.peer.post(SEARCH, {"zone": "nowhere"}), 409, "no_such_zone")
    refused(await house.peer.post(SEARCH, {"limit": 1, "cursor": "made up"}), 400, "invalid_cursor")
    page = ok(await house.peer.post(SEARCH, {"limit": 1}))
    following = {"limit": 1, "cursor": page["next_cursor"]}
    assert await found(house.peer, **following) == ["Night beds"]
    refused(await house.peer.post(SEARCH, {**following, "age": 20}), 400, "invalid_cursor")
    refused(await house.colleague.post(SEARCH, following), 400, "invalid_cursor")


async def test_what_a_profile_of_its_own_says_elsewhere_harms_no_list_and_no_search(house: House) -> None:
    own = {"languages": 4, "capacities": "none", "name": 5}
    place = {"id": named("night at pier"), "location": {**PIER, "capacities": 4, "assured_date": 7}, **own}
    desk = {"id": named("lost"), "number": "1", "name": 5}
    await imports(house.supervisor, {"service": [night_service(service_at_locations=[place])], "phone": [desk]})
    assert await found(house.peer, language="pl", has_capacity=True) == ["Night beds"]
    for kind in ("location", "phone"):
        assert len(ok(await house.peer.get(f"/v1/directory/records/{kind}"))["items"]) == 1
    assert ok(await house.http.get("/hsds/service_at_locations"))["size"] == 1


async def test_of_tonight_the_program_is_told_what_the_agency_says_and_how_old_that_is(house: House) -> None:
    ok(await house.agency.call("PUT", NIGHT, night_service()))
    ok(await house.agency.call("PUT", "/v1/agency/tonight", {"takes_people_tonight": True, "places": 2}))
    for asked, names in (({"tonight": True}, ["Night beds"]), ({"tonight": True, "need": "mutual-aid"}, [])):
        assert await found(house.peer, **asked) == names
    (place,) = ok(await house.peer.post(SEARCH, {"tonight": True}))["items"]
    assert place["tonight"] == {"takes_people_tonight": True, "places": 2, "minutes_old": 0}
    assert place["free"] == [{"unit": "bed", "available": 3, "updated": "2026-11-01T18:00:00Z"}]
    assert await found(house.other_agency, tonight=True) == []
    assert await found(house.agency, tonight=True) == ["Night beds"]


async def test_a_package_larger_than_a_request_is_taken_in_at_its_own_door_alone(house: House) -> None:
    large = night_service(description="A bed. " * 12_000)
    assert len(json.dumps(large)) > house.settings.body_limit
    refused(await house.supervisor.call("PUT", NIGHT, large), 413, "content_too_large")
    assert (await imports(house.supervisor, large))["added"] == 6
    assert phone("night")["number"] in json.dumps(ok(await house.peer.get(NIGHT)))
