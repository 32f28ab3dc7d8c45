"""What is arranged with a referral, how the person comes, and who goes along: each side sees what it needs."""

from typing import Any

import pytest

from tests.house.scenes import ARRANGED
from tests.stories.steps import absent, agrees, facts, items, moves, named, referred_with_consent, refers
from tests.world import Caller, House, ok, refused
from true_api.privacy.terms import Wish
from true_api.rooms.referrals.vocabulary import ReferralMode, ThingToBring

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""

SIDE_DOOR = {"on": "2026-11-04", "part_of_day": "morning", "held_until": "2026-11-06", "bring": ["any_id", "medicines"]}
WORDS = {"location": "The side door by the river.", "ask_for_desk": "the day desk"}
NOTHING = {"on": None, "part_of_day": None, "held_until": None, "bring": []}
ENDS = ("no_place_offered", "completed", "not_completed", "cancelled", "entered_in_error")


async def arranges(caller: Caller, referral: str, arrangement: Any) -> dict[str, Any]:
    """Another arrangement, or none, takes the place of the one before."""
    path = f"/v1/referrals/{referral}/arrangement"
    return ok(await caller.call("PUT", path, {"arrangement": arrangement}))


async def shown_to_both(house: House, referral: dict[str, Any]) -> list[dict[str, Any]]:
    """The same referral as the program and as the agency reads it."""
    reads = [(house.peer, referral["id"]), (house.agency, referral["reference"])]
    return [ok(await caller.get(f"/v1/referrals/{name}")) for caller, name in reads]


