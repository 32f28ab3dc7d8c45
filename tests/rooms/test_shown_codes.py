"""What a shown code opens, and what it never opens: a card is not a key to a life (privacy.md 2)."""

import asyncio

from tests.world import Caller, House, encounter, ok, refused


async def _known_to_the_van(house: House) -> str:
    """Somebody whom a peer of the night van has met, and referred."""
    code = await house.peer.enrolls(age_band="25_34")
    await house.peer.records(code)
    asked = {"organization_id": str(house.agency.organization_id)}
    named = {"preset": "referral_loop", **asked}
    ok(await house.peer.post(f"/v1/participants/{code}/consents", named))
    ok(await house.peer.post(f"/v1/participants/{code}/referrals", {**asked, "need": "hiv-hcv-care"}))
    return code


async def test_it_takes_an_open_history_to_disclose_what_others_recorded(house: House) -> None:
    code = await _known_to_the_van(house)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    named = {"preset": "referral_loop", "organization_id": str(house.other_agency.organization_id)}
    refused(await house.stranger.post(f"/v1/participants/{code}/consents", named), 409, "history_closed")


async def test_it_does_not_tell_to_which_agency_the_person_agreed(house: House) -> None:
    code = await _known_to_the_van(house)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    named = {"organization_id": str(house.agency.organization_id), "need": "mutual-aid"}
    own = ok(await house.stranger.post(f"/v1/participants/{code}/referrals", named))
    listed = ok(await house.stranger.get(f"/v1/participants/{code}/referrals"))["items"]
    assert [own["agency_code"], *(item["agency_code"] for item in listed)] == [None, None]


async def test_its_etag_does_not_tell_that_somebody_changed_the_profile(house: House) -> None:
    code = await _known_to_the_van(house)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    place = f"/v1/participants/{code}"
    before = (await house.stranger.get(place)).headers["etag"]
    own = (await house.peer.get(place)).headers["etag"]
    ok(await house.peer.patch(place, {"gender": "woman"}, own))
    assert (await house.stranger.get(place)).headers["etag"] == before


async def test_a_supervisor_cannot_open_a_history_for_themselves_or_for_who_never_met_the_person(house: House) -> None:
    code = await _known_to_the_van(house)
    other = house.other_supervisor
    ok(await other.post("/v1/caseload", {"code": code}))
    for member in (other, house.stranger):
        given = {"member_id": str(member.id)}
        refused(await other.post(f"/v1/participants/{code}/assignments", given), 409, "history_closed")
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    ok(await other.post(f"/v1/participants/{code}/assignments", {"member_id": str(house.stranger.id)}))
    assert ok(await house.stranger.get(f"/v1/participants/{code}"))["age_band"] == "25_34"


async def test_shown_five_times_at_once_it_opens_once_and_answers_alike(house: House) -> None:
    code = await house.peer.enrolls()
    answers = await asyncio.gather(*(house.stranger.post("/v1/caseload", {"code": code}) for _ in range(5)))
    assert len({answer.text for answer in map(_created, answers)}) == 1
    assert len(ok(await house.stranger.get("/v1/participants"))["items"]) == 1


def _created(answer: object) -> object:
    assert answer.status_code == 201, answer.text  # type: ignore[attr-defined]
    return answer


async def test_whom_a_peer_works_with_goes_with_them_to_another_team(house: House, peer: Caller, admin: Caller) -> None:
    code = await peer.enrolls()
    place = f"/v1/members/{peer.id}"
    etag = (await admin.get(place)).headers["etag"]
    ok(await admin.patch(place, {"team_id": str(house.teams["drop-in"])}, etag))
    ok(await peer.post(f"/v1/participants/{code}/encounters", encounter()))
    refused(await house.supervisor.get(f"/v1/participants/{code}"), 404, "not_found")
    assert ok(await house.other_supervisor.get(f"/v1/participants/{code}/timeline"))["items"] != []


async def test_a_door_to_a_caseload_is_closed_to_an_agency_by_its_role(house: House) -> None:
    code = await _known_to_the_van(house)
    refused(await house.agency.get(f"/v1/participants/{code}/referrals"), 403, "not_permitted")
