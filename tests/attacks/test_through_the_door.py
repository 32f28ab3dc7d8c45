"""Attacks through the front door, with an integrator's token and nothing else, on both engines."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, select, update

from tests.attacks.knowledge import keyed_law, silent_law
from tests.attacks.programs import PEOPLE_TABLES, Span
from tests.attacks.publishing import Name, Published
from tests.attacks.reconstruction import pinned
from tests.attacks.weakened import seal_without_noise
from tests.house.histories import ask
from tests.outlets.many_people import ZONES, fill
from tests.world import Caller, House, ok, refused
from true_api.api.all_doors import every_door
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.tables import LedgerEntry, Release, ReleaseCell
from true_api.outlets.statistics.counting import count
from true_api.outlets.statistics.grid import GRID
from true_api.outlets.statistics.periods import Month
from true_api.privacy.cases import Participant
from true_api.privacy.profile import Gender
from true_api.rooms.encounters.tables import Encounter
from true_api.security.gates import Gate
from true_api.security.roles import POLICY, Role

OCTOBER = Month(2026, 10)
OTHER_FORMS = ("people-by-gender.csv", "people-by-gender.ndjson")
PEOPLE = 260


async def seals(house: House, **more: Any) -> None:
    ok(await house.admin.post("/v1/releases", {"period": str(OCTOBER), **more}))


async def told(caller: Caller) -> dict[str, tuple[bytes, dict[str, str]]]:
    """All that October's releases say: every table in every format, as bytes, with the headers that are about them."""
    found = {}
    for table in (*GRID, *OTHER_FORMS):
        answer = await caller.get(f"/v1/releases/{OCTOBER}/{table}")
        assert answer.status_code == 200, answer.text
        kept = {name: answer.headers[name] for name in ("etag", "content-length", "content-type")}
        found[table] = answer.content, kept
    return found


async def read(house: House) -> Published:
    """October's people tables, as an attacker keeps them."""
    values: dict[Name, tuple[int | None, ...]] = {}
    for table in PEOPLE_TABLES:
        rows = ok(await house.integrator.get(f"/v1/releases/{OCTOBER}/{table.name}"))["rows"]
        for row in rows:
            words = tuple(row[axis.name] for axis in table.dimensions)
            values[table.name, "m00", words] = (row["value"],)
    return Published(values, {"m00": Span("m00", "month", (0,))})


async def true_counts(house: House) -> dict[Name, int]:
    """What nobody outside knows."""
    found = {}
    for name in (table.name for table in PEOPLE_TABLES):
        counts = await count(house.installation.database, GRID[name], OCTOBER)
        found |= {(name, "m00", cell): counted.value for cell, counted in counts.items()}
    return found


def kept_back_together(published: Published) -> dict[str, int]:
    """What the hidden cells of each table that adds up hold together, by subtraction."""
    ((total,),) = [seen for name, seen in published.values.items() if name[0] == "people"]
    assert total is not None
    found = {}
    for table in (table for table in PEOPLE_TABLES if len(table.dimensions) == 1 and not table.dimensions[0].several):
        shown = [value for name, (value,) in published.values.items() if name[0] == table.name]
        found[table.name] = total - sum(value or 0 for value in shown)
    return found


async def test_hidden_numbers_are_found_out_where_noise_is_off_and_none_is_where_it_is_on(house: House) -> None:
    await fill(house, people=PEOPLE, months=1)
    await _rare(house, {Gender.QUESTIONING: 4})
    tables = [GRID[table.name].with_own(ZONES) for table in PEOPLE_TABLES]
    truth = await true_counts(house)
    await seal_without_noise(house.installation, OCTOBER)
    found = await read(house)
    exact = {name: sum(truth[cell] for cell in found.hidden if cell[0] == name) for name in kept_back_together(found)}
    assert kept_back_together(found) == exact
    assert exact["people-by-gender"] == 4
    certain = pinned(found, tables, silent_law)
    assert {name: truth[name] for name in certain} == certain != {}
    await _alter(house, _unseal)
    await seals(house)
    found = await read(house)
    assert pinned(found, tables, keyed_law) == {}
    assert kept_back_together(found) != {
        name: sum(truth[cell] for cell in found.hidden if cell[0] == name) for name in exact
    }


async def _rare(house: House, rare: dict[Gender, int]) -> list[Any]:
    """Of those who were met, so many say these words of themselves, and everybody else one of the two most common."""
    met = table_of(Encounter)
    rows = (await house.rows(select(met.c.participant_id).distinct().where(met.c.participant_id.is_not(None))))[0]
    people = sorted(row.participant_id for row in rows)
    words = [word for word, many in rare.items() for _ in range(many)]
    usual = [Gender.WOMAN, Gender.MAN]
    said = {person: words[at] if at < len(words) else usual[at % 2] for at, person in enumerate(people)}
    await _alter(house, lambda connection: _say(connection, said))
    return people[: len(words)]


def _say(connection: Connection, said: dict[Any, Gender]) -> None:
    people = table_of(Participant)
    for person, word in said.items():
        connection.execute(update(people).where(people.c.id == person).values(gender=word))


def _unseal(connection: Connection) -> None:
    """As if it had never been sealed: only whoever holds the database can do this."""
    for kind in (LedgerEntry, ReleaseCell, Release):
        connection.execute(delete(table_of(kind)))


