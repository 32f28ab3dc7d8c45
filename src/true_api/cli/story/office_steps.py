"""The steps with requests and numbers: intake from post to connection, and what supervisors and the admin do."""

from dataclasses import dataclass
from uuid import uuid4

from true_api.cli.story.inside import StoryBroke
from true_api.cli.story.stage import Stage
from true_api.cli.story.steps import Draft
from true_api.outlets.statistics.periods import FiscalYear, Month, Quarter


@dataclass(frozen=True)
class PostRequest:
    """An agency asks that a peer meet somebody; after a lost answer it asks again with the same key."""

    agency: int
    request: int
    draft: Draft
    twice: bool = False

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        agency, key = stage.company.agencies[self.agency], uuid4().hex
        posted = await agency.post("/v1/intake-requests", self.draft, idempotency_key=key)
        if self.twice and posted != await agency.post("/v1/intake-requests", self.draft, idempotency_key=key):
            raise StoryBroke("one key gave two requests")
        stage.told["request", self.request] = posted


@dataclass(frozen=True)
class FindInQueue:
    """A peer reads the queue and takes a new request on."""

    peer: int
    request: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        reference = stage.told["request", self.request]["reference"]
        queue = await stage.company.peers[self.peer].get("/v1/intake-requests", state="new", limit=200)
        stage.told["request", self.request] = next(item for item in queue["items"] if item["reference"] == reference)


@dataclass(frozen=True)
class Attempt:
    """A peer tries to meet the person."""

    peer: int
    request: int
    draft: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await _work(stage, self.peer, self.request, "attempts", self.draft)


@dataclass(frozen=True)
class MoveRequest:
    """A peer moves a request through the queue."""

    peer: int
    request: int
    move: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await _work(stage, self.peer, self.request, "transitions", self.move)


@dataclass(frozen=True)
class Connect:
    """It turns out who it was: somebody known who shows their code, or somebody new."""

    peer: int
    request: int
    person: int
    known: bool

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        draft = {"code": stage.codes[self.person]} if self.known else {}
        connected = await _work(stage, self.peer, self.request, "connection", draft)
        stage.codes[self.person] = str(connected["code"])


async def _work(stage: Stage, peer: int, request: int, door: str, draft: Draft) -> Draft:
    known = stage.told["request", request]["id"]
    answer: Draft = await stage.company.peers[peer].post(f"/v1/intake-requests/{known}/{door}", draft)
    return answer


@dataclass(frozen=True)
class LookOver:
    """A supervisor reads the month's counts and the queue."""

    supervisor: int
    start: str
    end: str

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        supervisor = stage.company.supervisors[self.supervisor]
        await supervisor.get("/v1/insights/months", **{"from": self.start, "to": self.end})
        await supervisor.get("/v1/intake-requests", state="contacting")


@dataclass(frozen=True)
class SealMonth:
    """The admin seals a month that has ended, and the quarter and the fiscal year that ended with it."""

    month: Month

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        longer = Quarter.of(self.month.first_day), FiscalYear.of(self.month.first_day)
        for period in (self.month, *(one for one in longer if one.end == self.month.end)):
            await stage.company.admin.post("/v1/releases", {"period": str(period)})
