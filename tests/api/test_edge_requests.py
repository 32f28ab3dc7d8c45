"""What a request may be besides its body: parameters, codes, paths, methods, sizes, credentials."""

import itertools
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.test_edge import JSON, SAID, body_with, faults, nothing_comes_back
from tests.world import Caller, House, house_settings, ok, open_house, refused
from true_api.kernel.codes import SYMBOLS
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload
from true_api.rooms.encounters.tables import Encounter

BAD_QUERIES = {
    "limit=0": ("?limit", "greater_than_equal"),
    "limit=201": ("?limit", "less_than_equal"),
    "limit=9223372036854775808": ("?limit", "invalid_value"),
    "limit=1_000": ("?limit", "invalid_value"),
    "limit=%EF%BC%95%EF%BC%90": ("?limit", "invalid_value"),
    "limit=+50": ("?limit", "invalid_value"),
    "limit=-1": ("?limit", "invalid_value"),
    "limit=5.0": ("?limit", "invalid_value"),
    "limit=0x10": ("?limit", "invalid_value"),
    "limit=true": ("?limit", "invalid_value"),
    "limit=marigold": ("?limit", "invalid_value"),
    "limit=%00": ("?limit", "invalid_value"),
    "limit=5%0A": ("?limit", "invalid_value"),
    "limit=": ("?limit", "invalid_value"),
    "limit": ("?limit", "invalid_value"),
    "limit=5&limit=5": ("?", "repeated_parameter"),
    "limit=5&%6Cimit=6": ("?", "repeated_parameter"),
    "marigold=1": ("?", "unknown_parameter"),
    "Limit=5": ("?", "unknown_parameter"),
    "limit=5&%00=marigold": ("?", "unknown_parameter"),
    "limit=5&page=2": ("?", "unknown_parameter"),
    f"cursor={'marigold' * 65}": ("?cursor", "string_too_long"),
}


async def test_a_query_parameter_is_known_given_once_and_written_plainly(
    peer: Caller, subtests: pytest.Subtests
) -> None:
    for query, fault in BAD_QUERIES.items():
        with subtests.test(query):
            answer = await peer.get(f"/v1/encounters?{query}")
            assert faults(refused(answer, 422, "invalid_shape")) == [fault]
            nothing_comes_back(answer)
    for query in ("limit=1", "limit=200", "limit=050"):
        ok(await peer.get(f"/v1/encounters?{query}"))


async def test_doors_without_parameters_take_none(peer: Caller, house: House) -> None:
    for path in ("/v1/me", "/health/live", "/openapi.json", "/", "/.well-known/jwks.json"):
        answer = await peer.get(f"{path}?marigold=1")
        assert faults(refused(answer, 422, "invalid_shape")) == [("?", "unknown_parameter")]
        nothing_comes_back(answer)
    posted = await peer.call("POST", "/v1/encounters?marigold=1", content=body_with(), headers=JSON)
    assert faults(refused(posted, 422, "invalid_shape")) == [("?", "unknown_parameter")]
    assert await house.rows(table_of(Encounter).select()) == [[]]


def with_wrong_symbols(code: str, count: int, chance: random.Random) -> str:
    """A code with so many symbols replaced by others."""
    symbols = list(code)
    for place in chance.sample([place for place, symbol in enumerate(symbols) if symbol != "-"], count):
        symbols[place] = chance.choice([symbol for symbol in SYMBOLS if symbol != symbols[place]])
    return "".join(symbols)


async def test_a_code_with_one_or_two_wrong_symbols_is_refused_in_a_path_and_in_a_body(
    peer: Caller, house: House
) -> None:
    code, chance = await peer.enrolls(), random.Random(20261102)
    for wrong in (with_wrong_symbols(code, count, chance) for count, _ in itertools.product((1, 2), range(6))):
        for answer in (
            await peer.get(f"/v1/participants/{wrong}"),
            await peer.post(f"/v1/participants/{wrong}/encounters", content=body_with(), headers=JSON),
            await peer.post("/v1/caseload", {"code": wrong}),
        ):
            assert faults(refused(answer, 422, "code_mistyped")) == [("/code", "code_check")]
            nothing_comes_back(answer, wrong, code)
    assert len((await house.rows(table_of(Caseload).select()))[0]) == 1


