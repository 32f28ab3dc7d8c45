"""The same edge behind the real server: bytes on a socket are refused as they are in process."""

import asyncio
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from tests.api.loopback import Loopback, head, serving
from tests.api.test_edge import JSON, SAID, UNREADABLE, body_with, faults, nothing_comes_back
from tests.world import House, house_settings, ok, open_house, refused
from true_api.kernel.rows import table_of
from true_api.rooms.encounters.tables import Encounter

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Bytes are read before there is any question of a database; what comes after is tried on both engines elsewhere."""


def of_peer(house: House, **more: str) -> dict[str, str]:
    """A peer's headers for a JSON body."""
    return {**JSON, "Authorization": f"Bearer {house.peer.token()}", **more}


def chunked(*parts: bytes) -> bytes:
    """A body in chunks, whose length nobody declares."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


async def test_unreadable_bodies_are_refused_by_name(loopback: Loopback, subtests: pytest.Subtests) -> None:
    headers = of_peer(loopback.house)
    for name, (body, code) in UNREADABLE.items():
        with subtests.test(name):
            declared = await loopback.ask("POST", "/v1/encounters", body or b" ", headers)
            refused(declared, 400, code)
            nothing_comes_back(declared)
    parts = {**headers, "Transfer-Encoding": "chunked"}
    refused(await loopback.say(head("POST", "/v1/encounters", parts), chunked(b"{", b"NaN}")), 400, "malformed_json")
    ok(await loopback.say(head("POST", "/v1/encounters", parts), chunked(body_with()[:9], body_with()[9:])))


async def test_a_request_without_a_token_learns_nothing_about_its_body(loopback: Loopback) -> None:
    for body in (b"{marigold", b"\xff" * 60_000):
        answer = await loopback.ask("POST", "/v1/encounters", body, JSON)
        refused(answer, 401, "unauthenticated")
        nothing_comes_back(answer)


async def test_sizes_are_judged_before_anything_is_read(loopback: Loopback) -> None:
    house, limit = loopback.house, loopback.house.settings.body_limit
    declared = head("POST", "/v1/encounters", of_peer(house, **{"Content-Length": str(limit + 1)}))
    refused(await loopback.say(declared), 413, "content_too_large")
    parts = head("POST", "/v1/encounters", of_peer(house, **{"Transfer-Encoding": "chunked"}))
    refused(await loopback.say(parts, chunked(*[b"x" * 8_192] * 9)), 413, "content_too_large")
    form = {"Content-Type": "application/x-www-form-urlencoded", "Transfer-Encoding": "chunked"}
    refused(await loopback.say(head("POST", "/oauth/token", form), chunked(b"a=1&" * 20_000)), 413, "content_too_large")


async def test_headers_are_judged_by_size_and_number(loopback: Loopback, subtests: pytest.Subtests) -> None:
    for name, headers in {
        "10,000 headers": {f"X-Marigold-{number}": "1" for number in range(10_000)},
        "70 headers": {f"X-Marigold-{number}": "1" for number in range(70)},
        "17 KB in one": {"X-Marigold": "m" * 17_000},
        "60 KB in one": {"X-Marigold": "m" * 60_000},
    }.items():
        with subtests.test(name):
            answer = await loopback.ask("GET", "/v1/me", headers=headers)
            refused(answer, 431, "headers_too_large")
            nothing_comes_back(answer, "mmmm")
    # Who goes on talking while the door is being shut may miss the answer, and is not listened to.
    with suppress(ConnectionResetError, BrokenPipeError):
        answer = await loopback.ask("GET", "/v1/me", headers={"X-Marigold": "m" * 1_000_000})
        refused(answer, 431, "headers_too_large")
    ok(await loopback.ask("GET", "/v1/me", headers=of_peer(loopback.house)))


async def test_paths_methods_and_queries_are_refused_alike(loopback: Loopback, subtests: pytest.Subtests) -> None:
    headers = of_peer(loopback.house)
    for method, path, status, code in (
        ("GET", "/v1/marigold", 404, "not_found"),
        ("GET", "/v1/me/", 404, "not_found"),
        ("GET", "/v1/me%0a", 404, "not_found"),
        ("GET", "/v1/releases/%00/marigold", 404, "not_found"),
        ("GET", "/v1/participants/%ED%A0%80", 422, "code_mistyped"),
        ("GET", "/v1/encounters?limit=%EF%BC%95", 422, "invalid_shape"),
        ("GET", "/v1/encounters?limit=5&limit=6", 422, "invalid_shape"),
        ("GET", "/v1/encounters?cursor=%00", 400, "invalid_cursor"),
        ("GET", "/v1/encounters?marigold=%FF", 422, "invalid_shape"),
        ("DELETE", "/v1/me", 405, "method_not_allowed"),
    ):
        with subtests.test(path, method=method):
            answer = await loopback.ask(method, path, headers=headers)
            refused(answer, status, code)
            nothing_comes_back(answer)


async def test_head_sends_a_length_and_no_body(loopback: Loopback) -> None:
    headers = of_peer(loopback.house)
    got, asked = [await loopback.ask(method, "/v1/me", headers=headers) for method in ("GET", "HEAD")]
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-length"] == got.headers["content-length"] == str(len(got.content))


async def test_an_unchanged_record_is_answered_without_a_body(loopback: Loopback) -> None:
    headers = of_peer(loopback.house)
    etag = (await loopback.ask("GET", "/v1/me", headers=headers)).headers["etag"]
    unchanged = await loopback.ask("GET", "/v1/me", headers={**headers, "If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)


async def test_what_is_no_http_is_refused_as_a_problem_too(loopback: Loopback, subtests: pytest.Subtests) -> None:
    for name, said in {
        "no request line": b"marigold\r\n\r\n",
        "two lengths": head("POST", "/v1/encounters", {"Content-Length": "1"})[:-2] + b"Content-Length: 2\r\n\r\n{}",
        "a length and chunks": head("POST", "/v1/me", {"Content-Length": "1", "Transfer-Encoding": "chunked"}) + b"0",
        "no number": head("POST", "/v1/encounters", {"Content-Length": "marigold"}),
        "a bad chunk": head("POST", "/v1/encounters", {"Transfer-Encoding": "chunked"}) + b"marigold\r\n",
        "bytes in a path": b"GET /v1/\xff\xfemarigold HTTP/1.1\r\nHost: house\r\nConnection: close\r\n\r\n",
        "a line feed in a header": b"GET /v1/me HTTP/1.1\r\nHost: house\r\nX-Mari\ngold: 1\r\n\r\n",
    }.items():
        with subtests.test(name):
            answer = await loopback.say(said)
            assert answer.status_code in (400, 401)
            refused(answer, answer.status_code, "malformed_http" if answer.status_code == 400 else "unauthenticated")
            nothing_comes_back(answer)


async def test_a_body_that_drips_is_given_up(database_url: str, tmp_path: Path) -> None:
    settings = house_settings(tmp_path, database_url, TRUE_BODY_SECONDS="1")
    async with open_house(settings) as house, serving(house) as loopback:
        headers = of_peer(house, **{"Content-Length": "100"})
        refused(await loopback.say(head("POST", "/v1/encounters", headers), b"{"), 408, "request_timeout")
        assert await house.rows(table_of(Encounter).select()) == [[]]


async def test_a_caller_who_hangs_up_leaves_nothing_behind(loopback: Loopback) -> None:
    headers = of_peer(loopback.house, **{"Content-Length": "100"})
    _, writer = await asyncio.open_connection("127.0.0.1", loopback.port)
    writer.write(head("POST", "/v1/encounters", headers) + b"{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    ok(await loopback.ask("GET", "/v1/encounters", headers=of_peer(loopback.house)))
    assert await loopback.house.rows(table_of(Encounter).select()) == [[]]


async def test_a_forwarded_address_is_not_believed_from_this_machine(database_url: str, tmp_path: Path) -> None:
    settings = house_settings(tmp_path, database_url, TRUE_RATE_PER_ADDRESS="2/hour")
    async with open_house(settings) as house, serving(house) as loopback:
        asked = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(3)]
        answers = [await loopback.ask("GET", "/health/live", headers=headers) for headers in asked]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_an_ordinary_client_meets_the_same_house(loopback: Loopback) -> None:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{loopback.port}") as http:
        answer = await http.post("/v1/encounters", content=body_with(f'"{SAID}"'), headers=of_peer(loopback.house))
        assert faults(refused(answer, 422, "invalid_shape")) == [("/acts/0/quantity", "int_type")]
        nothing_comes_back(answer)
