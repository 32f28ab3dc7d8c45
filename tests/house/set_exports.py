"""Exports: one about people that waits for a second supervisor, and one of releases for each who may have it."""

from typing import Any
from uuid import UUID

from tests.outlets.exporting import made
from tests.world import Caller, House, ok
from true_api.security.roles import Role

ASKED = {"kind": "operational", "format": "csv", "tables": ["encounters"], "from": "2026-01", "to": "2026-11"}
RELEASED = {"kind": "releases", "format": "csv"}
READ = "people-by-setting.csv"


async def set_exports(house: House, scene: Any) -> None:
    """The one is asked for by another supervisor than who comes by; the others are done, but for those that are."""
    asker = house.people.get("exporter") or await _exporter(house)
    scene.names["export"] = (await _asked(asker, ASKED))["reference"]
    for caller in (house.supervisor, house.agency, house.integrator):
        name = f"export_of_{caller.role.value}"
        if name in scene.names and ok(await caller.get(f"/v1/exports/{scene.names[name]}"))["state"] == "done":
            continue
        scene.names[name] = (await _asked(caller, RELEASED))["reference"]
        await made(house, f"/v1/exports/{scene.names[name]}", caller)


async def _asked(caller: Caller, draft: dict[str, Any]) -> dict[str, Any]:
    return ok(await caller.post("/v1/exports", draft))


async def _exporter(house: House) -> Caller:
    place = {"organization_id": str(house.organizations["program"]), "team_id": str(house.teams["drop-in"])}
    account = ok(await house.admin.post("/v1/members", {**place, "role": "supervisor", "label": "exporter"}))
    program = house.organizations["program"]
    house.people["exporter"] = Caller("exporter", UUID(account["id"]), Role.SUPERVISOR, program, False, house)
    return house.people["exporter"]
