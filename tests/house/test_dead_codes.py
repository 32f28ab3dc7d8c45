"""Dead codes: absent, of another realm, retired or not yours are one 404 at every door that takes a code."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from tests.api.test_absent import all_the_same, bytes_of
from tests.house.building import operations
from tests.house.scenes import Scene, set_scene
from tests.house.visits import VISITS, Visit, knock
from tests.stories.steps import agrees
from tests.world import House, ok, refused
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.kernel.codes import SYMBOLS, new_code, read_code, shown
from true_api.kernel.effects import Unit
from true_api.kernel.errors import CodeMistyped
from true_api.kernel.ids import new_reference
from true_api.kernel.rows import table_of
from true_api.privacy.cases import RealmCode
from true_api.privacy.realms import aliases, live_aliases, retire
from true_api.security.gates import CaseGate, Gate, OpenGate, PresentedCodeGate
from true_api.security.roles import POLICY, Role

LIKE_A_CODE = re.compile(r"\b(?:[0-9A-Za-z]{12}|[0-9A-Za-z]{4}(?:[ -][0-9A-Za-z]{4}){2})\b")

# Whole, so that three groups of a UUID that happen to be digits alone are not taken for a code.
AS_SHOWN = re.compile(r"(?<![0-9a-zA-Z-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}(?![0-9a-zA-Z-])")


def takes_a_code(door: Door) -> bool:
    """Whether a participant's code is read in the path or in the body."""
    return isinstance(door.gate, CaseGate | PresentedCodeGate) or getattr(door.gate, "presents_code", False)


DOORS = [door for door in every_door() if takes_a_code(door)]


MANY_AT_ONCE = {"POST /v1/hand-overs"}
"""Codes of many people, each with an outcome of its own: tests/rooms/test_assignments.py."""


