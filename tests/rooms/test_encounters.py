"""Encounters: every way to meet is a full one, the past is never rewritten, and tomorrow is not recorded."""

import asyncio
from datetime import UTC, date, datetime
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.rooms.exploring import exploring
from tests.rooms.test_encounters_words import ABOUT, told, wrong_in
from tests.stories.steps import absent, facts, items
from tests.world import Caller, House, encounter, ok, refused
from true_api.kernel.rows import table_of
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import (
    TAUGHT,
    Act,
    ContactKind,
    EducationMaterial,
    Outcome,
    PartOfDay,
    Setting,
    VoidReason,
)

COUNTED = {
    "naloxone_given",
    "fentanyl_strips_given",
    "xylazine_strips_given",
    "drug_check_done",
    "sterile_supplies_given",
    "syringes_collected",
    "safer_sex_supplies",
    "hygiene_food_clothing",
}


@st.composite
def encounters(draw: st.DrawFn) -> dict[str, Any]:
    """Any encounter that may have happened."""
    done = draw(st.lists(st.sampled_from(ABOUT), unique=True, max_size=20))
    counted = [(act, topic) for act, topic in done if act in COUNTED]
    quantities = {about: draw(st.none() | st.integers(1, 10_000)) for about in counted}
    taught = {about: draw(st.none() | st.sampled_from(EducationMaterial)) for about in done if about[0] in TAUGHT}
    kind = draw(st.sampled_from([kind for kind in ContactKind if kind is not ContactKind.WITH_PARTICIPANT]))
    heads = draw(st.integers(1, 10_000)) if kind is ContactKind.GROUP_OR_DROP_IN else None
    others = draw(st.integers(0, 1_000))
    return {
        "kind": kind,
        "heads": heads,
        "collecting": draw(st.none() | st.just({"for_self": not others or draw(st.booleans()), "others": others})),
        "setting": draw(st.sampled_from(Setting)),
        "outcome": draw(st.sampled_from(Outcome)),
        "occurred_on": str(draw(st.dates(date(2000, 1, 1), date(2026, 11, 2)))),
        "part_of_day": draw(st.sampled_from(PartOfDay)),
        "acts": [told(about, taught.get(about), quantities.get(about)) for about in done],
    }


async def test_every_setting_outcome_act_and_part_of_day_is_accepted(peer: Caller) -> None:
    outcomes, parts, acts = cycle(Outcome), cycle(PartOfDay), cycle([*Act])
    code, used = await peer.enrolls(), set()
    for setting in Setting:
        done = [next(acts) for _ in range(3)]
        used |= set(done)
        said = {"setting": setting, "outcome": next(outcomes), "part_of_day": next(parts)}
        met = await peer.records(code, **said, acts=[{"act": act} for act in done])
        assert {name: met[name] for name in said} == said
    assert used == set(Act)


@given(said=encounters())
@exploring
async def test_an_encounter_is_kept_as_it_wastold(peer: Caller, said: dict[str, Any]) -> None:
    met = ok(await peer.post("/v1/encounters", said))
    beside = {"id": met["id"], "with_participant": False, "revised": None, "amended_by": None}
    assert facts(met) == {**said, **beside}
    assert facts(ok(await peer.get(f"/v1/encounters/{met['id']}"))) == facts(met)


async def test_only_what_can_be_counted_has_a_quantity(peer: Caller) -> None:
    counted = [told((Act(act), None), quantity=3) for act in sorted(COUNTED)]
    assert ok(await peer.post("/v1/encounters", encounter(acts=counted)))["acts"] == counted
    for act in set(Act) - COUNTED:
        assert wrong_in({"act": act, "quantity": 3}) == ("/acts/0", "quantity_not_counted", ())
    impossible = {0: "greater_than_equal", -1: "greater_than_equal", 10_001: "less_than_equal"}
    for quantity, code in {**impossible, 10**15: "less_than_equal", 1.5: "int_type", "2": "int_type"}.items():
        assert wrong_in({"act": "naloxone_given", "quantity": quantity})[:2] == ("/acts/0/quantity", code)
    assert wrong_in({"act": "naloxone_given", "quantity": True})[1] == "int_type"
    problem = refused(
        await peer.post("/v1/encounters", encounter(acts=[{"act": "naloxone_given", "quantity": 0}])),
        422,
        "invalid_shape",
    )
    assert [wrong["code"] for wrong in problem["errors"]] == ["greater_than_equal"]


