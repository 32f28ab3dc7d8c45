"""Supplies: movements, stock, what to hand out next, and gifts that the book did not know of."""

import asyncio
from typing import Any

from sqlalchemy import select

from tests.rooms.supplying import SPRAY, holds, lying, movement, moves, new_site, tells
from tests.world import Caller, House, ok, refused
from true_api.kernel.effects import Adjust
from true_api.kernel.rows import table_of
from true_api.rooms.supplies.tables import SupplyStock


async def shelf(house: House) -> str:
    """A site with ten kits that expire soon and forty that do not."""
    site = await new_site(house)
    await moves(house.peer, "receive", site, 40, lot="NX2", expires_on="2028-06-30")
    await moves(house.peer, "receive", site, 10, lot="nx1", expires_on="2026-12-15", doses_per_kit=1)
    return site


def brief(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["lot"], one["quantity"], one["doses"], one["expires"], one["hand_out_next"]


async def test_what_expires_first_is_suggested_and_taken_first(house: House, peer: Caller) -> None:
    site = await shelf(house)
    stock = ok(await peer.get(f"/v1/supplies/stock?site_id={site}&item={SPRAY}"))["items"]
    assert sorted(map(brief, stock)) == [("NX1", 10, 10, "expires_soon", True), ("NX2", 40, 80, None, False)]
    given = await moves(peer, "give", site, 12, refill_reason="used_on_someone")
    assert (given["unit"], given["warnings"], given["in_encounter"]) == ("kit", [], False)
    assert await lying(peer, site) == {"NX2": 38}
    read = ok(await peer.get(f"/v1/supplies/movements/{given['id']}"))
    assert [(entry["lot"], entry["change"], entry["correction"]) for entry in read["entries"]] == [
        ("NX1", -10, False),
        ("NX2", -2, False),
    ]
    assert read["refill_reason"] == "used_on_someone"
    assert await holds(house) == 0


async def test_every_kind_of_movement_does_what_it_says(house: House, peer: Caller) -> None:
    site, van = await shelf(house), await new_site(house, "Night van")
    await moves(peer, "transfer", site, 15, lot="NX2", to_site_id=van)
    await moves(peer, "return", van, 2, lot="NX1")
    await moves(peer, "return", van, 3)
    await moves(peer, "discard", site, 4, lot="NX1", discard_reason="too_hot_or_cold")
    await moves(peer, "count", site, 20, lot="NX2")
    await moves(peer, "count", site, 6, lot="NX1")
    await moves(peer, "give", van, 5, lot="NX2")
    assert await lying(peer, site) == {"NX1": 6, "NX2": 20}
    assert await lying(peer, van) == {"NX1": 2, "NX2": 10, None: 3}
    told = ok(await peer.get(f"/v1/supplies/movements?site_id={van}"))["items"]
    assert [one["kind"] for one in told] == ["give", "return", "return", "transfer"]
    assert [(e["site_id"], e["change"]) for e in told[-1]["entries"]] == [(site, -15), (van, 15)]
    counts = ok(await peer.get(f"/v1/supplies/movements?kind=count&item={SPRAY}"))["items"]
    assert [(one["quantity"], [e["change"] for e in one["entries"]]) for one in counts] == [(6, []), (20, [-5])]
    assert await holds(house) == 0


async def test_a_gift_beyond_the_book_is_kept_and_the_book_is_corrected_with_it(house: House, peer: Caller) -> None:
    site, headers = await shelf(house), {"Idempotency-Key": "kits-of-tonight"}
    told = movement("give", site, 45, lot="NX2")
    first, again = [await peer.post("/v1/supplies/movements", told, headers=headers) for _ in range(2)]
    assert (again.headers["idempotent-replayed"], more := ok(first)) == ("true", ok(again))
    unknown = await moves(peer, "give", site, 12)
    strips = await moves(peer, "give", site, 5, item="fentanyl_strips")
    assert all(one["warnings"] == ["stock_corrected"] for one in (more, unknown, strips))
    assert await lying(peer, site) == {}
    corrected = ok(await peer.get("/v1/supplies/movements?corrected=true"))["items"]
    entries = [[(e["lot"], e["change"], e["correction"]) for e in one["entries"]] for one in corrected]
    assert [sorted(one, key=str) for one in entries] == [
        [(None, -5, False), (None, 5, True)],
        [("NX1", -10, False), (None, -2, False), (None, 2, True)],
        [("NX2", -45, False), ("NX2", 5, True)],
    ]
    others = ok(await peer.get("/v1/supplies/movements?corrected=false"))["items"]
    assert [one["kind"] for one in others] == ["receive", "receive"]
    assert await holds(house) == 3


async def test_whoever_gives_the_last_kit_at_once_with_others_has_given_it(house: House, peer: Caller) -> None:
    site = await new_site(house)
    await moves(peer, "receive", site, 5, lot="NX3")
    answers = await asyncio.gather(*(tells(peer, "give", site, 2, lot="NX3") for _ in range(7)))
    assert [answer.status_code for answer in answers] == [201] * 7
    warned = sum(bool(ok(answer)["warnings"]) for answer in answers)
    assert warned == await holds(house) == 5
    assert await lying(peer, site) == {}
    # 14 left the hands, and 5 had come: the corrections are what lacked, to the kit.
    entries = [e for one in ok(await peer.get("/v1/supplies/movements"))["items"] for e in one["entries"]]
    assert sum(e["change"] for e in entries if e["correction"]) == 9
    first = await asyncio.gather(*(tells(peer, "give", site, 1, item="syringes") for _ in range(4)))
    assert [answer.status_code for answer in first] == [201] * 4
    assert await holds(house) == warned + 4


async def test_what_would_take_away_more_than_there_is_is_refused_and_nothing_is_half_done(
    house: House, peer: Caller
) -> None:
    site, van = await shelf(house), await new_site(house)
    refused(await tells(peer, "transfer", site, 41, lot="NX2", to_site_id=van), 409, "stock_too_small")
    refused(await tells(peer, "discard", site, 1, discard_reason="lost"), 409, "stock_too_small")
    racing = [tells(peer, "transfer", site, 30, lot="NX2", to_site_id=van) for _ in range(3)]
    answers = await asyncio.gather(*racing)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json().get("code", "stock_too_small") for answer in answers} == {"stock_too_small"}
    assert (await lying(peer, site), await lying(peer, van)) == ({"NX1": 10, "NX2": 10}, {"NX2": 30})
    await holds(house)


