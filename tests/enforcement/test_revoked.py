"""After a consent is taken back, nothing beyond what is told without one: by no way, in no process, ever again."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from tests.stories.steps import agrees, refers
from tests.world import ROOMY, Caller, House, house_settings, intake, ok, open_house
from true_api.kernel.clock import HeldClock
from true_api.kernel.rows import table_of
from true_api.rooms.referrals.tables import Referral, ReferralStep

SECONDS_TO_START = 60
EVERYTHING = ["referral", "intake_status", "onward_status"]
A_FEW, A_THOUSAND = 60, 1_000
ROUNDS, MANY_ROUNDS = 6, 150


@contextmanager
def second_process(folder: Path, url: str) -> Iterator[int]:
    """Another server on the same installation; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUE_")}
    environment |= {"TRUE_DATA_DIR": str(folder), "TRUE_DATABASE_URL": url, "TRUE_PORT": str(port), **ROOMY}
    command = [sys.executable, "-m", "true_api", "serve", "--notice", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + SECONDS_TO_START
            while not _is_ready(port):
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
            yield port
        finally:
            server.kill()


def _is_ready(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as asked:
        asked.sendall(b"GET /health/ready HTTP/1.1\r\nHost: house\r\nConnection: close\r\n\r\n")
        return asked.recv(64).startswith(b"HTTP/1.1 200 ")
    return False


@dataclass(frozen=True)
class Two:
    """The same installation behind two servers, each a process of its own, by the clock on the wall."""

    here: House
    there: House

    @property
    def both(self) -> tuple[House, House]:
        """One after the other."""
        return self.here, self.there


@pytest.fixture
async def two(database_url: str, tmp_path: Path) -> AsyncIterator[Two]:
    """A house with everybody in it, and a second process on the same database."""
    clock = HeldClock(datetime.now(UTC))
    with second_process(tmp_path, database_url) as port:
        # One port for both, because tokens are issued in the name of where a server is found.
        settings = house_settings(tmp_path, database_url, TRUE_PORT=str(port))
        async with (
            open_house(settings, clock) as here,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
        ):
            yield Two(here, replace(here, http=http))


def at(house: House, caller: Caller) -> Caller:
    """The same caller at another server's door."""
    return replace(caller, house=house)


@dataclass(frozen=True)
class Kept:
    """All that an agency kept of the time in which it was agreed: whom, where, and every way back in."""

    code: str
    consent: str
    paths: tuple[str, ...]
    requests: tuple[str, ...]
    etags: dict[str, str]
    cursors: dict[str, str]
    sent: tuple[tuple[str, dict[str, Any], str], ...]
    token: str
    told: tuple[str, ...]


async def known_by_consent(house: House) -> Kept:
    """Somebody whom an agency knows by one consent, in every way in which it can."""
    peer, agency = house.peer, house.agency
    code = await peer.enrolls()
    given = await agrees(peer, code, agency.organization_id, categories=EVERYTHING)
    referrals = [await refers(peer, code, agency.organization_id, need=need) for need in ("legal-aid", "wound-care")]
    requests = [await _met(house, code) for _ in range(2)]
    move = f"/v1/referrals/{referrals[0]['reference']}/transitions"
    sent = [
        (move, {"to": "accepted"}, uuid4().hex),
        *((path, body, key) for path, body, key in (one[1] for one in requests)),
    ]
    ok(await agency.post(move, sent[0][1], headers={"Idempotency-Key": sent[0][2]}))
    paths = tuple(f"/v1/referrals/{one['reference']}" for one in referrals)
    posted = tuple(f"/v1/intake-requests/{one[0]}" for one in requests)
    lists = ("/v1/referrals?limit=1", "/v1/intake-requests?limit=1")
    answers = {path: await agency.get(path) for path in (*paths, *posted, *lists)}
    return Kept(
        code,
        given["id"],
        paths,
        posted,
        {path: answer.headers["etag"] for path, answer in answers.items()},
        {path: f"{path}&cursor={answers[path].json()['next_cursor']}" for path in lists},
        tuple(sent),
        agency.token(),
        (referrals[0]["agency_code"], *(one["reference"] for one in referrals)),
    )


async def _met(house: House, code: str) -> tuple[str, tuple[str, dict[str, Any], str]]:
    """A request that led to somebody, and on from there; its reference, and how it was sent."""
    sent = ("/v1/intake-requests", intake(), uuid4().hex)
    posted = await house.agency.post(sent[0], sent[1], headers={"Idempotency-Key": sent[2]})
    reference = ok(posted)["reference"]
    queue = ok(await house.peer.get("/v1/intake-requests?limit=200"))["items"]
    request = next(item["id"] for item in queue if item["reference"] == reference)
    ok(await house.peer.post(f"/v1/intake-requests/{request}/connection", {"code": code}))
    draft = {"organization_id": str(house.organizations["bridge"]), "need": "mutual-aid"}
    ok(await house.peer.post(f"/v1/intake-requests/{request}/onward", draft))
    return str(reference), sent


def nothing_beyond(answer: httpx2.Response, kept: Kept) -> None:
    """Whatever is answered holds nothing that rests on the consent: no code, no reference, no progress."""
    assert answer.status_code in (200, 201, 404), (answer.status_code, answer.text)
    for told in kept.told:
        assert told not in answer.text
    if answer.status_code != 404:
        for item in answer.json().get("items", [answer.json()]):
            assert "progress" not in item or (item["progress"], item["onward"]) == (None, None)


async def reads(house: House, kept: Kept, chance: Random) -> None:
    """One way in of those that were kept, with a token of before."""
    headers = {"Authorization": f"Bearer {kept.token}"}
    way = chance.choice(("path", "etag", "cursor", "list", "again", "move"))
    if way in ("path", "etag"):
        path = chance.choice((*kept.paths, *kept.requests))
        if way == "etag":
            headers["If-None-Match"] = kept.etags[path]
        answer = await house.http.get(path, headers=headers)
        assert (answer.status_code == 404) is (path in kept.paths), path
    elif way in ("cursor", "list"):
        path = chance.choice(list(kept.cursors))
        where = kept.cursors[path] if way == "cursor" else path.replace("limit=1", "limit=200")
        if way == "list":
            headers["If-None-Match"] = kept.etags[path]
        answer = await house.http.get(where, headers=headers)
    elif way == "again":
        path, body, key = chance.choice(kept.sent)
        answer = await house.http.post(path, json=body, headers={**headers, "Idempotency-Key": key})
        assert (answer.status_code == 404) is ("referrals" in path)
    else:
        path = f"{chance.choice(kept.paths)}/transitions"
        answer = await house.http.post(path, json={"to": "in_progress"}, headers=headers)
        assert answer.status_code == 404
    nothing_beyond(answer, kept)


async def sees_everything(house: House, kept: Kept) -> None:
    """Before: each of those ways leads in, or the rest would prove nothing."""
    headers = {"Authorization": f"Bearer {kept.token}"}
    for path in kept.paths:
        assert (await house.http.get(path, headers=headers)).status_code == 200
        same = await house.http.get(path, headers={**headers, "If-None-Match": kept.etags[path]})
        assert same.status_code == 304
    for path in kept.requests:
        told = ok(await house.http.get(path, headers=headers))
        assert told["progress"]["state"] == "connected"
        assert told["onward"]["referrals"] == [{"need": "mutual-aid", "state": "requested"}]
    path, body, key = kept.sent[0]
    again = await house.http.post(path, json=body, headers={**headers, "Idempotency-Key": key})
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")


async def _after_a_revocation(two: Two, count: int) -> None:
    chance, people = Random(1), max(2, count // 100)
    for number in range(people):
        revoking, other = two.both if number % 2 else two.both[::-1]
        kept = await known_by_consent(two.here)
        for house in two.both:
            await sees_everything(house, kept)
        revoke = f"/v1/participants/{kept.code}/consents/{kept.consent}/revoke"
        ok(await at(revoking, two.here.peer).post(revoke))
        for turn in range(count // people):
            await reads(other if turn % 2 == 0 else revoking, kept, chance)


@pytest.mark.proof
async def test_after_a_revocation_a_thousand_reads_find_nothing(two: Two) -> None:
    await _after_a_revocation(two, A_THOUSAND)


async def _race(two: Two, rounds: int) -> list[int]:
    """Moves by the agency on both servers while the person takes their consent back; how many moves came first."""
    peer, agency = two.here.peer, two.here.agency
    first = []
    for number in range(rounds):
        code = await peer.enrolls()
        given = await agrees(peer, code, agency.organization_id)
        asked = [await refers(peer, code, agency.organization_id, need=need) for need in ("legal-aid", "wound-care")]
        moving = [
            asyncio.create_task(_moves(at(two.both[place], agency), one["reference"], number % 5 * 0.002))
            for place, one in enumerate(asked)
        ]
        revoke = f"/v1/participants/{code}/consents/{given['id']}/revoke"
        revoked = await at(two.both[number % 2], peer).post(revoke)
        while revoked.status_code == 409:
            revoked = await at(two.both[number % 2], peer).post(revoke)
        ok(revoked)
        ids = [one["id"] for one in asked]
        at_once = await _stands(two.here, ids)
        moved = await asyncio.gather(*moving)
        assert await _stands(two.here, ids) == at_once, "a write became visible after the consent was taken back"
        for answer in moved:
            assert answer.status_code in (200, 404), answer.text
        assert len(at_once[1]) == sum(answer.status_code == 200 for answer in moved), "what was acknowledged is kept"
        first.append(len(at_once[1]))
    return first


async def _moves(agency: Caller, reference: str, after: float) -> httpx2.Response:
    await asyncio.sleep(after)
    return await agency.post(f"/v1/referrals/{reference}/transitions", {"to": "accepted"})


async def _stands(house: House, ids: list[str]) -> tuple[list[str], list[Any]]:
    referrals, steps = await house.rows(select(table_of(Referral)), select(table_of(ReferralStep)))
    here = {str(row.id): row.state.value for row in referrals if str(row.id) in ids}
    return [here[one] for one in ids], [row.id for row in steps if str(row.referral_id) in ids]


async def test_after_a_revocation_no_way_in_leads_anywhere_and_no_write_that_raced_it_is_seen(two: Two) -> None:
    # One test for both, because starting a second server takes longer than either.
    await _after_a_revocation(two, A_FEW)
    assert len(await _race(two, ROUNDS)) == ROUNDS


@pytest.mark.proof
async def test_no_write_becomes_visible_that_raced_one_of_many_revocations(two: Two) -> None:
    first = await _race(two, MANY_ROUNDS)
    assert 0 < sum(first) < 2 * MANY_ROUNDS, "some moves came first, and some came too late"
