"""Steps of tests about supplies: sites, movements, and what the ledger itself says."""

from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import func, select

from tests.world import Caller, House, ok
from true_api.kernel.rows import table_of
from true_api.rooms.supplies.tables import SupplyEntry, SupplyStock

SPRAY = "naloxone_nasal_4mg"


async def new_site(house: House, label: str = "") -> str:
    """A site of the night van; its id."""
    named = {"label": label or f"Shelf {uuid4().hex[:8]}"}
    return str(ok(await house.supervisor.post("/v1/sites", named))["id"])


def movement(kind: str, site: str, quantity: int, **over: Any) -> dict[str, Any]:
    """Something that happened to naloxone yesterday."""
    told = {"kind": kind, "site_id": site, "item": SPRAY, "quantity": quantity, "occurred_on": "2026-11-01"}
    return {**told, **({"discard_reason": "damaged"} if kind == "discard" else {}), **over}


async def tells(caller: Caller, kind: str, site: str, quantity: int, **over: Any) -> httpx2.Response:
    """Tells the ledger of it, and the answer."""
    return await caller.post("/v1/supplies/movements", movement(kind, site, quantity, **over))


async def moves(caller: Caller, kind: str, site: str, quantity: int, **over: Any) -> dict[str, Any]:
    """Tells the ledger of it, which keeps it."""
    return ok(await tells(caller, kind, site, quantity, **over))


async def lying(caller: Caller, site: str) -> dict[str | None, int]:
    """How many of each lot lie at a site."""
    return {one["lot"]: one["quantity"] for one in ok(await caller.get(f"/v1/supplies/stock?site_id={site}"))["items"]}


async def holds(house: House) -> int:
    """Of every lot at every site the ledger's sum is what lies there, and nothing is negative; how many corrections."""
    stock, entries = table_of(SupplyStock), table_of(SupplyEntry)
    sums = select(entries.c.stock_id, func.sum(entries.c.change).label("total")).group_by(entries.c.stock_id)
    there, summed, corrections = await house.rows(
        select(stock.c.id, stock.c.quantity), sums, select(entries.c.id).where(entries.c.correction)
    )
    total = {row.stock_id: int(row.total) for row in summed}
    assert {row.id: row.quantity for row in there} == {row.id: total.get(row.id, 0) for row in there}
    assert set(total) <= {row.id for row in there}
    assert all(row.quantity >= 0 for row in there)
    return len(corrections)
