"""kill -9 while people are being forgotten: nobody is half forgotten, and whoever was told that it is done is gone."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from tests.cli.conftest import Operator
from tests.durability.test_kill import LONG_AGO, Place, place, serving  # noqa: F401  (a fixture)
from tests.journeys.leaving import ASKED
from tests.world import encounter, ok
from true_api.cli.grounds import opened
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant, RealmCode
from true_api.privacy.forgotten import ForgottenMark
from true_api.privacy.words import SealedText
from true_api.rooms.encounters.tables import Encounter

PEOPLE, AT_ONCE, KILLS = 40, 8, (3, 10, 20)
SECONDS_TO_FINISH = 60

pytestmark = pytest.mark.proof


async def enrolled(http: httpx2.AsyncClient) -> str:
    """Somebody with a note."""
    code = str(ok(await http.post("/v1/participants", json={}))["code"])
    met = encounter(occurred_on=LONG_AGO, note="Slept well.")
    ok(await http.post(f"/v1/participants/{code}/encounters", json=met))
    return code


def door(operator: Operator, token: str) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{operator.settings.port}", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )


@dataclass
class Asking:
    """A front-end that asks for several people at a time, and remembers who was told that it is done."""

    http: httpx2.AsyncClient
    enough: int
    told: set[str] = field(default_factory=set)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def ask(self, code: str) -> None:
        """Ask for one person; nobody answers any more after the kill."""
        async with self.turn:
            try:
                answer = await self.http.post(f"/v1/participants/{code}/forget", json=ASKED)
            except httpx2.TransportError:
                return
        if answer.status_code == 200:
            self.told.add(code)
        if len(self.told) == self.enough:
            self.reached.set()


async def kept(operator: Operator) -> dict[str, Any]:
    """What is on disk, read without the server."""
    async with opened(operator.settings) as installation:
        kinds = (Participant, RealmCode, Encounter, SealedText, ForgottenMark)
        found = await installation.database.read(*(select(table_of(kind)) for kind in kinds))
        keys = [subject for subject, _ in await installation.keyring.subjects()]
    return {**{kind.__name__: rows for kind, rows in zip(kinds, found, strict=True)}, "keys": keys}


@pytest.mark.parametrize("after", KILLS)
async def test_whenever_it_is_killed_nobody_is_half_forgotten(place: Place, after: int) -> None:  # noqa: F811
    operator = place.operator
    await asyncio.to_thread(
        operator.does, "people", "members", "add", "--role", "supervisor", "--label", "lead", "--team", "Night van"
    )
    token = (await asyncio.to_thread(operator.does, "token", "--member", "lead")).strip()
    with serving(operator) as server:
        async with door(operator, token) as http:
            codes = [await enrolled(http) for _ in range(PEOPLE)]
            front_end = Asking(http, after)
            asking = [asyncio.create_task(front_end.ask(code)) for code in codes]
            await front_end.reached.wait()
            server.kill()
            await asyncio.gather(*asking)
    told = front_end.told
    assert after <= len(told) < PEOPLE
    with serving(operator):
        for _ in range(SECONDS_TO_FINISH):
            left = await kept(operator)
            if not [person for person in left["Participant"] if person.forgetting_since is not None]:
                break
            await asyncio.sleep(1)
    left = await kept(operator)
    people = {person.id for person in left["Participant"]}
    assert {row.code for row in left["RealmCode"]}.isdisjoint(code.replace("-", "") for code in told)
    assert {row.participant_id for row in left["RealmCode"]} == people
    assert {person.forgetting_since for person in left["Participant"]} <= {None}
    assert {row.participant_id for row in left["Encounter"]} <= people | {None}
    assert len(left["Encounter"]) == PEOPLE
    assert {row.sealing_subject for row in left["SealedText"]} == people == set(left["keys"])
    # One for each who is gone, and one by which the key of the marks is known.
    assert len(left["ForgottenMark"]) == PEOPLE - len(people) + 1
