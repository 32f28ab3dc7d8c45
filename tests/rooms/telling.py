"""Somebody who agreed that the harbor may know of them, and every way in which the harbor comes to be told."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

import httpx2
import pypdfium2

from tests.outlets.following import placed
from tests.stories.steps import agrees, demand, emergency, every_item, items, refers
from tests.world import Caller, House, intake, ok, refused
from true_api.api.all_doors import every_door
from true_api.security.gates import Gate
from true_api.security.roles import POLICY, Role

PDF = {"Accept": "application/pdf"}
LOOP = ["referral", "intake_status", "onward_status"]
MOST_AT_ONCE = 4
"""How often somebody is told by the way that tells most often."""
ON_HOLD = {"to": "on_hold", "reason": "waitlist", "decided_by": "provider"}


@dataclass
class Told:
    """A person with a referral to the harbor and a request that it posted, and who was told what by which basis."""

    house: House
    code: str = ""
    referral: str = ""
    request: str = ""
    posted: dict[str, Any] = field(default_factory=dict)
    moved: dict[str, Any] = field(default_factory=dict)
    state: str = "requested"
    counted: Counter[str] = field(default_factory=Counter)
    numbers: Any = field(default_factory=count)

    @property
    def agency(self) -> Caller:
        """The harbor's system."""
        return self.house.agency

    @property
    def at_referral(self) -> str:
        """Where the harbor finds the referral."""
        return f"/v1/referrals/{self.referral}"

    @property
    def at_request(self) -> str:
        """Where the harbor finds its request."""
        return f"/v1/intake-requests/{self.request}"

    async def shown(self, answer: httpx2.Response, status: int = 200, basis: str = "consent") -> dict[str, Any]:
        """One disclosure was made."""
        assert answer.status_code == status, answer.text
        self.counted[basis] += 1
        return answer.json() if status != 304 else {}


async def agreed(house: House) -> Told:
    """The harbor posted a request; a peer met the person, who agreed to everything; the harbor was asked."""
    told, harbor = Told(house), house.organizations["harbor"]
    told.posted = {"json": intake(), "headers": {"Idempotency-Key": uuid4().hex}}
    told.request = ok(await house.agency.post("/v1/intake-requests", **told.posted))["reference"]
    (waiting,) = [item for item in await items(house.peer, "/v1/intake-requests") if item["reference"] == told.request]
    told.code = ok(await house.peer.post(f"/v1/intake-requests/{waiting['id']}/connection", {}))["code"]
    await agrees(house.peer, told.code, harbor, categories=LOOP)
    told.referral = (await refers(house.peer, told.code, harbor))["reference"]
    return told


async def accounted(caller: Caller, code: str, limit: int = 200) -> list[dict[str, Any]]:
    """The whole accounting, page by page."""
    return await every_item(caller, f"/v1/participants/{code}/accounting", limit)


