"""What the trail holds of a request, by the request id that stands in its answer."""

from collections import Counter
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import select

from tests.world import House
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant, RealmCode
from true_api.security.trail import TrailEntry, TrailSubject


async def entries(house: House) -> dict[str, Any]:
    """Every entry by its request id. A request that left two would fail here."""
    found = (await house.rows(table_of(TrailEntry).select()))[0]
    assert [count for count in Counter(entry.request_id for entry in found).values() if count > 1] == []
    return {entry.request_id: entry for entry in found}


async def entry_of(house: House, answer: httpx2.Response) -> Any:
    """The one entry that a request left."""
    trail = table_of(TrailEntry)
    (entry,) = (await house.rows(trail.select().where(trail.c.request_id == answer.headers["x-request-id"])))[0]
    return entry


async def subjects_of(house: House, answer: httpx2.Response) -> set[UUID]:
    """The people whom a request was about, by its entry: the trail has a name of its own for each."""
    subjects, persons, entry = table_of(TrailSubject), table_of(Participant), await entry_of(house, answer)
    theirs = persons.join(subjects, subjects.c.trail_id == persons.c.trail_id)
    found = (await house.rows(select(persons.c.id).select_from(theirs).where(subjects.c.entry_id == entry.id)))[0]
    return {row.id for row in found}


async def people(house: House, *codes: str) -> set[UUID]:
    """The participants behind codes."""
    rows = (await house.rows(table_of(RealmCode).select()))[0]
    return {row.participant_id for row in rows if row.code in [code.replace("-", "") for code in codes]}


def shown_fields(answer: httpx2.Response) -> list[str]:
    """The names of the fields that an answer filled; a picture or a page has none."""
    if "json" not in answer.headers["content-type"]:
        return []
    body = answer.json()
    views = body["items"] if isinstance(body.get("items"), list) else [body]
    return sorted({name for view in views for name, value in view.items() if value is not None})
