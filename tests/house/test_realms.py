"""Realms: in all that anybody is told at any door, nothing leads to a person, or from one realm's code to another's."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from tests.house.hearing import Heard, Secret, leaks, secrets_from
from tests.house.scenes import set_scene
from tests.house.set_again import set_again
from tests.house.visits import VISITS, knock
from tests.stories.steps import agrees, every_item, items, refers
from tests.world import Caller, House, intake, ok, refused
from true_api.api.all_doors import every_door
from true_api.kernel.rows import table_of
from true_api.outlets.exports.tables import Export
from true_api.privacy.cases import Participant, RealmCode
from true_api.rooms.capacity.tables import CapacityAnswer
from true_api.rooms.directory.tables import DirectoryEntry
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.offers.tables import OfferInvitation
from true_api.rooms.referrals.tables import Referral
from true_api.security.gates import OpenGate

INSIDERS = ("peer", "stranger", "supervisor", "admin")
OUTSIDERS = ("agency", "agency_worker", "other_agency", "integrator")

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""

UUID_LIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME_OF_DAY = re.compile(r"\d:\d\d|\d{4}-\d\d-\d\dt\d\d")
PERIOD = re.compile(r"\b(20\d\d-\d\d)\b(?!-)")
DAY = re.compile(r'"([a-z_]+)": ?"20\d\d-\d\d-\d\d"')


async def known_everywhere(house: House) -> None:
    """Two people known to both agencies, one of whom has taken a consent back and given another."""
    agencies = [house.organizations[name] for name in ("harbor", "bridge")]
    for code in [await house.peer.enrolls() for _ in range(2)]:
        await house.peer.records(code, occurred_on="2026-10-31")
        for agency in agencies:
            consent = await agrees(house.peer, code, agency)
            await refers(house.peer, code, agency)
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    await agrees(house.peer, code, agencies[1])
    posted = ok(await house.agency.post("/v1/intake-requests", intake()))
    waiting = await items(house.peer, "/v1/intake-requests")
    request = next(one["id"] for one in waiting if one["reference"] == posted["reference"])
    ok(await house.peer.post(f"/v1/intake-requests/{request}/connection", {"code": code}))


async def everybody_everywhere(house: House) -> list[Heard]:
    """Every role at every door, and what each was told; what is open is told to nobody in particular."""
    scene = await set_scene(house)
    heard = {role: Heard(house.people[role]) for role in (*INSIDERS, *OUTSIDERS)}
    anybody = Heard(None)
    for door in every_door():
        for caller in (house.people[role] for role in heard):
            answer = await knock(house, door.method, VISITS[door.name](house, scene, caller.role), caller)
            (anybody if isinstance(door.gate, OpenGate) else heard[caller.name]).listen(door.name, answer)
            if isinstance(door.gate, OpenGate):
                break
        await set_again(house, scene, door)
    return [anybody, *heard.values()]


async def own_names(house: House, caller: Caller) -> set[str]:
    """The ids that an outsider knows by right: their own, their organization's, and the references given to it."""
    kinds = (Referral, IntakeRequest, OfferInvitation, CapacityAnswer, Export)
    tables = [table_of(kind) for kind in kinds]
    given = await house.rows(
        *(select(table.c.reference).where(table.c.organization_id == caller.organization_id) for table in tables)
    )
    return {str(caller.id), str(caller.organization_id), *(str(reference) for rows in given for (reference,) in rows)}


ABOUT_NO_ONE = ("/v1/directory/", "/v1/language/", "/v1/releases/calendar", "/v1/exports")
"""Doors whose times are nobody's: opening hours, a published entry's changes, the edition of the guidance, the days
on which numbers are sealed, and until when a file is there."""


DAYS_OF_NUMBERS = {"sealed_on", "prepared_on", "reviewed_on", "today"}
"""When numbers were made, and never when anything happened that they count."""


async def published(house: House, told: set[str]) -> set[str]:
    """The ids of the public directory, and those that are reckoned from its words (version 5); none is a record's."""
    entries = table_of(DirectoryEntry)
    rows = (await house.rows(select(entries.c.reference, entries.c.body)))[0]
    kept = {found for row in rows for found in UUID_LIKE.findall(f"{row.reference} {json.dumps(row.body)}")}
    return kept | {one for one in told if UUID(one).version == 5}


