"""FHIR: every referral that anybody can read is a valid bundle of R4, says what the JSON says, and describes nobody."""

import json
import re
from typing import Any
from uuid import UUID

from fhir.resources.R4B.bundle import Bundle

from tests.security.traces import entry_of
from tests.stories.steps import agrees, every_item, moves, refers
from tests.world import Caller, House, ok, refused
from true_api.outlets.fhir.codes import (
    ACT_REASON,
    REFERRAL_TASK_STATUS,
    REQUEST_STATUS,
    SDOH_CATEGORIES,
    TASK_STATUS,
    category_of,
)
from true_api.privacy.purposes import ConsentPurpose
from true_api.privacy.terms import Need
from true_api.rooms.referrals.vocabulary import ReferralState

FHIR = {"Accept": "application/fhir+json"}
SDOHCC = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
WORDS = "Ask for the desk by the river."
WAYS: dict[str, list[tuple[str, str]]] = {
    "requested": [],
    "accepted": [("agency", "accepted")],
    "rejected": [("agency", "no_place_offered")],
    "on-hold": [("agency", "on_hold")],
    "in-progress": [("agency", "accepted"), ("agency", "in_progress")],
    "completed": [("agency", "accepted"), ("agency", "completed")],
    "failed": [("agency", "accepted"), ("agency", "not_completed")],
    "cancelled": [("peer", "cancelled")],
    "entered-in-error": [("peer", "entered_in_error")],
}
"""How a referral comes to each status of FHIR; a draft is where it begins."""
ONLY_FOR_PROGRAM = {"draft", "entered-in-error"}


def why(to: str) -> dict[str, Any]:
    """What has to be said with a move."""
    if to == "completed":
        return {"outcomes": ["service_received"]}
    if to in ("no_place_offered", "not_completed", "on_hold", "cancelled"):
        return {"reason": "waitlist", "decided_by": "provider"}
    return {}


async def bundle(caller: Caller, path: str) -> dict[str, Any]:
    """What a caller reads in FHIR, held against R4 (`fhir.resources`, by its own strict models)."""
    answer = await caller.get(path, headers=FHIR)
    assert answer.headers["content-type"] == "application/fhir+json", answer.text
    assert answer.headers["vary"] == "Accept"
    read: dict[str, Any] = ok(answer)
    known = json.loads(Bundle.model_validate(read).model_dump_json(exclude_none=True))
    assert known == read, "nothing is said in a shape that R4 does not know"
    urls = [entry["fullUrl"] for entry in read.get("entry", [])]
    assert len(set(urls)) == len(urls)
    for reference in re.findall(r'"reference": ?"([^"]+)"', json.dumps(read)):
        assert reference in urls, "what is pointed to is there"
    return read


