"""Plans: in the person's own words, version by version, on paper for them and for nobody else."""

import asyncio
from typing import Any

import httpx2
import pypdfium2
import pytest
from sqlalchemy import select

from tests.rooms.planning import OWN, SAFETY, own_plan, safety_plan
from tests.security.traces import entry_of
from tests.stories.steps import absent, items
from tests.world import Caller, House, ok, refused
from true_api.api.all_doors import every_door
from true_api.kernel.rows import table_of
from true_api.outlets.plans.papers import PlanPaper
from true_api.privacy.reach import reach_of
from true_api.privacy.words import SealedText
from true_api.rooms.plans.schemas import OwnPlanRecord, SafetyPlanRecord
from true_api.rooms.plans.tables import Plan
from true_api.security.gates import Gate
from true_api.security.roles import POLICY, Permission, Role

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""
PDF, TEXT = "application/pdf", "text/plain"
KINDS = {"safety-plans": safety_plan, "plans": own_plan}
DOG = [{"words": "The dog."}]


async def writes(caller: Caller, code: str, kind: str = "safety-plans", **over: Any) -> dict[str, Any]:
    """Writes down a version."""
    return ok(await caller.post(f"/v1/participants/{code}/{kind}", KINDS[kind](**over)))


async def sends(caller: Caller, code: str, *, lenient: bool = False, **said: Any) -> httpx2.Response:
    """Sends a safety plan of just these parts."""
    headers = {"Prefer": "handling=lenient"} if lenient else {}
    draft = {"written_on": "2026-11-02", **said}
    return await caller.post(f"/v1/participants/{code}/safety-plans", draft, headers=headers)


async def in_force(caller: Caller, code: str, kind: str = "safety-plans") -> dict[str, Any]:
    """The version that holds, with its words."""
    return ok(await caller.get(f"/v1/participants/{code}/{kind}/current"))


def reads(document: bytes) -> str:
    """What a reader finds on the pages of a PDF."""
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document))


async def test_personalized_strategies_warning_signs_and_support_in_active_use(peer: Caller) -> None:
    """A crisis part and an overdose part, in own words and in what was chosen, come back as they were said."""
    code = await peer.enrolls()
    kept = await writes(
        peer, code, words="¿Y si no duermo?\nEntonces, el río.", written_in="es", review_on="2027-02-02"
    )
    assert (kept["kind"], kept["written_in"], kept["superseded_on"]) == ("safety", "es", None)
    assert kept["words_kept"] == sorted(SAFETY)
    assert set(kept) & set(SAFETY) == set(), "an answer to a write holds no words"
    record = ok(await peer.get(f"/v1/safety-plans/{kept['id']}"))
    said = safety_plan("¿Y si no duermo?\nEntonces, el río.")
    for part in SAFETY:
        assert [{name: told for name, told in entry.items() if told} for entry in record[part]] == said[part]
    assert record == await in_force(peer, code)


@ON_SQLITE
async def test_long_term_planning_is_the_persons_own_one_next_step_at_a_time(peer: Caller) -> None:
    """The decision is supported rather than overwhelmed: hopes, one step, what and who helps, strengths."""
    code = await peer.enrolls()
    kept = await writes(peer, code, "plans")
    record = ok(await peer.get(f"/v1/plans/{kept['id']}"))
    assert [part for part in OWN if record[part]] == list(OWN)
    two = own_plan(next_step=[{"words": "Call."}, {"words": "Then go there."}])
    refused(await peer.post(f"/v1/participants/{code}/plans", two), 422, "invalid_shape")
    await absent(peer, f"/v1/safety-plans/{kept['id']}")
    await absent(peer, f"/v1/participants/{code}/safety-plans/current")
    refused(await peer.post(f"/v1/safety-plans/{kept['id']}/review", {}), 404, "not_found")


