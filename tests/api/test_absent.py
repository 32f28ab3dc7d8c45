"""What is not yours, not agreed, taken back or nowhere gives one and the same 404, byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2

from tests.world import Caller, House, intake, ok, refused
from true_api.kernel.codes import new_code, shown

DIFFERS = (b"x-request-id", b"date", b"ratelimit")


def bytes_of(answer: httpx2.Response) -> tuple[Any, ...]:
    """An answer as it is on the wire, without what must differ: the request id, the day, what is left of the limits."""
    request_id = refused(answer, 404, "not_found")["request_id"]
    headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in DIFFERS]
    return answer.status_code, answer.content.replace(request_id.encode(), b""), headers


def all_the_same(answers: Sequence[httpx2.Response]) -> bool:
    """Whether nothing tells these answers apart."""
    return len({str(bytes_of(answer)) for answer in answers}) == 1


@dataclass
class Asked:
    """A referral to an agency, and what the person agreed to."""

    code: str
    referral: dict[str, Any]
    consent: dict[str, Any] | None


async def asked(peer: Caller, agency: Caller, agreed: bool = True) -> Asked:
    """A peer asks an agency for somebody, who agrees to it or not."""
    code, consent = await peer.enrolls(), None
    if agreed:
        named = {"preset": "referral_loop", "organization_id": str(agency.organization_id)}
        consent = ok(await peer.post(f"/v1/participants/{code}/consents", named))
    draft = {"organization_id": str(agency.organization_id), "need": "recovery-housing"}
    return Asked(code, ok(await peer.post(f"/v1/participants/{code}/referrals", draft)), consent)


async def revokes(peer: Caller, agreed: Asked) -> None:
    """The person takes their consent back."""
    assert agreed.consent is not None
    ok(await peer.post(f"/v1/participants/{agreed.code}/consents/{agreed.consent['id']}/revoke"))


async def test_codes_that_are_not_for_the_caller_cannot_be_told_apart(peer: Caller, house: House) -> None:
    own = await asked(peer, house.agency)
    codes = [
        await house.stranger.enrolls(),
        await house.colleague.enrolls(),
        shown(new_code()),
        own.referral["agency_code"],
    ]
    assert all_the_same([await peer.get(f"/v1/participants/{code}") for code in codes])
    for path in ("encounters", "readiness-notes", "referrals", "consents", "timeline"):
        assert all_the_same([await peer.get(f"/v1/participants/{code}/{path}") for code in codes])
    posts = [await peer.post(f"/v1/participants/{code}/encounters", {}) for code in codes]
    shows = [await peer.post("/v1/caseload", {"code": code}) for code in codes[2:]]
    revocations = [await peer.post(f"/v1/participants/{code}/consents/{uuid4()}/revoke") for code in codes]
    assert all_the_same([*posts, *shows, *revocations])


async def test_referrals_that_are_not_for_an_agency_cannot_be_told_apart(peer: Caller, house: House) -> None:
    agency = house.agency
    agreed, revoked = await asked(peer, agency), await asked(peer, agency)
    reads = ok(await agency.get(f"/v1/referrals/{agreed.referral['reference']}"))
    assert reads["code"] == agreed.referral["agency_code"] != agreed.code
    await revokes(peer, revoked)
    names = [
        revoked.referral["reference"],
        (await asked(peer, agency, agreed=False)).referral["reference"],
        (await asked(peer, house.other_agency)).referral["reference"],
        agreed.referral["id"],
        agreed.referral["reference"].upper(),
        agreed.referral["reference"].replace("-", ""),
        str(uuid4()),
        "nothing",
    ]
    reading = [await agency.get(f"/v1/referrals/{name}") for name in names]
    moving = [await agency.post(f"/v1/referrals/{name}/transitions", {"to": "accepted"}) for name in names]
    assert all_the_same([*reading, *moving])


async def test_a_referral_disappears_and_the_next_consent_brings_another_code_and_reference(
    peer: Caller, agency: Caller
) -> None:
    first = await asked(peer, agency)
    path = f"/v1/referrals/{first.referral['reference']}"
    before = ok(await agency.get(path))
    await revokes(peer, first)
    assert all_the_same([await agency.get(path), await agency.get(f"/v1/referrals/{uuid4()}")])
    assert ok(await agency.get("/v1/referrals"))["items"] == []
    named = {"preset": "referral_loop", "organization_id": str(agency.organization_id)}
    ok(await peer.post(f"/v1/participants/{first.code}/consents", named))
    assert all_the_same([await agency.get(path), await agency.get(f"/v1/referrals/{uuid4()}")])
    (again,) = ok(await agency.get("/v1/referrals"))["items"]
    assert again["code"] != before["code"]
    assert again["reference"] != before["reference"]


async def test_records_that_are_not_the_callers_cannot_be_told_apart(peer: Caller, house: House) -> None:
    theirs = await house.stranger.records(await house.stranger.enrolls())
    names = [theirs["id"], str(uuid4()), "nothing"]
    reading = [await peer.get(f"/v1/encounters/{name}") for name in names]
    noting = [await peer.get(f"/v1/readiness-notes/{name}") for name in names]
    voiding = [await peer.post(f"/v1/encounters/{name}/void", {"reason": "recorded_twice"}) for name in names]
    assert all_the_same([*reading, *noting, *voiding])


async def test_an_agencys_request_is_nowhere_for_another_agency(agency: Caller, other_agency: Caller) -> None:
    posted = ok(await agency.post("/v1/intake-requests", intake()))
    ok(await agency.get(f"/v1/intake-requests/{posted['reference']}"))
    names = [posted["reference"], str(uuid4()), "nothing"]
    assert all_the_same([await other_agency.get(f"/v1/intake-requests/{name}") for name in names])