def of_kind(read: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one resource of a kind in a bundle."""
    (found,) = [one["resource"] for one in read["entry"] if one["resource"]["resourceType"] == kind]
    return dict(found)


async def referred(house: House, way: list[tuple[str, str]], code: str, **over: Any) -> dict[str, Any]:
    """A referral to the harbor that went this way."""
    referral = await refers(house.peer, code, house.organizations["harbor"], note=WORDS, **over)
    for who, to in way:
        name = referral["id"] if who == "peer" else referral["reference"]
        await moves(getattr(house, who), name, to, **why(to))
    return referral


async def test_every_state_is_a_status_that_the_gravity_guide_binds(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    draft = await refers(house.peer, code, house.organizations["harbor"], draft=True)
    seen = {of_kind(await bundle(house.peer, f"/v1/referrals/{draft['id']}"), "Task")["status"]}
    for status, way in WAYS.items():
        referral = await referred(house, way, code)
        readers = [(house.peer, referral["id"]), (house.agency, referral["reference"])]
        for caller, name in readers:
            if caller is house.agency and status in ONLY_FOR_PROGRAM:
                refused(await caller.get(f"/v1/referrals/{name}", headers=FHIR), 404, "not_found")
                continue
            task = of_kind(await bundle(caller, f"/v1/referrals/{name}"), "Task")
            assert task["status"] == status
            assert ("statusReason" in task) == (status in ("rejected", "failed", "on-hold", "cancelled"))
            assert task.get("statusReason", {"text": "Waitlist"})["text"] == "Waitlist"
            assert ("output" in task) == (status == "completed")
        seen.add(status)
    assert seen == REFERRAL_TASK_STATUS


def test_the_tables_of_codes_leave_nothing_out() -> None:
    assert set(TASK_STATUS) == set(REQUEST_STATUS) == set(ReferralState)
    assert set(TASK_STATUS.values()) == REFERRAL_TASK_STATUS
    assert set(ACT_REASON) == set(ConsentPurpose)
    assert (TASK_STATUS[ReferralState.NO_PLACE_OFFERED], TASK_STATUS[ReferralState.NOT_COMPLETED]) == (
        "rejected",
        "failed",
    )
    of_needs = {need: category_of(need)["coding"][0] for need in Need}
    assert {code["system"] for code in of_needs.values()} == {SDOHCC}
    assert {code["code"] for code in of_needs.values()} <= SDOH_CATEGORIES
    assert of_needs[Need.FOOD_INSECURITY]["code"] == "food-insecurity"
    assert of_needs[Need.WITHDRAWAL_MANAGEMENT]["code"] == "sdoh-category-unspecified"


async def test_an_agency_reads_its_own_code_and_months_and_how_far_the_person_agreed(house: House) -> None:
    code, harbor = await house.peer.enrolls(age_band="25_34", languages=["vi"]), house.organizations["harbor"]
    consent = await agrees(house.peer, code, harbor)
    referral = await refers(house.peer, code, harbor, wishes=["with_pet"], urgency="urgent", note=WORDS)
    path = f"/v1/referrals/{referral['reference']}"
    seen, read = ok(await house.agency.get(path)), await bundle(house.agency, path)
    request, task, agreed = (of_kind(read, kind) for kind in ("ServiceRequest", "Task", "Consent"))
    subject = {"type": "Patient", "identifier": {"system": f"urn:uuid:{harbor}", "value": seen["code"]}}
    assert request["subject"] == task["for"] == agreed["patient"] == subject
    assert (request["authoredOn"], task["lastModified"]) == (seen["requested_in"], seen["changed_in"])
    assert (request["priority"], request["status"], request["orderDetail"][0]["text"]) == (
        "urgent",
        "active",
        "With pet",
    )
    period = agreed["provision"]["period"]
    assert period == {"end": seen["disclosure"]["scope"]["valid_to"]}
    assert "dateTime" not in agreed
    assert seen["disclosure"]["notice"] in agreed["text"]["div"]
    assert [purpose["code"] for purpose in agreed["provision"]["purpose"]] == ["COC"]
    said = json.dumps(read)
    hidden = (code, referral["id"], consent["id"], consent["reference"], WORDS, "25_34", 'vi"', consent["given_on"])
    assert [one for one in hidden if one in said] == []
    assert re.findall(r"\d{4}-\d\d-\d\d|\d\d:\d\d", said) == []
    assert str(house.organizations["program"]) not in said
    assert str(house.organizations["bridge"]) not in said


async def test_the_program_reads_days_and_the_consent_behind_and_its_own_code(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    referral = await refers(house.peer, code, harbor, need="food-insecurity")
    path = f"/v1/referrals/{referral['id']}"
    alone = await bundle(house.supervisor, path)
    assert [entry["resource"]["resourceType"] for entry in alone["entry"]] == ["ServiceRequest", "Task"]
    assert alone["type"] == "collection"
    consent = await agrees(house.peer, code, harbor)
    read = await bundle(house.peer, path)
    request, agreed = of_kind(read, "ServiceRequest"), of_kind(read, "Consent")
    assert request["subject"]["identifier"] == {"system": f"urn:uuid:{house.organizations['program']}", "value": code}
    assert request["category"][0]["coding"] == [{"system": SDOHCC, "code": "food-insecurity"}]
    assert request["authoredOn"] == referral["requested_on"]
    assert agreed["dateTime"] == consent["given_on"]
    assert agreed["provision"]["period"] == {"start": consent["valid_from"], "end": consent["valid_to"]}
    assert UUID(request["id"]) == UUID(referral["reference"])
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    after = await bundle(house.peer, path)
    assert [entry["resource"]["resourceType"] for entry in after["entry"]] == ["ServiceRequest", "Task"]


async def test_without_consent_fhir_is_as_absent_as_json(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    referral = await refers(house.peer, code, harbor)
    refused(await house.agency.get(f"/v1/referrals/{referral['reference']}", headers=FHIR), 404, "not_found")
    assert "entry" not in await bundle(house.agency, "/v1/referrals")
    consent = await agrees(house.peer, code, harbor)
    assert len((await bundle(house.agency, "/v1/referrals"))["entry"]) == 3
    refused(await house.other_agency.get(f"/v1/referrals/{referral['reference']}", headers=FHIR), 404, "not_found")
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    assert "entry" not in await bundle(house.agency, "/v1/referrals")


async def test_a_list_is_a_searchset_that_is_read_on_from_link_to_link(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    for _ in range(5):
        await refers(house.peer, code, harbor)
    for caller in (house.agency, house.peer):
        listed = {item["reference"] for item in await every_item(caller, "/v1/referrals", 2)}
        path: str | None = "/v1/referrals?limit=2&state=requested"
        found: list[str] = []
        while path is not None:
            read = await bundle(caller, path)
            assert read["type"] == "searchset"
            modes = [(entry["resource"]["resourceType"], entry["search"]["mode"]) for entry in read["entry"]]
            assert set(modes) == {("ServiceRequest", "match"), ("Task", "include"), ("Consent", "include")}
            links = {link["relation"]: link["url"] for link in read["link"]}
            assert links["self"] == path
            path = links.get("next")
            assert path is None or "state=requested" in path
            found += [entry["resource"]["id"] for entry in read["entry"] if entry["search"]["mode"] == "match"]
        assert (len(found), set(found)) == (5, listed)


ACCEPTS = {
    "application/fhir+json": "application/fhir+json",
    "application/fhir+json; fhirVersion=4.0": "application/fhir+json",
    "application/json;q=0.5, application/fhir+json": "application/fhir+json",
    "application/fhir+json;q=0.5, application/json": "application/json",
    "*/*": "application/json",
    "application/fhir+xml": None,
    "application/fhir+json;q=0": None,
}


async def test_who_asks_for_neither_is_told_so(house: House) -> None:
    referral = await refers(house.peer, await house.peer.enrolls(), house.organizations["harbor"])
    for accept, answer in ACCEPTS.items():
        for path in ("/v1/referrals", f"/v1/referrals/{referral['id']}"):
            read = await house.peer.get(path, headers={"Accept": accept})
            if answer is None:
                refused(read, 406, "not_acceptable")
            else:
                assert (read.status_code, read.headers["content-type"]) == (200, answer)


async def test_etags_hold_for_each_form_alone_and_the_trail_says_what_was_shown(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    referral = await refers(house.peer, code, harbor)
    path = f"/v1/referrals/{referral['reference']}"
    first = await house.agency.get(path, headers=FHIR)
    in_json = await house.agency.get(path)
    assert first.headers["etag"] != in_json.headers["etag"]
    known = {"If-None-Match": first.headers["etag"]}
    assert (await house.agency.get(path, headers={**FHIR, **known})).status_code == 304
    assert (await house.agency.get(path, headers=known)).status_code == 200
    await moves(house.agency, referral["reference"], "accepted")
    assert (await house.agency.get(path, headers={**FHIR, **known})).status_code == 200
    entry = await entry_of(house, first)
    assert set(entry.fields) == {
        *("changed_in", "code", "disclosure", "need", "outcomes", "reference", "requested_in", "state", "urgency"),
        "wishes",
    }
