"""Supervision is between those who took part; a reflection is for two, whoever else asks."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from tests.world import NOON, Caller, House, ok, refused
from true_api.kernel.quarters import Quarter
from true_api.kernel.rows import table_of
from true_api.privacy.reach import Sight, Viewer, within_reach
from true_api.rooms.supervision.schemas import SupervisionDraft
from true_api.rooms.supervision.tables import SupervisionReflection, SupervisionSession
from true_api.security.roles import Role

SESSIONS, ACTIONS = "/v1/supervision-sessions", "/v1/agreed-actions"
THOUGHT = "What stayed with me is how quiet it was on the way back."
TODAY = NOON.date()

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What no engine decides."""


def held(*members: Caller, **over: Any) -> dict[str, Any]:
    """A session of today."""
    named = {"member_ids": [str(member.id) for member in members], "topics": ["grief", "celebration"]}
    form = "individual" if len(members) == 1 else "group"
    return {**named, "held_on": str(TODAY), "minutes": 50, "form": form, **over}


async def deputy_of(house: House) -> Caller:
    """A second supervisor of the night van."""
    place = {"organization_id": str(house.organizations["program"]), "team_id": str(house.teams["night van"])}
    made = ok(await house.admin.post("/v1/members", {**place, "role": "supervisor", "label": "deputy"}))
    return Caller("deputy", UUID(made["id"]), Role.SUPERVISOR, house.organizations["program"], False, house)


async def test_confidentiality_accountability_ethical_boundaries(house: House) -> None:
    """Reflective supervision (domain.md, "What the program believes"): only the two read what they reflect on."""
    peer, colleague, supervisor, deputy = house.peer, house.colleague, house.supervisor, await deputy_of(house)
    session = ok(await supervisor.post(SESSIONS, held(peer, colleague)))
    there = f"{SESSIONS}/{session['id']}"
    mine = ok(await peer.post(f"{there}/reflections", {"words": THOUGHT}))
    assert mine["words_kept"] == ["words"]
    assert THOUGHT not in str(mine)
    refused(await supervisor.post(f"{there}/reflections", {"words": THOUGHT}), 409, "shared_with_whom")
    for_colleague = {"words": THOUGHT, "member_id": str(colleague.id)}
    refused(await peer.post(f"{there}/reflections", for_colleague), 409, "shared_with_whom")
    theirs = ok(await supervisor.post(f"{there}/reflections", for_colleague))

    for reader in (peer, supervisor):
        assert ok(await reader.get(f"/v1/supervision-reflections/{mine['id']}"))["words"] == THOUGHT
        assert mine["id"] in [row["id"] for row in ok(await reader.get(f"{there}/reflections"))["items"]]
    assert [row["id"] for row in ok(await colleague.get(f"{there}/reflections"))["items"]] == [theirs["id"]]
    for other in (colleague, deputy, house.other_supervisor, house.stranger):
        absent = refused(await other.get(f"/v1/supervision-reflections/{uuid4()}"), 404, "not_found")
        shut = refused(await other.get(f"/v1/supervision-reflections/{mine['id']}"), 404, "not_found")
        assert {**shut, "request_id": ""} == {**absent, "request_id": ""}
    for nothing in (mine["id"], uuid4()):
        refused(await house.admin.get(f"/v1/supervision-reflections/{nothing}"), 403, "not_permitted")
    for stranger in (deputy, house.other_supervisor, house.stranger):
        refused(await stranger.get(there), 404, "not_found")
        assert ok(await stranger.get(SESSIONS))["items"] == []
    assert await reached(house) == {"peer": 1, "colleague": 1, "supervisor": 2}


async def reached(house: House) -> dict[str, int]:
    """How many reflections the query itself gives to each caller, whatever the doors say."""
    found = {}
    sights = {Role.PEER: Sight.OWN_CASELOAD, Role.SUPERVISOR: Sight.TEAM_CASELOAD, Role.ADMIN: Sight.ACCOUNTS}
    for name in ("peer", "colleague", "stranger", "supervisor", "other_supervisor", "admin"):
        caller = house.people[name]
        team = house.teams["night van"]
        viewer = Viewer(sights[caller.role], caller.id, caller.organization_id, team, TODAY)
        asked = select(table_of(SupervisionReflection)).where(within_reach(SupervisionReflection, viewer))
        found[name] = len((await house.rows(asked))[0])
    return {name: count for name, count in found.items() if count}


@ON_SQLITE
async def test_a_session_is_told_to_those_who_took_part_and_put_right_by_who_gave_it(house: House) -> None:
    supervisor, peer = house.supervisor, house.peer
    agreed = [
        {"kind": "practice_a_skill", "due_on": "2026-11-16"},
        {"kind": "find_out", "doer": "supervisor", "due_on": str(TODAY)},
    ]
    made = ok(await supervisor.post(SESSIONS, held(peer, agreed=agreed)))
    assert (made["supervisor_id"], made["member_ids"]) == (str(supervisor.id), [str(peer.id)])
    assert made["topics"] == ["celebration", "grief"]
    read = await peer.get(f"{SESSIONS}/{made['id']}")
    assert sorted(ok(read)["agreed"], key=str) == sorted(made["agreed"], key=str)
    etag = (await supervisor.get(f"{SESSIONS}/{made['id']}")).headers["etag"]
    changed = ok(await supervisor.patch(f"{SESSIONS}/{made['id']}", {"minutes": 40}, etag))
    assert (changed["minutes"], changed["form"]) == (40, "individual")
    refused(await supervisor.patch(f"{SESSIONS}/{made['id']}", {"minutes": 45}, etag), 412, "precondition_failed")
    fresh = (await supervisor.get(f"{SESSIONS}/{made['id']}")).headers["etag"]
    ahead = await supervisor.patch(f"{SESSIONS}/{made['id']}", {"held_on": "2026-11-03"}, fresh)
    refused(ahead, 409, "session_not_yet_held")
    due = {name: ok(await house.people[name].get("/v1/today"))["agreed_actions"] for name in ("peer", "supervisor")}
    assert (len(due["peer"]["items"]), len(due["supervisor"]["items"])) == (0, 1)
    action = made["agreed"][0]["id"]
    assert ok(await peer.post(f"{ACTIONS}/{action}/done"))["state"] == "done"
    refused(await peer.post(f"{ACTIONS}/{action}/let-go"), 409, "agreed_action_settled")
    other = made["agreed"][1]["id"]
    assert ok(await supervisor.post(f"{ACTIONS}/{other}/let-go"))["settled_on"] == str(TODAY)
    assert ok(await peer.get(f"{ACTIONS}?state=open"))["items"] == []
    refused(await house.other_supervisor.post(f"{ACTIONS}/{action}/done"), 404, "not_found")


