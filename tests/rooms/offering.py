"""What tests of offers share: offering a need, finding it as an agency, claiming it."""

from typing import Any

import httpx2

from tests.stories.steps import items
from tests.world import Caller, House, ok


async def offers(house: House, code: str, **over: Any) -> dict[str, Any]:
    """A peer offers a person's need for recovery housing to every agency."""
    draft = {"need": "recovery-housing", **over}
    return ok(await house.peer.post(f"/v1/participants/{code}/offers", draft))


async def offered_to(caller: Caller, **like: Any) -> dict[str, Any]:
    """The one offer that an agency sees, or the one of those that it sees that is like this."""
    seen = await items(caller, "/v1/offers")
    (found,) = [one for one in seen if like.items() <= one.items()]
    return found


def path_of(offer: dict[str, Any]) -> str:
    """Where an agency finds an offer."""
    return f"/v1/offers/{offer['reference']}"


async def claims(caller: Caller, offer: dict[str, Any]) -> httpx2.Response:
    """An agency claims an offer."""
    return await caller.post(f"{path_of(offer)}/claim")


async def accepts(house: House, code: str, offer: str, agency: str = "harbor", **over: Any) -> httpx2.Response:
    """The program says yes to an agency."""
    named = {"organization_id": str(house.organizations[agency]), **over}
    return await house.peer.post(f"/v1/participants/{code}/offers/{offer}/acceptance", named)


async def declines(house: House, code: str, offer: str, agency: str = "harbor") -> httpx2.Response:
    """The program says no to an agency."""
    named = {"organization_id": str(house.organizations[agency])}
    return await house.peer.post(f"/v1/participants/{code}/offers/{offer}/decline", named)
