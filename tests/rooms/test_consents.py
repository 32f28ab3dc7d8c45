"""Consents: naming an agency opens its own code and no other, and taking it back closes both at once."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from tests.stories.steps import absent, agrees, items, named, referred_with_consent, refers
from tests.world import Caller, House, ok, refused
from true_api.kernel.codes import shown
from true_api.kernel.rows import table_of
from true_api.privacy.cases import RealmCode
from true_api.privacy.consents import Consent

WAITS = {"reason": "waitlist", "decided_by": "provider"}


async def codes(house: House, realm: str, live: bool = True) -> list[str]:
    """The codes of a realm, as they are shown."""
    table = table_of(RealmCode)
    of_realm = select(table).where(table.c.realm_id == house.organizations[realm])
    (found,) = await house.rows(of_realm)
    return [shown(row.code) for row in found if (row.retired_on is None) is live]


async def revokes(caller: Caller, code: str, consent: str) -> dict[str, object]:
    return ok(await caller.post(f"/v1/participants/{code}/consents/{consent}/revoke"))


async def test_the_agency_named_gets_its_own_code_and_never_the_programs(house: House) -> None:
    code, referral = await referred_with_consent(house)
    (seen,) = await items(house.agency, "/v1/referrals")
    assert await codes(house, "program") == [code]
    assert await codes(house, "harbor") == [seen["code"]] == [referral["agency_code"]]
    assert seen["code"] != code
    assert await codes(house, "bridge") == []


async def test_no_two_agencies_share_a_code(house: House) -> None:
    code, _ = await referred_with_consent(house)
    await agrees(house.peer, code, house.organizations["bridge"])
    assert len({code, *await codes(house, "harbor"), *await codes(house, "bridge")}) == 3


async def test_an_agencys_code_opens_nothing_in_the_program(house: House) -> None:
    await referred_with_consent(house)
    (own,) = await codes(house, "harbor")
    await absent(house.peer, f"/v1/participants/{own}")
    refused(await house.peer.post("/v1/caseload", {"code": own}), 404, "not_found")


async def test_a_second_consent_keeps_the_agencys_code(house: House) -> None:
    code, _ = await referred_with_consent(house)
    before = await codes(house, "harbor")
    await agrees(house.peer, code, house.organizations["harbor"], purpose="treatment")
    assert await codes(house, "harbor") == before
    assert await codes(house, "harbor", live=False) == []


async def test_revoking_closes_access_at_once_and_a_new_consent_brings_a_new_code(house: House) -> None:
    code, referral = await referred_with_consent(house)
    (first,) = await items(house.peer, f"/v1/participants/{code}/consents")
    path = f"/v1/referrals/{referral['reference']}"
    etag = (await house.agency.get(path)).headers["etag"]
    assert (await revokes(house.peer, code, first["id"]))["revoked_on"] == "2026-11-02"
    refused(await house.agency.get(path, headers={"If-None-Match": etag}), 404, "not_found")
    refused(await house.agency.post(f"{path}/transitions", {"to": "accepted"}), 404, "not_found")
    assert await items(house.agency, "/v1/referrals") == []
    assert ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["agency_code"] is None
    assert await codes(house, "harbor", live=False) == [referral["agency_code"]]

    await agrees(house.peer, code, house.organizations["harbor"])
    (seen,) = await items(house.agency, "/v1/referrals")
    assert seen["code"] != referral["agency_code"]
    again = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))
    assert seen["reference"] == again["reference"] != referral["reference"]
    refused(await house.agency.get(path), 404, "not_found")


async def test_revoking_one_of_two_consents_keeps_access_and_code(house: House) -> None:
    code, referral = await referred_with_consent(house)
    second = await agrees(house.peer, code, house.organizations["harbor"])
    first = next(
        one for one in await items(house.peer, f"/v1/participants/{code}/consents") if one["id"] != second["id"]
    )
    await revokes(house.peer, code, first["id"])
    (seen,) = await items(house.agency, "/v1/referrals")
    assert (seen["code"], seen["reference"]) == (referral["agency_code"], referral["reference"])
    await revokes(house.peer, code, second["id"])
    assert await items(house.agency, "/v1/referrals") == []


async def test_a_consent_runs_out_at_the_end_of_its_last_day(house: House) -> None:
    code = await house.peer.enrolls()
    consent = await agrees(house.peer, code, house.organizations["harbor"], days=2)
    assert (consent["valid_from"], consent["valid_to"]) == ("2026-11-02", "2026-11-03")
    referral = await refers(house.peer, code, house.organizations["harbor"])
    path = f"/v1/referrals/{referral['reference']}"
    house.clock.move(timedelta(days=1, hours=11, minutes=59))
    ok(await house.agency.get(path))
    house.clock.move(timedelta(minutes=1))
    await absent(house.agency, path)
    assert await items(house.agency, "/v1/referrals") == []
    assert ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["agency_code"] is None
    assert (await refers(house.peer, code, house.organizations["harbor"]))["agency_code"] is None


async def test_under_18_disclosure_stays_shut(house: House) -> None:
    code = await house.peer.enrolls(age_band="under_18")
    asked = await house.peer.post(f"/v1/participants/{code}/consents", named(house.organizations["harbor"]))
    refused(asked, 409, "state_rule_not_configured")
    assert await codes(house, "harbor") == []


async def test_an_age_learned_later_shuts_disclosure_that_was_agreed_before(house: House) -> None:
    code, referral = await referred_with_consent(house)
    path = f"/v1/participants/{code}"
    for age_band, seen in (("under_18", 404), ("18_24", 200)):
        ok(await house.peer.patch(path, {"age_band": age_band}, (await house.peer.get(path)).headers["etag"]))
        assert (await house.agency.get(f"/v1/referrals/{referral['reference']}")).status_code == seen
        assert len(await items(house.agency, "/v1/referrals")) == (seen == 200)


async def test_a_consent_names_an_active_partner_agency(house: House) -> None:
    code = await house.peer.enrolls()
    bridge = f"/v1/organizations/{house.organizations['bridge']}"
    ok(await house.admin.patch(bridge, {"active": False}, (await house.admin.get(bridge)).headers["etag"]))
    for place in (*(house.organizations[name] for name in ("program", "county", "bridge")), house.peer.id):
        asked = await house.peer.post(f"/v1/participants/{code}/consents", named(place))
        refused(asked, 409, "not_a_partner_agency")


async def test_a_consent_is_taken_back_once_and_only_for_the_person_who_gave_it(house: House) -> None:
    code, somebody = await house.peer.enrolls(), await house.peer.enrolls()
    consent = await agrees(house.peer, code, house.organizations["harbor"])
    revoke = f"/consents/{consent['id']}/revoke"
    refused(await house.peer.post(f"/v1/participants/{somebody}{revoke}"), 404, "not_found")
    refused(await house.stranger.post(f"/v1/participants/{code}{revoke}"), 404, "not_found")
    await revokes(house.peer, code, consent["id"])
    refused(await house.peer.post(f"/v1/participants/{code}{revoke}"), 409, "consent_already_revoked")


async def test_what_was_agreed_is_never_rewritten(house: House) -> None:
    code = await house.peer.enrolls()
    consent = await agrees(house.peer, code, house.organizations["harbor"])
    before = await house.rows(select(table_of(Consent)))
    for method in ("PUT", "PATCH", "DELETE"):
        for path in ("", f"/{consent['id']}"):
            changed = await house.peer.call(method, f"/v1/participants/{code}/consents{path}", {"days": 1})
            assert changed.status_code in (404, 405)
    await revokes(house.peer, code, consent["id"])
    assert await house.rows(select(table_of(Consent))) == before
    (kept,) = await items(house.peer, f"/v1/participants/{code}/consents")
    assert kept == {**consent, "state": "revoked", "revoked_on": "2026-11-02"}


async def test_consents_given_at_the_same_moment_make_one_code(house: House) -> None:
    code = await house.peer.enrolls()
    path, said = f"/v1/participants/{code}/consents", named(house.organizations["harbor"])
    answers = await asyncio.gather(*(house.peer.post(path, said) for _ in range(3)))
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, "write_collided")
    assert len(await items(house.peer, path)) == sum(answer.status_code == 201 for answer in answers) > 0
    assert len(await codes(house, "harbor")) == 1


async def test_giving_and_taking_back_at_the_same_moment_leaves_no_consent_without_a_code(house: House) -> None:
    code, _ = await referred_with_consent(house)
    path, said = f"/v1/participants/{code}/consents", named(house.organizations["harbor"])
    for _ in range(3):
        revoking = [
            house.peer.post(f"{path}/{consent['id']}/revoke")
            for consent in await items(house.peer, path)
            if consent["revoked_on"] is None
        ]
        for answer in await asyncio.gather(house.peer.post(path, said), *revoking, house.peer.post(path, said)):
            assert answer.status_code in (200, 201, 409)
        live = [consent for consent in await items(house.peer, path) if consent["revoked_on"] is None]
        assert len(await codes(house, "harbor")) == bool(live)
        assert len(await items(house.agency, "/v1/referrals")) == bool(live)


async def test_whatever_happens_at_the_same_moment_no_reference_outlives_the_last_consent(house: House) -> None:
    code, referral = await referred_with_consent(house)
    path, harbor = f"/v1/participants/{code}", house.organizations["harbor"]
    for _ in range(3):
        (consent, *_) = await items(house.peer, f"{path}/consents")
        (seen, *_) = await items(house.agency, "/v1/referrals")
        asking = {"organization_id": str(harbor), "need": "legal-aid"}
        moved, taken, asked = await asyncio.gather(
            house.agency.post(f"/v1/referrals/{seen['reference']}/transitions", {"to": "on_hold", **WAITS}),
            house.peer.post(f"{path}/consents/{consent['id']}/revoke"),
            house.peer.post(f"{path}/referrals", asking),
        )
        assert moved.status_code in (200, 404, 409)
        assert "moved_meanwhile" not in moved.text, "nothing tells the agency that consent was just taken back"
        if taken.status_code != 200:
            refused(taken, 409, "write_collided")
            await revokes(house.peer, code, consent["id"])
        # What was asked for after the consent was taken back is no disclosure, and its reference may stay.
        disclosed = asked.json()["reference"] if asked.json().get("agency_code") else None
        known = {referral["reference"], seen["reference"], disclosed} - {None}
        for reference in known:
            await absent(house.agency, f"/v1/referrals/{reference}")
        await agrees(house.peer, code, harbor)
        assert not known & {item["reference"] for item in await items(house.agency, "/v1/referrals")}
