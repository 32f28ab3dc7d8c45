import sys
from dataclasses import replace
from uuid import uuid4
from tests.house.building import operations
from tests.house.scenes import Scene
from tests.house.set_directory import set_directory
from tests.house.set_again import set_again
from tests.house.visits import VISITS, knock
from tests.house.test_roles import COLUMNS, _holds_to_the_policy
from tests.house.test_canary import _knock, _parameters, _untold, _kept
from tests.house.canary import sent_through, trace, content
from tests.api.test_every_door import _is_noted, _is_answered_again, _is_noted_for_who_may_not
from true_api.api.all_doors import every_door
from true_api.security.gates import Gate
from true_api.security.roles import POLICY

async def test_walk(house, tmp_path):
    scene = Scene({k: "x" for k in ("referral","request","referral_reference","request_reference")})
    await set_directory(house, scene)
    doors = [d for d in every_door() if "directory" in d.path or "hsds" in d.path]
    told = {f"{m.upper()} {p}": o for m, p, o in operations(house.app.openapi())}
    taken = _parameters(house)
    for door in doors:
        row = {}
        for column in COLUMNS:
            caller = house.people.get(column)
            visit = VISITS[door.name](house, scene, caller.role if caller else None)
            a = await knock(house, door.method, visit, caller)
            row[column] = a.status_code
            if a.status_code >= 400:
                assert f"`{a.json()['code']}`" in told[door.name]["responses"][str(a.status_code)]["description"], (door.name, a.text)
            elif a.status_code < 300: await set_again(house, scene, door)
            if isinstance(door.gate, Gate) and caller is not None:
                may = door.gate.permission in POLICY[caller.role]
                assert (a.status_code == 403) is not may, (door.name, column, a.status_code)
        print(door.name, row)
    for door in doors:
        if not isinstance(door.gate, Gate): continue
        caller = next(house.people[n] for n in ("peer","supervisor","agency") if door.gate.permission in POLICY[house.people[n].role])
        visit = VISITS[door.name](house, scene, caller.role)
        key = {"Idempotency-Key": uuid4().hex} if door.takes_key else {}
        same = replace(visit, headers={**visit.headers, **key})
        first = await knock(house, door.method, same, caller)
        assert first.status_code == door.status, first.text
        await _is_noted(house, door, caller, first)
        if door.takes_key: await _is_answered_again(house, door, first, await knock(house, door.method, same, caller))
        await _is_noted_for_who_may_not(house, door, visit)
        await set_again(house, scene, door)
    n = 0
    for door in doors:
        caller = next((house.people[x] for x in ("supervisor","agency","peer") if isinstance(door.gate, Gate) and door.gate.permission in POLICY[house.people[x].role]), None)
        visit = VISITS[door.name](house, scene, caller.role if caller else None)
        for path, sent in sent_through(door, visit, taken[door.name]):
            a = await _knock(house, door, caller, path, sent); n += 1
            assert a.status_code < 500, (door.name, a.text)
            assert not trace(_untold(door.name, a)), (door.name, a.text)
    assert trace(await _kept(house, tmp_path)) == []
    print(n)
