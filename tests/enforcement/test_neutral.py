"""The neutral status says nothing: whatever became of a request, nobody guesses it from all that the agency is told."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.enforcement.events import GOING_ELSEWHERE
from tests.enforcement.guessing import tell_apart
from tests.world import Caller, House, intake, ok

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""
Told = tuple[str, dict[str, Hashable]]
Leak = Callable[[Any, dict[str, str], frozenset[str]], Any]

A_FEW, SEVERAL, MANY = 42, 63, 1_000
LESS_THAN_CHANCE = 0.0005
"""The share of runs in which references, which are random, would look as if they told something."""
OF_THE_REQUEST = frozenset({"date", "x-request-id", "ratelimit", "ratelimit-policy"})
OF_CHANCE = ("reference", "etag", "place by")
ENDS = ("connected", "connected and moved on", "declined", "elsewhere", "not reached", "tried", "nothing yet")
AGREED = ("with nobody", "with another agency", "with this one, of something else")
IN_THE_DARK = {
    "declined": {"to": "declined_by_person", "reason": "not_now"},
    "elsewhere": GOING_ELSEWHERE,
    "not reached": {"to": "unable_to_reach", "reason": "not_there"},
}


@dataclass(frozen=True)
class Case:
    """A request, and what became of it: what the agency must not learn."""

    reference: str
    path: str
    end: str
    agreed: str
    key: str

    @property
    def kind(self) -> str:
        """Whether the person was engaged or refused, which is what a landlord or a court would ask."""
        return "engaged" if self.end.startswith("connected") else "not"


async def cases_of(house: House, count: int, chance: Random) -> list[Case]:
    """So many requests that differ in nothing but what became of them, in an order of their own."""
    ways = [(ENDS[number % len(ENDS)], AGREED[number % len(AGREED)]) for number in range(count)]
    posted = [await _posted(house.agency) for _ in ways]
    queue = {item["reference"]: item["id"] for item in await _whole_queue(house.peer)}
    chance.shuffle(ways)
    found = [
        Case(reference, f"/v1/intake-requests/{queue[reference]}", *way, key)
        for (reference, key), way in zip(posted, ways, strict=True)
    ]
    for case in chance.sample(found, len(found)):
        await _becomes(house, case)
    return found


async def _posted(agency: Caller) -> tuple[str, str]:
    key = uuid4().hex
    answer = await agency.post("/v1/intake-requests", intake(), headers={"Idempotency-Key": key})
    return str(ok(answer)["reference"]), key


async def _whole_queue(peer: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    at: dict[str, Any] = {"limit": 200}
    while True:
        page = ok(await peer.get("/v1/intake-requests", params=at))
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        at["cursor"] = page["next_cursor"]


async def _becomes(house: House, case: Case) -> None:
    peer = house.peer
    if case.end in IN_THE_DARK:
        ok(await peer.post(f"{case.path}/transitions", IN_THE_DARK[case.end]))
    elif case.end == "tried":
        ok(await peer.post(f"{case.path}/attempts", {"attempted_on": "2026-11-02", "result": "not_there"}))
    elif case.end != "nothing yet":
        code = ok(await peer.post(f"{case.path}/connection", {}))["code"]
        person = f"/v1/participants/{code}"
        if case.agreed != "with nobody":
            other = case.agreed == "with another agency"
            given = {
                "preset": "referral_loop",
                "organization_id": str((house.other_agency if other else house.agency).organization_id),
                **({} if other else {"categories": ["referral"]}),
            }
            ok(await peer.post(f"{person}/consents", given))
        if case.end == "connected and moved on":
            asked = {"organization_id": str(house.other_agency.organization_id), "need": "legal-aid"}
            ok(await peer.post(f"{person}/referrals", asked))


def _flat(value: Any, name: str) -> dict[str, Hashable]:
    if isinstance(value, dict):
        return {key: held for part in value for key, held in _flat(value[part], f"{name}.{part}").items()}
    if isinstance(value, list):
        return {f"{name}.count": len(value)} | {
            key: held for place, part in enumerate(value) for key, held in _flat(part, f"{name}.{place}").items()
        }
    return {name: value}


def features(answer: httpx2.Response, name: str) -> dict[str, Hashable]:
    """All that an answer gives away: every field, header and size, and the letters that random names begin with."""
    found: dict[str, Hashable] = {f"{name} status": answer.status_code, f"{name} size": len(answer.content)}
    found |= {f"{name} {key}": held for key, held in _flat(answer.json(), "body").items()}
    for header, value in answer.headers.items():
        if header.lower() not in OF_THE_REQUEST:
            found[f"{name} {header}"] = value
    return found | _beginnings(found)


def _beginnings(found: dict[str, Hashable]) -> dict[str, Hashable]:
    """Of what is different in every answer, the first letter and the last."""
    random = {key: value for key, value in found.items() if isinstance(value, str) and len(value) >= 16}
    return {
        f"{key} {place}": value.strip('"')[at]
        for key, value in random.items()
        for place, at in (("first", 0), ("last", -1))
    }


async def told_of(agency: Caller, cases: list[Case], replayed: bool) -> list[Told]:
    """Each case with everything the agency can get: the record, the same again, its place in the list, and a replay."""
    listed = await _whole_queue(agency)
    places = {item["reference"]: place for place, item in enumerate(listed)}
    found = []
    for case in cases:
        path, place = f"/v1/intake-requests/{case.reference}", places[case.reference]
        answer = await agency.get(path)
        unchanged = await agency.get(path, headers={"If-None-Match": answer.headers["etag"]})
        told = features(answer, "read") | _flat(listed[place], "listed") | {"again": unchanged.status_code}
        told |= {"place by halves": place * 2 // len(listed), "place by tenths": place * 10 // len(listed)}
        if replayed:
            again = await agency.post("/v1/intake-requests", intake(), headers={"Idempotency-Key": case.key})
            told |= features(again, "replayed")
        found.append((case.kind, told))
    return found


def differing(told: list[Told]) -> set[str]:
    """What is not the same in all cases, random names and the order by them aside."""
    names = {name for _, one in told for name in one}
    different = {name for name in names if len({one.get(name) for _, one in told}) > 1}
    return {name for name in different if not any(part in name for part in OF_CHANCE)}


async def nobody_can_tell(house: House, count: int) -> None:
    """On the first day, and when the time of every request is over."""
    cases = await cases_of(house, count, Random(count))
    for days, replayed in ((0, True), (31, False)):
        house.clock.move(timedelta(days=days))
        told = await told_of(house.agency, cases, replayed)
        assert differing(told) == set()
        assert (found := tell_apart(told)).p > LESS_THAN_CHANCE, found


async def test_nobody_guesses_from_all_that_is_told_what_became_of_a_request(house: House) -> None:
    await nobody_can_tell(house, SEVERAL)


@pytest.mark.proof
async def test_nobody_guesses_it_of_a_thousand(house: House) -> None:
    await nobody_can_tell(house, MANY)


class Leaking:
    """The application with a leak: it knows whose person was engaged, and lets it be seen in one way."""

    def __init__(self, app: Any, engaged: frozenset[str], leak: Leak) -> None:
        self._app, self._engaged, self._leak = app, engaged, leak

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        start: dict[str, Any] = {}
        body = b""

        async def leaking(message: Any) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                headers = {name.decode(): value.decode() for name, value in start["headers"]}
                told = self._leak(json.loads(body), headers, self._engaged) if body else None
                spilled = json.dumps(told, separators=(",", ":")).encode() if told is not None else body
                spilled += b" " if headers.pop("spaced", "") else b""
                headers["content-length"] = str(len(spilled))
                raw = [(name.encode(), value.encode()) for name, value in headers.items()]
                await send({**start, "headers": raw})
                await send({"type": "http.response.body", "body": spilled})

        await self._app(scope, receive, leaking)


def _by_its_status(told: Any, _headers: dict[str, str], engaged: frozenset[str]) -> Any:
    return {**told, "status": "closed"} if told.get("reference") in engaged else told


def _by_a_header(told: Any, headers: dict[str, str], engaged: frozenset[str]) -> Any:
    headers["x-queue"] = str(told.get("reference") in engaged)
    return told


def _by_its_etag(told: Any, headers: dict[str, str], engaged: frozenset[str]) -> Any:
    if "etag" in headers and told.get("reference") in engaged:
        headers["etag"] = '"0' + headers["etag"][2:]
    return told


def _by_the_order(told: Any, _headers: dict[str, str], engaged: frozenset[str]) -> Any:
    if "items" in told:
        told["items"].sort(key=lambda item: item["reference"] not in engaged)
    return told


def _by_its_size(told: Any, headers: dict[str, str], engaged: frozenset[str]) -> Any:
    if told.get("reference") in engaged:
        headers["spaced"] = "yes"
    return told


LEAKS: tuple[Leak, ...] = (
    _by_its_status,
    _by_a_header,
    _by_its_etag,
    _by_the_order,
    _by_its_size,
)


@ON_SQLITE
async def test_whoever_guesses_is_able_to_where_something_leaks(house: House, subtests: pytest.Subtests) -> None:
    cases = await cases_of(house, A_FEW, Random(7))
    engaged = frozenset(case.reference for case in cases if case.kind == "engaged")
    for leak in LEAKS:
        app = Leaking(house.app, engaged, leak)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://house") as http:
            told = await told_of(replace(house.agency, house=replace(house, http=http)), cases, replayed=False)
        with subtests.test(leak.__name__):
            found = tell_apart(told)
            assert found.p <= LESS_THAN_CHANCE, found
            assert found.accuracy > found.by_chance


def test_what_is_random_is_not_believed() -> None:
    chance = Random(1)
    kinds = [number % 2 for number in range(200)]
    told = [(kind, {f"column {place}": chance.randrange(4) for place in range(30)}) for kind in kinds]
    assert tell_apart(told).p > LESS_THAN_CHANCE
    assert tell_apart([(kind, {**features, "told": kind}) for kind, features in told]).feature == "told"
