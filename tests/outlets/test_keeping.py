"""Kept counts: whatever is written, and whoever counts beside it, what is read is what a plain count gives.

Longer than 300 lines because the property and everything that may happen in it belong together.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.outlets.many_people import ZONES, fill
from tests.rooms.supplying import SPRAY, new_site
from tests.stories.steps import agrees, moves, refers
from tests.world import House, encounter, house_settings, intake, ok, open_house, refused
from true_api.kernel.database import Database
from true_api.kernel.effects import Change, Question, Remove
from true_api.kernel.rows import table_of
from true_api.outlets.statistics.counting import count
from true_api.outlets.statistics.grid import GRID, INSIDE
from true_api.outlets.statistics.keeping import KEPT, RULES, exact, keep_counts
from true_api.outlets.statistics.periods import Month
from true_api.outlets.statistics.tables import CountedCell, CountedMonth, TouchedMonth
from true_api.privacy.cases import SamePerson
from true_api.rooms.encounters.tables import Encounter, EncounterAct, EncounterRevision
from true_api.rooms.intake.tables import IntakeAttempt, IntakeRequest
from true_api.rooms.overdoses.tables import OverdoseEvent, OverdoseRevision
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.supplies.tables import EncounterSupply, SupplyEntry, SupplyMovement

MONTHS = [Month(2026, 10), Month(2026, 11)]
DAYS = ("2026-10-01", "2026-10-31", "2026-11-01")


SAMPLE = 6
"""So many counts are held against a plain one after each step; at the end all of them are."""


async def plain(house: House, names: Iterable[str] = KEPT) -> dict[tuple[str, Month], Any]:
    """Counts of every month, from the rows themselves."""
    database = house.installation.database
    return {(name, month): await KEPT[name].count(database, month) for name in names for month in MONTHS}


async def read(house: House, names: Iterable[str] = KEPT) -> dict[tuple[str, Month], Any]:
    """The same, as insights read it."""
    return await exact(house.installation.database, names, MONTHS)


async def touched(house: House) -> int:
    """How many touches wait to be counted."""
    rows = await house.rows(select(func.count().label("many")).select_from(table_of(TouchedMonth)))
    return int(rows[0][0].many)


class Life:
    """Things that happen, each through its door; drawn from a seed."""

    def __init__(self, house: House, random: Random, site: str) -> None:
        self.house, self.random, self.site = house, random, site
        self.codes: list[str] = []
        self.met: list[str] = []
        self.referrals: list[tuple[str, str]] = []
        self.requests: list[str] = []
        self.events: list[str] = []
        self.movements: list[str] = []

    @property
    def day(self) -> str:
        """A day of one of three months."""
        return self.random.choice(DAYS)

    async def enrolls(self) -> None:
        """Somebody new, and somebody who has been here perhaps."""
        self.codes.append(await self.house.peer.enrolls(may_be_returning=self.random.random() < 0.5))

    async def meets(self) -> None:
        """A contact, with what was given in it."""
        told = {
            "occurred_on": self.day,
            "acts": [{"act": "listening"}, {"act": "naloxone_given", "quantity": self.random.randrange(1, 9)}],
            "given": [{"item": SPRAY, "quantity": 2}],
            "site_id": self.site,
        }
        path = f"/v1/participants/{self.random.choice(self.codes)}/encounters"
        for where in (path, "/v1/encounters"):
            self.met.append(ok(await self.house.peer.post(where, encounter(**told)))["id"])

    async def tells_anew(self) -> None:
        """A contact was on another day, and something else was given."""
        told = encounter(occurred_on=self.day, setting="shelter", acts=[{"act": "education", "topic": "mixing"}])
        old = self.met.pop(self.random.randrange(len(self.met)))
        self.met.append(ok(await self.house.peer.post(f"/v1/encounters/{old}/amendments", told))["id"])

    async def takes_back(self) -> None:
        """A contact did not happen."""
        old = self.met.pop(self.random.randrange(len(self.met)))
        ok(await self.house.peer.post(f"/v1/encounters/{old}/void", {"reason": "did_not_happen"}))

    async def says_more(self) -> None:
        """Somebody says more of themselves."""
        path = f"/v1/participants/{self.random.choice(self.codes)}"
        etag = (await self.house.peer.get(path)).headers["etag"]
        said = {"gender": self.random.choice(("woman", "man")), "race_ethnicity": ["white"], "age_band": "25_34"}
        ok(await self.house.peer.patch(path, said, etag))

    async def is_one_person(self) -> None:
        """Two records are of one person, and then they are not."""
        one, two, three = self.random.sample(self.codes, 3)
        said = None
        for this, that in ((one, two), (two, three)):
            answer = await self.house.supervisor.post(f"/v1/participants/{this}/links", {"code": that})
            if answer.status_code != 409:
                said = this, ok(answer)["id"]
        if said and self.random.random() < 0.5:
            ok(await self.house.supervisor.call("DELETE", f"/v1/participants/{said[0]}/links/{said[1]}"))

    async def refers(self) -> None:
        """An agency is asked, and answers by its own door."""
        code = self.random.choice(self.codes)
        await agrees(self.house.peer, code, self.house.organizations["harbor"])
        asked = await refers(self.house.peer, code, self.house.organizations["harbor"])
        await moves(self.house.agency, asked["reference"], "accepted")
        self.referrals.append((asked["id"], asked["reference"]))

    async def completes(self) -> None:
        """A referral comes to its end at the agency."""
        if self.referrals:
            await moves(self.house.agency, self.referrals.pop()[1], "completed", outcomes=["place_taken"])

    async def asks(self) -> None:
        """An agency asks that somebody be met, and a peer tries."""
        ok(await self.house.agency.post("/v1/intake-requests", intake()))
        queue = ok(await self.house.peer.get("/v1/intake-requests"))["items"]
        request = self.random.choice(queue)["id"]
        told = {"attempted_on": "2026-11-02", "result": self.random.choice(("met", "not_there"))}
        await self.house.peer.post(f"/v1/intake-requests/{request}/attempts", told)
        if self.random.random() < 0.5:
            await self.house.peer.post(f"/v1/intake-requests/{request}/connection", {})

    async def reverses(self) -> None:
        """An overdose is told of, and told anew."""
        told = {"kind": "reversal", "occurred_on": self.day}
        event = ok(await self.house.peer.post("/v1/overdose-events", told))["id"]
        told = {"kind": "overdose", "occurred_on": self.day}
        ok(await self.house.peer.post(f"/v1/overdose-events/{event}/amendments", told))

    async def notes(self) -> None:
        """Somebody says how ready they are."""
        path = f"/v1/participants/{self.random.choice(self.codes)}/readiness-notes"
        ok(await self.house.peer.post(path, {"occurred_on": self.day, "importance": 3}))

    async def is_forgotten(self) -> None:
        """Somebody asks to be forgotten."""
        code = self.codes.pop(self.random.randrange(len(self.codes)))
        ok(await self.house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
        # Records that are linked with theirs go along, and what was about them is within nobody's reach.
        self.codes = [one for one in self.codes if await self._is_there(f"/v1/participants/{one}")]
        self.met = [one for one in self.met if await self._is_there(f"/v1/encounters/{one}")]
        self.referrals = [one for one in self.referrals if await self._is_there(f"/v1/referrals/{one[0]}")]

    async def _is_there(self, path: str) -> bool:
        return (await self.house.peer.get(path)).status_code == 200

    @property
    def all(self) -> list[Callable[[], Awaitable[None]]]:
        """All that may happen, contacts more often."""
        one = (self.enrolls, self.tells_anew, self.takes_back, self.says_more, self.is_one_person, self.refers)
        other = (self.completes, self.asks, self.reverses, self.notes, self.is_forgotten)
        return [self.meets, self.meets, *one, *other]


@pytest.fixture
async def second(house: House, tmp_path: Path) -> AsyncIterator[House]:
    """A second process on the same stores."""
    url = house.settings.effective_database_url.replace("+asyncpg", "")
    async with open_house(house_settings(tmp_path, url), house.clock) as opened:
        yield opened


async def live(house: House, second: House, seed: int, steps: int, sample: int = SAMPLE) -> None:
    """Things happen while two processes count; after each, what is read is what a plain count gives."""
    random = Random(seed)
    life = Life(house, random, await new_site(house))
    for _ in range(4):
        await life.enrolls()
    for _ in range(2):
        await life.meets()
    happening = random.sample(life.all, k=len(life.all)) * (steps // len(life.all) + 1)
    for step, happens in enumerate(happening[:steps]):
        while len(life.codes) < 3:
            await life.enrolls()
        if not life.met:
            await life.meets()
        beside = [keep_counts(one.installation) for one in (house, second)[: step % 3]]
        await asyncio.gather(happens(), *beside)
        names = random.sample(sorted(KEPT), sample)
        assert await read(house, names) == await plain(house, names), happens.__name__
    await keep_counts(house.installation)
    await keep_counts(house.installation)
    assert await touched(house) == 0
    assert await read(second) == await plain(second)


async def test_whatever_happens_what_is_read_is_what_a_plain_count_gives(house: House, second: House) -> None:
    await live(house, second, seed=7, steps=13)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
async def test_the_same_over_many_lives(house: House, second: House, seed: int) -> None:
    await live(house, second, seed, steps=60, sample=len(KEPT))


class Watched:
    """The database, and how many questions it was asked."""

    def __init__(self, database: Database) -> None:
        self._database, self.asked = database, 0

    async def read(self, *selects: Question) -> list[Any]:
        """As the database, counted."""
        self.asked += len(selects)
        return await self._database.read(*selects)


async def counted_whole(house: House) -> None:
    """Count until nothing waits."""
    while await touched(house):
        await keep_counts(house.installation)


async def test_what_is_kept_is_read_in_two_questions_and_a_touched_month_costs_what_was_touched(house: House) -> None:
    filled = await fill(house, people=60, months=3)
    await counted_whole(house)
    watched: Any = Watched(house.installation.database)
    kept = await exact(watched, KEPT, filled.months)
    assert watched.asked == 2
    assert all(kept["people", month] for month in filled.months)
    ok(await house.agency.post("/v1/intake-requests", intake()))
    ok(await house.peer.post("/v1/overdose-events", {"kind": "reversal", "occurred_on": "2026-10-02"}))
    watched.asked = 0
    again = await exact(watched, KEPT, filled.months)
    # The two questions, and for the overdoses of one month those about people and those about nobody.
    assert watched.asked == 4
    assert {at for at in kept if kept[at] != again[at]} == {("overdose-events", Month(2026, 10))}


async def test_whoever_counts_by_other_rules_believes_nothing_that_was_kept(house: House) -> None:
    await fill(house, people=40, months=1)
    await counted_whole(house)
    month, table = Month(2026, 10), table_of(CountedMonth)
    row = (await house.rows(select(table).where(table.c.table == "people")))[0][0]
    true = (await exact(house.installation.database, ["people"], [month]))["people", month]
    older = [
        Change(table, row.id, row.version, {"rules": RULES - 1}),
        Remove(table_of(CountedCell), "counted_id", (row.id,)),
    ]
    await house.installation.database.commit(older)
    assert (await exact(house.installation.database, ["people"], [month]))["people", month] == true
    ok(await house.peer.post("/v1/overdose-events", {"kind": "reversal", "occurred_on": "2026-10-02"}))
    await counted_whole(house)
    row = (await house.rows(select(table).where(table.c.table == "people")))[0][0]
    assert row.rules == RULES


async def test_a_table_is_told_exactly_cell_by_cell_and_month_by_month(house: House) -> None:
    filled = await fill(house, people=60, months=2)
    span = {"from": filled.start, "to": filled.end}
    for name in ("people", "people-by-zone", "people-by-race-ethnicity-and-connection", "items-given"):
        rows = ok(await house.supervisor.get(f"/v1/insights/tables/{name}", params=span))["rows"]
        table = (GRID | INSIDE)[name].with_own(ZONES)
        columns = ["period", "table", *(dimension.name for dimension in table.dimensions), "unit", "value"]
        assert [list(row) for row in rows] == [columns] * len(filled.months) * len(table.cells)
        for month in filled.months:
            counted = await count(house.installation.database, table, month, exact=True)
            told = [row["value"] for row in rows if row["period"] == str(month)]
            assert told == [found.value for found in counted.values()], name


WATCHED = {
    table_of(kind).name: ("insert", "update", "delete")
    for kind in (
        *(Encounter, EncounterAct, EncounterRevision, EncounterSupply, SupplyMovement, SupplyEntry, SamePerson),
        *(OverdoseEvent, OverdoseRevision, Referral, IntakeRequest, IntakeAttempt, ReadinessNote),
    )
} | {"participants": ("update",), "supply_lots": ("update",)}
"""Tables that are counted, or counted by, and which writes to them touch a month."""


async def test_the_engine_watches_every_table_that_is_counted(house: House, engine: str) -> None:
    """A migration that rebuilds such a table on SQLite loses its triggers, and has to make them again."""
    of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    of_postgresql = "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    rows = (await house.rows(text(of_sqlite if engine == "sqlite" else of_postgresql)))[0]
    wanted = {f"{table}_touch_{verb}" for table, verbs in WATCHED.items() for verb in verbs}
    assert {row.name for row in rows if "_touch_" in row.name} == wanted


async def test_what_is_not_in_the_grid_is_refused_and_the_refusal_names_what_is(house: House) -> None:
    span = "from=2026-10&to=2026-11"
    for name in ("people-by-name", "people-by-peer", "encounters", "PEOPLE", "people.csv"):
        answer = await house.supervisor.get(f"/v1/insights/tables/{name}?{span}")
        problem = refused(answer, 422, "outside_the_grid")
        assert set(problem["errors"][0]["near"]) == set(GRID | INSIDE)
    for wrong in (
        "from=2026-10",
        "from=2026-10&to=2026-10",
        "from=2026-10&to=2026-11&zone=harbor",
        "from=2020-01&to=2026-11",
    ):
        refused(await house.supervisor.get(f"/v1/insights/tables/people?{wrong}"), 422, "invalid_shape")
    for caller in (house.peer, house.agency, house.integrator, house.admin):
        refused(await caller.get(f"/v1/insights/tables/people?{span}"), 403, "not_permitted")
