"""The accounting of disclosures: what it says, of whom, to whom it is shown, and what is none."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.journeys.leaving import links
from tests.rooms.telling import LOOP, PDF, accounted, agreed, court_is_told, emergency_is_told, prints
from tests.rooms.test_recall_work import statements
from tests.security.test_epochs import at_the_gate, sealed
from tests.stories.steps import agrees, items, referred_with_consent, refers
from tests.world import House, intake, ok, refused
from true_api.kernel.errors import NotFound
from true_api.kernel.rows import table_of
from true_api.privacy.disclosures import LOOKS_BACK, Disclosure
from true_api.privacy.forgotten import DisclosureKeptApart
from true_api.security.housekeeping import sweep
from true_api.security.trail import TrailEntry


async def kept(house: House) -> list[Any]:
    """Every disclosure that the table holds."""
    return list((await house.rows(select(table_of(Disclosure))))[0])


async def test_a_disclosure_is_told_with_its_day_recipient_content_purpose_and_consent(house: House) -> None:
    code, referral = await referred_with_consent(house)
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    shown = ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    (told,) = await accounted(house.supervisor, code)
    assert told == {
        "disclosed_on": "2026-11-02",
        "recipient": "partner_agency",
        "organization": "harbor",
        "categories": ["referral"],
        "records": ["referrals"],
        "fields": sorted(name for name, value in shown.items() if value is not None),
        "purpose": "coordination_of_care",
        "basis": "consent",
        "consents": [consent["reference"]],
        "record_id": None,
    }
    (row,) = await kept(house)
    (entry,) = (await house.rows(select(table_of(TrailEntry)).where(table_of(TrailEntry).c.id == row.entry_id)))[0]
    assert (entry.door, entry.organization_id) == ("GET /v1/referrals/{id}", row.organization_id)


async def test_the_purpose_is_that_of_the_token(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"], purpose="treatment")
    await refers(house.peer, code, house.organizations["harbor"])
    treating = {"Authorization": f"Bearer {house.agency.token(purpose='TREAT')}"}
    assert len(ok(await house.agency.get("/v1/referrals", headers=treating))["items"]) == 1
    assert ok(await house.agency.get("/v1/referrals"))["items"] == []
    assert [told["purpose"] for told in await accounted(house.supervisor, code)] == ["treatment"]


async def test_a_list_tells_of_each_person_once_however_many_of_their_records_it_shows(house: House) -> None:
    codes = []
    for _ in range(2):
        code, _referral = await referred_with_consent(house)
        await refers(house.peer, code, house.organizations["harbor"], need="wound-care")
        codes.append(code)
    assert len(await items(house.agency, "/v1/referrals")) == 4
    assert [len(await accounted(house.supervisor, code)) for code in codes] == [1, 1]
    assert len({row.entry_id for row in await kept(house)}) == 1
    # What is not on the page is not disclosed by it.
    ok(await house.agency.get("/v1/referrals?limit=1"))
    assert sorted([len(await accounted(house.supervisor, code)) for code in codes]) == [1, 2]


async def test_what_an_agency_sees_of_its_own_request_without_consent_is_no_disclosure(house: House) -> None:
    told = await agreed(house)
    other = ok(await house.agency.post("/v1/intake-requests", intake()))["reference"]
    (waiting,) = [item for item in await items(house.peer, "/v1/intake-requests") if item["reference"] == other]
    met = ok(await house.peer.post(f"/v1/intake-requests/{waiting['id']}/connection", {}))["code"]
    await agrees(house.peer, met, house.organizations["harbor"], categories=["referral"])
    ok(await house.agency.get(f"/v1/intake-requests/{other}"))
    ok(await house.agency.get("/v1/intake-requests"))
    assert await accounted(house.supervisor, met) == []
    (seen,) = await accounted(house.supervisor, told.code)
    assert (seen["categories"], seen["records"]) == (["intake_status", "onward_status"], ["intake_requests"])


async def test_what_rests_on_two_consents_names_both_and_is_one_disclosure(house: House) -> None:
    told = await agreed(house)
    (before,) = await items(house.peer, f"/v1/participants/{told.code}/consents")
    ok(await house.peer.post(f"/v1/participants/{told.code}/consents/{before['id']}/revoke"))
    harbor = house.organizations["harbor"]
    given = [await agrees(house.peer, told.code, harbor, categories=[category]) for category in LOOP[1:]]
    ok(await house.agency.get(told.at_request))
    (seen,) = await accounted(house.supervisor, told.code)
    assert seen["consents"] == sorted(consent["reference"] for consent in given)
    assert seen["categories"] == ["intake_status", "onward_status"]


async def test_earlier_disclosures_stay_when_consent_is_taken_back_and_no_later_ones_come(house: House) -> None:
    code, referral = await referred_with_consent(house)
    path = f"/v1/referrals/{referral['reference']}"
    ok(await house.agency.get(path))
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    refused(await house.agency.get(path), 404, "not_found")
    assert len(await accounted(house.supervisor, code)) == 1


async def test_what_is_taken_back_between_gate_and_seal_is_neither_shown_nor_accounted_for(house: House) -> None:
    code, referral = await referred_with_consent(house)
    reading = await at_the_gate(house.agency, "GET /v1/referrals/{id}", id=referral["reference"])
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    with pytest.raises(NotFound):
        await sealed(house.agency, reading)
    assert await accounted(house.supervisor, code) == []


async def test_one_that_passed_the_gate_alone_is_accounted_for_with_its_consent(house: House) -> None:
    code, referral = await referred_with_consent(house)
    await sealed(house.agency, await at_the_gate(house.agency, "GET /v1/referrals/{id}", id=referral["reference"]))
    (consent,) = await items(house.peer, f"/v1/participants/{code}/consents")
    assert [told["consents"] for told in await accounted(house.supervisor, code)] == [[consent["reference"]]]


async def test_the_accounting_is_of_all_linked_records(house: House) -> None:
    (code, first), (other, _) = [await referred_with_consent(house) for _ in range(2)]
    ok(await house.agency.get(f"/v1/referrals/{first['reference']}"))
    ok(await house.agency.get("/v1/referrals"))
    assert [len(await accounted(house.supervisor, each)) for each in (code, other)] == [2, 1]
    await links(house, code, other)
    assert [len(await accounted(house.supervisor, each)) for each in (code, other)] == [3, 3]


async def test_it_goes_back_three_years_and_no_further(house: House) -> None:
    code, referral = await referred_with_consent(house)
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    house.clock.move(timedelta(days=LOOKS_BACK))
    assert len(await accounted(house.supervisor, code)) == 1
    await sweep(house.installation)
    assert len(await kept(house)) == 1
    house.clock.move(timedelta(days=1))
    assert await accounted(house.supervisor, code) == []
    assert "Nothing was disclosed" in await prints(house.supervisor, f"/v1/participants/{code}/accounting")
    await sweep(house.installation)
    assert await kept(house) == []


async def test_it_is_for_supervisors_who_reach_the_person_and_to_whom_their_history_is_open(house: House) -> None:
    code = await house.peer.enrolls()
    for door in ("accounting", "intermediary-disclosures"):
        path = f"/v1/participants/{code}/{door}"
        ok(await house.supervisor.get(path))
        for caller in (house.peer, house.stranger, house.agency, house.integrator, house.admin):
            refused(await caller.get(path), 403, "not_permitted")
        refused(await house.other_supervisor.get(path), 404, "not_found")
        refused(await house.supervisor.get(path, headers={"Accept": "image/png"}), 406, "not_acceptable")
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    for door in ("accounting", "intermediary-disclosures"):
        refused(await house.other_supervisor.get(f"/v1/participants/{code}/{door}"), 409, "history_closed")


async def test_it_prints_one_line_for_what_was_alike_on_a_day(house: House) -> None:
    told = await agreed(house)
    for _ in range(3):
        ok(await house.agency.get(told.at_referral))
    await emergency_is_told(told)
    await court_is_told(told)
    paper = await prints(house.supervisor, f"/v1/participants/{told.code}/accounting")
    assert told.code not in paper
    for words in ("harbor (Partner agency)", "Ambulance service", "Court order", "Medical emergency"):
        assert words in paper
    (consent,) = await items(house.peer, f"/v1/participants/{told.code}/consents")
    assert consent["reference"][:8] in paper
    assert paper.count("(Partner agency)") == 1


async def test_the_whole_accounting_is_one_query(house: House) -> None:
    told = await agreed(house)
    for _ in range(3):
        ok(await house.agency.get(told.at_referral))
    for headers in ({}, PDF):
        with statements() as heard:
            await house.supervisor.get(f"/v1/participants/{told.code}/accounting", headers=headers)
        assert len([statement for statement in heard if "FROM disclosures" in statement]) == 1


async def test_a_disclosure_costs_one_insert_however_many_people_a_list_shows(house: House) -> None:
    for _ in range(3):
        await referred_with_consent(house)
    with statements() as heard:
        ok(await house.agency.get("/v1/referrals"))
    assert [statement for statement in heard if "disclosures" in statement] == ["INSERT INTO disclosures"]
    assert len(await kept(house)) == 3


async def test_the_recipients_of_an_intermediary_are_listed_by_name_day_and_content(house: House) -> None:
    code, referral = await referred_with_consent(house)
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    harbor, bridge = str(house.organizations["harbor"]), str(house.organizations["bridge"])
    path = f"/v1/participants/{code}/intermediary-disclosures"
    nothing = {"since": str(date(2026, 11, 2) - timedelta(days=LOOKS_BACK)), "items": []}
    assert ok(await house.supervisor.get(path)) == nothing
    assert "Nobody received anything" in await prints(house.supervisor, path)
    network = {"preset": "care_network", "organization_id": harbor, "recipients": [bridge]}
    ok(await house.peer.post(f"/v1/participants/{code}/consents", network))
    asked = await refers(house.peer, code, house.organizations["bridge"])
    for _ in range(2):
        ok(await house.other_agency.get(f"/v1/referrals/{asked['reference']}"))
    told = {"organization": "bridge", "disclosed_on": "2026-11-02", "categories": ["referral"], "times": 2}
    assert ok(await house.supervisor.get(path))["items"] == [told]
    assert "bridge 2026-11-02" in await prints(house.supervisor, path)


async def test_after_forgetting_what_accounting_asks_for_stands_by_reference_alone(house: House) -> None:
    told, (code, referral) = await agreed(house), await referred_with_consent(house)
    (consent,) = await items(house.peer, f"/v1/participants/{told.code}/consents")
    for _ in range(3):
        ok(await house.agency.get(told.at_referral))
    ok(await house.agency.get(told.at_request))
    await emergency_is_told(told)
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    ok(await house.supervisor.post(f"/v1/participants/{told.code}/forget", {"asked_by": "participant"}))
    refused(await house.supervisor.get(f"/v1/participants/{told.code}/accounting"), 404, "not_found")
    apart = list((await house.rows(select(table_of(DisclosureKeptApart))))[0])
    assert {(row.organization_id, row.disclosed_on, *row.consents) for row in apart} == {
        (house.organizations["harbor"], date(2026, 11, 1), consent["reference"])
    }
    assert sorted((row.times, *row.categories) for row in apart) == [(1, *LOOP[1:]), (3, "referral")]
    assert len(await kept(house)) == len(await accounted(house.supervisor, code)) == 1
    path = f"/v1/accounting-kept-apart/{consent['reference']}"
    by_paper = ok(await house.supervisor.get(path))["items"]
    assert {(item["disclosed_in"], item["organization"], item["purpose"]) for item in by_paper} == {
        ("2026-11", "harbor", "coordination_of_care")
    }
    assert sorted(item["times"] for item in by_paper) == [1, 3]
    refused(await house.peer.get(path), 403, "not_permitted")
    (of_another,) = await items(house.peer, f"/v1/participants/{code}/consents")
    for reference in (of_another["reference"], str(uuid4()), "nothing"):
        refused(await house.supervisor.get(f"/v1/accounting-kept-apart/{reference}"), 404, "not_found")
    house.clock.move(timedelta(days=LOOKS_BACK + 2))
    await sweep(house.installation)
    assert list((await house.rows(select(table_of(DisclosureKeptApart))))[0]) == []
