"""Every kind of item goes through the door of its kind, with whom it is about."""

from tests.rooms.test_sync import item, outcomes, syncs
from tests.stories.steps import items
from tests.world import House, encounter, ok


async def test_every_kind_goes_through_its_own_door(house: House) -> None:
    site = str(ok(await house.supervisor.post("/v1/sites", {"label": "Night van"}))["id"])
    enrolled = item("enrollment", {"age_band": "25_34"})
    of_them = {"enrollment": enrolled["client_id"]}
    reversal = {"kind": "reversal", "occurred_on": "2026-11-01"}
    strips = [{"target": "fentanyl", "method": "strip", "result": "detected"}]
    sent = [
        item("promise", {"kind": "check_in", "on": "2026-11-04"}, **of_them),
        item("readiness_note", {"occurred_on": "2026-11-01", "importance": 6}, **of_them),
        item("overdose_event", reversal),
        item("overdose_event", {**reversal, "link_to_person": True}, **of_them),
        item("drug_check", {"collected_in": "2026-11", "expected": "heroin", "form": "powder", "results": strips}),
        item(
            "supply_movement",
            {"kind": "receive", "site_id": site, "item": "syringes", "quantity": 100, "occurred_on": "2026-11-01"},
        ),
        enrolled,
        item("encounter", encounter(given=[{"item": "syringes", "quantity": 10}], site_id=site), **of_them),
    ]
    results = await syncs(house.peer, *sent)
    assert outcomes(results) == ["created"] * len(sent)
    assert [result["became"]["kind"] for result in results] == [each["kind"] for each in sent]
    code = results[6]["became"]["code"]
    for place, path in enumerate(
        ("promises", "readiness-notes", "overdose-events", "overdose-events", "drug-checks", "supplies/movements")
    ):
        of_person = f"/v1/participants/{code}/{path}" if place < 2 else f"/v1/{path}"
        assert results[place]["became"]["id"] in {each["id"] for each in await items(house.peer, of_person)}
    linked = ok(await house.peer.get(f"/v1/overdose-events/{results[3]['became']['id']}"))
    assert linked["linked_to_person"] is True
    (stock,) = await items(house.peer, "/v1/supplies/stock")
    assert stock["quantity"] == 90
    assert [again["became"] for again in await syncs(house.peer, *sent)] == [result["became"] for result in results]
