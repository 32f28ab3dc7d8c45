"""Pages: complete and without repeats while rows are added, by cursors that are good for one list and one caller."""

import base64
import random
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.test_absent import asked
from tests.world import Caller, House, encounter, intake, ok, refused

OF_PERSON = ("encounters", "readiness-notes", "referrals", "consents", "timeline")
DAYS = ("2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02")


async def walk(
    caller: Caller, path: str, limits: list[int], between: Callable[[], Awaitable[Any]] | None = None
) -> list[dict[str, Any]]:
    """Everything on a list, page by page; `limits` are the sizes of the pages in turn."""
    items: list[dict[str, Any]] = []
    cursor, turn = "", 0
    while True:
        page = ok(await caller.get(f"{path}{'&' if '?' in path else '?'}limit={limits[turn % len(limits)]}{cursor}"))
        assert len(page["items"]) <= limits[turn % len(limits)]
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert len(page["items"]) == limits[turn % len(limits)]
        cursor, turn = f"&cursor={page['next_cursor']}", turn + 1
        if between:
            await between()


def key_of(item: dict[str, Any]) -> str:
    """What tells one item of a list from another."""
    inner = item[item["kind"]] if "kind" in item and "on" in item else item
    return str(inner.get("id") or inner.get("code") or inner.get("reference"))


@pytest.mark.parametrize("seed", [1, 2])
async def test_encounters_and_timeline_are_complete_while_rows_are_added(peer: Caller, seed: int) -> None:
    chance, code = random.Random(seed), await peer.enrolls()

    async def meets(times: int = 1) -> list[str]:
        drafts = [encounter(occurred_on=chance.choice(DAYS)) for _ in range(times)]
        path = f"/v1/participants/{code}/encounters"
        return [ok(await peer.post(path, draft))["id"] for draft in drafts]

    for path in ("/v1/encounters", f"/v1/participants/{code}/encounters", f"/v1/participants/{code}/timeline"):
        before = set(await meets(4)) | {key_of(item) for item in await walk(peer, path, [200])}
        walked = await walk(peer, path, [chance.randint(1, 4) for _ in range(5)], meets)
        keys = [key_of(item) for item in walked]
        assert len(keys) == len(set(keys))
        assert before <= set(keys)
        days = [item.get("occurred_on") or item["on"] for item in walked]
        assert days == sorted(days, reverse=True)


async def test_every_list_pages_as_it_lists(house: House, subtests: pytest.Subtests) -> None:
    peer, agency = house.peer, house.agency
    agreed = [await asked(peer, agency) for _ in range(3)]
    for _ in range(3):
        ok(await agency.post("/v1/intake-requests", intake()))
        await peer.records(agreed[0].code)
        said = {"occurred_on": "2026-11-01"}
        ok(await peer.post(f"/v1/participants/{agreed[0].code}/readiness-notes", said))
        named = {"preset": "referral_loop", "organization_id": str(house.organizations["bridge"])}
        ok(await peer.post(f"/v1/participants/{agreed[0].code}/consents", named))
        draft = {"organization_id": str(house.organizations["bridge"]), "need": "legal-aid"}
        ok(await peer.post(f"/v1/participants/{agreed[0].code}/referrals", draft))
    of_person = [f"/v1/participants/{agreed[0].code}/{room}" for room in OF_PERSON]
    for caller, paths in {
        "peer": ["/v1/participants", "/v1/encounters", "/v1/referrals", "/v1/intake-requests", *of_person],
        "supervisor": ["/v1/participants", "/v1/encounters"],
        "agency": ["/v1/referrals", "/v1/intake-requests"],
        "admin": ["/v1/organizations", "/v1/members", "/v1/clients"],
    }.items():
        for path in paths:
            with subtests.test(path, caller=caller):
                whole = await walk(house.people[caller], path, [200])
                assert len(whole) >= 3
                assert await walk(house.people[caller], path, [1, 2, 1, 200]) == whole


def edits(cursor: str) -> list[str]:
    """A cursor with something changed, though some would decode to the very same bytes."""
    chance, letters = random.Random(20261102), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [letters.replace(letter, "") for letter in cursor]
    swapped = [cursor[:at] + chance.choice(others[at]) + cursor[at + 1 :] for at in range(0, len(cursor), 7)]
    last = cursor[:-1] + letters[letters.index(cursor[-1]) ^ 1]
    spelled = [cursor + tail for tail in ("=", "==", "!", " ", "\n", "A", "\u00e9")]
    return [*swapped, last, *spelled, " " + cursor, f"{cursor[:5]}*{cursor[5:]}", cursor[1:], cursor[:-1], cursor * 2]


async def test_an_edited_cursor_is_no_cursor(peer: Caller) -> None:
    code = await peer.enrolls()
    for _ in range(3):
        await peer.records(code)
    cursor = ok(await peer.get("/v1/encounters?limit=1"))["next_cursor"]
    ok(await peer.get(f"/v1/encounters?limit=1&cursor={cursor}"))
    for edited in ["", "marigold", "e30", "W10", *edits(cursor)]:
        answer = await peer.get(f"/v1/encounters?limit=1&cursor={quote(edited, safe='')}")
        refused(answer, 400, "invalid_cursor")
        assert "marigold" not in answer.text


async def test_a_cursor_is_good_for_one_caller_one_list_one_person_and_its_filters(house: House) -> None:
    peer, supervisor = house.peer, house.supervisor
    codes = [await peer.enrolls() for _ in range(2)]
    for code in codes * 2:
        await peer.records(code)
    for _ in range(3):
        ok(await house.agency.post("/v1/intake-requests", intake()))

    async def cursor_of(path: str) -> str:
        return str(ok(await peer.get(path))["next_cursor"])

    encounters = await cursor_of("/v1/encounters?limit=1")
    of_person = await cursor_of(f"/v1/participants/{codes[0]}/encounters?limit=1")
    queue = await cursor_of("/v1/intake-requests?limit=1&state=new")
    for caller, path, cursor in (
        (supervisor, "/v1/encounters", encounters),
        (house.colleague, "/v1/encounters", encounters),
        (house.agency, "/v1/intake-requests", queue),
        (peer, "/v1/participants", encounters),
        (peer, "/v1/referrals", encounters),
        (peer, f"/v1/participants/{codes[0]}/encounters", encounters),
        (peer, f"/v1/participants/{codes[1]}/encounters", of_person),
        (peer, f"/v1/participants/{codes[0]}/timeline", of_person),
        (peer, "/v1/intake-requests", queue),
        (peer, "/v1/intake-requests?state=connected", queue),
    ):
        answer = await caller.get(f"{path}{'&' if '?' in path else '?'}limit=1&cursor={cursor}")
        refused(answer, 400, "invalid_cursor")
    typed = codes[0].replace("-", "").lower()
    for path, cursor in (
        ("/v1/encounters?limit=200", encounters),
        (f"/v1/participants/{typed}/encounters?limit=5", of_person),
        ("/v1/intake-requests?state=new&limit=5", queue),
        ("/v1/intake-requests?limit=2&state=new", queue),
    ):
        ok(await peer.get(f"{path}&cursor={cursor}"))


async def test_a_cursor_is_sealed_and_the_same_for_the_same_place(peer: Caller) -> None:
    for _ in range(3):
        await peer.records(await peer.enrolls())
    pages = [ok(await peer.get("/v1/encounters?limit=1")) for _ in range(2)]
    assert pages[0] == pages[1]
    cursor = pages[0]["next_cursor"]
    inside = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    item = pages[0]["items"][0]
    assert not [value for value in (item["id"], item["occurred_on"]) if str(value).encode() in inside]