async def test_lots_and_sites_that_nobody_knows_are_never_made_by_the_way(house: House, peer: Caller) -> None:
    site, van = await shelf(house), await new_site(house)
    for kind in ("give", "return", "discard", "count"):
        refused(await tells(peer, kind, site, 1, lot="NX9"), 409, "no_such_lot")
    refused(await tells(peer, "transfer", site, 1, lot="NX9", to_site_id=van), 409, "no_such_lot")
    nowhere = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
    refused(await tells(peer, "give", nowhere, 1), 409, "no_such_site")
    refused(await tells(peer, "transfer", site, 1, lot="NX2", to_site_id=nowhere), 409, "no_such_site")
    refused(await tells(peer, "receive", nowhere, 1), 409, "no_such_site")
    refused(await tells(peer, "give", site, 1, occurred_on="2026-11-03"), 409, "movement_not_yet_happened")
    refused(await tells(peer, "give", site, 0), 422, "invalid_shape")
    assert await lying(peer, site) == {"NX1": 10, "NX2": 40}
    assert len(ok(await peer.get("/v1/supplies/movements"))["items"]) == 2


async def test_a_lot_has_one_last_day_as_long_as_any_of_it_is_there(house: House, peer: Caller) -> None:
    site = await shelf(house)
    refused(await tells(peer, "receive", site, 5, lot="NX2", expires_on="2029-01-01"), 409, "lot_differs")
    await moves(peer, "receive", site, 5, lot="NX2")
    await moves(peer, "receive", site, 5, lot="NX2", doses_per_kit=3)
    ok(await peer.post("/v1/supplies/movements", {**await _discarded(peer, site)}))
    await moves(peer, "receive", site, 7, lot="NX1", expires_on="2027-12-15", doses_per_kit=2)
    stock = {one["lot"]: one for one in ok(await peer.get(f"/v1/supplies/stock?site_id={site}"))["items"]}
    assert (stock["NX2"]["quantity"], stock["NX2"]["doses"], stock["NX2"]["expires_on"]) == (50, 150, "2028-06-30")
    assert (stock["NX1"]["doses"], stock["NX1"]["expires_on"]) == (14, "2027-12-15")


