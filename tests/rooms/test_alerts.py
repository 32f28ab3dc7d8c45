"""Alerts: one notices, another confirms, every team is told at once, and no alert has a count or a person in it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.rooms.test_drug_checks import checks
from tests.rooms.test_overdoses import tells
from tests.stories.steps import absent, items
from tests.world import Caller, House, ok, refused
from true_api.rooms.alerts.schemas import AlertDraft, ConfirmationDraft
from true_api.rooms.alerts.vocabulary import AlertDismissal, AlertMessage, AlertWithdrawal

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what does not depend on the engine."""

PATH = "/v1/alerts"
FOUND = "Pale blue powder, sold as fentanyl."


def noticed(**over: Any) -> dict[str, Any]:
    """People stay asleep for hours."""
    return {"message": "long_sedation", "substance": "medetomidine", **over}


async def proposes(caller: Caller, **over: Any) -> dict[str, Any]:
    """Somebody proposes an alert."""
    return ok(await caller.post(PATH, noticed(**over)))


async def confirms(caller: Caller, alert: dict[str, Any], **over: Any) -> dict[str, Any]:
    """Somebody confirms it."""
    return ok(await caller.post(f"{PATH}/{alert['id']}/confirmation", over))


async def told_today(caller: Caller) -> list[str]:
    """The alerts that a caller finds in their day."""
    return [alert["id"] for alert in ok(await caller.get("/v1/today"))["alerts"]["items"]]


def test_an_alert_has_no_field_for_a_count_or_a_person() -> None:
    for name in ("count", "how_many", "participant_id", "code", "address"):
        with pytest.raises(ValidationError):
            AlertDraft(**noticed(**{name: 3}))


@pytest.mark.parametrize("days", [0, 31, "7", 7.0, True])
def test_an_alert_is_told_for_one_day_up_to_thirty(days: Any) -> None:
    with pytest.raises(ValidationError):
        ConfirmationDraft(days=days)


@ON_SQLITE
async def test_a_proposed_alert_reads_as_it_was_noticed_and_what_finds_a_person_is_refused(house: House) -> None:
    made = await proposes(house.peer, found=FOUND)
    seen = {
        "id": made["id"],
        "state": "proposed",
        **noticed(),
        "zone": None,
        "drug_check_id": None,
        "overdose_event_id": None,
        "own": True,
        "proposed_on": "2026-11-02",
        **dict.fromkeys(("decided_on", "dismissal", "expires_on", "withdrawn_on", "withdrawal")),
    }
    assert {name: made[name] for name in seen} == seen
    assert made["words_kept"] == ["found"]
    assert await items(house.peer, PATH) == [seen]
    assert await items(house.supervisor, f"{PATH}?state=proposed") == [{**seen, "own": False}]
    assert ok(await house.peer.get(f"{PATH}/{made['id']}")) == {**seen, "found": FOUND}
    bare = await proposes(house.peer)
    assert ok(await house.peer.get(f"{PATH}/{bare['id']}"))["found"] is None
    for message in AlertMessage:
        assert (await proposes(house.peer, message=message))["message"] == message
    phoned = noticed(found="Ask at 716-555-0143.")
    refused(await house.peer.post(PATH, phoned), 422, "narrative_refused")
    lenient = ok(await house.peer.post(PATH, phoned, headers={"Prefer": "handling=lenient"}))
    assert (lenient["words_kept"], lenient["returned"][0]["pointer"]) == ([], "/found")
    for wrong in ({"message": "beware"}, {"substance": "sugar"}, {"found": "x" * 501}, {"zone": "North Side"}):
        refused(await house.peer.post(PATH, noticed(**wrong)), 422, "invalid_shape")
    refused(await house.peer.post(PATH, noticed(zone="nowhere")), 409, "no_such_zone")
    ok(await house.admin.post("/v1/vocabularies/terms", {"vocabulary": "zone", "key": "shore", "label": "Shore"}))
    assert (await proposes(house.peer, zone="shore"))["zone"] == "shore"


async def test_a_confirmed_alert_reaches_today_of_every_team_at_once_and_nobody_outside(house: House) -> None:
    made, outside = await proposes(house.peer, found=FOUND), (house.agency, house.integrator, house.admin)
    inside = (house.peer, house.colleague, house.stranger, house.supervisor, house.other_supervisor)
    for caller in inside:
        assert await told_today(caller) == [], "nothing is told before somebody confirms it"
    for caller in (house.colleague, house.stranger):
        await absent(caller, f"{PATH}/{made['id']}")
    told = await confirms(house.other_supervisor, made)
    assert (told["state"], told["decided_on"], told["expires_on"]) == ("confirmed", "2026-11-02", "2026-11-08")
    for caller in inside:
        assert await told_today(caller) == [made["id"]]
        assert ok(await caller.get(f"{PATH}/{made['id']}"))["found"] == FOUND
    for caller in outside:
        refused(await caller.get(PATH), 403, "not_permitted")
        refused(await caller.post(PATH, noticed()), 403, "not_permitted")
        refused(await caller.get(f"{PATH}/{made['id']}"), 403, "not_permitted")


