"""By whom a request comes: an agency's credential says it; the program's own people say it of what they take in."""

from uuid import uuid4

from sqlalchemy import select

from tests.rooms.taking_in import QUEUE, due_is_done, known, posted, taken_in
from tests.stories.steps import absent, items
from tests.world import House, intake, ok, refused
from true_api.kernel.outbox import Job
from true_api.kernel.rows import table_of
from true_api.privacy.words import SealedText
from true_api.rooms.intake.tables import IntakeRequest
from true_api.security.idempotency import IdempotentRequest
from true_api.security.trail import TrailEntry

OWN_SOURCES = ("self", "family_or_friend", "walk_in", "street_team")
TRIED = f"{QUEUE}?validate_only=true"
PHONE = "Call 212 555 0148 after six."


async def test_an_agency_is_the_source_of_what_it_posts_and_says_so_by_its_credential_alone(house: House) -> None:
    for source in (*OWN_SOURCES, "partner_agency"):
        for caller in (house.agency, house.agency_worker):
            refused(await caller.post(QUEUE, intake(source=source)), 422, "invalid_shape")
    for other in ({"organization_id": str(house.organizations["bridge"])}, {"organization": "bridge"}):
        problem = refused(await house.agency.post(QUEUE, intake(**other)), 422, "invalid_shape")
        assert [fault["code"] for fault in problem["errors"]] == ["unknown_field"]
    assert await items(house.peer, QUEUE) == []
    _, request = await posted(house)
    seen = await known(house.peer, request)
    assert (seen["source"], seen["organization_id"]) == ("partner_agency", str(house.organizations["harbor"]))


async def test_the_programs_own_people_take_requests_in(house: House) -> None:
    for source, caller in zip(OWN_SOURCES, (house.peer, house.supervisor) * 2, strict=True):
        kept = ok(await caller.post(QUEUE, intake(source=source, note="Would like to talk to somebody.")))
        assert (kept["source"], kept["state"], kept["words_kept"]) == (source, "new", ["note"])
        assert kept["organization_id"] == str(house.organizations["program"])
        assert (await known(house.stranger, kept["id"]))["note"] == "Would like to talk to somebody."
        for agency in (house.agency, house.other_agency):
            await absent(agency, f"{QUEUE}/{kept['reference']}")
    assert await items(house.agency, QUEUE) == []


async def test_the_program_says_by_whom_a_request_came_and_has_no_reference_of_an_agency(house: House) -> None:
    for wrong in ({}, {"source": "partner_agency"}, {"source": "walk_in", "own_reference": "desk 4"}):
        refused(await house.peer.post(QUEUE, intake(**wrong)), 422, "invalid_shape")
    unasked = {**intake(source="self")}
    del unasked["person_knows"]
    refused(await house.peer.post(QUEUE, unasked), 422, "invalid_shape")
    assert await items(house.peer, QUEUE) == []


async def test_a_request_that_is_only_to_be_judged_leaves_nothing_but_its_trace(house: House) -> None:
    draft = intake(note="Slept by the river.", own_reference="desk 4")
    answer = await house.agency.call("POST", TRIED, draft)
    assert answer.status_code == 200
    assert ok(answer) == {"validate_only": True, "kept": False, "returned": None, "guidance": None}
    kinds = (IntakeRequest, Job, IdempotentRequest, SealedText)
    assert [len(rows) for rows in await house.rows(*(select(table_of(kind)) for kind in kinds))] == [0, 0, 0, 0]
    entries = table_of(TrailEntry)
    (entry,) = (await house.rows(select(entries).where(entries.c.door == "POST /v1/intake-requests")))[0]
    assert (entry.outcome, entry.record_id, "validate_only" in entry.fields) == (200, None, True)


async def test_a_trial_uses_no_key_up(house: House) -> None:
    key = {"Idempotency-Key": f"desk-{uuid4()}"}
    assert (await house.agency.post(TRIED, intake(), headers=key)).status_code == 200
    assert (await house.agency.post(QUEUE, intake(), headers=key)).status_code == 201
    again = await house.agency.post(TRIED, intake(), headers=key)
    assert (again.status_code, "idempotent-replayed" in again.headers) == (200, False)
    assert len(await items(house.peer, QUEUE)) == 1


async def test_a_trial_is_refused_as_the_request_itself_would_be(house: House) -> None:
    unasked = intake()
    del unasked["person_knows"]
    for draft in (unasked, intake(organization="bridge"), intake(source="self"), intake(needs=[])):
        refused(await house.agency.post(TRIED, draft), 422, "invalid_shape")
    refused(await house.agency.post(TRIED, intake(note=PHONE)), 422, "narrative_refused")
    nowhere = {"channel": "in_person", "usual_place": "no-such-zone", "hours": ["evening"]}
    refused(await house.agency.post(TRIED, intake(safe_contact=nowhere)), 409, "no_such_place")
    for caller in (house.admin, house.integrator):
        refused(await caller.post(TRIED, intake()), 403, "not_permitted")
    for value in ("1", "yes", "True", ""):
        asked = await house.agency.post(f"{QUEUE}?validate_only={value}", intake())
        refused(asked, 422, "invalid_shape")
    lenient = await house.agency.post(TRIED, intake(note=PHONE), headers={"Prefer": "handling=lenient"})
    assert [text["pointer"] for text in ok(lenient)["returned"]] == ["/note"]
    assert await items(house.peer, QUEUE) == []


