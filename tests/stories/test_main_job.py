"""The main job, as the README shows it: from a first contact on the street to a month's counts."""

from tests.stories.steps import items
from tests.world import House, intake, ok


async def test_from_a_first_contact_to_a_months_counts(house: House) -> None:
    peer, supervisor, agency = house.peer, house.supervisor, house.agency
    harbor = str(house.organizations["harbor"])

    code = ok(await peer.post("/v1/participants", {}))["code"]
    gave = [{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}]
    contact = {"setting": "street", "occurred_on": "2026-11-02", "part_of_day": "morning", "acts": gave}
    ok(await peer.post(f"/v1/participants/{code}/encounters", contact))
    said = {"occurred_on": "2026-11-02", "focus": "housing", "importance": 8, "confidence": 3, "readiness": 5}
    ok(await peer.post(f"/v1/participants/{code}/readiness-notes", said))

    named = {"preset": "referral_loop", "organization_id": harbor, "days": 90}
    ok(await peer.post(f"/v1/participants/{code}/consents", named))
    asked = {"organization_id": harbor, "need": "recovery-housing"}
    referral = ok(await peer.post(f"/v1/participants/{code}/referrals", asked))
    (seen,) = await items(agency, "/v1/referrals")
    assert seen["reference"] == referral["reference"]
    assert seen["code"] == referral["agency_code"] != code
    ok(await agency.post(f"/v1/referrals/{seen['reference']}/transitions", {"to": "accepted"}))

    key = {"Idempotency-Key": "monday-desk-0007"}
    posted, again = [await agency.post("/v1/intake-requests", intake(), headers=key) for _ in range(2)]
    assert ok(posted) == ok(again)
    assert again.headers["idempotent-replayed"] == "true"
    (request,) = await items(supervisor, "/v1/intake-requests?state=new")
    assert request["reference"] == ok(posted)["reference"]
    ok(await peer.post(f"/v1/intake-requests/{request['id']}/connection", {"code": code}))

    timeline = await items(peer, f"/v1/participants/{code}/timeline")
    assert [item["kind"] for item in timeline] == ["referral", "consent", "readiness_note", "encounter"]
    assert timeline[0]["referral"]["state"] == "accepted"
    (month,) = ok(await supervisor.get("/v1/insights/months?from=2026-11&to=2026-12"))["months"]
    assert month == {
        "month": "2026-11",
        "encounters": 1,
        "contacts_without_participant": 0,
        "participants_reached": 1,
        "people_at_least": 1,
        "people_at_most": 1,
        "naloxone_given": 2,
        "readiness_notes": 1,
        "referrals_requested": 1,
        "referrals_completed": 0,
        "intake_requests": 1,
        "intake_connected": 1,
    }
