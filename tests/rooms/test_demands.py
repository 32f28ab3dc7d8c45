"""Legal demands: nothing is disclosed on demand alone, and the answer neither confirms nor denies."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journeys.leaving import ASKED
from tests.rooms.telling import accounted, printed, prints
from tests.security.test_epochs import at_the_gate, sealed
from tests.stories.steps import demand, items
from tests.world import Caller, House, ok, refused
from true_api.kernel.errors import WriteCollided
from true_api.rooms.demands import service
from true_api.rooms.demands.schemas import DemandMove
from true_api.rooms.demands.vocabulary import DEMAND_MOVES, DemandKind, DemandState

DEMANDS = "/v1/legal-demands"
COUNSEL = {"to": "with_counsel", "counsel": "outside_counsel"}
LETTER = {"to": "answered_without_confirming"}
ORDER = {"to": "disclosed_under_order", "order_section": "noncriminal_2_64", "records": ["encounters", "testimony"]}


async def came(house: House, **over: Any) -> dict[str, Any]:
    return ok(await house.supervisor.post(DEMANDS, demand(**over)))


async def with_counsel(house: House, **over: Any) -> str:
    """A demand that a lawyer looks at: where it is moved."""
    path = f"{DEMANDS}/{(await came(house, **over))['id']}/transitions"
    ok(await house.supervisor.post(path, COUNSEL))
    return path


async def agrees_to_proceeding(house: House, code: str, organization: str) -> dict[str, Any]:
    """The person agrees that an organization may receive something for a legal proceeding."""
    draft = {"preset": "legal_proceeding", "organization_id": str(house.organizations[organization])}
    return ok(await house.peer.post(f"/v1/participants/{code}/consents", draft))


def by_consent(house: House, organization: str) -> dict[str, Any]:
    return {
        "to": "disclosed_by_consent",
        "organization_id": str(house.organizations[organization]),
        "records": ["consents"],
    }


async def test_a_demand_comes_in_and_names_nobody(house: House) -> None:
    demanded = await came(house, due_on="2026-11-16")
    seen = {
        **demand(due_on="2026-11-16"),
        "id": demanded["id"],
        "reference": demanded["reference"],
        "code": None,
        "state": "received",
        "moves": ["entered_in_error", "with_counsel", "withdrawn"],
        "counsel": None,
        "order_section": None,
        "changed_on": "2026-11-02",
    }
    assert demanded == seen
    for supervisor in (house.supervisor, house.other_supervisor):
        assert await items(supervisor, DEMANDS) == [seen]
        assert ok(await supervisor.get(f"{DEMANDS}/{demanded['id']}")) == {**seen, "steps": []}


async def test_it_goes_to_counsel_and_is_answered_without_confirming(house: House) -> None:
    path = await with_counsel(house)
    answered = ok(await house.supervisor.post(path, LETTER))
    assert (answered["state"], answered["counsel"]) == ("answered_without_confirming", "outside_counsel")
    steps = ok(await house.supervisor.get(path.removesuffix("/transitions")))["steps"]
    assert [(step["from_state"], step["to_state"]) for step in steps] == [
        ("received", "with_counsel"),
        ("with_counsel", "answered_without_confirming"),
    ]
    assert {step["member_id"] for step in steps} == {str(house.supervisor.id)}
    # They may come back with an order.
    assert ok(await house.supervisor.post(path, COUNSEL))["state"] == "with_counsel"


@pytest.mark.parametrize("kind", list(DemandKind))
async def test_no_demand_alone_lets_anybody_be_told_anything(house: House, kind: DemandKind) -> None:
    code = await house.peer.enrolls()
    path = await with_counsel(house, kind=kind.value, code=code)
    alone = {name: value for name, value in ORDER.items() if name != "order_section"}
    refused(await house.supervisor.post(path, alone), 409, "order_or_consent_needed")
    refused(await house.supervisor.post(path, by_consent(house, "harbor")), 409, "order_or_consent_needed")
    assert await accounted(house.supervisor, code) == []


async def test_what_a_court_orders_stands_in_the_accounting(house: House) -> None:
    code = await house.peer.enrolls()
    path = await with_counsel(house, kind="court_order", asked_by="court")
    refused(await house.supervisor.post(path, ORDER), 409, "demand_names_nobody")
    moved = ok(await house.supervisor.post(path, {**ORDER, "code": code}))
    assert (moved["state"], moved["code"], moved["moves"]) == ("disclosed_under_order", code, [])
    assert moved["order_section"] == "noncriminal_2_64"
    assert await accounted(house.supervisor, code) == [
        {
            "disclosed_on": "2026-11-02",
            "recipient": "court",
            "organization": None,
            "categories": ["encounters", "testimony"],
            "records": ["legal_demands"],
            "fields": [],
            "purpose": "legal_proceeding",
            "basis": "court_order",
            "consents": [],
            "record_id": moved["id"],
        }
    ]
    assert "Court order" in await prints(house.supervisor, f"/v1/participants/{code}/accounting")


async def test_consent_for_a_legal_proceeding_names_the_recipient_and_is_named_in_the_accounting(house: House) -> None:
    code = await house.peer.enrolls()
    path = await with_counsel(house, code=code)
    consent = await agrees_to_proceeding(house, code, "harbor")
    refused(await house.supervisor.post(path, by_consent(house, "bridge")), 409, "order_or_consent_needed")
    moved = ok(await house.supervisor.post(path, by_consent(house, "harbor")))
    assert (moved["state"], moved["order_section"]) == ("disclosed_by_consent", None)
    (told,) = await accounted(house.supervisor, code)
    assert (told["basis"], told["consents"], told["record_id"]) == ("consent", [consent["reference"]], moved["id"])
    assert (told["organization"], told["recipient"], told["purpose"]) == ("harbor", "attorney", "legal_proceeding")


async def test_a_consent_that_is_taken_back_allows_nothing_even_at_this_moment(house: House) -> None:
    code = await house.peer.enrolls()
    path = await with_counsel(house, code=code)
    consent = await agrees_to_proceeding(house, code, "harbor")
    demanded = path.split("/")[3]
    moving = await at_the_gate(house.supervisor, f"POST {DEMANDS}/{{id}}/transitions", id=demanded)
    await service.move(moving.permit, DemandMove.model_validate(by_consent(house, "harbor")))
    ok(await house.peer.post(f"/v1/participants/{code}/consents/{consent['id']}/revoke"))
    with pytest.raises(WriteCollided):
        await sealed(house.supervisor, moving)
    refused(await house.supervisor.post(path, by_consent(house, "harbor")), 409, "order_or_consent_needed")
    assert await accounted(house.supervisor, code) == []


async def test_each_person_has_a_demand_of_their_own(house: House) -> None:
    code, other = await house.peer.enrolls(), await house.peer.enrolls()
    path = await with_counsel(house, code=code)
    refused(await house.supervisor.post(path, {**ORDER, "code": other}), 409, "demand_names_another")
    assert ok(await house.supervisor.post(path, {**ORDER, "code": code}))["code"] == code
    assert [len(await accounted(house.supervisor, each)) for each in (code, other)] == [1, 0]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=st.lists(st.sampled_from(list(DemandState)), min_size=1, max_size=5))
async def test_a_move_that_is_not_allowed_names_those_that_are(house: House, wanted: list[DemandState]) -> None:
    code = await house.peer.enrolls()
    path, state = f"{DEMANDS}/{(await came(house, code=code))['id']}/transitions", DemandState.RECEIVED
    await agrees_to_proceeding(house, code, "harbor")
    needs = {
        DemandState.WITH_COUNSEL: COUNSEL,
        DemandState.DISCLOSED_UNDER_ORDER: ORDER,
        DemandState.DISCLOSED_BY_CONSENT: by_consent(house, "harbor"),
    }
    for to in wanted:
        answer, allowed = await house.supervisor.post(path, needs.get(to, {"to": to})), DEMAND_MOVES[state]
        if to in allowed:
            state = DemandState(ok(answer)["state"])
        else:
            problem = refused(answer, 409, "demand_move_not_allowed")
            assert problem["allowed"] == sorted(move.value for move in allowed)
    assert len(await accounted(house.supervisor, code)) == (state in service.DISCLOSING)


def test_from_everywhere_there_is_a_way_on_or_it_is_an_end_and_nothing_is_disclosed_before_a_lawyer_saw_it() -> None:
    assert set(DEMAND_MOVES) == set(DemandState)
    reached, before_counsel = {DemandState.RECEIVED}, {DemandState.RECEIVED}
    for _ in DemandState:
        reached |= {to for state in reached for to in DEMAND_MOVES[state]}
        before_counsel |= {to for state in before_counsel - {DemandState.WITH_COUNSEL} for to in DEMAND_MOVES[state]}
    assert reached == set(DemandState)
    assert before_counsel.isdisjoint(service.DISCLOSING | {DemandState.ANSWERED_WITHOUT_CONFIRMING})


@pytest.mark.parametrize(
    "move",
    [
        {"to": "with_counsel"},
        {"to": "withdrawn", "counsel": "legal_aid"},
        {"to": "disclosed_under_order", "order_section": "noncriminal_2_64"},
        {"to": "withdrawn", "records": ["encounters"]},
        {"to": "withdrawn", "code": "K7QP-2M9X-4TRD"},
        {"to": "disclosed_by_consent", "records": ["encounters"]},
        {"to": "withdrawn", "order_section": "criminal_2_65"},
    ],
)
def test_what_each_move_needs_comes_with_it_and_with_no_other(move: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        DemandMove.model_validate(move)


async def test_it_is_recorded_when_it_came_or_later_and_is_due_after_that(house: House) -> None:
    refused(await house.supervisor.post(DEMANDS, demand(received_on="2026-11-03")), 409, "demand_not_yet_received")
    refused(await house.supervisor.post(DEMANDS, demand(due_on="2026-11-01")), 422, "invalid_shape")
    refused(await house.supervisor.post(DEMANDS, demand(name="somebody")), 422, "invalid_shape")


async def test_the_letter_is_the_same_whoever_it_is_about(house: House) -> None:
    code = await house.peer.enrolls()
    letters = set()
    for over in ({}, {"code": code}, {"kind": "search_warrant", "asked_by": "law_enforcement"}):
        demanded = await came(house, **over)
        answer = await house.supervisor.get(f"{DEMANDS}/{demanded['id']}/letter")
        assert answer.headers["content-type"] == "application/pdf"
        letters.add(answer.content)
        assert demanded["reference"] not in printed(answer.content)
    (letter,) = letters
    words = printed(letter)
    assert "neither confirm nor deny" in words
    assert "42 CFR 2.61 to 2.67" in words
    assert code not in words
    assert "2026" not in words


async def test_peers_and_agencies_never_see_one(house: House) -> None:
    code = await house.peer.enrolls()
    path, places = f"/v1/participants/{code}", ("", "/timeline", "/consents", "/referrals")

    async def seen() -> list[tuple[Any, str | None]]:
        answers = [await house.peer.get(path + place) for place in places]
        return [(answer.json(), answer.headers.get("etag")) for answer in answers]

    before = await seen()
    moved = await with_counsel(house, code=code)
    demanded = moved.removesuffix("/transitions")
    ok(await house.supervisor.post(moved, ORDER))
    assert await seen() == before
    for caller in (house.peer, house.colleague, house.stranger, house.agency, house.integrator, house.admin):
        for answer in (
            await caller.get(DEMANDS),
            await caller.get(demanded),
            await caller.get(f"{demanded}/letter"),
            await caller.post(DEMANDS, demand()),
            await caller.post(moved, LETTER),
        ):
            refused(answer, 403, "not_permitted")


async def test_one_about_a_person_is_for_supervisors_whose_team_works_with_them(house: House) -> None:
    code = await house.peer.enrolls()
    about, of_nobody = await came(house, code=code), await came(house)
    assert [item["id"] for item in await items(house.other_supervisor, DEMANDS)] == [of_nobody["id"]]
    for identity in (about["id"], str(uuid4())):
        refused(await house.other_supervisor.get(f"{DEMANDS}/{identity}"), 404, "not_found")
    refused(await house.other_supervisor.post(DEMANDS, demand(code=code)), 404, "not_found")
    path = await with_counsel(house)
    refused(await house.other_supervisor.post(path, {**ORDER, "code": code}), 404, "not_found")
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    refused(await house.supervisor.post(DEMANDS, demand(code=mistyped)), 422, "code_mistyped")


async def test_a_retry_is_answered_again_and_two_at_once_do_not_both_win(supervisor: Caller, house: House) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    first, again = [ok(await supervisor.post(DEMANDS, demand(), headers=key)) for _ in range(2)]
    assert first == again
    path = await with_counsel(house)
    gates = [
        await at_the_gate(supervisor, f"POST {DEMANDS}/{{id}}/transitions", id=path.split("/")[3]) for _ in range(2)
    ]
    for at_gate in gates:
        await service.move(at_gate.permit, DemandMove.model_validate(LETTER))
    await sealed(supervisor, gates[0])
    with pytest.raises(WriteCollided):
        await sealed(supervisor, gates[1])


async def test_of_a_forgotten_person_a_demand_stays_about_nobody(house: House) -> None:
    code = await house.peer.enrolls()
    demanded = await came(house, code=code, due_on="2026-11-16")
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", ASKED))
    (left,) = await items(house.supervisor, DEMANDS)
    assert (left["code"], left["received_on"], left["due_on"]) == (None, "2026-11-01", "2026-11-01")
    assert {left["id"], left["reference"]}.isdisjoint({demanded["id"], demanded["reference"]})
