"""Connecting: the consent question in the same commit, and what goes on from there to another agency."""

from typing import Any

from sqlalchemy import select

from tests.rooms.taking_in import QUEUE, known, posted, taken_in
from tests.stories.steps import absent, items
from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.consents import Consent
from true_api.rooms.intake.tables import IntakeOnward
from true_api.rooms.referrals.tables import Referral

LOOP: dict[str, Any] = {"preset": "referral_loop"}


async def count(house: House, *kinds: Any) -> list[int]:
    return [len(rows) for rows in await house.rows(*(select(table_of(kind)) for kind in kinds))]


async def test_somebody_new_agrees_in_the_step_in_which_they_are_met_and_the_agency_hears_of_it(house: House) -> None:
    reference, request = await posted(house)
    assert (await known(house.agency, reference))["progress"] is None
    connected = ok(await house.peer.post(f"{QUEUE}/{request}/connection", {"consent": LOOP}))
    assert (connected["state"], connected["consent_asked"]) == ("connected", "agreed")
    (consent,) = await items(house.peer, f"/v1/participants/{connected['code']}/consents")
    assert consent["organization_id"] == str(house.organizations["harbor"]), "who posted is whom it names"
    seen = await known(house.agency, reference)
    assert seen["progress"]["state"] == "connected"
    assert seen["status"] == "received", "the neutral status moves with the calendar alone"
    await absent(house.other_agency, f"{QUEUE}/{reference}")


async def test_somebody_known_agrees_where_their_history_is_open(house: House) -> None:
    code = await house.peer.enrolls()
    _, request = await posted(house)
    said = {"code": code, "consent": LOOP}
    connected = ok(await house.peer.post(f"{QUEUE}/{request}/connection", said))
    assert (connected["code"], connected["consent_asked"]) == (code, "agreed")
    assert len(await items(house.peer, f"/v1/participants/{code}/consents")) == 1
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    _, another = await posted(house)
    refused(await house.stranger.post(f"{QUEUE}/{another}/connection", said), 409, "history_closed")
    seen = ok(await house.stranger.post(f"{QUEUE}/{another}/connection", {"code": code}))
    assert seen["consent_asked"] == "not_asked"


async def test_who_says_no_is_connected_and_nobody_is_told(house: House) -> None:
    for said, kept, consents in (
        ({}, "not_asked", 0),
        ({"consent_asked": "not_asked"}, "not_asked", 0),
        ({"consent_asked": "said_no"}, "said_no", 0),
        ({"consent": {**LOOP, "decision": "deny"}}, "said_no", 1),
    ):
        reference, request = await posted(house)
        connected = ok(await house.peer.post(f"{QUEUE}/{request}/connection", said))
        assert connected["consent_asked"] == kept
        assert len(await items(house.peer, f"/v1/participants/{connected['code']}/consents")) == consents
        seen = await known(house.agency, reference)
        assert (seen["progress"], seen["onward"]) == (None, None)


async def test_what_cannot_be_agreed_to_connects_nobody(house: House) -> None:
    _, request = await posted(house)
    path = f"{QUEUE}/{request}/connection"
    county = str(house.organizations["county"])
    for said, status, code in (
        ({"consent": LOOP, "consent_asked": "said_no"}, 422, "invalid_shape"),
        ({"consent_asked": "agreed"}, 422, "invalid_shape"),
        ({"consent": {"categories": ["intake_status"]}}, 422, "invalid_shape"),
        ({"consent": {**LOOP, "organization_id": county}}, 409, "not_a_partner_agency"),
    ):
        refused(await house.peer.post(path, said), status, code)
    walked_in = await taken_in(house.peer)
    refused(await house.peer.post(f"{QUEUE}/{walked_in}/connection", {"consent": LOOP}), 422, "invalid_shape")
    assert await count(house, Participant, Consent) == [0, 0]
    assert (await known(house.peer, request))["state"] == "new"


async def test_a_missing_element_of_the_consent_is_named_where_it_stands_in_the_body(house: House) -> None:
    _, request = await posted(house)
    said = {"consent": {"kind": "named_recipient", "organization_id": str(house.organizations["harbor"])}}
    problem = refused(await house.peer.post(f"{QUEUE}/{request}/connection", said), 422, "invalid_shape")
    assert {fault["pointer"].split("/")[1] for fault in problem["errors"]} == {"consent"}


