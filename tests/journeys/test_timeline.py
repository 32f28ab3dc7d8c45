"""The timeline: everything of one person, newest first, whole however small its pages are."""

from typing import Any

from tests.stories.steps import absent, agrees, every_item, facts, items, moves, refers
from tests.world import Caller, House, ok, refused


async def lives(caller: Caller, house: House, code: str, history_open: bool = True) -> set[tuple[str, str]]:
    """Many things on few days: what happened, as kind and id. Consent takes an open history."""
    happened = []
    for day in ("2026-11-02", "2026-10-30", "2026-11-02", "2026-10-30"):
        said = {"occurred_on": day, "importance": 3}
        note = ok(await caller.post(f"/v1/participants/{code}/readiness-notes", said))
        met = await caller.records(code, occurred_on=day)
        referral = await refers(caller, code, house.organizations["harbor"])
        happened += [("readiness_note", note), ("encounter", met), ("referral", referral)]
        if history_open:
            happened.append(("consent", await agrees(caller, code, house.organizations["harbor"])))
    return {(kind, record["id"]) for kind, record in happened}


def places(timeline: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(item["kind"], item[item["kind"]]["id"]) for item in timeline]


async def test_everything_is_there_once_newest_first_whatever_the_page_size(house: House) -> None:
    code = await house.peer.enrolls()
    happened = await lives(house.peer, house, code)
    whole = await every_item(house.peer, f"/v1/participants/{code}/timeline", 200)
    for limit in (2, 5):
        assert await every_item(house.peer, f"/v1/participants/{code}/timeline", limit) == whole
    assert set(places(whole)) == happened
    assert len(whole) == len(happened)
    order = [(item["on"], item[item["kind"]]["id"]) for item in whole]
    assert order == sorted(order, reverse=True)
    for item in whole:
        others = {"encounter", "readiness_note", "referral", "consent"} - {item["kind"]}
        assert {item[other] for other in others} == {None}


async def test_each_item_is_the_record_itself(house: House) -> None:
    code = await house.peer.enrolls()
    await lives(house.peer, house, code)
    doors = {"encounter": "encounters", "readiness_note": "readiness-notes", "referral": "referrals"}
    for item in await every_item(house.peer, f"/v1/participants/{code}/timeline", 200):
        if item["kind"] in doors:
            record = item[item["kind"]]
            assert facts(ok(await house.peer.get(f"/v1/{doors[item['kind']]}/{record['id']}"))) == record
    consents = await items(house.peer, f"/v1/participants/{code}/consents")
    timeline = await items(house.peer, f"/v1/participants/{code}/timeline")
    assert [item["consent"] for item in timeline if item["kind"] == "consent"] == consents


async def test_it_shows_how_things_stand_now(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    kept, wrong = await peer.records(code), await peer.records(code)
    ok(await peer.post(f"/v1/encounters/{wrong['id']}/void", {"reason": "wrong_person"}))
    consent = await agrees(peer, code, house.organizations["harbor"])
    ok(await peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    referral = await refers(peer, code, house.organizations["harbor"])
    await moves(peer, referral["id"], "cancelled", reason="not_now", decided_by="person")
    timeline = await items(peer, f"/v1/participants/{code}/timeline")
    seen = {item["kind"]: item[item["kind"]] for item in timeline}
    assert set(places(timeline)) == {
        ("encounter", kept["id"]),
        ("consent", consent["id"]),
        ("referral", referral["id"]),
    }
    assert seen["consent"]["revoked_on"] == "2026-11-02"
    assert (seen["referral"]["state"], seen["referral"]["agency_code"]) == ("cancelled", None)


async def test_after_a_shown_code_it_holds_what_the_caller_recorded_until_history_opens(house: House) -> None:
    code = await house.peer.enrolls()
    before = await lives(house.peer, house, code)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    path = f"/v1/participants/{code}/timeline"
    assert await items(house.stranger, path) == []
    own = await lives(house.stranger, house, code, history_open=False)
    for limit in (6, 50):
        assert set(places(await every_item(house.stranger, path, limit))) == own
        assert set(places(await every_item(house.other_supervisor, path, limit))) == own
    member = {"member_id": str(house.stranger.id)}
    ok(await house.other_supervisor.post(f"/v1/participants/{code}/assignments", member))
    assert set(places(await every_item(house.stranger, path, 50))) == before | own


async def test_a_place_in_one_persons_timeline_leads_nowhere_in_anothers(house: House) -> None:
    code, somebody = await house.peer.enrolls(), await house.peer.enrolls()
    for _ in range(2):
        await house.peer.records(code)
        await house.peer.records(somebody)
    cursor = ok(await house.peer.get(f"/v1/participants/{code}/timeline?limit=1"))["next_cursor"]
    path = f"/v1/participants/{somebody}/timeline"
    assert len(await items(house.peer, path)) == 2
    refused(await house.peer.get(path, params={"cursor": cursor}), 400, "invalid_cursor")
    refused(await house.supervisor.get(f"/v1/participants/{code}/timeline?cursor={cursor}"), 400, "invalid_cursor")
    await absent(house.stranger, f"/v1/participants/{code}/timeline?cursor={cursor}")
