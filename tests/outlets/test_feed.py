"""The change feed: who hears what, and that nothing tells more than its reader may see now."""

from datetime import timedelta

from sqlalchemy import select

from tests.journeys.leaving import ASKED
from tests.outlets.following import Follower, placed
from tests.stories.steps import agrees, items, moves, refers
from tests.world import House, intake, ok, recall, refused
from true_api.kernel.effects import FeedEvent
from true_api.kernel.feed import FeedEntry
from true_api.kernel.rows import table_of
from true_api.outlets.feed.keeping import begin_day, let_old_changes_go
from true_api.privacy.disclosures import Disclosure

WHEELS = "b1d5cf1b-9b6e-4a67-9a3f-3f1c8d1a2b77"


def organization(**over: object) -> dict[str, object]:
    """An organization of the directory."""
    return {"id": WHEELS, "name": "Night Kitchen", "description": "Warm food at night.", **over}


async def test_a_supervisor_hears_of_the_team_and_another_teams_hears_nothing(house: House) -> None:
    near, far = Follower(house.supervisor), Follower(house.other_supervisor)
    code = await house.peer.enrolls()
    met = await house.peer.records(code)
    await agrees(house.peer, code, house.organizations["harbor"])
    referral = await refers(house.peer, code, house.organizations["harbor"])
    assert await near.hears() == [("encounter", "changed", met["id"]), ("referral", "changed", referral["id"])]
    ok(await house.peer.post(f"/v1/encounters/{met['id']}/void", {"reason": "recorded_twice"}))
    assert await near.hears() == [("encounter", "changed", met["id"])]
    assert await near.hears() == []
    assert await far.hears() == []


async def test_whoever_comes_onto_the_caseload_brings_their_records_page_by_page(house: House) -> None:
    code = await house.peer.enrolls()
    met = [(await house.peer.records(code))["id"] for _ in range(5)]
    far = Follower(house.other_supervisor)
    assert await far.hears() == []
    ok(await house.peer.call("PUT", f"/v1/participants/{code}/recall", recall()))
    ok(await house.stranger.post("/v1/caseload", {"code": code, "word": "lantern"}))
    heard = await far.hears(limit=2)
    assert sorted(name for _, _, name in heard) == sorted(met)
    assert [len(page["items"]) for page in far.pages[1:]] == [2, 2, 1]


async def test_an_agency_hears_of_a_referral_by_its_reference_while_consent_names_it(house: House) -> None:
    harbor, bridge = Follower(house.agency), Follower(house.other_agency)
    code = await house.peer.enrolls()
    consent = await agrees(house.peer, code, house.organizations["harbor"])
    referral = await refers(house.peer, code, house.organizations["harbor"])
    assert await harbor.hears() == [("referral", "changed", referral["reference"])]
    early = harbor.pages[0]["items"][0]["cursor"]
    await moves(house.agency, referral["reference"], "accepted")
    assert await harbor.hears() == [("referral", "changed", referral["reference"])]
    (told,) = await house.rows(select(table_of(Disclosure)))
    assert {row.organization_id for row in told} == {house.organizations["harbor"]}

    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    ended = [("access_ending", "gone", referral["reference"])]
    assert await harbor.hears() == ended
    assert await Follower(house.agency).hears() == ended
    assert await Follower(house.agency, after=early).hears() == ended
    assert await bridge.hears() == []


async def test_a_referral_that_was_a_mistake_is_gone_for_the_agency_that_was_shown_it(house: House) -> None:
    harbor, bridge = Follower(house.agency), Follower(house.other_agency)
    code = await house.peer.enrolls()
    asked = {}
    for name in ("harbor", "bridge"):
        await agrees(house.peer, code, house.organizations[name])
        asked[name] = await refers(house.peer, code, house.organizations[name])
    assert await harbor.hears() == [("referral", "changed", asked["harbor"]["reference"])]
    for referral in asked.values():
        await moves(house.peer, referral["id"], "entered_in_error")
    assert await harbor.hears() == [("referral", "gone", asked["harbor"]["reference"])]
    assert await bridge.hears() == []