async def test_without_a_trial_the_key_is_asked_for_as_ever(house: House) -> None:
    for path in (QUEUE, f"{QUEUE}?validate_only=false"):
        refused(await house.agency.call("POST", path, intake()), 400, "idempotency_key_required")
    assert (await house.agency.post(f"{QUEUE}?validate_only=false", intake())).status_code == 201


async def test_withdrawn_at_the_program_by_the_person_s_word_at_any_time(house: House) -> None:
    ways = {
        "new": (),
        "contacting": (("transitions", {"to": "contacting"}),),
        "declined_by_person": (("transitions", {"to": "declined_by_person", "reason": "not_now"}),),
        "referred_elsewhere": (("transitions", {"to": "referred_elsewhere", "reason": "other"}),),
        "connected": (("connection", {}),),
    }
    for state, steps in ways.items():
        request = await taken_in(house.peer)
        for door, said in steps:
            ok(await house.peer.post(f"{QUEUE}/{request}/{door}", said))
        seen = ok(await house.peer.post(f"{QUEUE}/{request}/withdrawal"))
        assert (seen["withdrawn_on"], seen["withdrawn_through"]) == ("2026-11-02", "program")
        assert seen["state"] == ("connected" if state == "connected" else "withdrawn")
        again = refused(await house.peer.post(f"{QUEUE}/{request}/withdrawal"), 409, "intake_move_not_allowed")
        assert again["allowed"] == []
    moved = await taken_in(house.peer)
    seen = ok(await house.peer.post(f"{QUEUE}/{moved}/transitions", {"to": "withdrawn"}))
    assert (seen["withdrawn_on"], seen["withdrawn_through"]) == ("2026-11-02", "program")


async def test_who_withdrew_is_not_to_be_reached_any_more_and_the_agency_reads_what_it_sent(house: House) -> None:
    contact = {"channel": "in_person", "hours": ["evening"]}
    reference, request = await posted(house, safe_contact=contact)
    assert (await known(house.peer, request))["safe_contact"] is not None
    ok(await house.peer.post(f"{QUEUE}/{request}/withdrawal"))
    assert (await known(house.peer, request))["safe_contact"] is None
    assert (await known(house.agency, reference))["safe_contact"]["channel"] == "in_person"


async def test_the_agency_passes_on_that_the_person_withdrew_and_is_answered_alike_whatever_there_was(
    house: House,
) -> None:
    requests = [await posted(house) for _ in range(5)]
    (_, met), (_, declined), (_, withdrawn), *_ = requests
    ok(await house.peer.post(f"{QUEUE}/{met}/connection", {}))
    ok(await house.peer.post(f"{QUEUE}/{declined}/transitions", {"to": "declined_by_person", "reason": "other"}))
    ok(await house.peer.post(f"{QUEUE}/{withdrawn}/withdrawal"))
    answers = [await house.agency.post(f"{QUEUE}/{name}/withdrawal") for name, _ in requests]
    told = [{**ok(answer), "reference": None} for answer in answers]
    assert told == [told[0]] * len(requests)
    assert {answer.status_code for answer in answers} == {200}
    again = [await house.agency.post(f"{QUEUE}/{name}/withdrawal") for name, _ in requests]
    assert [answer.content for answer in again] == [answer.content for answer in answers]
    await due_is_done(house)
    for number, (reference, request) in enumerate(requests):
        assert {**await known(house.agency, reference), "reference": None}.items() >= told[0].items()
        seen = await known(house.peer, request)
        assert seen["withdrawn_through"] == ("program" if request == withdrawn else "agency"), number
        assert seen["state"] == ("connected" if request == met else "withdrawn")


async def test_a_retry_of_the_agency_s_word_is_answered_again_and_another_agency_has_none_to_pass_on(
    house: House,
) -> None:
    reference, request = await posted(house)
    key = {"Idempotency-Key": "withdrawn-at-desk-4"}
    path = f"{QUEUE}/{reference}/withdrawal"
    first = await house.agency.post(path, headers=key)
    again = await house.agency.post(path, headers=key)
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    for caller in (house.other_agency, house.admin, house.integrator):
        answer = await caller.post(path)
        assert answer.status_code in (403, 404)
    refused(await house.agency.post(f"{QUEUE}/{request}/withdrawal"), 404, "not_found")
    await due_is_done(house)
    assert (await known(house.peer, request))["state"] == "withdrawn"
