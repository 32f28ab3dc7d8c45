"""How each door that an agency can reach is looked through, and what it may answer."""

from collections.abc import Iterable, Sized
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2

from tests.enforcement.histories import Sent
from tests.enforcement.lives import Told
from tests.enforcement.watching import DOORS, Eye, Watch, same
from tests.world import ok, refused
from true_api.privacy.notices import CURRENT_NOTICE, SHORT_FORM

FEW, PAGES = 2, 5
"""Items on a page: few, so that lists have middles; of a long list more, so that it is read in about five pages."""
KEPT = timedelta(hours=24)
"""How long an answer is given again to the same key."""
STRAYS, LEADING = 6, 12
"""How many references are tried at once that may lead nowhere, and at most how many that lead somewhere."""
REFERRALS, REQUESTS = "/v1/referrals", "/v1/intake-requests"


def scope_of(disclosure: dict[str, Any]) -> str:
    """The scope that came with something told; the notice is looked at too (42 CFR 2.32)."""
    same((disclosure["notice_version"], disclosure["notice"]), (CURRENT_NOTICE, SHORT_FORM), "the notice")
    scope = disclosure["scope"]
    return f"{sorted(scope['categories'])} {scope['purpose']} {scope['valid_to']}"


def is_one_of(disclosure: dict[str, Any], scopes: set[str], where: str) -> None:
    """Raises `Misled` for a scope that is not one of the person's own words."""
    same(scope_of(disclosure) in scopes, True, f"{where}: the scope {scope_of(disclosure)} of {sorted(scopes)}")


def is_referral(item: dict[str, Any], expected: dict[str, Any], where: str) -> None:
    """Raises `Misled` for a referral that is told otherwise than it may be."""
    same({name: item[name] for name in ("need", "state")}, {name: expected[name] for name in ("need", "state")}, where)
    is_one_of(item["disclosure"], expected["scopes"], where)


def is_request(item: dict[str, Any], expected: dict[str, Any], where: str) -> None:
    """Raises `Misled` for a request that says more, or less, than the person agreed to."""
    same(item["status"], expected["status"], where)
    for part in ("progress", "onward"):
        same(item[part] is not None, part in expected, f"{where}: {part}")
        if part in expected:
            is_one_of(item[part]["disclosure"], expected[part]["scopes"], f"{where}: {part}")
    if "progress" in expected:
        told = item["progress"]["state"], item["progress"]["changed_in"]
        same(told, (expected["progress"]["state"], expected["progress"]["in"]), where)
    if "onward" in expected:
        became = [(one["need"], one["state"]) for one in item["onward"]["referrals"]]
        same(became, expected["onward"]["referrals"], where)


def paged(path: str, expected: Sized) -> str:
    """The list, in pages so small that it has a middle."""
    return f"{path}?limit={max(FEW, min(200, len(expected) // PAGES))}"


async def pages(eye: Eye, path: str, expected: Sized) -> tuple[list[dict[str, Any]], httpx2.Response]:
    """A list from its beginning to its end, and its first answer. The cursor of its middle is kept for later."""
    first = answer = await eye.asks("GET", paged(path, expected))
    found = list(ok(first)["items"])
    while cursor := answer.json()["next_cursor"]:
        eye.cursors[path] = cursor, found[-1]
        answer = await eye.asks("GET", f"{paged(path, expected)}&cursor={cursor}")
        found += ok(answer)["items"]
    return found, first


async def is_the_same_again(eye: Eye, path: str, answer: httpx2.Response) -> None:
    """An ETag of before is good for a 304 exactly as long as the answer is the same."""
    if (kept := eye.etags.get(path)) is not None:
        again = await eye.asks("GET", path, **{"If-None-Match": kept})
        same(again.status_code == 304, kept == answer.headers["etag"], f"{path} with an ETag of before")
    eye.etags[path] = answer.headers["etag"]


def refused_or(answer: httpx2.Response, told: bool, opens: tuple[int, str], where: str) -> None:
    """Raises `Misled` if a door does not answer what it answers to who may see, and 404 to who may not."""
    status, code = opens if told else (404, "not_found")
    found = answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""
    same(found, (status, code), where)


def strays(watch: Watch, eye: Eye, told: Told) -> Iterable[str]:
    """References that are tried: some that lead somewhere, those of whom the last event was about, and some others."""
    leading = [reference for reference, found in watch.names.items() if found in told.referrals]
    here = watch.history.chance.sample(leading, min(LEADING, len(leading)))
    about = {asked.id for asked in (watch.history.touched.asked if watch.history.touched else ())}
    near = [reference for reference, found in watch.names.items() if found in about]
    others = watch.history.chance.sample(list(watch.known), min(STRAYS, len(watch.known)))
    return list(dict.fromkeys([*here, *near, *others]))


def shows(watch: Watch, reference: str, told: Told) -> dict[str, Any] | None:
    """What a reference may lead to."""
    return told.referrals.get(watch.names.get(reference, ""))