async def test_a_consent_that_is_given_again_brings_what_it_opens(house: House) -> None:
    code = await house.peer.enrolls()
    consent = await agrees(house.peer, code, house.organizations["harbor"])
    referral = await refers(house.peer, code, house.organizations["harbor"])
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    harbor = Follower(house.agency)
    # It never read the feed while it could, and was told of nothing: so nothing ends for it, either.
    assert await harbor.hears() == []
    await agrees(house.peer, code, house.organizations["harbor"])
    anew = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["reference"]
    assert anew != referral["reference"]
    assert await harbor.hears() == [("referral", "changed", anew)]


async def test_the_work_on_a_request_is_silent_unless_the_person_agrees(house: House) -> None:
    harbor = Follower(house.agency)
    posted = ok(await house.agency.post("/v1/intake-requests", intake()))
    assert await harbor.hears() == [("intake_request", "changed", posted["reference"])]
    (request,) = await items(house.peer, "/v1/intake-requests")
    tried = {"attempted_on": "2026-11-02", "result": "not_there"}
    ok(await house.peer.post(f"/v1/intake-requests/{request['id']}/attempts", tried))
    code = await house.peer.enrolls()
    ok(await house.peer.post(f"/v1/intake-requests/{request['id']}/connection", {"code": code}))
    before = harbor.after
    assert await harbor.hears() == []
    assert harbor.after == before
    heard = await Follower(house.supervisor).hears()
    assert ("intake_request", "changed", request["id"]) in heard
    named = {"categories": ["intake_status"]}
    await agrees(house.peer, code, house.organizations["harbor"], **named)
    assert await harbor.hears() == [("intake_request", "changed", posted["reference"])]


async def test_an_offer_is_heard_of_until_it_is_over(house: House) -> None:
    code = await house.peer.enrolls()
    published = {"need": "recovery-housing", "days": 3, "organization_ids": [str(house.organizations["harbor"])]}
    offer = ok(await house.peer.post(f"/v1/participants/{code}/offers", published))
    harbor, bridge = Follower(house.agency), Follower(house.other_agency)
    (invited,) = await items(house.agency, "/v1/offers")
    assert await harbor.hears() == [("offer", "changed", invited["reference"])]
    ok(await house.agency.post(f"/v1/offers/{invited['reference']}/claim"))
    ok(await house.peer.post(f"/v1/participants/{code}/offers/{offer['id']}/withdrawal"))
    assert await harbor.hears() == [("offer", "gone", invited["reference"])]
    assert await bridge.hears() == []


async def test_integrators_hear_of_what_is_published_and_of_nobody(house: House) -> None:
    county = Follower(house.integrator)
    code = await house.peer.enrolls()
    await house.peer.records(code)
    path = f"/v1/directory/records/organization/{WHEELS}"
    ok(await house.supervisor.call("PUT", path, organization()))
    assert await county.hears() == [("directory_entry", "changed", f"organization/{WHEELS}")]
    ok(await house.supervisor.call("PUT", path, organization(description="Warm food and tea.")))
    assert await county.hears() == [("directory_entry", "changed", f"organization/{WHEELS}")]
    ok(await house.supervisor.call("DELETE", path))
    assert await county.hears() == [("directory_entry", "gone", f"organization/{WHEELS}")]
    assert await Follower(house.agency).hears() == [("directory_entry", "gone", f"organization/{WHEELS}")]


