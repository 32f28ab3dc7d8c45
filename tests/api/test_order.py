"""The order of refusals: with two faults in one request, always the same one is named."""

import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.test_edge import JSON
from tests.world import Caller, House, house_settings, ok, open_house, refused
from true_api.kernel.codes import new_code, shown
from true_api.kernel.settings import Settings

TIRED, ENOUGH = "192.0.2.99", 150
"""An address that has asked as often as one may, and how often that is."""


@dataclass
class Attempt:
    """A request that would pass, for faults to be put in."""

    house: House
    method: str
    path: str
    code: str
    caller: Caller
    body: bytes
    scope: str | None = None
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def made(self) -> httpx2.Response:
        """The answer."""
        token = {"Authorization": f"Bearer {self.caller.token(scope=self.scope)}"}
        headers = {name: value for name, value in {**JSON, **token, **self.headers}.items() if value}
        # Everybody comes from an address of their own, but for who comes from the one that has asked too often.
        transport = httpx2.ASGITransport(app=self.house.app, client=(self.address or uuid4().hex, 1))
        url = httpx2.URL("http://house" + self.path.format(code=self.code))
        request = httpx2.Request(self.method, url, headers=headers, content=self.body)
        answer = await transport.handle_async_request(request)
        await answer.aread()
        return answer


Fault = tuple[int, str, Callable[[Attempt, dict[str, str]], Any]]
"""The refusal that a fault alone meets, and how it gets into an attempt, given the codes of the scene."""

AT_THE_DOOR: tuple[Fault, ...] = (
    (413, "content_too_large", lambda attempt, _: attempt.headers.update({"Content-Length": "70000"})),
    (429, "too_many_requests", lambda attempt, _: setattr(attempt, "address", TIRED)),
    (401, "unauthenticated", lambda attempt, _: attempt.headers.update({"Authorization": ""})),
    (429, "too_many_requests", lambda attempt, _: setattr(attempt, "caller", attempt.house.colleague)),
    (403, "not_permitted", lambda attempt, _: setattr(attempt, "scope", "me:read")),
)
ON_THE_WAY_IN: tuple[Fault, ...] = (
    (422, "code_mistyped", lambda attempt, codes: setattr(attempt, "code", codes["mistyped"])),
    (404, "not_found", lambda attempt, codes: setattr(attempt, "code", codes["not yours"])),
)
IN_THE_BODY: tuple[Fault, ...] = (
    (415, "unsupported_media_type", lambda attempt, _: attempt.headers.update({"Content-Type": "text/plain"})),
    (400, "number_not_representable", lambda attempt, _: _put(attempt, b'"broken": NaN')),
    (422, "invalid_shape", lambda attempt, _: _put(attempt, b'"unknown": 1')),
)


def _put(attempt: Attempt, member: bytes) -> None:
    attempt.body = attempt.body[:-1] + (b", " if len(attempt.body) > 2 else b"") + member + b"}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A house where one can ask too often."""
    often = f"{ENOUGH}/hour"
    return house_settings(tmp_path, database_url, TRUE_RATE_PER_ADDRESS=often, TRUE_RATE_PER_CALLER=often)


@pytest.fixture
async def strict(settings: Settings) -> AsyncIterator[House]:
    """That house, with an address and a caller who have used up what they may ask."""
    async with open_house(settings) as house:
        transport = httpx2.ASGITransport(app=house.app, client=(TIRED, 1))
        for _ in range(ENOUGH):
            await transport.handle_async_request(httpx2.Request("GET", "http://house/health/live"))
            await house.app.state.caller_limiter.within(str(house.colleague.id), [])
        yield house


async def scene(house: House) -> dict[str, str]:
    """Codes: of somebody whom the peer works with, of somebody else's, and one that is mistyped."""
    theirs, closed = await house.stranger.enrolls(), await house.stranger.enrolls()
    ok(await house.peer.post("/v1/caseload", {"code": closed}))
    code = await house.peer.enrolls()
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    return {"own": code, "closed": closed, "not yours": theirs, "mistyped": mistyped}