async def test_a_token_that_may_not_record_consents_records_none_by_connecting(house: House) -> None:
    _, request = await posted(house)
    narrow = house.peer.token(scope="intake:work intake:read")
    headers = {"Authorization": f"Bearer {narrow}"}
    path = f"{QUEUE}/{request}/connection"
    refused(await house.peer.post(path, {"consent": LOOP}, headers=headers), 403, "not_permitted")
    assert await count(house, Consent) == [0]
    assert ok(await house.peer.post(path, {}, headers=headers))["state"] == "connected"


async def connected_with(house: House, *categories: str) -> tuple[str, str]:
    reference, request = await posted(house)
    consent = {"consent": {**LOOP, "categories": list(categories)}} if categories else {}
    ok(await house.peer.post(f"{QUEUE}/{request}/connection", consent))
    return reference, request


async def test_what_goes_on_is_told_as_need_and_state_to_whom_the_person_agreed_and_never_who_was_asked(
    house: House,
) -> None:
    bridge = str(house.organizations["bridge"])
    asked = {"organization_id": bridge, "need": "recovery-housing", "note": "Would rather bring the dog."}
    told: list[Any] = []
    for categories in ((), ("intake_status",), ("intake_status", "onward_status")):
        reference, request = await connected_with(house, *categories)
        referral = ok(await house.peer.post(f"{QUEUE}/{request}/onward", asked))
        assert (referral["organization_id"], referral["words_kept"]) == (bridge, ["note"])
        answer = await house.agency.get(f"{QUEUE}/{reference}")
        told.append(answer.json()["onward"])
        for secret in (bridge, referral["id"], referral["reference"], referral["code"], "bridge"):
            assert secret not in answer.text
    assert told[:2] == [None, None]
    assert told[2]["referrals"] == [{"need": "recovery-housing", "state": "requested"}]
    assert await count(house, IntakeOnward, Referral) == [3, 3]


async def test_nobody_goes_on_from_a_request_that_is_connected_to_nobody_or_withdrawn(house: House) -> None:
    asked = {"organization_id": str(house.organizations["bridge"]), "need": "recovery-housing"}
    _, request = await posted(house)
    refused(await house.peer.post(f"{QUEUE}/{request}/onward", asked), 409, "intake_not_connected")
    _, request = await connected_with(house)
    county = {**asked, "organization_id": str(house.organizations["county"])}
    refused(await house.peer.post(f"{QUEUE}/{request}/onward", county), 409, "no_such_partner")
    refused(await house.stranger.post(f"{QUEUE}/{request}/onward", asked), 404, "not_found")
    ok(await house.peer.post(f"{QUEUE}/{request}/withdrawal"))
    refused(await house.peer.post(f"{QUEUE}/{request}/onward", asked), 409, "intake_not_connected")
    assert await count(house, IntakeOnward, Referral) == [0, 0]


async def test_a_retry_asks_onward_once(house: House) -> None:
    asked = {"organization_id": str(house.organizations["bridge"]), "need": "recovery-housing"}
    _, request = await connected_with(house)
    key = {"Idempotency-Key": "onward-from-desk-4"}
    first, again = [await house.peer.post(f"{QUEUE}/{request}/onward", asked, headers=key) for _ in range(2)]
    assert ok(first) == ok(again)
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(house, IntakeOnward, Referral) == [1, 1]


async def test_of_a_person_who_is_forgotten_no_request_leads_to_what_it_led_to(house: House) -> None:
    asked = {"organization_id": str(house.organizations["bridge"]), "need": "recovery-housing"}
    _, request = await connected_with(house, "onward_status")
    referral = ok(await house.peer.post(f"{QUEUE}/{request}/onward", asked))
    ok(await house.supervisor.post(f"/v1/participants/{referral['code']}/forget", {"asked_by": "participant"}))
    (links,) = await house.rows(select(table_of(IntakeOnward)))
    (referrals,) = await house.rows(select(table_of(Referral)))
    assert (len(links), len(referrals)) == (1, 1)
    assert links[0].referral_id != referrals[0].id
    assert await items(house.peer, QUEUE) == await items(house.agency, QUEUE) == []