@pytest.mark.parametrize(
    ("last_second_of_the_day", "today", "tomorrow"),
    [
        (datetime(2026, 11, 3, 4, 59, 59, tzinfo=UTC), "2026-11-02", "2026-11-03"),
        (datetime(2027, 7, 2, 3, 59, 59, tzinfo=UTC), "2027-07-01", "2027-07-02"),
    ],
    ids=["winter", "summer"],
)
async def test_a_day_ends_at_midnight_where_the_program_is(
    house: House, last_second_of_the_day: datetime, today: str, tomorrow: str
) -> None:
    house.clock.set(last_second_of_the_day)
    ok(await house.peer.post("/v1/encounters", encounter(occurred_on=today)))
    refused(await house.peer.post("/v1/encounters", encounter(occurred_on=tomorrow)), 409, "encounter_not_yet_happened")
    house.clock.set(last_second_of_the_day.replace(minute=0, second=0, hour=last_second_of_the_day.hour + 1))
    ok(await house.peer.post("/v1/encounters", encounter(occurred_on=tomorrow)))


async def test_only_the_last_of_a_chain_of_amendments_can_be_amended_or_voided(peer: Caller) -> None:
    first = await peer.records(await peer.enrolls())
    second = ok(await peer.post(f"/v1/encounters/{first['id']}/amendments", encounter(outcome="brief")))
    third = ok(await peer.post(f"/v1/encounters/{second['id']}/amendments", encounter(outcome="declined")))
    for passed in (first, second):
        amended = await peer.post(f"/v1/encounters/{passed['id']}/amendments", encounter())
        refused(amended, 409, "encounter_already_revised")
        voided = await peer.post(f"/v1/encounters/{passed['id']}/void", {"reason": "wrong_person"})
        refused(voided, 409, "encounter_already_revised")
    ok(await peer.post(f"/v1/encounters/{third['id']}/void", {"reason": "wrong_person"}))
    chain = [ok(await peer.get(f"/v1/encounters/{met['id']}")) for met in (first, second, third)]
    assert [(met["outcome"], met["revised"], met["amended_by"]) for met in chain] == [
        ("engaged", "amended", second["id"]),
        ("brief", "amended", third["id"]),
        ("declined", "voided", None),
    ]


async def test_what_was_amended_or_voided_is_no_longer_listed_or_counted_but_can_be_read(house: House) -> None:
    peer = house.peer
    code = await peer.enrolls()
    wrong, twice = await peer.records(code), await peer.records(code)
    right = ok(await peer.post(f"/v1/encounters/{wrong['id']}/amendments", encounter(setting="phone")))
    ok(await peer.post(f"/v1/encounters/{twice['id']}/void", {"reason": "recorded_twice"}))
    for path in (f"/v1/participants/{code}/encounters", "/v1/encounters"):
        assert [met["id"] for met in await items(peer, path)] == [right["id"]]
    timeline = await items(peer, f"/v1/participants/{code}/timeline")
    assert [item["encounter"]["id"] for item in timeline] == [right["id"]]
    month = ok(await house.supervisor.get("/v1/insights/months?from=2026-11&to=2026-12"))["months"][0]
    assert month["encounters"] == 1
    for met in (wrong, twice):
        assert ok(await peer.get(f"/v1/encounters/{met['id']}"))["revised"] is not None