async def test_who_was_forgotten_is_in_no_later_page_but_for_the_names_that_lead_nowhere(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    met = [(await house.peer.records(code))["id"] for _ in range(3)]
    referral = await refers(house.peer, code, house.organizations["harbor"])
    near, harbor, far = (Follower(caller) for caller in (house.supervisor, house.agency, house.other_supervisor))
    await placed(house)
    first = await near.page(limit=2)
    assert first["more"]
    assert await harbor.hears() == [("referral", "changed", referral["reference"])]
    known = {*met, referral["id"]}
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", ASKED))

    rest = await near.hears(limit=2)
    assert {change for _, change, _ in rest} == {"gone"}
    assert {name for _, _, name in rest} == known
    assert await Follower(house.supervisor).hears() == sorted(rest, key=rest.index)
    assert await harbor.hears() == [("referral", "gone", referral["reference"])]
    assert await far.hears() == []
    (entries,) = await house.rows(select(table_of(FeedEntry)))
    assert {entry.event for entry in entries if entry.name in known} == {FeedEvent.GONE}
    # The facts that stay about nobody are no news: beside each other they would tell which belong together.
    assert {entry.name for entry in entries if entry.kind == "encounter"} == set(met)


async def test_a_cursor_is_of_one_caller_and_its_kinds_and_of_one_length(house: House) -> None:
    ok(await house.agency.post("/v1/intake-requests", intake()))
    harbor = Follower(house.agency)
    await harbor.hears()
    cursor = harbor.after or ""
    assert {len(cursor)} == {len(item["cursor"]) for item in harbor.pages[0]["items"]} | {len(harbor.after or "")}
    other = chr(ord(cursor[4]) ^ 1)
    for caller, asked in (
        (house.other_agency, {"after": cursor}),
        (house.agency_worker, {"after": cursor}),
        (house.supervisor, {"after": cursor}),
        (house.agency, {"after": cursor, "kinds": "referral"}),
        (house.agency, {"after": f"{cursor[:4]}{other}{cursor[5:]}"}),
        (house.agency, {"after": "12"}),
    ):
        refused(await caller.get("/v1/changes", params=asked), 400, "invalid_cursor")


async def test_kinds_that_a_caller_may_not_follow_are_refused_and_those_that_are_there_named(house: House) -> None:
    for caller, kinds in ((house.integrator, "encounter"), (house.agency, "plan"), (house.supervisor, "access_ending")):
        told = refused(await caller.get("/v1/changes", params={"kinds": kinds}), 422, "invalid_shape")
        assert "release" in told["errors"][0]["near"]
    narrow = house.supervisor.token(scope="changes:read plan:read")
    headers = {"Authorization": f"Bearer {narrow}"}
    answer = await house.http.get("/v1/changes", params={"kinds": "encounter"}, headers=headers)
    assert refused(answer, 422, "invalid_shape")["errors"][0]["near"] == ["plan"]
    for caller in (house.peer, house.admin):
        refused(await caller.get("/v1/changes"), 403, "not_permitted")


async def test_after_thirty_days_what_is_older_is_gone_and_says_so(house: House) -> None:
    installation, start = house.installation, house.clock.now()
    posted = ok(await house.agency.post("/v1/intake-requests", intake()))
    quiet, away = Follower(house.agency), Follower(house.agency)
    assert await quiet.hears() == await away.hears() == [("intake_request", "changed", posted["reference"])]
    for days in (1, 31):
        house.clock.set(start + timedelta(days=days))
        await placed(house)
        await begin_day(installation)
        await begin_day(installation)
        later = ok(await house.agency.post("/v1/intake-requests", intake()))
        # Who reads every day is never too late, however quiet it is for them.
        assert await quiet.hears() == [("intake_request", "changed", later["reference"])]
    for swept in (False, True):
        assert await let_old_changes_go(installation) == (0 if swept else 1)
        refused(await house.agency.get("/v1/changes", params={"after": away.after}), 410, "feed_too_old")
        assert await quiet.hears() == []
        heard = await Follower(house.agency).hears()
        assert len(heard) == 2
        assert posted["reference"] not in {name for _, _, name in heard}
    (entries,) = await house.rows(select(table_of(FeedEntry)))
    # The clock of a request runs meanwhile, and what the program does about it is news again.
    assert posted["reference"] not in {entry.name for entry in entries if entry.event is FeedEvent.KEPT}
