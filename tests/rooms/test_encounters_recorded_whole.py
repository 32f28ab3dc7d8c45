"""What was given, promised and kept in a contact is recorded with it, in one commit, or none of it is."""

from typing import Any
from uuid import uuid4

import pytest

from tests.stories.steps import items
from tests.world import Caller, House, encounter, ok, refused

KITS = {"item": "naloxone_nasal_4mg", "quantity": 2}
TOMORROW = {"kind": "check_in", "on": "2026-11-03"}


@pytest.fixture
async def van(house: House) -> str:
    """A site with ten kits of naloxone; its id."""
    site = str(ok(await house.supervisor.post("/v1/sites", {"label": "Night van"}))["id"])
    came = {"kind": "receive", "site_id": site, **KITS, "quantity": 10, "occurred_on": "2026-11-01", "lot": "NX2107"}
    ok(await house.peer.post("/v1/supplies/movements", {**came, "expires_on": "2028-06-30"}))
    return site


async def stock(caller: Caller) -> int:
    """How many kits there are."""
    return sum(lot["quantity"] for lot in await items(caller, "/v1/supplies/stock"))


def acts(met: dict[str, Any]) -> dict[str, int | None]:
    return {done["act"]: done["quantity"] for done in met["acts"]}


async def test_one_call_records_what_was_given_promised_and_kept(house: House, van: str) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    path = f"/v1/participants/{code}"
    earlier = ok(await peer.post(f"{path}/promises", {**TOMORROW, "on": "2026-11-02"}))["id"]
    whole = encounter(given=[KITS], site_id=van, promises=[TOMORROW], kept=[earlier], acts=[{"act": "listening"}])
    met = ok(await peer.post(f"{path}/encounters", whole))
    assert [(gift["item"], gift["unit"], gift["quantity"]) for gift in met["given"]] == [
        ("naloxone_nasal_4mg", "kit", 2)
    ]
    # What giving, promising and keeping are need not be told a second time.
    assert acts(met) == {"listening": None, "naloxone_given": 2, "follow_up_promised": None, "follow_up_kept": None}
    assert await stock(peer) == 8
    promises = {each["state"]: each for each in await items(peer, f"{path}/promises")}
    assert (promises["kept"]["id"], promises["open"]["due_on"]) == (earlier, "2026-11-03")
    read = ok(await peer.get(f"/v1/encounters/{met['id']}"))
    assert (read["given"], read["acts"]) == (met["given"], met["acts"])
    month = ok(await house.supervisor.get("/v1/insights/months?from=2026-11&to=2026-12"))["months"][0]
    assert month["naloxone_given"] == 2


async def test_nothing_is_recorded_where_one_part_of_it_is_refused(house: House, van: str) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    other = await peer.enrolls()
    path, theirs = f"/v1/participants/{code}", f"/v1/participants/{other}"
    elsewhere = ok(await peer.post(f"{theirs}/promises", TOMORROW))["id"]
    settled = ok(await peer.post(f"{path}/promises", TOMORROW))["id"]
    ok(await peer.post(f"/v1/promises/{settled}/kept"))
    gifts = {"given": [KITS], "site_id": van}
    for wrong, status, problem in (
        ({"kept": [elsewhere]}, 409, "no_such_promise"),
        ({"kept": [str(uuid4())]}, 409, "no_such_promise"),
        ({"kept": [settled]}, 409, "promise_settled"),
        ({"promises": [{**TOMORROW, "on": "2026-11-01"}]}, 409, "promise_day_is_over"),
        ({"promises": [{**TOMORROW, "referral_id": str(uuid4())}]}, 409, "no_such_referral"),
        ({"site_id": str(uuid4())}, 409, "no_such_site"),
        ({"given": [{**KITS, "lot": "ZZ9999"}]}, 409, "no_such_lot"),
        ({"site_id": None}, 422, "invalid_shape"),
        ({"given": []}, 422, "invalid_shape"),
        ({"given": [{**KITS, "quantity": 0}]}, 422, "invalid_shape"),
        ({"occurred_on": "2026-11-03"}, 409, "encounter_not_yet_happened"),
    ):
        refused(await peer.post(f"{path}/encounters", encounter(**{**gifts, **wrong})), status, problem)
    refused(await peer.post("/v1/encounters", encounter(promises=[TOMORROW])), 409, "promised_to_nobody")
    assert await stock(peer) == 10
    assert await items(peer, "/v1/encounters") == []
    assert [each["state"] for each in await items(peer, f"{path}/promises")] == ["kept"]
    narrow = {"Authorization": f"Bearer {peer.token(scope='encounter:write')}"}
    for beside in (gifts, {"promises": [TOMORROW]}):
        answer = await house.http.post(f"{path}/encounters", json=encounter(**beside), headers=narrow)
        refused(answer, 403, "not_permitted")


async def test_what_was_told_of_an_act_is_left_as_it_was_told(peer: Caller, van: str) -> None:
    told = encounter(given=[KITS], site_id=van, acts=[{"act": "naloxone_given", "quantity": 3}])
    assert acts(ok(await peer.post("/v1/encounters", told))) == {"naloxone_given": 3}
    more = [{"item": "syringes", "quantity": 10}, {"item": "sterile_supplies", "quantity": 2}]
    met = ok(await peer.post("/v1/encounters", encounter(kind="supply_only", given=more, site_id=van)))
    assert acts(met) == {"sterile_supplies_given": 12}


async def test_an_amendment_takes_along_what_was_given_or_gives_it_anew_and_a_void_gives_it_back(
    peer: Caller, van: str
) -> None:
    first = ok(await peer.post("/v1/encounters", encounter(given=[KITS], site_id=van)))
    assert await stock(peer) == 8
    second = ok(await peer.post(f"/v1/encounters/{first['id']}/amendments", encounter(outcome="brief")))
    assert (second["given"], await stock(peer)) == (first["given"], 8)
    more = encounter(given=[{**KITS, "quantity": 5}], site_id=van)
    third = ok(await peer.post(f"/v1/encounters/{second['id']}/amendments", more))
    assert (third["given"][0]["quantity"], await stock(peer)) == (5, 5)
    fourth = ok(await peer.post(f"/v1/encounters/{third['id']}/amendments", encounter(given=[])))
    assert (fourth["given"], await stock(peer)) == ([], 10)
    fifth = ok(await peer.post(f"/v1/encounters/{fourth['id']}/amendments", more))
    assert await stock(peer) == 5
    ok(await peer.post(f"/v1/encounters/{fifth['id']}/void", {"reason": "did_not_happen"}))
    assert await stock(peer) == 10
    assert ok(await peer.get(f"/v1/encounters/{fifth['id']}"))["given"] == []


async def test_a_retry_is_answered_alike_and_gives_nothing_twice(house: House, van: str) -> None:
    code, key = await house.peer.enrolls(), {"Idempotency-Key": "the-same-kits-again"}
    whole = encounter(given=[KITS], site_id=van, promises=[TOMORROW])
    first, again = [await house.peer.post(f"/v1/participants/{code}/encounters", whole, headers=key) for _ in range(2)]
    assert first.content == again.content
    assert await stock(house.peer) == 8
    assert len(await items(house.peer, f"/v1/participants/{code}/promises")) == 1
