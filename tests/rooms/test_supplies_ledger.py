"""The arithmetic of the ledger, and the shape of what is told to it: without a house."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.rooms.supplying import movement
from true_api.rooms.supplies.ledger import (
    OnShelf,
    expired,
    expires_soon,
    hand_out,
    hand_out_next,
    in_order,
    lacking,
)
from true_api.rooms.supplies.schemas import GivenDraft, MovementDraft
from true_api.rooms.supplies.vocabulary import SupplyItem, SupplyUnit, doses_of, unit_of

TODAY = date(2026, 11, 2)
SITE, OTHER = str(UUID(int=1)), str(UUID(int=2))

days = st.none() | st.dates(TODAY - timedelta(days=90), TODAY + timedelta(days=90))
shelves = st.lists(st.tuples(st.integers(0, 20), days), max_size=6).map(
    lambda lots: [OnShelf(UUID(int=place), count, day) for place, (count, day) in enumerate(lots)]
)


@given(shelf=shelves, quantity=st.integers(0, 60))
def test_what_is_handed_out_comes_from_the_shelf_and_what_lacks_is_said(shelf: list[OnShelf], quantity: int) -> None:
    taken, rest = hand_out(shelf, quantity, TODAY)
    there = {one.lot_id: one.quantity for one in shelf}
    assert sum(count for _, count in taken) + rest == quantity
    assert all(0 < count <= there[lot] for lot, count in taken)
    assert len({lot for lot, _ in taken}) == len(taken)
    assert rest == lacking(sum(there.values()), quantity)
    if rest:
        assert dict(taken) == {lot: count for lot, count in there.items() if count}


@given(shelf=shelves, quantity=st.integers(1, 60))
def test_nothing_is_taken_while_something_that_expires_sooner_is_left(shelf: list[OnShelf], quantity: int) -> None:
    taken = dict(hand_out(shelf, quantity, TODAY)[0])
    order = in_order(shelf, TODAY)
    emptied = [taken.get(one.lot_id, 0) == one.quantity for one in order]
    touched = [one.lot_id in taken for one in order]
    assert all(emptied[: max(0, sum(touched) - 1)])
    assert touched == sorted(touched, reverse=True)
    good = [one for one in order if not expired(one.expires_on, TODAY)]
    assert order[: len(good)] == good, "what is over is handed out last"
    dated = [one.expires_on for one in good if one.expires_on is not None]
    assert dated == sorted(dated)
    assert hand_out_next(shelf, TODAY) == (good[0].lot_id if good else None)


@given(there=st.integers(0, 50), moves=st.lists(st.integers(-30, 30), max_size=20))
def test_a_book_that_is_corrected_where_it_lacks_is_never_negative_and_sums_up(there: int, moves: list[int]) -> None:
    ledger = [there]
    for change in moves:
        correction = lacking(sum(ledger), -change)
        ledger += [change, correction]
        assert sum(ledger) >= 0
        assert correction == 0 or sum(ledger) == 0, "only as much as lacked"


def test_a_lot_expires_soon_for_sixty_days_and_is_over_after_its_last_day() -> None:
    told = {ahead: (expires_soon(day, TODAY), expired(day, TODAY)) for ahead, day in _days_ahead(-1, 0, 60, 61)}
    assert told == {-1: (False, True), 0: (True, False), 60: (True, False), 61: (False, False)}
    assert (expires_soon(None, TODAY), expired(None, TODAY)) == (False, False)


def _days_ahead(*ahead: int) -> list[tuple[int, date]]:
    return [(days, TODAY + timedelta(days=days)) for days in ahead]


def test_naloxone_is_counted_in_kits_of_two_doses_where_its_lot_does_not_say_otherwise() -> None:
    assert unit_of(SupplyItem.NALOXONE_INJECTABLE_VIAL) is SupplyUnit.KIT
    assert [doses_of(SupplyItem.NALOXONE_NASAL_4MG, 3, each) for each in (None, 1, 2)] == [6, 3, 6]
    assert doses_of(SupplyItem.FENTANYL_STRIPS, 3, None) is None
    assert {unit_of(item) for item in SupplyItem} == set(SupplyUnit)


@pytest.mark.parametrize(
    "wrong",
    [
        movement("give", SITE, 0),
        movement("give", SITE, -1),
        movement("give", SITE, 10_001),
        {**movement("give", SITE, 1), "quantity": "1"},
        movement("give", SITE, 1, to_site_id=OTHER),
        movement("give", SITE, 1, item="fentanyl_strips", refill_reason="lost"),
        movement("give", SITE, 1, occurred_on="1999-12-31"),
        movement("give", SITE, 1, lot="for Maria"),
        movement("give", SITE, 1, lot="MARIA"),
        movement("give", SITE, 1, item="chocolate"),
        movement("return", SITE, 1, refill_reason="lost"),
        movement("transfer", SITE, 1),
        movement("transfer", SITE, 1, to_site_id=SITE),
        movement("discard", SITE, 1, discard_reason=None),
        movement("receive", SITE, 1, expires_on="2028-01-01"),
        movement("receive", SITE, 1, lot="NX1", doses_per_kit=0),
        movement("receive", SITE, 1, lot="NX1", item="food", doses_per_kit=2),
        movement("count", SITE, 1, expires_on="2028-01-01", lot="NX1"),
    ],
)
def test_impossible_movements_have_no_shape(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MovementDraft.model_validate_json(json.dumps(wrong))


def test_a_stock_take_may_find_nothing_and_lots_are_kept_in_capitals() -> None:
    found = MovementDraft.model_validate_json(json.dumps(movement("count", SITE, 0, lot="nx-21/07a")))
    assert (found.quantity, found.lot) == (0, "NX-21/07A")


def test_another_kit_has_a_reason_and_nothing_else_has() -> None:
    with pytest.raises(ValidationError):
        GivenDraft(item=SupplyItem.FOOD, quantity=1, refill_reason="lost")
    assert GivenDraft(item=SupplyItem.NALOXONE_OTHER, quantity=1, refill_reason="lost").refill_reason == "lost"