def printed(document: bytes) -> str:
    """All words of a document, a space between them."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document))
    return " ".join(" ".join(pages).split())


async def prints(caller: Caller, path: str) -> str:
    """What a door gives to print."""
    answer = await caller.get(path, headers=PDF)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    return printed(answer.content)


async def _reads(told: Told, path: str) -> None:
    await told.shown(await told.agency.get(path))


async def _reads_again(told: Told, path: str) -> None:
    """What it keeps is still so: that is told too."""
    kept = await told.agency.get(path)
    await told.shown(kept)
    answer = await told.agency.get(path, headers={"If-None-Match": kept.headers["etag"]})
    await told.shown(answer, 304)


async def _looks(told: Told, path: str) -> None:
    """By HEAD, which tells that it is there, and its ETag."""
    answer = await told.agency.call("HEAD", path)
    assert answer.status_code == 200
    told.counted["consent"] += 1


async def _moves_on(told: Told) -> None:
    """A move, the same move again, and one that cannot be made from here, which is answered by those that can."""
    there, told.state = told.state, "on_hold" if told.state == "in_progress" else "in_progress"
    if there == "requested":
        await told.shown(await told.agency.post(f"{told.at_referral}/transitions", {"to": "accepted"}))
    move = ON_HOLD if told.state == "on_hold" else {"to": "in_progress"}
    told.moved = {"json": move, "headers": {"Idempotency-Key": uuid4().hex}}
    for _ in range(2):
        await told.shown(await told.agency.post(f"{told.at_referral}/transitions", **told.moved))
    answer = await told.agency.post(f"{told.at_referral}/transitions", {"to": "requested"})
    assert refused(answer, 409, "move_not_allowed")["allowed"]
    told.counted["consent"] += 1


async def _arranges(told: Told) -> None:
    await told.shown(await told.agency.call("PUT", f"{told.at_referral}/arrangement", {"arrangement": None}))


async def _hands_off(told: Told) -> None:
    await told.shown(await told.agency.post(f"{told.at_referral}/hand-offs", {"how": "in_person"}))


async def _posts_again(told: Told) -> None:
    await told.shown(await told.agency.post("/v1/intake-requests", **told.posted), 201)


async def _withdraws(told: Told) -> None:
    await told.shown(await told.agency.post(f"{told.at_request}/withdrawal"))


Way = Callable[[Told], Awaitable[None]]


async def _reads_fhir(told: Told, path: str) -> None:
    answer = await told.agency.get(path, headers={"Accept": "application/fhir+json"})
    assert (await told.shown(answer))["resourceType"] == "Bundle"


async def _follows(told: Told) -> None:
    """The feed, once what was committed has its place: before, it tells nothing yet."""
    await placed(told.house)
    await _reads(told, "/v1/changes")
    await _looks(told, "/v1/changes")


def _ways_to_read(path: Callable[[Told], str]) -> list[Way]:
    return [
        lambda told: _reads(told, path(told)),
        lambda told: _reads_again(told, path(told)),
        lambda told: _looks(told, path(told)),
    ]


BY_DOOR: dict[str, list[Way]] = {
    "GET /v1/referrals": [
        *_ways_to_read(lambda told: "/v1/referrals"),
        lambda told: _reads_fhir(told, "/v1/referrals"),
    ],
    "GET /v1/referrals/{id}": [
        *_ways_to_read(lambda told: told.at_referral),
        lambda told: _reads_fhir(told, told.at_referral),
    ],
    "POST /v1/referrals/{id}/transitions": [_moves_on],
    "PUT /v1/referrals/{id}/arrangement": [_arranges],
    "POST /v1/referrals/{id}/hand-offs": [_hands_off],
    "POST /v1/intake-requests": [_posts_again],
    "GET /v1/intake-requests": _ways_to_read(lambda told: "/v1/intake-requests"),
    "GET /v1/intake-requests/{id}": _ways_to_read(lambda told: told.at_request),
    "POST /v1/intake-requests/{id}/withdrawal": [_withdraws],
    "GET /v1/changes": [_follows],
}
"""Every way to be told, by the door of an agency."""


async def emergency_is_told(told: Told) -> None:
    """Medical personnel are told, and the peer's telephone sends it twice."""
    once = {"json": emergency(told.code), "headers": {"Idempotency-Key": uuid4().hex}}
    await told.shown(await told.house.peer.post("/v1/emergency-disclosures", **once), 201, "medical_emergency")
    ok(await told.house.peer.post("/v1/emergency-disclosures", **once))


async def court_is_told(told: Told) -> None:
    """A court order comes, a lawyer looks at it, and the records are shown under it."""
    house = told.house
    came = ok(await house.supervisor.post("/v1/legal-demands", demand(kind="court_order", asked_by="court")))
    path = f"/v1/legal-demands/{came['id']}/transitions"
    ok(await house.supervisor.post(path, {"to": "with_counsel", "counsel": "outside_counsel"}))
    order = {"to": "disclosed_under_order", "order_section": "noncriminal_2_64", "records": ["encounters"]}
    once = {"json": {**order, "code": told.code}, "headers": {"Idempotency-Key": uuid4().hex}}
    await told.shown(await house.supervisor.post(path, **once), 200, "court_order")
    ok(await house.supervisor.post(path, **once))


async def nobody_is_told(told: Told) -> None:
    """What shows nothing of the person: to another agency, to the program itself, and what is refused."""
    house = told.house
    for path in ("/v1/referrals", "/v1/intake-requests", "/v1/me"):
        ok(await house.other_agency.get(path))
    refused(await house.other_agency.get(told.at_referral), 404, "not_found")
    refused(await told.agency.get(f"/v1/referrals/{uuid4()}"), 404, "not_found")
    refused(await told.agency.post(f"{told.at_referral}/transitions", {"to": "nowhere"}), 422, "invalid_shape")
    worded = {"to": "on_hold", "note": "ask for 555-010-4477"}
    refused(await told.agency.post(f"{told.at_referral}/transitions", ON_HOLD | worded), 422, "narrative_refused")
    ok(await house.peer.get(f"/v1/participants/{told.code}/referrals"))
    assert (await house.supervisor.get(f"/v1/participants/{told.code}/accounting", headers=PDF)).status_code == 200


def doors_that_disclose() -> set[str]:
    """Every door that an agency may open and that says of its gate that it discloses something."""
    return {
        door.name
        for door in every_door()
        if isinstance(door.gate, Gate) and door.gate.discloses and door.gate.permission in POLICY[Role.AGENCY]
    }


async def tell_in_every_way(told: Told, times: int, seed: int) -> None:
    """So many disclosures in a random order, every way among them, with requests between that are none."""
    by_agency = [way for ways in BY_DOOR.values() for way in ways]
    waiting: list[Way] = [*by_agency, emergency_is_told, court_is_told, nobody_is_told]
    order = Random(seed)
    order.shuffle(waiting)
    while waiting or told.counted.total() < times - MOST_AT_ONCE:
        way = waiting.pop() if waiting else order.choice([*by_agency, emergency_is_told, nobody_is_told])
        await way(told)
    while told.counted.total() < times:
        await _reads(told, told.at_referral)
