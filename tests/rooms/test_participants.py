"""Participants: enrolling asks nothing, a shown code opens a greeting, and a supervisor opens the history."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.security.test_epochs import at_the_gate, sealed
from tests.stories.steps import absent, agrees, items
from tests.world import NOON, Caller, House, encounter, ok, refused
from true_api.kernel.codes import new_code, read_code, shown
from true_api.kernel.effects import Keep, Unit
from true_api.rooms.participants import service
from true_api.rooms.participants.schemas import Enrollment
from true_api.security.accounts import Member
from true_api.security.roles import Role


async def shows_their_code(caller: Caller, code: str) -> dict[str, Any]:
    return ok(await caller.post("/v1/caseload", {"code": code}))


async def test_enrolling_asks_nothing_and_gives_a_random_code(peer: Caller) -> None:
    first, second = [ok(await peer.post("/v1/participants", {})) for _ in range(2)]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", first["code"])
    assert shown(read_code(first["code"])) == first["code"] != second["code"]
    assert {name: first[name] for name in first if name not in ("code", "handle")} == {
        "basis": "enrolled",
        "history_open": True,
        "enrolled_on": "2026-11-02",
        "may_be_returning": False,
        "age_band": "not_asked",
        "gender": "not_asked",
        "race_ethnicity": ["not_asked"],
        "languages": ["not_asked"],
        "communities": ["not_asked"],
        "zone": "not_asked",
        "local_terms": [],
        "words_kept": [],
        "returned": None,
        "guidance": None,
    }


async def test_a_code_may_be_typed_without_dashes_and_in_small_letters(peer: Caller) -> None:
    code = await peer.enrolls()
    assert ok(await peer.get(f"/v1/participants/{code.replace('-', '').lower()}"))["code"] == code


async def test_a_handle_is_for_one_peer_alone(peer: Caller, colleague: Caller, supervisor: Caller) -> None:
    person = ok(await peer.post("/v1/participants", {}))
    path = f"/v1/participants/{person['code']}"
    ok(await supervisor.post(f"{path}/assignments", {"member_id": str(colleague.id)}))
    assert re.fullmatch(r"[a-z]+-[a-z]+", person["handle"])
    assert ok(await peer.get(path))["handle"] == person["handle"]
    assert [entry["handle"] for entry in await items(peer, "/v1/participants")] == [person["handle"]]
    assert [entry["handle"] for entry in await items(colleague, "/v1/participants")] != [None]
    assert {entry["handle"] for entry in await items(supervisor, "/v1/participants")} == {None}
    assert ok(await supervisor.get(path))["handle"] is None
    assert ok(await supervisor.post("/v1/participants", {}))["handle"] is None


async def test_a_shown_code_opens_a_greeting_and_no_more(peer: Caller, stranger: Caller) -> None:
    code = await peer.enrolls(age_band="25_34")
    greeting = await shows_their_code(stranger, code)
    assert greeting == {
        **dict.fromkeys(("enrolled_on", "may_be_returning", "age_band", "gender", "race_ethnicity", "languages")),
        **dict.fromkeys(("communities", "zone", "local_terms")),
        "code": code,
        "handle": greeting["handle"],
        "basis": "shown_code",
        "history_open": False,
    }
    read = await stranger.get(f"/v1/participants/{code}")
    assert ok(read) == {**greeting, "pronouns": None, "gender_words": None}
    change = await stranger.patch(f"/v1/participants/{code}", {"age_band": "18_24"}, read.headers["etag"])
    refused(change, 409, "history_closed")


async def test_after_a_shown_code_a_peer_sees_their_own_records_alone(house: House) -> None:
    peer, stranger = house.peer, house.stranger
    code = await peer.enrolls()
    before = await peer.records(code)
    await agrees(peer, code, house.organizations["harbor"])
    await shows_their_code(stranger, code)
    own = await stranger.records(code)
    assert [seen["id"] for seen in await items(stranger, f"/v1/participants/{code}/encounters")] == [own["id"]]
    assert [seen["id"] for seen in await items(stranger, "/v1/encounters")] == [own["id"]]
    assert await items(stranger, f"/v1/participants/{code}/consents") == []
    await absent(stranger, f"/v1/encounters/{before['id']}")
    assert len(await items(peer, f"/v1/participants/{code}/encounters")) == 2


async def test_history_opens_when_a_supervisor_assigns_the_person(house: House) -> None:
    peer, stranger, supervisor = house.peer, house.stranger, house.other_supervisor
    code = await peer.enrolls(gender="woman")
    before = await peer.records(code)
    await shows_their_code(stranger, code)
    assert ok(await supervisor.get(f"/v1/participants/{code}"))["history_open"] is False
    ok(await supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(stranger.id)}))
    person = ok(await stranger.get(f"/v1/participants/{code}"))
    assert (person["basis"], person["history_open"], person["gender"]) == ("assigned", True, "woman")
    assert ok(await stranger.get(f"/v1/encounters/{before['id']}"))["id"] == before["id"]


async def test_showing_a_code_again_changes_nothing(peer: Caller, stranger: Caller) -> None:
    code = await peer.enrolls()
    assert await shows_their_code(stranger, code) == await shows_their_code(stranger, code)
    enrolled = await shows_their_code(peer, code)
    assert (enrolled["basis"], enrolled["history_open"]) == ("enrolled", True)


async def test_only_a_code_that_was_given_out_opens_anything(house: House) -> None:
    code = await house.peer.enrolls()
    refused(await house.stranger.post("/v1/caseload", {"code": new_code()}), 404, "not_found")
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    refused(await house.stranger.post("/v1/caseload", {"code": wrong}), 422, "code_mistyped")
    assert await items(house.stranger, "/v1/participants") == []


async def test_another_teams_supervisor_sees_nothing(house: House) -> None:
    code = await house.peer.enrolls()
    met = await house.peer.records(code)
    for path in ("", "/encounters", "/readiness-notes", "/consents", "/referrals", "/timeline"):
        await absent(house.other_supervisor, f"/v1/participants/{code}{path}")
    await absent(house.other_supervisor, f"/v1/encounters/{met['id']}")
    assert await items(house.other_supervisor, "/v1/participants") == []
    assert await items(house.other_supervisor, "/v1/encounters") == []
    assert [entry["code"] for entry in await items(house.supervisor, "/v1/participants")] == [code]


async def test_two_changes_from_one_version_never_both_happen(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}"
    etag = (await peer.get(path)).headers["etag"]
    answers = await asyncio.gather(
        *(peer.patch(path, {"gender": term}, etag) for term in ("man", "woman", "two_spirit"))
    )
    assert sorted(answer.status_code == 200 for answer in answers) == [False, False, True]
    assert {answer.json()["code"] for answer in answers if answer.status_code != 200} <= {
        "precondition_failed",
        "write_collided",
    }


async def test_a_peer_without_a_team_works_with_nobody(house: House) -> None:
    unit, program = Unit(), house.organizations["program"]
    newcomer = Member(organization_id=program, role=Role.PEER, label="newcomer", created_at=NOON)
    unit.keep(newcomer)
    await house.installation.database.commit(unit)
    caller = Caller("newcomer", newcomer.id, Role.PEER, program, False, house)
    code = await house.peer.enrolls()
    refused(await caller.post("/v1/participants", {}), 409, "no_team")
    refused(await caller.post("/v1/caseload", {"code": code}), 409, "no_team")
    refused(await caller.post("/v1/code-batches", {"size": 1}), 409, "no_team")
    refused(await caller.post("/v1/encounters", encounter()), 409, "no_team")
    await absent(caller, f"/v1/participants/{code}")
    assert await items(caller, "/v1/participants") == []


async def test_the_same_person_assigned_many_times_at_once_is_assigned_once(house: House) -> None:
    fresh, met_before = await house.peer.enrolls(), await house.peer.enrolls()
    await shows_their_code(house.colleague, met_before)
    for code in (fresh, met_before):
        path, member = f"/v1/participants/{code}/assignments", {"member_id": str(house.colleague.id)}
        answers = await asyncio.gather(*(house.supervisor.post(path, member) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
        for answer in answers:
            if answer.status_code == 409:
                assert answer.json()["code"] in ("already_on_caseload", "write_collided")
        refused(await house.supervisor.post(path, member), 409, "already_on_caseload")
    assert {entry["code"] for entry in await items(house.colleague, "/v1/participants")} == {fresh, met_before}


async def test_who_moves_to_another_team_and_is_assigned_there_works_there(house: House) -> None:
    code = await house.peer.enrolls()
    await shows_their_code(house.stranger, code)
    path, team = f"/v1/members/{house.stranger.id}", {"team_id": str(house.teams["night van"])}
    ok(await house.admin.patch(path, team, (await house.admin.get(path)).headers["etag"]))
    ok(await house.supervisor.post(f"/v1/participants/{code}/assignments", {"member_id": str(house.stranger.id)}))
    assert ok(await house.stranger.get(f"/v1/participants/{code}"))["history_open"] is True
    await absent(house.other_supervisor, f"/v1/participants/{code}")


async def test_a_supervisor_assigns_within_their_own_team(house: House) -> None:
    path = f"/v1/participants/{await house.peer.enrolls()}/assignments"
    for outsider in (house.stranger, house.admin, house.agency_worker):
        refused(await house.supervisor.post(path, {"member_id": str(outsider.id)}), 404, "not_found")
    refused(await house.peer.post(path, {"member_id": str(house.colleague.id)}), 403, "not_permitted")


async def test_a_code_that_is_taken_is_never_given_to_a_second_person(house: House) -> None:
    first, second = [await at_the_gate(house.peer, "POST /v1/participants") for _ in range(2)]
    code, _, _ = await service.enroll(first.permit, Enrollment())
    await service.enroll(second.permit, Enrollment())
    drawn = [effect for effect in second.permit.unit.effects if isinstance(effect, Keep) and "code" in effect.values]
    taken = replace(drawn[0], values={**drawn[0].values, "code": code.code})
    second.permit.unit.effects[second.permit.unit.effects.index(drawn[0])] = taken
    await sealed(house.peer, first)
    with pytest.raises(service.CodeTaken) as refused_at_the_seal:
        await sealed(house.peer, second)
    assert refused_at_the_seal.value.once_more, "the request draws another code before anybody hears of it"
    assert len(await items(house.peer, "/v1/participants")) == 1
