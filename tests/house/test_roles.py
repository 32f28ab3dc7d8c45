"""Who gets what at which door: every door is visited by every role, and the answers stand in roles.golden.txt."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.house.building import operations
from tests.house.scenes import set_scene
from tests.house.set_again import set_again
from tests.house.visits import VISITS, knock
from tests.world import CLIENTS, MEMBERS, House
from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.kernel.errors import Problem
from true_api.security.gates import CaseGate, Gate
from true_api.security.roles import POLICY, Role

GOLDEN = Path(__file__).with_name("roles.golden.txt")
WRITE = "TRUE_TEST_WRITE_GOLDENS"
HEADER = f"""\
What each role gets at each door. The records are those of the peer, of the supervisor of their team, and of the agency
that posted the request and is asked by the referral, with the person's consent. The stranger is a peer of another team
with a supervisor of their own; the other agency was never asked.
401 no token, 403 not this role, 404 not there for this caller, 2xx the door opened.
Read every changed line before you keep it. It is written anew, and the test still fails once, by:
    {WRITE}=1 make test ARGS="-n 0 tests/house/test_roles.py"
"""
NOBODY = "no_token"
OWNERS = tuple(role.value for role in Role)
OTHERS = ("stranger", "other_supervisor", "other_agency")
COLUMNS = (
    NOBODY,
    "peer",
    "stranger",
    "supervisor",
    "other_supervisor",
    "agency",
    "other_agency",
    "integrator",
    "admin",
)
ROLES = {column: (MEMBERS | CLIENTS | {"admin": ("", Role.ADMIN)})[column][1] for column in COLUMNS if column != NOBODY}
Table = dict[str, dict[str, int]]


async def _visit_every_door(house: House) -> tuple[Table, list[str]]:
    """The status of every role at every door, and what was answered that the document does not tell of."""
    table, untold = Table(), []
    document = house.app.openapi()
    told = {f"{method.upper()} {path}": operation for method, path, operation in operations(document)}
    scene = await set_scene(house)
    for door in every_door():
        table[door.name] = {}
        for column in COLUMNS:
            caller = house.people.get(column)
            visit = VISITS[door.name](house, scene, caller.role if caller else None)
            answer = await knock(house, door.method, visit, caller)
            table[door.name][column] = answer.status_code
            described = told[door.name]["responses"].get(str(answer.status_code), {"description": ""})["description"]
            if answer.status_code >= 400 and f"`{answer.json()['code']}`" not in described:
                untold.append(f"{door.name} for {column}: {answer.text}")
            if answer.status_code < 300:
                await set_again(house, scene, door)
    return table, untold


def _written(table: Table) -> str:
    """The table as it is read by people: a door to a line, a role to a column."""
    permissions = {door.name: _permission(door) for door in every_door()}
    names, asked = max(map(len, table)) + 2, max(map(len, permissions.values())) + 2
    lines = [f"# {line}" for line in HEADER.splitlines()]
    lines.append(f"{'door':{names}}{'permission':{asked}}" + "".join(f"{column:18}" for column in COLUMNS))
    lines += [
        f"{name:{names}}{permissions[name]:{asked}}" + "".join(f"{row[column]:<18}" for column in COLUMNS)
        for name, row in table.items()
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _permission(door: Door) -> str:
    return door.gate.permission.value if isinstance(door.gate, Gate) else "open"


def test_it_is_said_for_every_door_how_it_is_visited() -> None:
    assert sorted(VISITS) == sorted(door.name for door in every_door())


async def test_every_role_gets_at_every_door_what_the_golden_table_says(house: House) -> None:
    table, untold = await _visit_every_door(house)
    _holds_to_the_policy(table)
    assert untold == [], "answers that the OpenAPI document does not tell of"
    written = _written(table)
    if os.environ.get(WRITE):
        GOLDEN.write_text(written)
        pytest.fail(f"{GOLDEN.name} was written anew: read what changed in it, then run without {WRITE}.")
    assert written.splitlines() == GOLDEN.read_text().splitlines()


def _holds_to_the_policy(table: Table) -> None:
    """401 and 403 follow from the policy alone, whatever the golden file says; everybody whom a door is for gets in."""
    assert len(table) == len(every_door())
    for door in every_door():
        row = table[door.name]
        if not isinstance(door.gate, Gate):
            assert set(row.values()) == {door.status}, door.name
            continue
        assert row[NOBODY] == 401, door.name
        for column, role in ROLES.items():
            may = door.gate.permission in POLICY[role]
            assert (row[column] == 403) is not may, f"{door.name} for {column}: {row[column]}"
            assert row[column] in (door.status, 403, 404), f"{door.name} for {column}: {row[column]}"
        assert door.status in (row[owner] for owner in OWNERS), f"{door.name} opens for nobody"
        if isinstance(door.gate, CaseGate):
            assert all(row[other] in (403, 404) for other in OTHERS), f"{door.name} leads strangers to a person"


def test_every_code_of_a_refusal_is_told_of_somewhere_in_the_document(document: dict[str, Any]) -> None:
    """A leaf that no door declares is either the edge's own, or a rule that a door forgot to declare."""
    told = {
        leaf.code
        for leaf in Problem.leaves()
        for _, _, operation in operations(document)
        for answer in operation["responses"].values()
        if f"`{leaf.code}`" in answer["description"]
    }
    of_the_edge = {"headers_too_large", "internal_error", "malformed_http", "method_not_allowed", "request_timeout"}
    of_no_door = {"concurrent_twin", "not_set_up", "other_tombstone_key"}
    of_an_item = {"item_sent_twice", "no_such_enrollment"}
    assert {leaf.code for leaf in Problem.leaves()} - told == of_the_edge | of_no_door | of_an_item