@ON_SQLITE
async def test_at_no_door_anybody_is_told_what_leads_to_a_person_or_from_one_realm_to_another(
    house: House, subtests: pytest.Subtests
) -> None:
    await known_everywhere(house)
    for heard in await everybody_everywhere(house):
        with subtests.test(heard.name):
            secrets = await secrets_from(house, heard.caller)
            assert len({secret.what for secret in secrets}) >= 4, "there is something to be told"
            assert leaks(heard, secrets) == set()
            if heard.caller is not None and heard.name in OUTSIDERS:
                told, own = heard.words(), await own_names(house, heard.caller)
                assert own & set(UUID_LIKE.findall(told)), "this test hears what is said"
                ids = set(UUID_LIKE.findall(told))
                assert ids <= own | await published(house, ids), "no record's id"
                assert TIME_OF_DAY.findall(heard.words(*ABOUT_NO_ONE)) == [], "days and no moments"
            if heard.name == "integrator":
                assert date(2026, 9, 1).strftime("%Y-%m") in PERIOD.findall(told)
                assert max(PERIOD.findall(heard.words(*ABOUT_NO_ONE))) < "2026-11", "closed periods"
                assert set(DAY.findall(heard.words(*ABOUT_NO_ONE))) <= DAYS_OF_NUMBERS


class Leaking:
    """The application with a leak of one kind in every answer."""

    def __init__(self, app: Any, spill: Callable[[str], tuple[bytes, bytes]], secret: str) -> None:
        self._app, self._header = app, spill(secret)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def spilling(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], self._header]}
            await send(message)

        await self._app(scope, receive, spilling)


def _in_the_open(secret: str) -> tuple[bytes, bytes]:
    return b"x-person", secret.encode()


def _in_base64(secret: str) -> tuple[bytes, bytes]:
    return b"etag", b'"' + base64.urlsafe_b64encode(b"\x00\x01" + secret.encode()) + b'"'


def _in_binary(secret: str) -> tuple[bytes, bytes]:
    return b"location", base64.urlsafe_b64encode(bytes.fromhex(secret.replace("-", ""))).rstrip(b"=")


SPILLS: dict[str, Callable[[str], tuple[bytes, bytes]]] = {
    "in the open": _in_the_open,
    "in capitals": lambda secret: (b"link", f"</people/{secret.upper()}>".encode()),
    "without dashes": lambda secret: (b"x-trace", secret.replace("-", "").encode()),
    "in Base64": _in_base64,
    "as bytes in Base64": _in_binary,
}


@ON_SQLITE
async def test_a_planted_leak_is_heard_however_it_is_wrapped(house: House) -> None:
    code = await house.peer.enrolls()
    (person,) = (await house.rows(select(table_of(Participant))))[0]
    secrets = await secrets_from(house, house.agency)
    assert await _heard_by_the_agency(house, house.app, secrets) == set()
    for spill in SPILLS.values():
        for secret, what in ((person.id, "a participant's id"), (person.trail_id, "the trail's name of a person")):
            assert await _heard_by_the_agency(house, Leaking(house.app, spill, str(secret)), secrets) == {what}
    for form in (code, code.replace("-", ""), code.lower()):
        assert await _heard_by_the_agency(house, Leaking(house.app, _in_the_open, form), secrets) == {
            "a code of another realm"
        }
    assert Secret("a code of another realm", code.lower()) not in await secrets_from(house, house.peer)


async def _heard_by_the_agency(house: House, app: Any, secrets: set[Secret]) -> set[str]:
    heard = Heard(house.agency)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://house") as http:
        headers = {"Authorization": f"Bearer {house.agency.token()}"}
        heard.listen("GET /v1/me", await http.get("/v1/me", headers=headers))
    return {what for _, what in leaks(heard, secrets)}


