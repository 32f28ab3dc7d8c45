"""Places: asked about without a person, answered for one's own agency alone, and never relied on for too long."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.stories.steps import absent, items
from tests.world import House, ok, refused
from true_api.kernel.rows import metadata, table_of
from true_api.rooms.capacity.tables import AgencyTonight, CapacityAnswer, CapacityQuestion

QUESTIONS = "/v1/capacity-questions"
TOLD = {"reference", "need", "tonight", "answer", "places", "minutes_old"}


async def asks(house: House, *agencies: str, **over: Any) -> dict[str, Any]:
    """A peer asks agencies for a bed in withdrawal management."""
    named = [str(house.organizations[name]) for name in agencies or ("harbor", "bridge")]
    return ok(await house.peer.post(QUESTIONS, {"need": "withdrawal-management", "organization_ids": named, **over}))


async def test_a_question_names_nobody_and_each_agency_sees_its_own_alone(house: House) -> None:
    question = await asks(house, tonight=True)
    (of_harbor,), (of_bridge,) = [await items(caller, QUESTIONS) for caller in (house.agency, house.other_agency)]
    assert set(of_harbor) == set(of_bridge) == TOLD
    assert of_harbor["reference"] not in (of_bridge["reference"], question["id"])
    assert (of_harbor["need"], of_harbor["tonight"], of_harbor["answer"]) == ("withdrawal-management", True, None)
    answer = {"answer": "capacity", "places": 2}
    path = f"{QUESTIONS}/{of_harbor['reference']}/answer"
    refused(await house.other_agency.post(path, answer), 404, "not_found")
    assert ok(await house.agency.post(path, answer))["places"] == 2
    assert await items(house.other_agency, QUESTIONS) == [of_bridge]
    only = await asks(house, "harbor", need="legal-aid")
    assert len(only["answers"]) == 1
    assert len(await items(house.other_agency, QUESTIONS)) == 1


def test_no_table_of_places_could_name_a_person() -> None:
    about_nobody = [table_of(kind) for kind in (CapacityQuestion, CapacityAnswer, AgencyTonight)]
    leads_to = {key.column.table for table in about_nobody for key in table.foreign_keys} - set(about_nobody)
    assert {table.name for table in leads_to} == {"members", "organizations", "teams"}
    pointing = {
        table.name for table in metadata.sorted_tables for key in table.foreign_keys if key.column.table in about_nobody
    }
    assert pointing == {"capacity_answers"}


async def test_the_program_reads_each_answer_with_its_age(house: House) -> None:
    question = await asks(house)
    (seen,) = await items(house.agency, QUESTIONS)
    harbor, bridge = str(house.organizations["harbor"]), str(house.organizations["bridge"])
    for said in ("waitlist", "no_capacity", "additional_assessment_required", "capacity"):
        ok(await house.agency.post(f"{QUESTIONS}/{seen['reference']}/answer", {"answer": said}))
        house.clock.move(timedelta(minutes=45))
        read = ok(await house.peer.get(f"{QUESTIONS}/{question['id']}"))
        assert read["answers"] == [
            {"organization_id": harbor, "answer": said, "places": None, "minutes_old": 45},
            {"organization_id": bridge, "answer": None, "places": None, "minutes_old": None},
        ]
    assert await items(house.colleague, QUESTIONS) == [read]
    assert await items(house.stranger, QUESTIONS) == []
    await absent(house.stranger, f"{QUESTIONS}/{question['id']}")


async def test_a_question_about_tonight_is_over_on_the_day_after_tomorrow_and_another_after_a_week(
    house: House,
) -> None:
    await asks(house, need="legal-aid", tonight=True)
    await asks(house, need="wound-care")
    seen = {one["need"]: one["reference"] for one in await items(house.agency, QUESTIONS)}
    for days, needs in ((1, {"legal-aid", "wound-care"}), (1, {"wound-care"}), (5, {"wound-care"}), (1, set())):
        house.clock.move(timedelta(days=days))
        assert {one["need"] for one in await items(house.agency, QUESTIONS)} == needs
    for reference in seen.values():
        late = await house.agency.post(f"{QUESTIONS}/{reference}/answer", {"answer": "capacity"})
        refused(late, 404, "not_found")


async def test_an_agency_speaks_for_itself_alone(house: House) -> None:
    await asks(house)
    (seen,) = await items(house.agency, QUESTIONS)
    bridge = str(house.organizations["bridge"])
    for path, method, said in (
        (f"{QUESTIONS}/{seen['reference']}/answer", "POST", {"answer": "capacity"}),
        ("/v1/agency/tonight", "PUT", {"takes_people_tonight": True}),
    ):
        problem = refused(
            await house.agency.call(method, path, {**said, "organization_id": bridge}), 422, "invalid_shape"
        )
        assert [fault["code"] for fault in problem["errors"]] == ["unknown_field"]
    assert await items(house.peer, "/v1/agencies/tonight") == []
    (unanswered,) = await items(house.other_agency, QUESTIONS)
    assert unanswered["answer"] is None


async def test_what_is_no_question_and_no_answer_is_refused(house: House) -> None:
    harbor = str(house.organizations["harbor"])
    for wrong in ({"organization_ids": []}, {"organization_ids": [harbor, harbor]}, {"code": "K7QP-2M9X-4TRD"}, {}):
        asked = {"need": "wound-care", **wrong}
        refused(await house.peer.post(QUESTIONS, asked), 422, "invalid_shape")
    for name in ("county", "program"):
        asked = {"need": "wound-care", "organization_ids": [harbor, str(house.organizations[name])]}
        refused(await house.peer.post(QUESTIONS, asked), 409, "not_an_agency")
    await asks(house)
    (seen,) = await items(house.agency, QUESTIONS)
    for wrong in ({"answer": "waitlist", "places": 2}, {"answer": "capacity", "places": 0}, {"answer": "yes"}, {}):
        refused(await house.agency.post(f"{QUESTIONS}/{seen['reference']}/answer", wrong), 422, "invalid_shape")
    for wrong in (
        {"takes_people_tonight": False, "places": 2},
        {"takes_people_tonight": "yes"},
        {"takes_people_tonight": True, "holds_for_hours": 25},
        {"needs": ["wound-care"]},
    ):
        refused(await house.agency.call("PUT", "/v1/agency/tonight", wrong), 422, "invalid_shape")


async def test_what_an_agency_says_of_tonight_is_told_with_its_age_until_it_is_too_old(house: House) -> None:
    await absent(house.agency, "/v1/agency/tonight")
    said = {"takes_people_tonight": True, "needs": ["recovery-housing"], "places": 3, "holds_for_hours": 8}
    told = ok(await house.agency.call("PUT", "/v1/agency/tonight", said))
    del said["holds_for_hours"]
    assert told == {**said, "minutes_old": 0, "minutes_left": 480}
    harbor = str(house.organizations["harbor"])
    house.clock.move(timedelta(hours=7, minutes=59, seconds=30))
    fresh = {"organization_id": harbor, **said, "minutes_old": 479, "minutes_left": 1}
    assert await items(house.peer, "/v1/agencies/tonight") == [fresh]
    house.clock.move(timedelta(seconds=30))
    stale: dict[str, Any] = {
        "takes_people_tonight": None,
        "needs": [],
        "places": None,
        "minutes_old": 480,
        "minutes_left": 0,
    }
    assert await items(house.supervisor, "/v1/agencies/tonight") == [{"organization_id": harbor, **stale}]
    assert ok(await house.agency.get("/v1/agency/tonight")) == stale
    no = ok(await house.agency.call("PUT", "/v1/agency/tonight", {"takes_people_tonight": False}))
    assert (no["takes_people_tonight"], no["minutes_left"]) == (False, 720)
    assert len((await house.rows(select(table_of(AgencyTonight))))[0]) == 1
    await absent(house.other_agency, "/v1/agency/tonight")


async def test_an_agency_that_is_switched_off_takes_nobody_and_is_asked_nothing(house: House) -> None:
    ok(await house.agency.call("PUT", "/v1/agency/tonight", {"takes_people_tonight": True}))
    harbor = house.organizations["harbor"]
    etag = (await house.admin.get(f"/v1/organizations/{harbor}")).headers["etag"]
    ok(await house.admin.patch(f"/v1/organizations/{harbor}", {"active": False}, etag))
    assert await items(house.peer, "/v1/agencies/tonight") == []
    asked = {"need": "wound-care", "organization_ids": [str(harbor)]}
    refused(await house.peer.post(QUESTIONS, asked), 409, "not_an_agency")
