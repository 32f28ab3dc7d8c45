"""Insights: a month's exact counts, for the program's own supervisors and for nobody else."""

from typing import Any

from tests.stories.steps import agrees, items, moves, refers
from tests.world import House, encounter, intake, ok, refused
from true_api.outlets.insights import Month

NOTHING = {
    "encounters": 0,
    "contacts_without_participant": 0,
    "participants_reached": 0,
    "people_at_least": 0,
    "people_at_most": 0,
    "naloxone_given": 0,
    "readiness_notes": 0,
    "referrals_requested": 0,
    "referrals_completed": 0,
    "intake_requests": 0,
    "intake_connected": 0,
}


def reached(records: int, least: int, most: int) -> dict[str, int]:
    """How many records were reached, and how many people they are."""
    return {"participants_reached": records, "people_at_least": least, "people_at_most": most}


async def months(house: House, start: str, end: str) -> dict[str, dict[str, Any]]:
    answer = ok(await house.supervisor.get("/v1/insights/months", params={"from": start, "to": end}))
    assert answer["purpose"] == "internal"
    return {counts.pop("month"): counts for counts in answer["months"]}


async def test_encounters_and_people_are_counted_exactly(house: House) -> None:
    peer, code, other = house.peer, await house.peer.enrolls(), await house.peer.enrolls()
    kits, one_kit = [{"act": "naloxone_given", "quantity": 3}], [{"act": "naloxone_given"}, {"act": "listening"}]
    for day, acts in (("2026-10-01", kits), ("2026-10-31", one_kit), ("2026-11-01", [])):
        await peer.records(code, occurred_on=day, acts=acts)
    await peer.records(other, occurred_on="2026-10-15", outcome="not_today")
    ok(await house.stranger.post("/v1/encounters", encounter(occurred_on="2026-10-31", acts=kits)))
    assert await months(house, "2026-10", "2026-12") == {
        "2026-10": NOTHING
        | {"encounters": 4, "contacts_without_participant": 1, "naloxone_given": 7}
        | reached(2, 2, 2),
        "2026-11": NOTHING | {"encounters": 1} | reached(1, 1, 1),
    }