def test_every_operation_with_a_code_in_it_is_a_door_whose_gate_reads_it(document: dict[str, Any]) -> None:
    found = set()
    for method, path, operation in operations(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        fields = document["components"]["schemas"].get(body.get("schema", {}).get("$ref", "/").rpartition("/")[2], {})
        named = {*re.findall(r"\{(\w+)\}", path), *fields.get("properties", {})}
        if any(re.search(r"(^|_)codes?($|_)", name) for name in named):
            found.add(f"{method.upper()} {path}")
    of_people = {door.name for door in every_door() if not isinstance(door.gate, OpenGate)}
    assert {door.name for door in DOORS} == found & of_people - MANY_AT_ONCE


async def _dead(house: House) -> dict[str, str]:
    """One code of each kind that leads nowhere in the program's realm."""
    harbor, database = house.organizations["harbor"], house.installation.database
    code, somebody, loser, lost, left = [await house.peer.enrolls() for _ in range(5)]
    ok(await house.peer.post(f"/v1/participants/{loser}/reissue", {"reason": "lost"}))
    ok(await house.peer.post(f"/v1/participants/{lost}/revoke", {"reason": "lost"}))
    ok(await house.supervisor.post(f"/v1/participants/{left}/forget", {"asked_by": "participant"}))
    consent = await agrees(house.peer, code, harbor)
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    await agrees(house.peer, code, harbor)
    table, export = table_of(RealmCode), new_reference()
    (own,) = (await house.rows(select(table).where(table.c.code == code.replace("-", ""))))[0]
    person = own.participant_id
    theirs = select(table).where(table.c.realm_id == harbor, table.c.participant_id == person)
    known = (await house.rows(theirs))[0]
    unit = Unit()
    disclosed = aliases(unit, export, [person], [])[person]
    gone = (await house.rows(select(table).where(table.c.code == somebody.replace("-", ""))))[0]
    retire(unit, gone, house.clock.now().date())
    await database.commit(unit)
    return {
        "absent": shown(new_code()),
        "an agency's": shown(next(row.code for row in known if row.retired_on is None)),
        "an agency's, retired": shown(next(row.code for row in known if row.retired_on is not None)),
        "an export's": shown(disclosed),
        "the program's own, retired": somebody,
        "the program's own, on a card that was lost and replaced": loser,
        "the program's own, revoked": lost,
        "a forgotten person's": left,
    }


def _presenting(visit: Visit, code: str) -> list[Visit]:
    """The visit with another code in each of the places, in turn, where it presents one."""
    found = []
    if AS_SHOWN.search(visit.path):
        found.append(replace(visit, path=AS_SHOWN.sub(code, visit.path)))
    if "code" in (visit.json or {}):
        found.append(replace(visit, json={**visit.json, "code": code}))
    assert found, visit.path
    return found


async def _at(house: House, scene: Scene, door: Door, code: str) -> list[httpx2.Response]:
    """What is answered to a code at a door, wherever it is presented."""
    caller = house.people[_asker(door)]
    visits = _presenting(VISITS[door.name](house, scene, caller.role), code)
    return [await knock(house, door.method, visit, caller) for visit in visits]


def _asker(door: Door) -> str:
    """Somebody who may open the door at all."""
    assert isinstance(door.gate, Gate)
    return "peer" if door.gate.permission in POLICY[Role.PEER] else "supervisor"


async def test_dead_codes_of_every_kind_are_one_and_the_same_404_at_every_door(
    house: House, subtests: pytest.Subtests
) -> None:
    scene, dead = await set_scene(house), await _dead(house)
    others = {"another team's": await house.stranger.enrolls()}
    for door in DOORS:
        kinds = dead if isinstance(door.gate, PresentedCodeGate) else dead | others
        with subtests.test(door.name):
            answers = [answer for code in kinds.values() for answer in await _at(house, scene, door, code)]
            assert {answer.status_code for answer in answers} == {404}
            assert all_the_same(answers)


async def test_a_mistyped_code_is_refused_at_every_door_and_never_corrected(
    house: House, subtests: pytest.Subtests
) -> None:
    scene = await set_scene(house)
    code = scene.names["code"]
    for number, door in enumerate(DOORS):
        place = [at for at, symbol in enumerate(code) if symbol != "-"][number % 12]
        wrong = SYMBOLS[(SYMBOLS.index(code[place]) + 7) % 32]
        mistyped = code[:place] + wrong + code[place + 1 :]
        with subtests.test(door.name):
            for answer in await _at(house, scene, door, mistyped):
                problem = refused(answer, 422, "code_mistyped")
                assert "Probably symbol" in problem["errors"][0]["detail"]
                said = answer.text.replace(problem["request_id"], "")
                assert not [found for found in LIKE_A_CODE.findall(said) if _is_a_code(found)]
                assert mistyped not in said


def _is_a_code(text: str) -> bool:
    try:
        read_code(text)
    except CodeMistyped:
        return False
    return True


async def test_what_would_be_looked_for_in_an_answer_is_found_when_it_is_there(house: House) -> None:
    code = await house.peer.enrolls()
    forms = [code, code.lower(), code.replace("-", ""), code.replace("-", " ")]
    found = LIKE_A_CODE.findall(", or ".join(f'"{form}"' for form in forms))
    assert found == forms
    assert all(_is_a_code(form) for form in found)


async def test_a_live_code_of_one_realm_leads_nowhere_for_the_people_of_another(house: House) -> None:
    code, realm = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, realm)
    people = table_of(RealmCode)
    own = (await house.rows(select(people).where(people.c.code == code.replace("-", ""))))[0][0]
    (alias,) = (await house.rows(live_aliases(realm, [own.participant_id])))[0]
    assert UUID(str(alias.realm_id)) == realm
    absent = bytes_of(await house.peer.get(f"/v1/participants/{shown(new_code())}"))
    assert bytes_of(await house.peer.get(f"/v1/participants/{shown(alias.code)}")) == absent
