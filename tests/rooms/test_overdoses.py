"""Overdose events: two facts are enough, nobody is in them unless they asked, and a death leads to nobody."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from tests.rooms.exploring import exploring
from tests.rooms.test_participants import shows_their_code
from tests.stories.steps import absent, items
from tests.world import Caller, House, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.terms import NaloxoneProduct, PartOfDay, Substance
from true_api.rooms.overdoses.schemas import OverdoseDraft
from true_api.rooms.overdoses.service import (
    DosesWithoutNaloxone,
    SurvivalContradictsKind,
    naloxone_used,
    survived_or_not,
)
from true_api.rooms.overdoses.tables import OverdoseEvent, OverdoseRevision, OverdoseSubstance
from true_api.rooms.overdoses.vocabulary import (
    EventVoidReason,
    GivenBy,
    OverdoseKind,
    OverdosePlace,
    YesNoUnknown,
)
from true_api.security.trail import TrailEntry, TrailSubject

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what does not depend on the engine."""

PATH = "/v1/overdose-events"
UNTOLD: dict[str, Any] = {
    "part_of_day": None,
    "substances": [],
    "naloxone_used": "unknown",
    "product": None,
    "doses": None,
    "given_by": None,
    "ems_called": "unknown",
    "hospitalized": "unknown",
    "survived": "unknown",
    "place": None,
    "zone": None,
    "linked_to_person": False,
    "revised": None,
    "amended_by": None,
}


def happened(**over: Any) -> dict[str, Any]:
    """An overdose last night."""
    return {"kind": "overdose", "occurred_on": "2026-11-01", **over}


async def tells(caller: Caller, **over: Any) -> dict[str, Any]:
    """Somebody records an overdose event."""
    return ok(await caller.post(PATH, happened(**over)))


def read(**over: Any) -> OverdoseDraft:
    """The same as a draft, without a house."""
    return OverdoseDraft.model_validate_json(OverdoseDraft(**happened(**over)).model_dump_json())


# Rules that need no house.


@given(
    used=st.none() | st.sampled_from(YesNoUnknown),
    doses=st.none() | st.integers(0, 20),
    product=st.none() | st.sampled_from(NaloxoneProduct),
    given_by=st.none() | st.sampled_from(GivenBy),
)
def test_what_is_told_of_naloxone_is_never_both_used_and_not_used(
    used: YesNoUnknown | None, doses: int | None, product: NaloxoneProduct | None, given_by: GivenBy | None
) -> None:
    draft = read(naloxone_used=used, doses=doses, product=product, given_by=given_by)
    details = (doses or 0) > 0 or product is not None or given_by is not None
    impossible = (
        (details and doses == 0)
        or (details and used in (YesNoUnknown.NO, YesNoUnknown.UNKNOWN))
        or (used is YesNoUnknown.YES and doses == 0)
    )
    if impossible:
        with pytest.raises(DosesWithoutNaloxone):
            naloxone_used(draft)
        return
    found = naloxone_used(draft)
    assert found is (used or found)
    assert not details or found is YesNoUnknown.YES
    assert used is not None or details or (found is YesNoUnknown.NO) == (doses == 0)


@pytest.mark.parametrize("kind", OverdoseKind)
@pytest.mark.parametrize("said", [None, *YesNoUnknown])
def test_whether_somebody_survived_never_contradicts_the_kind(kind: OverdoseKind, said: YesNoUnknown | None) -> None:
    draft = read(kind=kind, survived=said)
    may_be = {"reversal": {None, "yes"}, "fatal": {None, "no"}, "overdose": {None, "yes", "unknown"}}
    if said not in may_be[kind]:
        with pytest.raises(SurvivalContradictsKind):
            survived_or_not(draft)
        return
    follows = {"reversal": "yes", "fatal": "no", "overdose": "unknown"}
    assert survived_or_not(draft) == (said or follows[kind])