async def test_a_code_is_read_as_people_write_it_and_in_no_other_way(peer: Caller, subtests: pytest.Subtests) -> None:
    code = await peer.enrolls()
    for spelling in (code.lower(), code.replace("-", ""), code.replace("-", "%20"), code.replace("1", "l")):
        assert ok(await peer.get(f"/v1/participants/{spelling}"))["code"] == code
    others = {
        "full-width": "".join(chr(ord(symbol) + 0xFEE0) if symbol.isdigit() else symbol for symbol in "1" + code[1:]),
        "a dotless i": "\u0131" + code[1:],
        "too short": code[:-1],
        "too long": code + "0",
        "very long": code * 200,
        "empty": "",
        "a NUL": code + "\\u0000",
    }
    for name, other in others.items():
        with subtests.test(name):
            shown = await peer.post("/v1/caseload", content=f'{{"code": "{other}"}}'.encode(), headers=JSON)
            status, problem = (400, "text_not_representable") if name == "a NUL" else (422, "code_mistyped")
            refused(shown, status, problem)
            nothing_comes_back(shown, code)
    for number in ("5", "true", '["K7QP"]', "{}"):
        shown = await peer.post("/v1/caseload", content=f'{{"code": {number}}}'.encode(), headers=JSON)
        assert faults(refused(shown, 422, "invalid_shape")) == [("/code", "text_expected")]


NOWHERE = (
    "/marigold",
    "/v1",
    "/v1/",
    "/v1/marigold",
    "/v2/me",
    "/v1/me/",
    "/v1/me//",
    "//v1/me",
    "/v1/me%0A",
    "/v1/me%2F",
    "/v1/participants/",
    "/v1/participants/%00",
    "/v1/encounters/%00marigold",
    "/v1/encounters/marigold",
    "/v1/encounters/00000000-0000-0000-0000-000000000000",
    "/v1/encounters/%EF%BC%910000000-0000-0000-0000-000000000000",
    "/v1/releases/%00/marigold",
    "/v1/releases/2026-01/%00",
    "/problems/marigold",
    "/docs/assets/..%2F..%2Fmarigold",
)


async def test_what_leads_nowhere_is_one_and_the_same_404(supervisor: Caller, subtests: pytest.Subtests) -> None:
    for path in NOWHERE:
        with subtests.test(path):
            answer = await supervisor.get(path)
            problem = refused(answer, 404, "not_found")
            assert set(problem) == {"type", "title", "status", "code", "request_id"}
            assert "location" not in answer.headers
            nothing_comes_back(answer)


async def test_a_method_that_no_door_answers_to_is_told_all_that_do(peer: Caller, house: House) -> None:
    code = await peer.enrolls()
    allowed = {
        f"/v1/participants/{code}": "GET, HEAD, PATCH",
        f"/v1/participants/{code}/encounters": "GET, HEAD, POST",
        "/v1/participants": "GET, HEAD, POST",
        "/v1/caseload": "POST",
        "/v1/me": "GET, HEAD",
        "/oauth/token": "POST",
        "/health/live": "GET, HEAD",
        f"/v1/organizations/{house.organizations['harbor']}": "GET, HEAD, PATCH",
    }
    for path, methods in allowed.items():
        for method in ("DELETE", "PUT", "OPTIONS", "TRACE", "MARIGOLD"):
            answer = await peer.call(method, path)
            refused(answer, 405, "method_not_allowed")
            assert answer.headers["allow"] == methods
            nothing_comes_back(answer)


async def test_head_answers_as_get_does_and_keeps_the_body_back(peer: Caller) -> None:
    code = await peer.enrolls()
    nobody = "/v1/participants/0000-0000-0000"
    for path in (f"/v1/participants/{code}", "/v1/encounters", "/health/live", "/openapi.json", "/docs", nobody):
        got, asked = await peer.get(path), await peer.call("HEAD", path)
        assert (asked.status_code, asked.content) == (got.status_code, b"")
        for name in ("content-type", "content-length", "etag", "cache-control"):
            assert asked.headers.get(name) == got.headers.get(name)


