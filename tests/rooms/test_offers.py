"""Offers: a need without a person, one holder at a time, and a referral only where the person agreed to it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.rooms.offering import accepts, claims, declines, offered_to, offers, path_of
from tests.stories.steps import absent, agrees, items
from tests.world import House, ok, refused
from true_api.journeys.jobs import do_jobs
from true_api.kernel.rows import table_of
from true_api.rooms.offers.tables import Offer, OfferInvitation, OpenNeed
from true_api.security.trail import TrailEntry, TrailSubject

TOLD = {"reference", "need", "urgency", "language", "zone", "wishes", "state", "minutes_left"}
PROFILE = {"languages": ["vi"], "communities": ["veterans"], "age_band": "25_34"}


async def test_an_agency_is_told_a_need_and_nothing_of_whose_it_is(house: House) -> None:
    code = await house.peer.enrolls(**PROFILE)
    published = await offers(house, code, need="wound-care")
    (seen,) = await items(house.agency, "/v1/offers")
    assert ok(await house.agency.get(path_of(seen))) == seen
    assert set(seen) == TOLD
    del seen["reference"]
    untold: dict[str, Any] = {"language": None, "zone": None, "wishes": [], "minutes_left": None}
    assert seen == {"need": "wound-care", "urgency": "routine", "state": "open", **untold}
    told = (await house.agency.get("/v1/offers")).text
    for hidden in (code, published["id"], published["published_on"], "2026", 'vi"', "veterans", "25_34"):
        assert hidden not in told


async def test_what_the_peer_chose_to_tell_is_told(house: House) -> None:
    zone = {"vocabulary": "zone", "key": "shore", "label": "Shore"}
    ok(await house.admin.post("/v1/vocabularies/terms", zone))
    said = {"language": "es", "zone": "shore", "wishes": ["keeps_methadone"], "urgency": "urgent"}
    await offers(house, await house.peer.enrolls(), **said)
    (seen,) = await items(house.agency, "/v1/offers")
    assert {name: seen[name] for name in said} == said


async def test_what_is_no_answer_or_no_zone_or_a_wish_that_shows_who_is_refused(house: House) -> None:
    person = f"/v1/participants/{await house.peer.enrolls()}/offers"
    wrongs: list[dict[str, Any]] = [
        {"language": "not_asked"},
        {"zone": "not_asked"},
        {"wishes": ["with_pet"]},
        {"wishes": ["keeps_methadone", "keeps_methadone"]},
        {"note": "for somebody by the river"},
        {"days": 15},
        {"days": 0},
        {"organization_ids": []},
    ]
    for wrong in wrongs:
        refused(await house.peer.post(person, {"need": "wound-care", **wrong}), 422, "invalid_shape")
    refused(await house.peer.post(person, {"need": "wound-care", "zone": "nowhere"}), 409, "no_such_zone")
    for name in ("program", "county"):
        asked = {"need": "wound-care", "organization_ids": [str(house.organizations[name])]}
        refused(await house.peer.post(person, asked), 409, "nobody_to_ask")
    assert await items(house.agency, "/v1/offers") == []


async def test_no_two_agencies_share_a_reference_and_who_is_not_asked_sees_nothing(house: House) -> None:
    code = await house.peer.enrolls()
    offer = (await offers(house, code))["id"]
    of_harbor, of_bridge = [await offered_to(caller) for caller in (house.agency, house.other_agency)]
    assert of_harbor["reference"] != of_bridge["reference"]
    assert offer not in (of_harbor["reference"], of_bridge["reference"])
    await absent(house.other_agency, path_of(of_harbor))
    refused(await house.other_agency.post(f"{path_of(of_harbor)}/claim"), 404, "not_found")
    only = await offers(house, code, need="legal-aid", organization_ids=[str(house.organizations["harbor"])])
    assert only["organization_ids"] == [str(house.organizations["harbor"])]
    assert {seen["need"] for seen in await items(house.agency, "/v1/offers")} == {"recovery-housing", "legal-aid"}
    assert {seen["need"] for seen in await items(house.other_agency, "/v1/offers")} == {"recovery-housing"}


async def test_a_claim_holds_the_offer_and_a_second_one_is_refused(house: House) -> None:
    code = await house.peer.enrolls()
    for urgency, minutes in (("urgent", 30), ("routine", 24 * 60)):
        offer = (await offers(house, code, need="legal-aid", urgency=urgency))["id"]
        seen, other = [await offered_to(caller, urgency=urgency) for caller in (house.agency, house.other_agency)]
        held = ok(await claims(house.agency, seen))
        assert (held["state"], held["minutes_left"]) == ("held_by_you", minutes)
        for caller, invitation in ((house.other_agency, other), (house.agency, seen)):
            refused(await claims(caller, invitation), 409, "offer_held")
        told = ok(await house.other_agency.get(path_of(other)))
        assert (told["state"], told["minutes_left"]) == ("held", None)
        program = ok(await house.peer.get(f"/v1/participants/{code}/offers/{offer}"))
        assert (program["state"], program["held_by"]) == ("held", str(house.organizations["harbor"]))
        assert program["minutes_left"] == minutes
        ok(await house.agency.call("DELETE", f"{path_of(seen)}/claim"))
        ok(await house.peer.post(f"/v1/participants/{code}/offers/{offer}/withdrawal"))


async def test_a_claim_that_nobody_answers_ends_by_the_clock_and_leaves_no_moment(house: House) -> None:
    await offers(house, await house.peer.enrolls(), urgency="urgent")
    seen, other = await offered_to(house.agency), await offered_to(house.other_agency)
    ok(await claims(house.agency, seen))
    house.clock.move(timedelta(minutes=29, seconds=59))
    assert await do_jobs(house.installation) == 0
    assert ok(await house.agency.get(path_of(seen)))["minutes_left"] == 1
    house.clock.move(timedelta(seconds=1))
    assert ok(await house.other_agency.get(path_of(other)))["state"] == "open", "before any job has run"
    refused(await house.agency.call("DELETE", f"{path_of(seen)}/claim"), 404, "not_found")
    assert await do_jobs(house.installation) == 1
    (offer,) = (await house.rows(select(table_of(Offer))))[0]
    assert (offer.held_by, offer.held_until) == (None, None)
    assert ok(await claims(house.other_agency, other))["state"] == "held_by_you"


async def test_the_job_of_an_earlier_claim_ends_no_later_one(house: House) -> None:
    await offers(house, await house.peer.enrolls(), urgency="urgent")
    seen, other = await offered_to(house.agency), await offered_to(house.other_agency)
    ok(await claims(house.agency, seen))
    house.clock.move(timedelta(minutes=20))
    ok(await house.agency.call("DELETE", f"{path_of(seen)}/claim"))
    ok(await claims(house.other_agency, other))
    house.clock.move(timedelta(minutes=11))
    await do_jobs(house.installation)
    assert ok(await house.other_agency.get(path_of(other)))["minutes_left"] == 19


async def test_only_the_holder_lets_go_and_nobody_claims_more_than_three_times(house: House) -> None:
    await offers(house, await house.peer.enrolls())
    seen, other = await offered_to(house.agency), await offered_to(house.other_agency)
    for _ in range(3):
        ok(await claims(house.agency, seen))
        refused(await house.other_agency.call("DELETE", f"{path_of(other)}/claim"), 404, "not_found")
        assert ok(await house.agency.call("DELETE", f"{path_of(seen)}/claim"))["state"] == "open"
    refused(await claims(house.agency, seen), 409, "offer_claimed_too_often")
    assert ok(await claims(house.other_agency, other))["state"] == "held_by_you"


async def test_a_yes_needs_the_persons_consent_and_makes_a_referral_that_shares_nothing_with_the_offer(
    house: House,
) -> None:
    code = await house.peer.enrolls()
    offer = (await offers(house, code, wishes=["keeps_methadone"], urgency="urgent"))["id"]
    seen, other = await offered_to(house.agency), await offered_to(house.other_agency)
    refused(await accepts(house, code, offer), 409, "no_claim_to_answer")
    ok(await claims(house.agency, seen))
    refused(await accepts(house, code, offer, "bridge"), 409, "no_claim_to_answer")
    refused(await accepts(house, code, offer), 409, "no_consent_names_it")
    assert await items(house.agency, "/v1/referrals") == []
    await agrees(house.peer, code, house.organizations["harbor"])
    ended = ok(await accepts(house, code, offer))
    assert (ended["state"], ended["held_by"], ended["minutes_left"]) == ("referred", None, None)
    (referral,) = await items(house.agency, "/v1/referrals")
    assert (referral["need"], referral["urgency"], referral["state"]) == ("recovery-housing", "urgent", "requested")
    assert referral["reference"] != seen["reference"]
    of_program = ok(await house.peer.get(f"/v1/referrals/{ended['referral_id']}"))
    assert of_program["reference"] == referral["reference"]
    assert of_program["wishes"] == ["keeps_methadone"]
    for caller, invitation in ((house.agency, seen), (house.other_agency, other)):
        await absent(caller, path_of(invitation))
        assert await items(caller, "/v1/offers") == []
    for answer in (await accepts(house, code, offer), await declines(house, code, offer)):
        refused(answer, 409, "offer_ended")


async def test_the_consent_can_come_with_the_yes_and_counts_only_as_far_as_it_goes(house: House) -> None:
    code = await house.peer.enrolls()
    offer = (await offers(house, code))["id"]
    ok(await claims(house.agency, await offered_to(house.agency)))
    bridge = str(house.organizations["bridge"])
    for short in (
        {"preset": "referral_loop", "organization_id": bridge},
        {"preset": "referral_loop", "categories": ["intake_status"]},
        {"preset": "nothing_to_this_agency"},
    ):
        refused(await accepts(house, code, offer, consent=short), 409, "no_consent_names_it")
    assert await items(house.peer, f"/v1/participants/{code}/consents") == [], "what is refused leaves nothing behind"
    lacking = refused(await accepts(house, code, offer, consent={"purpose": "treatment"}), 422, "invalid_shape")
    assert {fault["pointer"].partition("/consent/")[0] for fault in lacking["errors"]} == {""}
    assert ok(await accepts(house, code, offer, consent={"preset": "referral_loop"}))["state"] == "referred"
    assert len(await items(house.agency, "/v1/referrals")) == 1
    assert await items(house.other_agency, "/v1/referrals") == []


async def test_a_no_of_the_person_stands_against_the_yes_that_comes_along(house: House) -> None:
    code = await house.peer.enrolls()
    harbor = str(house.organizations["harbor"])
    said_no = {"preset": "nothing_to_this_agency", "organization_id": harbor}
    ok(await house.peer.post(f"/v1/participants/{code}/consents", said_no))
    offer = (await offers(house, code))["id"]
    ok(await claims(house.agency, await offered_to(house.agency)))
    answer = await accepts(house, code, offer, consent={"preset": "referral_loop"})
    refused(answer, 409, "no_consent_names_it")


async def test_a_no_to_one_agency_opens_the_offer_for_the_others_and_ends_it_for_this_one(house: House) -> None:
    code = await house.peer.enrolls()
    offer = (await offers(house, code))["id"]
    seen, other = await offered_to(house.agency), await offered_to(house.other_agency)
    refused(await declines(house, code, offer), 409, "no_claim_to_answer")
    ok(await claims(house.agency, seen))
    assert ok(await declines(house, code, offer))["state"] == "open"
    await absent(house.agency, path_of(seen))
    refused(await claims(house.agency, seen), 404, "not_found")
    assert ok(await claims(house.other_agency, other))["state"] == "held_by_you"


async def test_an_offer_that_is_withdrawn_or_past_its_days_is_there_for_no_agency(house: House) -> None:
    code = await house.peer.enrolls()
    withdrawn, kept = [(await offers(house, code, need=need, days=2))["id"] for need in ("legal-aid", "wound-care")]
    seen = {one["need"]: one for one in await items(house.agency, "/v1/offers")}
    ok(await claims(house.agency, seen["legal-aid"]))
    ended = ok(await house.peer.post(f"/v1/participants/{code}/offers/{withdrawn}/withdrawal"))
    assert (ended["state"], ended["held_by"]) == ("withdrawn", None)
    again = await house.peer.post(f"/v1/participants/{code}/offers/{withdrawn}/withdrawal")
    refused(again, 409, "offer_ended")
    house.clock.move(timedelta(days=1))
    assert [one["need"] for one in await items(house.agency, "/v1/offers")] == ["wound-care"]
    house.clock.move(timedelta(days=1))
    for gone in seen.values():
        await absent(house.agency, path_of(gone))
        refused(await claims(house.agency, gone), 404, "not_found")
    states = {one["id"]: one["state"] for one in await items(house.peer, f"/v1/participants/{code}/offers")}
    assert states == {withdrawn: "withdrawn", kept: "expired"}


async def test_offers_are_of_those_who_work_with_the_person(house: House) -> None:
    code = await house.peer.enrolls()
    offer = (await offers(house, code))["id"]
    ok(await claims(house.agency, await offered_to(house.agency)))
    assert [one["id"] for one in await items(house.supervisor, "/v1/offers")] == [offer]
    assert await items(house.stranger, "/v1/offers") == []
    person = f"/v1/participants/{code}/offers"
    someone_else = await house.peer.enrolls()
    await absent(house.peer, f"/v1/participants/{someone_else}/offers/{offer}")
    await absent(house.stranger, f"{person}/{offer}")
    named = {"organization_id": str(house.organizations["harbor"])}
    for door, body in (("acceptance", named), ("decline", named), ("withdrawal", None)):
        refused(await house.stranger.post(f"{person}/{offer}/{door}", body), 404, "not_found")
        other = f"/v1/participants/{someone_else}/offers/{offer}/{door}"
        refused(await house.peer.post(other, body), 404, "not_found")


async def test_a_forgotten_persons_needs_are_offered_to_nobody(house: House) -> None:
    code = await house.peer.enrolls()
    await offers(house, code)
    seen = await offered_to(house.agency)
    ok(await claims(house.agency, seen))
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    await absent(house.agency, path_of(seen))
    assert await house.rows(*(select(table_of(kind)) for kind in (OpenNeed, Offer, OfferInvitation))) == [[], [], []]
    house.clock.move(timedelta(days=2))
    assert await do_jobs(house.installation) == 0


async def test_the_trail_names_the_person_where_the_program_answers_and_nobody_where_an_agency_claims(
    house: House,
) -> None:
    code = await house.peer.enrolls()
    offer = (await offers(house, code))["id"]
    ok(await claims(house.agency, await offered_to(house.agency)))
    ok(await declines(house, code, offer))
    entries, subjects = table_of(TrailEntry), table_of(TrailSubject)
    named = select(entries.c.door, subjects.c.entry_id).outerjoin(subjects, subjects.c.entry_id == entries.c.id)
    told = {row.door: row.entry_id is not None for row in (await house.rows(named))[0] if "/offers" in row.door}
    assert told == {
        "POST /v1/participants/{code}/offers": True,
        "GET /v1/offers": False,
        "POST /v1/offers/{reference}/claim": False,
        "POST /v1/participants/{code}/offers/{id}/decline": True,
    }
