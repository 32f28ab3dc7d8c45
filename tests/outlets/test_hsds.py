"""The public read profile: what a client of HSDS finds at /hsds, without a token."""

from typing import Any

from tests.rooms.packaging import BEDS, HARBOR, PIER, ROOT, in_order, named, night_service
from tests.world import House, ok, refused
from true_api.rooms.directory.shapes import SHAPES, HsdsObject

ENVELOPE = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}


async def _published(house: House) -> None:
    day = night_service(
        id=named("day"), name="Day desk", last_modified="2026-10-20T08:30:00Z", attributes=[], service_at_locations=[]
    )
    ended = {
        "id": named("ended"),
        "name": "Ended",
        "status": "defunct",
        "organization": {**HARBOR, "id": named("gone")},
    }
    package = {"service": [night_service(), day, ended], "taxonomy_term": [ROOT]}
    ok(await house.supervisor.post("/v1/directory/imports", package))


async def _page(house: House, path: str, asked: Any = None, **query: Any) -> dict[str, Any]:
    method = "GET" if asked is None else "POST"
    answer = await house.http.request(method, f"/hsds/{path}", params=query, json=asked or None)
    page = ok(answer)
    assert page.keys() == ENVELOPE
    assert answer.headers["cache-control"] == ("public, max-age=300" if asked is None else "no-store")
    return page


def _names(page: dict[str, Any]) -> set[str]:
    return {one["name"] for one in page["contents"]}


async def test_a_client_finds_its_way_from_the_root_to_a_service_in_full(house: House) -> None:
    await _published(house)
    about = ok(await house.http.get("/hsds/"))
    assert (about["version"], about["openapi_url"].endswith("/openapi.json")) == ("3.1", True)
    page = await _page(house, "services")
    assert (page["total_items"], page["total_pages"], page["first_page"], page["last_page"]) == (2, 1, True, True)
    night = next(one for one in page["contents"] if one["id"] == named("night"))
    flat = {name: value for name, value in night.items() if name != "organization"}
    assert flat.keys() <= SHAPES[HsdsObject.SERVICE].fields.keys(), "a list has one-to-one fields alone"
    assert night["organization"] == {name: value for name, value in HARBOR.items() if name != "funding"}
    read = ok(await house.http.get(f"/hsds/services/{named('night')}"))
    assert in_order(read) == in_order(night_service())
    refused(await house.http.get(f"/hsds/services/{named('ended')}"), 404, "not_found")
    refused(await house.http.get("/hsds/services/night"), 404, "not_found")


async def test_lists_are_narrowed_as_the_specification_says_and_a_post_keeps_it_out_of_the_address(
    house: House,
) -> None:
    await _published(house)
    both, night, day = {"Night beds", "Day desk"}, {"Night beds"}, {"Day desk"}
    for asked, names in (
        ({"search": "shower"}, both),
        ({"search": "desk day"}, day),
        ({"taxonomy_term_id": BEDS["id"]}, night),
        ({"taxonomy_id": named("taxonomy")}, night),
        ({"taxonomy_id": named("nothing")}, set()),
        ({"organization_id": HARBOR["id"]}, both),
        ({"organization_id": named("gone")}, set()),
        ({"modified_after": "2026-10-01"}, day),
        ({"modified_after": "2026-09-14T08:30:00Z"}, both),
        ({"full": True}, both),
    ):
        query = {name: str(value).lower() if value is True else value for name, value in asked.items()}
        assert _names(await _page(house, "services", **query)) == names, asked
        assert _names(await _page(house, "services", asked)) == names, asked
    assert (await _page(house, "services", {"minimal": True}))["contents"][0].keys() == {"id", "last_modified"}
    full = await _page(house, "services", full="true", search="night")
    assert in_order(full["contents"]) == in_order([night_service()])


async def test_a_list_is_paged_and_given_whole_as_lines(house: House) -> None:
    await _published(house)
    first, second, beyond = [await _page(house, "services", per_page=1, page=number) for number in (1, 2, 3)]
    assert (first["total_pages"], first["size"], first["first_page"], first["last_page"]) == (2, 1, True, False)
    assert (second["first_page"], second["last_page"], beyond["empty"], beyond["size"]) == (False, True, True, 0)
    assert first["contents"] != second["contents"]
    lines = (await house.http.get("/hsds/services?format=ndjson&per_page=1")).text.splitlines()
    assert len(lines) == 2


async def test_places_organizations_and_terms_have_their_own_lists(house: House) -> None:
    await _published(house)
    place = (await _page(house, "service_at_locations"))["contents"][0]
    assert place.keys() == {"id", "description", "location", "service"}
    assert "addresses" not in place["location"]
    assert (await _page(house, "service_at_locations", postcode="44 114"))["size"] == 1
    assert (await _page(house, "service_at_locations", {"postcode": "10001"}))["size"] == 0
    in_full = ok(await house.http.get(f"/hsds/service_at_locations/{named('night at pier')}"))
    assert in_order(in_full["location"]) == in_order(PIER)
    assert "service_at_locations" not in in_full["service"]
    assert _names(await _page(house, "organizations")) == {"Harbor House"}
    harbor = ok(await house.http.get(f"/hsds/organizations/{HARBOR['id']}"))
    assert {service["name"] for service in harbor["services"]} == {"Night beds", "Day desk"}
    in_full = ok(await house.http.get(f"/hsds/organizations/{HARBOR['id']}?full_service=true"))
    night = next(service for service in in_full["services"] if service["id"] == named("night"))
    assert in_order(night) == in_order({k: v for k, v in night_service().items() if k != "organization"})
    refused(await house.http.get(f"/hsds/organizations/{named('gone')}"), 404, "not_found")
    assert _names(await _page(house, "taxonomies")) == {"Ours"}
    assert ok(await house.http.get(f"/hsds/taxonomies/{named('taxonomy')}"))["version"] == "1"
    assert _names(await _page(house, "taxonomy_terms")) == {"Housing", "Recovery housing"}
    assert _names(await _page(house, "taxonomy_terms", top_only="true")) == {"Housing"}
    assert _names(await _page(house, "taxonomy_terms", {"parent_id": ROOT["id"]})) == {"Recovery housing"}
    assert _names(await _page(house, "taxonomy_terms", taxonomy_id=named("taxonomy"))) == {"Recovery housing"}
    assert in_order(ok(await house.http.get(f"/hsds/taxonomy_terms/{BEDS['id']}"))) == in_order(BEDS)


async def test_what_is_asked_wrongly_is_refused(house: House) -> None:
    for path in ("services?proximity=5", "services?full=yes", "services?page=0", "services?modified_after=2026-02-30"):
        refused(await house.http.get(f"/hsds/{path}"), 422, "invalid_shape")
    for asked in ({"full": "maybe"}, {"shop": 1}, [1]):
        refused(await house.http.post("/hsds/services", json=asked), 422, "invalid_shape")
    refused(await house.http.post("/hsds/services", content=b"{}"), 415, "unsupported_media_type")
    refused(await house.http.put("/hsds/services"), 405, "method_not_allowed")
