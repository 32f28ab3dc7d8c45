"""Under 18: shut until the program has set its state's rule, which counts in the query for what was agreed before."""

from typing import Any

from sqlalchemy import select

from tests.stories.steps import agrees, items, named, refers
from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.minors import MinorConsentRule

RULE = "/v1/program/minor-consent-rule"
SOURCE = {"state": "NY", "source": "Mental Hygiene Law 22.11"}
GUARDIAN = {"evidence": "signed_paper_with_guardian"}


async def sets(house: House, rule: str) -> dict[str, Any]:
    """The supervisor sets a rule."""
    return ok(await house.supervisor.call("PUT", RULE, {"rule": rule, **SOURCE}))


async def test_before_a_rule_is_set_it_is_shut_and_every_version_is_kept(house: House) -> None:
    nothing = {"rule": "shut", "state": None, "source": None, "number": 0, "set_on": None}
    assert ok(await house.peer.get(RULE)) == nothing
    assert await sets(house, "with_guardian") == {
        **SOURCE,
        "rule": "with_guardian",
        "number": 1,
        "set_on": "2026-11-02",
    }
    assert (await sets(house, "with_guardian"))["number"] == 1, "saying the same again is no other version"
    assert ok(await house.admin.call("PUT", RULE, {"rule": "shut", **SOURCE}))["number"] == 2
    assert ok(await house.admin.get(RULE))["rule"] == "shut"
    rules = table_of(MinorConsentRule)
    (kept,) = await house.rows(select(rules.c.rule).order_by(rules.c.number))
    assert [row.rule for row in kept] == ["with_guardian", "shut"]
    await _is_set_by_some_alone(house)


async def _is_set_by_some_alone(house: House) -> None:
    """A rule names its state and its source, and only supervisors and admins set it."""
    for wrong in ({"state": "New York"}, {"source": ""}, {"rule": "ask"}):
        draft = {"rule": "shut", **SOURCE, **wrong}
        refused(await house.supervisor.call("PUT", RULE, draft), 422, "invalid_shape")
    refused(await house.supervisor.call("PUT", RULE, {"rule": "shut"}), 422, "invalid_shape")
    for caller in (house.peer, house.agency, house.integrator):
        refused(await caller.call("PUT", RULE, {"rule": "minor_alone", **SOURCE}), 403, "not_permitted")
    refused(await house.agency.get(RULE), 403, "not_permitted")


async def test_the_rule_says_whose_signature_a_consent_needs(house: House) -> None:
    harbor, shut = house.organizations["harbor"], "state_rule_not_configured"
    for rule, alone, with_guardian in (
        (None, shut, shut),
        ("shut", shut, shut),
        ("with_guardian", "guardian_signs", None),
        ("minor_alone", None, None),
    ):
        if rule is not None:
            await sets(house, rule)
        for refusal, evidence in ((alone, {}), (with_guardian, GUARDIAN)):
            code = await house.peer.enrolls(age_band="under_18")
            referral = await refers(house.peer, code, harbor)
            asked = await house.peer.post(f"/v1/participants/{code}/consents", named(harbor, **evidence))
            if refusal is None:
                ok(asked)
            else:
                refused(asked, 409, refusal)
            seen = await house.agency.get(f"/v1/referrals/{referral['reference']}")
            assert seen.status_code == (200 if refusal is None else 404)


async def test_another_rule_counts_at_once_for_what_was_agreed_before(house: House) -> None:
    harbor = house.organizations["harbor"]
    await sets(house, "minor_alone")
    references = {}
    for name, evidence in (("alone", {}), ("guardian", GUARDIAN)):
        code = await house.peer.enrolls(age_band="under_18")
        await agrees(house.peer, code, harbor, **evidence)
        references[(await refers(house.peer, code, harbor))["reference"]] = name
    adult = await house.peer.enrolls(age_band="25_34")
    await agrees(house.peer, adult, harbor)
    references[(await refers(house.peer, adult, harbor))["reference"]] = "adult"
    for rule, seen in (
        ("minor_alone", {"adult", "alone", "guardian"}),
        ("with_guardian", {"adult", "guardian"}),
        ("shut", {"adult"}),
    ):
        await sets(house, rule)
        assert {references[one["reference"]] for one in await items(house.agency, "/v1/referrals")} == seen


async def test_a_no_needs_no_rule_and_an_agency_is_not_told_of_an_end_to_what_was_shut(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    consent = await agrees(house.peer, code, harbor)
    await refers(house.peer, code, harbor)
    await items(house.agency, "/v1/referrals")
    person = f"/v1/participants/{code}"
    etag = (await house.peer.get(person)).headers["etag"]
    ok(await house.peer.patch(person, {"age_band": "under_18"}, etag))
    no = {"preset": "nothing_to_this_agency", "organization_id": str(house.organizations["bridge"])}
    ok(await house.peer.post(f"{person}/consents", no))
    ok(await house.peer.post(f"{person}/consents/{consent['id']}/revoke"))
    assert await items(house.agency, "/v1/access-endings") == []