@pytest.mark.parametrize(
    "wrong",
    [
        {"doses": -1},
        {"doses": 21},
        {"doses": "2"},
        {"doses": True},
        {"kind": "accident"},
        {"substances": ["fentanyl", "fentanyl"]},
        {"occurred_on": "last night"},
        {"link_to_person": True},
        {"code": "K7QP-2M9X-4TRD"},
        {"participant_id": "01936f22-3c4d-7e5f-8a6b-7c8d9e0f1a2b"},
    ],
)
def test_what_no_form_takes_is_refused_by_its_shape(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OverdoseDraft(**happened(**wrong))


# Through the front door.


@ON_SQLITE
@given(
    facts=st.fixed_dictionaries(
        {
            "kind": st.sampled_from(OverdoseKind),
            "part_of_day": st.none() | st.sampled_from(PartOfDay),
            "substances": st.lists(st.sampled_from(Substance), unique=True).map(sorted),
            "product": st.sampled_from(NaloxoneProduct),
            "doses": st.integers(1, 20),
            "given_by": st.sampled_from(GivenBy),
            "ems_called": st.sampled_from(YesNoUnknown),
            "hospitalized": st.sampled_from(YesNoUnknown),
            "place": st.sampled_from(OverdosePlace),
        }
    )
)
@exploring
async def test_an_overdose_event_is_kept_as_it_was_told(house: House, facts: dict[str, Any]) -> None:
    made = await tells(house.peer, **facts)
    survived = {"reversal": "yes", "fatal": "no", "overdose": "unknown"}[facts["kind"]]
    follows = {"naloxone_used": "yes", "survived": survived}
    assert made == {"id": made["id"], **UNTOLD, **happened(), **facts, **follows}
    assert ok(await house.peer.get(f"{PATH}/{made['id']}")) == made


@ON_SQLITE
async def test_kind_and_day_are_enough_and_what_cannot_have_been_is_refused_by_name(house: House) -> None:
    made = await tells(house.peer, occurred_on="2026-11-02")
    assert made == {"id": made["id"], **UNTOLD, **happened(occurred_on="2026-11-02")}
    for missing in ("kind", "occurred_on"):
        half = {name: value for name, value in happened().items() if name != missing}
        refused(await house.peer.post(PATH, half), 422, "invalid_shape")
    for wrong, code in (
        ({"occurred_on": "2026-11-03"}, "overdose_not_yet_happened"),
        ({"naloxone_used": "no", "doses": 2}, "doses_without_naloxone"),
        ({"kind": "reversal", "survived": "no"}, "survival_contradicts_kind"),
        ({"zone": "nowhere"}, "no_such_zone"),
    ):
        refused(await house.peer.post(PATH, happened(**wrong)), 409, code)
    assert await items(house.peer, PATH) == [made], "nothing is kept of what was refused"
    ok(await house.admin.post("/v1/vocabularies/terms", {"vocabulary": "zone", "key": "shore", "label": "Shore"}))
    assert (await tells(house.peer, zone="shore"))["zone"] == "shore"


async def test_a_fatal_overdose_is_linked_to_nobody_and_even_the_trail_does_not_say_who(house: House) -> None:
    code = await house.peer.enrolls()
    asked = happened(kind="fatal", link_to_person=True, code=code)
    problem = refused(await house.peer.post(PATH, asked), 422, "invalid_shape")
    says = "A fatal overdose is linked to nobody."
    assert problem["errors"] == [{"pointer": "/link_to_person", "code": "fatal_links_nobody", "detail": says}]
    linked = await tells(house.peer, link_to_person=True, code=code)
    became = await house.peer.post(f"{PATH}/{linked['id']}/amendments", happened(kind="fatal"))
    assert refused(became, 422, "invalid_shape")["errors"][0]["code"] == "fatal_links_nobody"
    alone = await tells(house.peer, kind="fatal")
    assert (alone["linked_to_person"], alone["survived"]) == (False, "no")
    entries, subjects = table_of(TrailEntry), table_of(TrailSubject)
    about = select(entries.c.problem, entries.c.record_id).join(subjects, subjects.c.entry_id == entries.c.id)
    told = (await house.rows(about))[0]
    assert {row.problem for row in told} == {None, "invalid_shape"}, "which rule it was would say that they died"
    assert UUID(alone["id"]) not in {row.record_id for row in told}
    assert UUID(linked["id"]) in {row.record_id for row in told}


async def test_a_link_is_kept_only_where_the_person_asked_and_the_timeline_tells_of_no_other(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.stranger.enrolls()
    refused(await house.peer.post(PATH, happened(code=code)), 422, "invalid_shape")
    refused(await house.peer.post(PATH, happened(link_to_person=True)), 422, "invalid_shape")
    refused(await house.peer.post(PATH, happened(link_to_person=True, code=other)), 404, "not_found")
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    refused(await house.peer.post(PATH, happened(link_to_person=True, code=mistyped)), 422, "code_mistyped")
    made = await tells(house.peer, link_to_person=True, code=code)
    assert made["linked_to_person"]
    assert code not in str(made), "no answer says whose it is"
    code, path = await house.peer.enrolls(), "/v1/participants/{}/timeline"
    linked = await tells(house.peer, kind="reversal", link_to_person=True, code=code)
    await tells(house.peer)
    (line,) = await items(house.supervisor, path.format(code))
    assert (line["kind"], line["on"], line["overdose_event"]) == ("overdose_event", "2026-11-01", linked)
    amended = ok(await house.peer.post(f"{PATH}/{linked['id']}/amendments", happened(kind="reversal", doses=1)))
    (line,) = await items(house.peer, path.format(code))
    assert line["overdose_event"] == amended
    assert amended["linked_to_person"], "a link stays as it is"
    ok(await house.peer.post(f"{PATH}/{amended['id']}/void", {"reason": "asked_by_person"}))
    assert await items(house.peer, path.format(code)) == []


async def test_forgetting_a_person_reaches_the_link_and_leaves_the_fact_to_the_month(house: House) -> None:
    code, day = await house.peer.enrolls(), "2026-10-17"
    first = await tells(house.peer, substances=["heroin"], occurred_on=day, link_to_person=True, code=code)
    again = happened(kind="reversal", substances=["fentanyl"], occurred_on=day)
    second = ok(await house.peer.post(f"{PATH}/{first['id']}/amendments", again))
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    for gone in (first, second):
        await absent(house.peer, f"{PATH}/{gone['id']}")
    (kept,) = await items(house.peer, PATH)
    about = {"substances": ["fentanyl"], "occurred_on": "2026-10-01", "linked_to_person": False}
    assert kept == {**second, **about, "id": kept["id"]}
    events, believed, revisions = await house.rows(
        select(table_of(OverdoseEvent)), select(table_of(OverdoseSubstance)), select(table_of(OverdoseRevision))
    )
    assert {row.participant_id for row in events} == {None}
    assert {row.event_id for row in (*believed, *revisions)} == {row.id for row in events}


async def test_the_past_is_never_rewritten_and_only_the_current_event_is_corrected(house: House) -> None:
    first = await tells(house.peer, doses=1)
    path = f"{PATH}/{first['id']}"
    second = ok(await house.peer.post(f"{path}/amendments", happened(doses=3, kind="fatal")))
    before = ok(await house.peer.get(path))
    assert before == {**first, "revised": "amended", "amended_by": second["id"]}
    for door, body in (("amendments", happened()), ("void", {"reason": "recorded_twice"})):
        refused(await house.peer.post(f"{path}/{door}", body), 409, "overdose_already_revised")
    tomorrow = await house.peer.post(f"{PATH}/{second['id']}/amendments", happened(occurred_on="2026-11-03"))
    refused(tomorrow, 409, "overdose_not_yet_happened")
    assert await items(house.peer, PATH) == [second]
    for reason in EventVoidReason:
        made = await tells(house.peer)
        voided = ok(await house.peer.post(f"{PATH}/{made['id']}/void", {"reason": reason}))
        assert voided == {**made, "revised": "voided"}
    assert await items(house.peer, f"{PATH}?kind=fatal") == [second]
    assert await items(house.peer, f"{PATH}?kind=reversal") == []


async def test_of_two_who_correct_at_once_one_is_told_and_a_lost_answer_is_given_again(house: House) -> None:
    made = await tells(house.peer)
    path = f"{PATH}/{made['id']}"
    both = await asyncio.gather(
        house.peer.post(f"{path}/amendments", happened(doses=2)),
        house.supervisor.post(f"{path}/void", {"reason": "did_not_happen"}),
    )
    assert sorted(answer.status_code for answer in both) in ([200, 409], [201, 409])
    key = {"Idempotency-Key": "overdose-of-last-night"}
    code = await house.peer.enrolls()
    draft = happened(link_to_person=True, code=code, substances=["heroin", "xylazine"])
    made, again = [ok(await house.peer.post(PATH, draft, headers=key)) for _ in range(2)]
    assert made == again
    voided, twice = [
        ok(await house.peer.post(f"{PATH}/{made['id']}/void", {"reason": "recorded_twice"}, headers=key))
        for key in [{"Idempotency-Key": "void-of-last-night"}] * 2
    ]
    assert voided == twice


@ON_SQLITE
async def test_who_recorded_it_sees_it_and_their_supervisor_and_nobody_else(house: House) -> None:
    made = await tells(house.peer)
    path = f"{PATH}/{made['id']}"
    for caller in (house.peer, house.supervisor):
        assert await items(caller, PATH) == [made]
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        assert await items(caller, PATH) == []
        await absent(caller, path)
        refused(await caller.post(f"{path}/void", {"reason": "recorded_twice"}), 404, "not_found")
    for caller in (house.agency, house.integrator, house.admin):
        refused(await caller.get(PATH), 403, "not_permitted")
        refused(await caller.post(PATH, happened()), 403, "not_permitted")
    code = await house.peer.enrolls()
    linked = await tells(house.peer, link_to_person=True, code=code)
    await shows_their_code(house.stranger, code)
    await absent(house.stranger, f"{PATH}/{linked['id']}")
    assert [line["overdose_event"] for line in await items(house.stranger, f"/v1/participants/{code}/timeline")] == []
