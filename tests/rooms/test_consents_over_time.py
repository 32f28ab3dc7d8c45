"""Consents over time: what a later one, a no, or the end of the days takes away, and what an agency is told of it."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.rooms.test_consents import codes, revokes
from tests.stories.steps import absent, agrees, items, named, referred_with_consent, refers
from tests.world import House, intake, ok, refused
from true_api.journeys.lapsing import end_lapsed_consents
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.consents import Category, ConsentLapse, Decision, Evidence
from true_api.rooms.consents.schemas import LOOP
from true_api.rooms.consents.standing import Standing, Turn, amount
from true_api.rooms.consents.tables import AccessEnding

ENDINGS = "/v1/access-endings"


async def endings(house: House, agency: str = "agency") -> list[str]:
    """The references of which an agency is told that they lead no further; nothing else is told."""
    told = await items(house.people[agency], ENDINGS)
    assert all(set(one) == {"reference", "event"} and one["event"] == "access_ended" for one in told)
    return [one["reference"] for one in told]


async def denies(house: House, code: str, agency: str, **over: Any) -> dict[str, Any]:
    """The person says no to one agency."""
    said = {"decision": "deny", "organization_id": str(house.organizations[agency]), "categories": ["referral"], **over}
    return ok(await house.peer.post(f"/v1/participants/{code}/consents", said))


async def epoch(house: House) -> int:
    """The epoch of the one person there is."""
    people = table_of(Participant)
    ((row,),) = await house.rows(select(people.c.epoch))
    return int(row.epoch)


async def test_a_later_consent_takes_the_place_of_an_earlier_one_and_keeps_the_code(house: House) -> None:
    code, referral = await referred_with_consent(house)
    (first,) = await items(house.peer, f"/v1/participants/{code}/consents")
    before = await epoch(house)
    second = await agrees(house.peer, code, house.organizations["harbor"], supersedes=first["id"], days=9)
    assert (second["supersedes"], second["state"]) == (first["id"], "live")
    path = f"/v1/participants/{code}/consents/{first['id']}"
    assert ok(await house.peer.get(path))["state"] == "superseded"
    (seen,) = await items(house.agency, "/v1/referrals")
    assert (seen["code"], seen["reference"]) == (referral["agency_code"], referral["reference"])
    assert await epoch(house) == before, "nothing was taken away"
    refused(await house.peer.post(f"{path}/revoke"), 409, "consent_already_superseded")
    assert await endings(house) == []


async def test_what_a_later_consent_no_longer_covers_is_gone_at_once(house: House) -> None:
    code, referral = await referred_with_consent(house)
    (first,) = await items(house.peer, f"/v1/participants/{code}/consents")
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    before = await epoch(house)
    over = {"supersedes": first["id"], "categories": ["intake_status"]}
    await agrees(house.peer, code, house.organizations["harbor"], **over)
    await absent(house.agency, f"/v1/referrals/{referral['reference']}")
    assert await epoch(house) == before + 1
    assert await endings(house) == [referral["reference"]]
    assert await codes(house, "harbor") == [referral["agency_code"]], "it still knows the person"
    known = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))
    assert known["reference"] == referral["reference"]


async def test_a_consent_takes_the_place_of_a_live_one_of_the_same_person_and_agency_alone(house: House) -> None:
    code, somebody = await house.peer.enrolls(), await house.peer.enrolls()
    harbor, bridge = house.organizations["harbor"], house.organizations["bridge"]
    first = await agrees(house.peer, code, harbor)
    elsewhere = await agrees(house.peer, somebody, harbor)
    path = f"/v1/participants/{code}/consents"
    for agency, earlier in ((bridge, first["id"]), (harbor, elsewhere["id"]), (harbor, str(uuid4()))):
        refused(await house.peer.post(path, named(agency, supersedes=earlier)), 409, "nothing_to_supersede")
    await agrees(house.peer, code, harbor, supersedes=first["id"])
    refused(await house.peer.post(path, named(harbor, supersedes=first["id"])), 409, "nothing_to_supersede")


async def test_a_no_stands_against_every_yes_that_would_reach_the_agency(house: House) -> None:
    code, bridge = await house.peer.enrolls(), house.organizations["bridge"]
    network = {"preset": "care_network", "recipients": [str(bridge)], "categories": LOOP}
    await agrees(house.peer, code, house.organizations["harbor"], **network)
    referral = await refers(house.peer, code, bridge)
    path = f"/v1/referrals/{referral['reference']}"
    ok(await house.other_agency.get(path))
    no = await denies(house, code, "bridge", categories=LOOP)
    await absent(house.other_agency, path)
    assert await endings(house, "other_agency") == [referral["reference"]]
    assert await endings(house) == []
    assert await codes(house, "bridge") == []
    assert len(await codes(house, "harbor")) == 1, "who was not named by the no keeps knowing the person"
    await agrees(house.peer, code, bridge)
    assert await items(house.other_agency, "/v1/referrals") == [], "a later yes does not lift it"
    assert await codes(house, "bridge") == []
    await revokes(house.peer, code, no["id"])
    (seen,) = await items(house.other_agency, "/v1/referrals")
    assert seen["code"] != referral["agency_code"]
    assert seen["reference"] != referral["reference"]


async def test_a_no_takes_the_place_of_a_yes_and_a_yes_that_of_a_no(house: House) -> None:
    code, referral = await referred_with_consent(house)
    (first,) = await items(house.peer, f"/v1/participants/{code}/consents")
    no = await denies(house, code, "harbor", supersedes=first["id"])
    await absent(house.agency, f"/v1/referrals/{referral['reference']}")
    await agrees(house.peer, code, house.organizations["harbor"], supersedes=no["id"])
    (seen,) = await items(house.agency, "/v1/referrals")
    assert seen["code"] != referral["agency_code"]


async def test_every_member_of_a_network_loses_the_code_when_it_ends(house: House) -> None:
    code, harbor, bridge = await house.peer.enrolls(), house.organizations["harbor"], house.organizations["bridge"]
    network = {"preset": "care_network", "recipients": [str(bridge)], "categories": LOOP}
    consent = await agrees(house.peer, code, harbor, **network)
    asked = {name: await refers(house.peer, code, house.organizations[name]) for name in ("harbor", "bridge")}
    for agency, place in (("agency", "harbor"), ("other_agency", "bridge")):
        ok(await house.people[agency].get(f"/v1/referrals/{asked[place]['reference']}"))
    await revokes(house.peer, code, consent["id"])
    for agency, place in (("agency", "harbor"), ("other_agency", "bridge")):
        assert await items(house.people[agency], "/v1/referrals") == []
        assert await codes(house, place) == []
        assert await endings(house, agency) == [asked[place]["reference"]]


async def test_a_consent_that_ran_out_ends_like_one_that_was_taken_back(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor, days=2)
    referral = await refers(house.peer, code, harbor)
    assert len(await items(house.agency, "/v1/referrals")) == 1
    before = await epoch(house)
    assert await end_lapsed_consents(house.installation) == 0
    house.clock.move(timedelta(days=2))
    await absent(house.agency, f"/v1/referrals/{referral['reference']}")
    assert await end_lapsed_consents(house.installation) == 1
    assert await codes(house, "harbor") == []
    assert await epoch(house) == before + 1
    assert await endings(house) == [referral["reference"]]
    assert ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["reference"] != referral["reference"]
    assert await end_lapsed_consents(house.installation) == 0, "once is enough"
    (kept,) = await items(house.peer, f"/v1/participants/{code}/consents")
    assert kept["state"] == "run_out"
    await agrees(house.peer, code, harbor)
    (seen,) = await items(house.agency, "/v1/referrals")
    assert seen["code"] != referral["agency_code"]


async def test_a_consent_given_before_anybody_noticed_that_the_last_ran_out_brings_a_new_code(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor, days=1)
    referral = await refers(house.peer, code, harbor)
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    house.clock.move(timedelta(days=3))
    await agrees(house.peer, code, harbor)
    (seen,) = await items(house.agency, "/v1/referrals")
    assert seen["code"] != referral["agency_code"]
    assert seen["reference"] != referral["reference"]
    assert await endings(house) == [referral["reference"]]
    assert await end_lapsed_consents(house.installation) == 0


async def test_a_consent_that_begins_later_opens_nothing_before(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor, valid_from="2026-11-10")
    referral = await refers(house.peer, code, harbor)
    assert referral["agency_code"] is None
    await absent(house.agency, f"/v1/referrals/{referral['reference']}")
    assert len(await codes(house, "harbor")) == 1
    later = await agrees(house.peer, code, house.organizations["bridge"], valid_from="2026-11-10")
    await revokes(house.peer, code, later["id"])
    assert await codes(house, "bridge") == []
    house.clock.move(timedelta(days=8))
    seen = ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    assert [seen["code"]] == await codes(house, "harbor")


async def test_an_agency_is_told_only_of_what_it_was_shown(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    consent = await agrees(house.peer, code, harbor, categories=LOOP)
    sent = await refers(house.peer, code, harbor)
    await refers(house.peer, code, harbor, need="legal-aid", draft=True)
    await refers(house.peer, code, house.organizations["bridge"], need="wound-care")
    posted = ok(await house.agency.post("/v1/intake-requests", intake()))["reference"]
    (request,) = [one for one in await items(house.peer, "/v1/intake-requests") if one["reference"] == posted]
    ok(await house.peer.post(f"/v1/intake-requests/{request['id']}/connection", {"code": code}))
    unread = await house.peer.enrolls()
    other = await agrees(house.peer, unread, harbor)
    await refers(house.peer, unread, harbor)
    await revokes(house.peer, unread, other["id"])
    assert await endings(house) == [], "it never looked, so there is nothing that it knew"
    for path in ("/v1/referrals", "/v1/intake-requests"):
        await items(house.agency, path)
    await revokes(house.peer, code, consent["id"])
    assert sorted(await endings(house)) == sorted([sent["reference"], posted])
    assert await endings(house, "other_agency") == []
    refused(await house.peer.get(ENDINGS), 403, "not_permitted")
    (kept,) = await house.rows(select(table_of(AccessEnding)))
    assert {row.ended_in.day for row in kept} == {1}, "the month is kept, and no day"


async def test_whatever_is_said_an_agency_has_a_code_exactly_while_something_reaches_it(house: House) -> None:
    """A made-up history of yes, no, replacing, taking back and time going by, against the rule in three lines."""
    chance, code = Random(20261102), await house.peer.enrolls()
    path, open_ones = f"/v1/participants/{code}/consents", dict[str, Any]()
    for _ in range(14):
        step, place = chance.choice(["yes", "yes", "no", "over", "back", "days"]), chance.choice(["harbor", "bridge"])
        agency = house.organizations[place]
        categories = chance.sample(LOOP, chance.randint(1, 3))
        if step == "yes":
            said = await agrees(house.peer, code, agency, categories=categories, days=chance.randint(1, 6))
        elif step == "no":
            said = await denies(house, code, place, categories=categories)
        elif step == "over" and (same := [one for one in open_ones.values() if one["organization_id"] == str(agency)]):
            said = await agrees(house.peer, code, agency, supersedes=same[0]["id"], days=9)
            del open_ones[same[0]["id"]]
        elif step == "back" and open_ones:
            await revokes(house.peer, code, open_ones.pop(chance.choice(sorted(open_ones)))["id"])
            said = None
        else:
            house.clock.move(timedelta(days=chance.randint(1, 3)))
            await end_lapsed_consents(house.installation)
            said = None
        if said is not None:
            open_ones[said["id"]] = said
        listed = {one["id"]: one for one in await items(house.peer, path)}
        open_ones = {name: one for name, one in open_ones.items() if listed[name]["state"] == "live"}
        assert {name for name, one in listed.items() if one["state"] == "live"} == set(open_ones)
        for name, organization in (("harbor", "harbor"), ("bridge", "bridge")):
            reach = {decision: set[str]() for decision in ("permit", "deny")}
            for one in open_ones.values():
                if one["organization_id"] == str(house.organizations[organization]):
                    reach[one["decision"]] |= set(one["categories"])
            assert len(await codes(house, name)) == bool(reach["permit"] - reach["deny"])


async def test_an_ending_is_forgotten_with_nobody_because_it_names_nobody(house: House) -> None:
    code, referral = await referred_with_consent(house)
    await items(house.agency, "/v1/referrals")
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    await revokes(house.peer, code, consent["id"])
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    assert await endings(house) == [referral["reference"]]
    assert await house.rows(select(table_of(ConsentLapse))) == [[]]


HARBOR, BRIDGE = uuid4(), uuid4()
standings = st.builds(
    Standing,
    id=st.uuids(),
    decision=st.sampled_from(Decision),
    evidence=st.sampled_from(Evidence),
    valid_from=st.dates(),
    valid_to=st.dates(),
    categories=st.frozensets(st.sampled_from(Category)),
    recipients=st.frozensets(st.sampled_from([HARBOR, BRIDGE])),
)


@given(said=st.lists(standings, unique_by=lambda one: one.id), today=st.dates(), data=st.data())
@settings(max_examples=100)
def test_no_yes_outweighs_a_no_and_ending_a_yes_never_adds_anything(
    said: list[Standing], today: Any, data: st.DataObject
) -> None:
    for whom, what in amount(said):
        assert not [one for one in said if one.decision is Decision.DENY and (whom, what) in one.reaches]
    ended = data.draw(st.frozensets(st.sampled_from([one.id for one in said] or [uuid4()])))
    turn = Turn({one.id: one for one in said}, today, ended)
    if all(one.decision is Decision.PERMIT for one in said if one.id in ended | turn.lapsed):
        assert turn.after() <= turn.before()
    assert turn.lost() >= turn.before() - turn.after()
    assert turn.after(()) == frozenset(), "without evidence that counts nothing is disclosed"