async def test_a_later_version_supersedes_and_nothing_is_written_over(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    first = await writes(peer, code, words="First.")
    other = await writes(peer, code, "plans")
    second = await writes(peer, code, words="Second.", supersedes=first["id"])
    listed = await items(peer, f"/v1/participants/{code}/safety-plans")
    assert [(one["id"], one["superseded_on"]) for one in listed] == [(second["id"], None), (first["id"], "2026-11-02")]
    assert [name for one in listed for name in one if name in SAFETY or name == "words_kept"] == []
    assert ok(await peer.get(f"/v1/safety-plans/{first['id']}"))["coping"] == [{"words": "First."}]
    assert (await in_force(peer, code))["id"] == second["id"]
    assert (await in_force(peer, code, "plans"))["id"] == other["id"]
    late = await writes(peer, code, written_on="2026-10-30")
    assert late["superseded_on"] == "2026-11-02", "it was written on paper before the one in force"
    assert (await in_force(peer, code))["id"] == second["id"]
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await peer.call(method, f"/v1/safety-plans/{second['id']}", safety_plan())
        refused(answer, 405, "method_not_allowed")


async def test_who_writes_from_an_old_version_is_told_so_and_of_two_at_once_none_is_lost(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    refused(await sends(peer, code, coping=DOG, supersedes=str(house.peer.id)), 409, "plan_not_current")
    first = await writes(peer, code)
    await writes(peer, code, supersedes=first["id"])
    refused(await sends(peer, code, coping=DOG, supersedes=first["id"]), 409, "plan_not_current")
    both = await asyncio.gather(*(writes(caller, code) for caller in (house.peer, house.supervisor)))
    listed = await items(peer, f"/v1/participants/{code}/safety-plans")
    assert {one["id"] for one in both} <= {one["id"] for one in listed}
    last = await writes(peer, code)
    listed = await items(peer, f"/v1/participants/{code}/safety-plans")
    assert [one["id"] for one in listed if one["superseded_on"] is None] == [last["id"]]
    assert len(listed) == 5


@ON_SQLITE
async def test_an_empty_plan_part_or_entry_is_refused_and_nothing_is_kept(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    refused(await sends(peer, code), 409, "plan_empty")
    for said in ({"coping": []}, {"coping": [{}]}, {"coping": [{"words": None}]}, {"coping": [{"words": " "}]}):
        refused(await sends(peer, code, **said), 422, "invalid_shape")
    refused(await sends(peer, code, coping=DOG * 13), 422, "invalid_shape")
    refused(await sends(peer, code, coping=[{"words": "x" * 301}]), 422, "invalid_shape")
    refused(await sends(peer, code, overdose_safety=[{"step": "lucky"}]), 422, "invalid_shape")
    refused(await sends(peer, code, coping=DOG, written_on="2026-11-03"), 409, "plan_not_yet_written")
    refused(await sends(peer, code, coping=DOG, review_on="2026-11-02"), 409, "plan_review_not_afterwards")
    assert await items(peer, f"/v1/participants/{code}/safety-plans") == []
    await absent(peer, f"/v1/participants/{code}/safety-plans/current")


@ON_SQLITE
async def test_names_and_numbers_of_others_are_never_stored_and_lenient_handling_keeps_the_rest(house: House) -> None:
    """Parts that need a name print a blank line to be written by hand (privacy.md 5)."""
    peer, code = house.peer, await house.peer.enrolls()
    number = [{"role": "family", "words": "Call her at (415) 555-0187."}, {"words": "My sister has a key."}]
    problem = refused(await sends(peer, code, people_to_ask=number), 422, "narrative_refused")
    assert [text["pointer"] for text in problem["texts"]] == ["/people_to_ask/0/words"]
    alone = [{"words": number[0]["words"]}]
    kept = ok(await sends(peer, code, lenient=True, people_to_ask=number, coping=alone))
    assert {text["pointer"] for text in kept["returned"]} == {"/people_to_ask/0/words", "/coping/0/words"}
    record = await in_force(peer, code)
    assert record["people_to_ask"] == [
        {"role": "family", "words": None},
        {"role": None, "words": "My sister has a key."},
    ]
    assert record["coping"] is None
    refused(await sends(peer, code, lenient=True, services=alone), 409, "plan_empty")


@ON_SQLITE
async def test_guidance_never_looks_at_the_persons_own_words(peer: Caller) -> None:
    kept = await writes(peer, await peer.enrolls(), words="I am an addict, and I was clean for a year.")
    assert kept["guidance"] is None


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS)
async def test_the_persons_copy_is_theirs_alone(house: House, kind: str) -> None:
    """Without name, code, handle, program or any id, on every paper and as text, in the language of the plan."""
    peer, code = house.peer, await house.peer.enrolls()
    kept = await writes(peer, code, kind, words="Mañana, el río.", written_in="es", review_on="2027-02-02")
    handle = next(one["handle"] for one in await items(peer, "/v1/participants") if one["code"] == code)
    copies = []
    for place in (f"/v1/{kind}/{kept['id']}", f"/v1/participants/{code}/{kind}/current"):
        for paper in PlanPaper:
            printed = await peer.get(f"{place}?paper={paper}", headers={"Accept": PDF})
            assert printed.headers["content-type"] == PDF
            copies.append(reads(printed.content) + printed.content.decode("latin-1") + str(printed.headers))
        told = await peer.get(place, headers={"Accept": TEXT})
        assert told.headers["content-type"].startswith(TEXT)
        copies.append(told.text + str(told.headers))
    for said in copies:
        for word in ("988", "Mañana, el río.", "Escrito el 2 de noviembre de 2026.", "Nombre", "Número"):
            assert word in said
        for word in (code, code.replace("-", ""), handle, kept["id"], "Riverside", "Peer Program", "night van", "TRUE"):
            assert word not in said
    entry = await entry_of(house, told)
    assert {"written_on", "strengths"} <= set(entry.fields)
    refused(await peer.get(place, headers={"Accept": "image/png"}), 406, "not_acceptable")
    refused(await peer.get(f"{place}?paper=poster"), 422, "invalid_shape")


@ON_SQLITE
async def test_a_plan_leaves_the_program_with_nobody_but_the_person(house: House) -> None:
    """No export, agency, release or figure reads one: two roles have doors to it, and no other table's reach."""
    peer, code = house.peer, await house.peer.enrolls()
    kept = await writes(peer, code)
    doors = [door for door in every_door() if "plans" in door.path]
    permissions = {door.gate.permission for door in doors if isinstance(door.gate, Gate)}
    assert (len(doors), permissions) == (10, {Permission.PLAN_READ, Permission.PLAN_WRITE})
    assert {role for role in Role if POLICY[role] & permissions} == {Role.PEER, Role.SUPERVISOR}
    reach = reach_of(Plan)
    assert (reach.agency, reach.keeper, reach.basis, reach.onward) == (None, None, None, None)
    for caller in (house.agency, house.integrator, house.admin):
        for path in (f"/v1/safety-plans/{kept['id']}", f"/v1/participants/{code}/safety-plans/current"):
            refused(await caller.get(path), 403, "not_permitted")
    month = ok(await house.supervisor.get("/v1/insights/months?from=2026-11&to=2026-12"))
    assert "plan" not in str(month)


async def test_who_works_with_the_person_reads_it_and_a_shown_code_opens_only_what_one_wrote(house: House) -> None:
    peer, stranger, code = house.peer, house.stranger, await house.peer.enrolls()
    kept = await writes(peer, code)
    await absent(house.colleague, f"/v1/safety-plans/{kept['id']}")
    assert ok(await house.supervisor.get(f"/v1/safety-plans/{kept['id']}"))["coping"]
    ok(await stranger.post("/v1/caseload", {"code": code}))
    await absent(stranger, f"/v1/safety-plans/{kept['id']}")
    await absent(stranger, f"/v1/participants/{code}/safety-plans/current")
    own = await writes(stranger, code, words="On the street, at night.")
    assert [one["id"] for one in await items(stranger, f"/v1/participants/{code}/safety-plans")] == [own["id"]]
    assert (await in_force(peer, code))["id"] == own["id"], "the latest one holds"
    last = await writes(peer, code)
    found = await items(peer, f"/v1/participants/{code}/safety-plans")
    assert [one["id"] for one in found if one["superseded_on"] is None] == [last["id"]]


async def test_under_a_linked_code_there_is_one_plan(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    kept = await writes(house.peer, code)
    ok(await house.supervisor.post(f"/v1/participants/{code}/links", {"code": other}))
    assert (await in_force(house.peer, other))["id"] == kept["id"]
    again = await writes(house.peer, other, supersedes=kept["id"])
    assert (await in_force(house.peer, code))["id"] == again["id"]


async def due(caller: Caller, query: str = "") -> list[str]:
    """The plans that today names."""
    return [plan["id"] for plan in ok(await caller.get(f"/v1/today{query}"))["plans"]["items"]]


async def test_today_names_a_plan_whose_day_has_come_until_it_is_looked_at_again(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    old = await writes(peer, code, written_on="2026-08-01", review_on="2026-10-30")
    later = await writes(peer, code, "plans", review_on="2026-11-03")
    assert await due(peer) == [old["id"]]
    assert await due(house.supervisor, "?team=true") == [old["id"]]
    assert await due(house.stranger) == []
    path = f"/v1/safety-plans/{old['id']}/review"
    refused(await peer.post(path, {"review_on": "2026-11-02"}), 409, "plan_review_not_afterwards")
    seen = ok(await peer.post(path, {"review_on": "2027-02-02"}))
    assert (seen["reviewed_on"], seen["review_on"], seen["superseded_on"]) == ("2026-11-02", "2027-02-02", None)
    assert await due(peer) == []
    ok(await peer.post(f"/v1/plans/{later['id']}/review", {}))
    new = await writes(peer, code, written_on="2026-11-02", review_on="2027-03-01")
    refused(await peer.post(path, {}), 409, "plan_not_current")
    assert (await in_force(peer, code))["id"] == new["id"]


async def test_an_ending_silences_the_day_of_a_plan_and_undoing_it_brings_it_back(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    old = await writes(peer, code, written_on="2026-08-01", review_on="2026-10-30")
    ending = {"kind": "moved", "known_from": "2026-11-01", "confirmed": True}
    ok(await peer.post(f"/v1/participants/{code}/ending", ending))
    assert await due(peer) == []
    ok(await peer.post(f"/v1/participants/{code}/ending/undo"))
    assert await due(peer) == [old["id"]]


@ON_SQLITE
async def test_the_timeline_names_a_plan_by_kind_and_day_without_its_words(peer: Caller) -> None:
    code = await peer.enrolls()
    await writes(peer, code, words="Along the river.")
    await writes(peer, code, "plans", written_on="2026-11-01")
    found = await items(peer, f"/v1/participants/{code}/timeline")
    assert [(one["kind"], one["on"], one["plan"]["kind"]) for one in found] == [
        ("plan", "2026-11-02", "safety"),
        ("plan", "2026-11-01", "own"),
    ]
    assert "river" not in str(found)


async def test_whoever_is_forgotten_leaves_no_plan_behind(house: House) -> None:
    code = await house.peer.enrolls()
    kept = await writes(house.peer, code)
    await writes(house.peer, code)
    texts = table_of(SealedText)
    sealed = select(texts).where(texts.c.place.startswith("plans."))
    assert len((await house.rows(sealed))[0]) == 2 * len(SAFETY)
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    assert list((await house.rows(select(table_of(Plan))))[0]) == []
    assert list((await house.rows(sealed))[0]) == []
    await absent(house.supervisor, f"/v1/safety-plans/{kept['id']}")


def test_what_is_read_are_the_parts_that_are_written() -> None:
    assert [part for part in SafetyPlanRecord.model_fields if part in SAFETY] == list(SAFETY)
    assert [part for part in OwnPlanRecord.model_fields if part in OWN] == list(OWN)