@ON_SQLITE
async def test_a_session_is_written_down_afterwards_with_others_who_work_here(house: House) -> None:
    supervisor = house.supervisor
    refused(await supervisor.post(SESSIONS, held(house.peer, held_on="2026-11-03")), 409, "session_not_yet_held")
    for nobody in (supervisor, house.agency_worker, house.admin):
        refused(await supervisor.post(SESSIONS, held(nobody)), 409, "no_such_colleague")
    assert (await house.rows(select(table_of(SupervisionSession).c.id)))[0] == []


@pytest.mark.parametrize(
    "over",
    [
        {"form": "individual", "member_ids": [str(uuid4()), str(uuid4())]},
        {"agreed": [{"kind": "training", "due_on": "2026-11-01"}]},
        {"agreed": [{"kind": "training", "due_on": "2026-11-09", "member_id": str(uuid4())}]},
        {
            "form": "group",
            "member_ids": [str(uuid4()), str(uuid4())],
            "agreed": [{"kind": "other", "due_on": "2026-11-09"}],
        },
        {"minutes": 4},
        {"member_ids": []},
        {"topics": ["gossip"]},
    ],
)
def test_what_cannot_have_been_is_refused(over: dict[str, Any]) -> None:
    usual = {"member_ids": [str(uuid4())], "held_on": "2026-11-02", "minutes": 50, "form": "individual"}
    SupervisionDraft.model_validate_json(
        SupervisionDraft.model_validate(usual | {"member_ids": (uuid4(),)}).model_dump_json()
    )
    with pytest.raises(ValidationError):
        SupervisionDraft.model_validate(usual | over)


async def test_a_supervisor_sees_hours_and_what_is_overdue_and_no_topics(house: House) -> None:
    supervisor, peer = house.supervisor, house.peer
    overview = "/v1/supervision-overview?quarter=2026-Q4"
    ok(await supervisor.call("PUT", "/v1/supervision-practice", {"interval_days": 14}))
    agreed = [{"kind": "training", "due_on": "2026-10-20"}]
    ok(await supervisor.post(SESSIONS, held(peer, held_on="2026-10-19", agreed=agreed)))
    ok(await supervisor.post(SESSIONS, held(peer, house.colleague, held_on="2026-10-05", minutes=90)))
    ok(await supervisor.post(SESSIONS, held(peer, held_on="2026-09-30")))
    ok(await house.other_supervisor.post(SESSIONS, held(house.stranger)))
    told = ok(await supervisor.get(overview))
    lines = {line["label"]: line for line in told["items"]}
    assert (told["interval_days"], sorted(lines)) == (14, ["colleague", "peer"])
    assert lines["peer"] == {
        "member_id": str(peer.id),
        "label": "peer",
        "sessions": 2,
        "minutes": 140,
        "last_on": "2026-10-19",
        "overdue": False,
        "actions_overdue": 1,
    }
    assert (lines["colleague"]["minutes"], lines["colleague"]["overdue"]) == (90, True)
    assert "grief" not in str(told)
    house.clock.move(timedelta(days=1))
    assert [line["overdue"] for line in ok(await supervisor.get(overview))["items"]] == [True, True]
    assert [line["label"] for line in ok(await house.other_supervisor.get(overview))["items"]] == ["stranger"]


@ON_SQLITE
async def test_a_team_begins_with_an_interval_of_thirty_days_and_without_sign_off(house: House) -> None:
    asked = ok(await house.peer.get("/v1/supervision-practice"))
    assert asked == {"interval_days": 30, "sampled_percent": 0, "sampled_percent_next": None, "sampled_from": None}
    set_to = ok(
        await house.supervisor.call("PUT", "/v1/supervision-practice", {"interval_days": 14, "sampled_percent": 5})
    )
    assert set_to == {
        "interval_days": 14,
        "sampled_percent": 0,
        "sampled_percent_next": 5,
        "sampled_from": "2026-11-03",
    }
    assert ok(await house.peer.get("/v1/supervision-practice")) == set_to
    assert ok(await house.stranger.get("/v1/supervision-practice")) == asked
    back = ok(await house.supervisor.call("PUT", "/v1/supervision-practice", {"sampled_percent": 0}))
    assert (back["sampled_percent"], back["sampled_percent_next"]) == (0, None)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_lies_in_one_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.read(str(quarter)) == quarter
    assert quarter.last_day + timedelta(days=1) == quarter.following.first_day