async def test_of_corrections_made_at_the_same_moment_one_stands(peer: Caller) -> None:
    code = await peer.enrolls()
    met = await peer.records(code)
    path = f"/v1/encounters/{met['id']}"
    answers = await asyncio.gather(
        *(peer.post(f"{path}/amendments", encounter(outcome=outcome)) for outcome in ("brief", "declined")),
        peer.post(f"{path}/void", {"reason": "did_not_happen"}),
    )
    stands = [answer for answer in answers if answer.status_code < 300]
    assert len(stands) == 1
    for answer in answers:
        if answer not in stands:
            refused(answer, 409, "encounter_already_revised")
    (stood,) = [ok(answer) for answer in stands]
    current = [] if stood["revised"] == "voided" else [stood["id"]]
    assert [seen["id"] for seen in await items(peer, f"/v1/participants/{code}/encounters")] == current


async def test_a_contact_with_somebody_unknown_is_seen_by_who_made_it_and_their_supervisor(house: House) -> None:
    met = ok(await house.peer.post("/v1/encounters", encounter()))
    for caller in (house.peer, house.supervisor):
        assert ok(await caller.get(f"/v1/encounters/{met['id']}"))["with_participant"] is False
        assert [seen["id"] for seen in await items(caller, "/v1/encounters")] == [met["id"]]
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        await absent(caller, f"/v1/encounters/{met['id']}")
        refused(await caller.post(f"/v1/encounters/{met['id']}/amendments", encounter()), 404, "not_found")
        assert await items(caller, "/v1/encounters") == []


async def test_an_amendment_stays_the_contact_of_who_made_it(house: House) -> None:
    met = ok(await house.peer.post("/v1/encounters", encounter()))
    amended = ok(await house.supervisor.post(f"/v1/encounters/{met['id']}/amendments", encounter(outcome="brief")))
    assert [seen["id"] for seen in await items(house.peer, "/v1/encounters")] == [amended["id"]]
    assert ok(await house.peer.get(f"/v1/encounters/{met['id']}"))["amended_by"] == amended["id"]


async def test_an_encounter_only_grows(house: House) -> None:
    peer, encounters, acts = house.peer, table_of(Encounter), table_of(EncounterAct)
    met = await peer.records(await peer.enrolls(), acts=[{"act": "naloxone_given", "quantity": 2}])
    kept = [select(encounters).order_by(encounters.c.id).limit(1), select(acts).where(acts.c.quantity == 2)]
    before = await house.rows(*kept)
    for method in ("PUT", "PATCH", "DELETE"):
        refused(await peer.call(method, f"/v1/encounters/{met['id']}", encounter()), 405, "method_not_allowed")
    ok(await peer.post(f"/v1/encounters/{met['id']}/amendments", encounter(acts=[{"act": "listening"}])))
    assert await house.rows(*kept) == before


async def test_a_correction_says_why_and_lies_in_the_past_too(peer: Caller) -> None:
    for reason in VoidReason:
        met = ok(await peer.post("/v1/encounters", encounter()))
        assert ok(await peer.post(f"/v1/encounters/{met['id']}/void", {"reason": reason}))["revised"] == "voided"
    met = ok(await peer.post("/v1/encounters", encounter()))
    for wrong in ({}, {"reason": "changed my mind"}):
        refused(await peer.post(f"/v1/encounters/{met['id']}/void", wrong), 422, "invalid_shape")
    tomorrow = await peer.post(f"/v1/encounters/{met['id']}/amendments", encounter(occurred_on="2026-11-03"))
    refused(tomorrow, 409, "encounter_not_yet_happened")


async def test_an_encounter_is_recorded_only_with_somebody_on_the_caseload(house: House) -> None:
    code = await house.peer.enrolls()
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        refused(await caller.post(f"/v1/participants/{code}/encounters", encounter()), 404, "not_found")
    refused(await house.agency.post(f"/v1/participants/{code}/encounters", encounter()), 403, "not_permitted")