def in_fhir(watch: Watch, answer: httpx2.Response) -> set[str]:
    """The references of referrals that stand anywhere in an answer."""
    assert answer.status_code == 200, answer.text
    return {reference for reference in watch.known if reference in answer.text}


async def list_of_referrals(watch: Watch, eye: Eye, told: Told | None) -> None:
    """Pages to the end, the middle of an older list, an ETag of before."""
    if told is None:
        refused(await eye.asks("GET", REFERRALS), 403, "not_permitted")
        return
    older = eye.cursors.pop(REFERRALS, None)
    found, first = await pages(eye, REFERRALS, told.referrals)
    by_id = {watch.names.get(item["reference"], item["reference"]): item for item in found}
    same((set(by_id), len(found)), (set(told.referrals), len(told.referrals)), f"{eye.agency} lists referrals")
    for identity, item in by_id.items():
        is_referral(item, told.referrals[identity], f"{eye.agency} lists {identity}")
    if older is not None:
        cursor, last = older
        rest = ok(await eye.asks("GET", f"{REFERRALS}?limit=200&cursor={cursor}"))["items"]
        after = [
            one for one in found if (one["requested_in"], one["reference"]) < (last["requested_in"], last["reference"])
        ]
        same(rest, after, f"{eye.agency} reads on")
    for code in list(dict.fromkeys([*(item["code"] for item in found), *eye.codes]))[:2]:
        eye.codes[code] = None
        by_code = ok(await eye.asks("GET", f"{REFERRALS}?limit=200&code={code}"))["items"]
        same(by_code, [item for item in found if item["code"] == code], f"{eye.agency} lists by a code")
    if found:
        fhir = await eye.asks("GET", f"{REFERRALS}?limit=200", Accept="application/fhir+json")
        same(all(watch.owners[reference] == eye.agency for reference in in_fhir(watch, fhir)), True, "in FHIR")
        same(in_fhir(watch, fhir), {item["reference"] for item in found}, f"{eye.agency} lists in FHIR")
    await is_the_same_again(eye, paged(REFERRALS, told.referrals), first)
    watch.told["listed"] += len(found)


async def one_referral(watch: Watch, eye: Eye, told: Told | None) -> None:
    """Every reference that was ever given, to whomever, with the ETag of before."""
    for reference in strays(watch, eye, told) if told else list(watch.known)[:1]:
        path = f"{REFERRALS}/{reference}"
        answer = await eye.asks("GET", path)
        if told is None:
            refused(answer, 403, "not_permitted")
            continue
        expected = shows(watch, reference, told)
        refused_or(answer, expected is not None, (200, ""), f"{eye.agency} reads {reference}")
        if expected is not None:
            is_referral(answer.json(), expected, f"{eye.agency} reads {reference}")
            await is_the_same_again(eye, path, answer)
        elif path in eye.etags:
            again = await eye.asks("GET", path, **{"If-None-Match": eye.etags[path]})
            refused_or(again, False, (304, ""), f"{eye.agency} asks whether {reference} is the same")
        watch.told["read" if expected else "absent"] += 1


async def move_of_a_referral(watch: Watch, eye: Eye, told: Told | None) -> None:
    """A move that no agency may make is refused by its name, or by absence; a move of before is answered again."""
    impossible = {"to": "draft"}
    for reference in strays(watch, eye, told) if told else list(watch.known)[:1]:
        answer = await eye.asks("POST", f"{REFERRALS}/{reference}/transitions", impossible)
        if told is None:
            refused(answer, 403, "not_permitted")
        else:
            expected = shows(watch, reference, told)
            refused_or(answer, expected is not None, (409, "move_not_allowed"), f"{eye.agency} moves {reference}")
    for move in replayable(watch, eye, f"{REFERRALS}/"):
        answer = await again(eye, move)
        if told is None:
            refused(answer, 403, "not_permitted")
            continue
        expected = shows(watch, move.about, told)
        refused_or(answer, expected is not None, (200, ""), f"{eye.agency} repeats {move.path}")
        if expected is not None:
            is_referral(answer.json(), expected, f"{eye.agency} repeats {move.path}")
            same(answer.headers.get("idempotent-replayed"), "true", "a repeated move")
        watch.told["repeated" if expected else "repeated in vain"] += 1


def replayable(watch: Watch, eye: Eye, prefix: str) -> list[Sent]:
    """What an agency sent in the last day, the latest first."""
    now = watch.history.house.clock.now()
    sent = [one for one in watch.history.sent.get(eye.agency, []) if one.path.startswith(prefix)]
    return [one for one in reversed(sent) if now - one.at < KEPT][:2]


async def again(eye: Eye, sent: Sent) -> httpx2.Response:
    """The same once more, with its own key."""
    return await eye.asks("POST", sent.path, sent.body, **{"Idempotency-Key": sent.key})


