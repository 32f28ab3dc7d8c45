"""kill -9 of server and sealer under 16 writers: nothing that was acknowledged, written or read, lacks its entry."""

import asyncio
import os
import signal
import socket
from contextlib import ExitStack
from dataclasses import dataclass, field
from subprocess import Popen

import httpx2
import pytest
from sqlalchemy import select

from tests.cli.conftest import Operator
from tests.durability.test_kill import LONG_AGO, Place, crash, place, serving  # noqa: F401  (a fixture)
from tests.engines import NAMED
from tests.security.trails import Place as Trail
from tests.world import encounter
from true_api.cli.grounds import opened
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position, advance_all
from true_api.security.sealer import seal_all
from true_api.security.trail import TrailEntry
from true_api.security.trail_publishing import publish

CALLERS = 16


@dataclass
class Callers:
    """Sixteen who record a contact, read the record, and so on, until nobody answers; they keep every receipt."""

    port: int
    token: str
    enough: int
    receipts: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """All of them at the same time."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30) as http:
            await asyncio.gather(*(self._one(http) for _ in range(CALLERS)))

    async def _one(self, http: httpx2.AsyncClient) -> None:
        try:
            while True:
                written = await http.post("/v1/encounters", json=encounter(occurred_on=LONG_AGO))
                if self._kept(written, 201):
                    self._kept(await http.get(f"/v1/encounters/{written.json()['id']}"), 200)
        except httpx2.TransportError:
            # Killed.
            return

    def _kept(self, answer: httpx2.Response, status: int) -> bool:
        """Whether it was acknowledged; 503 says that it is not known."""
        assert answer.status_code in (status, 503), answer.text
        if answer.status_code == 503:
            return False
        self.receipts.append(answer.headers["x-request-id"])
        if len(self.receipts) >= self.enough:
            self.reached.set()
        return True


@pytest.fixture
def beside(place: Place) -> Operator:  # noqa: F811
    """Another server on the same stores, which nobody calls: it gives places, seals and publishes as the first does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    issuer = f"http://127.0.0.1:{place.operator.settings.port}"
    return Operator({**place.operator.environment, "TRUE_PORT": port, "TRUE_PUBLIC_URL": issuer})


async def killed(place: Place, beside: Operator, acknowledged: int, first: int) -> list[str]:  # noqa: F811
    """Start both, let them work, kill one and then the other; the request ids of all that was acknowledged."""
    with ExitStack() as running:
        servers = [running.enter_context(serving(operator)) for operator in (place.operator, beside)]
        callers = Callers(place.operator.settings.port, place.token, acknowledged)
        working = asyncio.create_task(callers.work())
        await callers.reached.wait()
        _kill(servers[first])
        await asyncio.sleep(0.05)
        _kill(servers[1 - first])
        await working
    return callers.receipts


def _kill(server: Popen[bytes]) -> None:
    os.kill(server.pid, signal.SIGKILL)
    server.wait()


async def trailed(operator: Operator) -> tuple[list[str], list[int]]:
    """What stands in the trail: request ids, and every place; whatever waited is sealed and published now."""
    entries, positions = table_of(TrailEntry), table_of(Position)
    async with opened(operator.settings) as installation:
        await advance_all(installation.database)
        await seal_all(installation)
        await publish(installation)
        found, places = await installation.database.read(select(entries.c.request_id), select(positions.c.position))
    return [row.request_id for row in found], sorted(row.position for row in places)


async def kills(place: Place, beside: Operator, rounds: int, acknowledged: int) -> None:  # noqa: F811
    receipts: list[str] = []
    for number in range(rounds):
        receipts += await killed(place, beside, acknowledged, 1 - number % 2)
        if place.engine is not None and NAMED not in os.environ:
            crash(place.engine)
        requests, places = await trailed(place.operator)
        assert set(receipts) <= set(requests)
        assert len(requests) == len(set(requests)) == len(places)
        assert places == list(range(1, len(places) + 1))
    assert len(receipts) >= rounds * acknowledged
    said = await asyncio.to_thread(Trail(place.operator.settings).verify)
    assert (said["whole"], said["sealed"], said["waiting"]) == (True, len(places), 0), said


async def test_no_receipt_is_without_its_entry(place: Place, beside: Operator) -> None:  # noqa: F811
    await kills(place, beside, rounds=1, acknowledged=80)


@pytest.mark.proof
async def test_no_receipt_is_without_its_entry_at_full_size(place: Place, beside: Operator) -> None:  # noqa: F811
    await kills(place, beside, rounds=12, acknowledged=1_000)
