"""Releases: everybody who reads numbers reads the same ones, and nothing of a person leaves with them."""

import re
from typing import Any

from tests.world import House, ok, refused

OCTOBER = "/v1/releases/2026-10/people-by-setting"


async def meets(house: House) -> str:
    """Somebody, once in October."""
    code = await house.peer.enrolls()
    await house.peer.records(code, setting="street", occurred_on="2026-10-31")
    return code


async def seals(house: House) -> dict[str, Any]:
    return ok(await house.admin.post("/v1/releases", {"period": "2026-10"}))


async def test_everybody_who_reads_numbers_reads_the_same_ones(house: House) -> None:
    await meets(house)
    await seals(house)
    told = [await caller.get(OCTOBER) for caller in (house.integrator, house.agency, house.supervisor)]
    assert len({(answer.status_code, answer.content, answer.headers["etag"]) for answer in told}) == 1
    assert ok(told[0])["rows"]
    for caller in (house.peer, house.admin):
        refused(await caller.get(OCTOBER), 403, "not_permitted")


async def test_an_integrator_passes_no_door_that_leads_to_a_person(house: House) -> None:
    code = await meets(house)
    (met,) = ok(await house.peer.get("/v1/encounters"))["items"]
    of_person = ("", "/encounters", "/readiness-notes", "/consents", "/referrals", "/timeline")
    for path in (
        *(f"/v1/participants/{code}{door}" for door in of_person),
        "/v1/participants",
        "/v1/encounters",
        f"/v1/encounters/{met['id']}",
        f"/v1/readiness-notes/{met['id']}",
        "/v1/referrals",
        f"/v1/referrals/{met['id']}",
        "/v1/intake-requests",
        f"/v1/intake-requests/{met['id']}",
        "/v1/insights/months?from=2026-10&to=2026-11",
    ):
        refused(await house.integrator.get(path), 403, "not_permitted")


async def test_a_release_holds_no_id_and_no_time(house: House) -> None:
    await meets(house)
    await seals(house)
    for caller in (house.integrator, house.agency):
        for path in (OCTOBER, "/v1/releases"):
            said = (await caller.get(path)).text
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|\d{2}:\d{2}|\dT\d", said)