async def _discarded(peer: Caller, site: str) -> dict[str, Any]:
    told = {"kind": "discard", "site_id": site, "item": SPRAY, "lot": "NX1", "quantity": 10}
    return {**told, "discard_reason": "recalled", "occurred_on": "2026-11-02"}


async def test_a_movement_is_taken_back_by_another_and_nothing_is_erased(house: House, peer: Caller) -> None:
    site = await shelf(house)
    given = await moves(peer, "give", site, 45, lot="NX2")
    back = ok(await peer.post(f"/v1/supplies/movements/{given['id']}/void"))
    assert (back["voids"], back["kind"], back["quantity"]) == (given["id"], "give", 45)
    assert await lying(peer, site) == {"NX1": 10, "NX2": 40}
    for voided in (given, back):
        refused(await peer.post(f"/v1/supplies/movements/{voided['id']}/void"), 409, "movement_already_voided")
    assert ok(await peer.get(f"/v1/supplies/movements/{given['id']}"))["voided_by"] == back["id"]
    came = ok(await peer.get("/v1/supplies/movements?kind=receive"))["items"][-1]
    await moves(peer, "give", site, 1, lot="NX2")
    refused(await peer.post(f"/v1/supplies/movements/{came['id']}/void"), 409, "stock_too_small")
    await holds(house)


async def test_no_lot_grows_beyond_what_any_program_holds(house: House, peer: Caller) -> None:
    site, stock = await new_site(house), table_of(SupplyStock)
    await moves(peer, "receive", site, 10_000, lot="NX4")
    row = (await house.rows(select(stock)))[0][0]
    # As if a thousand such deliveries had come, but for one.
    await house.installation.database.commit([Adjust(stock, row.id, {"quantity": 9_985_000})])
    refused(await tells(peer, "receive", site, 5_001, lot="NX4"), 409, "stock_too_large")
    await moves(peer, "receive", site, 5_000, lot="NX4")


async def test_of_what_there_is_too_little_and_what_expires_is_told(house: House, peer: Caller) -> None:
    site, watched = await shelf(house), "/v1/supplies/thresholds"
    empty = await new_site(house, "Empty shelf")
    await moves(peer, "receive", site, 3, item="food", lot="F1", expires_on="2026-10-31")
    for place, item, at_least in ((site, SPRAY, 51), (site, "food", 1), (empty, SPRAY, 6), (empty, "clothing", 2)):
        told = {"site_id": place, "item": item, "at_least": at_least}
        assert ok(await house.supervisor.call("PUT", watched, told)) == told
    ok(await house.supervisor.call("PUT", watched, {"site_id": empty, "item": "clothing", "at_least": 0}))
    ok(await house.supervisor.call("PUT", watched, {"site_id": empty, "item": SPRAY, "at_least": 8}))
    assert len(ok(await peer.get(watched))["items"]) == 3
    refused(await peer.call("PUT", watched, {"site_id": site, "item": SPRAY, "at_least": 1}), 403, "not_permitted")
    told = ok(await peer.get("/v1/supplies/warnings"))["warnings"]
    assert [(one["warning"], one["item"], one["lot"], one["quantity"], one["at_least"]) for one in told] == [
        ("expired", "food", "F1", 3, None),
        ("shortfall", SPRAY, None, 50, 51),
        ("shortfall", "food", None, 0, 1),
        ("shortfall", SPRAY, None, 0, 8),
        ("expires_soon", SPRAY, "NX1", 10, None),
    ]
    assert told[3]["site"] == "Empty shelf"
    here = ok(await peer.get(f"/v1/supplies/warnings?site_id={empty}"))["warnings"]
    assert here == [told[3]]
