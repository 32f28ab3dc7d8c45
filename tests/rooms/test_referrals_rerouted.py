"""Another agency is asked in the place of one: a new reference, and nothing that leads from one agency to the other."""

import asyncio
from typing import Any

import pytest

from tests.stories.steps import absent, agrees, items, moves, named, refers
from tests.world import Caller, House, ok, refused

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""

OTHER_WAY = {"reason": "chose_another_way", "decided_by": "person"}


async def reroutes(caller: Caller, referral: str, agency: object, **over: Any) -> dict[str, Any]:
    """Another agency is asked."""
    return ok(await caller.post(f"/v1/referrals/{referral}/reroute", {"organization_id": str(agency), **over}))


async def asked_of_harbor(house: House, **over: Any) -> tuple[str, dict[str, Any]]:
    """Somebody who agreed to both agencies, and was referred to the first."""
    code = await house.peer.enrolls()
    for name in ("harbor", "bridge"):
        await agrees(house.peer, code, house.organizations[name])
    return code, await refers(house.peer, code, house.organizations["harbor"], **over)


async def test_one_ends_and_another_begins_as_it_was_asked(house: House) -> None:
    wanted: dict[str, Any] = {"urgency": "urgent", "wishes": ["with_pet"], "mode": "called_together"}
    code, first = await asked_of_harbor(house, **wanted)
    second = await reroutes(house.peer, first["id"], house.organizations["bridge"], note="Nearer to the bus.")
    assert {name: second[name] for name in ("need", *wanted)} == {"need": first["need"], **wanted}
    assert (second["state"], second["rerouted_from"], second["words_kept"]) == ("requested", first["id"], ["note"])
    ended = ok(await house.peer.get(f"/v1/referrals/{first['id']}"))
    assert {name: ended[name] for name in ("state", *OTHER_WAY)} == {"state": "cancelled", **OTHER_WAY}
    listed = await items(house.peer, f"/v1/participants/{code}/referrals")
    assert {item["id"]: item["rerouted_from"] for item in listed} == {first["id"]: None, second["id"]: first["id"]}


@ON_SQLITE
async def test_what_is_asked_now_may_differ(house: House) -> None:
    _, first = await asked_of_harbor(house, wishes=["with_pet"])
    now = {"need": "homelessness", "urgency": "urgent", "mode": "goes_alone", "wishes": []}
    second = await reroutes(house.peer, first["id"], house.organizations["bridge"], **now, arrangement={"on": DAY})
    assert {name: second[name] for name in now} == now
    assert (second["arrangement"]["on"], second["agency_code"]) == (DAY, None)


DAY = "2026-11-05"


async def test_neither_agency_is_told_anything_of_the_other(house: House) -> None:
    _, first = await asked_of_harbor(house)
    second = await reroutes(house.peer, first["id"], house.organizations["bridge"], **{**OTHER_WAY, "reason": "cost"})
    (left,) = await items(house.agency, "/v1/referrals")
    (come,) = await items(house.other_agency, "/v1/referrals")
    assert (left["reference"], left["state"], left["reason"]) == (first["reference"], "cancelled", "cost")
    assert (come["reference"], come["state"]) == (second["reference"], "requested")
    assert left.keys() == come.keys()
    assert "rerouted_from" not in left
    assert {left["reference"], left["code"]} & {come["reference"], come["code"]} == set()
    await absent(house.agency, f"/v1/referrals/{second['reference']}")
    await absent(house.other_agency, f"/v1/referrals/{first['reference']}")


async def test_the_same_agency_asked_anew_gets_another_reference(house: House) -> None:
    _, first = await asked_of_harbor(house)
    await moves(house.agency, first["reference"], "no_place_offered", reason="no_capacity", decided_by="provider")
    second = await reroutes(house.peer, first["id"], house.organizations["harbor"])
    assert second["reference"] != first["reference"]
    states = {item["reference"]: item["state"] for item in await items(house.agency, "/v1/referrals")}
    assert states == {first["reference"]: "no_place_offered", second["reference"]: "requested"}, "an end stays an end"


@ON_SQLITE
@pytest.mark.parametrize("state", ["accepted", "in_progress", "on_hold", "not_completed", "cancelled"])
async def test_from_wherever_it_can_go_on_it_can_be_rerouted(house: House, state: str) -> None:
    _, first = await asked_of_harbor(house)
    why = {} if state in ("accepted", "in_progress") else OTHER_WAY
    if state == "in_progress":
        await moves(house.peer, first["id"], "accepted")
    await moves(house.peer, first["id"], state, **why)
    assert (await reroutes(house.peer, first["id"], house.organizations["bridge"]))["state"] == "requested"


@ON_SQLITE
@pytest.mark.parametrize("state", ["draft", "completed", "entered_in_error"])
async def test_what_was_never_sent_or_is_done_is_not_rerouted(house: House, state: str) -> None:
    _, first = await asked_of_harbor(house, draft=state == "draft")
    if state != "draft":
        await moves(house.peer, first["id"], state, **({"outcomes": ["other"]} if state == "completed" else {}))
    path, now = f"/v1/referrals/{first['id']}/reroute", named(house.organizations["bridge"])
    problem = refused(await house.peer.post(path, {"organization_id": now["organization_id"]}), 409, "move_not_allowed")
    assert problem["allowed"] == ok(await house.peer.get(f"/v1/referrals/{first['id']}"))["moves"]


async def test_who_may_not_refer_may_not_reroute(house: House) -> None:
    _, first = await asked_of_harbor(house)
    now = {"organization_id": str(house.organizations["bridge"])}
    refused(await house.agency.post(f"/v1/referrals/{first['reference']}/reroute", now), 403, "not_permitted")
    refused(await house.stranger.post(f"/v1/referrals/{first['id']}/reroute", now), 404, "not_found")
    path = f"/v1/referrals/{first['id']}/reroute"
    nobody = {"organization_id": str(house.organizations["county"])}
    refused(await house.peer.post(path, nobody), 409, "no_such_partner")
    assert ok(await house.peer.get(f"/v1/referrals/{first['id']}"))["state"] == "requested"


async def test_rerouted_twice_with_one_key_is_rerouted_once(house: House) -> None:
    code, first = await asked_of_harbor(house)
    key = {"Idempotency-Key": "from-the-van-5"}
    asked = {"organization_id": str(house.organizations["bridge"]), "note": "Nearer to the bus."}
    path = f"/v1/referrals/{first['id']}/reroute"
    once = [ok(await house.peer.post(path, asked, headers=key)) for _ in range(2)]
    assert once[0] == once[1]
    assert len(await items(house.peer, f"/v1/participants/{code}/referrals")) == 2


async def test_of_those_who_reroute_at_the_same_moment_each_is_told_what_became_of_it(house: House) -> None:
    """Two peers may both ask another agency; none of it is lost, and the first ends once."""
    _, first = await asked_of_harbor(house)
    path, asked = f"/v1/referrals/{first['id']}/reroute", {"organization_id": str(house.organizations["bridge"])}
    answers = await asyncio.gather(*(caller.post(path, asked) for caller in (house.peer, house.supervisor)))
    assert sorted(answer.status_code for answer in answers) in ([201, 201], [201, 409])
    assert ok(await house.peer.get(f"/v1/referrals/{first['id']}"))["state"] == "cancelled"
