"""Made-up people of a scratch installation: they enroll, are met, agree, are referred, and leave answers and a word."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from true_api.cli.scratch import Scratch, prepared, scratch
from true_api.cli.story.chances import profile
from true_api.kernel.clock import SystemClock
from true_api.kernel.rows import metadata
from true_api.kernel.settings import Settings
from true_api.outlets.measures.figures import Figure, Size
from true_api.outlets.measures.recall_people import Crowd, Person
from true_api.outlets.measures.stolen_dump import Dump, Known, of_one, of_two
from true_api.privacy.recall import RecallKeys, recall_keys

PEOPLE = {Size.SMALL: 40, Size.FULL: 400}
COARSE = ("age_band", "gender", "race_ethnicity", "languages", "communities", "zone")
"""What a dump shows of a profile as it was told; a program's own terms stand in it as the shared ones they count as."""
SAID = (
    "Slept by the river, and wants to talk again.",
    "Asked about a place where a dog may stay.",
    "Took two kits, and showed a friend how they work.",
    "Is tired of waiting, and would rather walk there together.",
)


async def settle_people(scratch: Scratch, people: Sequence[Person], seed: int) -> list[Known]:
    """Everybody's first day in the program, through its doors, in an order of their own."""
    crowd, chance = Crowd(seed), Random(seed)
    return [await _settle(scratch, crowd, person, chance) for person in people]


async def _settle(scratch: Scratch, crowd: Crowd, person: Person, chance: Random) -> Known:
    peer, agency = scratch.peer, {"organization_id": scratch.agency_id}
    told, word = crowd.told(person), f"word {person.word}"
    said = {field: value for field, value in profile(chance).items() if field in COARSE}
    code = (await peer.post("/v1/participants", said))["code"]
    place = f"/v1/participants/{code}"
    day = (SystemClock().now().date() - timedelta(days=2)).isoformat()
    met = {"setting": "street", "occurred_on": day, "part_of_day": "night", "note": chance.choice(SAID)}
    await peer.post(f"{place}/encounters", met)
    await peer.post(f"{place}/readiness-notes", {"occurred_on": day, "importance": chance.randint(0, 10)})
    await peer.call("PUT", f"{place}/recall", {"answers": told, "word": word})
    await peer.post(f"{place}/consents", {**agency, "preset": "referral_loop"})
    asked = {**agency, "need": "recovery-housing"}
    await peer.post(f"{place}/referrals", asked, idempotency_key=f"referral-{code}")
    return Known(code.replace("-", ""), tuple(told), word, said)


async def dump_of(scratch: Scratch) -> Dump:
    """Every row of every table of the main store."""
    tables = list(metadata.sorted_tables)
    found = await scratch.inside.installation.database.read(*(select(table) for table in tables))
    return {str(table.name): [dict(row._mapping) for row in rows] for table, rows in zip(tables, found, strict=True)}


async def _stolen(settings: Settings, people: Sequence[Person], seed: int) -> tuple[Dump, list[Known], RecallKeys]:
    async with scratch(settings) as opened:
        known = await settle_people(opened, people, seed)
        return await dump_of(opened), known, await recall_keys(opened.inside.installation.keyring)


def dumps(count: int, seed: int) -> list[tuple[Dump, list[Known], RecallKeys]]:
    """Two installations with the same people in them, stolen."""
    people = Crowd(seed).people(count)
    found: list[Any] = []
    for _ in range(2):
        with prepared() as settings:
            found.append(asyncio.run(_stolen(settings, people, seed)))
    return found


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """What a stolen dump tells, and what two installations with the same people have in common."""
    (dump, known, key), (other, _, _) = dumps(PEOPLE[size], seed)
    return [*of_one(dump, known, key), *of_two(dump, other)]