async def _alter(house: House, change: Callable[[Connection], None]) -> None:
    await asyncio.to_thread(ask, house.settings.effective_database_url, change)


async def test_whatever_the_true_number_of_a_hidden_cell_every_byte_is_the_same(house: House) -> None:
    """Nothing of it shows in a value, an ETag, a length, an order, a total or a percentage."""
    await fill(house, people=PEOPLE, months=1)
    rare = await _rare(house, {Gender.QUESTIONING: 3, Gender.TWO_SPIRIT: 7})
    await seals(house)
    three = await told(house.integrator)
    counts = await count(house.installation.database, GRID["people-by-gender"], OCTOBER)
    assert (counts[("questioning",)].value, counts[("two_spirit",)].value) == (3, 7)
    await _alter(house, _unseal)
    swapped = dict.fromkeys(rare[:3], Gender.TWO_SPIRIT) | dict.fromkeys(rare[3:], Gender.QUESTIONING)
    await _alter(house, lambda connection: _say(connection, swapped))
    await seals(house)
    counts = await count(house.installation.database, GRID["people-by-gender"], OCTOBER)
    assert (counts[("questioning",)].value, counts[("two_spirit",)].value) == (7, 3)
    assert await told(house.integrator) == three


async def test_late_records_change_nothing_that_was_sealed(house: House) -> None:
    await fill(house, people=PEOPLE, months=1)
    await seals(house)
    before = await told(house.integrator)
    for _ in range(12):
        await house.peer.records(await house.peer.enrolls(gender="questioning"), occurred_on="2026-10-30")
    assert await told(house.integrator) == before
    etag = before["people"][1]["etag"]
    again = await house.integrator.get(f"/v1/releases/{OCTOBER}/people", headers={"If-None-Match": etag})
    assert again.status_code == 304
    refused(await house.admin.post("/v1/releases", {"period": str(OCTOBER), "revise": True}), 409, "revised_too_soon")
    assert await told(house.agency) == before


def _numbers(body: Any) -> Iterator[int | float]:
    """Every number at any depth, and those that stand alone in a text."""
    if isinstance(body, dict):
        for value in body.values():
            yield from _numbers(value)
    elif isinstance(body, list):
        for value in body:
            yield from _numbers(value)
    elif isinstance(body, int | float) and not isinstance(body, bool):
        yield body
    elif isinstance(body, str) and body.isdigit():
        yield int(body)


OF_THE_GRID = ("/v1/releases", "/v1/submissions", "/dashboard")
"""Doors that tell sealed numbers, or totals that two people have let out."""
HOLDERS = {
    "period": str(OCTOBER),
    "table": "people",
    "kind": "service",
    "dataset": "encounters",
}
ASKED = ("", "?count=true", "?total=true", "?limit=1", "?group_by=gender", "?gender=questioning", "?setting=street")


def _reached(role: Role) -> list[str]:
    """Every GET that the policy opens to a role."""
    doors = [door for door in every_door() if door.name.startswith("GET ") and isinstance(door.gate, Gate)]
    return sorted(door.name[4:] for door in doors if door.gate.permission in POLICY[role])


def _address(path: str) -> str:
    for name, value in HOLDERS.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{", "").replace("}", "")


async def _crawled(house: House, caller: Caller, role: Role) -> dict[str, set[int | float]]:
    """Every number that any door told, by the door: asked plainly, and with every word that might make it count."""
    numbers: dict[str, set[int | float]] = {}
    for path in _reached(role):
        for words in ASKED:
            answer = await caller.get(_address(path) + words)
            assert answer.status_code < 500, path
            if answer.status_code >= 300 or "json" not in answer.headers["content-type"]:
                continue
            found = set(_numbers(answer.json()))
            found |= {int(value) for name, value in answer.headers.items() if "count" in name and value.isdigit()}
            numbers.setdefault(path, set()).update(found)
    return numbers


async def test_a_crawler_with_every_word_it_knows_gets_numbers_of_people_from_the_grid_alone(house: House) -> None:
    """What else it is told holds no number that grows with the people who were met: a second look finds the same."""
    before = {role: await _crawled(house, caller, role) for role, caller in _crawlers(house)}
    await fill(house, people=PEOPLE, months=1)
    after = {role: await _crawled(house, caller, role) for role, caller in _crawlers(house)}
    for role, numbers in after.items():
        grid = {path for path in numbers if path.startswith(OF_THE_GRID)}
        assert grid
        assert {path: found for path, found in numbers.items() if path not in grid} == {
            path: found for path, found in before[role].items() if path not in grid
        }
    await seals(house)
    published = await read(house)
    seen = set().union(*(found for _, found in (await _crawled(house, house.integrator, Role.INTEGRATOR)).items()))
    assert set(published.values["people", "m00", ()]) <= seen - {0, 1}
    hidden = {cell for (table, _, cell) in published.hidden if table == "people-by-gender"}
    for cell in hidden:
        for form in ("?gender=", "?cell="):
            path = f"/v1/releases/{OCTOBER}/people-by-gender{form}{cell[0]}"
            assert (await house.integrator.get(path)).status_code == 422


def _crawlers(house: House) -> Iterator[tuple[Role, Caller]]:
    yield Role.INTEGRATOR, house.integrator
    yield Role.AGENCY, house.agency
