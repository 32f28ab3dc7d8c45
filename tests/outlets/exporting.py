"""Steps of exports: asked for, approved, made, and fetched."""

import asyncio
import csv
import io
import json
from typing import Any
from uuid import UUID

import httpx2

from tests.world import Caller, House, ok
from true_api.outlets.exports.jobs import do_exports

MONTHS = {"from": "2026-01", "to": "2026-12"}


async def deputy_of(house: House) -> Caller:
    """A second supervisor of the night van."""
    if "deputy" not in house.people:
        account = {
            "organization_id": str(house.organizations["program"]),
            "team_id": str(house.teams["night van"]),
            "role": "supervisor",
            "label": "deputy",
        }
        made = ok(await house.admin.post("/v1/members", account))
        lead = house.supervisor
        house.people["deputy"] = Caller("deputy", UUID(made["id"]), lead.role, lead.organization_id, False, house)
    return house.people["deputy"]


async def asks(house: House, kind: str = "operational", form: str = "ndjson", **more: Any) -> str:
    """An export that the supervisor asked for; its path."""
    months = {} if kind == "releases" else MONTHS
    answer = await house.supervisor.post("/v1/exports", {"kind": kind, "format": form, **months, **more})
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


async def approves(house: House, path: str, decision: str = "approve") -> dict[str, Any]:
    """Another supervisor decides."""
    return ok(await (await deputy_of(house)).post(f"{path}/approval", {"decision": decision}))


async def made(house: House, path: str, caller: Caller | None = None) -> dict[str, Any]:
    """The export once it is over, whoever makes it: this test, or the house itself beside it."""
    for _ in range(60):
        await do_exports(house.installation)
        export = ok(await (caller or house.supervisor).get(path))
        if export["state"] not in ("queued", "running"):
            return export
        await asyncio.sleep(0.05)
    raise AssertionError(export["state"])


async def exported(house: House, kind: str = "operational", form: str = "ndjson", **more: Any) -> str:
    """An export that is done; its path."""
    path = await asks(house, kind, form, **more)
    await approves(house, path)
    assert (await made(house, path))["state"] == "done"
    return path


async def fetched(house: House, path: str, name: str) -> httpx2.Response:
    """A file of it."""
    return await house.supervisor.get(f"{path}/files/{name}")


async def lines(house: House, path: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table that was exported as lines of JSON."""
    answer = await fetched(house, path, f"{table}.ndjson")
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def sheet(answer: httpx2.Response) -> list[dict[str, str]]:
    """The rows of a sheet."""
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))