async def test_what_is_arranged_is_seen_by_both_and_its_words_in_the_record_alone(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    wishes = [wish.value for wish in Wish]
    asked = await refers(house.peer, code, harbor, arrangement={**SIDE_DOOR, **WORDS}, wishes=wishes, note="Quiet.")
    assert (asked["arrangement"], asked["wishes"]) == (SIDE_DOOR, wishes)
    assert asked["words_kept"] == ["ask_for_desk", "location", "note"]
    for seen in await shown_to_both(house, asked):
        assert (seen["arrangement"], seen["wishes"]) == ({**SIDE_DOOR, **WORDS}, wishes)
    for caller in (house.peer, house.agency):
        (listed,) = await items(caller, "/v1/referrals")
        assert listed["arrangement"] == SIDE_DOOR
    assert await items(house.other_agency, "/v1/referrals") == []


async def test_the_agency_arranges_while_it_accepts_and_replaces_what_stood_there(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    asked = await refers(house.peer, code, harbor, arrangement={**SIDE_DOOR, **WORDS})
    theirs = {"on": "2026-11-05", "location": "The front desk."}
    accepted = await moves(house.agency, asked["reference"], "accepted", arrangement=theirs)
    assert accepted["arrangement"] == {**NOTHING, "on": "2026-11-05"}
    assert accepted["words_kept"] == ["location"], "the desk of before is no longer said"
    for seen in await shown_to_both(house, asked):
        assert seen["arrangement"] == {**NOTHING, **theirs, "ask_for_desk": None}
    went_on = await moves(house.agency, asked["reference"], "in_progress")
    assert (went_on["arrangement"]["on"], went_on["words_kept"]) == ("2026-11-05", ["location"])


async def test_either_side_changes_what_is_arranged_while_it_is_on_its_way(house: House) -> None:
    _, asked = await referred_with_consent(house)
    for caller, name, day in ((house.peer, "id", "2026-11-04"), (house.agency, "reference", "2026-11-09")):
        kept = await arranges(caller, asked[name], {"on": day, **WORDS})
        assert (kept["arrangement"]["on"], kept["words_kept"]) == (day, ["ask_for_desk", "location"])
        assert kept["state"] == "requested"
    cleared = await arranges(house.peer, asked["id"], None)
    assert (cleared["arrangement"], cleared["words_kept"]) == (NOTHING, [])
    for seen in await shown_to_both(house, asked):
        assert seen["arrangement"] == {**NOTHING, "location": None, "ask_for_desk": None}


@ON_SQLITE
@pytest.mark.parametrize("end", ENDS)
async def test_nothing_is_arranged_or_handed_off_once_it_has_ended(house: House, end: str) -> None:
    _, asked = await referred_with_consent(house)
    why: dict[str, Any] = {"outcomes": ["other"]} if end == "completed" else {}
    why |= {} if end in ("completed", "entered_in_error") else {"reason": "other", "decided_by": "person"}
    path = f"/v1/referrals/{asked['id']}"
    along = {"to": end, **why, "arrangement": SIDE_DOOR}
    refused(await house.peer.post(f"{path}/transitions", along), 422, "invalid_shape")
    ended = await moves(house.peer, asked["id"], end, **why)
    late = await house.peer.call("PUT", f"{path}/arrangement", {"arrangement": SIDE_DOOR})
    assert refused(late, 409, "referral_not_on_its_way")["allowed"] == ended["moves"]
    late = await house.peer.post(f"{path}/hand-offs", {"how": "phone"})
    assert refused(late, 409, "referral_not_on_its_way")["allowed"] == ended["moves"]


async def test_a_draft_is_arranged_and_handed_off_only_once_it_was_sent(house: House) -> None:
    code = await house.peer.enrolls()
    draft = await refers(house.peer, code, house.organizations["harbor"], draft=True)
    assert (await arranges(house.peer, draft["id"], SIDE_DOOR))["arrangement"] == SIDE_DOOR
    early = await house.peer.post(f"/v1/referrals/{draft['id']}/hand-offs", {"how": "video"})
    refused(early, 409, "referral_not_on_its_way")


@ON_SQLITE
async def test_an_arrangement_says_its_days_in_order_and_takes_nothing_that_finds_a_person(house: House) -> None:
    _, asked = await referred_with_consent(house)
    path = f"/v1/referrals/{asked['id']}/arrangement"
    wrong: list[dict[str, Any]] = [
        {"on": "2026-11-04", "held_until": "2026-11-03"},
        {"bring": ["a cake"]},
        {"bring": ["any_id", "any_id"]},
        {"location": "x" * 81},
        {"name": "Rosa"},
    ]
    for arrangement in wrong:
        refused(await house.peer.call("PUT", path, {"arrangement": arrangement}), 422, "invalid_shape")
    phoned = {"arrangement": {"on": "2026-11-04", "ask_for_desk": "call (415) 555-0187"}}
    refused(await house.agency.call("PUT", path.replace(asked["id"], asked["reference"]), phoned), 422, NARRATIVE)
    lenient = await house.peer.call("PUT", path, phoned, headers={"Prefer": "handling=lenient"})
    assert [text["pointer"] for text in ok(lenient)["returned"]] == ["/arrangement/ask_for_desk"]
    assert ok(lenient)["words_kept"] == []


NARRATIVE = "narrative_refused"


async def test_of_who_goes_alone_the_agency_has_no_record(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    alone = await refers(house.peer, code, harbor, mode="goes_alone")
    assert (alone["mode"], alone["agency_code"]) == ("goes_alone", None)
    assert await items(house.agency, "/v1/referrals") == []
    await absent(house.agency, f"/v1/referrals/{alone['reference']}")
    heard_back = await moves(house.peer, alone["id"], "completed", outcomes=["service_received", "information_given"])
    assert heard_back["outcomes"] == ["service_received", "information_given"]
    for mode in ReferralMode:
        assert (await refers(house.peer, code, harbor, mode=mode))["mode"] == mode
    assert {item["mode"] for item in await items(house.agency, "/v1/referrals")} == {"sent", "called_together"}


async def test_a_hand_off_is_told_by_each_side_and_each_reads_its_own(house: House) -> None:
    _, asked = await referred_with_consent(house)
    path = "/v1/referrals/{}/hand-offs"
    went = {"how": "in_person", "accompanied": True, "arrived": "yes"}
    told = ok(await house.peer.post(path.format(asked["id"]), went))
    assert facts(told) == facts(ok(await house.peer.get(f"/v1/referrals/{asked['id']}")))
    assert told["state"] == "requested"
    ok(await house.agency.post(path.format(asked["reference"]), {"how": "phone", "arrived": "no"}))
    await moves(house.peer, asked["id"], "accepted", hand_off={"how": "video"})
    seen, by_agency = await shown_to_both(house, asked)
    others = {"how": "phone", "accompanied": None, "arrived": "no"}
    later = {"how": "video", "accompanied": None, "arrived": "not_known"}
    assert seen["hand_offs"] == [
        {**said, "said_on": "2026-11-02", "by_agency": by}
        for said, by in ((went, False), (others, True), (later, False))
    ]
    assert by_agency["hand_offs"] == [others]


async def test_a_hand_off_told_twice_with_one_key_is_told_once(house: House) -> None:
    _, asked = await referred_with_consent(house)
    for caller, name in ((house.peer, "id"), (house.agency, "reference")):
        path, key = f"/v1/referrals/{asked[name]}/hand-offs", {"Idempotency-Key": "from-the-van-2"}
        once = [ok(await caller.post(path, {"how": "phone"}, headers=key)) for _ in range(2)]
        assert once[0] == once[1]
    assert len(ok(await house.peer.get(f"/v1/referrals/{asked['id']}"))["hand_offs"]) == 2


async def test_an_agency_finds_by_the_code_on_the_slip_what_it_was_asked(house: House) -> None:
    """It reads the code off the slip, and its own list is the only place where that code leads anywhere."""
    code, asked = await referred_with_consent(house)
    _, others = await referred_with_consent(house)
    for shown, found in ((asked["agency_code"], asked), (others["agency_code"].replace("-", "").lower(), others)):
        (seen,) = await items(house.agency, f"/v1/referrals?code={shown}")
        assert seen["reference"] == found["reference"]
    assert await items(house.agency, f"/v1/referrals?code={code}") == []
    assert await items(house.other_agency, f"/v1/referrals?code={asked['agency_code']}") == []
    assert [item["id"] for item in await items(house.peer, f"/v1/referrals?code={code}")] == [asked["id"]]
    mistyped = asked["agency_code"][:-1] + ("0" if asked["agency_code"][-1] != "0" else "1")
    refused(await house.agency.get(f"/v1/referrals?code={mistyped}"), 422, "code_mistyped")


async def test_a_list_may_be_asked_for_one_state(house: House) -> None:
    _, asked = await referred_with_consent(house)
    await referred_with_consent(house)
    await moves(house.agency, asked["reference"], "accepted")
    for caller, name in ((house.peer, "id"), (house.agency, "reference")):
        assert [item[name] for item in await items(caller, "/v1/referrals?state=accepted")] == [asked[name]]
        assert len(await items(caller, "/v1/referrals?state=requested")) == 1
        assert await items(caller, "/v1/referrals?state=completed") == []


async def test_an_agency_reads_wishes_and_what_is_arranged_as_long_as_it_needs_them(house: House) -> None:
    """Kept in view for ever, what goes with a person would tell two agencies which of their codes are of one."""
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    told = {"arrangement": {**SIDE_DOOR, **WORDS}, "wishes": ["with_pet"]}
    over, ended = [await refers(house.peer, code, harbor, **told) for _ in range(2)]
    await moves(house.agency, ended["reference"], "accepted")
    done = await moves(house.agency, ended["reference"], "completed", outcomes=["place_taken"])
    assert (done["wishes"], done["arrangement"]) == ([], NOTHING)
    for day, needed in ((6, True), (7, False)):
        house.clock.set(house.clock.now().replace(day=day))
        by_program, by_agency = await shown_to_both(house, over)
        assert (by_program["wishes"], by_program["arrangement"]) == (told["wishes"], told["arrangement"])
        nothing = {**NOTHING, "location": None, "ask_for_desk": None}
        seen = (by_agency["wishes"], by_agency["arrangement"])
        assert seen == ((told["wishes"], told["arrangement"]) if needed else ([], nothing))
    for item in await items(house.agency, "/v1/referrals"):
        assert (item["wishes"], item["arrangement"]) == ([], NOTHING)
    again = await arranges(house.agency, over["reference"], {"on": "2026-11-09"})
    assert (again["arrangement"]["on"], again["wishes"]) == ("2026-11-09", ["with_pet"]), "needed again"


@ON_SQLITE
async def test_every_thing_to_bring_can_be_said(house: House) -> None:
    _, asked = await referred_with_consent(house)
    things = [thing.value for thing in ThingToBring]
    assert (await arranges(house.agency, asked["reference"], {"bring": things}))["arrangement"]["bring"] == things


async def test_what_was_arranged_is_absent_once_the_consent_is_taken_back(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    consent = await agrees(house.peer, code, harbor)
    asked = await refers(house.peer, code, harbor, arrangement=ARRANGED)
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    path = f"/v1/referrals/{asked['reference']}"
    refused(await house.agency.call("PUT", f"{path}/arrangement", {"arrangement": SIDE_DOOR}), 404, "not_found")
    refused(await house.agency.post(f"{path}/hand-offs", {"how": "phone"}), 404, "not_found")
    ok(await house.peer.post(f"/v1/participants/{code}/consents", named(harbor)))
    (again,) = await items(house.agency, "/v1/referrals")
    assert (again["arrangement"]["on"], again["reference"]) == (ARRANGED["on"], again["reference"])
    assert again["reference"] != asked["reference"]
