"""TRUE API as it runs in production, on a settled installation with participants and timelines in it."""

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from benchmarks.load import Load
from benchmarks.processes import Server, free_port, serving
from tests.world import ROOMY, Caller, House, encounter, house_settings, ok, open_house, prepare
from true_api.kernel.clock import HeldClock

WRITTEN_ABOUT, READ_ABOUT = 64, 8
ENCOUNTERS_EACH, NOTES_EACH = 48, 12
ACTS = [{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}]
NOTE = (
    "Slept by the river since the shelter closed. Wants to talk about methadone again, not today. Took two kits and"
    " showed a friend how they work. We agreed to look for each other near the bridge after the weekend."
)
OWN_WORDS = {"languages": ["en", "es"], "pronouns": "she/they", "gender_words": "two-spirit"}
SERVE, WEAKENED = ["true_api", "serve", "--notice", "0"], ["benchmarks.weakened"]


@dataclass(frozen=True)
class Place:
    """A running server, a peer with a token, and the participants whom the peer knows."""

    server: Server
    peer: Caller
    written_about: list[str]
    read_about: list[str]

    def create(self, connections: int = Load.connections) -> Load:
        """Record encounters: token, gate, validation, idempotency, trail, one commit."""
        paths = [f"/v1/participants/{code}/encounters" for code in self.written_about]
        authorized = self._authorized()
        return Load(self.server.port, "POST", paths, 201, authorized, contact(), keyed=True, connections=connections)

    def create_with_note(self) -> Load:
        """Record encounters with words: as above, and the guard, and one text sealed under the person's key."""
        paths = [f"/v1/participants/{code}/encounters" for code in self.written_about]
        return Load(self.server.port, "POST", paths, 201, self._authorized(), contact(note=NOTE), keyed=True)

    def enroll(self) -> Load:
        """Enroll people who say a few words of themselves: the guard twice, and a key made for each of them."""
        body = json.dumps(OWN_WORDS)
        return Load(self.server.port, "POST", ["/v1/participants"], 201, self._authorized(), body, keyed=True)

    def timeline(self) -> Load:
        """Read the newest 50 of a timeline: token, gate, audited like a write."""
        paths = [f"/v1/participants/{code}/timeline?limit=50" for code in self.read_about]
        return Load(self.server.port, "GET", paths, 200, self._authorized())

    def _authorized(self) -> dict[str, str]:
        # The house is closed by now, but its keys are the server's: a token lives ten minutes from this moment.
        self.peer.house.clock = HeldClock(datetime.now(UTC))
        return {"Authorization": f"Bearer {self.peer.token()}"}


def contact(**over: object) -> str:
    """An encounter with two acts, as it is sent."""
    return json.dumps(encounter(occurred_on=_days_ago(3), acts=ACTS, **over))


def _days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


def quiet() -> None:
    """No lines of this process's own houses; the servers write theirs, to nowhere."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("alembic").setLevel(logging.ERROR)


@contextmanager
def running_house(folder: Path, url: str, program: Sequence[str] = SERVE) -> Iterator[Place]:
    """Prepare an installation, serve it, and end the server."""
    prepare(folder, url)
    port = free_port()
    chosen = {"TRUE_DATA_DIR": str(folder), "TRUE_DATABASE_URL": url, "TRUE_PORT": str(port), **ROOMY}
    peer, written_about, read_about = asyncio.run(_settle(folder, url, port))
    with serving(list(program), port, "/health/ready", chosen) as server:
        yield Place(server, peer, written_about, read_about)


async def _settle(folder: Path, url: str, port: int) -> tuple[Caller, list[str], list[str]]:
    """Enroll participants, some of them with a long timeline."""
    clock = HeldClock(datetime.now(UTC))
    async with open_house(house_settings(folder, url, TRUE_PORT=str(port)), clock) as house:
        written_about = [await house.peer.enrolls() for _ in range(WRITTEN_ABOUT)]
        read_about = [await house.peer.enrolls() for _ in range(READ_ABOUT)]
        for code in read_about:
            await _live_through(house, code)
        return house.peer, written_about, read_about


async def _live_through(house: House, code: str) -> None:
    for day in range(ENCOUNTERS_EACH):
        await house.peer.records(code, occurred_on=_days_ago(day + 1), acts=ACTS)
    for day in range(NOTES_EACH):
        said = {"occurred_on": _days_ago(4 * day + 2), "importance": 8, "confidence": 3, "next_step": "carry_naloxone"}
        ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", said))
