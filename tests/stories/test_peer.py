"""A peer's evening on the night van, through the front door."""

from tests.world import Caller, encounter, ok, refused


async def test_a_peer_meets_somebody_and_keeps_what_they_did_and_what_the_person_said(peer: Caller) -> None:
    person = ok(await peer.post("/v1/participants", {}))
    code, handle = person["code"], person["handle"]
    assert (len(code.split("-")), len(handle.split("-"))) == (3, 2)

    given = [{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}]
    met = ok(await peer.post(f"/v1/participants/{code}/encounters", encounter(acts=given)))
    said = {"occurred_on": "2026-11-01", "importance": 8, "confidence": 3, "next_step": "carry_naloxone"}
    note = ok(await peer.post(f"/v1/participants/{code}/readiness-notes", said))

    timeline = ok(await peer.get(f"/v1/participants/{code}/timeline"))["items"]
    assert [(item["kind"], item[item["kind"]]["id"]) for item in timeline] == [
        ("readiness_note", note["id"]),
        ("encounter", met["id"]),
    ]


async def test_a_contact_needs_no_record_of_the_person_at_all(peer: Caller) -> None:
    brief = ok(await peer.post("/v1/encounters", encounter(outcome="not_today")))
    assert brief["with_participant"] is False
    assert [item["id"] for item in ok(await peer.get("/v1/encounters"))["items"]] == [brief["id"]]


async def test_somebody_elses_participant_is_not_there(peer: Caller, stranger: Caller) -> None:
    code = await peer.enrolls()
    refused(await stranger.get(f"/v1/participants/{code}"), 404, "not_found")
