"""Releases: a month is sealed once, small numbers are kept back, and nothing of a person leaves."""

import asyncio
import re
from typing import Any

from sqlalchemy import select

from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.tables import ReleaseCell

OCTOBER = "/v1/releases/2026-10/participants-by-setting"


async def meets(house: House, people: int, setting: str, **over: Any) -> list[str]:
    """So many different people, each met once in October."""
    codes = [await house.peer.enrolls() for _ in range(people)]
    for code in codes:
        await house.peer.records(code, setting=setting, **{"occurred_on": "2026-10-31", **over})
    return codes


async def seals(house: House) -> dict[str, Any]:
    return ok(await house.admin.post("/v1/releases", {"period": "2026-10"}))


async def test_from_11_people_on_a_number_is_shown_and_below_it_is_kept_back_zeros_too(house: House) -> None:
    for code in (await meets(house, 11, "street"))[:10]:
        await house.peer.records(code, setting="drop_in", occurred_on="2026-10-01")
        await house.peer.records(code, setting="street", occurred_on="2026-10-02")
    await meets(house, 1, "mail", occurred_on="2026-11-01")
    (mistaken,) = await meets(house, 1, "street")
    (met,) = ok(await house.peer.get(f"/v1/participants/{mistaken}/encounters"))["items"]
    ok(await house.peer.post(f"/v1/encounters/{met['id']}/void", {"reason": "did_not_happen"}))
    sealed = await seals(house)
    cells = {cell["setting"]: (cell["participants"], cell["suppressed"]) for cell in sealed["cells"]}
    assert {setting for setting, cell in cells.items() if cell != (None, True)} == {"all", "street"}
    assert (cells["all"], cells["street"]) == ((11, False), (11, False))
    assert len(cells) == 13
    (kept,) = await house.rows(select(table_of(ReleaseCell)))
    assert {row.one: row.value for row in kept} == {setting: shown for setting, (shown, _) in cells.items()}


async def test_a_month_is_sealed_after_it_has_ended(house: House) -> None:
    for period in ("2026-11", "2026-12"):
        refused(await house.admin.post("/v1/releases", {"period": period}), 409, "month_still_open")
    assert ok(await house.integrator.get("/v1/releases")) == {"releases": []}
    refused(await house.integrator.get(OCTOBER), 404, "not_found")
    assert (await seals(house))["sealed_on"] == "2026-11-02"


async def test_a_month_is_sealed_once_and_never_changes(house: House) -> None:
    (code, *_) = await meets(house, 11, "street")
    answers = await asyncio.gather(*(house.admin.post("/v1/releases", {"period": "2026-10"}) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused(await house.admin.post("/v1/releases", {"period": "2026-10"}), 409, "already_sealed")
    sealed = await house.integrator.get(OCTOBER)
    await meets(house, 1, "street")
    (met, *_) = ok(await house.peer.get(f"/v1/participants/{code}/encounters"))["items"]
    ok(await house.peer.post(f"/v1/encounters/{met['id']}/void", {"reason": "wrong_person"}))
    later = await house.integrator.get(OCTOBER)
    assert (later.json(), later.headers["etag"]) == (ok(sealed), sealed.headers["etag"])


async def test_everybody_who_reads_numbers_reads_the_same_ones(house: House) -> None:
    await meets(house, 1, "street")
    sealed = await seals(house)
    for caller in (house.integrator, house.agency, house.agency_worker, house.supervisor):
        assert ok(await caller.get(OCTOBER)) == sealed
        (line,) = ok(await caller.get("/v1/releases"))["releases"]
        assert line == {name: sealed[name] for name in ("period", "table", "sealed_on")}
    for caller in (house.peer, house.admin):
        refused(await caller.get(OCTOBER), 403, "not_permitted")
    for caller in (house.peer, house.supervisor, house.agency, house.integrator):
        refused(await caller.post("/v1/releases", {"period": "2026-09"}), 403, "not_permitted")


async def test_what_is_not_sealed_is_not_there(house: House) -> None:
    await seals(house)
    for path in ("2026-09/participants-by-setting", "2026-10/participants-by-zone", "october/participants-by-setting"):
        refused(await house.integrator.get(f"/v1/releases/{path}"), 404, "not_found")
    for period in ("2026-00", "2026-13", "202610", "october", 202610, None):
        refused(await house.admin.post("/v1/releases", {"period": period}), 422, "invalid_shape")


async def test_an_integrator_passes_no_door_that_leads_to_a_person(house: House) -> None:
    (code,) = await meets(house, 1, "street")
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
    await meets(house, 1, "street")
    await seals(house)
    for caller in (house.integrator, house.agency):
        for path in (OCTOBER, "/v1/releases"):
            said = (await caller.get(path)).text
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|\d{2}:\d{2}|\dT\d", said)
