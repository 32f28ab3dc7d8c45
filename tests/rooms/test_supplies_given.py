"""What is given in an encounter: stock moves with it, comes back with it, and never leads to a person for good."""

from typing import Any

from sqlalchemy import select

from tests.rooms.supplying import SPRAY, holds, lying, moves, new_site
from tests.world import Caller, House, encounter, ok, refused
from true_api.kernel.rows import table_of
from true_api.rooms.supplies.tables import EncounterSupply, SupplyMovement


async def shelf(house: House) -> str:
    """A site with three kits of one lot."""
    site = await new_site(house)
    await moves(house.peer, "receive", site, 3, lot="NX5", expires_on="2028-06-30")
    return site


async def meets(peer: Caller, code: str, site: str, *given: dict[str, Any]) -> dict[str, Any]:
    """A contact in which something is handed out."""
    return ok(await peer.post(f"/v1/participants/{code}/encounters", encounter(given=given, site_id=site)))


async def test_giving_in_an_encounter_moves_stock_in_the_same_commit_and_names_nobody(
    house: House, peer: Caller
) -> None:
    site, code = await shelf(house), await peer.enrolls()
    again = {"item": SPRAY, "quantity": 1, "refill_reason": "used_on_someone"}
    met = await meets(
        peer, code, site, {"item": SPRAY, "quantity": 2, "lot": "NX5"}, again, {"item": "food", "quantity": 1}
    )
    assert [one["warnings"] for one in met["given"]] == [[], [], ["stock_corrected"]]
    assert await lying(peer, site) == {}
    read = await peer.get("/v1/supplies/movements?kind=give")
    assert {(one["item"], one["quantity"], one["in_encounter"]) for one in ok(read)["items"]} == {
        (SPRAY, 2, True),
        (SPRAY, 1, True),
        ("food", 1, True),
    }
    assert all(one["occurred_on"] == met["occurred_on"] for one in ok(read)["items"])
    assert met["id"] not in read.text
    assert await holds(house) == 1
    wrong = encounter(given=[{"item": SPRAY, "quantity": 1, "lot": "NX9"}], site_id=site)
    refused(await peer.post(f"/v1/participants/{code}/encounters", wrong), 409, "no_such_lot")
    assert len(ok(await peer.get(f"/v1/participants/{code}/encounters"))["items"]) == 1


async def test_what_was_given_comes_back_when_the_encounter_is_told_anew_or_voided(house: House, peer: Caller) -> None:
    site, code = await shelf(house), await peer.enrolls()
    met = await meets(peer, code, site, {"item": SPRAY, "quantity": 5})
    assert await lying(peer, site) == {}
    told = encounter(given=[{"item": SPRAY, "quantity": 2}], site_id=site)
    anew = ok(await peer.post(f"/v1/encounters/{met['id']}/amendments", told))
    assert [one["warnings"] for one in anew["given"]] == [[]], "what came back is there to be given"
    assert await lying(peer, site) == {"NX5": 1}
    ok(await peer.post(f"/v1/encounters/{anew['id']}/void", {"reason": "did_not_happen"}))
    assert await lying(peer, site) == {"NX5": 3}
    assert len(ok(await peer.get("/v1/supplies/movements?kind=give"))["items"]) == 4
    await holds(house)


async def test_once_a_person_is_forgotten_the_ledger_leads_to_no_encounter(house: House, peer: Caller) -> None:
    site, code = await shelf(house), await peer.enrolls()
    await meets(peer, code, site, {"item": SPRAY, "quantity": 1})
    links, movements = table_of(EncounterSupply), table_of(SupplyMovement)
    led = select(movements.c.id, links.c.encounter_id).join(links, links.c.reference == movements.c.gift_reference)
    assert len((await house.rows(led))[0]) == 1
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    left, kept = await house.rows(led, select(links))
    assert (len(left), len(kept)) == (0, 1)
    assert await lying(peer, site) == {"NX5": 2}
    await holds(house)


async def test_today_tells_a_team_what_to_look_after_at_its_own_sites(
    house: House, peer: Caller, stranger: Caller
) -> None:
    site = await shelf(house)
    ok(await house.supervisor.call("PUT", "/v1/supplies/thresholds", {"site_id": site, "item": SPRAY, "at_least": 4}))
    told = ok(await peer.get("/v1/today"))["stock"]["items"]
    assert [(one["warning"], one["site_id"], one["quantity"], one["at_least"]) for one in told] == [
        ("shortfall", site, 3, 4)
    ]
    assert ok(await stranger.get("/v1/today"))["stock"]["items"] == []
