"""Whose address counts: the one that connects, unless it is a proxy that the operator has named."""

from pathlib import Path

import httpx2

from tests.world import house_settings, open_house
from true_api.kernel.settings import Settings


async def _asked_by(settings: Settings, address: str, forwarded: list[str]) -> list[int]:
    """The status of one request per X-Forwarded-For, all from one address, where each address has one request."""
    async with open_house(settings) as house:
        transport = httpx2.ASGITransport(app=house.app, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://house") as http:
            answers = [await http.get("/health/live", headers={"X-Forwarded-For": hops}) for hops in forwarded]
    return [answer.status_code for answer in answers]


async def test_a_forwarded_address_is_believed_only_from_a_named_proxy(database_url: str, tmp_path: Path) -> None:
    def settings(**over: str) -> Settings:
        return house_settings(tmp_path, database_url, TRUE_RATE_PER_ADDRESS="1/hour", **over)

    forwarded = ["198.51.100.1", "198.51.100.2", "198.51.100.3, 198.51.100.4"]
    assert await _asked_by(settings(), "10.0.0.1", forwarded) == [200, 429, 429]
    assert await _asked_by(settings(), "127.0.0.1", forwarded) == [200, 429, 429]
    named = settings(TRUE_TRUSTED_PROXIES="10.0.0.0/24, 127.0.0.1")
    assert await _asked_by(named, "10.0.1.1", forwarded) == [200, 429, 429]
    assert await _asked_by(named, "10.0.0.1", forwarded) == [200, 200, 200]
    # Only the last stranger counts: whatever stands before it was written by that stranger.
    invented = [
        "203.0.113.1, 198.51.100.9",
        "203.0.113.2, 198.51.100.9, 10.0.0.7",
        "203.0.113.3,198.51.100.9,127.0.0.1",
    ]
    assert await _asked_by(named, "10.0.0.1", invented) == [200, 429, 429]
