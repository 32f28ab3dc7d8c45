"""What a door discloses by consent is declared at its gate and published; what is not declared cannot be had."""

from pathlib import Path
from typing import Any

import pytest

from tests.house.building import closed_house
from tests.security.test_epochs import at_the_gate
from tests.stories.steps import agrees, items, refers
from tests.world import Caller, House, ok, refused
from true_api.api.all_doors import every_door
from true_api.api.openapi import reached_by_agencies
from true_api.privacy.notices import CURRENT_NOTICE, notice
from true_api.rooms.referrals.tables import Referral
from true_api.security.admission import Knock
from true_api.security.gates import Gate, ListGate, RecordGate
from true_api.security.permits import UndeclaredDisclosure
from true_api.security.roles import Permission

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""

BY_CONSENT = {
    "GET /v1/changes": ["intake_status", "onward_status", "referral"],
    "GET /v1/referrals": ["referral"],
    "GET /v1/referrals/{id}": ["referral"],
    "POST /v1/referrals/{id}/transitions": ["referral"],
    "PUT /v1/referrals/{id}/arrangement": ["referral"],
    "POST /v1/referrals/{id}/hand-offs": ["referral"],
    "POST /v1/intake-requests": ["intake_status", "onward_status"],
    "GET /v1/intake-requests": ["intake_status", "onward_status"],
    "GET /v1/intake-requests/{id}": ["intake_status", "onward_status"],
    "POST /v1/intake-requests/{id}/withdrawal": ["intake_status", "onward_status"],
}
"""What is told by consent, and of which category; whatever else an agency can reach tells of nobody."""


def test_every_door_that_an_agency_can_reach_names_what_rests_on_consent(tmp_path: Path) -> None:
    with closed_house(tmp_path) as closed:
        document = closed.openapi()
    for door in every_door():
        operation = document["paths"][door.path][door.method.lower()]
        if not isinstance(door.gate, Gate) or not reached_by_agencies(door.gate):
            assert "x-consent" not in operation, door.name
            continue
        assert operation["x-consent"] == BY_CONSENT.get(door.name, []), door.name
        assert {"COC", "TREAT"} <= set(operation["x-purpose"]), door.name


def test_nothing_is_named_that_is_no_door() -> None:
    assert set(BY_CONSENT) <= {door.name for door in every_door()}


@ON_SQLITE
async def test_what_a_gate_does_not_declare_is_not_to_be_had_through_it(house: House) -> None:
    listing = await at_the_gate(house.agency, "GET /v1/referrals")
    listing.permit.own(Referral)
    silent = ListGate(Permission.REFERRAL_READ)
    assert silent.discloses == frozenset()
    permit = silent.admit([], Knock.__new__(Knock), {**_carried(listing.permit), "discloses": silent.discloses})
    with pytest.raises(UndeclaredDisclosure):
        permit.own(Referral)
    assert RecordGate(Permission.REFERRAL_READ, Referral).discloses == {"referral"}


def _carried(permit: Any) -> dict[str, Any]:
    names = ("actor", "viewer", "program_id", "now", "today", "database", "keyring", "slow_hash", "cursor_secret")
    return {name: getattr(permit, name) for name in (*names, "time_zone") if hasattr(permit, name)}


async def test_every_disclosure_comes_with_the_notice_and_the_scope_of_the_consent(house: House) -> None:
    code = await house.peer.enrolls()
    given = await agrees(house.peer, code, house.organizations["harbor"])
    referral = await refers(house.peer, code, house.organizations["harbor"])
    expected = {
        "notice_version": CURRENT_NOTICE,
        "notice": notice(CURRENT_NOTICE).short,
        "scope": {
            "categories": sorted(given["categories"]),
            "purpose": given["purpose"],
            "valid_to": given["valid_to"][:7],
        },
    }
    path = f"/v1/referrals/{referral['reference']}"
    moved = await house.agency.post(f"{path}/transitions", {"to": "accepted"})
    (listed,) = await items(house.agency, "/v1/referrals")
    for told in (listed, ok(await house.agency.get(path)), ok(moved)):
        assert told["disclosure"] == expected
    assert "disclosure" not in ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))


async def test_a_token_for_another_purpose_opens_nothing_that_was_agreed_to_for_this_one(house: House) -> None:
    code = await house.peer.enrolls()
    referral = await refers(house.peer, code, house.organizations["harbor"])
    path = f"/v1/referrals/{referral['reference']}"
    for purpose, opened in (("treatment", {"TREAT"}), ("coordination_of_care", {"TREAT", "COC"})):
        await agrees(house.peer, code, house.organizations["harbor"], purpose=purpose)
        for use in ("TREAT", "COC"):
            answer = await _for(house.agency, use, path)
            assert (answer.status_code == 200) is (use in opened)
            listed = ok(await _for(house.agency, use, "/v1/referrals"))["items"]
            assert len(listed) == (use in opened)


async def _for(caller: Caller, purpose: str, path: str) -> Any:
    headers = {"Authorization": f"Bearer {caller.token(purpose=purpose)}"}
    return await caller.house.http.get(path, headers=headers)


async def test_who_posted_a_request_follows_it_as_far_as_the_person_agreed_and_no_further(house: House) -> None:
    reference, code = await _met(house)
    path = f"/v1/intake-requests/{reference}"
    neutral = ok(await house.agency.get(path))
    assert (neutral["status"], neutral["progress"], neutral["onward"]) == ("received", None, None)
    bridge, harbor = house.organizations["bridge"], house.organizations["harbor"]
    await agrees(house.peer, code, bridge)
    assert ok(await house.agency.get(path)) == neutral
    given = await agrees(house.peer, code, harbor, categories=["intake_status"])
    followed = ok(await house.agency.get(path))
    assert (followed["progress"]["state"], followed["progress"]["changed_in"]) == ("connected", "2026-11")
    assert followed["onward"] is None
    more = await agrees(house.peer, code, harbor, categories=["onward_status"])
    assert ok(await house.agency.get(path))["onward"]["referrals"] == []
    await _goes_on(house, reference, bridge)
    went_on = ok(await house.agency.get(path))["onward"]
    assert went_on["referrals"] == [{"need": "legal-aid", "state": "requested"}]
    assert went_on["disclosure"]["scope"]["categories"] == ["onward_status"]
    for consent in (given, more):
        ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    assert ok(await house.agency.get(path)) == neutral
    assert ok(await house.agency.get("/v1/intake-requests"))["items"][0]["progress"] is None
    refused(await house.other_agency.get(path), 404, "not_found")


async def _met(house: House) -> tuple[str, str]:
    posted = {"needs": ["peer-support"], "person_knows": "agreed", "meets_at": "at_the_agency"}
    reference = ok(await house.agency.post("/v1/intake-requests", posted))["reference"]
    (waiting,) = await items(house.peer, "/v1/intake-requests")
    connected = ok(await house.peer.post(f"/v1/intake-requests/{waiting['id']}/connection", {}))
    return str(reference), str(connected["code"])


async def _goes_on(house: House, reference: str, agency: Any) -> None:
    queue = await items(house.peer, "/v1/intake-requests")
    request = next(item["id"] for item in queue if item["reference"] == reference)
    draft = {"organization_id": str(agency), "need": "legal-aid"}
    ok(await house.peer.post(f"/v1/intake-requests/{request}/onward", draft))
