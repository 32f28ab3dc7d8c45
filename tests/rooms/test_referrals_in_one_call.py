"""One call: the person's consent, the referral and the promise to go along, all of it or none."""

from typing import Any

import pytest

from tests.stories.steps import absent, agrees, every_item, items
from tests.world import House, ok, refused

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""

ALONG = {"on": "2026-11-04", "part_of_day": "morning"}


def whole(house: House, **over: Any) -> dict[str, Any]:
    """A referral to the harbor with all that it takes."""
    harbor = str(house.organizations["harbor"])
    asked = {"organization_id": harbor, "need": "recovery-housing", "mode": "called_together"}
    return {**asked, "consent": {"preset": "referral_loop"}, "accompaniment": ALONG, **over}


async def kept(house: House, code: str) -> list[int]:
    """How many consents, referrals and promises there are of a person."""
    kinds = ("consents", "referrals", "promises")
    return [len(await items(house.peer, f"/v1/participants/{code}/{kind}")) for kind in kinds]


async def test_one_call_agrees_refers_and_promises_to_go_along(house: House) -> None:
    code = await house.peer.enrolls()
    asked = ok(await house.peer.post(f"/v1/participants/{code}/referrals", whole(house, note="Likes mornings.")))
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    (promise,) = await items(house.peer, f"/v1/participants/{code}/promises")
    harbor = str(house.organizations["harbor"])
    assert (consent["organization_id"], consent["recipients"], consent["state"]) == (harbor, [harbor], "live")
    assert (promise["kind"], promise["due_on"], promise["part_of_day"], promise["referral_id"], promise["state"]) == (
        *("accompaniment", "2026-11-04", "morning", asked["id"], "open"),
    )
    (seen,) = await items(house.agency, "/v1/referrals")
    assert (seen["reference"], seen["code"]) == (asked["reference"], asked["agency_code"])
    assert asked["words_kept"] == ["note"]
    known = ok(await house.peer.get(f"/v1/referrals/{asked['id']}"))
    assert known["agency_code"] == asked["agency_code"]


async def test_sent_twice_with_one_key_each_of_the_three_is_there_once(house: House) -> None:
    code = await house.peer.enrolls()
    key = {"Idempotency-Key": "from-the-van-4"}
    once = [
        ok(await house.peer.post(f"/v1/participants/{code}/referrals", whole(house), headers=key)) for _ in range(2)
    ]
    assert once[0] == once[1]
    assert await kept(house, code) == [1, 1, 1]


@ON_SQLITE
@pytest.mark.parametrize(
    ("over", "status", "refusal"),
    [
        ({"organization_id": "program"}, 409, "not_a_partner_agency"),
        ({"organization_id": "program", "consent": None}, 409, "no_such_partner"),
        ({"accompaniment": {"on": "2026-11-01"}}, 409, "promise_day_is_over"),
        ({"consent": {"preset": "referral_loop", "where_kept": "nowhere"}}, 409, "no_such_paper_place"),
        ({"consent": {}}, 422, "invalid_shape"),
        ({"need": "a boat"}, 422, "invalid_shape"),
        ({"note": "call (415) 555-0187"}, 422, "narrative_refused"),
    ],
)
async def test_where_one_of_the_three_is_refused_nothing_is_kept(
    house: House, over: dict[str, Any], status: int, refusal: str
) -> None:
    code = await house.peer.enrolls()
    if "organization_id" in over:
        over = {**over, "organization_id": str(house.organizations[over["organization_id"]])}
    refused(await house.peer.post(f"/v1/participants/{code}/referrals", whole(house, **over)), status, refusal)
    assert await kept(house, code) == [0, 0, 0]
    assert await items(house.agency, "/v1/referrals") == []


async def test_a_consent_that_lacks_an_element_is_told_where_it_stands_in_this_call(house: House) -> None:
    code = await house.peer.enrolls()
    sent = whole(house, consent={"categories": ["referral"], "purpose": "treatment"})
    problem = refused(await house.peer.post(f"/v1/participants/{code}/referrals", sent), 422, "invalid_shape")
    pointers = {error["pointer"] for error in problem["errors"]}
    assert pointers == {f"/consent/{name}" for name in ("form_version", "days", "evidence", "where_kept", "given_on")}


async def test_a_consent_for_somebody_else_or_a_no_opens_nothing_here(house: House) -> None:
    """The agency's code comes along only where this very consent lets it have what is asked."""
    bridge, harbor = (str(house.organizations[name]) for name in ("bridge", "harbor"))
    of_others = {"preset": "referral_loop", "organization_id": bridge}
    other_things = {"preset": "referral_loop", "categories": ["intake_status"]}
    a_no = {"preset": "nothing_to_this_agency"}
    for consent in (of_others, other_things, a_no):
        code = await house.peer.enrolls()
        path = f"/v1/participants/{code}/referrals"
        asked = ok(await house.peer.post(path, whole(house, consent=consent)))
        assert asked["agency_code"] is None
        assert ok(await house.peer.get(f"/v1/referrals/{asked['id']}"))["agency_code"] is None
        await absent(house.agency, f"/v1/referrals/{asked['reference']}")
    denied = await house.peer.enrolls()
    ok(await house.peer.post(f"/v1/participants/{denied}/consents", {**a_no, "organization_id": harbor}))
    asked = ok(await house.peer.post(f"/v1/participants/{denied}/referrals", whole(house)))
    assert asked["agency_code"] is None, "a no stands against every yes"
    await absent(house.agency, f"/v1/referrals/{asked['reference']}")


async def test_the_code_that_an_agency_has_already_stays_the_same(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor, categories=["intake_status"])
    path = f"/v1/participants/{code}/referrals"
    first = ok(await house.peer.post(path, whole(house, consent=None)))
    assert first["agency_code"] is None
    second = ok(await house.peer.post(path, whole(house)))
    seen = await every_item(house.agency, "/v1/referrals", 50)
    assert {item["code"] for item in seen} == {second["agency_code"]}
    assert len(seen) == 2


async def test_who_goes_alone_may_agree_and_be_accompanied_all_the_same(house: House) -> None:
    code = await house.peer.enrolls()
    alone = ok(await house.peer.post(f"/v1/participants/{code}/referrals", whole(house, mode="goes_alone")))
    assert alone["agency_code"] is None
    assert await kept(house, code) == [1, 1, 1]
    assert await items(house.agency, "/v1/referrals") == []