async def test_what_comes_with_a_get_is_not_read(peer: Caller) -> None:
    ok(await peer.call("GET", "/v1/me", content=b"{marigold", headers=JSON))


async def in_parts(whole: bytes, size: int = 4_096) -> AsyncIterator[bytes]:
    """A body whose length is not declared."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


async def test_a_body_over_the_limit_is_refused_declared_or_not(house: House, subtests: pytest.Subtests) -> None:
    longest = house.settings.body_limit
    largest = body_with(more=f', "{SAID}": "{"x" * longest}"')[: longest + 1]
    fitting = body_with().ljust(longest)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with subtests.test("a whole one fits"):
        ok(await house.peer.post("/v1/encounters", content=fitting, headers=JSON))
        ok(await house.peer.post("/v1/encounters", content=in_parts(fitting), headers=JSON))
    for name, caller, path, headers in (
        ("a door that reads", house.peer, "/v1/encounters", JSON),
        ("a gate that reads", house.peer, "/v1/caseload", JSON),
        ("a gate that reads now and then", house.peer, f"/v1/intake-requests/{house.peer.id}/connection", JSON),
        ("a form", house.agency, "/oauth/token", form),
    ):
        with subtests.test(name):
            for content in (largest, in_parts(largest)):
                answer = await caller.post(path, content=content, headers=headers)
                refused(answer, 413, "content_too_large")
                nothing_comes_back(answer)
    for declared in ("9" * 19, "9" * 40, "-1", "marigold", "1e9", "65_536"):
        with subtests.test(declared):
            answer = await house.peer.post("/v1/encounters", headers={**JSON, "Content-Length": declared})
            refused(answer, 413, "content_too_large")
            nothing_comes_back(answer)


async def test_a_body_of_100_000_brackets_is_refused_where_it_is_not_too_large(
    database_url: str, tmp_path: Path
) -> None:
    async with open_house(house_settings(tmp_path, database_url, TRUE_BODY_LIMIT="1048576")) as house:
        for body in (b"[" * 100_000, b'{"":' * 100_000, body_with(more=f', "{SAID}": {"[" * 100_000}')):
            answer = await house.peer.post("/v1/encounters", content=body, headers=JSON)
            refused(answer, 400, "nested_too_deep")
            nothing_comes_back(answer)


async def test_headers_have_a_size_and_a_number(peer: Caller) -> None:
    many = [("X-Marigold", str(number)) for number in range(10_000)]
    for headers in (many, [("X-Marigold", "m" * 17_000)], [("m" * 17_000, "1")], many[:70]):
        token = ("Authorization", f"Bearer {peer.token()}")
        answer = await peer.house.http.get("/v1/me", headers=[token, *headers])
        refused(answer, 431, "headers_too_large")
        nothing_comes_back(answer, "mmmm")


async def test_without_a_token_nothing_is_said_about_the_rest(house: House) -> None:
    for content, headers in (
        (b"{marigold", JSON),
        (b"", {}),
        (b"\xff" * 60_000, {"Content-Type": "text/marigold"}),
        (body_with(), {**JSON, "Idempotency-Key": "x"}),
    ):
        for path in ("/v1/encounters", "/v1/caseload", "/v1/participants/nothing/referrals", "/v1/encounters?marigold"):
            answer = await house.http.post(path, content=content, headers=headers)
            assert set(refused(answer, 401, "unauthenticated")) == {"type", "title", "status", "code", "request_id"}
            assert answer.headers["www-authenticate"] == 'Bearer realm="TRUE API"'
            nothing_comes_back(answer)


async def test_one_authorization_is_given_once(peer: Caller) -> None:
    bearer = ("Authorization", f"Bearer {peer.token()}")
    for headers in ([bearer, bearer], [("Authorization", f"Basic {peer.token()}")], [("Authorization", "Bearer ")]):
        refused(await peer.house.http.get("/v1/me", headers=headers), 401, "unauthenticated")
