"""Very many encounters, from a seed, straight into a settled installation: by COPY, or by one statement for many rows.

The engine's own triggers see each of them, so that what is counted afterwards is what would be counted in real life. A
statement touches each of its months once on PostgreSQL, and a row once on SQLite; there what stands twice is let go.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID, uuid5

import asyncpg
from sqlalchemy import Engine, make_url, text

from tests.world import House
from true_api.kernel.codes import new_code
from true_api.kernel.database_sqlite import sqlite_engine
from true_api.kernel.rows import Row, table_of, values_of
from true_api.outlets.statistics.periods import Month
from true_api.privacy.cases import Basis, Caseload, Participant, RealmCode
from true_api.privacy.profile import AgeBand, Gender, RaceEthnicity
from true_api.privacy.terms import Act, PartOfDay
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import ContactKind, Outcome, Setting

SEED = 24
AT_ONCE = 20_000
ENCOUNTERS_OF_A_PERSON = 20
ABOUT_NOBODY = 0.2
NAMES = UUID("01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a")
TWICE = """DELETE FROM touched_months WHERE rowid NOT IN
    (SELECT min(rowid) FROM touched_months GROUP BY source, month)"""


@dataclass(frozen=True)
class Many:
    """How many encounters, over which months, the first of them."""

    encounters: int
    months: tuple[Month, ...]

    @property
    def people(self) -> int:
        """How many people they are with."""
        return max(20, self.encounters // ENCOUNTERS_OF_A_PERSON)


@dataclass(frozen=True)
class Placed:
    """Who records all of it, and in whose realm people have their codes."""

    member_id: UUID
    team_id: UUID
    realm_id: UUID

    @classmethod
    def of(cls, house: House) -> "Placed":
        """The peer of the night van."""
        return cls(house.peer.id, house.teams["night van"], house.organizations["program"])


def load(url: str, many: Many, placed: Placed) -> None:
    """Put them there, and have the engine look at what it holds."""
    if url.startswith("sqlite"):
        engine = sqlite_engine(url)
        try:
            _insert(engine, many, placed)
        finally:
            engine.dispose()
    else:
        asyncio.run(_copy(url, many, placed))


def _insert(engine: Engine, many: Many, placed: Placed) -> None:
    for kind, rows in _everything(many, placed):
        while some := list(islice(rows, AT_ONCE)):
            with engine.begin() as connection:
                connection.execute(table_of(kind).insert(), some)
    with engine.begin() as connection:
        connection.execute(text(TWICE))
        connection.execute(text("ANALYZE"))


async def _copy(url: str, many: Many, placed: Placed) -> None:
    connection = await asyncpg.connect(_plain(url))
    try:
        for kind, rows in _everything(many, placed):
            columns = [column.key for column in table_of(kind).columns]
            while some := [[_as_copied(row[name]) for name in columns] for row in islice(rows, AT_ONCE)]:
                await connection.copy_records_to_table(table_of(kind).name, records=some, columns=columns)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _as_copied(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value) if isinstance(value, list) else value


_Rows = Iterator[Mapping[str, Any]]


def _everything(many: Many, placed: Placed) -> Iterator[tuple[type[Row], _Rows]]:
    """Table by table, those that others refer to first; every table is drawn from a seed of its own."""
    yield Participant, _people(many)
    yield RealmCode, _codes(many, placed)
    yield Caseload, _caseload(many, placed)
    yield Encounter, _encounters(many, placed)
    yield EncounterAct, _acts(many)


def _id(what: str, number: int) -> UUID:
    return uuid5(NAMES, f"{what} {number}")


def _people(many: Many) -> _Rows:
    drawn, first = Random(SEED), many.months[0].first_day
    plain = dict(values_of(Participant(enrolled_on=first)))
    ages, genders, groups = list(AgeBand), list(Gender), [group.value for group in RaceEthnicity]
    for number in range(many.people):
        yield {
            **plain,
            "id": _id("person", number),
            "trail_id": _id("trail", number),
            "age_band": drawn.choice(ages),
            "gender": drawn.choice(genders),
            "race_ethnicity": [drawn.choice(groups)],
            "record_key": drawn.getrandbits(32),
        }


def _codes(many: Many, placed: Placed) -> _Rows:
    drawn, given = Random(SEED), set[str]()
    for number in range(many.people):
        while (code := new_code(drawn.randrange)) in given:
            pass
        given.add(code)
        row = RealmCode(
            id=_id("code", number), realm_id=placed.realm_id, participant_id=_id("person", number), code=code
        )
        yield dict(values_of(row))


def _caseload(many: Many, placed: Placed) -> _Rows:
    first = many.months[0].first_day
    plain = Caseload(
        participant_id=NAMES,
        member_id=placed.member_id,
        team_id=placed.team_id,
        handle="",
        basis=Basis.ENROLLED,
        history_open=True,
        since=first,
        active_on=first,
    )
    for number in range(many.people):
        named = {"participant_id": _id("person", number), "handle": f"person-{number}"}
        yield {**values_of(plain), "id": _id("caseload", number), **named}


def _encounters(many: Many, placed: Placed) -> _Rows:
    drawn, days = Random(SEED), list(_days(many))
    settings, outcomes, parts = list(Setting), list(Outcome), list(PartOfDay)
    plain = dict(values_of(_plain_encounter(placed)))
    people = [_id("person", number) for number in range(many.people)]
    for number in range(many.encounters):
        with_nobody = drawn.random() < ABOUT_NOBODY
        yield {
            **plain,
            "id": _id("encounter", number),
            "participant_id": None if with_nobody else drawn.choice(people),
            "kind": ContactKind.ANONYMOUS if with_nobody else ContactKind.WITH_PARTICIPANT,
            "setting": drawn.choice(settings),
            "outcome": drawn.choice(outcomes),
            # In order of time, as they would have come.
            "occurred_on": days[number * len(days) // many.encounters],
            "part_of_day": drawn.choice(parts),
        }


def _plain_encounter(placed: Placed) -> Encounter:
    return Encounter(
        member_id=placed.member_id,
        team_id=placed.team_id,
        setting=Setting.STREET,
        outcome=Outcome.ENGAGED,
        occurred_on=date(2026, 1, 1),
        part_of_day=PartOfDay.NIGHT,
    )


def _acts(many: Many) -> _Rows:
    drawn, acts = Random(SEED), list(Act)
    for number in range(many.encounters):
        act = drawn.choice(acts)
        quantity = drawn.randrange(1, 4) if act is Act.NALOXONE_GIVEN else None
        row = {"encounter_id": _id("encounter", number), "place": 0, "act": act, "quantity": quantity}
        yield {**row, "topic": None, "material": None, "own_term": None}


def _days(many: Many) -> Iterator[date]:
    for month in many.months:
        for day in range((month.following.first_day - month.first_day).days):
            yield month.first_day + timedelta(days=day)