async def post_of_a_request(watch: Watch, eye: Eye, told: Told | None) -> None:
    """A post of before is answered again, with what may be told by now; without a right, nothing is posted."""
    if told is None:
        key = {"Idempotency-Key": uuid4().hex}
        refused(await eye.asks("POST", REQUESTS, {}, **key), 403, "not_permitted")
        return
    for post in replayable(watch, eye, REQUESTS):
        answer = await again(eye, post)
        expected = told.requests.get(post.about)
        refused_or(answer, expected is not None, (201, ""), f"{eye.agency} posts {post.about} again")
        if expected is not None:
            is_request(answer.json(), expected, f"{eye.agency} posts {post.about} again")


async def list_of_requests(watch: Watch, eye: Eye, told: Told | None) -> None:
    """Pages to the end, the middle of an older list, an ETag of before."""
    if told is None:
        refused(await eye.asks("GET", REQUESTS), 403, "not_permitted")
        return
    older = eye.cursors.pop(REQUESTS, None)
    found, first = await pages(eye, REQUESTS, told.requests)
    same(sorted(item["reference"] for item in found), sorted(told.requests), f"{eye.agency} lists requests")
    for item in found:
        is_request(item, told.requests[item["reference"]], f"{eye.agency} lists {item['reference']}")
        watch.told["progress"] += item["progress"] is not None
        watch.told["onward"] += item["onward"] is not None
    if older is not None:
        cursor, last = older
        rest = ok(await eye.asks("GET", f"{REQUESTS}?limit=200&cursor={cursor}"))["items"]
        after = [one for one in found if (one["posted_on"], one["reference"]) < (last["posted_on"], last["reference"])]
        same(rest, after, f"{eye.agency} reads on")
    await is_the_same_again(eye, paged(REQUESTS, told.requests), first)


async def one_request(watch: Watch, eye: Eye, told: Told | None) -> None:
    """Its own, and those of the others."""
    posted = watch.history.lives.posted
    for one in watch.history.chance.sample(posted, min(STRAYS, len(posted))):
        path = f"{REQUESTS}/{one.reference}"
        answer = await eye.asks("GET", path)
        if told is None:
            refused(answer, 403, "not_permitted")
            continue
        expected = told.requests.get(one.reference)
        refused_or(answer, expected is not None, (200, ""), f"{eye.agency} reads {one.reference}")
        if expected is not None:
            is_request(answer.json(), expected, f"{eye.agency} reads {one.reference}")
            await is_the_same_again(eye, path, answer)


async def arrangement_of_a_referral(watch: Watch, eye: Eye, told: Told | None) -> None:
    """What is arranged is for who may see the referral."""
    await _on_its_way(watch, eye, told, ("PUT", "arrangement", {"arrangement": None}))


async def hand_off_of_a_referral(watch: Watch, eye: Eye, told: Told | None) -> None:
    """So is saying how somebody was introduced."""
    await _on_its_way(watch, eye, told, ("POST", "hand-offs", {"how": "in_person"}))


async def _on_its_way(watch: Watch, eye: Eye, told: Told | None, sent: tuple[str, str, Any]) -> None:
    method, part, body = sent
    for reference in list(strays(watch, eye, told))[:3] if told else list(watch.known)[:1]:
        answer = await eye.asks(method, f"{REFERRALS}/{reference}/{part}", body)
        if told is None:
            refused(answer, 403, "not_permitted")
            continue
        expected = shows(watch, reference, told)
        where = f"{eye.agency} at {part} of {reference}"
        if expected is None:
            refused(answer, 404, "not_found") if answer.status_code == 404 else same(answer.status_code, 404, where)
        elif answer.status_code == 409:
            same(answer.json()["code"], "referral_not_on_its_way", where)
        else:
            is_referral(ok(answer), expected, where)


async def withdrawal_of_a_request(watch: Watch, eye: Eye, told: Told | None) -> None:
    """Of its own an agency may pass on, once more too, that the person withdraws; those of others are tried as well."""
    posted = watch.history.lives.posted
    own = [one for one in posted if one.withdrawn and told is not None and one.reference in told.requests]
    others = [one for one in posted if told is None or one.reference not in told.requests]
    for one in (*own[-1:], *watch.history.chance.sample(others, min(1, len(others)))):
        answer = await eye.asks("POST", f"{REQUESTS}/{one.reference}/withdrawal")
        if told is None:
            refused(answer, 403, "not_permitted")
            continue
        expected = told.requests.get(one.reference)
        refused_or(answer, expected is not None, (200, ""), f"{eye.agency} withdraws {one.reference}")
        if expected is not None:
            is_request(answer.json(), expected, f"{eye.agency} withdraws {one.reference}")


DOORS |= {
    "PUT /v1/referrals/{id}/arrangement": arrangement_of_a_referral,
    "POST /v1/referrals/{id}/hand-offs": hand_off_of_a_referral,
    "POST /v1/intake-requests/{id}/withdrawal": withdrawal_of_a_request,
    "GET /v1/referrals": list_of_referrals,
    "GET /v1/referrals/{id}": one_referral,
    "POST /v1/referrals/{id}/transitions": move_of_a_referral,
    "POST /v1/intake-requests": post_of_a_request,
    "GET /v1/intake-requests": list_of_requests,
    "GET /v1/intake-requests/{id}": one_request,
}
