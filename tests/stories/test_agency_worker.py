"""A day at a partner agency: asking for a peer, answering a referral, and knowing nobody by the program's code."""

from tests.stories.steps import agrees, facts, items, moves, refers
from tests.world import House, intake, ok, refused


async def test_a_worker_asks_for_a_peer_and_sees_that_the_request_arrived(house: House) -> None:
    worker = house.agency_worker
    asked = ok(await worker.post("/v1/intake-requests", intake(needs=["peer-support", "naloxone"], language="es")))
    assert asked["status"] == "received"
    assert await items(worker, "/v1/intake-requests") == [facts(asked)]
    assert await items(house.agency, "/v1/intake-requests") == [facts(asked)]
    assert await items(house.other_agency, "/v1/intake-requests") == []


async def test_a_worker_finds_a_place_for_somebody_who_agreed_and_loses_sight_when_they_take_it_back(
    house: House,
) -> None:
    worker, peer, harbor = house.agency_worker, house.peer, house.organizations["harbor"]
    code = await peer.enrolls()
    consent = await agrees(peer, code, harbor)
    await refers(peer, code, harbor, urgency="urgent")

    (referral,) = await items(worker, "/v1/referrals")
    assert (referral["need"], referral["urgency"], referral["state"]) == ("recovery-housing", "urgent", "requested")
    assert referral["code"] != code
    await moves(worker, referral["reference"], "on_hold", reason="waitlist", decided_by="provider")
    await moves(worker, referral["reference"], "accepted")
    done = await moves(worker, referral["reference"], "completed", outcomes=["place_taken"])
    assert (done["state"], done["moves"]) == ("completed", [])
    (heard_back,) = await items(peer, f"/v1/participants/{code}/referrals")
    assert (heard_back["state"], heard_back["outcomes"]) == ("completed", ["place_taken"])

    ok(await peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    refused(await worker.get(f"/v1/referrals/{referral['reference']}"), 404, "not_found")
    assert await items(worker, "/v1/referrals") == []
