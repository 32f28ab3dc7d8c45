"""Every door in turn: a visit leaves its trace, a retry is answered as the first was, and who may not is noted too."""

from dataclasses import replace
from uuid import uuid4

import httpx2
import pytest

from tests.api.walking import every_guarded_door
from tests.house.visits import Visit, knock
from tests.security.traces import entries, entry_of, shown_fields
from tests.world import Caller, House, ok, refused
from true_api.api.all_doors import every_door
from true_api.api.door import ONCE_ONLY, Door
from true_api.security.gates import Gate, PublishedGate
from true_api.security.roles import POLICY, PURPOSES, Role

PRINTED = {
    "GET /v1/directory/export": ["package"],
    "GET /v1/participants/{code}/card": ["code"],
    "GET /v1/code-batches/{id}/sheet": ["codes"],
    "GET /v1/participants/{code}/consents/form": ["reference"],
    "GET /v1/referrals/{id}/slip": ["ask_for_desk", "bring", "code", "location", "on", "organization"],
}
"""What stands on paper that is no JSON, as the trail calls it."""


SHUTS_THE_CALLER_OUT = {"POST /v1/participants/{code}/exclusions"}
"""Who keeps themselves away from somebody reaches nothing of them from then on, their own retry included."""


async def test_every_door_notes_who_passes_and_answers_a_retry_as_it_answered_first(
    house: House, subtests: pytest.Subtests
) -> None:
    visited = 0
    async for door, caller, visit in every_guarded_door(house):
        visited += 1
        with subtests.test(door.name):
            key = {"Idempotency-Key": uuid4().hex} if door.method == "POST" else {}
            same = replace(visit, headers={**visit.headers, **key})
            first = await knock(house, door.method, same, caller)
            assert first.status_code == door.status, first.text
            await _is_noted(house, door, caller, first)
            if door.takes_key:
                await _is_answered_again(house, door, first, await knock(house, door.method, same, caller))
            await _is_noted_for_who_may_not(house, door, visit)
    assert visited == sum(isinstance(door.gate, Gate) for door in every_door())


async def _is_noted(house: House, door: Door, caller: Caller, answer: httpx2.Response) -> None:
    if isinstance(door.gate, PublishedGate):
        assert answer.headers["x-request-id"] not in await entries(house), "what was published is about nobody"
        return
    entry = await entry_of(house, answer)
    assert isinstance(door.gate, Gate)
    assert (entry.door, entry.permission) == (door.name, door.gate.permission.value)
    assert (entry.actor_id, entry.actor_is_client) == (caller.id, caller.is_client)
    assert (entry.role, entry.organization_id) == (caller.role.value, caller.organization_id)
    assert entry.purpose in {purpose.value for purpose in PURPOSES[caller.role]}
    assert (entry.outcome, entry.problem) == (answer.status_code, None)
    if door.name == "GET /v1/exports/{reference}/files/{name}":
        assert {"period", "table", "unit", "value", "suppressed"} <= set(entry.fields), "the columns of the file"
    else:
        assert entry.fields == PRINTED.get(door.name, shown_fields(answer))
    assert entry.at == house.clock.now()


async def _is_answered_again(house: House, door: Door, first: httpx2.Response, again: httpx2.Response) -> None:
    if door.name in SHUTS_THE_CALLER_OUT:
        refused(again, 404, "not_found")
        return
    if door.again is ONCE_ONLY:
        refused(again, 409, "secret_shown_once")
        return
    assert again.headers.get("idempotent-replayed") == "true"
    assert (again.status_code, ok(again)) == (first.status_code, ok(first))
    noted, before = await entry_of(house, again), await entry_of(house, first)
    assert (noted.outcome, noted.fields) == (before.outcome, before.fields)


async def _is_noted_for_who_may_not(house: House, door: Door, visit: Visit) -> None:
    assert isinstance(door.gate, Gate)
    for outsider in [role.value for role in Role if door.gate.permission not in POLICY[role]][:1]:
        entry = await entry_of(house, await knock(house, door.method, visit, house.people[outsider]))
        assert (entry.outcome, entry.problem, entry.fields) == (403, "not_permitted", [])
        assert (entry.actor_id, entry.record_id) == (house.people[outsider].id, None)
