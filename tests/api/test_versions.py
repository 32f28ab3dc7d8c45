"""Versions: what a change was made from, what has not changed since, and what an ETag may tell."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.test_absent import asked, revokes
from tests.world import Caller, House, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.security.trail import TrailEntry

CHANGE = {"age_band": "25_34"}
OF_RECORD = re.compile(r'"(\d+)\.[0-9a-f]{16}"')
OF_SIGHT = re.compile(r'"[0-9a-f]{16}"')


async def etag_of(caller: Caller, path: str) -> str:
    """The ETag of what a caller reads."""
    answer = await caller.get(path)
    ok(answer)
    return str(answer.headers["etag"])


async def test_a_change_names_the_version_it_was_made_from(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}"
    first = await etag_of(peer, path)
    refused(await peer.call("PATCH", path, CHANGE), 428, "if_match_required")
    changed = await peer.patch(path, CHANGE, first)
    assert ok(changed)["age_band"] == "25_34"
    second = changed.headers["etag"]
    assert [int(OF_RECORD.fullmatch(etag)[1]) for etag in (first, second)] == [1, 2]  # type: ignore[index]
    assert second == await etag_of(peer, path)
    refused(await peer.patch(path, CHANGE, first), 412, "precondition_failed")
    ok(await peer.patch(path, {"age_band": "35_44"}, second))


async def test_only_a_strong_etag_as_it_was_given_is_a_precondition(
    peer: Caller, house: House, subtests: pytest.Subtests
) -> None:
    path = f"/v1/participants/{await peer.enrolls()}"
    etag = await etag_of(peer, path)
    other = await etag_of(peer, "/v1/me")
    wide = etag.replace("1.", "\uff11.").encode()
    for name, given in {
        "any": "*",
        "weak": f"W/{etag}",
        "two": f"{etag}, {etag}",
        "bare": etag.strip('"'),
        "a number": '"1"',
        "of a list": other,
        "a long number": '"9999999999.0123456789abcdef"',
        "less than zero": '"-1.0123456789abcdef"',
        "full-width": wide,
        "nothing": "",
        "said": "marigold",
    }.items():
        with subtests.test(name):
            answer = await peer.call("PATCH", path, CHANGE, headers={"If-Match": given})
            refused(answer, 400, "invalid_precondition")
            assert "marigold" not in answer.text
    assert await etag_of(peer, path) == etag
    assert (await house.rows(table_of(Participant).select()))[0][0].version == 1


async def test_of_two_changes_from_one_version_one_wins(peer: Caller, supervisor: Caller, house: House) -> None:
    path = f"/v1/participants/{await peer.enrolls()}"
    etag = await etag_of(peer, path)
    for round_ in range(1, 4):
        bands = ("18_24", "25_34", "35_44", "45_54", "55_64", "65_plus")
        callers = (peer, supervisor) * 3
        changes = [caller.patch(path, {"age_band": band}, etag) for caller, band in zip(callers, bands, strict=True)]
        answers = await asyncio.gather(*changes)
        (winner,) = [answer for answer in answers if answer.status_code == 200]
        for answer in answers:
            if answer is not winner:
                # On a busy machine one may have waited too long behind the others: nothing of it was kept.
                code = answer.json()["code"]
                refused(answer, {"precondition_failed": 412, "write_collided": 409, "unavailable": 503}[code], code)
        assert ok(await peer.get(path))["age_band"] == ok(winner)["age_band"]
        etag = await etag_of(peer, path)
        assert (await house.rows(table_of(Participant).select()))[0][0].version == 1 + round_


async def patchable(house: House) -> AsyncIterator[tuple[Caller, str, dict[str, Any]]]:
    """Whatever can be changed, and a change of it."""
    yield house.peer, f"/v1/participants/{await house.peer.enrolls()}", CHANGE
    yield house.admin, f"/v1/organizations/{house.organizations['county']}", {"active": False}
    yield house.admin, f"/v1/members/{house.colleague.id}", {"active": False}
    yield house.admin, f"/v1/clients/{house.agency.id}", {"active": False}
    yield house.admin, f"/v1/teams/{house.teams['drop-in']}", {"active": False}


async def test_everything_that_can_be_changed_keeps_versions(house: House, subtests: pytest.Subtests) -> None:
    async for caller, path, change in patchable(house):
        with subtests.test(path.rpartition("/")[0]):
            first = await etag_of(caller, path)
            changed = await caller.patch(path, change, first)
            assert ok(changed).items() >= change.items()
            assert changed.headers["etag"] == await etag_of(caller, path) != first
            refused(await caller.patch(path, change, first), 412, "precondition_failed")


async def test_what_has_not_changed_is_not_sent_again_and_is_trailed_all_the_same(peer: Caller, house: House) -> None:
    path = f"/v1/participants/{await peer.enrolls()}"
    etag = await etag_of(peer, path)
    trail = table_of(TrailEntry)
    before = len((await house.rows(trail.select()))[0])
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        unchanged = await peer.get(path, headers={"If-None-Match": known})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
        assert "content-length" not in unchanged.headers or unchanged.headers["content-length"] == "0"
    for unknown in ('"other"', etag.strip('"'), "", etag[:-2] + '"'):
        assert (await peer.get(path, headers={"If-None-Match": unknown})).status_code == 200
    entries = sorted((await house.rows(trail.select()))[0], key=lambda entry: entry.id)[before:]
    assert [entry.outcome for entry in entries] == [304] * 4 + [200] * 4
    assert [entry.fields for entry in entries[:4]] == [[]] * 4
    ok(await peer.patch(path, CHANGE, etag))
    assert (await peer.get(path, headers={"If-None-Match": etag})).status_code == 200


async def test_nothing_is_unchanged_for_who_may_no_longer_read_it(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    path = f"/v1/referrals/{agreed.referral['reference']}"
    known = {"If-None-Match": await etag_of(agency, path)}
    assert (await agency.get(path, headers=known)).status_code == 304
    await revokes(peer, agreed)
    refused(await agency.get(path, headers=known), 404, "not_found")
    refused(await agency.get(path, headers={"If-None-Match": "*"}), 404, "not_found")


async def test_an_agency_is_told_no_version(peer: Caller, agency: Caller) -> None:
    agreed = await asked(peer, agency)
    path = f"/v1/referrals/{agreed.referral['reference']}"
    first = await etag_of(agency, path)
    for etag in (first, await etag_of(agency, "/v1/referrals"), await etag_of(agency, "/v1/me")):
        assert OF_SIGHT.fullmatch(etag)
    # What the program does with the person elsewhere cannot be seen in it, and what the agency sees can.
    profile = f"/v1/participants/{agreed.code}"
    ok(await peer.patch(profile, CHANGE, await etag_of(peer, profile)))
    await peer.records(agreed.code)
    assert await etag_of(agency, path) == first
    ok(await agency.post(f"{path}/transitions", {"to": "accepted"}))
    assert await etag_of(agency, path) != first


async def test_etags_of_two_realms_cannot_be_compared(house: House) -> None:
    assert ok(await house.agency.get("/v1/releases")) == ok(await house.other_agency.get("/v1/releases"))
    assert await etag_of(house.agency, "/v1/releases") != await etag_of(house.other_agency, "/v1/releases")
