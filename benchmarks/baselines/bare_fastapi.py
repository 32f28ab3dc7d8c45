"""FastAPI, pydantic and asyncpg with nothing around them: no token, no gate, no idempotency, no audited reads."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Response
from pydantic import BaseModel
from pydantic_core import to_json

from true_api.kernel.ids import new_id
from true_api.rooms.encounters.vocabulary import Act, Outcome, PartOfDay, Setting

DATABASE_URL = "BARE_DATABASE_URL"
CONNECTIONS = 8

TABLES = """
CREATE TABLE IF NOT EXISTS encounters (
    id uuid PRIMARY KEY, participant text NOT NULL, setting text NOT NULL, outcome text NOT NULL,
    occurred_on date NOT NULL, part_of_day text NOT NULL, acts jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS journey ON encounters (participant, occurred_on, id);
CREATE TABLE IF NOT EXISTS trail (
    id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), actor text NOT NULL, door text NOT NULL,
    encounter_id uuid NOT NULL
);
"""
ENCOUNTER = "INSERT INTO encounters VALUES ($1, $2, $3, $4, $5, $6, $7)"
TRAIL = "INSERT INTO trail (id, actor, door, encounter_id) VALUES ($1, $2, $3, $4)"
NEWEST = """
SELECT id, setting, outcome, occurred_on, part_of_day, acts FROM encounters
WHERE participant = $1 ORDER BY occurred_on DESC, id DESC LIMIT 50
"""


class ActGiven(BaseModel):
    """One act."""

    act: Act
    quantity: int | None = None


class Draft(BaseModel):
    """A contact, as it is sent."""

    setting: Setting
    outcome: Outcome = Outcome.ENGAGED
    occurred_on: date
    part_of_day: PartOfDay
    acts: list[ActGiven] = []


class Kept(Draft):
    """A contact, as it is answered."""

    id: UUID


@asynccontextmanager
async def _connected(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ[DATABASE_URL], min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        await pool.execute(TABLES)
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_connected)


@app.post("/participants/{code}/encounters", status_code=201)
async def record(code: str, draft: Draft) -> Kept:
    """Two INSERTs in one transaction."""
    kept = Kept(id=new_id(), **draft.model_dump())
    acts = to_json(draft.acts).decode()
    async with app.state.pool.acquire() as connection, connection.transaction():
        row = (kept.id, code, kept.setting, kept.outcome, kept.occurred_on, kept.part_of_day, acts)
        await connection.execute(ENCOUNTER, *row)
        await connection.execute(TRAIL, new_id(), "peer-01", "POST encounters", kept.id)
    return kept


@app.get("/participants/{code}/encounters")
async def newest(code: str) -> Response:
    """A page of 50: rows to dicts to JSON, without a model and without a trail."""
    rows = [dict(row) for row in await app.state.pool.fetch(NEWEST, code)]
    return Response(to_json({"items": rows}), media_type="application/json")