async def test_two_agencies_are_told_nothing_that_both_could_hold_side_by_side(house: House) -> None:
    await known_everywhere(house)
    names = []
    for caller in (house.agency, house.other_agency):
        answers = [await caller.get(path) for path in ("/v1/referrals?limit=1", "/v1/intake-requests", "/v1/me")]
        said = "\n".join(f"{list(answer.headers.values())} {answer.text}" for answer in answers)
        names.append(set(re.findall(r"[0-9a-z_-]{10,}", said.lower())))
    shared = {name for name in names[0] & names[1] if re.search(r"\d", name)}
    assert {name for name in shared if not re.fullmatch(r"2026-\d\d(-\d\d)?", name)} == set()


async def test_the_same_answer_has_another_etag_in_every_realm(house: House) -> None:
    callers = [house.people[name] for name in ("agency", "agency_worker", "other_agency", "integrator", "supervisor")]
    answers = [await caller.get("/v1/releases") for caller in callers]
    assert len({answer.content for answer in answers}) == 1
    etags = [answer.headers["etag"] for answer in answers]
    assert etags[0] == etags[1], "one agency is one realm"
    assert len(set(etags)) == len(callers) - 1


async def test_an_agencys_etag_is_made_of_the_bytes_it_sees_under_its_own_key_and_of_nothing_else(house: House) -> None:
    await known_everywhere(house)
    for caller in (house.agency, house.other_agency):
        for item in await items(caller, "/v1/referrals"):
            answer = await caller.get(f"/v1/referrals/{item['reference']}")
            key = house.installation.tokens.secret(f"etag {caller.organization_id}")
            seen = hmac.new(key, answer.content, hashlib.sha256).hexdigest()[:16]
            assert answer.headers["etag"] == f'"{seen}"'


async def test_a_cursor_says_nothing_and_is_good_in_its_own_realm_alone(house: House) -> None:
    for caller in (house.agency, house.other_agency):
        for _ in range(3):
            ok(await caller.post("/v1/intake-requests", intake()))
    pages = [ok(await caller.get("/v1/intake-requests?limit=1")) for caller in (house.agency, house.other_agency)]
    cursors = [page["next_cursor"] for page in pages]
    for page, cursor in zip(pages, cursors, strict=True):
        inside = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        shown_last = page["items"][-1]
        assert shown_last["reference"].encode() not in inside
        assert shown_last["posted_on"].encode() not in inside
        assert not re.search(rb"[ -~]{24,}", inside), "nothing that could be read"
    assert len(await every_item(house.agency, "/v1/intake-requests", 1)) == 3
    for caller, cursor in ((house.agency, cursors[1]), (house.other_agency, cursors[0])):
        refused(await caller.get(f"/v1/intake-requests?limit=1&cursor={cursor}"), 400, "invalid_cursor")


async def test_after_a_new_consent_the_agency_holds_nothing_that_leads_from_the_old_code_to_the_new(
    house: House,
) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    consent = await agrees(house.peer, code, harbor)
    asked = [await refers(house.peer, code, harbor, need=need) for need in ("recovery-housing", "legal-aid")]
    before = Heard(house.agency)
    before.listen("before", await house.agency.get("/v1/referrals"))
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    await agrees(house.peer, code, harbor)
    after = await items(house.agency, "/v1/referrals")
    assert sorted(item["need"] for item in after) == ["legal-aid", "recovery-housing"]
    assert len({item["code"] for item in after}) == 1
    for item in after:
        assert item["reference"] not in before.words()
        assert item["code"].lower() not in before.words()
    for referral in asked:
        kept = f"/v1/referrals/{referral['reference']}"
        refused(await house.agency.get(kept), 404, "not_found")
        refused(await house.agency.post(f"{kept}/transitions", {"to": "accepted"}), 404, "not_found")
        program = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))
        assert program["reference"] in {item["reference"] for item in after}


async def test_codes_of_two_agencies_and_the_program_have_nothing_in_common(house: House) -> None:
    await known_everywhere(house)
    codes = table_of(RealmCode)
    found = (await house.rows(select(codes.c.participant_id, codes.c.realm_id, codes.c.code, codes.c.retired_on)))[0]
    assert len({row.code for row in found}) == len(found)
    live = [(row.participant_id, row.realm_id) for row in found if row.retired_on is None]
    assert len(set(live)) == len(live)
    assert any(row.retired_on for row in found)