async def _first_of_two(
    attempt: Callable[[], Attempt], ladder: Sequence[Fault], codes: dict[str, str], subtests: pytest.Subtests
) -> None:
    for status, code, put in ladder:
        with subtests.test(f"{status} {code} alone"):
            alone = attempt()
            put(alone, codes)
            refused(await alone.made(), status, code)
    for (status, code, put), (later_status, later_code, put_later) in itertools.combinations(ladder, 2):
        with subtests.test(f"{status} {code} before {later_status} {later_code}"):
            both = attempt()
            # The earlier fault is put in last: where both want the same place, the earlier has it.
            put_later(both, codes)
            put(both, codes)
            refused(await both.made(), status, code)


async def test_a_post_is_refused_in_the_one_order(strict: House, subtests: pytest.Subtests) -> None:
    codes, harbor = await scene(strict), strict.organizations["harbor"]
    ladder: tuple[Fault, ...] = (
        *AT_THE_DOOR,
        *ON_THE_WAY_IN,
        (400, "idempotency_key_required", lambda attempt, _: attempt.headers.update({"Idempotency-Key": ""})),
        *IN_THE_BODY,
        (409, "no_such_partner", lambda attempt, _: _ask_nobody(attempt)),
    )

    def attempt() -> Attempt:
        body = f'{{"organization_id": "{harbor}", "need": "recovery-housing"}}'.encode()
        key = {"Idempotency-Key": uuid4().hex}
        path = "/v1/participants/{code}/referrals"
        return Attempt(strict, "POST", path, codes["own"], strict.peer, body, headers=key)

    await _first_of_two(attempt, ladder, codes, subtests)
    ok(await attempt().made())


def _ask_nobody(attempt: Attempt) -> None:
    for organization in attempt.house.organizations.values():
        attempt.body = attempt.body.replace(str(organization).encode(), str(uuid4()).encode())


async def test_a_change_is_refused_in_the_one_order(strict: House, subtests: pytest.Subtests) -> None:
    codes = await scene(strict)
    etag = (await strict.peer.get(f"/v1/participants/{codes['own']}")).headers["etag"]
    stale = etag.replace('"1.', '"7.')
    ladder: tuple[Fault, ...] = (
        *AT_THE_DOOR,
        *ON_THE_WAY_IN,
        (428, "if_match_required", lambda attempt, _: attempt.headers.update({"If-Match": ""})),
        (400, "invalid_precondition", lambda attempt, _: attempt.headers.update({"If-Match": "*"})),
        *IN_THE_BODY,
        (412, "precondition_failed", lambda attempt, _: attempt.headers.update({"If-Match": stale})),
        (409, "history_closed", lambda attempt, codes: setattr(attempt, "code", codes["closed"])),
    )

    def attempt() -> Attempt:
        path = "/v1/participants/{code}"
        return Attempt(strict, "PATCH", path, codes["own"], strict.peer, b"{}", headers={"If-Match": etag})

    await _first_of_two(attempt, ladder, codes, subtests)
    ok(await attempt().made())


async def test_a_gate_that_reads_the_body_judges_it_before_the_code_in_it(
    strict: House, subtests: pytest.Subtests
) -> None:
    codes = await scene(strict)
    codes["nobody"] = shown(new_code())
    kind, broken, unknown = IN_THE_BODY
    ladder: tuple[Fault, ...] = (
        *AT_THE_DOOR,
        kind,
        broken,
        (422, "invalid_shape", lambda attempt, codes: _show(attempt, codes, "")),
        (422, "code_mistyped", lambda attempt, codes: _show(attempt, codes, "mistyped")),
        (404, "not_found", lambda attempt, codes: _show(attempt, codes, "nobody")),
        (400, "invalid_idempotency_key", lambda attempt, _: attempt.headers.update({"Idempotency-Key": "short"})),
        unknown,
    )

    def attempt() -> Attempt:
        body = f'{{"code": "{codes["not yours"]}"}}'.encode()
        return Attempt(strict, "POST", "/v1/caseload", codes["own"], strict.peer, body)

    await _first_of_two(attempt, ladder, codes, subtests)
    ok(await attempt().made())


def _show(attempt: Attempt, codes: dict[str, str], which: str) -> None:
    text = attempt.body.decode()
    for code in codes.values():
        text = text.replace(code, codes[which] if which else "")
    attempt.body = (text if which else text.replace('"code": ""', '"code": 5')).encode()