async def test_somebody_met_by_two_peers_is_one_person(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    for caller in (house.peer, house.stranger, house.stranger):
        await caller.records(code)
    counts = (await months(house, "2026-11", "2026-12"))["2026-11"]
    assert (counts["encounters"], counts["participants_reached"]) == (3, 1)


async def met_in(house: House, month: str, *codes: str) -> None:
    """Each of these is met in a month, twice."""
    for code in codes * 2:
        await house.peer.records(code, occurred_on=f"{month}-15")


async def people(house: House, month: str) -> dict[str, int]:
    """The counts of people of one month."""
    following = str(Month.read(month).following)
    counts = (await months(house, month, following))[month]
    return {name: counts[name] for name in reached(0, 0, 0)}


async def test_linked_records_are_one_person_in_the_months_that_were_and_two_again_once_undone(house: House) -> None:
    one, two, other, only_later = [await house.peer.enrolls() for _ in range(4)]
    await met_in(house, "2026-09", one, two, other)
    await met_in(house, "2026-10", two, other, only_later)
    said = ok(await house.supervisor.post(f"/v1/participants/{one}/links", {"code": two}))
    ok(await house.supervisor.post(f"/v1/participants/{two}/links", {"code": only_later}))
    assert await people(house, "2026-09") == reached(3, 2, 2)
    assert await people(house, "2026-10") == reached(3, 2, 2)
    ok(await house.supervisor.call("DELETE", f"/v1/participants/{one}/links/{said['id']}"))
    assert await people(house, "2026-09") == reached(3, 3, 3)
    assert await people(house, "2026-10") == reached(3, 2, 2)


async def test_who_may_be_returning_widens_the_range_until_they_are_linked(house: House) -> None:
    known = [await house.peer.enrolls() for _ in range(2)]
    perhaps = [await house.peer.enrolls(may_be_returning=True) for _ in range(2)]
    await met_in(house, "2026-09", *known, *perhaps)
    await met_in(house, "2026-10", *perhaps)
    assert await people(house, "2026-09") == reached(4, 2, 4)
    assert await people(house, "2026-10") == reached(2, 1, 2)
    ok(await house.supervisor.post(f"/v1/participants/{perhaps[0]}/links", {"code": known[0]}))
    assert await people(house, "2026-09") == reached(4, 2, 3)
    assert await people(house, "2026-10") == reached(2, 1, 2)
    ok(await house.supervisor.post(f"/v1/participants/{perhaps[1]}/links", {"code": known[0]}))
    assert await people(house, "2026-09") == reached(4, 2, 2)
    assert await people(house, "2026-10") == reached(2, 1, 1)


async def test_who_turns_out_to_be_new_is_counted_surely(house: House) -> None:
    codes = [await house.peer.enrolls(may_be_returning=True), await house.peer.enrolls()]
    await met_in(house, "2026-10", *codes)
    assert await people(house, "2026-10") == reached(2, 1, 2)
    path = f"/v1/participants/{codes[0]}"
    ok(await house.peer.patch(path, {"may_be_returning": False}, (await house.peer.get(path)).headers["etag"]))
    assert await people(house, "2026-10") == reached(2, 2, 2)


async def test_what_was_amended_or_voided_does_not_count(house: House) -> None:
    code = await house.peer.enrolls()
    gave = [{"act": "naloxone_given", "quantity": 5}]
    amended, voided = [await house.peer.records(code, acts=gave) for _ in range(2)]
    correct = encounter(occurred_on="2026-10-31", acts=[{"act": "naloxone_given", "quantity": 2}])
    ok(await house.peer.post(f"/v1/encounters/{amended['id']}/amendments", correct))
    ok(await house.peer.post(f"/v1/encounters/{voided['id']}/void", {"reason": "did_not_happen"}))
    assert await months(house, "2026-10", "2026-12") == {
        "2026-10": NOTHING | {"encounters": 1, "naloxone_given": 2} | reached(1, 1, 1),
        "2026-11": NOTHING,
    }


async def test_notes_referrals_and_intakes_are_counted_by_the_day_they_belong_to(house: House) -> None:
    peer, harbor = house.peer, house.organizations["harbor"]
    code = await peer.enrolls()
    await agrees(peer, code, harbor)
    for day in ("2026-10-31", "2026-11-02"):
        ok(await peer.post(f"/v1/participants/{code}/readiness-notes", {"occurred_on": day}))
    done, _, mistaken = [await refers(peer, code, harbor) for _ in range(3)]
    await refers(peer, code, harbor, draft=True)
    await moves(peer, done["id"], "completed", outcomes=["place_taken"])
    await moves(peer, mistaken["id"], "entered_in_error")
    for _ in range(2):
        ok(await house.agency.post("/v1/intake-requests", intake()))
    (first, _) = await items(peer, "/v1/intake-requests")
    ok(await peer.post(f"/v1/intake-requests/{first['id']}/connection", {"code": code}))
    assert await months(house, "2026-10", "2026-12") == {
        "2026-10": NOTHING | {"readiness_notes": 1},
        "2026-11": NOTHING
        | {
            "readiness_notes": 1,
            "referrals_requested": 2,
            "referrals_completed": 1,
            "intake_requests": 2,
            "intake_connected": 1,
        },
    }


async def test_a_span_is_half_open_and_holds_1_to_36_months(house: House) -> None:
    await house.peer.records(await house.peer.enrolls(), occurred_on="2026-11-01")
    assert list(await months(house, "2026-11", "2026-12")) == ["2026-11"]
    assert (await months(house, "2026-10", "2026-11"))["2026-10"] == NOTHING
    years = await months(house, "2024-01", "2027-01")
    assert list(years) == sorted(years)
    assert len(years) == 36
    for start, end in (("2026-11", "2026-11"), ("2026-12", "2026-11"), ("2024-01", "2027-02"), ("2000-01", "2099-12")):
        span = await house.supervisor.get("/v1/insights/months", params={"from": start, "to": end})
        refused(span, 422, "invalid_shape")
    for wrong in (
        "?from=2026-11",
        "?from=2026-13&to=2027-01",
        "?from=2026-1&to=2026-12",
        "?from=2026-11&to=2026-12&x=1",
    ):
        refused(await house.supervisor.get(f"/v1/insights/months{wrong}"), 422, "invalid_shape")


async def test_only_supervisors_read_exact_counts(house: House) -> None:
    for caller in (house.peer, house.agency, house.integrator, house.admin):
        refused(await caller.get("/v1/insights/months?from=2026-11&to=2026-12"), 403, "not_permitted")
