"""Totals for a funder: one that waits for a second supervisor, and one that was approved."""

from itertools import count
from typing import Any
from uuid import UUID

from tests.world import Caller, House, ok
from true_api.security.roles import Role

months = (f"{2000 + number // 12}-{number % 12 + 1:02}" for number in count(1))
"""Months of which nobody has submitted anything yet."""

YES = {"verdict": "approve", "reason": "nobody_recognizable"}


async def set_submissions(house: House, scene: Any, preparer: Caller | None = None) -> None:
    """Both are prepared by somebody else than the supervisor who comes by."""
    preparer = preparer or await _another(house)
    waiting, approved = [ok(await preparer.post("/v1/submissions", {"period": next(months)})) for _ in range(2)]
    ok(await house.supervisor.post(f"/v1/submissions/{approved['id']}/review", YES))
    scene.names |= {"submission": waiting["id"], "submitted": approved["period"]}


async def _another(house: House) -> Caller:
    """A second supervisor, who has an account for this alone."""
    place = {"organization_id": str(house.organizations["program"]), "team_id": str(house.teams["drop-in"])}
    made = await house.admin.post("/v1/members", {**place, "role": "supervisor", "label": f"totals {next(months)}"})
    program = house.organizations["program"]
    return Caller("totals", UUID(ok(made)["id"]), Role.SUPERVISOR, program, False, house)
