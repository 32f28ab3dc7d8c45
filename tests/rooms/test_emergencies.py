"""Disclosures in a medical emergency: documented at once, without consent, and accounted for (42 CFR 2.51)."""

from uuid import UUID, uuid4

import pytest

from tests.journeys.leaving import links
from tests.rooms.telling import accounted, prints
from tests.stories.steps import emergency, items
from tests.world import Caller, House, ok, refused

EMERGENCIES = "/v1/emergency-disclosures"
CLINIC = "the clinic by the river"


async def tells(caller: Caller, code: str, **over: object) -> dict[str, object]:
    return ok(await caller.post(EMERGENCIES, emergency(code, **over)))


async def test_a_peer_documents_it_and_a_supervisor_reads_it(house: House) -> None:
    code = await house.peer.enrolls()
    told = await tells(house.peer, code, facility=CLINIC)
    seen = {
        **emergency(code),
        "id": told["id"],
        "reference": told["reference"],
        "disclosed_by": str(house.peer.id),
        "recorded_on": "2026-11-02",
    }
    assert told == {**seen, "words_kept": ["facility"], "returned": None, "guidance": None}
    assert UUID(str(told["reference"])).version == 4
    assert await items(house.supervisor, EMERGENCIES) == [seen]
    assert ok(await house.supervisor.get(f"{EMERGENCIES}/{told['id']}")) == {**seen, "facility": CLINIC}


async def test_it_stands_in_the_accounting_without_consent(house: House) -> None:
    code = await house.peer.enrolls()
    told = await tells(house.peer, code, facility=CLINIC, information=["medication", "naloxone_given"])
    assert await accounted(house.supervisor, code) == [
        {
            "disclosed_on": "2026-11-01",
            "recipient": "ambulance_service",
            "organization": None,
            "categories": ["medication", "naloxone_given"],
            "records": ["emergency_disclosures"],
            "fields": [],
            "purpose": "medical_emergency",
            "basis": "medical_emergency",
            "consents": [],
            "record_id": told["id"],
        }
    ]
    paper = await prints(house.supervisor, f"/v1/participants/{code}/accounting")
    assert f"{CLINIC} (Ambulance service)" in paper


async def test_the_printed_record_has_its_reference_and_lines_for_names_and_no_code(house: House) -> None:
    code = await house.peer.enrolls()
    told = await tells(house.peer, code, facility=CLINIC)
    paper = await prints(house.supervisor, f"{EMERGENCIES}/{told['id']}")
    for words in (str(told["reference"]), CLINIC, "Overdose", "Naloxone given", "Who was told (name)", "Signature"):
        assert words in paper
    assert code not in paper
    refused(
        await house.supervisor.get(f"{EMERGENCIES}/{told['id']}", headers={"Accept": "text/html"}),
        406,
        "not_acceptable",
    )


async def test_who_was_only_shown_the_code_may_too_and_nobody_else(house: House) -> None:
    code = await house.peer.enrolls()
    refused(await house.stranger.post(EMERGENCIES, emergency(code)), 404, "not_found")
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    told = await tells(house.stranger, code)
    for caller in (house.agency, house.integrator, house.admin):
        refused(await caller.post(EMERGENCIES, emergency(code)), 403, "not_permitted")
    for caller in (house.peer, house.stranger, house.agency, house.integrator, house.admin):
        refused(await caller.get(EMERGENCIES), 403, "not_permitted")
        refused(await caller.get(f"{EMERGENCIES}/{told['id']}"), 403, "not_permitted")
    for supervisor in (house.supervisor, house.other_supervisor):
        assert [item["id"] for item in await items(supervisor, EMERGENCIES)] == [told["id"]]
    only_of_ours = await tells(house.peer, code)
    assert [item["id"] for item in await items(house.other_supervisor, EMERGENCIES)] == [told["id"]]
    for identity in (only_of_ours["id"], str(uuid4())):
        refused(await house.other_supervisor.get(f"{EMERGENCIES}/{identity}"), 404, "not_found")


async def test_of_linked_records_the_facility_is_printed_too(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    await tells(house.peer, other, facility=CLINIC)
    await links(house, code, other)
    assert CLINIC in await prints(house.supervisor, f"/v1/participants/{code}/accounting")


async def test_it_is_recorded_on_its_day_or_later_and_a_retry_counts_once(house: House) -> None:
    code = await house.peer.enrolls()
    refused(
        await house.peer.post(EMERGENCIES, emergency(code, disclosed_on="2026-11-03")),
        409,
        "emergency_not_yet_disclosed",
    )
    key = {"Idempotency-Key": uuid4().hex}
    first, again = [ok(await house.peer.post(EMERGENCIES, emergency(code), headers=key)) for _ in range(2)]
    assert first == again
    assert len(await accounted(house.supervisor, code)) == 1


@pytest.mark.parametrize(
    ("over", "status", "code"),
    [
        ({"information": []}, 422, "invalid_shape"),
        ({"recipient": "a_friend"}, 422, "invalid_shape"),
        ({"part_of_day": None}, 422, "invalid_shape"),
        ({"told": "somebody"}, 422, "invalid_shape"),
        ({"facility": "ask for Maria Gonzalez, 555-010-4477"}, 422, "narrative_refused"),
    ],
)
async def test_what_the_law_asks_for_is_sent_and_no_name_of_anybody(
    house: House, over: dict[str, object], status: int, code: str
) -> None:
    participant = await house.peer.enrolls()
    refused(await house.peer.post(EMERGENCIES, emergency(participant, **over)), status, code)
    assert await accounted(house.supervisor, participant) == []
