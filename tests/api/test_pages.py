"""The open pages: documentation without any outside request, under a policy that would block one."""

import re

import httpx2
import pytest

from tests.world import House, refused


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
async def test_a_documentation_page_names_nothing_outside_and_everything_it_names_is_there(
    house: House, page: str
) -> None:
    answer = await house.http.get(page)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "<script>" not in answer.text, "an inline script would be blocked"
    named = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert len(named) >= 3
    for place in named:
        assert place.startswith("/docs/assets/")
        found: httpx2.Response = await house.http.get(place)
        assert found.status_code == 200
        assert "cdn.redoc.ly/redoc/logo-mini.svg" not in found.text


async def test_only_the_assets_of_the_documentation_are_served(house: House) -> None:
    for name in ("../core.py", "%2e%2e%2fcore.py", "nothing.js"):
        refused(await house.http.get(f"/docs/assets/{name}"), 404, "not_found")


async def test_health_says_live_and_ready_and_stops_being_ready_before_the_server_stops(house: House) -> None:
    assert (await house.http.get("/health/live")).json() == {"status": "ok"}
    assert (await house.http.get("/health/ready")).json() == {"status": "ok"}
    house.app.state.ready = False
    refused(await house.http.get("/health/ready"), 503, "unavailable")
    assert (await house.http.get("/health/live")).status_code == 200


async def test_the_root_says_what_this_is(house: House) -> None:
    assert (await house.http.get("/")).json()["documentation"] == "/docs"


async def test_every_answer_carries_the_security_headers(house: House) -> None:
    for path in ("/", "/docs", "/nothing", "/v1/me"):
        headers = (await house.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "content-security-policy" in headers
        assert "x-request-id" in headers
    assert (await house.http.get("/v1/me")).headers["cache-control"] == "no-store"