async def test_an_alert_is_told_to_its_last_day_and_who_proposed_it_does_not_confirm_it(house: House) -> None:
    short, week = await proposes(house.peer), await proposes(house.peer)
    await confirms(house.supervisor, short, days=1)
    await confirms(house.supervisor, week)
    assert set(await told_today(house.stranger)) == {short["id"], week["id"]}
    house.clock.set(datetime(2026, 11, 9, 4, 30, tzinfo=UTC))
    assert await told_today(house.stranger) == [week["id"]], "the evening of the 8th"
    assert [one["id"] for one in await items(house.peer, f"{PATH}?state=confirmed")] == [week["id"]]
    assert [one["state"] for one in await items(house.peer, f"{PATH}?state=expired")] == ["expired"]
    house.clock.set(datetime(2026, 11, 9, 5, 30, tzinfo=UTC))
    assert await told_today(house.stranger) == []
    withdrawal = await house.supervisor.post(f"{PATH}/{week['id']}/withdrawal", {"reason": "over"})
    refused(withdrawal, 409, "alert_not_standing")
    own = await proposes(house.supervisor)
    refused(await house.supervisor.post(f"{PATH}/{own['id']}/confirmation", {}), 409, "alert_confirmed_by_another")
    for caller in (house.peer, house.colleague):
        for door, body in (
            ("confirmation", {}),
            ("dismissal", {"reason": "told_already"}),
            ("withdrawal", {"reason": "over"}),
        ):
            refused(await caller.post(f"{PATH}/{own['id']}/{door}", body), 403, "not_permitted")
    assert await told_today(house.peer) == []
    await confirms(house.other_supervisor, own)
    assert await told_today(house.peer) == [own["id"]]


async def test_an_alert_is_decided_once_and_only_one_that_is_told_is_withdrawn(house: House) -> None:
    for dismissal in AlertDismissal:
        made = await proposes(house.peer)
        path = f"{PATH}/{made['id']}"
        refused(await house.supervisor.post(f"{path}/withdrawal", {"reason": "over"}), 409, "alert_not_standing")
        ended = ok(await house.supervisor.post(f"{path}/dismissal", {"reason": dismissal}))
        assert (ended["state"], ended["dismissal"]) == ("dismissed", dismissal)
        refused(await house.supervisor.post(f"{path}/confirmation", {}), 409, "alert_decided")
        refused(await house.supervisor.post(f"{path}/dismissal", {"reason": dismissal}), 409, "alert_decided")
        await absent(house.stranger, path)
    for withdrawal in AlertWithdrawal:
        made = await proposes(house.peer)
        path = f"{PATH}/{made['id']}"
        await confirms(house.supervisor, made, days=30)
        gone = ok(await house.other_supervisor.post(f"{path}/withdrawal", {"reason": withdrawal}))
        assert (gone["state"], gone["withdrawal"], gone["withdrawn_on"]) == ("withdrawn", withdrawal, "2026-11-02")
        again = await house.supervisor.post(f"{path}/withdrawal", {"reason": withdrawal})
        refused(again, 409, "alert_not_standing")
        refused(await house.supervisor.post(f"{path}/confirmation", {}), 409, "alert_decided")
        assert ok(await house.stranger.get(path))["state"] == "withdrawn", "who was told can read that it is no more"
    assert await told_today(house.stranger) == []


async def test_of_two_supervisors_at_once_one_decides_and_a_lost_answer_is_given_again(house: House) -> None:
    made = await proposes(house.peer)
    path = f"{PATH}/{made['id']}"
    both = await asyncio.gather(
        house.supervisor.post(f"{path}/confirmation", {}),
        house.other_supervisor.post(f"{path}/dismissal", {"reason": "not_sure_enough"}),
    )
    assert sorted(answer.status_code for answer in both) == [200, 409]
    refused(next(answer for answer in both if answer.status_code == 409), 409, "alert_decided")
    key = {"Idempotency-Key": "sleeping-for-hours"}
    made, again = [ok(await house.peer.post(PATH, noticed(found=FOUND), headers=key)) for _ in range(2)]
    assert made == again
    path = f"{PATH}/{made['id']}/confirmation"
    told, twice = [ok(await house.supervisor.post(path, {"days": 3}, headers=key)) for _ in range(2)]
    assert told == twice


@ON_SQLITE
async def test_an_alert_rests_on_a_sample_or_on_an_event_that_leads_to_nobody(house: House) -> None:
    code = await house.peer.enrolls()
    check, alone = await checks(house.stranger), await tells(house.peer)
    linked = await tells(house.peer, link_to_person=True, code=code)
    made = await proposes(house.peer, drug_check_id=check["id"], overdose_event_id=alone["id"])
    assert (made["drug_check_id"], made["overdose_event_id"]) == (check["id"], alone["id"])
    for wrong in (
        {"overdose_event_id": linked["id"]},
        {"overdose_event_id": check["id"]},
        {"drug_check_id": alone["id"]},
    ):
        refused(await house.peer.post(PATH, noticed(**wrong)), 409, "no_such_ground")
    others = noticed(overdose_event_id=alone["id"])
    refused(await house.stranger.post(PATH, others), 409, "no_such_ground")
    ok(await house.peer.post(f"/v1/overdose-events/{alone['id']}/void", {"reason": "recorded_twice"}))
    refused(await house.peer.post(PATH, others), 409, "no_such_ground")
