"""What the tests of recall share: somebody who left nine answers and a word, and how they come back."""

from collections.abc import Sequence
from typing import Any

import httpx2
from sqlalchemy import select

from tests.world import ANSWERS, Caller, House, ok, recall
from true_api.kernel.rows import Row, table_of

TRY = "/v1/participants/recall"


def other(*places: int, told: Sequence[str] = ANSWERS) -> list[str]:
    """The answers with others in these places."""
    return [f"another {place}" if place in places else answer for place, answer in enumerate(told)]


async def leaves(caller: Caller, code: str, **over: Any) -> dict[str, Any]:
    """The person leaves their answers and word."""
    return ok(await caller.call("PUT", f"/v1/participants/{code}/recall", recall(**over)))


async def tries(caller: Caller, **over: Any) -> dict[str, Any]:
    """Somebody comes without a card."""
    return ok(await caller.post(TRY, recall(**over)))


async def approves(caller: Caller, reference: str) -> httpx2.Response:
    """A supervisor is told a reference."""
    return await caller.post(f"/v1/recall-tries/{reference}/approval")


async def rows_of(house: House, kind: type[Row]) -> list[Any]:
    """Every row of a table."""
    return list((await house.rows(select(table_of(kind))))[0])
